//===- SharedTest.cpp - who pays, and whose team --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Report/Report.h"
#include <gtest/gtest.h>

using namespace goslim;

namespace {

Span span(uint64_t Offset, uint64_t Size, uint32_t Users) {
  Span S;
  S.Offset = Offset, S.Size = S.MemSize = Size;
  S.Address = 0x1000 + Offset;
  S.What = Kind::String, S.Why = Evidence::Replayed, S.Users = Users;
  return S;
}

/// 100 bytes: 10 of nobody, three shared spans, 27 of package 0.
Attribution sample() {
  Attribution A;
  A.FileSize = 100;
  A.Modules = {{"", ""}, {"m", ""}};
  A.Packages = {{"m/a", 1}, {"m/b", 1}, {"m/c", 1}};
  A.UserSets = {{}, {1, 0}, {0, 1, 2}};
  A.SetModules = {0, 1, 1};
  A.Spans = {span(0, 10, 0), span(10, 50, 1), span(60, 3, 1), span(63, 10, 2),
             span(73, 27, 0)};
  A.Spans[4].Package = 0;
  return A;
}

std::vector<uint64_t> byPackage(const Attribution &A) {
  std::vector<uint64_t> Sums(A.Packages.size());
  for (const Span &S : A.Spans)
    if (S.Package != NoPackage)
      Sums[S.Package] += S.Size;
  return Sums;
}

} // namespace

TEST(Shared, NobodyPaysByDefault) {
  Attribution A = sample();
  shareOut(A, SharedRule::Shared);
  EXPECT_EQ(byPackage(A), (std::vector<uint64_t>{27, 0, 0}));
}

TEST(Shared, TheFirstPaysAll) {
  Attribution A = sample();
  shareOut(A, SharedRule::First);
  EXPECT_EQ(byPackage(A), (std::vector<uint64_t>{37, 53, 0}));
  EXPECT_FALSE(checkPartition(A));
}

TEST(Shared, EachPaysAnEqualPart) {
  Attribution A = sample();
  shareOut(A, SharedRule::Equal);
  // 53 = 27 + 26 among two, 10 = 4 + 3 + 3 among three; still a partition.
  EXPECT_EQ(byPackage(A), (std::vector<uint64_t>{27 + 26 + 4, 27 + 3, 3}));
  EXPECT_FALSE(checkPartition(A));
  for (const Span &S : A.Spans)
    EXPECT_EQ(S.Address, 0x1000 + S.Offset);
}

TEST(Shared, MorePackagesThanBytes) {
  Attribution A = sample();
  A.Spans[3].Size = A.Spans[3].MemSize = 1;
  A.Spans[4] = span(64, 36, 0);
  shareOut(A, SharedRule::Equal);
  EXPECT_FALSE(checkPartition(A));
  EXPECT_EQ(byPackage(A)[2], 0u);
}

TEST(CodeOwners, TheLastMatchWins) {
  std::vector<OwnerRule> Rules =
      parseCodeOwners("# all\n* @all\n/docs/ @docs\n/internal/**/gen @gen\n"
                      "cmd/* @cmd @ops # two\nstatic @front\n/none\n");
  ASSERT_EQ(Rules.size(), 6u);
  EXPECT_EQ(Rules[3].Owners, "@cmd @ops");
  Attribution A;
  A.Modules = {{"", ""}, {"example.com/m", ""}, {"other.org/x", ""}};
  for (const char *Path :
       {"example.com/m", "example.com/m/docs/api",
        "example.com/m/internal/a/gen", "example.com/m/cmd/tool",
        "example.com/m/web/static/css", "example.com/m/none"})
    A.Packages.push_back({Path, 1});
  A.Packages.push_back({"other.org/x/static", 2});
  GoImage Go;
  Go.BuildInfo.emplace();
  Go.BuildInfo->Info.Main.emplace();
  Go.BuildInfo->Info.Main->Path = "example.com/m";
  assignOwners(A, Go, Rules);
  const char *Expected[] = {"@all",   "@docs", "@gen",  "@cmd @ops",
                            "@front", "",      "@front"};
  for (size_t I = 0; I < A.Packages.size(); ++I)
    EXPECT_EQ(A.Packages[I].Owner, Expected[I]) << A.Packages[I].Path;
}
