//===- Align.h - which bytes of two parts belong together -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_VERIFY_ALIGN_H
#define GOSLIM_LIB_VERIFY_ALIGN_H

#include "Blocks.h"
#include "Program.h"

namespace goslim {

/// Runs cover both parts, in the order of A. Names are pieces of both programs,
/// by address: what has one is aligned by it, the rest by long equal stretches;
/// parts of one size byte by byte, unless that makes more differences. Linear
/// in the sizes.
std::vector<Run> alignParts(const Part &A, const Part &B,
                            llvm::ArrayRef<CodePiece> NamesA,
                            llvm::ArrayRef<CodePiece> NamesB);

} // namespace goslim

#endif // GOSLIM_LIB_VERIFY_ALIGN_H
