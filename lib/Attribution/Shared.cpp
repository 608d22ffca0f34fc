//===- Shared.cpp - who pays for what several packages use ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A rule is a function from one attribution to another: still a partition, so
// every report adds up whatever the rule, and no report knows of rules.
//===----------------------------------------------------------------------===//
#include "goslim/Attribution/Attribution.h"
#include <map>

using namespace goslim;

namespace {

/// All spans of one kind with the same users, laid end to end: user I of N gets
/// the bytes from Total * I / N on.
struct Pool {
  uint64_t Total = 0, Given = 0;

  /// Where the share of user I begins.
  uint64_t begin(uint64_t I, uint64_t N) const {
    return Total / N * I + std::min(I, Total % N);
  }
};

using Pools = std::map<std::pair<uint32_t, Kind>, Pool>;

} // namespace

static uint64_t sizeOf(const Span &S) { return std::max(S.Size, S.MemSize); }

/// Cuts S where the share of one user ends and the next one's begins.
static void splitSpan(const Span &S, Pool &P, llvm::ArrayRef<uint32_t> Users,
                      std::vector<Span> &Out) {
  uint64_t N = Users.size(), Left = sizeOf(S), At = 0;
  while (Left) {
    uint64_t I = 0; // the user whose share P.Given lies in
    for (uint64_t Last = N; I + 1 < Last;) {
      uint64_t Middle = (I + Last) / 2;
      (P.begin(Middle, N) <= P.Given ? I : Last) = Middle;
    }
    uint64_t Size =
        I + 1 < N ? std::min(Left, P.begin(I + 1, N) - P.Given) : Left;
    Span Piece = S;
    Piece.Package = Users[I], Piece.Users = 0;
    if (S.Size)
      Piece.Offset += At, Piece.Size = Size;
    if (S.MemSize) {
      Piece.MemSize = Size;
      Piece.Address += S.Address ? At : 0;
    }
    Out.push_back(Piece);
    At += Size, P.Given += Size, Left -= Size;
  }
}

void goslim::shareOut(Attribution &A, SharedRule Rule) {
  if (Rule == SharedRule::Shared)
    return;
  if (Rule == SharedRule::First) {
    for (Span &S : A.Spans)
      if (S.Users)
        S.Package = A.UserSets[S.Users].front(), S.Users = 0;
    return;
  }
  Pools All;
  for (const Span &S : A.Spans)
    if (S.Users)
      All[{S.Users, S.What}].Total += sizeOf(S);
  std::vector<Span> Out;
  Out.reserve(A.Spans.size());
  for (const Span &S : A.Spans)
    if (S.Users)
      splitSpan(S, All[{S.Users, S.What}], A.UserSets[S.Users], Out);
    else
      Out.push_back(S);
  A.Spans = std::move(Out);
}
