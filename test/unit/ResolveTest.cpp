//===- ResolveTest.cpp - what holds when ----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Base, profiles, overrides, exclusions: each rule of merging by a small file.
//===----------------------------------------------------------------------===//
#include "goslim/Policy/PolicyFile.h"
#include <gtest/gtest.h>

using namespace goslim;

namespace {
Policy parse(std::string_view Text, const std::string &Profile = "") {
  PolicySource Source{"/m/goslim.toml", "example.com/m", "/m", true,
                      "goslim.toml"};
  Result<Policy> P =
      parsePolicy(Source, "version = 1\n" + std::string(Text), Profile);
  EXPECT_TRUE(bool(P)) << (P ? "" : P.failure().Message);
  return P ? *P : Policy();
}

Context build() {
  Context C;
  C.Goos = "linux";
  C.Goarch = "amd64";
  C.Buildmode = "exe";
  C.Command = "build";
  return C;
}

Context with(std::string Context::*Field, std::string_view Value) {
  Context C = build();
  C.*Field = Value;
  return C;
}

constexpr std::string_view Full = R"(
[policy]
strip = "all"
trimpath = true
static = true
buildid = "empty"
tags = { require = ["netgo"] }
vars = { set = { "main.v" = "1" } }
env = { CGO_ENABLED = "0", GOAMD64 = "v3" }
)";
} // namespace

TEST(ResolveTest, noPolicyAsksNothing) {
  Rules R = resolve(Policy(), build());
  EXPECT_FALSE(R.StripRule.Value);
  EXPECT_FALSE(wantsManifest(Policy(), build()));
}

TEST(ResolveTest, dropsWhatAsksNothing) {
  Rules R = resolve(parse(R"(
[policy]
strip = "none"
trimpath = false
buildid = "keep"
tags = { require = [] }
vars = {}
ldflags = { add = [] }
env = {}
)"),
                    build());
  EXPECT_FALSE(R.StripRule.Value);
  EXPECT_FALSE(R.TrimpathRule.Value);
  EXPECT_FALSE(R.BuildidRule.Value);
  EXPECT_FALSE(R.TagsRule.Value);
  EXPECT_FALSE(R.VarsRule.Value);
  EXPECT_FALSE(R.LdflagsRule.Value);
  EXPECT_FALSE(R.EnvRule.Value);
}

TEST(ResolveTest, modesFallBackToTheTables) {
  Policy P = parse(R"(
[policy]
mode = "require"
strip = "all"
trimpath = { value = true, mode = "warn" }
static = { value = true, mode = "off" }
tags = { require = ["a"], mode = "rewrite" }
)");
  Rules R = resolve(P, build());
  EXPECT_EQ(R.StripRule.How, Mode::Require);
  EXPECT_EQ(R.TrimpathRule.How, Mode::Warn);
  EXPECT_FALSE(R.StaticRule.Value);
  EXPECT_EQ(R.TagsRule.How, Mode::Rewrite);
}

TEST(ResolveTest, modeOffIsNoPolicyForAllRules) {
  Rules R =
      resolve(parse("[policy]\nmode = \"off\"\nstrip = \"all\"\n"), build());
  EXPECT_FALSE(R.StripRule.Value);
}

TEST(ResolveTest, profilesInheritKeyByKey) {
  constexpr std::string_view Text = R"(
[policy]
mode = "warn"
strip = { value = "all", mode = "require" }
trimpath = true
env = { GOAMD64 = "v1", CGO_ENABLED = "0" }
ldflags = { add = ["-w"], forbid = ["-a"] }
[profile.release]
mode = "rewrite"
env = { GOAMD64 = "v3" }
ldflags = { add = [] }
[profile.ship]
inherits = "release"
strip = "debug"
[profile.bare]
inherits = "none"
trimpath = true
)";
  Rules Base = resolve(parse(Text), build());
  EXPECT_EQ(Base.TrimpathRule.How, Mode::Warn);
  EXPECT_EQ(Base.EnvRule.Value->at("GOAMD64"), "v1");

  Rules Ship = resolve(parse(Text, "ship"), build());
  EXPECT_EQ(*Ship.StripRule.Value, Strip::Debug);
  EXPECT_EQ(Ship.StripRule.How, Mode::Require); // a mode stays until replaced
  EXPECT_EQ(Ship.TrimpathRule.How, Mode::Rewrite);
  EXPECT_EQ(Ship.EnvRule.Value->at("GOAMD64"), "v3");
  EXPECT_EQ(Ship.EnvRule.Value->at("CGO_ENABLED"), "0");
  EXPECT_TRUE(Ship.LdflagsRule.Value->Add.empty());
  EXPECT_EQ(Ship.LdflagsRule.Value->Forbid.size(), 1u);
  EXPECT_EQ(print(Ship.StripRule.Where), "goslim.toml:15:1");

  Rules Bare = resolve(parse(Text, "bare"), build());
  EXPECT_FALSE(Bare.StripRule.Value);
  EXPECT_TRUE(Bare.TrimpathRule.Value);
  // [policy] can be named as well.
  EXPECT_EQ(parse(Text, "policy").Profile, "");
}

