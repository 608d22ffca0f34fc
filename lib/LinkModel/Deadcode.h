//===- Deadcode.h - what is reachable ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_DEADCODE_H
#define GOSLIM_LIB_LINKMODEL_DEADCODE_H

#include "Loader.h"

namespace goslim {

/// The order in which packages are initialised, and the symbols that hold it
/// (ld/inittask.go). Before dead code: they are roots.
struct InitTasks {
  Sym Main = 0, Runtime = 0; ///< go:main.inittasks, go:runtime.inittasks
};
InitTasks makeInitTasks(Loader &L);

/// go:fipsinfo and the markers around FIPS code (ld/fips140.go, Go 1.24).
struct FipsSymbols {
  Sym Info = 0, TextStart = 0, TextEnd = 0, RodataStart = 0, RodataEnd = 0,
      NoptrDataStart = 0, NoptrDataEnd = 0, DataStart = 0, DataEnd = 0;
};
FipsSymbols makeFipsSymbols(Loader &L);

/// ld/deadcode.go: the least fixpoint of its rules.
struct Reachability {
  llvm::BitVector Reachable;
};
Reachability findReachable(Loader &L, const InitTasks &Tasks,
                           const FipsSymbols &Fips,
                           llvm::ArrayRef<Sym> Exports);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_DEADCODE_H
