//===- Blocks.cpp - bytes without names, paired by what they are ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As rsync does: blocks of B by their hash, a window that slides over A. What
// is found is extended in both directions; of the finds those in one order in
// both count, and what lies between two of them is paired when it is of one
// length, or when a variable came or went in it.
//===----------------------------------------------------------------------===//
#include "Blocks.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Endian.h"
#include <algorithm>
#include <optional>
#include <utility>

using namespace goslim;
using llvm::StringRef;

/// More than a find of this size is no chance.
static constexpr uint64_t Few = 4 * Block;

/// Whether one side is the other with so much padding before it, or behind it,
/// as alignment asks for.
static bool addPadded(uint64_t A, uint64_t SizeA, uint64_t B, uint64_t SizeB,
                      StringRef BytesA, StringRef BytesB,
                      std::vector<Run> &Out) {
  constexpr uint64_t Most = 64;
  uint64_t Least = std::min(SizeA, SizeB), Pad = std::max(SizeA, SizeB) - Least;
  if (!Least || Pad > Most)
    return false;
  StringRef Longer =
      SizeA > SizeB ? BytesA.substr(A, SizeA) : BytesB.substr(B, SizeB);
  auto IsZero = [](StringRef Bytes) {
    return Bytes.find_first_not_of('\0') == StringRef::npos;
  };
  bool IsBefore = IsZero(Longer.take_front(Pad));
  if (!IsBefore && !IsZero(Longer.take_back(Pad)))
    return false;
  uint64_t PadA = SizeA - Least, PadB = SizeB - Least;
  if (IsBefore) {
    Out.push_back({A, PadA, B, PadB});
    Out.push_back({A + PadA, Least, B + PadB, Least});
  } else {
    Out.push_back({A, Least, B, Least});
    Out.push_back({A + Least, PadA, B + Least, PadB});
  }
  return true;
}

/// Whether one word may be what the other has become: a pointer into what has
/// moved.
static bool isMovedPointer(const char *Old, const char *New) {
  constexpr uint64_t Lowest = 1 << 12, Far = 1 << 24;
  uint64_t X = llvm::support::endian::read64le(Old),
           Y = llvm::support::endian::read64le(New);
  return X >= Lowest && Y >= Lowest && Y - X + Far <= 2 * Far;
}

/// Whether one side is the other with a few words more at one place, and
/// whatever differs else is moved pointers: a variable that came or went. Base:
/// the address of BytesA.
static bool addInserted(uint64_t A, uint64_t SizeA, uint64_t B, uint64_t SizeB,
                        StringRef BytesA, StringRef BytesB, uint64_t Base,
                        std::vector<Run> &Out) {
  constexpr uint64_t Word = 8, Most = 64;
  uint64_t Least = std::min(SizeA, SizeB),
           Added = std::max(SizeA, SizeB) - Least;
  // From the word on that the difference begins in.
  uint64_t Skip = (Base + A) % Word;
  if (Added % Word || Added > Most || Least < 2 * Word || A < Skip || B < Skip)
    return false;
  const char *X = BytesA.data() + A - Skip, *Y = BytesB.data() + B - Skip;
  uint64_t AddedX = SizeA - Least, AddedY = SizeB - Least;
  uint64_t Words = (Skip + Least) / Word;
  auto IsOther = [&](uint64_t I, bool IsBehind) {
    uint64_t At = I * Word;
    const char *Old = X + At + IsBehind * AddedX,
               *New = Y + At + IsBehind * AddedY;
    return memcmp(Old, New, Word) && !isMovedPointer(Old, New);
  };
  // All before the place, none behind it.
  uint64_t Behind = Words;
  while (Behind && !IsOther(Behind - 1, true))
    --Behind;
  uint64_t Before = 0;
  while (Before < Words && !IsOther(Before, false))
    ++Before;
  if (Behind > Before)
    return false;
  // Where both hold, most words stay as they are.
  auto IsEqual = [&](uint64_t I, bool IsBehind) {
    return !memcmp(X + I * Word + IsBehind * AddedX,
                   Y + I * Word + IsBehind * AddedY, Word);
  };
  int64_t Gain = 0, Best = 0;
  uint64_t At = Behind;
  for (uint64_t I = Behind; I < Before; ++I) {
    bool Stays = IsEqual(I, false);
    Gain += int64_t(Stays) - int64_t(IsEqual(I, true));
    if (Gain > Best || (Gain == Best && Stays))
      Best = Gain, At = I + 1;
  }
  uint64_t Place = std::min(std::max(At * Word, Skip) - Skip, Least);
  if (Place)
    Out.push_back({A, Place, B, Place});
  Out.push_back({A + Place, AddedX, B + Place, AddedY});
  if (Place < Least)
    Out.push_back(
        {A + Place + AddedX, Least - Place, B + Place + AddedY, Least - Place});
  return true;
}

