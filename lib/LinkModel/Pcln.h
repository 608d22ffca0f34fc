//===- Pcln.h - what functions put into pclntab -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_PCLN_H
#define GOSLIM_LIB_LINKMODEL_PCLN_H

#include "Owners.h"

namespace goslim {

/// FuncInfo of S; false when it has none (assembly without, linker's own).
bool funcInfoOf(const Loader &L, Sym S, ObjectFuncInfo &Info);

/// pctab: every distinct table of values once, in the order of first use
/// (pcln.go generatePctab).
void orderPcData(const Loader &L, const TextOrder &Text, LayoutPlan &Out);

/// cutab and filetab (generateFilenameTabs): who uses which file name.
struct FileTables {
  std::vector<uint32_t> FileUsers; ///< set of users, by filetab's order
  std::vector<LinkModel::UnitFiles> Units;
};
FileTables replayFiles(const Loader &L, const TextOrder &Text, Owners &Who);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_PCLN_H
