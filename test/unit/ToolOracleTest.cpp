//===- ToolOracleTest.cpp - our codecs against Go's own -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Replays what test/Inputs/tool-oracle/main.go printed, which links the code of
// cmd/go itself: run by test/Tool/oracle-*.test, skipped otherwise.
//===----------------------------------------------------------------------===//
#include "goslim/Base/FileIO.h"
#include "goslim/Tool/GoCommand.h"
#include "goslim/Tool/ImportConfig.h"
#include "goslim/Tool/Quoted.h"
#include "goslim/Tool/ResponseFile.h"
#include <charconv>
#include <gtest/gtest.h>
#include <map>

using namespace goslim;

using List = std::vector<std::string>;

namespace {
/// One line: "split x616263 true x61".
struct Case {
  std::string Kind;
  List Tokens; ///< decoded
};

/// What Go answered, replayed case by case.
struct Oracle : testing::Test {
  ResponseFormat Format = ResponseFormat::Gcc;
  GoCommand TestLine; ///< the "test" case that the following ones are about
  void replay(const Case &C);
};
} // namespace

static Case parseCase(std::string_view Line) {
  Case Out;
  while (!Line.empty()) {
    size_t End = std::min(Line.find(' '), Line.size());
    std::string_view Token = Line.substr(0, End);
    std::string Text(Token);
    if (Token.starts_with('x') && !Out.Kind.empty()) {
      Text.clear();
      for (size_t I = 1; I + 1 < Token.size(); I += 2) {
        unsigned Byte = 0;
        std::from_chars(&Token[I], &Token[I] + 2, Byte, 16);
        Text += char(Byte);
      }
    }
    if (Out.Kind.empty())
      Out.Kind = Text;
    else
      Out.Tokens.push_back(Text);
    Line.remove_prefix(std::min(End + 1, Line.size()));
  }
  return Out;
}

/// The text of a real importcfg.link's modinfo line, markers taken off. What
/// cmd/go wrote is printed back byte for byte at every level.
static void readRealModInfo(const char *Path, std::string &Text) {
  Result<std::string> File = readFile(Path);
  ASSERT_TRUE(bool(File)) << File.failure().Message;
  Result<ImportConfig> Config = parseImportConfig(*File);
  ASSERT_TRUE(bool(Config)) << Config.failure().Message;
  ASSERT_EQ(print(*Config), *File);
  ASSERT_TRUE(Config->modinfo());
  Result<std::string> Whole = goUnquote(Config->modinfo()->Value);
  ASSERT_TRUE(bool(Whole)) << Whole.failure().Message;
  ASSERT_EQ("modinfo " + goQuote(*Whole), Config->modinfo()->Text);
  ASSERT_TRUE(Whole->starts_with(ModInfoStart) && Whole->ends_with(ModInfoEnd));
  Text = Whole->substr(16, Whole->size() - 32);
  Result<ModInfo> Info = parseModInfo(Text);
  ASSERT_TRUE(bool(Info)) << Info.failure().Message;
  ASSERT_TRUE(Info->Unknown.empty());
  ASSERT_EQ(print(*Info), Text);
}

/// GOSLIM_ORACLE_IMPORTCFG: the file. Its build information is printed for
/// comparison with go version -m. With GOSLIM_ORACLE_PLAIN, the file of the
/// same build without flags, setting what GOSLIM_ORACLE_SET says, KEY=VALUE or
/// KEY (remove) a line, must turn that into the first.
TEST(OracleModInfo, real) {
  const char *Path = getenv("GOSLIM_ORACLE_IMPORTCFG");
  if (!Path)
    GTEST_SKIP() << "run by test/Tool/modinfo.test";
  std::string Text, Plain;
  ASSERT_NO_FATAL_FAILURE(readRealModInfo(Path, Text));
  if (const char *Without = getenv("GOSLIM_ORACLE_PLAIN")) {
    ASSERT_NO_FATAL_FAILURE(readRealModInfo(Without, Plain));
    ModInfo Info = *parseModInfo(Plain);
    std::string_view Changes = getenv("GOSLIM_ORACLE_SET");
    while (!Changes.empty()) {
      size_t End = std::min(Changes.find('\n'), Changes.size());
      std::string_view Change = Changes.substr(0, End);
      size_t Equal = Change.find('=');
      Info.setSetting(Change.substr(0, Equal),
                      Equal == Change.npos ? std::nullopt
                                           : std::optional(std::string(
                                                 Change.substr(Equal + 1))));
      Changes.remove_prefix(std::min(End + 1, Changes.size()));
    }
    ASSERT_EQ(print(Info), Text);
  }
  printf("%s", Text.c_str());
}

static List behind(const List &Tokens, size_t Count) {
  return {Tokens.begin() + Count, Tokens.end()};
}

