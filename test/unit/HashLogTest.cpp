//===- HashLogTest.cpp ----------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/HashLog.h"
#include <gtest/gtest.h>

using namespace goslim;

TEST(HashLog, NamesActionsAndTheirOwnLines) {
  const char *A = "HASH[build q]\n"
                  "HASH[build p]: \"compile\\n\"\n"
                  "HASH[build q]: \"dir /a/q\\n\"\n"
                  "HASH[build p]: \"file p.go abc\\n\"\n"
                  "# p\nHASH[build p]: 0123\nHASH /a/p.go: 456\n"
                  "HASH[build q]: \"import p 111\\n\"\n"
                  "HASH[build r]: \"import p 111\\n\"\n"
                  "HASH[link q]: \"packagefile p=111\\n\"\n"
                  "HASH[link q]: \"linkflags []\\n\"\n"
                  "HASH[moduleIndex]: \"modroot /a\\n\"\n"
                  "HASH[build p]: \"not closed\n"
                  "HASH[build q]: \"import \\\"q\\\"\\n\"";
  const char *B = "HASH[build p]: \"compile\\n\"\n"
                  "HASH[build p]: \"file p.go abd\\n\"\n"
                  "HASH[build p]: \"GOAMD64=v1\\n\"\n"
                  "HASH[build q]: \"dir /b/q\\n\"\n"
                  "HASH[build q]: \"import p 222\\n\"\n"
                  "HASH[build q]: \"import \\\"q\\\"\\n\"\n"
                  "HASH[build r]: \"import p 222\\n\"\n"
                  "HASH[link q]: \"packagefile p=222\\n\"\n"
                  "HASH[link q]: \"linkflags []\\n\"\n"
                  "HASH[moduleIndex]: \"modroot /b\\n\"\n";
  std::vector<ActionInputs> D = differingInputs(A, B);
  ASSERT_EQ(D.size(), 2u);
  EXPECT_EQ(D[0].Action, "build p");
  EXPECT_EQ(D[0].Only[0], std::vector<std::string>{"file p.go abc"});
  EXPECT_EQ(D[0].Only[1],
            (std::vector<std::string>{"file p.go abd", "GOAMD64=v1"}));
  EXPECT_EQ(D[1].Action, "build q");
  EXPECT_EQ(D[1].Only[0], std::vector<std::string>{"dir /a/q"});
  EXPECT_EQ(D[1].Only[1], std::vector<std::string>{"dir /b/q"});
  EXPECT_TRUE(differingInputs(A, A).empty());
  EXPECT_TRUE(differingInputs("", B).empty());
}

TEST(HashLog, CutsAroundTheDifference) {
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(aroundDifference("a", "b", 10), Pair("a", "b"));
  EXPECT_EQ(aroundDifference("", "", 10), Pair("", ""));
  std::string Same(100, 's'), Long(200, 'l');
  auto [A, B] = aroundDifference(Same + "1" + Long, Same + "2", 40);
  EXPECT_EQ(A, std::string(32, 's') + "..." + std::string(24, 's') + "1" +
                   std::string(15, 'l') + "...");
  EXPECT_EQ(B, std::string(32, 's') + "..." + std::string(24, 's') + "2");
  // Early: nothing to leave out in front of it.
  EXPECT_EQ(aroundDifference("x" + Long, "y", 5), Pair("xllll...", "y"));
  // One ends where the other goes on.
  EXPECT_EQ(aroundDifference(Same, Same + "t", 100).first, Same);
}
