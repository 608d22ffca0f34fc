//===- DebugTypes.h - types only .debug_info's writer asks for --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_DEBUGTYPES_H
#define GOSLIM_LIB_LINKMODEL_DEBUGTYPES_H

#include "Layout.h"

namespace goslim {

/// See LinkModel::debugTypes.
std::vector<LinkModel::DebugType>
findDebugTypes(const Loader &L, const Reachability &R, const TextOrder &Text);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_DEBUGTYPES_H
