//===- PolicyTest.cpp - names, suggestions, patterns, findings ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is a pure function of small values. Files and trust: PolicyFileTest;
// what holds when: ResolveTest.
//===----------------------------------------------------------------------===//
#include "goslim/Policy/Finding.h"
#include "goslim/Policy/Suggest.h"
#include <gtest/gtest.h>
#include <set>

using namespace goslim;

TEST(PolicyTest, numbersRulesInTheirOrder) {
  EXPECT_EQ(ruleFindingId(RuleId::Strip), "GS101");
  EXPECT_EQ(ruleFindingId(RuleId::Env), "GS110");
  EXPECT_EQ(ruleName(RuleId::Asmflags), "asmflags");
  EXPECT_EQ(modeName(Mode::Require), "require");
}

TEST(PolicyTest, printsPlaces) {
  EXPECT_EQ(print(Origin{"goslim.toml", 3, 1}), "goslim.toml:3:1");
  EXPECT_EQ(print(Origin{"--profile"}), "--profile");
}

TEST(PolicyTest, printsFindings) {
  Finding F{"GS101",
            Severity::Error,
            {"goslim.toml", 3, 1},
            "strip: asked for all, found nothing",
            "add -s -w"};
  EXPECT_EQ(print(F), "goslim: error: goslim.toml:3:1: strip: asked for all, "
                      "found nothing [GS101]\ngoslim: note: add -s -w");
  EXPECT_EQ(print(Finding{"GS303", Severity::Warning, {}, "x", ""}),
            "goslim: warning: x [GS303]");
}

TEST(PolicyTest, documentsEveryFindingOnce) {
  std::set<std::string_view> Ids;
  for (const FindingDoc &Doc : findingDocs()) {
    EXPECT_TRUE(Ids.insert(Doc.Id).second) << Doc.Id;
    EXPECT_FALSE(Doc.Title.empty());
    EXPECT_NE(Doc.Text.find("Fix"), std::string_view::npos) << Doc.Id;
  }
  for (unsigned I = 0; I < NumRules; ++I)
    EXPECT_TRUE(findFindingDoc(ruleFindingId(RuleId(I))));
  for (std::string_view Id :
       {"GS201", "GS202", "GS301", "GS302", "GS303", "GS304"})
    EXPECT_TRUE(findFindingDoc(Id)) << Id;
  EXPECT_FALSE(findFindingDoc("GS999"));
}

TEST(PolicyTest, suggestsTheNearestWord) {
  constexpr std::string_view Known[] = {"strip", "static", "trimpath", "vars"};
  EXPECT_EQ(closestWord("stirp", Known), "strip");
  EXPECT_EQ(closestWord("Strip", Known), "strip");
  EXPECT_EQ(closestWord("trim_path", Known), "trimpath");
  EXPECT_EQ(closestWord("var", Known), "vars");
  EXPECT_EQ(closestWord("budget", Known), "");
  EXPECT_EQ(closestWord("", Known), "");
  EXPECT_EQ(closestWord(std::string(10000, 's'), Known), "");
  EXPECT_EQ(suggestion("statik", Known), ", did you mean 'static'?");
  EXPECT_EQ(suggestion("zzz", Known), "");
}

namespace {
struct PatternCase {
  std::string_view Pattern, Path;
  bool Match;
};
} // namespace

TEST(PolicyTest, matchesPackagesAsGoDoes) {
  constexpr std::string_view Module = "example.com/m";
  // The second half after internal/pkgpattern/pat_test.go.
  constexpr PatternCase Cases[] = {
      {"./...", "example.com/m", true},
      {"./...", "example.com/m/x/y", true},
      {"./...", "example.com/mm", false},
      {"./cmd/...", "example.com/m/cmd", true},
      {"./cmd/...", "example.com/m/cmdx", false},
      {"./cmd/debug", "example.com/m/cmd/debug", true},
      {"./cmd/debug", "example.com/m/cmd/debug/x", false},
      {".", "example.com/m", true},
      {"./", "example.com/m", true},
      {".", "example.com/m/x", false},
      {"all", "net/http", true},
      {"std", "net/http", true},
      {"std", "example.com/m", false},
      {"std", "github.com/a/b", false},
      {"net", "net", true},
      {"net", "net/http", false},
      {"net/...", "net", true},
      {"net/...", "net/http", true},
      {"net...", "netchan", true},
      {"...", "foo", true},
      {"...", "foo/vendor/bar", false},
      {"x/...", "x/vendor/y", false},
      {"x/vendor/...", "x/vendor/y", true},
      {"x/vendor/...", "x/vendor", true},
      {"x/vendor/y", "x/vendor", false},
      {".../vendor/...", "a/vendor/b", true},
      {".../vendor/...", "a/vendor/b/vendor/c", false},
      {"x/...", "x/vendor", true},
      {"f...", "f", true},
      {"...z", "abz", true},
      {"...z", "abzy", false},
      {"a...b...c", "axxbyybzzc", true},
      {"a...b...c", "axxcyyb", false},
      {"a......b", "ab", true},
      {"", "x", false},
      {"x", "", false},
  };
  for (const PatternCase &C : Cases)
    EXPECT_EQ(matchPackage(C.Pattern, C.Path, Module), C.Match)
        << C.Pattern << " and " << C.Path;
  EXPECT_FALSE(matchPackage("./...", "x", ""));
  EXPECT_FALSE(matchPackage("std", "app/x", "app"));
}

// Wildcards without end must not take exponential time.
TEST(PolicyTest, manyWildcardsAreCheap) {
  std::string Pattern;
  for (int I = 0; I < 2000; ++I)
    Pattern += "a...";
  EXPECT_FALSE(matchPackage(Pattern + "b", std::string(20000, 'a'), ""));
}
