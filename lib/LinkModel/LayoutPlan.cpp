//===- LayoutPlan.cpp - the order of what is laid out ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// symtab.go: symtab sorts reachable read-only symbols into groups by name.
// data.go: dodata and dodataSect put each group in order. pcln.go:
// generateFuncdata, for Go 1.26 and newer, where funcdata moved into pclntab;
// generatePctab.
//===----------------------------------------------------------------------===//
#include "Layout.h"
#include "Pcln.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace goslim;
using llvm::StringRef;

const ArchLayout &goslim::archLayout(const Loader &L) {
  static constexpr ArchLayout Archs[] = {
      {"amd64", 32, 1, 32, 1}, {"arm64", 16, 1, 32, 4}, {"386", 16, 1, 32, 1}};
  for (const ArchLayout &A : Archs)
    if (A.Name == L.Request.Goarch)
      return A;
  return Archs[0];
}

bool goslim::usesRelro(const Loader &L) { return L.Request.Buildmode != "exe"; }

uint32_t goslim::alignOf(const Loader &L, const ArchLayout &Arch, Sym S) {
  if (uint32_t Align = L.align(S))
    return std::max(Align, Arch.MinAlign);
  uint32_t Align = Arch.MaxAlign;
  uint64_t Size = L.size(S);
  while (Align > Size && Align > Arch.MinAlign)
    Align >>= 1;
  return Align;
}

void goslim::sortBucket(const Loader &L, Bucket &B) {
  // Number is the last key and they come by number: a stable sort by size,
  // with runtime.zerobase behind all empty ones.
  Sym ZeroBase = L.lookup("runtime.zerobase", 0);
  auto Key = [&](Sym S) -> uint64_t {
    return S == ZeroBase ? 1 : 2 * L.size(S);
  };
  std::vector<std::pair<uint64_t, Sym>> Keys;
  Keys.reserve(B.Symbols.size());
  for (Sym S : B.Symbols)
    Keys.push_back({Key(S), S});
  llvm::sort(Keys);
  for (size_t I = 0; I < Keys.size(); ++I)
    B.Symbols[I] = Keys[I].second;
}

namespace {

class Planner {
public:
  Planner(const Loader &L, const Reachability &R, const TextOrder &Text,
          const FipsSymbols &Fips)
      : L(L), R(R), Text(Text), Fips(Fips), Minor(L.Tables.Minor),
        IsRelro(usesRelro(L)) {}
  LayoutPlan run();

private:
  using BucketId = LayoutPlan::BucketId;
  using enum LayoutPlan::BucketId;
  void collect();
  int bucketOf(Sym S) const;
  int rodataBucketOf(Sym S) const;
  void orderFuncData();

  const Loader &L;
  const Reachability &R;
  const TextOrder &Text;
  const FipsSymbols &Fips;
  unsigned Minor;
  bool IsRelro;
  LayoutPlan Out;
};

} // namespace

/// Up to Go 1.25 funcdata is told by name (symtab.go).
static bool isFuncDataName(StringRef Name) {
  static constexpr StringRef Prefixes[] = {"gcargs.", "gclocals.", "gclocals·"};
  static constexpr StringRef Suffixes[] = {
      ".opendefer", ".arginfo0",      ".arginfo1", ".argliveinfo",
      ".wrapinfo",  ".args_stackmap", ".stkobj"};
  return llvm::any_of(Prefixes,
                      [&](StringRef P) { return Name.starts_with(P); }) ||
         llvm::any_of(Suffixes, [&](StringRef S) { return Name.ends_with(S); });
}

int Planner::rodataBucketOf(Sym S) const {
  StringRef Name = L.name(S);
  bool IsType = Name.starts_with("type:");
  if (Name.starts_with("go:string."))
    return Strings;
  if (Name.starts_with("runtime.gcbits.") ||
      (Minor <= 26 && Name.starts_with("type:.gcprog.")))
    return GcBitss;
  if (Name.ends_with("·f"))
    return FuncDescs;
  if (Minor <= 25 && isFuncDataName(Name))
    return FuncDatas;
  if (IsType)
    return Types;
  if (Minor >= 27 && L.isFlag2(S, L.Tables.Itab))
    return Itabs;
  return IsRelro && (L.relocs(S).size() ||
                     (L.isMade(S) && L.made(S).isRelocated()))
             ? RelroRodatas
             : Rodatas;
}

