//===- PolicyFileTest.cpp - reading, trusting and finding goslim.toml -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every message with its text and place; every way out of the folder.
//===----------------------------------------------------------------------===//
#include "goslim/Policy/PolicyFile.h"
#include "goslim/Base/FileIO.h"
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

using namespace goslim;

namespace {
PolicySource source(bool Trusted = true) {
  return {"/m/goslim.toml", "example.com/m", "/m", Trusted, "goslim.toml"};
}

std::string errorOf(std::string_view Text, bool Trusted = true,
                    const std::string &Profile = "") {
  Result<Policy> P = parsePolicy(source(Trusted), Text, Profile);
  return P ? "" : P.failure().Message;
}

/// The error of one line in [policy]; it is line 3 of the file.
std::string errorOfRule(std::string_view Line, bool Trusted = true) {
  return errorOf("version = 1\n[policy]\n" + std::string(Line) + "\n", Trusted);
}
std::string errorOfOverride(std::string_view Lines) {
  return errorOf("version = 1\n[[override]]\n" + std::string(Lines) + "\n");
}

struct Case {
  std::string_view Text, Error;
};
} // namespace

TEST(PolicyFileTest, readsTheExample) {
  Result<Policy> P = parsePolicy(source(/*Trusted=*/false), R"(
version = 1
[policy]
mode     = "rewrite"
strip    = "all"
trimpath = true
static   = true
buildid  = "keep"
tags     = { require = ["netgo"], forbid = ["debug"] }
vars     = { set = { "main.version" = "1.2.3" }, forbid = ["main.date"] }
ldflags  = { add = [], forbid = ["-checklinkname=0"] }
env      = { CGO_ENABLED = "0", GOAMD64 = "v3" }
[profile.release]
inherits = "policy"
[[override]]
match = { package = "./cmd/debug/...", goos = "windows" }
strip = "none"
[manifest]
path   = "goslim/{name}.{goos}-{goarch}.toml"
record = ["flags", "steps", "sections", "packages", "environment"]
)",
                                 "release");
  ASSERT_TRUE(bool(P)) << P.failure().Message;
  EXPECT_EQ(P->Profile, "release");
  EXPECT_EQ(P->Root, "/m");
  EXPECT_EQ(*P->Base.StripRule.Value, Strip::All);
  EXPECT_EQ(print(P->Base.StripRule.Where), "goslim.toml:5:1");
  EXPECT_EQ(P->Base.TagsRule.Value->Forbid, std::vector<std::string>{"debug"});
  EXPECT_EQ(P->Base.EnvRule.Value->at("GOAMD64"), "v3");
  ASSERT_EQ(P->Overrides.size(), 1u);
  EXPECT_EQ(P->Overrides[0].Goos, std::vector<std::string>{"windows"});
  EXPECT_EQ(P->Manifest.Records.size(), 5u);
}

TEST(PolicyFileTest, checksTheVersion) {
  EXPECT_EQ(errorOf("[policy]\n"), "goslim.toml:1:1: key 'version' is missing");
  EXPECT_EQ(errorOf("\nversion = 2\nnew = 1\n"),
            "goslim.toml:2:11: version 2 is newer than this goslim knows, "
            "which is 1");
  EXPECT_EQ(errorOf("version = 0\n"),
            "goslim.toml:1:11: version: expected 1, found 0");
  EXPECT_EQ(errorOf("version = \"1\"\n"),
            "goslim.toml:1:11: version: expected an integer, found the string "
            "\"1\"");
}

