//===- goslim/Verify/Compare.h - two builds of one program ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_VERIFY_COMPARE_H
#define GOSLIM_VERIFY_COMPARE_H

namespace goslim {} // namespace goslim

#endif // GOSLIM_VERIFY_COMPARE_H