/// Ends common to both sides are paired, the middle is what changed. Base: the
/// address of BytesA.
static void addChanged(uint64_t A, uint64_t SizeA, uint64_t B, uint64_t SizeB,
                       StringRef BytesA, StringRef BytesB, uint64_t Base,
                       std::vector<Run> &Out) {
  if (!SizeA && !SizeB)
    return;
  if (SizeA == SizeB) {
    Out.push_back({A, SizeA, B, SizeB});
    return;
  }
  if (addPadded(A, SizeA, B, SizeB, BytesA, BytesB, Out) ||
      addInserted(A, SizeA, B, SizeB, BytesA, BytesB, Base, Out))
    return;
  uint64_t Least = std::min(SizeA, SizeB), Head = 0, Tail = 0;
  while (Head < Least && BytesA[A + Head] == BytesB[B + Head])
    ++Head;
  while (Tail < Least - Head &&
         BytesA[A + SizeA - 1 - Tail] == BytesB[B + SizeB - 1 - Tail])
    ++Tail;
  if (Head)
    Out.push_back({A, Head, B, Head});
  Out.push_back({A + Head, SizeA - Head - Tail, B + Head, SizeB - Head - Tail});
  if (Tail)
    Out.push_back({A + SizeA - Tail, Tail, B + SizeB - Tail, Tail});
}

namespace {

/// A polynomial over Block bytes that can slide.
class Window {
public:
  explicit Window(const char *From) {
    for (uint64_t I = 0; I < Block; ++I)
      Value = Value * Factor + uint8_t(From[I]);
    for (uint64_t I = 0; I + 1 < Block; ++I)
      Highest *= Factor;
  }
  void slide(char Old, char New) {
    Value = (Value - uint8_t(Old) * Highest) * Factor + uint8_t(New);
  }
  uint64_t value() const { return Value | 1; } // never DenseMap's own keys

private:
  static constexpr uint64_t Factor = 0x9E3779B97F4A7C15;
  uint64_t Value = 0, Highest = 1;
};

} // namespace

uint64_t goslim::differingBytes(StringRef A, StringRef B) {
  uint64_t Sum = 0;
  for (uint64_t I = 0; I < A.size(); ++I)
    Sum += A[I] != B[I];
  return Sum;
}

bool goslim::differsByDistances(StringRef A, StringRef B, uint64_t Address) {
  constexpr uint64_t Word = 8, Far = 1 << 30;
  constexpr unsigned Often = 4;
  llvm::DenseMap<uint64_t, unsigned> Distances;
  uint64_t Others = 0;
  uint64_t First = std::min<uint64_t>(A.size(), -Address % Word), At = First;
  for (; At + Word <= A.size(); At += Word) {
    uint64_t X = llvm::support::endian::read64le(A.data() + At),
             Y = llvm::support::endian::read64le(B.data() + At);
    // Distances are short. Counted from -Far, which no key of the map's is.
    if (uint64_t Distance = Y - X + Far; Distance < 2 * Far)
      Distances[Distance] += X != Y;
    else
      Others += Word;
  }
  for (auto [Distance, Count] : Distances)
    if (Count < Often)
      Others += Count * Word;
  Others += differingBytes(A.take_front(First), B.take_front(First)) +
            differingBytes(A.drop_front(At), B.drop_front(At));
  return Others <= Block;
}