TEST(PolicyFileTest, namesUnknownKeys) {
  constexpr Case Cases[] = {
      {"stirp = 1",
       "goslim.toml:3:1: unknown key 'stirp' in [policy], did you mean "
       "'strip'?"},
      {"tags = { requires = [] }",
       "goslim.toml:3:10: unknown key 'requires' in [policy.tags], did you "
       "mean 'require'?"},
      {"vars = { frobid = [] }", "goslim.toml:3:10: unknown key 'frobid' in "
                                 "[policy.vars], did you mean 'forbid'?"},
      {"gcflags = { xyz = [] }",
       "goslim.toml:3:13: unknown key 'xyz' in [policy.gcflags], expected add, "
       "forbid or mode"},
      {"strip = { values = \"all\" }",
       "goslim.toml:3:11: unknown key 'values' in [policy.strip], did you mean "
       "'value'?"},
      {"env = { value = {}, moda = \"warn\" }",
       "goslim.toml:3:21: unknown key 'moda' in [policy.env], did you mean "
       "'mode'?"},
      {"\"a\\nb\" = 1",
       "goslim.toml:3:1: unknown key 'a\\nb' in [policy], expected mode, "
       "strip, trimpath, static, buildid, tags, vars, ldflags, gcflags, "
       "asmflags or env"},
  };
  for (const Case &C : Cases)
    EXPECT_EQ(errorOfRule(C.Text), C.Error);
  EXPECT_EQ(errorOf("version = 1\nbudgets = 3\n"),
            "goslim.toml:2:1: unknown key 'budgets' at the top level, expected "
            "version, policy, profile, override or manifest");
  EXPECT_EQ(errorOf("version = 1\n[profile.r]\nstripp = 1\n"),
            "goslim.toml:3:1: unknown key 'stripp' in [profile.r], did you "
            "mean 'strip'?");
  EXPECT_EQ(errorOf("version = 1\n[manifest]\npaths = 1\n"),
            "goslim.toml:3:1: unknown key 'paths' in [manifest], did you mean "
            "'path'?");
  EXPECT_EQ(errorOfOverride("match = { gos = \"linux\" }"),
            "goslim.toml:3:11: unknown key 'gos' in [override.match], did you "
            "mean 'goos'?");
}

TEST(PolicyFileTest, namesWrongTypesAndValues) {
  constexpr Case Cases[] = {
      {"mode = \"enforce\"",
       "goslim.toml:3:8: policy.mode: expected \"rewrite\", \"require\", "
       "\"warn\" or \"off\", found \"enforce\""},
      {"mode = \"requires\"",
       "goslim.toml:3:8: policy.mode: expected \"rewrite\", \"require\", "
       "\"warn\" or \"off\", found \"requires\", did you mean 'require'?"},
      {"strip = true", "goslim.toml:3:9: policy.strip: expected \"none\", "
                       "\"debug\" or \"all\", found the boolean true"},
      {"strip = { value = 3 }",
       "goslim.toml:3:19: policy.strip.value: expected \"none\", \"debug\" or "
       "\"all\", found the integer 3"},
      {"strip = { value = \"all\", mode = \"on\" }",
       "goslim.toml:3:33: policy.strip.mode: expected \"rewrite\", "
       "\"require\", \"warn\" or \"off\", found \"on\""},
      {"trimpath = \"true\"", "goslim.toml:3:12: policy.trimpath: expected "
                              "true or false, found the string \"true\""},
      {"static = 1.5",
       "goslim.toml:3:10: policy.static: expected true or false, found a "
       "float"},
      {"buildid = false", "goslim.toml:3:11: policy.buildid: expected a "
                          "string, found the boolean false"},
      {"buildid = \"\"", "goslim.toml:3:11: buildid: expected \"keep\", "
                         "\"empty\" or an ID, found an empty string"},
      {"tags = [\"a\"]",
       "goslim.toml:3:8: policy.tags: expected a table, found an array"},
      {"tags = { require = \"a\" }",
       "goslim.toml:3:20: policy.tags.require: expected an array of strings, "
       "found the string \"a\""},
      {"tags = { require = [3] }",
       "goslim.toml:3:21: policy.tags.require: expected a string, found the "
       "integer 3"},
      {"vars = { set = { a = 1 } }",
       "goslim.toml:3:22: policy.vars.set.a: expected a string, found the "
       "integer 1"},
      {"vars = { set = 1979-05-27 }",
       "goslim.toml:3:16: policy.vars.set: expected a table, found a date or "
       "time"},
      {"env = { CGO_ENABLED = 0 }",
       "goslim.toml:3:23: policy.env.CGO_ENABLED: expected a string, found the "
       "integer 0"},
      {"env = { CGO_ENABLED = 0, mode = \"warn\" }",
       "goslim.toml:3:23: policy.env.CGO_ENABLED: expected a string, found the "
       "integer 0"},
      {"env = []", "goslim.toml:3:7: policy.env: expected a table, found an "
                   "array"},
      {"ldflags = \"-s\"", "goslim.toml:3:11: policy.ldflags: expected a "
                           "table, found the string \"-s\""},
      {"tags = { require = [\"a\\u0000b\"] }",
       "goslim.toml:3:21: policy.tags.require: a NUL byte cannot be passed "
       "on"},
      {"env = { A = \"\\u0000\" }",
       "goslim.toml:3:13: policy.env: a NUL byte cannot be passed on"},
  };
  for (const Case &C : Cases)
    EXPECT_EQ(errorOfRule(C.Text), C.Error);
  EXPECT_EQ(errorOf("version = 1\npolicy = 3\n"),
            "goslim.toml:2:10: policy: expected a table, found the integer 3");
  EXPECT_EQ(errorOf("version = 1\nprofile = 3\n"),
            "goslim.toml:2:11: profile: expected a table, found the integer 3");
  EXPECT_EQ(errorOf("version = 1\n[profile]\nr = 3\n"),
            "goslim.toml:3:5: profile.r: expected a table, found the integer "
            "3");
  EXPECT_EQ(errorOf("version = 1\n[override]\n"),
            "goslim.toml:2:1: override: expected [[override]], found a table");
  EXPECT_EQ(errorOf("version = 1\noverride = [3]\n"),
            "goslim.toml:2:13: override: expected a table, found the integer "
            "3");
  EXPECT_EQ(errorOf("version = 1\n[manifest]\nrecord = [\"time\"]\n"),
            "goslim.toml:3:11: manifest.record: expected \"flags\", \"steps\", "
            "\"sections\", \"packages\" or \"environment\", found \"time\"");
}

