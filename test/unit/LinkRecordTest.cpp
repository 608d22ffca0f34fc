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
  R.Policy = std::string(64, 'b');
  R.Overlay = "/x/overlay.json";
  R.Args = {"-X=main.v=tab\there", "-s", "new\nline"};
  R.Env = {"GOOS=linux"};
  R.Config = {"modinfo \"0w\\xaf\""};
  R.Archives = {{"main", std::string(64, 'a'), 12},
                {"net/http", std::string(64, '0'), 0}};
  R.Map.Objects = {"$WORK/000001.o", "/lib/libx.a(y z.o)"};
  R.Map.Sections = {{".text", 0x1000, 0x100}, {".debug_info", 0, 0x10}};
  R.Map.Pieces = {{0, 0, 0x1000, 0x80}, {0, 1, 0x1080, 0x80}, {1, 1, 0, 9}};
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
  EXPECT_EQ(R->Policy, sample().Policy);
  EXPECT_EQ(R->Overlay, sample().Overlay);
  EXPECT_EQ(R->Archives[1].Package, "net/http");
  EXPECT_EQ(R->Archives[0].Size, 12u);
  EXPECT_EQ(R->Map.Pieces.size(), 3u);
  EXPECT_EQ(R->Map.Objects[1], "/lib/libx.a(y z.o)");
}

TEST(LinkRecord, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(failureOf(""), "line 1: expected 'goslim-link 1', found ''");
  EXPECT_EQ(failureOf("goslim-link\t2\n"),
            "line 1: expected 'goslim-link 1', found 'goslim-link\t2'");
  EXPECT_EQ(
      failureOf("goslim-link\t1\nwhat\tx\n"),
      "line 2: expected tool, arg, env, config, gocache, policy, overlay, "
      "archive, object, section or piece, found 'what'");
  EXPECT_EQ(failureOf("goslim-link\t1\narg\tx\n"),
            "line 2: arg: expected a quoted string, found 'x'");
  EXPECT_EQ(failureOf("goslim-link\t1\narg\t\"x\""),
            "line 2: expected a newline, found the end");
  EXPECT_EQ(failureOf("goslim-link\t1\narchive\tabc\t1\t\"p\"\n"),
            "line 2: expected a SHA-256, a size and a quoted package");
  std::string Text = "goslim-link\t1\nobject\t\"a.o\"\n";
  EXPECT_EQ(failureOf(Text + "piece\t0\t1\t0\n"),
            "line 3: piece: expected an address, a size and the number of an "
            "object, behind a section");
  Text += "section\t1000\t10\t\".text\"\n";
  EXPECT_EQ(failureOf(Text + "piece\t1008\t9\t0\n"),
            "line 4: piece: expected it inside of section .text");
  EXPECT_EQ(failureOf(Text + "section\t10\n"),
            "line 4: section: expected an address, a size and a quoted name");
}

TEST(LinkRecord, IsFoundByWhatGoLeavesAlone) {
  EXPECT_EQ(linkKey("a/b/c/d", ""), linkKey("a/b/c/other", ""));
  EXPECT_NE(linkKey("a/b/c/d", ""), linkKey("a/b/x/d", ""));
  EXPECT_EQ(linkKey("mine", "digest"), "digest");
  EXPECT_EQ(linkKey("", "digest"), "digest");
}
