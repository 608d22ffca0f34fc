//===- InitTasks.cpp - the order of initialisation ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/inittask.go (Go 1.21): of the packages all whose imports have been put in
// order, the one with the least name is next. And ld/fips140.go (Go 1.24).
//===----------------------------------------------------------------------===//
#include "Deadcode.h"
#include <map>
#include <set>

using namespace goslim;
using llvm::StringRef;

namespace {
/// What must be initialised before and after a task.
struct Task {
  uint32_t Waits = 0; ///< imports that are not in order yet
  std::vector<Sym> Importers;
};
} // namespace

static void collect(const Loader &L, Sym Root, std::map<Sym, Task> &Tasks) {
  std::vector<Sym> Found = {Root};
  Tasks[Root];
  while (!Found.empty()) {
    Sym S = Found.back();
    Found.pop_back();
    uint32_t Imports = 0;
    for (ObjectReloc R : L.relocs(S)) {
      if (L.Tables.relocKind(R.type()) != RelocKind::InitOrder)
        continue;
      Sym Import = L.resolve(S, R.symbol());
      ++Imports;
      auto [It, New] = Tasks.try_emplace(Import);
      It->second.Importers.push_back(S);
      if (New)
        Found.push_back(Import);
    }
    Tasks[S].Waits = Imports;
  }
}

static Sym makeSchedule(Loader &L, StringRef RootName, StringRef Name) {
  Sym Root = L.lookup(RootName, 0);
  if (!Root || L.isMade(Root))
    return 0;
  std::map<Sym, Task> Tasks;
  collect(L, Root, Tasks);
  auto ByName = [&](Sym X, Sym Y) { return L.name(X) < L.name(Y); };
  std::set<Sym, decltype(ByName)> Ready(ByName);
  for (auto &[S, T] : Tasks)
    if (!T.Waits)
      Ready.insert(S);
  Sym Schedule = L.make(Name, 0, SymKind::NoptrData, 0);
  MadeSymbol &Made = L.made(Schedule);
  while (!Ready.empty()) {
    Sym S = *Ready.begin();
    Ready.erase(Ready.begin());
    // A task of 8 bytes has no functions: it only stands for an order.
    if (L.size(S) > 8) {
      Made.Addresses.push_back({uint32_t(Made.Size), S});
      Made.Size += 8;
    }
    for (Sym Importer : Tasks[S].Importers)
      if (--Tasks[Importer].Waits == 0)
        Ready.insert(Importer);
  }
  Made.Data.assign(Made.Size, '\0');
  return Schedule;
}

InitTasks goslim::makeInitTasks(Loader &L) {
  InitTasks T;
  T.Main = makeSchedule(L, "main..inittask", "go:main.inittasks");
  StringRef Variable = "runtime.runtime_inittasks";
  if (!L.lookup(Variable, 0))
    return T;
  T.Runtime = makeSchedule(L, "runtime..inittask", "go:runtime.inittasks");
  Sym S = L.make(Variable, 0, SymKind::NoptrData, 24);
  MadeSymbol &Slice = L.made(S);
  uint64_t Count = T.Runtime ? L.size(T.Runtime) / 8 : 0;
  Slice.Data.assign(24, '\0');
  llvm::support::endian::write64le(Slice.Data.data() + 8, Count);
  llvm::support::endian::write64le(Slice.Data.data() + 16, Count);
  if (T.Runtime)
    Slice.Addresses.push_back({0, T.Runtime});
  return T;
}

FipsSymbols goslim::makeFipsSymbols(Loader &L) {
  FipsSymbols F;
  if (L.Tables.Minor < 24 || L.Request.Buildmode == "plugin")
    return F;
  F.Info = L.make("go:fipsinfo", 0, SymKind::Unknown, 0);
  struct {
    Sym FipsSymbols::*Where;
    StringRef Name;
    SymKind Kind;
  } Marks[] = {
      {&FipsSymbols::TextStart, "go:textfipsstart", SymKind::Text},
      {&FipsSymbols::TextEnd, "go:textfipsend", SymKind::Text},
      {&FipsSymbols::RodataStart, "go:rodatafipsstart", SymKind::Rodata},
      {&FipsSymbols::RodataEnd, "go:rodatafipsend", SymKind::Rodata},
      {&FipsSymbols::NoptrDataStart, "go:noptrdatafipsstart",
       SymKind::NoptrData},
      {&FipsSymbols::NoptrDataEnd, "go:noptrdatafipsend", SymKind::NoptrData},
      {&FipsSymbols::DataStart, "go:datafipsstart", SymKind::Data},
      {&FipsSymbols::DataEnd, "go:datafipsend", SymKind::Data}};
  uint32_t Offset = 48; // magic and checksum
  L.made(F.Info).Addresses.push_back({Offset, F.Info});
  for (const auto &M : Marks) {
    F.*M.Where = L.make(M.Name, 0, M.Kind, 1);
    bool IsPadded = M.Kind == SymKind::Text && L.Request.Goarch == "amd64";
    L.made(F.*M.Where).Data.assign(1, IsPadded ? '\xCC' : '\0');
    L.made(F.Info).Addresses.push_back({Offset += 8, F.*M.Where});
  }
  L.made(F.Info).Size = Offset + 8;
  return F;
}