TEST(PolicyFileTest, checksWhatTheValuesMean) {
  constexpr Case Cases[] = {
      {"tags = { require = [\"a,b\"] }",
       "goslim.toml:3:21: tags: expected one build tag an element (letters, "
       "digits, '_', '.'), found \"a,b\""},
      {"tags = { require = [\"a\"], forbid = [\"b\", \"a\"] }",
       "goslim.toml:3:42: tags: \"a\" is required and forbidden"},
      {"vars = { set = { version = \"1\" } }",
       "goslim.toml:3:18: vars: expected a variable as \"importpath.name\", "
       "found \"version\""},
      {"vars = { forbid = [\"main.a=b\"] }",
       "goslim.toml:3:20: vars: expected a variable as \"importpath.name\", "
       "found \"main.a=b\""},
      {"vars = { set = { \"m.a\" = \"\" }, forbid = [\"m.a\"] }",
       "goslim.toml:3:42: vars: \"m.a\" is set and forbidden"},
      {"vars = { set = { \"m.a\" = \"it's \\\"x\\\"\" } }",
       "goslim.toml:3:26: vars: \"it's \\\"x\\\"\" holds both kinds of quotes, "
       "which go cannot pass on"},
      {"ldflags = { add = [\"-s -w\"] }",
       "goslim.toml:3:20: ldflags: expected one flag an element, found "
       "\"-s -w\""},
      {"ldflags = { add = [\"-s\", \"x\"] }",
       "goslim.toml:3:26: ldflags: expected a flag, found \"x\""},
      {"ldflags = { add = [\"-s\", \"-extldflags\"] }",
       "goslim.toml:3:26: ldflags: flag -extldflags needs a value"},
      {"ldflags = { forbid = [\"s\"] }",
       "goslim.toml:3:23: ldflags: expected a flag, found \"s\""},
      {"gcflags = { add = [\"all=-l\"] }",
       "goslim.toml:3:20: gcflags: expected a flag, found \"all=-l\""},
      {"env = { \"A=B\" = \"\" }",
       "goslim.toml:3:9: env: expected the name of a variable, found \"A=B\""},
      {"trimpath = { mode = \"warn\" }",
       "goslim.toml:3:1: trimpath: has a mode, but a value nowhere"},
  };
  for (const Case &C : Cases)
    EXPECT_EQ(errorOfRule(C.Text), C.Error);
  EXPECT_EQ(errorOfRule("ldflags = { add = [\"-X\", \"main.a=b c\", \"-s\"] }"),
            "");
  EXPECT_EQ(errorOfRule("env = { mode = \"warn\", GOOS = \"linux\" }"), "");
  EXPECT_EQ(errorOfRule("env = { value = { mode = \"x\" }, mode = \"warn\" }"),
            "");
}

