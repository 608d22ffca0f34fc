//===- Deadcode.cpp - what is reachable -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/deadcode.go, Go 1.21 to 1.27. All of its rules only ever add, so the
// order of work does not matter: plain stacks serve, and several threads may
// flood at once. A type may be visited twice: once as such, once as used in an
// interface.
//===----------------------------------------------------------------------===//
#include "Deadcode.h"
#include "llvm/Support/Parallel.h"
#include <algorithm>
#include <atomic>
#include <mutex>

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

/// A bit for each symbol, which several threads set and test.
class SharedBits {
public:
  explicit SharedBits(uint32_t Size) : Words(Size / 32 + 1) {}
  bool test(Sym S) const {
    return std::atomic_ref(Words[S / 32]).load() >> S % 32 & 1;
  }
  /// Whether it was not set before.
  bool set(Sym S) {
    uint32_t Bit = uint32_t(1) << S % 32;
    return !(std::atomic_ref(Words[S / 32]).fetch_or(Bit) & Bit);
  }
  void copyTo(llvm::BitVector &Bits) const {
    Bits.setBitsInMask(Words.data(), (Bits.size() + 31) / 32);
  }

private:
  mutable std::vector<uint32_t> Words;
};

/// What is marked so far. A type is visited as used in an interface by whoever
/// sets the second of its two bits, at the latest.
struct Marks {
  explicit Marks(uint32_t Size) : Reachable(Size), UsedInIface(Size) {}
  SharedBits Reachable, UsedInIface;
};

/// What visiting symbols finds beside other symbols.
struct Found {
  std::vector<Sym> PkgInits;
  std::vector<Method> Methods;
  llvm::DenseSet<Signature> CalledMethods;
  llvm::DenseSet<StringRef> CalledNames;
  bool Reflection = false; ///< a call of reflect's Method

  void add(Found &&F) {
    llvm::append_range(PkgInits, F.PkgInits);
    llvm::append_range(Methods, F.Methods);
    CalledMethods.insert_range(F.CalledMethods);
    CalledNames.insert_range(F.CalledNames);
    Reflection |= F.Reflection;
  }
};

/// Visits symbols from a stack of its own.
class Visitor {
public:
  Visitor(const Loader &L, Marks &M) : L(L), M(M) {}
  void visit(Sym S);

  std::vector<Sym> Work;
  Found Seen;

private:
  void mark(Sym S) {
    if (S && !M.Reachable.test(S) && M.Reachable.set(S))
      Work.push_back(S);
  }
  void markUsedInIface(Sym Type);
  void visitReloc(Sym S, bool IsType, bool Used, ObjectReloc Rel);
  void visitMethod(Sym S, uint32_t I, const RowRange<ObjectReloc> &Relocs);
  Sym targetAt(Sym S, int64_t Offset) const;
  StringRef nameAt(Sym S, int64_t Offset, bool *IsExported = nullptr) const;

  const Loader &L;
  Marks &M;
};

class Deadcode {
public:
  explicit Deadcode(Loader &L);
  Reachability run(const InitTasks &Tasks, const FipsSymbols &Fips,
                   llvm::ArrayRef<Sym> Exports);

private:
  void mark(Sym S) {
    if (S && M.Reachable.set(S))
      Work.push_back(S);
  }
  void markRoots(const InitTasks &Tasks);
  void flood(llvm::parallel::TaskGroup &Tasks, std::vector<Sym> From);
  bool keepMethods();
  void dropMapInits();

  Loader &L;
  Marks M;
  std::vector<Sym> Work; ///< where the next flood begins
  std::mutex Joining;
  Found Seen;
  Sym MapInitNoop = 0;
};

} // namespace

/// What the relocation at Offset of S points to.
Sym Visitor::targetAt(Sym S, int64_t Offset) const {
  for (ObjectReloc Rel : L.relocs(S))
    if (Rel.offset() == Offset && Rel.size())
      return L.resolve(S, Rel.symbol());
  return 0;
}

/// The name whose offset is at Offset of S.
StringRef Visitor::nameAt(Sym S, int64_t Offset, bool *IsExported) const {
  Sym Name = targetAt(S, Offset);
  StringRef Bytes = Name ? L.data(Name) : StringRef();
  if (Bytes.empty())
    return "";
  if (IsExported)
    *IsExported = Bytes[0] & 1;
  return nameText(Bytes);
}

void Visitor::markUsedInIface(Sym Type) {
  if (Type && !M.UsedInIface.test(Type) && M.UsedInIface.set(Type) &&
      M.Reachable.test(Type))
    Work.push_back(Type); // once more, with what it means now
}

