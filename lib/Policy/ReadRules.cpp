//===- ReadRules.cpp - the tables of a policy file as rules ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function per key that is more than a word. Shapes were checked against
// the table of keys before; here is what that table cannot express: what a tag,
// a variable, a flag or a pattern is, and what an untrusted file may say.
//===----------------------------------------------------------------------===//
#include "ReadRules.h"
#include "CheckKeys.h"
#include "Trust.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>

using namespace goslim;

namespace {
Mode modeOf(std::string_view Name) {
  for (Mode M : {Mode::Require, Mode::Warn, Mode::Off})
    if (modeName(M) == Name)
      return M;
  return Mode::Rewrite;
}

std::vector<std::string> textsOf(const Node &N) {
  if (N.What == Node::Kind::String)
    return {N.Text};
  std::vector<std::string> Out;
  for (const Node &Item : N.Children)
    Out.push_back(Item.Text);
  return Out;
}

/// The list named Name in Table, if it is there.
bool readList(const Node &Table, std::string_view Name,
              std::vector<std::string> &Out) {
  const Node *List = Table.find(Name);
  if (List)
    Out = textsOf(*List);
  return List;
}

} // namespace

template <typename T> void Reader::readMode(const Node &N, Rule<T> &R) {
  if (const Node *Text = N.find("mode")) {
    R.How = modeOf(Text->Text);
    R.OwnMode = true;
  }
}

/// The node that holds the value of rule Id in Table: the key's own, or the
/// one under "value". Null when there is none.
template <typename T>
const Node *Reader::openRule(const Node &Table, RuleId Id, Rule<T> &R) {
  const Node *N = Table.find(ruleName(Id));
  if (!N)
    return nullptr;
  R.Where = origin(N->KeyAt);
  if (N->What != Node::Kind::Table)
    return N;
  readMode(*N, R);
  return N->find("value");
}

Rules Reader::readRules(const Node &Table) {
  Rules R;
  if (const Node *N = Table.find("mode")) {
    R.DefaultMode = modeOf(N->Text);
    R.ModeWhere = origin(N->KeyAt);
  }
  if (const Node *N = openRule(Table, RuleId::Strip, R.StripRule))
    R.StripRule.Value = N->Text == "all"     ? Strip::All
                        : N->Text == "debug" ? Strip::Debug
                                             : Strip::None;
  if (const Node *N = openRule(Table, RuleId::Trimpath, R.TrimpathRule))
    R.TrimpathRule.Value = N->Number != 0;
  if (const Node *N = openRule(Table, RuleId::Static, R.StaticRule))
    R.StaticRule.Value = N->Number != 0;
  if (const Node *N = openRule(Table, RuleId::Buildid, R.BuildidRule)) {
    R.BuildidRule.Value = N->Text;
    if (N->Text.empty())
      add(N->At, fail("buildid: expected \"keep\", \"empty\" or an ID, found "
                      "an empty string"));
  }
  readTags(Table, R.TagsRule);
  readVars(Table, R.VarsRule);
  readWords(Table, RuleId::Ldflags, ToolKind::Link, R.LdflagsRule);
  readWords(Table, RuleId::Gcflags, ToolKind::Compile, R.GcflagsRule);
  readWords(Table, RuleId::Asmflags, ToolKind::Asm, R.AsmflagsRule);
  readEnv(Table, R.EnvRule);
  return R;
}

/// A word of go/build/constraint: letters, digits, '_' and '.'.
void Reader::checkTag(const Node &N) {
  auto IsTagByte = [](unsigned char C) {
    return C >= 0x80 || C == '_' || C == '.' || (C >= '0' && C <= '9') ||
           ((C | 0x20) >= 'a' && (C | 0x20) <= 'z');
  };
  if (N.Text.empty() || !std::all_of(N.Text.begin(), N.Text.end(), IsTagByte))
    add(N.At, fail("tags: expected one build tag an element (letters, digits, "
                   "'_', '.'), found {}",
                   quoteShort(N.Text)));
}

