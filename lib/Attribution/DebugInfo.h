//===- DebugInfo.h - DWARF by package ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_ATTRIBUTION_DEBUGINFO_H
#define GOSLIM_LIB_ATTRIBUTION_DEBUGINFO_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <vector>

namespace goslim {

/// Bytes of a decompressed section that exist because of one package.
struct DebugRange {
  uint64_t Begin = 0, End = 0;
  uint32_t Package = 0;  ///< what PackageOf... returned
  uint32_t Object = 0;   ///< of C: index into Attribution::Objects
  bool IsOfUnit = false; ///< there also when the package has no debug data
};

/// Decompressed sections; "" = not there.
struct DebugSections {
  llvm::StringRef Info, Abbrev, Line, Frame, Loc, LocLists, Ranges, RngLists,
      Addr;
};

/// Of .debug_info what is there for one package alone.
struct NeededByOne {
  std::vector<DebugRange> Ranges; ///< by offset
  /// Entries that get larger without: an instance of an inlined function must
  /// then have its own name. Bytes, by package.
  std::vector<std::pair<uint32_t, uint64_t>> Growth;
};

/// By section, sorted, no overlap, with gaps where no package can be told.
struct DebugPackages {
  std::vector<DebugRange> Info, Line, Frame, Loc, LocLists, Ranges, RngLists,
      Addr;
  NeededByOne Needed;
};

/// How names and addresses lead to packages; None where they do not.
struct DebugNames {
  static constexpr uint32_t None = ~0u;
  llvm::function_ref<uint32_t(llvm::StringRef)> OfUnit, OfSymbol;
  llvm::function_ref<uint32_t(uint64_t)> OfAddress;
  /// Types by name that functions of a package need although no entry refers
  /// to them, None = they are always there; sorted.
  std::vector<std::pair<llvm::StringRef, uint32_t>> UnseenTypes = {};
};

/// What the Go linker writes (ld/dwarf.go, Go 1.20 to 1.27: DWARF 4 and 5,
/// little endian). Units of other producers are left out. Damaged bytes end
/// the reading of what they are in.
DebugPackages readDebugPackages(const DebugSections &S, const DebugNames &N);

} // namespace goslim

#endif // GOSLIM_LIB_ATTRIBUTION_DEBUGINFO_H