TEST(PolicyFileTest, checksOverrides) {
  EXPECT_EQ(errorOfOverride("strip = \"all\""),
            "goslim.toml:2:1: override: match is missing or empty");
  EXPECT_EQ(errorOfOverride("match = {}"),
            "goslim.toml:3:9: override: match is missing or empty");
  EXPECT_EQ(errorOfOverride("match = { goos = [] }"),
            "goslim.toml:3:18: match.goos: an empty list matches nothing");
  EXPECT_EQ(errorOfOverride("match = { goos = \"windws\" }"),
            "goslim.toml:3:18: override.match.goos: expected \"aix\", "
            "\"android\", \"darwin\", \"dragonfly\", \"freebsd\", \"illumos\", "
            "\"ios\", \"js\", \"linux\", \"netbsd\", \"openbsd\", \"plan9\", "
            "\"solaris\", \"wasip1\" or \"windows\", found \"windws\", did you "
            "mean 'windows'?");
  for (std::string_view Bad :
       {"", "/abs/...", "../x", "./a/../b", "a b", "a//b", "a/", "x@v1"})
    EXPECT_EQ(
        errorOfOverride("match = { package = \"" + std::string(Bad) + "\" }"),
        "goslim.toml:3:21: match.package: expected a package pattern as "
        "\"./cmd/...\" or \"example.com/x\", found \"" +
            std::string(Bad) + "\"");
  PolicySource NoModule = source();
  NoModule.ModulePath = "";
  Result<Policy> P = parsePolicy(
      NoModule, "version = 1\n[[override]]\nmatch = { package = [\"./x\"] }\n",
      "");
  ASSERT_FALSE(bool(P));
  EXPECT_EQ(P.failure().Message,
            "goslim.toml:3:22: match.package: \"./x\" is relative, and there "
            "is no go.mod beside or above this file");
}

TEST(PolicyFileTest, followsProfiles) {
  constexpr std::string_view Text = "version = 1\n[profile.a]\ninherits = "
                                    "\"b\"\n[profile.b]\ninherits = \"c\"\n"
                                    "[profile.c]\n";
  EXPECT_EQ(errorOf(Text, true, "a"), "");
  EXPECT_EQ(errorOf(std::string(Text) + "inherits = \"a\"\n"),
            "goslim.toml:3:12: inherits: profiles in a circle: a -> b -> c -> "
            "a");
  EXPECT_EQ(errorOf(std::string(Text) + "inherits = \"bb\"\n"),
            "goslim.toml:7:12: inherits: no profile \"bb\", did you mean 'b'?");
  EXPECT_EQ(errorOf("version = 1\n[profile.x]\ninherits = \"x\"\n"),
            "goslim.toml:3:12: inherits: profiles in a circle: x -> x");
  EXPECT_EQ(errorOf("version = 1\n[profile.release]\n", true, "relase"),
            "goslim.toml: no profile \"relase\", did you mean 'release'?");
  EXPECT_EQ(errorOf("version = 1\n[profile.release]\n", true, "ci"),
            "goslim.toml: no profile \"ci\", there are: policy, release");
  EXPECT_EQ(errorOf("version = 1\n[profile.policy]\n"),
            "goslim.toml:2:10: a profile cannot be named \"policy\"");
  // A mistake in a profile that was not chosen is found as well.
  EXPECT_EQ(
      errorOf("version = 1\n[profile.x]\nvars = { set = { v = \"\" } }\n"),
      "goslim.toml:3:18: vars: expected a variable as "
      "\"importpath.name\", found \"v\"");
}

