//===- Words.h - random argument lists for property tests -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The same sequence in every run. Pieces are chosen so that grammars collide:
// dashes, quotes, equal signs, flags of real tools, bytes that are not UTF-8.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_TEST_UNIT_WORDS_H
#define GOSLIM_TEST_UNIT_WORDS_H

#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

class RandomWords {
public:
  explicit RandomWords(std::initializer_list<std::string_view> Pieces)
      : Pieces(Pieces) {}

  std::string word(unsigned MaxPieces = 4) {
    std::string Out;
    for (unsigned N = pick(MaxPieces + 1); N; --N)
      Out += Pieces[pick(Pieces.size())];
    return Out;
  }
  std::vector<std::string> list(unsigned MaxWords = 8) {
    std::vector<std::string> Out(pick(MaxWords + 1));
    for (std::string &Word : Out)
      Word = word();
    return Out;
  }
  size_t pick(size_t Below) { return Random() % Below; }

private:
  std::mt19937 Random{1};
  std::vector<std::string_view> Pieces;
};

} // namespace goslim

#endif // GOSLIM_TEST_UNIT_WORDS_H
