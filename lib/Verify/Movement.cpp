//===- Movement.cpp - where addresses of one program are in the other -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Movement.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace goslim;
using llvm::StringRef;

/// How much data comes or goes, or moves more than all else: four strings, or
/// alignment.
static constexpr uint64_t Slack = 64;

/// .bss and its like have no bytes, but addresses.
static std::vector<ImageSection> zeroDataOf(const Program &P) {
  if (!P.Elf)
    return P.Other->Zeroed;
  std::vector<ImageSection> Out(P.Elf->sections());
  llvm::erase_if(Out, [](const ImageSection &S) { return !S.isNoBits(); });
  return Out;
}

/// How far the last bytes have moved that end where Address is in A.
static int64_t distanceBefore(uint64_t Address,
                              llvm::ArrayRef<PartPair> Pairs) {
  for (const PartPair &P : Pairs)
    if (P.A && P.B && P.A->Address + P.A->Bytes.size() == Address)
      for (const Run &R : llvm::reverse(P.Runs))
        if (R.isPaired() && R.SizeA)
          return int64_t(P.B->Address + R.B - (P.A->Address + R.A));
  return 0;
}

void Movement::addZeroData(const Program &A, const Program &B,
                           llvm::ArrayRef<PartPair> Pairs) {
  std::vector<ImageSection> InB = zeroDataOf(B);
  for (const ImageSection &X : zeroDataOf(A)) {
    auto Y = llvm::find_if(
        InB, [&](const ImageSection &S) { return S.Name == X.Name; });
    if (Y == InB.end())
      continue;
    AnyAddress |= X.Address != Y->Address || X.MemSize != Y->MemSize;
    AnyVariable |= X.MemSize != Y->MemSize;
    uint64_t EndA = X.Address + X.MemSize, EndB = Y->Address + Y->MemSize;
    // In PE it begins where the file's granularity has it, and ends as it is.
    uint64_t Most = std::max(X.MemSize, Y->MemSize);
    if (A.Format == "PE")
      Pieces.push_back({EndA - Most, EndA, EndB - Most});
    else if (X.MemSize == Y->MemSize)
      Pieces.push_back({X.Address, EndA, Y->Address});
    ZeroInB.push_back({Y->Address, EndB});
    Steps.push_back({X.Address,
                     EndA,
                     A.Format == "PE" ? distanceBefore(X.Address, Pairs)
                                      : int64_t(Y->Address - X.Address),
                     int64_t(EndB - EndA),
                     {}});
    if (X.MemSize != Y->MemSize)
      Sizes.push_back({X.MemSize, Y->MemSize});
  }
}

/// Memory of Wasm goes on with zeroed variables, of which the file says
/// nothing: they lie as the end of the data does.
void Movement::addZeroDataOfWasm() {
  constexpr uint64_t Most = 64 << 20;
  Piece Last = {};
  for (const Piece &P : Pieces)
    if (P.End < WasmCode && P.End >= Last.End && P.End > P.Begin)
      Last = P;
  if (!Last.End)
    return;
  uint64_t To = Last.To + (Last.End - Last.Begin), End = Last.End + Most;
  int64_t Distance = int64_t(To - Last.End);
  Pieces.push_back({Last.End, End, To});
  Steps.push_back({Last.End, End, Distance, Distance, {}});
  ZeroInB.push_back({To, To + Most});
}

/// Data with a name, by address.
static std::vector<CodePiece> namedData(const Program &P) {
  std::vector<CodePiece> Out;
  if (P.Labels)
    for (const Span &S : P.Labels->Spans)
      if (S.Address && !S.Symbol.empty() && S.What != Kind::Padding &&
          S.What != Kind::Code)
        Out.push_back({S.Symbol, S.Address, S.MemSize});
  if (!P.Other || P.Format == "Wasm")
    return Out;
  // Symbols of pclntab are not where its tables end.
  const Part *Tables = P.part("pclntab: header");
  auto IsTable = [&](uint64_t Address) {
    return Tables && Address >= Tables->Address &&
           Address - Tables->Address < P.Go.Pcln->Whole.Size;
  };
  llvm::ArrayRef<ImageSymbol> All = P.Other->Symbols;
  for (size_t I = 0; I + 1 < All.size(); ++I)
    if (IsTable(All[I].Address))
      continue;
    else if (const CodePiece *C = P.codeAt(All[I].Address); !C || !C->IsSized)
      Out.push_back({All[I].Name, All[I].Address,
                     All[I + 1].Address - All[I].Address, false});
  return Out;
}