TEST(ResolveTest, overridesMatchAllOfTheirKeys) {
  Policy P = parse(R"(
[policy]
strip = "all"
[[override]]
match = { package = ["./cmd/debug/...", "example.org/x"], goos = "windows" }
strip = "none"
[[override]]
match = { goarch = "386" }
strip = "debug"
)");
  EXPECT_EQ(*resolve(P, build()).StripRule.Value, Strip::All);
  Context C = with(&Context::Package, "example.com/m/cmd/debug/a");
  EXPECT_EQ(*resolve(P, C).StripRule.Value, Strip::All);
  C.Goos = "windows";
  EXPECT_FALSE(resolve(P, C).StripRule.Value);
  C.Goarch = "386"; // the later one wins
  Rules R = resolve(P, C);
  EXPECT_EQ(*R.StripRule.Value, Strip::Debug);
  EXPECT_TRUE(R.StripRule.FromOverride);
  // An unknown fact matches nothing.
  C.Package = "";
  C.Goarch = "";
  EXPECT_EQ(*resolve(P, C).StripRule.Value, Strip::All);
}

TEST(ResolveTest, overrideReplacesListsAndMergesTables) {
  Policy P = parse(R"(
[policy]
vars = { set = { "m.a" = "1", "m.b" = "2" }, forbid = ["m.c"] }
tags = { require = ["x"], forbid = ["y"] }
[[override]]
match = { goos = "linux" }
mode = "warn"
vars = { set = { "m.b" = "3", "m.c" = "4" } }
tags = { require = [] }
[[override]]
match = { goos = "linux" }
vars = { forbid = ["m.a"] }
)");
  Rules R = resolve(P, build());
  const VarLists &V = *R.VarsRule.Value;
  EXPECT_EQ(V.Set,
            (std::map<std::string, std::string>{{"m.b", "3"}, {"m.c", "4"}}));
  EXPECT_EQ(V.Forbid, std::vector<std::string>{"m.a"});
  EXPECT_TRUE(R.TagsRule.Value->Require.empty());
  EXPECT_EQ(R.TagsRule.Value->Forbid, std::vector<std::string>{"y"});
  EXPECT_EQ(R.TagsRule.How, Mode::Warn);
}

TEST(ResolveTest, excludesTestsAndRuns) {
  Policy P = parse(Full);
  Context Test = with(&Context::Command, "test");
  Rules R = resolve(P, Test);
  EXPECT_FALSE(R.StripRule.Value || R.TrimpathRule.Value ||
               R.StaticRule.Value || R.BuildidRule.Value || R.VarsRule.Value);
  EXPECT_TRUE(R.TagsRule.Value && R.EnvRule.Value);
  EXPECT_EQ(R.EnvRule.Value->size(), 2u);
  EXPECT_FALSE(wantsManifest(P, Test));
  Context Run = with(&Context::Command, "run");
  R = resolve(P, Run);
  EXPECT_FALSE(R.StripRule.Value || R.BuildidRule.Value);
  EXPECT_TRUE(R.TrimpathRule.Value && R.StaticRule.Value);
  EXPECT_FALSE(wantsManifest(P, Run));
  EXPECT_TRUE(wantsManifest(P, build()));
}

TEST(ResolveTest, excludesBuildModes) {
  Policy P = parse(Full);
  Rules R = resolve(P, with(&Context::Buildmode, "plugin"));
  EXPECT_FALSE(R.StripRule.Value || R.StaticRule.Value || R.BuildidRule.Value);
  EXPECT_TRUE(R.TrimpathRule.Value);
  for (std::string_view Mode : {"c-shared", "c-archive", "shared"}) {
    R = resolve(P, with(&Context::Buildmode, Mode));
    EXPECT_FALSE(R.StaticRule.Value) << Mode;
    EXPECT_TRUE(R.StripRule.Value) << Mode;
    EXPECT_FALSE(R.EnvRule.Value->count("CGO_ENABLED")) << Mode;
    EXPECT_TRUE(R.EnvRule.Value->count("GOAMD64")) << Mode;
  }
}

