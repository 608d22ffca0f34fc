//===- Align.cpp - which bytes of two parts belong together ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// By names first; what has none is left to Blocks.
//===----------------------------------------------------------------------===//
#include "Align.h"
#include "llvm/ADT/StringMap.h"
#include <algorithm>
#include <deque>

using namespace goslim;
using llvm::StringRef;

static uint64_t differingInRuns(StringRef A, StringRef B,
                                llvm::ArrayRef<Run> Runs) {
  uint64_t Sum = 0;
  for (const Run &R : Runs)
    Sum += R.isPaired()
               ? differingBytes(A.substr(R.A, R.SizeA), B.substr(R.B, R.SizeB))
               : std::max(R.SizeA, R.SizeB);
  return Sum;
}

/// Begin and end of stretches of a part.
using NameFragments = std::vector<std::pair<uint64_t, uint64_t>>;

namespace {

/// Aligns by names: a piece and its partner, wherever that lies. The longest
/// chain of pairs that are in one order in both divides the parts; what is
/// between two links of it, less the pieces that have moved away, is filled.
class NameAligner {
public:
  NameAligner(const Part &A, const Part &B, llvm::ArrayRef<CodePiece> NamesA,
              llvm::ArrayRef<CodePiece> NamesB)
      : A(A), B(B) {
    findPairs(NamesA, NamesB);
    findChain();
  }
  std::vector<Run> run();

private:
  struct Pair {
    uint64_t A, SizeA, B, SizeB;
    bool IsAway = false; ///< whatever its neighbours do
    bool InChain = false;
  };
  const Part &A, &B;
  std::vector<Pair> Pairs; ///< by A, no overlap in either
  NameFragments AwayA, AwayB;
  std::vector<Run> Out;

  void findPairs(llvm::ArrayRef<CodePiece> NamesA,
                 llvm::ArrayRef<CodePiece> NamesB);
  void findChain();
  void align(uint64_t AtA, uint64_t EndA, uint64_t AtB, uint64_t EndB);
  void fill(uint64_t AtA, uint64_t EndA, uint64_t AtB, uint64_t EndB);
  static NameFragments without(const NameFragments &Away, uint64_t At,
                               uint64_t End);
};

} // namespace

void NameAligner::findPairs(llvm::ArrayRef<CodePiece> NamesA,
                            llvm::ArrayRef<CodePiece> NamesB) {
  // The N-th of a name goes with the N-th of it.
  llvm::StringMap<std::vector<const CodePiece *>> ByName;
  uint64_t Done = 0;
  for (const CodePiece &C : NamesB)
    if (C.Address >= Done) {
      ByName[C.Name].push_back(&C);
      Done = C.Address + C.Size;
    }
  llvm::StringMap<size_t> Taken;
  Done = 0;
  for (const CodePiece &C : NamesA) {
    auto It = ByName.find(C.Name);
    if (C.Address < Done || It == ByName.end())
      continue;
    size_t Number = Taken[C.Name]++;
    if (Number >= It->second.size())
      continue;
    const CodePiece &Partner = *It->second[Number];
    Pairs.push_back({C.Address, C.Size, Partner.Address, Partner.Size});
    // Data lies by size: what lay between the two places has stayed.
    Pairs.back().IsAway = C.Name == ModInfoSymbol && C.Size != Partner.Size;
    Done = C.Address + C.Size;
  }
}

/// The longest increasing subsequence (patience).
void NameAligner::findChain() {
  std::vector<size_t> Tops, Before(Pairs.size(), ~size_t(0));
  for (size_t I = 0; I < Pairs.size(); ++I) {
    if (Pairs[I].IsAway)
      continue;
    auto Pile = std::lower_bound(
        Tops.begin(), Tops.end(), Pairs[I].B,
        [&](size_t Top, uint64_t At) { return Pairs[Top].B < At; });
    if (Pile != Tops.begin())
      Before[I] = Pile[-1];
    if (Pile == Tops.end())
      Tops.push_back(I);
    else
      *Pile = I;
  }
  for (size_t I = Tops.empty() ? ~size_t(0) : Tops.back(); I != ~size_t(0);
       I = Before[I])
    Pairs[I].InChain = true;
  for (const Pair &P : Pairs)
    if (!P.InChain) {
      AwayA.push_back({P.A, P.A + P.SizeA});
      AwayB.push_back({P.B, P.B + P.SizeB});
    }
  std::sort(AwayB.begin(), AwayB.end());
}

