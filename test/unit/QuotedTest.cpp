#include "goslim/Tool/Quoted.h"
#include "Words.h"
#include <gtest/gtest.h>

using namespace goslim;

using List = std::vector<std::string>;

static List split(std::string_view Text) {
  Result<List> Words = splitQuoted(Text);
  EXPECT_TRUE(bool(Words)) << Text;
  return Words ? *Words : List{"failed"};
}

TEST(QuotedTest, splitsAtSpaceOutsideWholeWordQuotes) {
  EXPECT_EQ(split(""), List{});
  EXPECT_EQ(split(" \t\r\n"), List{});
  EXPECT_EQ(split("-s  -w"), (List{"-s", "-w"}));
  EXPECT_EQ(split("-X 'main.v=a b' \"c'd\""),
            (List{"-X", "main.v=a b", "c'd"}));
  EXPECT_EQ(split("a'b c'd"), (List{"a'b", "c'd"})); // inside: no quotes
  EXPECT_EQ(split("'a'b"), (List{"a", "b"}));        // ends at the quote
  EXPECT_EQ(split("''"), (List{""}));
  EXPECT_EQ(split("a\\ b"), (List{"a\\", "b"})); // no escapes
}

TEST(QuotedTest, unterminated) {
  EXPECT_EQ(splitQuoted("-s 'x").failure().Message, "unterminated ' string");
  EXPECT_EQ(splitQuoted("\"").failure().Message, "unterminated \" string");
}

TEST(QuotedTest, joinsAsGoDoes) {
  EXPECT_EQ(*joinQuoted(List{"-s", "-w"}), "-s -w");
  EXPECT_EQ(*joinQuoted(List{"a b", "c'd", "e\"f"}), "'a b' \"c'd\" 'e\"f'");
  EXPECT_EQ(*joinQuoted(List{"", "x"}), "'' x"); // Go's own Join loses it
  EXPECT_EQ(*joinQuoted(List{"a'b\"c"}), "a'b\"c");
  Result<std::string> Bad = joinQuoted(List{"a' \"b"});
  EXPECT_EQ(Bad.failure().Message,
            "'a' \"b' holds both kinds of quotes, go cannot take it as one "
            "word of a list");
  EXPECT_FALSE(bool(joinQuoted(List{"'\""})));
}

TEST(QuotedTest, splitUndoesJoin) {
  RandomWords Random(
      {"a", "-X", "=", " ", "\t", "'", "\"", "\\", "\xC3\xA9", "\xFF"});
  unsigned Joined = 0;
  for (unsigned I = 0; I != 20000; ++I) {
    List Words = Random.list();
    Result<std::string> Text = joinQuoted(Words);
    if (!Text)
      continue;
    ++Joined;
    ASSERT_EQ(split(*Text), Words) << *Text;
  }
  EXPECT_GT(Joined, 5000u);
}

TEST(QuotedTest, goQuoteWritesWhatStrconvWrites) {
  EXPECT_EQ(goQuote("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(goQuote("\a\b\f\n\r\t\v"), R"("\a\b\f\n\r\t\v")");
  EXPECT_EQ(goQuote(std::string_view("\0\x7f\x01", 3)), R"("\x00\x7f\x01")");
  EXPECT_EQ(goQuote("Größe 世界"), "\"Größe 世界\"");
  EXPECT_EQ(goQuote("\xff\xc3"), R"("\xff\xc3")");
  EXPECT_EQ(goQuote("\u00ad\u200b\U000e0001"), R"("\u00ad\u200b\U000e0001")");
  EXPECT_EQ(goQuote("\xed\xa0\x80"), R"("\xed\xa0\x80")"); // a surrogate
  EXPECT_EQ(goQuote("\xc0\x80"), R"("\xc0\x80")");         // overlong
}

TEST(QuotedTest, goUnquoteReadsWhatStrconvReads) {
  EXPECT_EQ(*goUnquote(R"("a\"b\\c\a\b\f\n\r\t\v")"), "a\"b\\c\a\b\f\n\r\t\v");
  EXPECT_EQ(*goUnquote(R"("\x41\101\u00e9\U0001F600")"), "AA\u00e9\U0001F600");
  EXPECT_EQ(*goUnquote("\"\xff\""), "\xEF\xBF\xBD"); // as Go
  EXPECT_EQ(*goUnquote(R"("\xff")"), "\xff");
  for (std::string_view Bad :
       {"", "\"", "a", "\"a", "'a'", "`a`", R"("\")", R"("\'")", R"("\q")",
        R"("\x4")", R"("\400")", R"("\18")", R"("\ud800")", R"("\U00110000")",
        "\"a\nb\"", "\"a\"b\""})
    EXPECT_FALSE(bool(goUnquote(Bad))) << Bad;
  EXPECT_EQ(goUnquote("x").failure().Message,
            "expected a string in double quotes");
  EXPECT_EQ(goUnquote(R"("\q")").failure().Message,
            "invalid escape in a string in double quotes");
  EXPECT_EQ(goUnquote("\"\n\"").failure().Message,
            "newline inside a string in double quotes");
}

TEST(QuotedTest, unquoteUndoesQuote) {
  std::string All;
  for (int I = 0; I != 256; ++I)
    All += char(I);
  EXPECT_EQ(*goUnquote(goQuote(All)), All);
  RandomWords Random(
      {"a", "\\", "\"", "\n", "\xC3\xA9", "\xFF", "\xE2\x80", "\x7f"});
  for (unsigned I = 0; I != 20000; ++I) {
    std::string Word = Random.word(8);
    ASSERT_EQ(*goUnquote(goQuote(Word)), Word);
  }
}

TEST(ShellTest, words) {
  EXPECT_EQ(shellQuote(""), "''");
  EXPECT_EQ(shellQuote("a b"), "'a b'");
  EXPECT_EQ(shellQuote("it's"), "'it'\\''s'");
  EXPECT_EQ(shellWord("-ldflags=-s"), "-ldflags=-s");
  EXPECT_EQ(shellWord("-ldflags=-s -w"), "'-ldflags=-s -w'");
  EXPECT_EQ(shellWord(""), "''");
  EXPECT_EQ(shellWord("$x"), "'$x'");
}
