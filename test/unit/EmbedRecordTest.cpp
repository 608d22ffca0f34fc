//===- EmbedRecordTest.cpp ------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Record/EmbedRecord.h"
#include <gtest/gtest.h>

using namespace goslim;

using Variables = std::vector<EmbedRecord::Variable>;

static std::string failureOf(std::string_view Text) {
  Result<EmbedRecord> R = parseEmbedRecord(Text);
  return R ? "" : R.failure().Message;
}

TEST(EmbedRecord, FindsVariablesWithOnePattern) {
  EXPECT_EQ(scanEmbeds("package p\n"
                       "//go:embed a.txt\n"
                       "var A string\n"
                       "var (\n"
                       "\t//go:embed \"b \\x63.txt\"\n"
                       "\n"
                       "\t// a comment\n"
                       "\tB []byte\n"
                       ")\n"
                       "//go:embed `d`\n"
                       "var D text"),
            (Variables{{"A", "a.txt"}, {"B", "b c.txt"}, {"D", "d"}}));
}

TEST(EmbedRecord, LeavesOutWhatSaysItItself) {
  EXPECT_EQ(scanEmbeds("//go:embed a\nvar F embed.FS\n"
                       "//go:embed a b\nvar G T\n"
                       "//go:embed a\n//go:embed b\nvar H T\n"
                       "//go:embedded x\nvar I string\n"
                       "x() //go:embed y\nvar J string\n"
                       "//go:embed z"),
            Variables{});
}

TEST(EmbedRecord, ReadsWhatItPrints) {
  EmbedRecord R;
  R.Variables = {{"A", "a \"b\".txt"}, {"B", "\n"}};
  R.Config = "{\n\"Patterns\":{}}";
  Result<EmbedRecord> Again = parseEmbedRecord(print(R));
  ASSERT_TRUE(Again);
  EXPECT_EQ(Again->Variables, R.Variables);
  EXPECT_EQ(Again->Config, R.Config);
}

TEST(EmbedRecord, SaysWhatIsDamaged) {
  EXPECT_EQ(failureOf("x"), "line 1: expected 'goslim-embed 1', found 'x'");
  EXPECT_EQ(failureOf("goslim-embed\t1\nvar \"a\"\n"),
            "line 2: expected var \"NAME\" \"PATTERN\" or config, found 'var "
            "\"a\"'");
  EXPECT_EQ(failureOf("goslim-embed\t1\nvar \"a\" \"b\\q\"\n"),
            "line 2: expected two quoted words, found 'var \"a\" \"b\\q\"'");
  EXPECT_EQ(failureOf("goslim-embed\t1\n"),
            "expected a line 'config', found the end");
}
