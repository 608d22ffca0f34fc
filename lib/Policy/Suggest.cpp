//===- Suggest.cpp - did you mean ...? ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Optimal string alignment distance, two rows at a time plus the one before
// (for swaps). Words are keys and names of a few letters; longer ones are not
// slips of ours and are not looked at, which also bounds the work.
//===----------------------------------------------------------------------===//
#include "goslim/Policy/Suggest.h"
#include <algorithm>
#include <array>
#include <fmt/format.h>

using namespace goslim;

namespace {
constexpr size_t MaxLength = 64;

char fold(char C) {
  if (C == '_')
    return '-';
  return C >= 'A' && C <= 'Z' ? char(C - 'A' + 'a') : C;
}

unsigned distance(std::string_view A, std::string_view B) {
  using Row = std::array<unsigned, MaxLength + 1>;
  Row Before{}, Last{}, Now{};
  for (size_t J = 0; J <= B.size(); ++J)
    Last[J] = unsigned(J);
  for (size_t I = 1; I <= A.size(); ++I) {
    Now[0] = unsigned(I);
    for (size_t J = 1; J <= B.size(); ++J) {
      char X = fold(A[I - 1]), Y = fold(B[J - 1]);
      Now[J] = std::min({Last[J] + 1, Now[J - 1] + 1, Last[J - 1] + (X != Y)});
      if (I > 1 && J > 1 && X == fold(B[J - 2]) && Y == fold(A[I - 2]))
        Now[J] = std::min(Now[J], Before[J - 2] + 1);
    }
    Before = Last;
    Last = Now;
  }
  return Last[B.size()];
}
} // namespace

std::string_view goslim::closestWord(std::string_view Word,
                                     std::span<const std::string_view> Known) {
  if (Word.empty() || Word.size() > MaxLength)
    return {};
  std::string_view Best;
  unsigned Least = std::max<unsigned>(1, unsigned(Word.size() / 3)) + 1;
  for (std::string_view K : Known) {
    if (K.size() > MaxLength)
      continue;
    unsigned D = distance(Word, K);
    if (D < Least) {
      Least = D;
      Best = K;
    }
  }
  return Best;
}

std::string goslim::suggestion(std::string_view Word,
                               std::span<const std::string_view> Known) {
  std::string_view Best = closestWord(Word, Known);
  return Best.empty() ? "" : fmt::format(", did you mean '{}'?", Best);
}
