// Partition: whatever is claimed, cells are sorted, disjoint and inside the
// bounds after every step, and complete after fill(). A byte array with the
// rule spelt out naively is the oracle.
#include "../../lib/Attribution/Partition.h"
#include <gtest/gtest.h>
#include <random>

using namespace goslim;

namespace {

struct PartitionTest : testing::Test {
  static constexpr uint64_t Begin = 10, End = 110;
  Partition P{Begin, End};
  std::vector<uint32_t> Owner = std::vector<uint32_t>(End, NoPackage);

  static Claim claim(uint64_t Offset, uint64_t Size, uint32_t Package) {
    Claim C;
    C.Offset = Offset, C.Size = Size, C.Package = Package;
    return C;
  }

  void checkCells() {
    uint64_t At = Begin;
    std::vector<uint32_t> Seen(End, NoPackage);
    for (const Claim &C : P.cells()) {
      ASSERT_GE(C.Offset, At);
      ASSERT_GT(C.Size, 0u);
      At = C.end();
      ASSERT_LE(At, End);
      std::fill(Seen.begin() + long(C.Offset), Seen.begin() + long(At),
                C.Package);
    }
    ASSERT_EQ(Seen, Owner);
  }

  void add(std::vector<Claim> Layer) {
    std::vector<Claim> Sorted = Layer;
    std::stable_sort(
        Sorted.begin(), Sorted.end(),
        [](const Claim &A, const Claim &B) { return A.Offset < B.Offset; });
    for (const Claim &C : Sorted)
      for (uint64_t I = C.Offset; I < End && I - C.Offset < C.Size; ++I)
        if (I >= Begin && Owner[I] == NoPackage)
          Owner[I] = C.Package;
    P.add(Layer);
    EXPECT_TRUE(Layer.empty());
    checkCells();
  }

  void fill(uint32_t Package) {
    P.fill([&](Claim &Gap, const Claim *) { Gap.Package = Package; });
    for (uint64_t I = Begin; I < End; ++I)
      if (Owner[I] == NoPackage)
        Owner[I] = Package;
    checkCells();
    EXPECT_TRUE(P.isComplete());
  }
};

} // namespace

TEST_F(PartitionTest, emptyIsFilled) {
  EXPECT_FALSE(P.isComplete());
  fill(7);
  EXPECT_EQ(P.cells().size(), 1u);
}

TEST_F(PartitionTest, firstLayerWins) {
  add({claim(20, 10, 1), claim(40, 10, 2)});
  add({claim(0, 200, 3)});
  EXPECT_EQ(P.cells().size(), 5u);
  fill(4);
}

TEST_F(PartitionTest, firstStartWinsInALayer) {
  add({claim(30, 30, 1), claim(20, 20, 2), claim(35, 1, 3)});
  fill(9);
}

TEST_F(PartitionTest, sameRangeFirstGivenWins) {
  add({claim(30, 5, 1), claim(30, 9, 2)});
  fill(9);
}

TEST_F(PartitionTest, outsideAndWrapping) {
  add({claim(0, 5, 1), claim(5, 6, 2), claim(109, ~0ull, 3),
       claim(~0ull, ~0ull, 4), claim(50, 0, 5)});
  fill(9);
}

TEST_F(PartitionTest, gapLabelSeesCellBefore) {
  add({claim(20, 10, 1)});
  std::vector<uint32_t> Before;
  P.fill([&](Claim &, const Claim *B) {
    Before.push_back(B ? B->Package : NoPackage);
  });
  EXPECT_EQ(Before, (std::vector<uint32_t>{NoPackage, 1}));
}

TEST_F(PartitionTest, emptyBounds) {
  Partition Empty(5, 5);
  std::vector<Claim> Layer = {claim(0, 10, 1)};
  Empty.add(Layer);
  EXPECT_TRUE(Empty.cells().empty());
  EXPECT_TRUE(Empty.isComplete());
}

TEST_F(PartitionTest, randomLayers) {
  std::mt19937 Random(42);
  for (int Round = 0; Round < 300; ++Round) {
    P = Partition(Begin, End);
    Owner.assign(End, NoPackage);
    uint32_t Label = 0;
    for (int Layers = 0; Layers < 4; ++Layers) {
      std::vector<Claim> Layer;
      for (unsigned N = Random() % 12; N; --N)
        Layer.push_back(claim(Random() % 120, Random() % 25, ++Label));
      add(Layer);
    }
    fill(++Label);
  }
}