/// By name, wherever it lies: what has got a value moves from .bss to .data.
void Movement::addNames(const Program &A, const Program &B) {
  struct Place {
    const CodePiece *Piece;
    bool IsTwice;
  };
  std::vector<CodePiece> InA = namedData(A), InB = namedData(B);
  llvm::StringMap<Place> ByName;
  for (const CodePiece &C : InB)
    if (auto [It, New] = ByName.try_emplace(C.Name, Place{&C, false}); !New)
      It->second.IsTwice = true;
  for (const CodePiece &C : InA)
    if (auto It = ByName.find(C.Name);
        It != ByName.end() && !It->second.IsTwice) {
      const CodePiece &To = *It->second.Piece;
      uint64_t Size = C.IsSized ? C.Size : std::min(C.Size, To.Size);
      Named.push_back({C.Address, C.Address + Size, To.Address});
    }
  llvm::sort(Named,
             [](const Piece &X, const Piece &Y) { return X.Begin < Y.Begin; });
}

Movement::Movement(const Program &A, const Program &B,
                   llvm::ArrayRef<PartPair> Pairs) {
  addZeroData(A, B, Pairs);
  addNames(A, B);
  if (A.Format == "PE")
    Bases.push_back({A.Other->ImageBase, B.Other->ImageBase, nullptr});
  Moved = A.fileBytes().size() != B.fileBytes().size();
  for (const PartPair &P : Pairs) {
    if (!P.A || !P.B) {
      AnyAddress |= (P.A ? P.A : P.B)->Address != 0;
      continue;
    }
    uint64_t SizeA = P.A->Bytes.size(), SizeB = P.B->Bytes.size();
    Moved |= P.A->Where.Size != P.B->Where.Size; // headers speak of all
    // A table may also have grown into the padding behind it.
    bool IsTable = StringRef(P.A->Name).starts_with("pclntab: ");
    if (P.A->Bytes != P.B->Bytes && !P.A->IsDebug && !P.A->IsSymbols &&
        !P.A->IsGap && (SizeA != SizeB || IsTable))
      Sizes.push_back({SizeA, SizeB});
    if (!P.A->Address || !P.B->Address)
      continue;
    AnyAddress |= P.A->Address != P.B->Address;
    Bases.push_back({P.A->Address, P.B->Address, P.A});
    for (const Run &R : P.Runs) {
      AnyAddress |= !R.isPaired() || R.A != R.B;
      AnyVariable |= !R.isPaired() && P.A->IsWritable;
      // Of what was replaced the begin is still the begin.
      uint64_t Begin = P.A->Address + R.A;
      uint64_t BeginB = P.B->Address + R.B;
      if (!P.A->IsCode && !R.SizeB && R.SizeA <= Slack)
        OnlyInA.push_back({Begin, Begin + R.SizeA});
      if (!P.A->IsCode && !R.SizeA && R.SizeB <= Slack)
        OnlyInB.push_back({BeginB, BeginB + R.SizeB});
      Pieces.push_back({Begin, R.isPaired() ? Begin + R.SizeA : Begin, BeginB});
    }
  }
  Moved |= AnyAddress;
  if (A.Format == "Wasm")
    addZeroDataOfWasm();
  llvm::sort(Pieces,
             [](const Piece &X, const Piece &Y) { return X.Begin < Y.Begin; });
}

bool Movement::isInPiece(llvm::ArrayRef<Piece> All, uint64_t OfA,
                         uint64_t OfB) const {
  auto Next = llvm::upper_bound(
      All, OfA, [](uint64_t At, const Piece &P) { return At < P.Begin; });
  // The end of one piece may be the begin of the next.
  for (int Back = 1; Back <= 2 && Next - All.begin() >= Back; ++Back) {
    const Piece &P = Next[-Back];
    if (OfA <= P.End && OfB == P.To + (OfA - P.Begin))
      return true;
  }
  return false;
}

bool Movement::isInStep(uint64_t OfA) const {
  return llvm::any_of(
      Steps, [&](const Step &S) { return OfA >= S.Begin && OfA < S.End; });
}

/// A variable that has left zeroed memory, or come to it.
bool Movement::goesHome(uint64_t OfA, uint64_t OfB, uint64_t Site) const {
  auto In = [](const auto &Ranges, uint64_t At) {
    return llvm::find_if(
        Ranges, [&](auto R) { return At >= R.first && At < R.second; });
  };
  bool WasZeroed = isInStep(OfA);
  int64_t Distance = int64_t(OfB - OfA);
  Home New{{Distance, Site}, 0, 0, WasZeroed};
  uint64_t Begin;
  // There is little zeroed memory, and may be much data of one program only.
  if (WasZeroed) {
    auto R = In(OnlyInB, OfB);
    if (R == OnlyInB.end())
      return false;
    Begin = R->first, New.Size = R->second - R->first;
    New.Zeroed = OfA - (OfB - Begin);
  } else {
    if (In(ZeroInB, OfB) == ZeroInB.end())
      return false;
    auto R = In(OnlyInA, OfA);
    if (R == OnlyInA.end())
      return false;
    Begin = R->first, New.Size = R->second - R->first;
    New.Zeroed = OfB - (OfA - Begin);
  }
  return Homes.try_emplace(Begin, New).first->second.Last.add(Distance, Site);
}