NameFragments NameAligner::without(const NameFragments &Away, uint64_t At,
                                   uint64_t End) {
  NameFragments Left;
  auto It = std::lower_bound(Away.begin(), Away.end(), std::pair(At, At));
  for (; It != Away.end() && It->first < End; ++It) {
    if (It->first > At)
      Left.push_back({At, It->first});
    At = std::max(At, It->second);
  }
  if (At < End)
    Left.push_back({At, End});
  return Left;
}

/// A piece and its partner.
void NameAligner::align(uint64_t AtA, uint64_t EndA, uint64_t AtB,
                        uint64_t EndB) {
  StringRef X = A.Bytes.slice(AtA, EndA), Y = B.Bytes.slice(AtB, EndB);
  // Some symbols are whole tables (go:string.*), in which much may move.
  constexpr uint64_t Table = 4096;
  std::vector<Run> Between = alignChanged(X, Y, A.Address + AtA);
  uint64_t Differs = differingInRuns(X, Y, Between);
  if (!A.IsCode && X.size() >= Table && Differs > Block) {
    std::vector<Run> Other = alignByBlocks(X, Y, A.Address + AtA);
    if (differingInRuns(X, Y, Other) < Differs / 2)
      Between = std::move(Other);
  }
  for (Run R : Between)
    Out.push_back({R.A + AtA, R.SizeA, R.B + AtB, R.SizeB});
}

namespace {

/// Fragments laid end to end, and the way back.
struct Joined {
  Joined(StringRef Bytes, NameFragments From) : From(std::move(From)) {
    for (auto [Begin, End] : this->From)
      Text += Bytes.slice(Begin, End);
  }
  /// Where At lies in the part, and how much of its fragment is left there.
  std::pair<uint64_t, uint64_t> place(uint64_t At) const {
    for (auto [Begin, End] : From) {
      if (At < End - Begin)
        return {Begin + At, End - Begin - At};
      At -= End - Begin;
    }
    return {From.empty() ? 0 : From.back().second, 0};
  }
  std::string Text;
  NameFragments From;
};

} // namespace

/// What lies between two links of the chain, less what has moved away.
void NameAligner::fill(uint64_t AtA, uint64_t EndA, uint64_t AtB,
                       uint64_t EndB) {
  Joined X(A.Bytes, without(AwayA, AtA, EndA)),
      Y(B.Bytes, without(AwayB, AtB, EndB));
  uint64_t Address = A.Address + AtA;
  // Of one size may also be what has only changed its place in between.
  bool IsPaired = X.Text.size() == Y.Text.size() &&
                  (differingBytes(StringRef(X.Text), Y.Text) <= Block ||
                   differsByDistances(X.Text, Y.Text, Address));
  std::vector<Run> Between = A.IsCode || IsPaired
                                 ? alignChanged(X.Text, Y.Text, Address)
                                 : alignByBlocks(X.Text, Y.Text, Address);
  for (Run R : Between)
    while (R.SizeA || R.SizeB) {
      auto [FromA, LeftA] = X.place(R.A);
      auto [FromB, LeftB] = Y.place(R.B);
      uint64_t SizeA = std::min(R.SizeA, LeftA),
               SizeB = std::min(R.SizeB, LeftB);
      if (R.isPaired())
        SizeA = SizeB = std::min(SizeA, SizeB);
      Out.push_back({X.From.empty() ? EndA : FromA, SizeA,
                     Y.From.empty() ? EndB : FromB, SizeB});
      R.A += SizeA, R.SizeA -= SizeA, R.B += SizeB, R.SizeB -= SizeB;
    }
}

