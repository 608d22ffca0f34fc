//===- DebugNeeds.h - what goes with a package's debug data -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A type or the common part of an inlined function is a package's by its name,
// but stays for as long as others refer to it. What a package alone needs is
// another question: how much smaller .debug_info were had the package been
// compiled with -gcflags=P=-dwarf=false.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_ATTRIBUTION_DEBUGNEEDS_H
#define GOSLIM_LIB_ATTRIBUTION_DEBUGNEEDS_H

#include "DebugInfo.h"
#include "llvm/ADT/ArrayRef.h"

namespace goslim {

/// An entry right below a unit of .debug_info.
struct DebugNode {
  uint64_t Begin = 0, End = 0;
  /// Of a function with code: its unit's. Types and the common parts of inlined
  /// functions have none.
  uint32_t Package = DebugNames::None;
  /// Stays whatever happens, with all that it refers to: variables, constants,
  /// functions of a unit without a package.
  bool Stays = false;
  /// Bytes of a function's entry that the compiler writes also without debug
  /// data (cmd/internal/dwarf/dwarf.go PutDefaultFunc): name, addresses, frame
  /// base, line.
  uint64_t Kept = 0;
  /// Of a function: offset of the entry that has its name, or 0.
  uint64_t Origin = 0;
  uint32_t NameAndLine = 0; ///< bytes of these attributes
};

/// A need that no reference shows; Package None = it stays.
struct DebugNeed {
  uint32_t Node, Package;
};

struct DebugReference {
  uint32_t From; ///< index of a node
  uint64_t To;   ///< offset in .debug_info
};

/// Nodes are sorted by Begin, references by From.
NeededByOne findNeededByOne(llvm::ArrayRef<DebugNode> Nodes,
                            llvm::ArrayRef<DebugReference> References,
                            llvm::ArrayRef<DebugNeed> Needs);

} // namespace goslim

#endif // GOSLIM_LIB_ATTRIBUTION_DEBUGNEEDS_H
