//===- Deadcode.cpp - what is reachable -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/deadcode.go, Go 1.21 to 1.27. All of its rules only ever add, so the
// order of work does not matter and a plain stack serves. A type may be
// visited twice: once as such, once as used in an interface.
//===----------------------------------------------------------------------===//
#include "Deadcode.h"
#include <algorithm>

using namespace goslim;
using llvm::StringRef;

namespace {

/// A method by name and type of its function.
using Signature = std::pair<StringRef, unsigned>;

/// One entry of a type's method table: three relocations of an R_METHODOFF
/// each (type, interface function, function), the first being number Reloc.
struct Method {
  Sym Type;
  uint32_t Reloc;
  StringRef Name;
  Sym Func; ///< its type
  bool IsExported;
};

class Deadcode {
public:
  explicit Deadcode(Loader &L) : L(L) { R.Reachable.resize(L.numSymbols()); }
  Reachability run(const InitTasks &Tasks, const FipsSymbols &Fips,
                   llvm::ArrayRef<Sym> Exports);

private:
  void mark(Sym S) {
    if (S && !R.Reachable.test(S)) {
      R.Reachable.set(S);
      Work.push_back(S);
    }
  }
  void markUsedInIface(Sym Type);
  void markRoots(const InitTasks &Tasks);
  void flood();
  void visit(Sym S);
  void visitReloc(Sym S, bool IsType, bool Used, ObjectReloc Rel);
  void visitMethod(Sym S, uint32_t I, const RowRange<ObjectReloc> &Relocs);
  bool keepMethods();
  void dropMapInits();
  Sym targetAt(Sym S, int64_t Offset) const;
  StringRef nameAt(Sym S, int64_t Offset, bool *IsExported = nullptr) const;

  Loader &L;
  Reachability R;
  std::vector<Sym> Work, PkgInits;
  std::vector<Method> Methods;
  llvm::DenseSet<Signature> CalledMethods;
  llvm::DenseSet<StringRef> CalledNames;
  Sym MapInitNoop = 0;
};

} // namespace

/// What the relocation at Offset of S points to.
Sym Deadcode::targetAt(Sym S, int64_t Offset) const {
  for (ObjectReloc Rel : L.relocs(S))
    if (Rel.offset() == Offset && Rel.size())
      return L.resolve(S, Rel.symbol());
  return 0;
}

/// The name whose offset is at Offset of S.
StringRef Deadcode::nameAt(Sym S, int64_t Offset, bool *IsExported) const {
  Sym Name = targetAt(S, Offset);
  StringRef Bytes = Name ? L.data(Name) : StringRef();
  if (Bytes.empty())
    return "";
  if (IsExported)
    *IsExported = Bytes[0] & 1;
  return nameText(Bytes);
}

void Deadcode::markUsedInIface(Sym Type) {
  if (!Type || L.UsedInIface.test(Type))
    return;
  L.UsedInIface.set(Type);
  if (R.Reachable.test(Type))
    Work.push_back(Type); // once more, with what it means now
}

void Deadcode::visitMethod(Sym S, uint32_t I,
                           const RowRange<ObjectReloc> &Relocs) {
  Method M{S, I, "", 0, false};
  int64_t Offset = Relocs[I].offset();
  M.Name = nameAt(S, Offset - 4, &M.IsExported);
  M.Func = L.resolve(S, Relocs[I].symbol());
  markUsedInIface(M.Func);
  Methods.push_back(M);
}

void Deadcode::visitReloc(Sym S, bool IsType, bool Used, ObjectReloc Rel) {
  Sym Target = L.resolve(S, Rel.symbol());
  switch (L.Tables.relocKind(Rel.type())) {
  case RelocKind::UseType:
  case RelocKind::InitOrder:
    return;
  case RelocKind::UseIface:
    if (Target && L.isFlag2(Target, L.Tables.Itab))
      Target = targetAt(Target, 8); // the itab's type
    markUsedInIface(Target);
    return;
  case RelocKind::UseIfaceMethod:
    if (Target)
      CalledMethods.insert(
          {nameAt(Target, Rel.addend()), targetAt(Target, Rel.addend() + 4)});
    return;
  case RelocKind::UseNamedMethod:
    if (Target)
      CalledNames.insert(L.data(Target).rtrim('\0'));
    return;
  default:
    break;
  }
  if (!Target)
    return;
  if (IsType && Used && L.isGoType(Target) && !L.UsedInIface.test(Target))
    markUsedInIface(Target);
  mark(Target);
}

