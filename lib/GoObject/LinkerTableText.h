//===- LinkerTableText.h - a version's tables as lists ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_GOOBJECT_LINKERTABLETEXT_H
#define GOSLIM_LIB_GOOBJECT_LINKERTABLETEXT_H

#include "goslim/GoObject/LinkerTables.h"

namespace goslim {

/// Names in the order of their numbers, separated by spaces, builtins by ";":
/// their names may hold spaces.
struct TableText {
  unsigned Minor;
  llvm::StringRef SymKinds, Relocs, Builtins, ///< "runtime.newobject,1"
      RuntimePackages, Flags2, Aux;
};

/// The result points into Text's strings.
LinkerTables tablesFromText(const TableText &Text);

} // namespace goslim

#endif // GOSLIM_LIB_GOOBJECT_LINKERTABLETEXT_H
