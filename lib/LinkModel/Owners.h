//===- Owners.h - whose symbol is it ----------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A symbol that one package defines is that package's. Content that any
// package may define (generic instances, types, method wrappers: duplicates are
// allowed) is the package's that its name says. What has no such name (string
// literals, GC masks, pc tables, types without a name) belongs to everybody
// whose reachable symbols refer to it: a set of users.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_LINKMODEL_OWNERS_H
#define GOSLIM_LIB_LINKMODEL_OWNERS_H

#include "Layout.h"

namespace goslim {

class Owners {
public:
  static constexpr uint32_t Nobody = ~0u;

  void find(const Loader &L, const Reachability &R, const TextOrder &Text);

  /// Index into Loader::Libraries, or Nobody.
  uint32_t owner(Sym S) const { return S < Owner.size() ? Owner[S] : Nobody; }
  /// Index into Sets; 0 = no users.
  uint32_t userSet(Sym S) const { return S < SetOf.size() ? SetOf[S] : 0; }
  std::vector<std::vector<uint32_t>> Sets; ///< of libraries, sorted; [0] empty

  /// The set that holds A and B as well; interned.
  uint32_t unite(uint32_t A, uint32_t B);
  uint32_t single(uint32_t Library);

private:
  std::vector<uint32_t> Owner, SetOf;
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, uint32_t> United;
  llvm::DenseMap<uint32_t, uint32_t> Singles;
  llvm::StringMap<uint32_t> Interned;

  uint32_t intern(std::vector<uint32_t> Set);
  uint32_t ownerOf(const Loader &L, Sym S) const;
  void findDirectUsers(const Loader &L, const Reachability &R);
  void spread(const Loader &L, const Reachability &R);
};

/// Package (escaped, as in symbol names) that a name of a duplicate says, or
/// "": "net/http" for "type:*net/http.Client", "p..dict.F[int]", "p.F[int]".
llvm::StringRef packageInName(llvm::StringRef Name);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_OWNERS_H