TEST(PolicyFileTest, passesOnWhatIsNotToml) {
  EXPECT_EQ(errorOf("version = 1\nversion = 1\n"),
            "goslim.toml:2:11: not valid TOML: key-value pair: cannot redefine "
            "existing integer 'version'");
  EXPECT_EQ(errorOf("version = 1\n[policy]\nstrip = \"all\n"),
            "goslim.toml:3:13: not valid TOML: string: unescaped control "
            "characters other than TAB (U+0009) are explicitly prohibited");
  EXPECT_EQ(errorOf("version = 1\n<<<<<<< HEAD\n"),
            "goslim.toml:2:1: git conflict marker");
  EXPECT_EQ(errorOf("version = 1\n=======\n"),
            "goslim.toml:2:1: git conflict marker");
  EXPECT_EQ(errorOf("a = \"\xff\"\n"),
            "goslim.toml:1:5: not valid TOML: encountered invalid utf-8 "
            "sequence");
  EXPECT_EQ(errorOf(std::string_view("a = 1\n[\0]\n", 10)),
            "goslim.toml:2:2: not valid TOML: control character 0x00");
  // An assertion of toml++ that does not hold.
  EXPECT_EQ(errorOf("[\xc3\xa9]\n"),
            "goslim.toml:1:2: not valid TOML: key: expected bare key "
            "starting character or string delimiter, saw '\xc3\xa9'");
  // And one of its switches without a default.
  EXPECT_EQ(errorOf("a \xcc\x96\n").substr(0, 16), "goslim.toml:1:3:");
  // Each dot is a level of recursion in toml++; dots in strings are not.
  std::string Dots(3000, '.');
  for (const std::string &Text :
       {"a = \"" + Dots + "\"", "a = '" + Dots + "'",
        "a = \"\"\"\"\n" + Dots + "\"\"\"\"", "a = '''\n'" + Dots + "'''",
        "# " + Dots, "a = \"\\\"" + Dots + "\""})
    EXPECT_EQ(errorOf(Text).find("dots"), std::string::npos) << Text;
  std::string Deep = "a = \"x\"\na";
  for (int I = 0; I < 100000; ++I)
    Deep += ".a";
  EXPECT_EQ(errorOf(Deep + " = 1\n"), "goslim.toml:2:4002: not valid TOML: "
                                      "more than 2000 dots in its keys");
  EXPECT_EQ(errorOf(std::string(2 << 20, '\n')),
            "goslim.toml: larger than 1048576 bytes");
  EXPECT_EQ(errorOf("x = " + std::string(100000, '[')).substr(0, 12),
            "goslim.toml:");
}

TEST(PolicyFileTest, reportsAllMistakesInFileOrder) {
  std::vector<Failure> Errors =
      policyErrors(source(), "[policy]\nz = 1\nstrip = 3\na = 1\n[x]\n", "");
  ASSERT_EQ(Errors.size(), 5u);
  EXPECT_EQ(Errors[0].Message.substr(0, 16), "goslim.toml:1:1:");
  EXPECT_EQ(Errors[1].Message.substr(0, 16), "goslim.toml:2:1:");
  EXPECT_EQ(Errors[2].Message.substr(0, 16), "goslim.toml:3:9:");
  EXPECT_EQ(Errors[3].Message.substr(0, 16), "goslim.toml:4:1:");
  EXPECT_EQ(Errors[4].Message.substr(0, 16), "goslim.toml:5:2:");
}