void Deadcode::visit(Sym S) {
  if (L.isMade(S)) {
    for (const MadeSymbol::Address &A : L.made(S).Addresses)
      mark(A.Target);
    return;
  }
  ObjectSymbol Row = L.row(S);
  if (Row.isReflectMethod()) {
    R.ReflectSeen = true;
    R.ReflectMethods.push_back(S);
  }
  bool IsType = Row.isGoType(), Used = IsType && L.UsedInIface.test(S);
  RowRange<ObjectReloc> Relocs = L.relocs(S);
  for (uint32_t I = 0; I < Relocs.size(); ++I) {
    ObjectReloc Rel = Relocs[I];
    if (Rel.isWeak())
      continue;
    if (L.Tables.relocKind(Rel.type()) == RelocKind::MethodOff) {
      if (Used)
        visitMethod(S, I, Relocs);
      I += 2;
      continue;
    }
    visitReloc(S, IsType, Used, Rel);
  }
  RowRange<ObjectAux> Auxs = L.auxs(S);
  for (ObjectAux A : Auxs)
    if (!A.is(AuxKind::Gotype))
      mark(L.resolve(S, A.symbol()));
  if (Auxs.size() && L.isFlag2(S, L.Tables.PkgInit))
    PkgInits.push_back(S);
}

void Deadcode::flood() {
  while (!Work.empty()) {
    Sym S = Work.back();
    Work.pop_back();
    visit(S);
  }
}

/// Marks the methods that something may call by now; whether there were any.
bool Deadcode::keepMethods() {
  auto IsCalled = [&](const Method &M) {
    return (R.ReflectSeen && M.IsExported) ||
           CalledMethods.contains({M.Name, M.Func}) ||
           CalledNames.contains(M.Name);
  };
  auto Left = std::partition(Methods.begin(), Methods.end(),
                             [&](const Method &M) { return !IsCalled(M); });
  for (auto It = Left; It != Methods.end(); ++It) {
    RowRange<ObjectReloc> Relocs = L.relocs(It->Type);
    for (uint32_t I = It->Reloc; I < It->Reloc + 3 && I < Relocs.size(); ++I)
      mark(L.resolve(It->Type, Relocs[I].symbol()));
  }
  Methods.erase(Left, Methods.end());
  return !Work.empty();
}

/// mapinitcleanup: a package's init calls map.init.N weakly; where that died,
/// the call goes to runtime.mapinitnoop, and the changed init function is the
/// linker's own from then on.
void Deadcode::dropMapInits() {
  if (!L.Request.PruneWeakMap)
    return;
  for (Sym S : PkgInits)
    for (ObjectReloc Rel : L.relocs(S)) {
      RelocKind K = L.Tables.relocKind(Rel.type());
      if (!Rel.isWeak() || (K != RelocKind::Call && K != RelocKind::CallArm64))
        continue;
      Sym Target = L.resolve(S, Rel.symbol());
      if (!Target || R.Reachable.test(Target))
        continue;
      if (MapInitNoop)
        R.Reachable.set(MapInitNoop);
      L.markCloned(S);
    }
}

void Deadcode::markRoots(const InitTasks &Tasks) {
  std::string Entry = "_rt0_" + L.Request.Goarch + "_" + L.Request.Goos;
  if (L.Request.External) // crt1.o calls it
    Entry = "main";
  for (StringRef Name :
       {StringRef(Entry), StringRef("runtime.unreachableMethod")})
    for (uint16_t Abi : {0, 1})
      mark(L.lookup(Name, Abi));
  mark(Tasks.Main);
  MapInitNoop = L.lookup("runtime.mapinitnoop", 1);
}

Reachability Deadcode::run(const InitTasks &Tasks, const FipsSymbols &Fips,
                           llvm::ArrayRef<Sym> Exports) {
  // Made before the pass, as reachable (loader CreateSymForUpdate): never
  // followed.
  for (Sym S : {Fips.Info, Fips.TextStart, Fips.TextEnd, Fips.RodataStart,
                Fips.RodataEnd, Fips.NoptrDataStart, Fips.NoptrDataEnd,
                Fips.DataStart, Fips.DataEnd})
    if (S)
      R.Reachable.set(S);
  markRoots(Tasks);
  for (Sym S : Exports)
    mark(S);
  do
    flood();
  while (keepMethods());
  dropMapInits();
  return std::move(R);
}

Reachability goslim::findReachable(Loader &L, const InitTasks &Tasks,
                                   const FipsSymbols &Fips,
                                   llvm::ArrayRef<Sym> Exports) {
  return Deadcode(L).run(Tasks, Fips, Exports);
}
