//===- Blocks.h - bytes without names, paired by what they are -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Address is always that of A's first byte: pointers lie at multiples of their
// size in memory.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_VERIFY_BLOCKS_H
#define GOSLIM_LIB_VERIFY_BLOCKS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <vector>

namespace goslim {

/// A stretch of both sides, offsets in them. Of equal length: byte by byte the
/// same thing, though pointers in it may differ. Else one took the other's
/// place.
struct Run {
  uint64_t A = 0, SizeA = 0, B = 0, SizeB = 0;
  bool isPaired() const { return SizeA == SizeB; }
};

constexpr uint64_t Block = 16; ///< what equal stretches are found by

/// By long equal stretches. Runs cover both sides, in order.
std::vector<Run> alignByBlocks(llvm::StringRef A, llvm::StringRef B,
                               uint64_t Address);
/// One stretch that changed: byte by byte if both are of one size, else with
/// padding or words put in at one place, else by what both ends share.
std::vector<Run> alignChanged(llvm::StringRef A, llvm::StringRef B,
                              uint64_t Address);
/// Of two stretches of one size.
uint64_t differingBytes(llvm::StringRef A, llvm::StringRef B);
/// Whether nearly all words of two stretches of one size that differ do so by
/// one of a few distances, as pointers into what has moved do.
bool differsByDistances(llvm::StringRef A, llvm::StringRef B, uint64_t Address);

} // namespace goslim

#endif // GOSLIM_LIB_VERIFY_BLOCKS_H
