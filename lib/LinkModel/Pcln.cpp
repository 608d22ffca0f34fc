//===- Pcln.cpp - what functions put into pclntab -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/pcln.go: the tables that hold each thing once, at its first use in the
// order of text. Rows of one function (functab, names) need no replay: the
// table itself says whose they are.
//===----------------------------------------------------------------------===//
#include "Pcln.h"

using namespace goslim;
using llvm::StringRef;

bool goslim::funcInfoOf(const Loader &L, Sym S, ObjectFuncInfo &Info) {
  for (ObjectAux A : L.auxs(S))
    if (A.is(AuxKind::FuncInfo)) {
      const GoObject &O = L.object(S).Object;
      int64_t Local = O.localIndex(A.symbol());
      return Local >= 0 && Local < O.numDefs() &&
             ObjectFuncInfo::parse(O.data(uint32_t(Local)), Info);
    }
  return false;
}

void goslim::orderPcData(const Loader &L, const TextOrder &Text,
                         LayoutPlan &Out) {
  llvm::BitVector Seen(L.numSymbols());
  auto Use = [&](Sym S, Sym Function) {
    if (!S)
      return;
    if (Seen.test(S)) {
      if (Sym &First = Out.PcFunctions[S]; First != Function)
        First = 0;
      return;
    }
    Seen.set(S);
    Out.PcFunctions[S] = Function;
    if (L.size(S))
      Out.PcData.push_back(S);
  };
  ObjectFuncInfo Info;
  for (Sym S : Text.Functions) {
    if (L.isMade(S) || !funcInfoOf(L, S, Info))
      continue;
    RowRange<ObjectAux> Auxs = L.auxs(S);
    auto UseAll = [&](AuxKind K) {
      for (ObjectAux A : Auxs)
        if (A.is(K))
          Use(L.resolve(S, A.symbol()), S);
    };
    for (AuxKind K :
         {AuxKind::Pcsp, AuxKind::Pcfile, AuxKind::Pcline, AuxKind::Pcdata})
      UseAll(K);
    if (Info.NumInlined)
      UseAll(AuxKind::Pcinline);
  }
}

FileTables goslim::replayFiles(const Loader &L, const TextOrder &Text,
                               Owners &Who) {
  FileTables Out;
  std::vector<int64_t> UnitOf(L.Objects.size(), -1);
  llvm::DenseMap<StringRef, uint32_t> FileOf;
  ObjectFuncInfo Info;
  auto Use = [&](uint32_t Object, uint32_t File) {
    const LoadedObject &O = L.Objects[Object];
    if (File >= O.Object.numFiles())
      return;
    auto [It, New] =
        FileOf.try_emplace(O.Object.file(File), uint32_t(Out.FileUsers.size()));
    if (New)
      Out.FileUsers.push_back(0);
    uint32_t &Users = Out.FileUsers[It->second];
    Users = Who.unite(Users, Who.single(O.Library));
    LinkModel::UnitFiles &U = Out.Units[size_t(UnitOf[Object])];
    U.Entries = std::max(U.Entries, File + 1);
  };
  for (Sym S : Text.Functions) {
    if (L.isMade(S))
      continue;
    uint32_t Object = L.objectIndex(S);
    if (UnitOf[Object] < 0) {
      UnitOf[Object] = int64_t(Out.Units.size());
      Out.Units.push_back({0, L.Objects[Object].Library});
    }
    if (!funcInfoOf(L, S, Info))
      continue;
    for (uint32_t I = 0; I != Info.NumFiles; ++I)
      Use(Object, Info.file(I));
    for (uint32_t I = 0; I != Info.NumInlined; ++I)
      Use(Object, Info.inlined(I).File);
  }
  return Out;
}
