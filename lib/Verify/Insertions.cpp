//===- Insertions.cpp - where exactly a variable came or went -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In a table of pointers, one after the other, a word more may have come at
// many places: all that is behind it has moved, and looks like its neighbour.
// Alignment takes one of them. When all parts are aligned their targets tell
// which: pointers lead to what has moved with them.
//===----------------------------------------------------------------------===//
#include "Movement.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"

using namespace goslim;
using llvm::StringRef;

static constexpr uint64_t Word = 8, Most = 4096; ///< that comes or goes

/// Runs that go on in both files, as one.
static std::vector<Run> joined(llvm::ArrayRef<Run> Runs) {
  std::vector<Run> Out;
  for (const Run &R : Runs) {
    if (!Out.empty() && Out.back().isPaired() && R.isPaired() &&
        Out.back().A + Out.back().SizeA == R.A &&
        Out.back().B + Out.back().SizeB == R.B) {
      Out.back().SizeA += R.SizeA, Out.back().SizeB += R.SizeB;
      continue;
    }
    Out.push_back(R);
  }
  return Out;
}

/// A few words in one file only, between two runs that go on behind them.
static bool isInsertion(const Run &Before, const Run &R, const Run &Behind) {
  uint64_t Size = std::max(R.SizeA, R.SizeB);
  return Before.isPaired() && Behind.isPaired() && (!R.SizeA || !R.SizeB) &&
         Size && Size <= Most && Size % Word == 0 &&
         Before.A + Before.SizeA == R.A && Before.B + Before.SizeB == R.B &&
         R.A + R.SizeA == Behind.A && R.B + R.SizeB == Behind.B;
}

namespace {

class Placer {
public:
  Placer(const PartPair &P, const Movement &Moved) : P(P), Moved(Moved) {}
  /// How many bytes further on R fits best; less than 0 is back.
  int64_t shiftOf(const Run &Before, const Run &R, const Run &Behind) const;

private:
  const PartPair &P;
  const Movement &Moved;

  int holds(uint64_t AtA, uint64_t AtB) const;
};

} // namespace

/// Whether two words are what one is and the other has become.
int Placer::holds(uint64_t AtA, uint64_t AtB) const {
  using llvm::support::endian::read64le;
  uint64_t X = read64le(P.A->Bytes.data() + AtA),
           Y = read64le(P.B->Bytes.data() + AtB);
  return Moved.follows(X, Y) || (X == Y && !Moved.knows(X));
}

int64_t Placer::shiftOf(const Run &Before, const Run &R,
                        const Run &Behind) const {
  constexpr int Hopeless = -16;
  constexpr int64_t Far = 1 << 16;
  // From the word on that it begins in.
  uint64_t Skip = (P.A->Address + R.A) % Word;
  if (Skip != (P.B->Address + R.B) % Word || Skip > Before.SizeA)
    return 0;
  int64_t Best = 0;
  int Gain = 0, BestGain = 0;
  // Back: words before it would go with those behind it.
  for (int64_t By = -int64_t(Skip) - int64_t(Word);
       -By <= int64_t(Before.SizeA) && By > -Far && Gain > Hopeless;
       By -= int64_t(Word)) {
    uint64_t A = R.A + uint64_t(By), B = R.B + uint64_t(By);
    Gain += holds(A + R.SizeA, B + R.SizeB) - holds(A, B);
    if (Gain > BestGain)
      BestGain = Gain, Best = By;
  }
  Gain = 0;
  for (int64_t By = -int64_t(Skip);
       By + int64_t(Word) <= int64_t(Behind.SizeA) && By < Far &&
       Gain > Hopeless;
       By += int64_t(Word)) {
    uint64_t A = R.A + uint64_t(By), B = R.B + uint64_t(By);
    Gain += holds(A, B) - holds(A + R.SizeA, B + R.SizeB);
    if (Gain > BestGain)
      BestGain = Gain, Best = By + int64_t(Word);
  }
  return Best;
}

static bool placeIn(PartPair &P, const Movement &Moved) {
  bool Changed = false;
  std::vector<Run> &Runs = P.Runs;
  Runs = joined(Runs);
  for (size_t I = 1; I + 1 < Runs.size(); ++I) {
    Run &Before = Runs[I - 1], &R = Runs[I], &Behind = Runs[I + 1];
    if (!isInsertion(Before, R, Behind))
      continue;
    auto By = uint64_t(Placer(P, Moved).shiftOf(Before, R, Behind));
    Changed |= By != 0;
    Before.SizeA += By, Before.SizeB += By;
    R.A += By, R.B += By;
    Behind.A += By, Behind.B += By;
    Behind.SizeA -= By, Behind.SizeB -= By;
  }
  return Changed;
}

void goslim::placeInsertions(const Program &A, const Program &B,
                             std::vector<PartPair> &Pairs) {
  constexpr unsigned Rounds = 3; // what has found its place tells of others
  std::vector<PartPair *> Open;
  for (PartPair &P : Pairs)
    if (P.A && P.B && P.A->Address && P.B->Address && !P.A->IsCode &&
        llvm::any_of(P.Runs, [](const Run &R) { return !R.isPaired(); }))
      Open.push_back(&P);
  bool Changed = !Open.empty();
  for (unsigned I = 0; I < Rounds && Changed; ++I) {
    Movement Moved(A, B, Pairs);
    Changed = false;
    for (PartPair *P : Open)
      Changed |= placeIn(*P, Moved);
  }
}
