//===- Layout.h - where each symbol lies ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/data.go and ld/symtab.go: the order of text, the groups of data, and the
// rule inside a group: by size, then by number. Section starts are taken from
// the program (moduledata, section headers); all else follows.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_LINKMODEL_LAYOUT_H
#define GOSLIM_LIB_LINKMODEL_LAYOUT_H

#include "Deadcode.h"
#include "HostObjects.h"

namespace goslim {

/// Functions in the order of text, and who owns each: the library at whose
/// turn it was laid down.
struct TextOrder {
  std::vector<Sym> Functions;
  std::vector<uint32_t> Libraries; ///< by function; ~0u = none
  std::vector<Sym> InlineTrees; ///< by function, of what it inlines; 0 = none
};
TextOrder orderText(const Loader &L, const Reachability &R,
                    const FipsSymbols &Fips, llvm::ArrayRef<HostSection> Host);

/// Sets -X variables and makes the other symbols of the linker that take part
/// in the layout (ld/data.go addstrdata, ld/lib.go linksetup, ...).
struct LinkerSymbols {
  Sym ModuleData = 0, LastModuleData = 0, TextSectionMap = 0, FindFuncTab = 0,
      GcData = 0, GcBss = 0, BuildInfo = 0, BuildInfoRef = 0, Text = 0;
};
LinkerSymbols makeLinkerSymbols(Loader &L, Reachability &R);
/// ld/pcln.go genInlTreeSym: each function with inlined calls gets a tree, made
/// in the order of text.
void makeInlineTrees(Loader &L, Reachability &R, TextOrder &Text);

/// Where symbols start and what is known of the program's frame.
struct Layout {
  std::vector<Placement> Placements; ///< in the order of groups
  std::vector<uint64_t> Address;     ///< by symbol; 0 = not placed
  uint64_t TextStart = 0;            ///< R_ADDROFF into text counts from here
  /// Sections by address: R_ADDROFF into one counts from its start.
  std::vector<std::pair<uint64_t, uint64_t>> Sections;
  std::vector<std::string> Notes; ///< groups whose end is not where it should
  bool IsBssRight = false, IsNoptrBssRight = false; ///< end where they should
  /// Whose a table in pctab is; 0 = several functions'.
  llvm::DenseMap<Sym, Sym> PcFunctions;
};

Layout layOut(Loader &L, const Reachability &R, const TextOrder &Text,
              const FipsSymbols &Fips, const LinkerSymbols &Own,
              llvm::ArrayRef<HostSection> Host, const Image &File,
              const GoImage &Go);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_LAYOUT_H
