//===- goslim/Rules/Residue.h - what should not be in the file --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_RULES_RESIDUE_H
#define GOSLIM_RULES_RESIDUE_H

#include "goslim/Attribution/Attribution.h"
#include "goslim/Policy/Finding.h"

namespace goslim {

/// GS2xx linkage and GS3xx residue: a dynamic loader although static is asked;
/// debug sections or symbol tables although strip asks for none (external
/// link, C objects); absolute paths of the build machine, per owner and table,
/// when trimpath is asked. Rules is resolved; only what it asks is checked.
std::vector<Finding> checkResidue(const Image &File, const GoImage &Go,
                                  const Attribution &A, const Rules &R);

/// One absolute path found in the program.
struct PathResidue {
  std::string Path;    ///< the folder or file
  std::string Package; ///< owner, or ""
  std::string Table;   ///< "pclntab file table", "debug", "string data", ...
  uint64_t Offset = 0, Count = 1;
};
std::vector<PathResidue> findAbsolutePaths(const Image &File, const GoImage &Go,
                                           const Attribution &A);

} // namespace goslim

#endif // GOSLIM_RULES_RESIDUE_H
