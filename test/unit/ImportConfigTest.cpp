#include "goslim/Tool/ImportConfig.h"
#include "Words.h"
#include "goslim/Tool/Quoted.h"
#include <gtest/gtest.h>

using namespace goslim;

static constexpr std::string_view Link =
    "packagefile fmt=/cache/ab/abcd-d\n"
    "packageshlib x=/lib/libx.so\n"
    "# comment\n\n"
    "packagefile a=b=$WORK/b002/_pkg_.a\r\n"
    "modinfo \"0w\\xaf\\f path\\tx\\n\"\n";

TEST(ImportConfigTest, linesAndFields) {
  Result<ImportConfig> Config = parseImportConfig(Link);
  ASSERT_TRUE(bool(Config));
  EXPECT_EQ(print(*Config), Link);
  ASSERT_EQ(Config->Lines.size(), 7u);
  EXPECT_EQ(Config->Lines[0].Verb, "packagefile");
  EXPECT_EQ(Config->Lines[0].Key, "fmt");
  EXPECT_EQ(Config->Lines[0].Value, "/cache/ab/abcd-d");
  EXPECT_EQ(Config->Lines[2].Verb, "");
  EXPECT_EQ(Config->Lines[4].Key, "a");
  EXPECT_EQ(Config->Lines[4].Value, "b=$WORK/b002/_pkg_.a");
  ASSERT_TRUE(Config->modinfo());
  EXPECT_EQ(*goUnquote(Config->modinfo()->Value), "0w\xaf\f path\tx\n");
}

TEST(ImportConfigTest, changedLineIsPrinted) {
  Result<ImportConfig> Config = parseImportConfig("modinfo \"a\"\nfuture x y");
  ASSERT_TRUE(bool(Config));
  Config->Lines[0].Text = "modinfo \"b\"";
  EXPECT_EQ(print(*Config), "modinfo \"b\"\nfuture x y");
  EXPECT_EQ(Config->Lines[1].Verb, "future");
  EXPECT_EQ(parseImportConfig("")->modinfo(), nullptr);
  EXPECT_EQ(print(*parseImportConfig("")), "");
}

TEST(ImportConfigTest, malformed) {
  EXPECT_EQ(
      parseImportConfig("packagefile a=b\npackagefile a").failure().Message,
      "line 2: invalid packagefile: expected 'packagefile A=B', found "
      "'packagefile a'");
  for (std::string_view Bad :
       {"packagefile", "packagefile =b", "packagefile a=", "importmap x",
        "packageshlib  "})
    EXPECT_FALSE(bool(parseImportConfig(Bad))) << Bad;
}

TEST(ImportConfigTest, printUndoesParse) {
  RandomWords Random(
      {"packagefile ", "modinfo ", "a", "=", " ", "\n", "\r\n", "#"});
  for (unsigned I = 0; I != 20000; ++I) {
    std::string Text = Random.word(12);
    if (Result<ImportConfig> Config = parseImportConfig(Text)) {
      ASSERT_EQ(print(*Config), Text);
    }
  }
}

static constexpr std::string_view Info =
    "path\texample.com/m/cmd/x\n"
    "mod\texample.com/m\t(devel)\t\n"
    "dep\tgithub.com/a/b\tv1.2.3\th1:abc=\n"
    "dep\tgithub.com/c/d\tv0.1.0\n=>\t../d\t\t\n\n"
    "dep\tgithub.com/e/f\tv0.2.0\n=>\tgithub.com/g/f\tv0.3.0\th1:def=\n\n"
    "build\t-buildmode=exe\n"
    "build\t-compiler=gc\n"
    "build\t-ldflags=\"-s -w -X 'main.name=Größe \\\"x\\\"'\"\n"
    "build\tDefaultGODEBUG=panicnil=1\n"
    "build\tCGO_ENABLED=1\n"
    "build\tCGO_CFLAGS=\n"
    "build\tGOARCH=amd64\n"
    "build\tGOOS=linux\n"
    "build\tGOAMD64=v1\n"
    "build\tvcs=git\n"
    "build\tvcs.modified=true\n";

TEST(ModInfoTest, fields) {
  Result<ModInfo> M = parseModInfo(Info);
  ASSERT_TRUE(bool(M));
  EXPECT_EQ(print(*M), Info);
  EXPECT_EQ(M->Path, "example.com/m/cmd/x");
  ASSERT_TRUE(M->Main);
  EXPECT_EQ(M->Main->Version, "(devel)");
  ASSERT_EQ(M->Deps.size(), 3u);
  EXPECT_EQ(M->Deps[0].Sum, "h1:abc=");
  EXPECT_FALSE(M->Deps[0].HasReplace);
  EXPECT_EQ(M->Deps[1].ReplacePath, "../d");
  EXPECT_EQ(M->Deps[2].ReplaceSum, "h1:def=");
  EXPECT_EQ(M->setting("-ldflags"), "-s -w -X 'main.name=Größe \"x\"'");
  EXPECT_EQ(M->setting("GOOS"), "linux");
  EXPECT_EQ(M->setting("nosuch"), "");
}

/// Info with one line added in front of the line that starts with Before.
static std::string with(std::string Line, std::string_view Before) {
  std::string Out(Info);
  return Out.insert(Before.empty() ? Out.size() : Out.find(Before), Line);
}

