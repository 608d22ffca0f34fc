//===- Movement.h - where addresses of one program are in the other -------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_VERIFY_MOVEMENT_H
#define GOSLIM_LIB_VERIFY_MOVEMENT_H

#include "Align.h"
#include <map>

namespace goslim {

/// Two parts of one name, and how their bytes go together.
struct PartPair {
  const Part *A = nullptr, *B = nullptr; ///< null: only in the other
  std::vector<Run> Runs;
};

/// Where addresses of A have gone in B.
class Movement {
public:
  Movement(const Program &A, const Program &B, llvm::ArrayRef<PartPair> Pairs);
  /// Anything lies elsewhere, or has another size.
  bool anything() const { return Moved; }
  /// Any of what is loaded.
  bool anyAddress() const { return AnyAddress; }
  /// Any variable came, went or moved among others.
  bool anyVariable() const { return AnyVariable; }
  /// Whether OfB is what OfA has become: the same place of an aligned part.
  bool follows(uint64_t OfA, uint64_t OfB) const;
  /// Whether it is an address of A's.
  bool knows(uint64_t OfA) const;
  /// The same in zeroed memory, or to it or from it, by a reference at Site.
  /// Without symbols nobody says which variable has left it, as one does that
  /// -X sets: what has moved nearly as far as all is believed, and isInSteps
  /// says in the end whether that was right.
  bool followsSteps(uint64_t OfA, uint64_t OfB, uint64_t Site) const;
  /// Whether a number may have grown from OfA to OfB because a table did.
  bool isGrowth(uint64_t OfA, uint64_t OfB) const;
  /// Distances change rarely, and where they do either a variable has left or
  /// come, or two references agree on both sides. A changed reference has no
  /// such company. If it is not so, disbelieve() followsSteps.
  bool isInSteps() const;
  void disbelieve() { Steps.clear(); }
  /// Of parts that are in both: what offsets in tables count from.
  struct Base {
    uint64_t A, B;
    const Part *Of; ///< in A; null: the image's own
  };
  llvm::ArrayRef<Base> bases() const { return Bases; }
  /// The same of offsets from From, which lead into its part.
  bool follows(const Base &From, uint64_t OfA, uint64_t OfB) const;

private:
  struct Piece {
    uint64_t Begin, End, To;
  };
  std::vector<Piece> Pieces, Named; ///< by Begin; of parts, of symbols
  struct Sighting {
    int64_t Distance;
    uint64_t Site;
    bool IsTwice = false; ///< from two sites
    bool add(int64_t OfDistance, uint64_t OfSite) {
      IsTwice |= OfSite != Site;
      return OfDistance == Distance;
    }
  };
  struct Step {
    uint64_t Begin, End;
    int64_t AtBegin, AtEnd;                    ///< how far they have moved
    mutable std::map<uint64_t, Sighting> Seen; ///< by address
  };
  std::vector<Step> Steps;
  /// Data that is in one program only, and zeroed memory of B: where a variable
  /// goes to, or comes from, that gets a value.
  std::vector<std::pair<uint64_t, uint64_t>> OnlyInA, OnlyInB, ZeroInB;
  struct Home {
    Sighting Last;
    uint64_t Zeroed; ///< begin of the variable where it is zeroed
    uint64_t Size;
    bool IsInA; ///< there it is zeroed
  };
  mutable std::map<uint64_t, Home> Homes; ///< by begin of such data
  std::vector<Base> Bases;
  std::vector<std::pair<uint64_t, uint64_t>> Sizes; ///< of parts that differ
  bool Moved = false, AnyAddress = false, AnyVariable = false;

  void addZeroData(const Program &A, const Program &B,
                   llvm::ArrayRef<PartPair> Pairs);
  void addZeroDataOfWasm();
  bool isInStep(uint64_t OfA) const;
  bool isInSteps(const Step &S) const;
  bool goesHome(uint64_t OfA, uint64_t OfB, uint64_t Site) const;
  bool isInPiece(llvm::ArrayRef<Piece> All, uint64_t OfA, uint64_t OfB) const;
  void addNames(const Program &A, const Program &B);
};

/// Moves runs of a few words that are in one program only to where the pointers
/// around them fit best.
void placeInsertions(const Program &A, const Program &B,
                     std::vector<PartPair> &Pairs);

} // namespace goslim

#endif // GOSLIM_LIB_VERIFY_MOVEMENT_H