void Visitor::visitMethod(Sym S, uint32_t I,
                          const RowRange<ObjectReloc> &Relocs) {
  Method New{S, I, "", 0, false};
  int64_t Offset = Relocs[I].offset();
  New.Name = nameAt(S, Offset - 4, &New.IsExported);
  New.Func = L.resolve(S, Relocs[I].symbol());
  markUsedInIface(New.Func);
  Seen.Methods.push_back(New);
}

void Visitor::visitReloc(Sym S, bool IsType, bool Used, ObjectReloc Rel) {
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
      Seen.CalledMethods.insert(
          {nameAt(Target, Rel.addend()), targetAt(Target, Rel.addend() + 4)});
    return;
  case RelocKind::UseNamedMethod:
    if (Target)
      Seen.CalledNames.insert(L.data(Target).rtrim('\0'));
    return;
  default:
    break;
  }
  if (!Target)
    return;
  if (IsType && Used && L.isGoType(Target))
    markUsedInIface(Target);
  mark(Target);
}

void Visitor::visit(Sym S) {
  if (L.isMade(S)) {
    for (const MadeSymbol::Address &A : L.made(S).Addresses)
      mark(A.Target);
    return;
  }
  ObjectSymbol Row = L.row(S);
  Seen.Reflection |= Row.isReflectMethod();
  bool IsType = Row.isGoType(), Used = IsType && M.UsedInIface.test(S);
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
    Seen.PkgInits.push_back(S);
}

Deadcode::Deadcode(Loader &L) : L(L), M(L.numSymbols()) {
  for (Sym S = 0; S != L.numSymbols(); ++S)
    if (L.isUsedInIface(S))
      M.UsedInIface.set(S);
}

/// Visits all that can be reached from From. What gets too long for one stack
/// is left to whoever has nothing to do.
void Deadcode::flood(llvm::parallel::TaskGroup &Tasks, std::vector<Sym> From) {
  constexpr size_t Longest = 512;
  Visitor V(L, M);
  V.Work = std::move(From);
  while (!V.Work.empty()) {
    Sym S = V.Work.back();
    V.Work.pop_back();
    V.visit(S);
    if (V.Work.size() < Longest || !Tasks.isParallel())
      continue;
    auto Half = V.Work.begin() + Longest / 2;
    Tasks.spawn([this, &Tasks, Given = std::vector<Sym>(V.Work.begin(), Half)] {
      flood(Tasks, Given);
    });
    V.Work.erase(V.Work.begin(), Half);
  }
  std::lock_guard<std::mutex> Lock(Joining);
  Seen.add(std::move(V.Seen));
}

/// Marks the methods that something may call by now; whether there were any.
bool Deadcode::keepMethods() {
  auto IsCalled = [&](const Method &X) {
    return (Seen.Reflection && X.IsExported) ||
           Seen.CalledMethods.contains({X.Name, X.Func}) ||
           Seen.CalledNames.contains(X.Name);
  };
  auto Left = std::partition(Seen.Methods.begin(), Seen.Methods.end(),
                             [&](const Method &X) { return !IsCalled(X); });
  for (auto It = Left; It != Seen.Methods.end(); ++It) {
    RowRange<ObjectReloc> Relocs = L.relocs(It->Type);
    for (uint32_t I = It->Reloc; I < It->Reloc + 3 && I < Relocs.size(); ++I)
      mark(L.resolve(It->Type, Relocs[I].symbol()));
  }
  Seen.Methods.erase(Left, Seen.Methods.end());
  return !Work.empty();
}

/// mapinitcleanup: a package's init calls map.init.N weakly; where that died,
/// the call goes to runtime.mapinitnoop, and the changed init function is the
/// linker's own from then on.
void Deadcode::dropMapInits() {
  if (!L.Request.PruneWeakMap)
    return;
  for (Sym S : Seen.PkgInits)
    for (ObjectReloc Rel : L.relocs(S)) {
      RelocKind K = L.Tables.relocKind(Rel.type());
      if (!Rel.isWeak() || (K != RelocKind::Call && K != RelocKind::CallArm64))
        continue;
      Sym Target = L.resolve(S, Rel.symbol());
      if (!Target || M.Reachable.test(Target))
        continue;
      if (MapInitNoop)
        M.Reachable.set(MapInitNoop);
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
      M.Reachable.set(S);
  markRoots(Tasks);
  for (Sym S : Exports)
    mark(S);
  do {
    llvm::parallel::TaskGroup Floods;
    flood(Floods, std::move(Work));
    Work.clear();
  } while (keepMethods());
  dropMapInits();
  Reachability R;
  R.Reachable.resize(L.numSymbols());
  M.Reachable.copyTo(R.Reachable);
  return R;
}

Reachability goslim::findReachable(Loader &L, const InitTasks &Tasks,
                                   const FipsSymbols &Fips,
                                   llvm::ArrayRef<Sym> Exports) {
  return Deadcode(L).run(Tasks, Fips, Exports);
}
