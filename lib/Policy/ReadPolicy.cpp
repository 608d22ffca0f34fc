//===- ReadPolicy.cpp - goslim.toml -> Policy -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three passes over a small tree: keys and types (CheckKeys), then the values
// into Rules with the checks that the table of keys cannot express, then the
// profiles on top of each other. Every table is read, also the profiles that
// were not chosen: a mistake is found by whoever makes it.
//===----------------------------------------------------------------------===//
#include "CheckKeys.h"
#include "ReadRules.h"
#include "RuleList.h"
#include "goslim/Policy/Suggest.h"
#include <algorithm>

using namespace goslim;

namespace {
constexpr size_t MaxFileSize = 1 << 20;
constexpr int64_t FormatVersion = 1;

struct Profile {
  std::string Inherits;
  Position InheritsAt;
  Rules Own;
};

/// Whether the rest of the file can be understood.
bool readVersion(Reader &R, const Node &Root) {
  const Node *Version = Root.find("version");
  if (!Version) {
    R.add({1, 1},
          {"key 'version' is missing",
           fmt::format("begin the file with version = {}", FormatVersion)});
    return true;
  }
  if (Version->What != Node::Kind::Integer || Version->Number == FormatVersion)
    return true;
  if (Version->Number > FormatVersion)
    R.add(
        Version->At,
        {fmt::format("version {} is newer than this goslim knows, which is {}",
                     Version->Number, FormatVersion),
         "install a newer goslim"});
  else
    R.add(Version->At, fail("version: expected {}, found {}", FormatVersion,
                            Version->Number));
  return false;
}

using Profiles = std::vector<std::pair<std::string, Profile>>;

const Profile *findProfile(const Profiles &All, std::string_view Name) {
  for (const auto &[Key, P] : All)
    if (Key == Name)
      return &P;
  return nullptr;
}

std::string unknownProfile(const Profiles &All, std::string_view Name) {
  std::vector<std::string_view> Names = {"policy"};
  for (const auto &[Key, P] : All)
    Names.push_back(Key);
  std::string Guess = suggestion(Name, Names);
  if (Guess.empty()) {
    Guess = ", there are: policy";
    for (const auto &[Key, P] : All)
      Guess += ", " + Key;
  }
  return fmt::format("no profile {}{}", quoteShort(Name), Guess);
}

Profiles readProfiles(Reader &R, const Node *Table) {
  Profiles All;
  if (!Table)
    return All;
  for (const Node &N : Table->Children) {
    Profile P{"policy", N.KeyAt, R.readRules(N)};
    if (const Node *Inherits = N.find("inherits")) {
      P.Inherits = Inherits->Text;
      P.InheritsAt = Inherits->At;
    }
    if (N.Key == "policy" || N.Key == "none" || N.Key.empty())
      R.add(N.KeyAt, fail("a profile cannot be named {}", quoteShort(N.Key)));
    All.emplace_back(N.Key, std::move(P));
  }
  return All;
}

/// From Name to the table that inherits nothing more. A problem is added where
/// it can be mended: an unknown name at its own profile, a circle at the first
/// of its profiles in the file.
std::vector<const Rules *> profileChain(Reader &R, const Profiles &All,
                                        const Rules &Base,
                                        const std::string &Name) {
  std::vector<const Rules *> Chain;
  const Profile *Start = findProfile(All, Name);
  bool IsFirst = true;
  std::string Trail = Name;
  for (std::string_view At = Name; At != "none";) {
    if (At == "policy") {
      Chain.push_back(&Base);
      break;
    }
    const Profile *P = findProfile(All, At);
    Chain.push_back(&P->Own);
    Trail += " -> " + P->Inherits;
    IsFirst &= Start->InheritsAt <= P->InheritsAt;
    bool Known = P->Inherits == "policy" || P->Inherits == "none" ||
                 findProfile(All, P->Inherits);
    if (!Known && P == Start)
      R.add(P->InheritsAt, {"inherits: " + unknownProfile(All, P->Inherits)});
    if (P->Inherits == Name && IsFirst)
      R.add(Start->InheritsAt, {"inherits: profiles in a circle: " + Trail});
    if (!Known || P->Inherits == Name || Chain.size() > All.size())
      break;
    At = P->Inherits;
  }
  return Chain;
}

/// { mode = "warn" } alone says something only when another table has the
/// value.
void checkLoneModes(Reader &R, const std::vector<const Rules *> &Tables) {
  uint32_t HasValue = 0;
  for (const Rules *T : Tables)
    forEachRule(*T, [&](RuleId Id, const auto &Rule) {
      HasValue |= uint32_t(Rule.Value.has_value()) << unsigned(Id);
    });
  for (const Rules *T : Tables)
    forEachRule(*T, [&](RuleId Id, const auto &Rule) {
      if (Rule.OwnMode && !(HasValue >> unsigned(Id) & 1))
        R.add({Rule.Where.Line, Rule.Where.Column},
              fail("{}: has a mode, but a value nowhere", ruleName(Id)));
    });
}

Policy readPolicy(const PolicySource &Source, std::string_view Text,
                  const std::string &ProfileName,
                  std::vector<Problem> &Problems) {
  Policy P;
  if (Text.size() > MaxFileSize) {
    Problems.push_back({{}, fail("larger than {} bytes", MaxFileSize)});
    return P;
  }
  Problem Syntax;
  Node Root = parseDocument(Text, Syntax);
  if (!Syntax.Why.Message.empty()) {
    Problems.push_back(std::move(Syntax));
    return P;
  }
  Reader R{Source, Source.Shown.empty() ? Source.File : Source.Shown, Problems};
  if (!readVersion(R, Root))
    return P;
  checkKeys(Root, Problems);
  if (!Problems.empty())
    return P;

  P.File = Source.File;
  P.Root = Source.Root;
  P.ModulePath = Source.ModulePath;
  P.Profile = ProfileName == "policy" ? "" : ProfileName;
  P.Trusted = Source.Trusted;
  Rules Base;
  if (const Node *Table = Root.find("policy"))
    Base = R.readRules(*Table);
  Profiles All = readProfiles(R, Root.find("profile"));
  std::vector<const Rules *> Tables = {&Base};
  for (const auto &[Name, Own] : All) {
    Tables.push_back(&Own.Own);
    profileChain(R, All, Base, Name);
  }
  if (const Node *List = Root.find("override"))
    for (const Node &N : List->Children)
      P.Overrides.push_back(R.readOverride(N));
  for (const Override &O : P.Overrides)
    Tables.push_back(&O.Set);
  checkLoneModes(R, Tables);
  if (const Node *Table = Root.find("manifest"))
    P.Manifest = R.readManifest(*Table);
  if (!P.Profile.empty() && !findProfile(All, P.Profile))
    R.add({}, {unknownProfile(All, P.Profile)});
  if (!Problems.empty())
    return P;
  std::vector<const Rules *> Chain =
      profileChain(R, All, Base, P.Profile.empty() ? "policy" : P.Profile);
  for (size_t I = Chain.size(); I-- > 0;)
    mergeRules(P.Base, *Chain[I]);
  return P;
}
} // namespace

std::vector<Failure> goslim::policyErrors(const PolicySource &Source,
                                          std::string_view Text,
                                          const std::string &Profile) {
  std::vector<Problem> Problems;
  readPolicy(Source, Text, Profile, Problems);
  std::sort(Problems.begin(), Problems.end(),
            [](const Problem &A, const Problem &B) {
              return A.At != B.At ? A.At < B.At : A.Why.Message < B.Why.Message;
            });
  std::vector<Failure> Out;
  const std::string &Shown = Source.Shown.empty() ? Source.File : Source.Shown;
  for (Problem &P : Problems)
    Out.push_back(
        {fmt::format("{}: {}", print(Origin{Shown, P.At.Line, P.At.Column}),
                     P.Why.Message),
         std::move(P.Why.Note)});
  return Out;
}

Result<Policy> goslim::parsePolicy(const PolicySource &Source,
                                   std::string_view Text,
                                   const std::string &Profile) {
  std::vector<Problem> Problems;
  Policy P = readPolicy(Source, Text, Profile, Problems);
  if (Problems.empty())
    return P;
  return policyErrors(Source, Text, Profile).front();
}