std::vector<Run> NameAligner::run() {
  uint64_t DoneA = 0, DoneB = 0;
  for (const Pair &P : Pairs) {
    if (P.InChain) {
      fill(DoneA, P.A, DoneB, P.B);
      DoneA = P.A + P.SizeA, DoneB = P.B + P.SizeB;
    }
    align(P.A, P.A + P.SizeA, P.B, P.B + P.SizeB);
  }
  fill(DoneA, A.Bytes.size(), DoneB, B.Bytes.size());
  std::stable_sort(Out.begin(), Out.end(),
                   [](const Run &X, const Run &Y) { return X.A < Y.A; });
  return std::move(Out);
}

/// Pieces inside of P whose ends are known, by offset in it.
static std::vector<CodePiece> inside(const Part &P,
                                     llvm::ArrayRef<CodePiece> All) {
  std::vector<CodePiece> Out;
  for (const CodePiece &C : All)
    if (C.IsSized && C.Address >= P.Address &&
        C.Address - P.Address < P.Bytes.size()) {
      uint64_t At = C.Address - P.Address;
      Out.push_back({C.Name, At, std::min(C.Size, P.Bytes.size() - At)});
    }
  return Out;
}

/// File names by their number, so that renamed ones are still the same file;
/// by their text when one has more of them.
static std::vector<CodePiece> fileNames(const Part &P, bool ByNumber,
                                        std::deque<std::string> &Storage) {
  std::vector<CodePiece> Out;
  for (uint64_t At = 0; At < P.Bytes.size();) {
    uint64_t End = std::min(P.Bytes.find('\0', At), P.Bytes.size() - 1) + 1;
    StringRef Name = P.Bytes.slice(At, End);
    if (ByNumber) {
      Storage.push_back(std::to_string(Out.size()));
      Name = Storage.back();
    }
    Out.push_back({Name, At, End - At});
    At = End;
  }
  return Out;
}

static std::vector<Run> alignUnequal(const Part &A, const Part &B,
                                     llvm::ArrayRef<CodePiece> NamesA,
                                     llvm::ArrayRef<CodePiece> NamesB) {
  if (A.Name == "pclntab: filetab") {
    std::deque<std::string> Storage;
    auto Count = [](const Part &P) { return P.Bytes.rtrim('\0').count('\0'); };
    bool SameNumber = Count(A) == Count(B);
    return NameAligner(A, B, fileNames(A, SameNumber, Storage),
                       fileNames(B, SameNumber, Storage))
        .run();
  }
  std::vector<CodePiece> InA, InB;
  if (A.Address && B.Address)
    InA = inside(A, NamesA), InB = inside(B, NamesB);
  if (!InA.empty() && !InB.empty())
    return NameAligner(A, B, InA, InB).run();
  return alignByBlocks(A.Bytes, B.Bytes, A.Address);
}

std::vector<Run> goslim::alignParts(const Part &A, const Part &B,
                                    llvm::ArrayRef<CodePiece> NamesA,
                                    llvm::ArrayRef<CodePiece> NamesB) {
  constexpr uint64_t Few = 256, Word = 8;
  std::vector<Run> Same = {{0, A.Bytes.size(), 0, B.Bytes.size()}};
  if (A.Bytes == B.Bytes)
    return Same;
  if (A.Bytes.size() != B.Bytes.size())
    return alignUnequal(A, B, NamesA, NamesB);
  // Of one size by chance or by padding, when much differs.
  uint64_t Differs = differingInRuns(A.Bytes, B.Bytes, Same);
  if (Differs <= Word)
    return Same;
  // Tables of numbers look alike everywhere: names are the better witness, also
  // of what has changed places. Where one side is stripped, there are none.
  if (A.Address && !inside(A, NamesA).empty() && !inside(B, NamesB).empty())
    return alignUnequal(A, B, NamesA, NamesB);
  if (Differs <= Few)
    return Same;
  std::vector<Run> Other = alignUnequal(A, B, NamesA, NamesB);
  return differingInRuns(A.Bytes, B.Bytes, Other) < Differs / 2 ? Other : Same;
}