TEST(PolicyFileTest, foundFileMayNotRunOrWrite) {
  constexpr Case Cases[] = {
      {"env = { GOFLAGS = \"-toolexec=x\" }",
       "goslim.toml:3:9: env: GOFLAGS may run programs or change what go "
       "trusts"},
      {"env = { value = { CC = \"x\" }, mode = \"warn\" }",
       "goslim.toml:3:19: env: CC may run programs or change what go trusts"},
      {"ldflags = { add = [\"-s\", \"-extld=/tmp/x\"] }",
       "goslim.toml:3:26: ldflags: -extld writes files or runs a program"},
      {"ldflags = { add = [\"--extld\", \"x\"] }",
       "goslim.toml:3:20: ldflags: -extld writes files or runs a program"},
      {"ldflags = { add = [\"-w\", \"-o=/etc/x\"] }",
       "goslim.toml:3:26: ldflags: -o writes files or runs a program"},
      {"ldflags = { add = [\"-nosuchflag\"] }",
       "goslim.toml:3:20: ldflags: link has no flag -nosuchflag that is known "
       "to be harmless"},
      {"gcflags = { add = [\"-cpuprofile=x\"] }",
       "goslim.toml:3:20: gcflags: -cpuprofile writes files or runs a program"},
      {"asmflags = { add = [\"-o\", \"x\"] }",
       "goslim.toml:3:21: asmflags: -o writes files or runs a program"},
      {"ldflags = { add = [\"-extldflags=-static -fuse-ld=x\"] }",
       "goslim.toml:3:20: ldflags: -extldflags: \"-fuse-ld=x\" is not known to "
       "be harmless"},
      {"ldflags = { add = [\"-extldflags\", \"-Wl,-z,now,-plugin,x\"] }",
       "goslim.toml:3:20: ldflags: -extldflags: \"-Wl,-z,now,-plugin,x\" is "
       "not known to be harmless"},
      {"ldflags = { add = [\"-extldflags=-Wl,--build-id=@x\"] }",
       "goslim.toml:3:20: ldflags: -extldflags: \"-Wl,--build-id=@x\" is not "
       "known to be harmless"},
      {"ldflags = { add = [\"-extldflags=-Wl,-z\"] }",
       "goslim.toml:3:20: ldflags: -extldflags: \"-Wl,-z\" is not known to be "
       "harmless"},
      {"ldflags = { add = [\"-extldflags=@file\"] }",
       "goslim.toml:3:20: ldflags: -extldflags: \"@file\" is not known to be "
       "harmless"},
  };
  for (const Case &C : Cases) {
    EXPECT_EQ(errorOfRule(C.Text, /*Trusted=*/false), C.Error);
    EXPECT_EQ(errorOfRule(C.Text, /*Trusted=*/true), "") << C.Text;
  }
  EXPECT_EQ(errorOfRule("ldflags = { add = [\"-s\", \"-extldflags=-static "
                        "-Wl,-z,relro,-z,now -Wl,--build-id=sha1 -s "
                        "'-static-pie'\"] }",
                        false),
            "");
  EXPECT_EQ(errorOfRule("ldflags = { forbid = [\"-extld=x\"] }", false), "");
  Result<Policy> P = parsePolicy(
      source(false), "version = 1\n[policy]\nenv = { CC = \"x\" }\n", "");
  EXPECT_NE(P.failure().Note.find("GOSLIM_CONFIG"), std::string::npos);
}

TEST(PolicyFileTest, foundFileKeepsItsManifestInItsFolder) {
  auto Error = [](std::string_view Path, bool Trusted) {
    return errorOf("version = 1\n[manifest]\npath = \"" + std::string(Path) +
                       "\"\n",
                   Trusted);
  };
  for (std::string_view Bad :
       {"/etc/x.toml", "../x.toml", "a/../../x.toml", ".{name}/x.toml",
        "{name}./x.toml", ".git/x.toml", "a/..", "go.mod", "x/./y.toml"}) {
    EXPECT_EQ(Error(Bad, false).substr(0, 32),
              "goslim.toml:3:8: manifest.path: ")
        << Bad;
    EXPECT_EQ(Error(Bad, true), "") << Bad;
  }
  EXPECT_EQ(Error("{name}.toml", false), "");
  EXPECT_EQ(Error("", true), "goslim.toml:3:8: manifest.path: expected the "
                             "path of a file, found \"\"");
  EXPECT_EQ(Error("a/", true), "goslim.toml:3:8: manifest.path: expected the "
                               "path of a file, found \"a/\"");
  EXPECT_EQ(
      Error("{time}.toml", true),
      "goslim.toml:3:8: manifest.path: expected {name}, {path}, {goos} or "
      "{goarch}, found \"{time}\"");
  EXPECT_EQ(
      Error("{name", true),
      "goslim.toml:3:8: manifest.path: expected {name}, {path}, {goos} or "
      "{goarch}, found \"{name\"");
}