/// Equal stretches around blocks that B has once, by A, without overlap there.
static std::vector<Run> findEqual(StringRef A, StringRef B) {
  constexpr uint64_t Ambiguous = ~uint64_t(0);
  llvm::DenseMap<uint64_t, uint64_t> Blocks;
  for (uint64_t At = 0; At + Block <= B.size(); At += Block) {
    auto [It, New] = Blocks.try_emplace(Window(B.data() + At).value(), At);
    if (!New)
      It->second = Ambiguous;
  }
  std::vector<Run> Out;
  uint64_t DoneA = 0, At = 0;
  std::optional<Window> W;
  while (At + Block <= A.size()) {
    if (!W)
      W.emplace(A.data() + At);
    auto Found = Blocks.find(W->value());
    if (Found == Blocks.end() || Found->second == Ambiguous ||
        A.substr(At, Block) != B.substr(Found->second, Block)) {
      if (At + Block < A.size())
        W->slide(A[At], A[At + Block]);
      ++At;
      continue;
    }
    uint64_t BeginA = At, BeginB = Found->second, Size = Block;
    while (BeginA > DoneA && BeginB && A[BeginA - 1] == B[BeginB - 1])
      --BeginA, --BeginB, ++Size;
    while (BeginA + Size < A.size() && BeginB + Size < B.size() &&
           A[BeginA + Size] == B[BeginB + Size])
      ++Size;
    Out.push_back({BeginA, Size, BeginB, Size});
    At = DoneA = BeginA + Size;
    W.reset();
  }
  return Out;
}

/// Those of All (by A) that are in one order in both, with the most bytes: a
/// stretch that has moved far away does not carry its neighbours off. A Fenwick
/// tree over places in B.
static std::vector<Run> inOneOrder(llvm::ArrayRef<Run> All) {
  struct Best {
    uint64_t Bytes = 0;
    size_t Last = ~size_t(0);
  };
  std::vector<uint64_t> Places;
  for (const Run &R : All)
    Places.push_back(R.B);
  std::sort(Places.begin(), Places.end());
  std::vector<Best> Tree(All.size() + 1);
  std::vector<size_t> Before(All.size());
  Best Whole;
  for (size_t I = 0; I < All.size(); ++I) {
    size_t Rank =
        size_t(std::lower_bound(Places.begin(), Places.end(), All[I].B) -
               Places.begin());
    Best Here;
    for (size_t J = Rank; J; J -= J & (~J + 1))
      if (Tree[J].Bytes > Here.Bytes)
        Here = Tree[J];
    Before[I] = Here.Last;
    Here = {Here.Bytes + All[I].SizeA, I};
    for (size_t J = Rank + 1; J < Tree.size(); J += J & (~J + 1))
      if (Here.Bytes > Tree[J].Bytes)
        Tree[J] = Here;
    if (Here.Bytes > Whole.Bytes)
      Whole = Here;
  }
  std::vector<Run> Out;
  for (size_t I = Whole.Last; I != ~size_t(0); I = Before[I])
    Out.push_back(All[I]);
  std::reverse(Out.begin(), Out.end());
  return Out;
}

/// Whether all words that differ are moved pointers.
static bool areMovedPointers(StringRef A, StringRef B, uint64_t Address) {
  constexpr uint64_t Word = 8;
  uint64_t First = std::min<uint64_t>(A.size(), -Address % Word), At = First;
  for (; At + Word <= A.size(); At += Word)
    if (memcmp(A.data() + At, B.data() + At, Word) &&
        !isMovedPointer(A.data() + At, B.data() + At))
      return false;
  return A.take_front(First) == B.take_front(First) &&
         A.drop_front(At) == B.drop_front(At);
}