void Reader::readTags(const Node &Table, Rule<TagLists> &R) {
  const Node *N = Table.find("tags");
  if (!N)
    return;
  R.Where = origin(N->KeyAt);
  readMode(*N, R);
  TagLists Lists;
  Lists.HasRequire = readList(*N, "require", Lists.Require);
  Lists.HasForbid = readList(*N, "forbid", Lists.Forbid);
  for (std::string_view Name : {"require", "forbid"})
    if (const Node *List = N->find(Name))
      for (const Node &Item : List->Children) {
        checkTag(Item);
        if (Name == "forbid" &&
            std::count(Lists.Require.begin(), Lists.Require.end(), Item.Text))
          add(Item.At, fail("tags: {} is required and forbidden",
                            quoteShort(Item.Text)));
      }
  if (Lists.HasRequire || Lists.HasForbid)
    R.Value = std::move(Lists);
}

/// -X wants importpath.name.
void Reader::checkVariable(Position At, std::string_view Name) {
  size_t Dot = Name.rfind('.');
  if (Dot == Name.npos || Dot == 0 || Dot + 1 == Name.size() ||
      Name.find('/', Dot) != Name.npos ||
      Name.find_first_of("= \t\n'\"") != Name.npos)
    add(At, fail("vars: expected a variable as \"importpath.name\", found {}",
                 quoteShort(Name)));
}

void Reader::readVars(const Node &Table, Rule<VarLists> &R) {
  const Node *N = Table.find("vars");
  if (!N)
    return;
  R.Where = origin(N->KeyAt);
  readMode(*N, R);
  VarLists Vars;
  const Node *Set = N->find("set");
  if (Set)
    for (const Node &Item : Set->Children) {
      checkVariable(Item.KeyAt, Item.Key);
      std::string Word = fmt::format("-X={}={}", Item.Key, Item.Text);
      if (Result<std::string> Joined = joinQuoted({&Word, 1}); !Joined)
        add(Item.At, fail("vars: {} holds both kinds of quotes, which go "
                          "cannot pass on",
                          quoteShort(Item.Text)));
      Vars.Set.emplace(Item.Key, Item.Text);
    }
  Vars.HasForbid = readList(*N, "forbid", Vars.Forbid);
  if (const Node *List = N->find("forbid"))
    for (const Node &Item : List->Children) {
      checkVariable(Item.At, Item.Text);
      if (Vars.Set.count(Item.Text))
        add(Item.At,
            fail("vars: {} is set and forbidden", quoteShort(Item.Text)));
    }
  if (Set || Vars.HasForbid)
    R.Value = std::move(Vars);
}

void Reader::readWords(const Node &Table, RuleId Id, ToolKind Tool,
                       Rule<WordLists> &R) {
  const Node *N = Table.find(ruleName(Id));
  if (!N)
    return;
  R.Where = origin(N->KeyAt);
  readMode(*N, R);
  WordLists Words;
  Words.HasAdd = readList(*N, "add", Words.Add);
  Words.HasForbid = readList(*N, "forbid", Words.Forbid);
  for (WordProblem &P : checkToolWords(Tool, Words.Add, Source.Trusted)) {
    const Node &Item = N->find("add")->Children[P.Index];
    P.Why.Message = fmt::format("{}: {}", ruleName(Id), P.Why.Message);
    add(Item.At, std::move(P.Why));
  }
  if (const Node *List = N->find("forbid"))
    for (const Node &Item : List->Children)
      if (Item.Text.size() < 2 || Item.Text[0] != '-')
        add(Item.At, fail("{}: expected a flag, found {}", ruleName(Id),
                          quoteShort(Item.Text)));
  if (Words.HasAdd || Words.HasForbid)
    R.Value = std::move(Words);
}

