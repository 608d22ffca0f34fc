//===- goslim/Verify/PackageArchive.h - two archives of compile -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_VERIFY_PACKAGEARCHIVE_H
#define GOSLIM_VERIFY_PACKAGEARCHIVE_H

#include "goslim/Verify/Compare.h"

namespace goslim {

/// Two package archives (what compile writes and link reads), by symbol.
struct PackageComparison {
  struct Difference {
    std::string What;   ///< "code", "data", "debug data", "only in A", ...
    std::string Detail; ///< "main.f: 120 -> 128 bytes"
    Equality Asks = Equality::Different;
  };
  std::array<std::string, 2> Paths, Sha256, Headers; ///< "go object linux ..."
  Equality Equal = Equality::Identical;
  std::vector<Difference> Findings; ///< worst first, then by name
};

/// An Error is complete.
llvm::Expected<PackageComparison> comparePackages(llvm::StringRef A,
                                                  llvm::StringRef B);

} // namespace goslim

#endif // GOSLIM_VERIFY_PACKAGEARCHIVE_H
