//===- goslim/Report/Comparison.h - why two files differ --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_REPORT_COMPARISON_H
#define GOSLIM_REPORT_COMPARISON_H

#include "goslim/Verify/PackageArchive.h"
#include "goslim/Verify/ReleaseArchive.h"
#include "llvm/Support/raw_ostream.h"

namespace goslim {

/// At most a screenful of text; All: every finding, with its places. Width 0:
/// no terminal, lines are not cut.
void reportComparison(llvm::raw_ostream &OS, const Comparison &C, bool All,
                      unsigned Width);
/// Schema "goslim-compare/1", documented in `goslim help compare-json`.
void reportComparisonJson(llvm::raw_ostream &OS, const Comparison &C);

/// The same for release archives, the programs in them one after the other.
void reportComparison(llvm::raw_ostream &OS, const ArchiveComparison &C,
                      bool All, unsigned Width);
/// Schema "goslim-compare-archives/1".
void reportComparisonJson(llvm::raw_ostream &OS, const ArchiveComparison &C);

/// The same for package archives, symbol by symbol.
void reportComparison(llvm::raw_ostream &OS, const PackageComparison &C,
                      bool All, unsigned Width);
/// Schema "goslim-compare-packages/1".
void reportComparisonJson(llvm::raw_ostream &OS, const PackageComparison &C);

/// `goslim inspect` of a release archive: members, and whether packing them
/// again gives the same bytes. JSON: "goslim-inspect-archive/1" (Indent 0: on
/// one line).
void inspectArchive(llvm::raw_ostream &OS, const ReleaseArchive &A, bool Json,
                    unsigned Indent = 2);

} // namespace goslim

#endif // GOSLIM_REPORT_COMPARISON_H
