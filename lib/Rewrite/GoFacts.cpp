//===- GoFacts.cpp - what a go command is about ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The facts that overrides and exclusions match, read from the command line,
// GOFLAGS and the environment, and the check that all packages of the command
// agree on the rules that a go command can follow only once.
//===----------------------------------------------------------------------===//
#include "GoRewriter.h"
#include <algorithm>

namespace goslim::rewrite {

std::optional<std::string> GoRewriter::env(std::string_view Name) const {
  for (const std::string &Set : Out.SetEnv)
    if (Set.starts_with(Name) && Set.substr(Name.size(), 1) == "=")
      return Set.substr(Name.size() + 1);
  std::optional<std::string> Value = C.Env ? C.Env(Name) : std::nullopt;
  return Value && !Value->empty() ? Value : std::nullopt;
}

void GoRewriter::setEnv(const std::string &Name, const std::string &Value) {
  Out.SetEnv.push_back(Name + "=" + Value);
}

void GoRewriter::find(const RuleRef &By, const std::string &Text,
                      std::string Fix) {
  Out.Findings.push_back(makeFinding(By, Text, std::move(Fix)));
}

bool GoRewriter::links() const {
  static constexpr std::string_view Verbs[] = {"build", "install", "run",
                                               "test", "list"};
  return std::find(std::begin(Verbs), std::end(Verbs), Flags.Command.Verb) !=
         std::end(Verbs);
}

Rules GoRewriter::resolveFor(std::string_view Pattern) const {
  Context Of = Facts;
  Of.Package = representative(Pattern);
  return resolve(P, Of);
}

static Context factsOf(const GoFlags &Flags) {
  Context Facts;
  Facts.Buildmode = Flags.value("buildmode").value_or("exe");
  if (Facts.Buildmode.empty() || Facts.Buildmode == "default")
    Facts.Buildmode = "exe";
  Facts.Command = Flags.Command.Verb;
  Facts.Race = Flags.isTrue("race");
  Facts.Msan = Flags.isTrue("msan");
  Facts.Asan = Flags.isTrue("asan");
  Facts.Cover = Flags.isTrue("cover") || Flags.value("covermode") ||
                Flags.value("coverpkg") || Flags.value("coverprofile");
  return Facts;
}

Result<void> GoRewriter::readFacts() {
  Result<std::vector<Argument>> FromEnv =
      parseGoFlags(env("GOFLAGS").value_or(""));
  if (!FromEnv)
    return FromEnv.failure();
  Flags.FromEnv = std::move(*FromEnv);
  Packages = commandPatterns(Flags.Command, C);
  Facts = factsOf(Flags);
  Facts.Goos = env("GOOS").value_or(C.HostGoos);
  Facts.Goarch = env("GOARCH").value_or(C.HostGoarch);
  // Policy may set GOOS, and what it says may depend on GOOS.
  for (unsigned Round = 0; Round < 4; ++Round) {
    R = resolveFor(Packages.front());
    std::string Goos = Facts.Goos, Goarch = Facts.Goarch;
    if (R.EnvRule.Value && merges(R.EnvRule.How)) {
      const std::map<std::string, std::string> &Set = *R.EnvRule.Value;
      if (auto To = Set.find("GOOS"); To != Set.end())
        Facts.Goos = To->second;
      if (auto To = Set.find("GOARCH"); To != Set.end())
        Facts.Goarch = To->second;
    }
    if (Facts.Goos == Goos && Facts.Goarch == Goarch)
      return {};
  }
  return fail("{}: env: GOOS or GOARCH never settle: with their new values "
              "other overrides match and set them again",
              print(R.EnvRule.Where));
}

// ---- rules that a go command can follow only once

static bool sameValue(const Rule<bool> &A, const Rule<bool> &B) {
  return A.Value == B.Value;
}
static bool sameValue(const Rule<TagLists> &A, const Rule<TagLists> &B) {
  TagLists X = A.Value.value_or(TagLists()), Y = B.Value.value_or(TagLists());
  return X.Require == Y.Require && X.Forbid == Y.Forbid;
}
static bool sameValue(const Rule<std::map<std::string, std::string>> &A,
                      const Rule<std::map<std::string, std::string>> &B) {
  return A.Value == B.Value;
}

template <typename T>
static void noteDifference(RuleId Id, const Rule<T> &A, const Rule<T> &B,
                           std::vector<RuleRef> &Out) {
  if (!sameValue(A, B) || (A.Value && A.How != B.How))
    Out.push_back(refOf(Id, B.Value || B.FromOverride ? B : A));
}

void GoRewriter::checkScope() {
  auto Compare = [&](const std::string &Pattern) {
    Rules Other = resolveFor(Pattern);
    std::vector<RuleRef> Differ;
    // Tool lines are rewritten package by package.
    if (For == Purpose::Driver) {
      noteDifference(RuleId::Trimpath, R.TrimpathRule, Other.TrimpathRule,
                     Differ);
      if (links())
        noteDifference(RuleId::Static, R.StaticRule, Other.StaticRule, Differ);
    }
    noteDifference(RuleId::Tags, R.TagsRule, Other.TagsRule, Differ);
    noteDifference(RuleId::Env, R.EnvRule, Other.EnvRule, Differ);
    for (const RuleRef &By : Differ)
      find(By,
           "holds differently for the packages of " +
               (Pattern == UnknownPattern ? "this command" : Pattern) +
               ", but go takes it once for a whole command",
           "build these packages separately");
    return !Differ.empty();
  };
  for (size_t I = 1; I < Packages.size(); ++I)
    if (Compare(Packages[I]))
      return;
  for (const OverridePattern &N : overridePatterns(P)) {
    bool Splits = std::any_of(
        Packages.begin(), Packages.end(), [&](const std::string &Package) {
          return overlap(Package, N.Pattern, P.ModulePath) == Overlap::Part;
        });
    if (Splits && Compare(N.Pattern))
      return;
  }
}

} // namespace goslim::rewrite
