//===- goslim/Report/Comparison.h - why two files differ --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_REPORT_COMPARISON_H
#define GOSLIM_REPORT_COMPARISON_H

#include "goslim/Verify/Compare.h"
#include "llvm/Support/raw_ostream.h"

namespace goslim {

/// At most a screenful of text; All: every finding, with its places. Width 0:
/// no terminal, lines are not cut.
void reportComparison(llvm::raw_ostream &OS, const Comparison &C, bool All,
                      unsigned Width);
/// Schema "goslim-compare/1", documented in `goslim help compare-json`.
void reportComparisonJson(llvm::raw_ostream &OS, const Comparison &C);

} // namespace goslim

#endif // GOSLIM_REPORT_COMPARISON_H
