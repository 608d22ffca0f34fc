//===- Prove.h - is it so? --------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_PROVE_H
#define GOSLIM_LIB_LINKMODEL_PROVE_H

#include "Layout.h"
#include <array>

namespace goslim {

using Proofs = std::array<GroupProof, NumGroups>;

/// Compares every placement with the program and sets Proven: bytes outside of
/// relocations (ld/data.go relocsym) equal the archive's, and what relocations
/// left there is the replayed target. Symbols without bytes in the file (.bss)
/// are proven when their group ends where the program says.
void prove(const Loader &L, const Reachability &R, Layout &Where,
           const Image &File, const GoImage &Go, Proofs &Out);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_PROVE_H
