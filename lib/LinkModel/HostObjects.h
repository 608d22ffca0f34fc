//===- HostObjects.h - C objects in internal links --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_HOSTOBJECTS_H
#define GOSLIM_LIB_LINKMODEL_HOSTOBJECTS_H

#include "Loader.h"

namespace goslim {

/// A section of a C object, which the linker treats as one symbol.
struct HostSection {
  Sym Section = 0;
  bool IsText = false;
  struct Inner {
    Sym Symbol;
    uint64_t Offset;
  };
  std::vector<Inner> Symbols; ///< what is defined in it
};

/// loadelf/ldelf.go Load, for all C objects in the order of packages. Exports
/// are Go's functions by the names that C knows. An Error names the package.
llvm::Expected<std::vector<HostSection>>
loadHostObjects(Loader &L, const llvm::StringMap<Sym> &Exports);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_HOSTOBJECTS_H