int Planner::bucketOf(Sym S) const {
  switch (L.kind(S)) {
  case SymKind::Rodata:
    return rodataBucketOf(S);
  case SymKind::RodataFips:
    return FipsRodatas;
  case SymKind::NoptrData:
    return NoptrDatas;
  case SymKind::NoptrDataFips:
    return FipsNoptrDatas;
  case SymKind::Data:
    return Datas;
  case SymKind::DataFips:
    return FipsDatas;
  case SymKind::Bss:
    return Bsss;
  case SymKind::NoptrBss:
    return Minor >= 27 && L.name(S).starts_with("type:.gcmask.") ? GcMasks
                                                                 : NoptrBsss;
  case SymKind::CoverageCounter:
    return Counters;
  default:
    return -1;
  }
}

void Planner::collect() {
  auto IsMarker = [&](Sym S) {
    return S == Fips.RodataStart || S == Fips.RodataEnd ||
           S == Fips.NoptrDataStart || S == Fips.NoptrDataEnd ||
           S == Fips.DataStart || S == Fips.DataEnd;
  };
  for (Sym S = 1; S < L.numSymbols(); ++S) {
    if (!R.Reachable.test(S) || (L.name(S).empty() && !L.isMade(S)))
      continue;
    if (L.isMade(S) && (L.made(S).IsUnnamed || IsMarker(S)))
      continue;
    if (int B = bucketOf(S); B >= 0)
      Out.Buckets[size_t(B)].Symbols.push_back(S);
  }
  for (Sym S : Text.InlineTrees)
    if (S && Minor <= 25)
      Out.Buckets[FuncDatas].Symbols.push_back(S);
  if (Minor <= 25) { // one group: descriptors and funcdata
    Bucket &All = Out.Buckets[FuncDatas];
    if (!IsRelro) {
      llvm::append_range(All.Symbols, Out.Buckets[FuncDescs].Symbols);
      Out.Buckets[FuncDescs].Symbols.clear();
    }
    llvm::sort(All.Symbols);
  }
}

/// Since Go 1.26 (pcln.go generateFuncdata): by alignment, then in the order of
/// first use.
void Planner::orderFuncData() {
  constexpr size_t InlineTreeIndex = 3, ArgMapIndex = 0, ArgInfoIndex = 5;
  llvm::BitVector Seen(L.numSymbols());
  std::vector<Sym> &Order = Out.FuncData;
  std::vector<Sym> Mine;
  ObjectFuncInfo Info;
  for (size_t I = 0; I < Text.Functions.size(); ++I) {
    Sym S = Text.Functions[I];
    if (L.isMade(S) || !funcInfoOf(L, S, Info))
      continue;
    Mine.clear();
    for (ObjectAux A : L.auxs(S))
      if (A.is(AuxKind::Funcdata))
        Mine.push_back(L.resolve(S, A.symbol()));
    if (Info.NumInlined) {
      Mine.resize(std::max(Mine.size(), InlineTreeIndex + 1));
      Mine[InlineTreeIndex] = Text.InlineTrees[I];
    }
    for (size_t J = 0; J < Mine.size(); ++J) {
      Sym D = Mine[J];
      bool IsMissing = (J == ArgMapIndex || J == ArgInfoIndex) && D &&
                       L.isFromAssembly(S) && L.data(D).empty();
      if (!D || IsMissing || Seen.test(D))
        continue;
      Seen.set(D);
      Order.push_back(D);
    }
  }
  const ArchLayout &Arch = archLayout(L);
  llvm::stable_sort(Order, [&](Sym X, Sym Y) {
    return alignOf(L, Arch, X) > alignOf(L, Arch, Y);
  });
  // Funcdata is not laid out again with other read-only data.
  for (BucketId B : {Types, Rodatas, RelroRodatas})
    llvm::erase_if(Out.Buckets[B].Symbols, [&](Sym S) { return Seen.test(S); });
}

LayoutPlan Planner::run() {
  collect();
  for (Bucket &B : Out.Buckets)
    sortBucket(L, B);
  if (Minor >= 26)
    orderFuncData();
  orderPcData(L, Text, Out);
  return std::move(Out);
}

LayoutPlan goslim::planLayout(const Loader &L, const Reachability &R,
                              const TextOrder &Text, const FipsSymbols &Fips) {
  return Planner(L, R, Text, Fips).run();
}
