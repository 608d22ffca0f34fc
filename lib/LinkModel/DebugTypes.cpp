//===- DebugTypes.cpp - types only .debug_info's writer asks for ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/dwarf.go, dwarfGenerateDebugInfo and dwarfVisitFunction, Go 1.20 to 1.27:
// the linker writes an entry for each type that a function's own entry refers
// to, and for these.
//===----------------------------------------------------------------------===//
#include "DebugTypes.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

using namespace goslim;
using llvm::StringRef;

/// For the pretty-printer of gdb, as models of strings, slices, maps and
/// channels, and for interfaces; under the names of all versions.
static constexpr StringRef AlwaysThere[] = {
    "internal/abi.ArrayType",
    "internal/abi.ChanType",
    "internal/abi.FuncType",
    "internal/abi.ITab",
    "internal/abi.Imethod",
    "internal/abi.InterfaceType",
    "internal/abi.MapType",
    "internal/abi.OldMapType",
    "internal/abi.PtrType",
    "internal/abi.SliceType",
    "internal/abi.StructType",
    "internal/abi.SwissMapType",
    "internal/abi.Type",
    "internal/runtime/maps.Map",
    "internal/runtime/maps.groupsReference",
    "internal/runtime/maps.table",
    "runtime._type",
    "runtime.arraytype",
    "runtime.bmap",
    "runtime.chantype",
    "runtime.eface",
    "runtime.functype",
    "runtime.hchan",
    "runtime.hmap",
    "runtime.iface",
    "runtime.imethod",
    "runtime.interfacetype",
    "runtime.itab",
    "runtime.maptype",
    "runtime.ptrtype",
    "runtime.slice",
    "runtime.slicetype",
    "runtime.stringStructDWARF",
    "runtime.structtype",
    "runtime.sudog",
    "runtime.waitq",
    "uintptr",
    "unsafe.Pointer"};

static void addTypes(const Loader &L, Sym From, RelocKind Kind,
                     uint32_t Package, std::vector<LinkModel::DebugType> &Out) {
  for (ObjectReloc Rel : L.relocs(From)) {
    if (L.Tables.relocKind(Rel.type()) != Kind)
      continue;
    StringRef Name = L.name(L.resolve(From, Rel.symbol()));
    if (Name.consume_front("type:"))
      Out.push_back({Name, Package});
  }
}

std::vector<LinkModel::DebugType>
goslim::findDebugTypes(const Loader &L, const Reachability &R,
                       const TextOrder &Text) {
  std::vector<LinkModel::DebugType> Out;
  for (StringRef Name : AlwaysThere)
    Out.push_back({Name, LinkModel::Nobody});
  for (Sym S : Text.Functions)
    for (ObjectAux A : L.auxs(S))
      if (Sym Info = A.is(AuxKind::DwarfInfo) ? L.resolve(S, A.symbol()) : 0)
        addTypes(L, Info, RelocKind::UseType, L.library(S), Out);
  for (Sym S = 1; S < R.Reachable.size(); ++S)
    if (R.Reachable.test(S) && L.isFlag2(S, L.Tables.Dict))
      addTypes(L, S, RelocKind::UseIface, LinkModel::Nobody, Out);
  auto Key = [](const LinkModel::DebugType &T) {
    return std::tie(T.Name, T.Package);
  };
  llvm::sort(Out,
             [&](const auto &X, const auto &Y) { return Key(X) < Key(Y); });
  Out.erase(std::unique(
                Out.begin(), Out.end(),
                [&](const auto &X, const auto &Y) { return Key(X) == Key(Y); }),
            Out.end());
  return Out;
}
