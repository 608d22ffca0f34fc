//===- ManifestTest.cpp -----------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The round trip of a manifest, its order, what it refuses, and the cutting of
// flags and environment down to what is the same everywhere.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/Manifest.h"
#include "goslim/Manifest/BuildFacts.h"
#include <gtest/gtest.h>

using namespace goslim;
using Words = std::vector<std::string>;

namespace {

const std::vector<Record> Everything = {Record::Flags, Record::Steps,
                                        Record::Sections, Record::Packages,
                                        Record::Environment};

Manifest example() {
  Manifest M;
  M.Name = "app";
  M.ImportPath = "example.com/m/cmd/app";
  M.Goos = "linux";
  M.Goarch = "amd64";
  M.Buildmode = "exe";
  M.GoVersion = "go1.26.8";
  M.Size = 175;
  M.Memory = 120;
  M.LinkFlags = {"-buildmode=exe", "-s", "-X=main.v=a \"b\" \\ \t\n\x7f é"};
  M.Settings = {{"-trimpath", "true"}, {"", "odd"}, {"a.b", ""}};
  M.Environment = {{"CGO_ENABLED", "0"}};
  M.Edits = {{"strip", "link", "", "-s"}};
  M.Modules = {{"example.com/m", "", "", ""},
               {"example.com/x", "v1.0.0", "h1:abc=", ".../y"}};
  M.Sections = {{".text", 100, 100}, {".bss", 0, 20}, {".text", 1, 0}};
  M.Packages = {{"fmt", "std", {{"code", 100}, {"linker-table", 5}}, 100},
                {"errors", "std", {}, 20}};
  M.Rest = {{"pclntab", 60}, {"padding", 10}};
  M.Steps = {{"link", "example.com/m/cmd/app", 70}, {"compile", "fmt", 105}};
  return M;
}

std::string parseError(const std::string &Toml) {
  llvm::Expected<Manifest> M = parseManifest("m.toml", Toml);
  return M ? "" : llvm::toString(M.takeError());
}

TEST(Manifest, RoundTripIsIdentity) {
  std::string Toml = toToml(example(), Everything);
  llvm::Expected<Manifest> Back = parseManifest("m.toml", Toml);
  ASSERT_TRUE(bool(Back)) << llvm::toString(Back.takeError());
  EXPECT_EQ(toToml(*Back, Everything), Toml);
  EXPECT_EQ(Back->Size, 175u);
  EXPECT_EQ(Back->Memory, 120u);
  EXPECT_EQ(Back->LinkFlags, example().LinkFlags);
  EXPECT_EQ(Back->Settings, example().Settings);
}

TEST(Manifest, OrderOfTheModelDoesNotMatter) {
  Manifest M = example();
  std::reverse(M.Packages.begin(), M.Packages.end());
  std::reverse(M.Rest.begin(), M.Rest.end());
  std::reverse(M.Steps.begin(), M.Steps.end());
  std::reverse(M.Modules.begin(), M.Modules.end());
  EXPECT_EQ(toToml(M, Everything), toToml(example(), Everything));
}

TEST(Manifest, RecordsSelectTables) {
  std::string Toml = toToml(example(), {Record::Sections});
  EXPECT_NE(Toml.find("[program]"), std::string::npos);
  EXPECT_NE(Toml.find("[[section]]"), std::string::npos);
  for (const char *Table : {"[flags]", "[[edit]]", "[environment]",
                            "[[package]]", "[[rest]]", "[[step]]"})
    EXPECT_EQ(Toml.find(Table), std::string::npos) << Table;
  EXPECT_EQ(parseError(Toml), "");
}

TEST(Manifest, NoTotalIsWritten) {
  // What two branches both change, they conflict on.
  std::string Toml = toToml(example(), {Record::Packages});
  EXPECT_EQ(Toml.find("175"), std::string::npos);
}

TEST(Manifest, PartsMustAddUp) {
  Manifest M = example();
  M.Steps[1].Bytes += 1;
  EXPECT_EQ(parseError(toToml(M, Everything)),
            "m.toml: the parts do not add up: steps 176 bytes, packages and "
            "rest 175 bytes; regenerate the file with 'goslim build'");
  M = example();
  M.Sections[0].Size = 1000;
  EXPECT_EQ(parseError(toToml(M, Everything)),
            "m.toml: the parts do not add up: sections 1001 bytes, file 175 "
            "bytes; regenerate the file with 'goslim build'");
}

TEST(Manifest, RefusesWithAPlace) {
  std::string Head = "version = 1\n";
  const std::pair<std::string, std::string> Cases[] = {
      {"", "m.toml:1:1: missing 'version', expected 1"},
      {"version = 2", "m.toml:1:11: manifest version 2 is newer than this "
                      "goslim, which knows version 1"},
      {"version = 0", "m.toml:1:11: unknown manifest version 0, expected 1"},
      {Head + "x = 1", "m.toml:2:5: unknown key 'x' in the manifest"},
      {Head + "[program]\nnam = \"a\"",
       "m.toml:3:7: unknown key 'nam' in [program]"},
      {Head + "[program]\nname = 1", "m.toml:3:8: 'name' is not a string"},
      {Head + "package = 1",
       "m.toml:2:11: 'package' is not an array of tables"},
      {Head + "package = [1]",
       "m.toml:2:11: 'package' is not an array of tables"},
      {Head + "[[step]]\ntool = \"link\"", "m.toml:2:1: missing 'bytes'"},
      {Head + "[[step]]\ntool = \"link\"\nbytes = -1",
       "m.toml:4:9: 'bytes' is not a number of bytes"},
      {Head + "[[package]]\npath = \"a\"\nmemory = 0\nbytes.junk = 1",
       "m.toml:5:14: unknown kind 'junk'"},
      {Head + "[[rest]]\nname = \"a\"\nbytes = 1\n[[rest]]\nname = \"a\"\n"
              "bytes = 1",
       "m.toml:5:1: rest 'a' is there twice; regenerate the file with 'goslim "
       "build'"},
      {Head + "<<<<<<< HEAD\n", "m.toml:2: conflict marker '<<<<<<<' of git in "
                                "a generated file; regenerate the file with "
                                "'goslim build'"},
      {Head + ">>>>>>> x\n", "m.toml:2: conflict marker '>>>>>>>' of git in a "
                             "generated file; regenerate the file with 'goslim "
                             "build'"},
  };
  for (const auto &[Toml, Message] : Cases)
    EXPECT_EQ(parseError(Toml), Message);
  EXPECT_EQ(parseError(Head + "a = = 1").find("m.toml:2:5: "), 0u);
}

TEST(Manifest, PathPlaces) {
  EXPECT_EQ(manifestPath("goslim/{name}.{goos}-{goarch}.toml", example()),
            "goslim/app.linux-amd64.toml");
  EXPECT_EQ(manifestPath("{path}{x}{", example()), "example.com-m-cmd-app{x}{");
}

TEST(BuildFacts, WithoutPaths) {
  const std::pair<const char *, const char *> Cases[] = {
      {"-L/home/me/lib", "-L.../lib"},
      {"/usr/bin/gcc -I/a/b/ -Wl,-rpath,/x",
       ".../gcc -I.../b -Wl,-rpath,.../x"},
      {"main.url=https://a.example/x", "main.url=https://a.example/x"},
      {"main.dir=/a", "main.dir=.../a"},
      {"-ffile-prefix-map=/a/b=/c", "-ffile-prefix-map=.../b=.../c"},
      {"a/b ./c ../d", "a/b ./c ../d"},
      {"C:\\x\\gcc.exe", ".../gcc.exe"},
      {"/x(C:\\y", ".../x(.../y"},
      {"@/tmp/args /a@v1/b", "@.../args .../b"},
      {"'/a b'", "'.../a b'"},
      {"1/2 / // -/", "1/2 / // -/"}};
  for (auto &[Text, Cut] : Cases)
    EXPECT_EQ(withoutPaths(Text), Cut);
}

TEST(BuildFacts, LinkFlagsMeanTheSameInEveryOrder) {
  std::string Id(20, 'a');
  Words Native = {"-o",
                  "/tmp/go-build1/b001/exe/a.out",
                  "-importcfg",
                  "/c",
                  "-buildmode=exe",
                  "-buildid=" + Id + "/b/c/" + Id,
                  "-X",
                  "main.b=1",
                  "-X=main.a=0",
                  "-X=main.a=2",
                  "-s",
                  "-extld=/usr/bin/gcc"};
  Words Rewritten = {"-s=true", "-X=main.a=2", "-X=main.b=1", "-buildmode",
                     "exe"};
  Words Wanted = {"-X=main.a=2", "-X=main.b=1", "-buildmode=exe", "-s"};
  EXPECT_EQ(linkFlagsForManifest(Native, false), Wanted);
  EXPECT_EQ(linkFlagsForManifest(Rewritten, false), Wanted);
}

TEST(BuildFacts, LinkFlagsWithC) {
  Words Flags = {"-extld=/usr/bin/gcc", "-buildid="};
  EXPECT_EQ(linkFlagsForManifest(Flags, true),
            Words({"-buildid=", "-extld=.../gcc"}));
  EXPECT_EQ(linkFlagsForManifest(Flags, false), Words({"-buildid="}));
}

TEST(BuildFacts, EnvironmentByAllowList) {
  auto Env = [](llvm::StringRef Name) -> std::string {
    if (Name == "GOFLAGS")
      return "-toolexec=goslim-wrap -trimpath -buildvcs=false -v "
             "'-ldflags=-s -L/x/y'";
    if (Name == "GODEBUG")
      return "gocacheverify=1,http2client=0,gocachehash=1";
    if (Name == "GOFIPS140")
      return "off";
    return Name == "GOARM" || Name == "GOEXPERIMENT" ? "" : "v";
  };
  std::map<std::string, std::string> Pure = {
      {"CGO_ENABLED", "v"},
      {"GOAMD64", "v"},
      {"GODEBUG", "http2client=0"},
      {"GOFLAGS", "-trimpath -ldflags=-s -L.../y"}};
  EXPECT_EQ(environmentForManifest(Env, "amd64", false), Pure);
  EXPECT_EQ(environmentForManifest(Env, "arm", true).count("CC"), 1u);
  EXPECT_EQ(environmentForManifest(Env, "arm", true).count("GOAMD64"), 0u);
}

TEST(BuildFacts, ProgramNameAsGo) {
  const std::pair<const char *, const char *> Cases[] = {
      {"example.com/m/cmd/app", "app"},
      {"example.com/caddy/v2", "caddy"},
      {"example.com/x/v0", "v0"},
      {"example.com/x/v1", "v1"},
      {"example.com/x/v10", "x"},
      {"v2", "v2"},
      {"app", "app"},
      {"", ""}};
  for (auto &[Path, Name] : Cases)
    EXPECT_EQ(programName(Path), Name) << Path;
}

} // namespace