TEST(ResolveTest, excludesInstrumentation) {
  Policy P = parse(Full);
  for (bool Context::*Kind : {&Context::Race, &Context::Msan, &Context::Asan}) {
    Context C = build();
    C.*Kind = true;
    Rules R = resolve(P, C);
    EXPECT_FALSE(R.StaticRule.Value);
    EXPECT_FALSE(R.EnvRule.Value->count("CGO_ENABLED"));
    EXPECT_TRUE(R.StripRule.Value);
    EXPECT_TRUE(wantsManifest(P, C));
  }
  Context C = build();
  C.Cover = true;
  EXPECT_FALSE(resolve(P, C).StripRule.Value);
  EXPECT_FALSE(wantsManifest(P, C));
}

TEST(ResolveTest, overrideOnTheSameKeyBeatsTheExclusion) {
  Policy P = parse(std::string(Full) + R"(
[[override]]
match = { command = "test" }
trimpath = true
manifest = true
[[override]]
match = { goos = "linux" }
strip = "debug"
manifest = true
[[override]]
match = { instrument = ["race", "asan"] }
env = { CGO_ENABLED = "0" }
[[override]]
match = { buildmode = "c-shared" }
static = true
)");
  Context Test = with(&Context::Command, "test");
  Rules R = resolve(P, Test);
  EXPECT_TRUE(R.TrimpathRule.Value);
  EXPECT_FALSE(R.StripRule.Value); // that override had goos in mind
  EXPECT_TRUE(wantsManifest(P, Test));
  EXPECT_FALSE(wantsManifest(P, with(&Context::Command, "run")));
  Context Race = build();
  Race.Race = true;
  R = resolve(P, Race);
  EXPECT_TRUE(R.EnvRule.Value->count("CGO_ENABLED"));
  EXPECT_FALSE(R.StaticRule.Value);
  R = resolve(P, with(&Context::Buildmode, "c-shared"));
  EXPECT_TRUE(R.StaticRule.Value);
  EXPECT_FALSE(R.EnvRule.Value->count("CGO_ENABLED"));
}

TEST(ResolveTest, overrideCanSwitchTheManifestOff) {
  Policy P = parse(R"(
[[override]]
match = { package = "./cmd/tool" }
manifest = false
)");
  EXPECT_TRUE(wantsManifest(P, build()));
  EXPECT_FALSE(
      wantsManifest(P, with(&Context::Package, "example.com/m/cmd/tool")));
}

TEST(ResolveTest, printsAPolicyThatSaysTheSame) {
  Policy P = parse(std::string(Full) + R"(
ldflags = { add = ["-compressdwarf=false"], mode = "warn" }
[manifest]
record = ["steps", "flags"]
)");
  std::string Text = printResolved(P, build());
  PolicySource Source{"/m/goslim.toml", "example.com/m", "/m", true, ""};
  Result<Policy> Again = parsePolicy(Source, Text, "");
  ASSERT_TRUE(bool(Again)) << Again.failure().Message << "\n" << Text;
  auto WithoutOrigins = [](const std::string &Printed) {
    std::string Out;
    for (size_t At = 0; At < Printed.size();) {
      size_t End = Printed.find('\n', At);
      std::string Line = Printed.substr(At, End - At);
      Out += Line.substr(0, Line.find("  #")) + "\n";
      At = End + 1;
    }
    return Out;
  };
  EXPECT_EQ(WithoutOrigins(printResolved(*Again, build())),
            WithoutOrigins(Text));
  EXPECT_NE(Text.find("ldflags = { add = [\"-compressdwarf=false\"], forbid = "
                      "[], mode = \"warn\" }"),
            std::string::npos);
  EXPECT_NE(Text.find("# goslim.toml:4:1"), std::string::npos) << Text;
  EXPECT_NE(Text.find("record = [\"flags\", \"steps\"]"), std::string::npos);
}

TEST(ResolveTest, everyExclusionSaysWhy) {
  for (const Exclusion &E : defaultExclusions()) {
    EXPECT_FALSE(E.Why.empty());
    EXPECT_NE(E.Condition.find('='), std::string_view::npos);
  }
}
