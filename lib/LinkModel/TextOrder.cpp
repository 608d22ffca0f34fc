//===- TextOrder.cpp - the order of functions -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// loader/loader.go AssignTextSymbolOrder: packages in postorder of imports,
// what runtime depends on first; in a package its own functions, then those
// that other packages define too (or that the linker took over).
//===----------------------------------------------------------------------===//
#include "Layout.h"
#include "Pcln.h"
#include "llvm/ADT/STLExtras.h"

using namespace goslim;

static bool isText(SymKind K) {
  return K == SymKind::Text || K == SymKind::TextFips;
}

namespace {
struct LibraryText {
  std::vector<Sym> Own, Duplicates;
};
} // namespace

static std::vector<LibraryText> collectText(const Loader &L,
                                            const Reachability &R) {
  std::vector<LibraryText> Out(L.Libraries.size());
  for (uint32_t N = 0; N != L.Objects.size(); ++N) {
    const LoadedObject &O = L.Objects[N];
    LibraryText &Text = Out[O.Library];
    for (uint32_t I = 0; I != O.Object.numDefs(); ++I) {
      ObjectSymbol Row = O.Object.symbol(I);
      if (!isText(L.Tables.symKind(Row.type())))
        continue;
      Sym S = O.Global[I];
      if (!R.Reachable.test(S))
        continue;
      bool IsHere = !L.isMade(S) && !L.isCloned(S) && L.objectIndex(S) == N &&
                    L.local(S) == I;
      (IsHere && !Row.isDupok() ? Text.Own : Text.Duplicates).push_back(S);
    }
  }
  return Out;
}

TextOrder goslim::orderText(const Loader &L, const Reachability &R,
                            const FipsSymbols &Fips,
                            llvm::ArrayRef<HostSection> Host) {
  std::vector<LibraryText> ByLibrary = collectText(L, R);
  std::vector<std::pair<Sym, uint32_t>> Plain, InFips;
  llvm::BitVector Seen(L.numSymbols());
  for (bool RuntimeDeps : {true, false})
    for (uint32_t Library : L.Postorder) {
      if (L.Libraries[Library].IsRuntimeDep != RuntimeDeps)
        continue;
      const LibraryText &Text = ByLibrary[Library];
      for (const auto *List : {&Text.Own, &Text.Duplicates})
        for (Sym S : *List) {
          if (Seen.test(S))
            continue;
          Seen.set(S);
          (L.kind(S) == SymKind::TextFips ? InFips : Plain)
              .push_back({S, Library});
        }
    }
  TextOrder Out;
  auto Append = [&](Sym S, uint32_t Library) {
    Out.Functions.push_back(S);
    Out.Libraries.push_back(Library);
  };
  for (const HostSection &H : Host) // C's comes first
    if (H.IsText && R.Reachable.test(H.Section))
      Append(H.Section, L.library(H.Section));
  for (auto [S, Library] : Plain)
    Append(S, Library);
  if (Fips.TextStart && R.Reachable.test(Fips.TextStart))
    Append(Fips.TextStart, ~0u);
  for (auto [S, Library] : InFips)
    Append(S, Library);
  if (Fips.TextEnd && R.Reachable.test(Fips.TextEnd))
    Append(Fips.TextEnd, ~0u);
  return Out;
}

void goslim::makeInlineTrees(Loader &L, Reachability &R, TextOrder &Text) {
  constexpr unsigned NodeSize = 16; // runtime.inlinedCall, Go 1.20
  Text.InlineTrees.assign(Text.Functions.size(), 0);
  ObjectFuncInfo Info;
  for (size_t I = 0; I < Text.Functions.size(); ++I) {
    Sym S = Text.Functions[I];
    if (L.isMade(S) || !funcInfoOf(L, S, Info) || !Info.NumInlined)
      continue;
    Text.InlineTrees[I] =
        L.makeUnnamed(SymKind::Rodata, uint64_t(Info.NumInlined) * NodeSize, 4);
  }
  R.Reachable.resize(L.numSymbols());
}