/// Of moved pointers one may look like the neighbour of another. Where two
/// finds have one distance and all between them is moved pointers at that
/// distance, the finds between are such; they give way.
static std::vector<Run> withoutEchoes(std::vector<Run> Finds, StringRef A,
                                      StringRef B, uint64_t Address) {
  // Never one of DenseMap's own keys.
  auto Distance = [](const Run &R) { return (R.A - R.B) * 4 + 1; };
  llvm::DenseMap<uint64_t, size_t> Seen; // by distance
  std::vector<size_t> Next(Finds.size());
  for (size_t I = Finds.size(); I--;)
    Next[I] =
        std::exchange(Seen.try_emplace(Distance(Finds[I]), I).first->second, I);
  uint64_t Budget = 8 * A.size(); // of bytes looked at
  std::vector<Run> Out;
  for (size_t I = 0; I < Finds.size(); ++I) {
    Run R = Finds[I];
    size_t J = Next[I];
    uint64_t From = R.A + R.SizeA;
    uint64_t Size = Finds[J].A - std::min(Finds[J].A, From);
    if (J > I + 1 && Size <= Budget) {
      Budget -= Size;
      uint64_t Echoes = 0;
      for (size_t K = I + 1; K < J; ++K)
        Echoes += Finds[K].SizeA;
      StringRef Old = A.substr(From, Size), New = B.substr(R.B + R.SizeB, Size);
      if (differsByDistances(Old, New, Address + From) ||
          (Echoes <= Few && areMovedPointers(Old, New, Address + From)))
        I = J - 1;
    }
    Out.push_back(R);
  }
  return Out;
}

/// Where a variable has come or gone, moved pointers before it and behind it
/// may look alike, too: a short find gives way that leaves what no moved
/// pointer explains, when all is one when it is gone.
static std::vector<Run> withoutFalseFriends(llvm::ArrayRef<Run> Finds,
                                            StringRef A, StringRef B,
                                            uint64_t Address) {
  auto IsWell = [&](const Run &X, const Run &Y) {
    uint64_t From = X.A + X.SizeA, FromB = X.B + X.SizeB;
    if (Y.A < From || Y.A - From != Y.B - FromB)
      return false;
    return areMovedPointers(A.slice(From, Y.A), B.slice(FromB, Y.B),
                            Address + From);
  };
  std::vector<Run> Out, Between;
  for (size_t I = 0; I < Finds.size(); ++I) {
    const Run &R = Finds[I];
    if (!Out.empty() && I + 1 < Finds.size() && R.SizeA <= Few) {
      const Run &Last = Out.back(), &Next = Finds[I + 1];
      uint64_t From = Last.A + Last.SizeA, FromB = Last.B + Last.SizeB;
      if (Next.A > From && Next.B > FromB &&
          (!IsWell(Last, R) && !IsWell(R, Next)) &&
          addInserted(From, Next.A - From, FromB, Next.B - FromB, A, B, Address,
                      Between))
        continue;
    }
    Out.push_back(R);
  }
  return Out;
}

std::vector<Run> goslim::alignChanged(StringRef A, StringRef B,
                                      uint64_t Address) {
  std::vector<Run> Out;
  addChanged(0, A.size(), 0, B.size(), A, B, Address, Out);
  return Out;
}

std::vector<Run> goslim::alignByBlocks(StringRef A, StringRef B,
                                       uint64_t Address) {
  std::vector<Run> Out;
  uint64_t DoneA = 0, DoneB = 0;
  std::vector<Run> Finds =
      withoutEchoes(inOneOrder(findEqual(A, B)), A, B, Address);
  for (Run R : withoutFalseFriends(Finds, A, B, Address)) {
    // What two stretches claim in B is the first one's.
    uint64_t Taken = std::min(R.SizeB, DoneB - std::min(DoneB, R.B));
    R.A += Taken, R.B += Taken, R.SizeA -= Taken, R.SizeB -= Taken;
    if (!R.SizeA)
      continue;
    addChanged(DoneA, R.A - DoneA, DoneB, R.B - DoneB, A, B, Address, Out);
    Out.push_back(R);
    DoneA = R.A + R.SizeA, DoneB = R.B + R.SizeB;
  }
  addChanged(DoneA, A.size() - DoneA, DoneB, B.size() - DoneB, A, B, Address,
             Out);
  return Out;
}
