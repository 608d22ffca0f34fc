//===- CObjects.h - inputs of the C linker, by name -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_COBJECTS_H
#define GOSLIM_LIB_LINKMODEL_COBJECTS_H

#include "CgoDirectives.h"

namespace goslim {

/// The C objects in archives, in the order in which the linker loads and
/// numbers them, then what else Map names; Map's pieces get these numbers.
std::vector<CObject> nameCObjects(const Loader &L, const CgoExports &Cgo,
                                  LinkMap &Map);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_COBJECTS_H
