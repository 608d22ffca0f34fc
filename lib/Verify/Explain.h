//===- Explain.h - a cause for every differing byte -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_VERIFY_EXPLAIN_H
#define GOSLIM_LIB_VERIFY_EXPLAIN_H

#include "Movement.h"
#include "goslim/Verify/Compare.h"

namespace goslim {

/// What two programs say of themselves differs in this.
struct KeyChange {
  std::string Key, Old, New;
  Cause Why;
};
std::vector<KeyChange> buildInfoChanges(const Program &A, const Program &B);
/// The cause of a key of build info ("build GOAMD64", "dep example.com/x").
Cause causeOfKey(llvm::StringRef Key);
/// The strongest of the changes that reach everything compiled; Unknown = none.
Cause dominantCause(llvm::ArrayRef<KeyChange> Changes);

/// The part of the file names that differs: A's prefix, B's.
struct PathChange {
  std::string Old, New;
};
/// From the file tables; empty when not all changed names are explained so.
std::vector<PathChange> pathChanges(const Program &A, const Program &B);

/// Fills Out.Findings, Out.Equal, Out.DifferingBytes.
void explain(const Program &A, const Program &B, llvm::ArrayRef<PartPair> Pairs,
             Comparison &Out);

} // namespace goslim

#endif // GOSLIM_LIB_VERIFY_EXPLAIN_H