static void expectSame(const List &Tokens, const Result<List> &Ours) {
  ASSERT_EQ(Tokens[1] == "true", bool(Ours)) << Tokens[0];
  if (Ours) {
    ASSERT_EQ(behind(Tokens, 2), *Ours) << Tokens[0];
  }
}

static void checkPattern(const List &Tokens) {
  Result<PatternFlags> Flags = parsePatternFlags(Tokens[0]);
  expectSame(Tokens, Flags ? Result<List>(Flags->Words) : Flags.failure());
}

static void checkQuoting(const Case &C) {
  const List &T = C.Tokens;
  if (C.Kind == "split") {
    expectSame(T, splitQuoted(T[0]));
  } else if (C.Kind == "join") {
    List Words = behind(T, 1);
    // Go loses empty words; everything else is written alike.
    if (std::find(Words.begin(), Words.end(), "") == Words.end()) {
      ASSERT_EQ(T[0], *joinQuoted(Words));
    }
  } else if (C.Kind == "quote") {
    ASSERT_EQ(T[1], goQuote(T[0]));
  } else {
    Result<std::string> Plain = goUnquote(T[0]);
    ASSERT_EQ(T[1] == "true", bool(Plain)) << T[0];
    if (Plain) {
      ASSERT_EQ(T[2], *Plain);
    }
  }
}

/// Reading agrees, and for what Go would write, so does writing.
static void checkBuildInfo(const List &Tokens) {
  Result<ModInfo> Info = parseModInfo(Tokens[0]);
  ASSERT_EQ(Tokens[1] == "true", bool(Info)) << Tokens[0];
  if (!Info)
    return;
  Info->Unknown.clear(); // Go drops these
  ASSERT_EQ(Tokens[2], print(*Info)) << Tokens[0];
}

/// kind count argv... rest...: the words that verb leaves behind its flags.
static void checkVerb(const List &Tokens) {
  size_t Count = std::stoul(Tokens[1]);
  List Argv = {Tokens[0]};
  Argv.insert(Argv.end(), Tokens.begin() + 2, Tokens.begin() + 2 + Count);
  List Ours = parseGoCommand(Argv).Operands;
  List Theirs = behind(Tokens, 2 + Count);
  // A "--" that ends the flags is not part of Go's rest.
  if (Ours.size() == Theirs.size() + 1 && Ours[0] == "--")
    Ours.erase(Ours.begin());
  ASSERT_EQ(Theirs, Ours) << testing::PrintToString(Argv);
}

void Oracle::replay(const Case &C) {
  const List &T = C.Tokens;
  if (C.Kind == "version") {
    Format = responseFormatOf(T[0]);
  } else if (C.Kind == "response") {
    expectSame(T, parseResponse(T[0], Format));
  } else if (C.Kind == "encode") {
    ASSERT_EQ(T[1] + "\n", printResponse(List{T[0]}, Format));
  } else if (C.Kind == "buildinfo") {
    checkBuildInfo(T);
  } else if (C.Kind == "pattern") {
    checkPattern(T);
  } else if (C.Kind == "verb") {
    checkVerb(T);
  } else if (C.Kind == "test") {
    List Argv = T;
    Argv[0] = "test";
    TestLine = parseGoCommand(Argv);
    ASSERT_EQ(print(TestLine), Argv);
  } else if (C.Kind == "test-packages") {
    ASSERT_EQ(T, TestLine.packages())
        << testing::PrintToString(print(TestLine));
  } else if (C.Kind == "test-value") {
    ASSERT_EQ(T[1], TestLine.value(T[0]))
        << T[0] << testing::PrintToString(print(TestLine));
  } else if (C.Kind == "test-bool") {
    ASSERT_EQ(T[1] == "true", TestLine.isSet(T[0]))
        << T[0] << testing::PrintToString(print(TestLine));
  } else {
    checkQuoting(C);
  }
}

TEST_F(Oracle, replay) {
  const char *Path = getenv("GOSLIM_ORACLE_CASES");
  if (!Path)
    GTEST_SKIP() << "run by test/Tool/oracle-*.test";
  Result<std::string> Text = readFile(Path);
  ASSERT_TRUE(bool(Text)) << Text.failure().Message;
  std::map<std::string, unsigned> Counts;
  for (std::string_view Rest = *Text; !Rest.empty();) {
    size_t End = Rest.find('\n');
    ASSERT_NE(End, Rest.npos);
    Case C = parseCase(Rest.substr(0, End));
    Rest.remove_prefix(End + 1);
    ++Counts[C.Kind];
    replay(C);
    ASSERT_FALSE(HasFatalFailure());
  }
  for (const auto &[Kind, Count] : Counts)
    printf("%s: %u\n", Kind.c_str(), Count);
}