void Reader::readEnv(const Node &Table,
                     Rule<std::map<std::string, std::string>> &R) {
  const Node *N = Table.find("env");
  if (!N)
    return;
  R.Where = origin(N->KeyAt);
  const Node *Wrapped = wrappedVariables(*N);
  if (Wrapped || N->find("mode"))
    readMode(*N, R);
  std::map<std::string, std::string> Vars;
  for (const Node &Item : (Wrapped ? *Wrapped : *N).Children) {
    if (!Wrapped && Item.Key == "mode")
      continue;
    auto IsNameByte = [](char C) {
      return C == '_' || (C >= '0' && C <= '9') || (C >= 'A' && C <= 'Z') ||
             (C >= 'a' && C <= 'z');
    };
    if (Item.Key.empty() ||
        !std::all_of(Item.Key.begin(), Item.Key.end(), IsNameByte))
      add(Item.KeyAt, fail("env: expected the name of a variable, found {}",
                           quoteShort(Item.Key)));
    else if (!Source.Trusted && !isHarmlessVariable(Item.Key))
      add(Item.KeyAt,
          {fmt::format("env: {} may run programs or change what go trusts",
                       Item.Key),
           std::string(HowToTrust)});
    Vars.emplace(Item.Key, Item.Text);
  }
  if (Wrapped || !Vars.empty() || !R.OwnMode)
    R.Value = std::move(Vars);
}

void Reader::checkPattern(const Node &N) {
  const std::string &P = N.Text;
  bool Relative = P == "." || P.starts_with("./");
  if (P.empty() || P[0] == '/' || P == ".." || P.starts_with("../") ||
      P.find("/../") != P.npos || P.find_first_of(" \t\n\\*@=") != P.npos ||
      P.find("//") != P.npos || (P.ends_with('/') && P != "./"))
    add(N.At, fail("match.package: expected a package pattern as \"./cmd/...\" "
                   "or \"example.com/x\", found {}",
                   quoteShort(P)));
  else if (Relative && Source.ModulePath.empty())
    add(N.At, {fmt::format("match.package: {} is relative, and there is no "
                           "go.mod beside or above this file",
                           quoteShort(P)),
               "write the import path"});
}

void Reader::readMatch(const Node &Match, Override &O) {
  const std::pair<std::string_view, std::vector<std::string> *> Lists[] = {
      {"package", &O.Package}, {"goos", &O.Goos},
      {"goarch", &O.Goarch},   {"buildmode", &O.Buildmode},
      {"command", &O.Command}, {"instrument", &O.Instrument}};
  for (auto [Name, Out] : Lists) {
    const Node *N = Match.find(Name);
    if (!N)
      continue;
    *Out = textsOf(*N);
    if (Out->empty())
      add(N->At, fail("match.{}: an empty list matches nothing", Name));
    if (Name != "package")
      continue;
    if (N->What == Node::Kind::String)
      checkPattern(*N);
    for (const Node &Item : N->Children)
      checkPattern(Item);
  }
}

Override Reader::readOverride(const Node &Table) {
  Override O;
  O.Where = origin(Table.At);
  O.Set = readRules(Table);
  if (const Node *N = Table.find("manifest"))
    O.Manifest = N->Number != 0;
  const Node *Match = Table.find("match");
  if (Match && !Match->Children.empty())
    readMatch(*Match, O);
  else
    add(Match ? Match->At : Table.At,
        {"override: match is missing or empty",
         "what holds for every build belongs into [policy]"});
  return O;
}

ManifestSettings Reader::readManifest(const Node &Table) {
  ManifestSettings M;
  M.Where = origin(Table.KeyAt);
  if (const Node *N = Table.find("path")) {
    M.Path = N->Text;
    M.PathWhere = origin(N->KeyAt);
    if (Result<void> R = checkManifestPath(M.Path, Source.Trusted); !R)
      add(N->At, {"manifest.path: " + R.failure().Message, R.failure().Note});
  }
  if (const Node *N = Table.find("record")) {
    static constexpr std::string_view Names[] = {"flags", "steps", "sections",
                                                 "packages", "environment"};
    M.Records.clear();
    M.RecordsWhere = origin(N->KeyAt);
    for (size_t I = 0; I < std::size(Names); ++I)
      for (const Node &Item : N->Children)
        if (Item.Text == Names[I]) {
          M.Records.push_back(Record(I));
          break;
        }
  }
  return M;
}
