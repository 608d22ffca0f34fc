//===- LinkerSymbols.cpp - what the linker makes itself -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Only what takes part in the layout of a group, with its size and, where it
// follows from the inputs, its contents. Order matters: it gives the numbers.
//===----------------------------------------------------------------------===//
#include "Layout.h"
#include <map>

using namespace goslim;
using llvm::StringRef;

static void markReachable(Loader &L, Reachability &R, Sym S) {
  if (R.Reachable.size() < L.numSymbols())
    R.Reachable.resize(L.numSymbols());
  R.Reachable.set(S);
}

/// addstrdata: NAME.str holds the bytes and a NUL, NAME points to it.
static void setString(Loader &L, Reachability &R, StringRef Name,
                      StringRef Value) {
  Sym S = L.lookup(Name, 0);
  if (!S || L.isMade(S) || !R.Reachable.test(S))
    return;
  SymKind Kind = L.kind(S);
  if (Kind == SymKind::Bss)
    Kind = SymKind::Data;
  uint64_t Size = L.size(S);
  L.make(Name, 0, Kind, Size);
  Sym Bytes =
      L.make(L.keepName(Name + ".str"), 0, SymKind::Rodata, Value.size() + 1);
  L.made(Bytes).Data = Value.str() + '\0';
  markReachable(L, R, Bytes);
  MadeSymbol &Var = L.made(S);
  Var.Data.assign(16, '\0');
  llvm::support::endian::write64le(Var.Data.data() + 8, Value.size());
  Var.Addresses.push_back({0, Bytes});
}

static void setStrings(Loader &L, Reachability &R) {
  std::vector<StringRef> Order;
  std::map<StringRef, StringRef> Values;
  for (const auto &[Name, Value] : L.Request.StringVars) {
    if (!Values.contains(Name))
      Order.push_back(Name);
    Values[Name] = Value;
  }
  for (StringRef Name : Order)
    setString(L, R, Name, Values[Name]);
}

/// The bool that the runtime asks whether anybody wants profiles (linksetup).
static void setMemoryProfiling(Loader &L, Reachability &R) {
  Sym User = L.lookup(L.Tables.Minor >= 23 ? "runtime.memProfileInternal"
                                           : "runtime.MemProfile",
                      1);
  StringRef Name = "runtime.disableMemoryProfiling";
  if (!User || R.Reachable.test(User) || !L.lookup(Name, 0))
    return;
  Sym S = L.make(Name, 0,
                 L.Tables.Minor >= 23 ? SymKind::NoptrData : SymKind::Data, 1);
  L.made(S).Data = "\1";
}

LinkerSymbols goslim::makeLinkerSymbols(Loader &L, Reachability &R) {
  LinkerSymbols Own;
  unsigned Minor = L.Tables.Minor;
  auto Make = [&](StringRef Name, SymKind Kind, uint64_t Size,
                  uint32_t Align = 0) {
    Sym S = L.make(Name, 0, Kind, Size);
    L.made(S).Align = Align;
    markReachable(L, R, S);
    return S;
  };
  setMemoryProfiling(L, R);
  // Its size differs by version: the program says it.
  Own.ModuleData = Make("runtime.firstmoduledata",
                        Minor >= 26 ? SymKind::Unknown : SymKind::NoptrData, 0);
  setStrings(L, R);
  Own.BuildInfo = Make("go:buildinfo", SymKind::Unknown, 0, 16);
  Own.BuildInfoRef = Make("go:buildinfo.ref", SymKind::Rodata, 8, 8);
  L.made(Own.BuildInfoRef).Data.assign(8, '\0');
  L.made(Own.BuildInfoRef).Addresses.push_back({0, Own.BuildInfo});
  if (Minor <= 25)
    Own.FindFuncTab = Make("runtime.findfunctab", SymKind::Rodata, 0);
  // Empty when the group is put in order, filled afterwards.
  Own.GcData = Make("runtime.gcdata", SymKind::Rodata, 0, 1);
  Own.GcBss = Make("runtime.gcbss", SymKind::Rodata, 0, 1);
  Own.Text = Make("runtime.text", SymKind::Unknown, 0);
  // One row: offset, end, address. Text that was split has more of them.
  Own.TextSectionMap = Make("runtime.textsectionmap", SymKind::Rodata, 24);
  L.made(Own.TextSectionMap).Data.assign(24, '\0');
  L.made(Own.TextSectionMap).Addresses.push_back({16, Own.Text});
  Own.LastModuleData = Make("runtime.lastmoduledatap", SymKind::NoptrData, 8);
  L.made(Own.LastModuleData).Data.assign(8, '\0');
  L.made(Own.LastModuleData).Addresses.push_back({0, Own.ModuleData});
  return Own;
}