TEST(PolicyFileTest, fillsInManifestPaths) {
  Policy P;
  P.File = "/m/goslim.toml";
  P.Root = "/m";
  EXPECT_EQ(*manifestFile(P, "app", "linux", "amd64"),
            "/m/goslim/app.linux-amd64.toml");
  for (std::string_view Bad : {"", ".", "..", "a/b"})
    EXPECT_FALSE(bool(manifestFile(P, Bad, "linux", "amd64"))) << Bad;
  P.Manifest.Path = "{name}.toml";
  EXPECT_EQ(manifestFile(P, "goslim", "linux", "amd64").failure().Message,
            "manifest.path: /m/goslim.toml is the policy file itself");
  P.Manifest.Path = "../{name}";
  EXPECT_FALSE(bool(manifestFile(P, "x", "linux", "amd64")));
  P.Trusted = true;
  EXPECT_EQ(*manifestFile(P, "{goos}", "linux", "amd64"), "/{goos}");
}

TEST(PolicyFileTest, templateIsAPolicyThatAsksNothing) {
  std::string Text = policyTemplate();
  Result<Policy> P = parsePolicy(source(false), Text, "");
  ASSERT_TRUE(bool(P)) << P.failure().Message;
  EXPECT_EQ(printResolved(*P, Context()).find("all\""), std::string::npos);
  EXPECT_EQ(P->Manifest.Path, ManifestSettings().Path);
  EXPECT_EQ(P->Manifest.Records, ManifestSettings().Records);
  Context C;
  C.Command = "build";
  Rules R = resolve(*P, C);
  EXPECT_EQ(R.DefaultMode, Mode::Rewrite);
  EXPECT_FALSE(R.StripRule.Value || R.TrimpathRule.Value ||
               R.StaticRule.Value || R.BuildidRule.Value || R.TagsRule.Value ||
               R.VarsRule.Value || R.LdflagsRule.Value || R.GcflagsRule.Value ||
               R.AsmflagsRule.Value || R.EnvRule.Value);
  // Every key is in it.
  for (const PolicyKey &Key : policyKeys())
    EXPECT_NE(Text.find(Key.Name), std::string::npos) << Key.Name;
  for (size_t At = 0; At < Text.size(); At = Text.find('\n', At) + 1)
    EXPECT_LE(Text.find('\n', At) - At, 100u) << Text.substr(At, 120);
}

TEST(PolicyFileTest, templateHoldsWhenAllIsSwitchedOn) {
  std::string Text = policyTemplate(), On;
  for (size_t At = 0; At < Text.size();) {
    size_t End = Text.find('\n', At);
    std::string Line = Text.substr(At, End + 1 - At);
    bool Code = Line[0] == '#' && Line[1] != ' ' && Line[1] != '\n';
    On += Code ? Line.substr(1) : Line;
    At = End + 1;
  }
  Result<Policy> P = parsePolicy(source(false), On, "release");
  ASSERT_TRUE(bool(P)) << P.failure().Message << "\n" << On;
  EXPECT_EQ(*P->Base.StripRule.Value, Strip::All);
  EXPECT_EQ(P->Overrides.size(), 1u);
}

// ---- finding

namespace {
/// A folder tree that goes away.
struct Tree {
  std::string Root;
  Tree() {
    std::string Pattern = testing::TempDir() + "goslim-policy-XXXXXX";
    Root = realPath(mkdtemp(Pattern.data()));
  }
  ~Tree() { std::filesystem::remove_all(Root); }
  void write(const std::string &Path, std::string_view Text = "") {
    ASSERT_TRUE(bool(writeFileAtomic(Root + "/" + Path, Text, false)));
  }
  /// The file found from Start, without Root.
  std::string find(const std::string &Start, const std::string &GoWork = "") {
    Result<PolicySource> S = findPolicy(Root + "/" + Start, "", GoWork);
    EXPECT_TRUE(bool(S));
    EXPECT_FALSE(S->Trusted);
    return S->File.empty() ? "" : S->File.substr(Root.size() + 1);
  }
};
} // namespace

