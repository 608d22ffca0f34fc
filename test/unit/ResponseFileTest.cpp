#include "goslim/Tool/ResponseFile.h"
#include "Words.h"
#include "goslim/Base/FileIO.h"
#include <gtest/gtest.h>

using namespace goslim;

using List = std::vector<std::string>;
static constexpr ResponseFormat Both[] = {ResponseFormat::Lines,
                                          ResponseFormat::Gcc};

static List parse(std::string_view Text, ResponseFormat Format) {
  Result<List> Args = parseResponse(Text, Format);
  EXPECT_TRUE(bool(Args)) << Text;
  return Args ? *Args : List{"failed"};
}

TEST(ResponseFileTest, formatByVersion) {
  for (std::string_view Old : {"go1.21.13", "go1.26.8", "go1.26-devel_abc",
                               "go1.9", "devel go1.22-abc Mon"})
    EXPECT_EQ(responseFormatOf(Old), ResponseFormat::Lines) << Old;
  for (std::string_view New :
       {"go1.27.3", "go1.27-devel_x", "go1.100", "go2.0", "", "devel +abc"})
    EXPECT_EQ(responseFormatOf(New), ResponseFormat::Gcc) << New;
}

TEST(ResponseFileTest, linesFormat) {
  auto Lines = [](std::string_view T) {
    return parse(T, ResponseFormat::Lines);
  };
  EXPECT_EQ(Lines("-o\r\na b\n\n'c'\n"), (List{"-o", "a b", "", "'c'"}));
  EXPECT_EQ(Lines("a\\\\nb\\nc"), (List{"a\\nb\nc"}));
  EXPECT_EQ(Lines(" a \n b "), (List{"a ", " b"})); // trimmed as a whole
  EXPECT_EQ(Lines(""), (List{""}));                 // as the tools do
  EXPECT_EQ(Lines("a\xff"), (List{"a\xff"}));
  EXPECT_EQ(Lines("\\\\\xff"), (List{"\\\xEF\xBF\xBD"})); // as the tools do
  EXPECT_EQ(parseResponse("a\nb\\x", ResponseFormat::Lines).failure().Message,
            "line 2: expected \\\\ or \\n behind a backslash");
}

TEST(ResponseFileTest, gccFormat) {
  auto Gcc = [](std::string_view T) { return parse(T, ResponseFormat::Gcc); };
  EXPECT_EQ(Gcc(" a\tb\nc\r\n"), (List{"a", "b", "c"}));
  EXPECT_EQ(Gcc("'a b'\"c d\"e"), (List{"a bc de"}));
  EXPECT_EQ(Gcc("'' \"\""), (List{"", ""}));
  EXPECT_EQ(Gcc(R"(a\ b "\\\"\$\`\x" '\\')"),
            (List{"a b", "\\\"$`\\x", "\\\\"}));
  EXPECT_EQ(Gcc("a\\\nb \"c\\\r\nd\""), (List{"ab", "cd"}));
  EXPECT_EQ(Gcc("a\\"), (List{"a"}));
  EXPECT_EQ(Gcc("\"a\\"), (List{"a\\"}));
  EXPECT_EQ(Gcc("'open"), (List{"open"}));
  EXPECT_EQ(Gcc(""), List{});
}

TEST(ResponseFileTest, printsWhatGoPrints) {
  List Args = {"-X", "main.v=a b", "c\\d\ne", "", "$x'"};
  EXPECT_EQ(printResponse(Args, ResponseFormat::Lines),
            "-X\nmain.v=a b\nc\\\\d\\ne\n\n$x'\n");
  EXPECT_EQ(printResponse(Args, ResponseFormat::Gcc),
            "-X\n\"main.v=a b\"\n\"c\\\\d\ne\"\n\"\"\n\"\\$x'\"\n");
}

TEST(ResponseFileTest, parseUndoesPrint) {
  RandomWords Random({"a", "-o", "=", " ", "\t", "'", "\"", "\\", "\n", "\r",
                      "\\n", "$", "`", "\xFF", "\xC3\xA9", "\xC2\xA0"});
  unsigned Held = 0;
  for (unsigned I = 0; I != 20000; ++I) {
    List Args = Random.list();
    EXPECT_TRUE(canPrintResponse(Args, ResponseFormat::Gcc));
    for (ResponseFormat Format : Both) {
      if (!canPrintResponse(Args, Format))
        continue;
      ++Held;
      ASSERT_EQ(parse(printResponse(Args, Format), Format), Args);
    }
  }
  EXPECT_GT(Held, 20000u);
}

TEST(ResponseFileTest, linesCannotHoldEverything) {
  EXPECT_TRUE(canPrintResponse(List{"a ", "b\\"}, ResponseFormat::Lines));
  for (const List &Bad : {List{"a\r"}, List{" a", "b"}, List{"a", "b\t"},
                          List{"a", ""}, List{"\\\xff"}, List{}})
    EXPECT_FALSE(canPrintResponse(Bad, ResponseFormat::Lines));
}

namespace {
struct ResponseFiles : testing::Test {
  std::string Folder = testing::TempDir() + "goslim-response-";
  std::string write(const std::string &Name, std::string_view Text) {
    EXPECT_TRUE(bool(writeFileAtomic(Folder + Name, Text, false)));
    return "@" + Folder + Name;
  }
};
} // namespace

TEST_F(ResponseFiles, areExpandedInPlace) {
  std::string Inner = write("inner", "'b c'");
  std::string Outer = write("outer", "a " + Inner + " d");
  EXPECT_EQ(*expandResponseFiles(List{"-x", Outer, "y"}, ResponseFormat::Gcc),
            (List{"-x", "a", "b c", "d", "y"}));
  EXPECT_EQ(*expandResponseFiles(List{"-x", "a@b"}, ResponseFormat::Gcc),
            (List{"-x", "a@b"}));
}

TEST_F(ResponseFiles, missingMalformedAndEndless) {
  Result<List> Missing =
      expandResponseFiles(List{"@/no/such"}, ResponseFormat::Gcc);
  EXPECT_EQ(Missing.failure().Message, "/no/such: no such file or directory");
  std::string Bad = write("bad", "a\\q");
  EXPECT_EQ(
      expandResponseFiles(List{Bad}, ResponseFormat::Lines).failure().Message,
      Folder + "bad: line 1: expected \\\\ or \\n behind a backslash");
  std::string Self = write("self", "@" + Folder + "self");
  EXPECT_EQ(
      expandResponseFiles(List{Self}, ResponseFormat::Gcc).failure().Message,
      Self + ": response files nested more than 8 deep");
  std::string Flat = write("flat", "x");
  EXPECT_EQ(expandResponseFiles(List(65, Flat), ResponseFormat::Gcc)
                .failure()
                .Message,
            Flat + ": more than 64 response files in one command");
}
