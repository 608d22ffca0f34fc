//===- Partition.h - claims become a partition ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The heart of attribution, after bloaty's range map. Sources of knowledge
// claim ranges, strongest source first; a claim only ever gets what is still
// free, so odd files (overlapping sections, lying tables) cannot break the
// sum: the first label wins. What nobody claims is filled at the end.
//
//   Partition P(0, 100);
//   P.add(strongest);   // cells: what these claims cover, clipped
//   P.add(weaker);      // fills gaps only
//   P.fill(rest);       // now cells() covers [0, 100) exactly
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_ATTRIBUTION_PARTITION_H
#define GOSLIM_LIB_ATTRIBUTION_PARTITION_H

#include "goslim/Attribution/Attribution.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace goslim {

/// A range with a label. Offset counts in whatever the partition is of: bytes
/// of the file, or addresses.
struct Claim {
  uint64_t Offset = 0, Size = 0;
  llvm::StringRef Symbol;
  uint32_t Package = NoPackage;
  Kind What = Kind::Unknown;
  Evidence Why = Evidence::None;
  Step By = Step::Link;
  uint32_t Users = 0, Object = 0; ///< see Span

  uint64_t end() const { return Offset + Size; }
};

class Partition {
public:
  /// Of [Begin, End).
  Partition(uint64_t Begin, uint64_t End) : Begin(Begin), End(End) {}
  /// Begins anew, in the memory it has.
  void reset(uint64_t NewBegin, uint64_t NewEnd) {
    Begin = NewBegin, End = NewEnd;
    Cells.clear();
  }

  /// Gives each claim of the layer what is free of its range, cut into pieces
  /// where cells stand already. Inside a layer the claim that starts first
  /// wins, then the one given first. Claims may be in any order, empty, or lie
  /// (partly) outside of the bounds. Uses up Layer, which is empty afterwards
  /// but has memory for the next one. O(n log n) when unsorted, else O(cells +
  /// claims).
  void add(std::vector<Claim> &Layer);

  /// Asks Label for each gap, in order, what it is. Label gets a claim with
  /// Offset and Size set and the cell before the gap (or null).
  void fill(llvm::function_ref<void(Claim &Gap, const Claim *Before)> Label);

  /// Sorted, not empty, no overlap, within the bounds.
  llvm::ArrayRef<Claim> cells() const { return Cells; }
  bool isComplete() const;

private:
  void append(llvm::ArrayRef<Claim> Layer);

  uint64_t Begin, End;
  std::vector<Claim> Cells, Scratch, Gaps;
};

} // namespace goslim

#endif // GOSLIM_LIB_ATTRIBUTION_PARTITION_H
