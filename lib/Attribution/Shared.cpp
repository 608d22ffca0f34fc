//===- Shared.cpp - who pays for what several packages use ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A rule is a function from one attribution to another: still a partition, so
// every report adds up whatever the rule, and no report knows of rules.
//===----------------------------------------------------------------------===//
#include "goslim/Attribution/Attribution.h"

using namespace goslim;

/// Cuts S among N users so that the sizes differ by one byte at most.
static void splitSpan(const Span &S, llvm::ArrayRef<uint32_t> Users,
                      std::vector<Span> &Out) {
  uint64_t Whole = std::max(S.Size, S.MemSize), N = Users.size();
  uint64_t Each = Whole / N, Rest = Whole % N, At = 0;
  for (uint64_t I = 0; I < N; ++I) {
    Span Piece = S;
    uint64_t Size = Each + (I < Rest);
    if (!Size)
      break;
    Piece.Package = Users[I], Piece.Users = 0;
    if (S.Size)
      Piece.Offset += At, Piece.Size = Size;
    if (S.MemSize) {
      Piece.MemSize = Size;
      Piece.Address += S.Address ? At : 0;
    }
    Out.push_back(Piece);
    At += Size;
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
  std::vector<Span> Out;
  Out.reserve(A.Spans.size());
  for (const Span &S : A.Spans)
    if (S.Users)
      splitSpan(S, A.UserSets[S.Users], Out);
    else
      Out.push_back(S);
  A.Spans = std::move(Out);
}