TEST(PolicyFileTest, findsTheNearestUpToTheModuleRoot) {
  Tree T;
  T.write("goslim.toml");
  T.write("m/go.mod", "// x\nmodule example.com/m // y\n");
  T.write("m/a/b/x.go");
  EXPECT_EQ(T.find("m/a/b"), ""); // not above the module
  T.write("m/goslim.toml");
  EXPECT_EQ(T.find("m/a/b"), "m/goslim.toml");
  T.write("m/a/goslim.toml");
  EXPECT_EQ(T.find("m/a/b"), "m/a/goslim.toml");
  EXPECT_EQ(T.find("m"), "m/goslim.toml");
  EXPECT_EQ(T.find("."), ""); // no module: none
  Result<PolicySource> S = findPolicy(T.Root + "/m/a/b", "", "");
  EXPECT_EQ(S->ModulePath, "example.com/m");
  EXPECT_EQ(S->Root, T.Root + "/m/a");
  EXPECT_EQ(S->Shown, "../goslim.toml");
}

TEST(PolicyFileTest, workspaceRootIsTheBound) {
  Tree T;
  T.write("ws/go.work");
  T.write("ws/goslim.toml");
  T.write("ws/m/go.mod", "module m\n");
  T.write("other/go.mod", "module o\n");
  EXPECT_EQ(T.find("ws/m"), "ws/goslim.toml");
  EXPECT_EQ(T.find("ws/m", "auto"), "ws/goslim.toml");
  EXPECT_EQ(T.find("ws/m", "off"), "");
  EXPECT_EQ(T.find("other"), "");
  EXPECT_EQ(T.find("other", T.Root + "/ws/go.work"), "ws/goslim.toml");
  EXPECT_EQ(T.find("ws/m", T.Root + "/other/go.work"), "");
}

TEST(PolicyFileTest, explicitFileIsTrustedAndMustExist) {
  Tree T;
  T.write("team/policy.toml");
  T.write("m/go.mod", "module example.com/m\n");
  Result<PolicySource> S = findPolicy(T.Root + "/m", "../team/policy.toml", "");
  ASSERT_TRUE(bool(S));
  EXPECT_TRUE(S->Trusted);
  EXPECT_EQ(S->File, T.Root + "/team/policy.toml");
  EXPECT_EQ(S->ModulePath, "example.com/m");
  S = findPolicy(T.Root + "/m", "nosuch.toml", "");
  ASSERT_FALSE(bool(S));
  EXPECT_EQ(S.failure().Message, "nosuch.toml: no such file");
  S = findPolicy(T.Root, "team", "");
  EXPECT_EQ(S.failure().Message, "team: not a regular file");
}

TEST(PolicyFileTest, readsModuleLines) {
  constexpr std::pair<std::string_view, std::string_view> Cases[] = {
      {"module example.com/m", "example.com/m"},
      {"// c\n\n  module\texample.com/m // x\r\n", "example.com/m"},
      {"module \"example.com/q\"\n", "example.com/q"},
      {"module `example.com/r`\n", "example.com/r"},
      {"module (\n\t// c\n\texample.com/b\n)\n", "example.com/b"},
      {"go 1.21\nmodule x\n", "x"},
      {"modules x\n", ""},
      {"module\n", ""},
      {"module \"unclosed", ""},
      {"module (\n)\n", ""},
      {"", ""},
  };
  for (auto [GoMod, Path] : Cases) {
    Tree T;
    T.write("go.mod", GoMod);
    T.write("goslim.toml");
    Result<PolicySource> S = findPolicy(T.Root, "", "off");
    ASSERT_TRUE(bool(S));
    EXPECT_EQ(S->ModulePath, Path) << GoMod;
  }
}
