//===- StringFlagsTest.cpp ------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/StringFlags.h"
#include <gtest/gtest.h>
#include <set>

using namespace goslim;

using Words = std::vector<std::string>;

TEST(StringFlags, FollowTheNames) {
  Words Variables = {"example.com/m/internal/version.commit", "main.builtBy",
                     "main.commit", "main.date", "main.version"};
  auto Guesses =
      guessStringFlags(Words{"0123456789abcdef0123456789abcdef01234567",
                             "2026-01-02T03:04:05Z", "1.2.3"},
                       Variables, 16);
  ASSERT_FALSE(Guesses.empty());
  EXPECT_LE(Guesses.size(), 16u);
  EXPECT_EQ(Guesses[0],
            (Words{"main.commit=0123456789abcdef0123456789abcdef01234567",
                   "main.date=2026-01-02T03:04:05Z", "main.version=1.2.3"}));
  // No variable is given two values.
  for (const Words &G : Guesses)
    EXPECT_EQ(std::set<std::string>(G.begin(), G.end()).size(), 3u);
  EXPECT_EQ(guessStringFlags(Words{"goreleaser"}, Variables, 1)[0],
            Words{"main.builtBy=goreleaser"});
}

TEST(StringFlags, AreWrittenInSeveralWays) {
  auto All = spellingsOf(Words{"-s"}, Words{"b=1", "a=2"}, 99);
  EXPECT_EQ(All[0], (Words{"-s", "-X", "b=1", "-X", "a=2"}));
  EXPECT_EQ(All[1], (Words{"-s", "-X=b=1", "-X=a=2"}));
  EXPECT_EQ(All[2], (Words{"-X", "b=1", "-X", "a=2", "-s"}));
  EXPECT_EQ(All[4], (Words{"-s", "-X", "a=2", "-X", "b=1"}));
  EXPECT_EQ(All.size(), 8u);
  EXPECT_EQ(spellingsOf(Words{"-s"}, Words{"b=1", "a=2"}, 3).size(), 3u);
}

TEST(StringFlags, AreNotGuessedOutOfNothing) {
  EXPECT_TRUE(guessStringFlags({}, Words{"main.version"}, 9).empty());
  EXPECT_TRUE(
      guessStringFlags(Words{"1.0", "2.0"}, Words{"main.version"}, 9).empty());
}
