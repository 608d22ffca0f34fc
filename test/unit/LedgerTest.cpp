//===- LedgerTest.cpp -------------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Records are read back as they were written, damage costs one line, and a
// link's inputs tell what came from the cache.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/Ledger.h"
#include "goslim/Base/FileIO.h"
#include <gtest/gtest.h>
#include <unistd.h>

using namespace goslim;

namespace {

StepRecord compileStep(std::string Package, uint64_t Start) {
  StepRecord S;
  S.Tool = ToolKind::Compile;
  S.Package = std::move(Package);
  S.StartUnixMs = Start;
  return S;
}

struct LedgerTest : testing::Test {
  Session S;
  void SetUp() override {
    char Template[] = "/tmp/goslim-ledger-XXXXXX";
    ASSERT_NE(mkdtemp(Template), nullptr);
    S.Folder = std::string(Template) + "/one";
    S.StartDir = "/m";
    ASSERT_TRUE(bool(createSession(S, "")));
  }
  void TearDown() override {
    for (const char *Name : {"session", "steps.jsonl", "link-1.importcfg"})
      ::unlink((S.Folder + "/" + Name).c_str());
    ::rmdir(S.Folder.c_str());
    ::rmdir(std::string(parentPath(S.Folder)).c_str());
  }
  Ledger read() {
    llvm::Expected<Ledger> L = readLedger(S.Folder);
    EXPECT_TRUE(bool(L));
    return L ? std::move(*L) : Ledger();
  }
};

TEST(Ledger, StepRecordRoundTrip) {
  StepRecord S = compileStep("a/b [a/b.test]", 1700000000123);
  S.Status.WallUs = 5;
  S.Status.UserUs = 6;
  S.Status.SystemUs = 7;
  S.Status.MaxRss = uint64_t(1) << 40;
  S.Status.ExitCode = 2;
  S.Args = {"-p", "a\"b\n", "\xc3\xa9"};
  S.Run = {"-trimpath"};
  S.Edits = {{RuleId::Strip, "", "-s"}};
  S.Findings = {{"GS101", Severity::Warning, {"p.toml", 3, 4}, "m", "f"}};
  S.InFiles = 3;
  S.InBytes = 4;
  S.Out = "/w/b001/_pkg_.a";
  S.OutBytes = 9;
  S.BuildId = "x/y";
  S.Importcfg = "link-1.importcfg";
  llvm::Expected<StepRecord> Back = parseStepRecord(toJsonLine(S));
  ASSERT_TRUE(bool(Back)) << llvm::toString(Back.takeError());
  EXPECT_EQ(toJsonLine(*Back), toJsonLine(S));
  EXPECT_EQ(Back->Status.MaxRss, uint64_t(1) << 40);
  EXPECT_EQ(Back->Findings[0].Where.Line, 3u);
}

TEST(Ledger, FindingRoundTrip) {
  Finding F{"GS302", Severity::Warning, {"goslim.toml", 3, 1}, "a\n\"b", "fix"};
  llvm::Expected<Finding> Back = parseFinding(toJsonLine(F));
  ASSERT_TRUE(bool(Back)) << llvm::toString(Back.takeError());
  EXPECT_EQ(toJsonLine(*Back), toJsonLine(F));
  EXPECT_EQ(Back->Level, Severity::Warning);
  EXPECT_EQ(Back->Where.Column, 1u);
}

TEST(Ledger, DamagedRecords) {
  for (const char *Json : {"", "[]", "{", "{\"package\":\"a\"}", "{\"tool\":1}",
                           "null", "{\"tool\":\"link\"}x"}) {
    llvm::Expected<StepRecord> S = parseStepRecord(Json);
    EXPECT_FALSE(bool(S)) << Json;
    llvm::consumeError(S.takeError());
  }
  // Wrong types of optional keys are as good as absent.
  llvm::Expected<StepRecord> S = parseStepRecord(
      R"({"tool":"link","wall_us":-1,"args":{},"edits":[1,{"rule":"x"}]})");
  ASSERT_TRUE(bool(S));
  EXPECT_EQ(S->Status.WallUs, 0u);
  EXPECT_TRUE(S->Edits.empty());
}

TEST(Ledger, WhatALinkRead) {
  std::vector<LinkArchive> Archives =
      linkArchives("# import config\npackagefile fmt=/cache/ab/cd-d\n"
                   "packagefile main=/t/go-build1/b001/_pkg_.a\n"
                   "modinfo \"x\"\n",
                   "/t/go-build1/b001/exe/a.out");
  ASSERT_EQ(Archives.size(), 2u);
  EXPECT_EQ(Archives[0].Package, "fmt");
  EXPECT_TRUE(Archives[0].Cached);
  EXPECT_FALSE(Archives[1].Cached);
}

TEST_F(LedgerTest, NoStepsAtAll) {
  EXPECT_TRUE(read().Steps.empty());
  EXPECT_EQ(read().BadLines, 0u);
}

TEST_F(LedgerTest, DamagedLinesAreCounted) {
  std::string Lines = toJsonLine(compileStep("b", 2)) + "{\"tool\":\n\n" +
                      toJsonLine(compileStep("a", 1)) + "{\"tool\":\"link\"";
  ASSERT_TRUE(bool(writeFileAtomic(S.Folder + "/steps.jsonl", Lines, false)));
  Ledger L = read();
  ASSERT_EQ(L.Steps.size(), 2u);
  EXPECT_EQ(L.Steps[0].Record.Package, "a"); // by start
  EXPECT_EQ(L.BadLines, 2u);
}

TEST_F(LedgerTest, CachedStepsComeFromTheLink) {
  StepRecord Link = compileStep("main", 3);
  Link.Tool = ToolKind::Link;
  Link.Out = "/t/go-build1/b001/exe/a.out";
  Link.Importcfg = "link-1.importcfg";
  std::string Lines = toJsonLine(compileStep("main", 1)) + toJsonLine(Link);
  ASSERT_TRUE(bool(writeFileAtomic(S.Folder + "/steps.jsonl", Lines, false)));
  ASSERT_TRUE(
      bool(writeFileAtomic(S.Folder + "/link-1.importcfg",
                           "packagefile main=/t/go-build1/b001/_pkg_.a\n"
                           "packagefile fmt=/none/x-d\npackagefile errors=" +
                               S.Folder + "/session\n",
                           false)));
  Ledger L = read();
  ASSERT_EQ(L.Steps.size(), 4u);
  EXPECT_EQ(L.Steps[2].Record.Package, "errors");
  EXPECT_TRUE(L.Steps[2].Cached);
  EXPECT_EQ(int64_t(L.Steps[2].Record.OutBytes),
            fileSize(S.Folder + "/session"));
  EXPECT_EQ(L.Steps[3].Record.Package, "fmt");
  EXPECT_EQ(L.Steps[3].Record.OutBytes, 0u);
}

TEST(Ledger, NotASession) {
  llvm::Expected<Ledger> L = readLedger("/nonexistent/x");
  EXPECT_FALSE(bool(L));
  EXPECT_NE(llvm::toString(L.takeError()).find("/nonexistent/x"),
            std::string::npos);
}

} // namespace
