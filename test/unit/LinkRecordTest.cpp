//===- LinkRecordTest.cpp -------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Record/LinkRecord.h"
#include <gtest/gtest.h>

using namespace goslim;

namespace {

LinkRecord sample() {
  LinkRecord R;
  R.Tool = "/go/pkg/tool/linux_amd64/link";
  R.Gocache = "/home/x y/cache";
  R.Args = {"-X=main.v=tab\there", "-s", "new\nline"};
  R.Env = {"GOOS=linux"};
  R.Config = {"modinfo \"0w\\xaf\""};
  R.Archives = {{"main", std::string(64, 'a'), 12},
                {"net/http", std::string(64, '0'), 0}};
  return R;
}

std::string failureOf(std::string_view Text) {
  Result<LinkRecord> R = parseLinkRecord(Text);
  return R ? "" : R.failure().Message;
}

} // namespace

TEST(LinkRecord, ReadsWhatItPrints) {
  std::string Text = print(sample());
  Result<LinkRecord> R = parseLinkRecord(Text);
  ASSERT_TRUE(R);
  EXPECT_EQ(print(*R), Text);
  EXPECT_EQ(R->Args, sample().Args);
  EXPECT_EQ(R->Archives[1].Package, "net/http");
  EXPECT_EQ(R->Archives[0].Size, 12u);
}

TEST(LinkRecord, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(failureOf(""), "line 1: expected 'goslim-link 1', found ''");
  EXPECT_EQ(failureOf("goslim-link\t2\n"),
            "line 1: expected 'goslim-link 1', found 'goslim-link\t2'");
  EXPECT_EQ(failureOf("goslim-link\t1\nwhat\tx\n"),
            "line 2: expected tool, arg, env, config, gocache or archive, "
            "found 'what'");
  EXPECT_EQ(failureOf("goslim-link\t1\narg\tx\n"),
            "line 2: arg: expected a quoted string, found 'x'");
  EXPECT_EQ(failureOf("goslim-link\t1\narg\t\"x\""),
            "line 2: expected a newline, found the end");
  EXPECT_EQ(failureOf("goslim-link\t1\narchive\tabc\t1\t\"p\"\n"),
            "line 2: expected a SHA-256, a size and a quoted package");
}

TEST(LinkRecord, IsFoundByWhatGoLeavesAlone) {
  EXPECT_EQ(linkKey("a/b/c/d", ""), linkKey("a/b/c/other", ""));
  EXPECT_NE(linkKey("a/b/c/d", ""), linkKey("a/b/x/d", ""));
  EXPECT_EQ(linkKey("mine", "digest"), "digest");
  EXPECT_EQ(linkKey("", "digest"), "digest");
}