bool Movement::follows(uint64_t OfA, uint64_t OfB) const {
  return isInPiece(Named, OfA, OfB) ||
         (!isInStep(OfA) && isInPiece(Pieces, OfA, OfB));
}

bool Movement::knows(uint64_t OfA) const {
  auto Next = llvm::upper_bound(
      Pieces, OfA, [](uint64_t At, const Piece &P) { return At < P.Begin; });
  return isInStep(OfA) || (Next != Pieces.begin() && OfA < Next[-1].End);
}

bool Movement::follows(const Base &From, uint64_t OfA, uint64_t OfB) const {
  // Its begin is also the end of another part, which has moved otherwise.
  bool IsInside = !From.Of || (OfA < From.Of->Bytes.size() && OfA && OfB);
  return IsInside && follows(From.A + OfA, From.B + OfB);
}

bool Movement::followsSteps(uint64_t OfA, uint64_t OfB, uint64_t Site) const {
  constexpr int64_t Word = 8;
  int64_t Distance = int64_t(OfB - OfA);
  for (const Step &S : Steps)
    if (auto [Least, Most] = std::minmax(S.AtBegin, S.AtEnd);
        OfA >= S.Begin && OfA < S.End && Distance >= Least - int64_t(Slack) &&
        Distance <= Most + int64_t(Slack) && Distance % Word == 0)
      return S.Seen.try_emplace(OfA, Sighting{Distance, Site})
          .first->second.add(Distance, Site);
  return !Steps.empty() && goesHome(OfA, OfB, Site);
}

bool Movement::isInSteps(const Step &S) const {
  constexpr size_t MostBorders = 8;
  /// Neighbours that have moved equally far.
  struct Run {
    uint64_t First, Last;
    int64_t Distance;
    bool IsTwice;
  };
  // From begin to end, which are known.
  std::vector<Run> Runs = {{S.Begin, S.Begin, S.AtBegin, true}};
  auto Add = [&](uint64_t Address, int64_t Distance, bool IsTwice) {
    Run &Last = Runs.back();
    if (Last.Distance == Distance)
      Last.Last = Address, Last.IsTwice = true;
    else
      Runs.push_back({Address, Address, Distance, IsTwice});
  };
  for (const auto &[Address, Sighted] : S.Seen)
    Add(Address, Sighted.Distance, Sighted.IsTwice);
  if (!S.Seen.empty())
    Add(S.End, S.AtEnd, true);
  auto IsKnown = [&](const Run &X, const Run &Y) {
    return llvm::any_of(Homes, [&](const auto &Entry) {
      const Home &H = Entry.second;
      int64_t Size = int64_t(H.Size);
      uint64_t From = X.Last + (H.IsInA ? 0 : uint64_t(X.Distance)),
               To = Y.First + (H.IsInA ? 0 : uint64_t(Y.Distance));
      return From <= H.Zeroed && H.Zeroed + H.Size <= To &&
             X.Distance - Y.Distance == (H.IsInA ? Size : -Size);
    });
  };
  for (size_t I = 1; I < Runs.size(); ++I)
    if (const Run &X = Runs[I - 1], &Y = Runs[I];
        !(X.IsTwice && Y.IsTwice) && !IsKnown(X, Y))
      return false;
  return Runs.size() <= MostBorders + 1;
}

bool Movement::isInSteps() const {
  return llvm::all_of(Steps, [&](const Step &S) { return isInSteps(S); }) &&
         llvm::all_of(Homes,
                      [](const auto &H) { return H.second.Last.IsTwice; });
}

/// Sums of sizes grow as their parts do; sizes themselves are told without the
/// padding behind a table.
bool Movement::isGrowth(uint64_t OfA, uint64_t OfB) const {
  constexpr uint64_t Padding = 32;
  return llvm::any_of(Sizes, [&](auto Size) {
    auto [SizeA, SizeB] = Size;
    bool IsSum = OfA + Padding > SizeA && OfB + Padding > SizeB;
    return (IsSum && OfB - OfA == SizeB - SizeA) ||
           (SizeA - OfA < Padding && SizeB - OfB < Padding);
  });
}