TEST(ModInfoTest, settingsGoWhereGoPutsThem) {
  auto Set = [](std::string_view Key, std::string Value) {
    ModInfo M = *parseModInfo(Info);
    M.setSetting(Key, std::move(Value));
    return print(M);
  };
  EXPECT_EQ(Set("-trimpath", "true"),
            with("build\t-trimpath=true\n", "build\tDefaultGODEBUG"));
  EXPECT_EQ(Set("-cover", "true"),
            with("build\t-cover=true\n", "build\tDefaultGODEBUG"));
  EXPECT_EQ(Set("-gcflags", "-N -l"),
            with("build\t-gcflags=\"-N -l\"\n", "build\t-ldflags"));
  EXPECT_EQ(Set("-asan", "true"), with("build\t-asan=true\n", "build\t-build"));
  EXPECT_EQ(Set("CGO_LDFLAGS", "-g"),
            with("build\tCGO_LDFLAGS=-g\n", "build\tGOARCH"));
  EXPECT_EQ(Set("GOEXPERIMENT", "x"),
            with("build\tGOEXPERIMENT=x\n", "build\tGOOS"));
  EXPECT_EQ(Set("vcs.time", "t"),
            with("build\tvcs.time=t\n", "build\tvcs.mod"));
  EXPECT_EQ(Set("future", ""), with("build\tfuture=\n", ""));
}

TEST(ModInfoTest, settingsAreSortedWhenThereIsAProfile) {
  // load/pkg.go setPGOProfilePath: all settings by key, as strings.
  Result<ModInfo> M = parseModInfo("build\t-compiler=gc\nbuild\t-pgo=p\n"
                                   "build\tCGO_ENABLED=0\nbuild\tGOAMD64=v1\n"
                                   "build\tGOOS=linux\n");
  ASSERT_TRUE(bool(M));
  M->setSetting("-cover", "true");
  M->setSetting("GOARCH", "amd64");
  EXPECT_EQ(print(*M),
            "build\t-compiler=gc\nbuild\t-cover=true\nbuild\t-pgo=p\n"
            "build\tCGO_ENABLED=0\nbuild\tGOAMD64=v1\nbuild\tGOARCH=amd64\n"
            "build\tGOOS=linux\n");
}

TEST(ModInfoTest, replaceAndRemoveSettings) {
  ModInfo M = *parseModInfo(Info);
  M.setSetting("-ldflags", "-s");
  EXPECT_NE(print(M).find("build\t-ldflags=-s\n"), std::string::npos);
  M.setSetting("-ldflags", std::nullopt);
  EXPECT_EQ(print(M).find("ldflags"), std::string::npos);
  std::string Before = print(M);
  M.setSetting("nosuch", std::nullopt);
  EXPECT_EQ(print(M), Before);
}

TEST(ModInfoTest, malformed) {
  auto Message = [](std::string_view Text) {
    Result<ModInfo> M = parseModInfo(Text);
    return M ? "" : M.failure().Message;
  };
  EXPECT_EQ(Message("path\tx\nmod\tx\n"),
            "build info line 2: expected 2 or 3 columns, found 1");
  EXPECT_EQ(Message("dep\ta\tb\tc\td\n"),
            "build info line 1: expected 2 or 3 columns, found 4");
  EXPECT_EQ(Message("=>\ta\tb\tc\n"),
            "build info line 1: replacement with no module on previous line");
  EXPECT_EQ(Message("dep\ta\tb\n=>\ta\n"),
            "build info line 2: expected 3 columns for replacement, found 1");
  EXPECT_EQ(Message("dep\ta\tb\n=>\ta\tb\tc\n=>\ta\tb\tc\n"),
            "build info line 3: replacement with no module on previous line");
  EXPECT_EQ(Message("build\t\n"), "build info line 1: build line missing '='");
  EXPECT_EQ(Message("build\tx\n"),
            "build info line 1: build line missing '=' after key");
  EXPECT_EQ(Message("build\t=x\n"),
            "build info line 1: build line with missing or unquoted key");
  EXPECT_EQ(Message("build\t\"x\n"),
            "build info line 1: invalid quoted key in build line");
  EXPECT_EQ(Message("build\t\"x\"\n"),
            "build info line 1: build line missing '=' after quoted key");
  EXPECT_EQ(Message("build\tx=a b\n"),
            "build info line 1: unquoted value in build line");
  EXPECT_EQ(Message("build\tx=\"a\n"),
            "build info line 1: invalid quoted value in build line");
}

TEST(ModInfoTest, lenient) {
  EXPECT_EQ(parseModInfo("build\t\"a b\"=`x\"y`\n")->setting("a b"), "x\"y");
  Result<ModInfo> M = parseModInfo("future\tx\npath\ty\nno newline");
  ASSERT_TRUE(bool(M));
  EXPECT_EQ(print(*M), "path\ty\nfuture\tx\n");
}

TEST(ModInfoTest, printIsStable) {
  RandomWords Random({"path\t", "mod\t", "dep\t", "=>\t", "build\t", "a", "=",
                      "\t", "\n", "\"", "`", "\\", " ", "v1"});
  for (unsigned I = 0; I != 50000; ++I) {
    Result<ModInfo> M = parseModInfo(Random.word(16) + "\n");
    if (!M)
      continue;
    std::string Once = print(*M);
    Result<ModInfo> Again = parseModInfo(Once);
    ASSERT_TRUE(bool(Again)) << Once << Again.failure().Message;
    ASSERT_EQ(print(*Again), Once);
  }
}

TEST(ModInfoTest, markers) {
  EXPECT_EQ(ModInfoStart.size(), 16u);
  EXPECT_EQ(ModInfoEnd.size(), 16u);
  EXPECT_EQ(goQuote(ModInfoStart),
            R"("0w\xaf\f\x92t\b\x02A\xe1\xc1\a\xe6\xd6\x18\xe6")");
}
