//===- PublishedTest.cpp --------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/Published.h"
#include <gtest/gtest.h>

using namespace goslim;

static PublishedFacts sample() {
  PublishedFacts F;
  F.Format = "ELF", F.GoVersion = "go1.23.8", F.BuildId = "a/b/c/d";
  F.HasInfo = true;
  F.Info.Path = "example.com/m/cmd/app";
  F.Info.Main.emplace();
  F.Info.Main->Path = "example.com/m", F.Info.Main->Version = "v1.2.3";
  F.Info.Settings = {{"-buildmode", "exe"},
                     {"-compiler", "gc"},
                     {"-trimpath", "true"},
                     {"CGO_ENABLED", "0"},
                     {"GOOS", "linux"}};
  return F;
}

static std::string failureOf(const PublishedFacts &F) {
  llvm::Expected<Recipe> R = recipeOf(F);
  return R ? "" : llvm::toString(R.takeError());
}

TEST(Published, TellsItsRecipe) {
  llvm::Expected<Recipe> R = recipeOf(sample());
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->Toolchain, "go1.23.8");
  EXPECT_EQ(R->Version, "v1.2.3");
  EXPECT_EQ(R->Flags,
            (std::vector<std::string>{"-trimpath", "-buildvcs=false"}));
  // -trimpath leaves -ldflags out: what is not in the file was stripped.
  EXPECT_EQ(R->LinkerFlags, (std::vector<std::string>{"-s -w", "-s", "-w -s"}));
  EXPECT_FALSE(R->IsInstalled);
  PublishedFacts F = sample();
  F.HasSymbols = F.HasDebug = true, F.BuildId = "";
  F.Info.Main->Sum = "h1:x";
  R = recipeOf(F);
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->LinkerFlags, (std::vector<std::string>{"-buildid="}));
  EXPECT_TRUE(R->IsInstalled);
  F.Info.Settings.push_back({"vcs.revision", "0a1b"});
  R = recipeOf(F);
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->Version, "v1.2.3"); // stamped since Go 1.24
  EXPECT_EQ(R->Tag, "v1.2.3");
  EXPECT_TRUE(R->IsTagged);
  F.Info.Main->Version = "v1.2.4-0.20250102030405-abcdefabcdef+dirty";
  R = recipeOf(F);
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->Version, ""); // nobody else has these sources
  EXPECT_EQ(R->Tag, "v1.2.3");
  EXPECT_FALSE(R->IsTagged);
  F.Info.Main->Version = "(devel)";
  R = recipeOf(F);
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->Version, "");
  EXPECT_EQ(R->Tag, "");
}

TEST(Published, KnowsTheTagOfAVersion) {
  EXPECT_EQ(baseTag("v1.2.3"), "v1.2.3");
  EXPECT_EQ(baseTag("v1.2.3-rc.1"), "v1.2.3-rc.1");
  EXPECT_EQ(baseTag("v0.0.0-20250102030405-abcdefabcdef"), "");
  EXPECT_EQ(baseTag("v2.0.0-20250102030405-abcdefabcdef"), "");
  EXPECT_EQ(baseTag("v1.2.4-0.20250102030405-abcdefabcdef"), "v1.2.3");
  EXPECT_EQ(baseTag("v1.2.0-0.20250102030405-abcdefabcdef"), "");
  EXPECT_EQ(baseTag("v1.2.3-rc.1.0.20250102030405-abcdefabcdef"),
            "v1.2.3-rc.1");
  EXPECT_EQ(baseTag("20250102030405-abcdefabcdef"),
            "20250102030405-abcdefabcdef");
}

TEST(Published, IsNotBelievedWhereThatCouldHurt) {
  for (auto [Key, Value] : std::vector<std::pair<const char *, const char *>>{
           {"-ldflags", "-extld=/tmp/evil"},
           {"-ldflags", "-X=a=b -extldflags=-fplugin=x"},
           {"-gcflags", "-o=/etc/passwd"},
           {"-tags", "a b'; rm"},
           {"-pgo", "/x"},
           {"-overlay", "/x"},
           {"CGO_CFLAGS", "-fplugin=/x"},
           {"vcs.revision", "$(rm -rf /)"}}) {
    PublishedFacts F = sample();
    F.Info.Settings.push_back({Key, Value});
    EXPECT_NE(failureOf(F), "") << Key << "=" << Value;
  }
  // Left out: go does not write such, and they could change where code is from.
  PublishedFacts F = sample();
  F.Info.Settings.push_back({"GOFLAGS", "-toolexec=/x"});
  F.Info.Settings.push_back({"-toolexec", "/x"});
  llvm::Expected<Recipe> R = recipeOf(F);
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->Environment.count("GOFLAGS"), 0u);
  EXPECT_EQ(R->Flags.size(), 2u);
  F = sample();
  F.Info.Path = "-toolexec=x";
  EXPECT_EQ(failureOf(F), "its build information has a package or module that "
                          "is no import path");
}

TEST(Published, SaysWhatWouldBeNeeded) {
  PublishedFacts F = sample();
  F.GoVersion = "devel go1.27-abc";
  EXPECT_EQ(failureOf(F), "its toolchain is devel go1.27-abc, which is no "
                          "release of Go that a proxy serves");
  F = sample();
  F.HasInfo = false;
  EXPECT_EQ(failureOf(F), "it has no Go build information");
  F = sample();
  F.Info.Deps.emplace_back();
  F.Info.Deps.back().Path = "example.com/d";
  F.Info.Deps.back().HasReplace = true;
  F.Info.Deps.back().ReplacePath = "./d";
  F.Info.Deps.back().ReplaceVersion = "(devel)"; // as go writes it
  EXPECT_EQ(failureOf(F), "module example.com/d was replaced by the folder "
                          "./d, which is not published");
}
