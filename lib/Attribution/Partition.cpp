//===- Partition.cpp - claims become a partition --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cells are a sorted vector, and a layer is merged into it in one pass: a few
// large layers come in, nearly always sorted already, so this beats a tree in
// time and in memory by far.
//===----------------------------------------------------------------------===//
#include "Partition.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace goslim;

static bool startsFirst(const Claim &A, const Claim &B) {
  return A.Offset < B.Offset;
}

/// The largest layers often come one behind the other: clipped where they lie.
void Partition::append(llvm::ArrayRef<Claim> Layer) {
  uint64_t Free = Cells.empty() ? Begin : Cells.back().end();
  for (const Claim &C : Layer) {
    if (C.Offset >= End)
      break;
    uint64_t Stop = C.Offset + std::min(C.Size, End - C.Offset);
    uint64_t At = std::max(C.Offset, Free);
    if (At >= Stop)
      continue;
    Claim &Cell = Cells.emplace_back(C);
    Cell.Offset = At, Cell.Size = Stop - At;
    Free = Stop;
  }
}

void Partition::add(std::vector<Claim> &Layer) {
  if (!llvm::is_sorted(Layer, startsFirst))
    llvm::stable_sort(Layer, startsFirst);
  if (Cells.empty() ||
      (!Layer.empty() && Layer[0].Offset >= Cells.back().end())) {
    append(Layer);
    Layer.clear();
    return;
  }
  Scratch.clear();
  Scratch.reserve(Cells.size() + Layer.size());
  size_t Next = 0;       // first cell not yet in Scratch
  uint64_t Free = Begin; // this layer has had its turn up to here
  for (const Claim &C : Layer) {
    if (C.Offset >= End)
      break;
    // Written so that Offset + Size cannot wrap.
    uint64_t Stop = C.Offset + std::min(C.Size, End - C.Offset);
    uint64_t At = std::max(C.Offset, Free);
    while (At < Stop) {
      while (Next < Cells.size() && Cells[Next].end() <= At)
        Scratch.push_back(Cells[Next++]);
      bool HasCell = Next < Cells.size();
      if (HasCell && Cells[Next].Offset <= At) {
        At = Cells[Next].end();
        continue;
      }
      uint64_t PieceEnd = HasCell ? std::min(Stop, Cells[Next].Offset) : Stop;
      Scratch.push_back(C);
      Scratch.back().Offset = At;
      Scratch.back().Size = PieceEnd - At;
      At = PieceEnd;
    }
    Free = std::max(Free, Stop);
  }
  Scratch.insert(Scratch.end(), Cells.begin() + ptrdiff_t(Next), Cells.end());
  Cells.swap(Scratch);
  Layer.clear();
}

void Partition::fill(
    llvm::function_ref<void(Claim &Gap, const Claim *Before)> Label) {
  Gaps.clear();
  uint64_t At = Begin;
  const Claim *Before = nullptr;
  auto Close = [&](uint64_t To) {
    if (At >= To)
      return;
    Claim Gap;
    Gap.Offset = At;
    Gap.Size = To - At;
    Label(Gap, Before);
    Gaps.push_back(Gap);
  };
  for (const Claim &C : Cells) {
    Close(C.Offset);
    At = C.end();
    Before = &C;
  }
  Close(End);
  if (!Gaps.empty())
    add(Gaps);
}

bool Partition::isComplete() const {
  uint64_t At = Begin;
  for (const Claim &C : Cells) {
    if (C.Offset != At || C.Size == 0 || C.Size > End - At)
      return false;
    At = C.end();
  }
  return At == End;
}
