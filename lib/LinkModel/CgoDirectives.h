//===- CgoDirectives.h - what cgo tells the linker --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_CGODIRECTIVES_H
#define GOSLIM_LIB_LINKMODEL_CGODIRECTIVES_H

#include "Loader.h"

namespace goslim {

struct CgoExports {
  std::vector<Sym> Roots;      ///< dead code may not take them away
  llvm::StringMap<Sym> ByName; ///< what C objects mean by a name
  /// For the C linker: a word, and the index of the package that gave it.
  std::vector<std::pair<std::string, uint32_t>> LdFlags;
};

/// ld/go.go setCgoAttr: gives imported names to C, and returns the exported
/// ones. An Error names the package.
llvm::Expected<CgoExports> applyCgoDirectives(Loader &L);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_CGODIRECTIVES_H
