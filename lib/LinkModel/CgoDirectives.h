//===- CgoDirectives.h - what cgo tells the linker --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_CGODIRECTIVES_H
#define GOSLIM_LIB_LINKMODEL_CGODIRECTIVES_H

#include "Loader.h"

namespace goslim {

/// ld/go.go setCgoAttr: gives imported names to C, and returns the exported
/// ones, which dead code may not take away. An Error names archive and place.
llvm::Expected<std::vector<Sym>> applyCgoDirectives(Loader &L);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_CGODIRECTIVES_H
