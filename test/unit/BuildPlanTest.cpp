//===- BuildPlanTest.cpp --------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/BuildPlan.h"
#include "llvm/ADT/STLExtras.h"
#include <gtest/gtest.h>

using namespace goslim;

static BuildPlan sample() {
  BuildPlan P;
  P.Goroot = "/go root", P.Sources = "/home/it's me/src", P.Folder = "/w/a";
  P.SourceFolder = "/w/a/src", P.Output = "/w/out/app", P.Package = "./cmd/x";
  P.Environment = {{"GOCACHE", "./gocache"}, {"PATH", "/bin"}};
  P.Flags = {"-trimpath", "-ldflags=-s -w"};
  return P;
}

TEST(BuildPlan, IsAScript) {
  std::string Text = scriptOf(sample(), "first");
  for (llvm::StringRef Part :
       {"#!/bin/sh\n# goslim verify: first\nset -eu\n", "umask 022\n",
        "cd '/home/it'\\''s me/src'", "mkdir -p '/w/a/gocache'\n",
        "env -i \\\n  'GOCACHE=/w/a/gocache' \\\n  'PATH=/bin' \\\n  "
        "'/go root/bin/go' build -o '/w/out/app' '-trimpath' '-ldflags=-s -w' "
        "-- './cmd/x'\n",
        "sha256sum '/w/out/app'\n"})
    EXPECT_TRUE(llvm::StringRef(Text).contains(Part)) << Part.str() << Text;
}

TEST(BuildPlan, CopiesWhatLiesBeside) {
  BuildPlan P = sample();
  P.Sources = "/home/me/app", P.Subfolder = "cmd";
  placeBeside(P, {"/home/lib", "/home/me/x"});
  std::string Text = scriptOf(P, "first");
  for (llvm::StringRef Part :
       {"mkdir -p '/w/a/src/me/app'\n(cd '/home/me/app' ",
        "mkdir -p '/w/a/src/lib'\n(cd '/home/lib' ",
        "mkdir -p '/w/a/src/me/x'\n(cd '/home/me/x' ",
        "\ncd '/w/a/src/me/app/cmd'\n"})
    EXPECT_TRUE(llvm::StringRef(Text).contains(Part)) << Part.str() << Text;
  P = sample();
  P.Sources = "/home/me/app";
  placeBeside(P, {"/home/me"}); // replace => ..
  EXPECT_EQ(P.Place, "app");
  EXPECT_EQ(P.Beside[0].second, ".");
  P = sample();
  placeBeside(P, {});
  EXPECT_EQ(scriptOf(P, "x"), scriptOf(sample(), "x"));
}

TEST(BuildPlan, EachVariationChangesTheScript) {
  Surroundings S;
  S.ModuleCache = "/mod", S.Proxy = "off", S.Wrap = "/bin/goslim-wrap";
  S.OtherCompiler = "clang";
  S.IsGit = S.UsesCgo = S.HasModules = true;
  for (const Variation &V : variations()) {
    BuildPlan P = sample();
    std::string Value = V.Name == "toolchain" ? "go1.25.5" : "";
    EXPECT_EQ(V.Apply(P, S, Value), "") << V.Name.str();
    EXPECT_NE(scriptOf(P, "x"), scriptOf(sample(), "x")) << V.Name.str();
  }
}

TEST(BuildPlan, SaysWhatCannotBeVaried) {
  std::map<std::string, std::string> Why;
  for (const Variation &V : variations()) {
    BuildPlan P = sample();
    Why[V.Name.str()] = V.Apply(P, {}, "");
  }
  EXPECT_EQ(Why["gomodcache"], "no modules besides the main one");
  EXPECT_EQ(Why["wrapper"], "goslim-wrap is not beside goslim");
  EXPECT_EQ(Why["vcs"], "the sources are in no git repository");
  EXPECT_EQ(Why["cc"], "no C in the program");
  EXPECT_EQ(Why["toolchain"], "expected toolchain=go1.N.M, found ''");
  EXPECT_EQ(Why["path"], "");
}

TEST(BuildPlan, VariesNoRepositoryThatGoDoesNotLookAt) {
  const Variation &Vcs = *llvm::find_if(
      variations(), [](const Variation &V) { return V.Name == "vcs"; });
  Surroundings S;
  S.IsGit = true;
  for (const char *GoFlags : {"-buildvcs=false", "-v '--buildvcs=false'"}) {
    BuildPlan P = sample();
    P.Environment["GOFLAGS"] = GoFlags;
    EXPECT_EQ(Vcs.Apply(P, S, ""), "-buildvcs=false leaves the stamp out");
  }
  BuildPlan P = sample();
  P.Flags.push_back("-buildvcs=false");
  EXPECT_EQ(Vcs.Apply(P, S, ""), "-buildvcs=false leaves the stamp out");
  P = sample();
  P.Environment["GOFLAGS"] = "-buildvcs=true";
  EXPECT_EQ(Vcs.Apply(P, S, ""), "");
  // The command line is stronger.
  P = sample();
  P.Environment["GOFLAGS"] = "-buildvcs=false";
  P.Flags.push_back("-buildvcs=auto");
  EXPECT_EQ(Vcs.Apply(P, S, ""), "");
}

namespace {

/// Asks with a known set of guilty ones, and counts the questions.
struct Trial {
  std::vector<Guilt> Found;
  unsigned Builds = 0;
};

Trial trial(unsigned Count, std::vector<unsigned> Guilty, bool Together) {
  Trial T;
  T.Found = findGuilty(Count, [&](const std::vector<unsigned> &Set) {
    ++T.Builds;
    auto Has = [&](unsigned G) { return llvm::is_contained(Set, G); };
    return Together ? llvm::all_of(Guilty, Has) : llvm::any_of(Guilty, Has);
  });
  return T;
}

} // namespace

TEST(FindGuilty, OneInAboutLog2Builds) {
  for (unsigned Count : {1u, 2u, 3u, 12u, 16u})
    for (unsigned G = 0; G < Count; ++G) {
      Trial T = trial(Count, {G}, false);
      ASSERT_EQ(T.Found.size(), 1u);
      EXPECT_EQ(T.Found[0].Members, std::vector<unsigned>{G});
      EXPECT_FALSE(T.Found[0].Interacting);
      unsigned Log = 0;
      while (1u << Log < Count)
        ++Log;
      EXPECT_LE(T.Builds, Log + 2) << Count << " " << G;
    }
}

TEST(FindGuilty, SeveralAndTogether) {
  Trial T = trial(12, {3, 9}, false);
  ASSERT_EQ(T.Found.size(), 2u);
  EXPECT_EQ(T.Found[0].Members[0] + T.Found[1].Members[0], 12u);
  T = trial(12, {3, 9}, true);
  ASSERT_EQ(T.Found.size(), 1u);
  EXPECT_TRUE(T.Found[0].Interacting);
}
