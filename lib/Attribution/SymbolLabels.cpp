//===- SymbolLabels.cpp - symbols of a link, before they lie anywhere -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "SymbolLabels.h"
#include "Sources.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace goslim;
using llvm::StringRef;

SymbolLabels::SymbolLabels(const LinkModel &Model) : Model(Model) {
  for (const std::string &Path : Model.packages()) {
    StringRef Last = StringRef(Path).substr(StringRef(Path).rfind('/') + 1);
    bool IsPlain =
        Path != "type" && Path != "go" && llvm::all_of(Last, [](char C) {
          return llvm::isAlnum(C) || C == '_' || C == '-';
        });
    Prefixes.push_back(IsPlain ? Path + "." : "");
  }
}

static Kind kindOfGroup(Group G) {
  static constexpr Kind Kinds[NumGroups] = {
      Kind::Code,        Kind::Type,      Kind::String,      Kind::FuncData,
      Kind::FuncData,    Kind::GcData,    Kind::Rodata,      Kind::Itab,
      Kind::Data,        Kind::Data,      Kind::Bss,         Kind::Bss,
      Kind::LinkerTable, Kind::BuildInfo, Kind::LinkerTable, Kind::Pclntab};
  return Kinds[unsigned(G)];
}

SymbolLabels::Label SymbolLabels::make(Sym S, Group In) const {
  Label L;
  StringRef Name = L.Text = Model.name(S);
  L.What = kindOfGroup(In);
  if (In == Group::PcData) {
    Sym Function = Model.functionOf(S);
    L.Text = Function ? Model.name(Function) : "pctab";
  } else if (In == Group::FuncData && Name.empty()) {
    L.Text = "funcdata";
  }
  if (In != Group::Text && In != Group::PcData)
    L.What = kindOfSymbol(Name, L.What);
  if (Name == "go:buildid")
    L.What = Kind::Note;
  L.By = Model.isFromC(S)                                 ? Step::Cgo
         : In == Group::PcData || Model.isMadeByLinker(S) ? Step::Link
         : Model.isFromAssembly(S)                        ? Step::Asm
                                                          : Step::Compile;
  L.Owner = Model.owner(S);
  if (L.Owner == LinkModel::Nobody)
    L.Users = Model.userSet(S);
  // Nearly always it is named after whoever defines it.
  bool IsNamedAfterOwner = L.Owner != LinkModel::Nobody &&
                           !Prefixes[L.Owner].empty() &&
                           Name.starts_with(Prefixes[L.Owner]);
  L.IsNamedAfterOther =
      !IsNamedAfterOwner && !Name.empty() && !Name.contains(':');
  return L;
}

void SymbolLabels::fill() {
  Index.resize(Model.numSymbols());
  Known.resize(1);
  Model.forEachPlanned([&](Sym S, Group In) {
    if (S >= Index.size() || Index[S])
      return;
    Index[S] = uint32_t(Known.size());
    Known.push_back(make(S, In));
  });
}

std::shared_ptr<const SymbolLabels> goslim::labelSymbols(LinkModel &Model) {
  Model.finishLoading();
  auto Out = std::make_shared<SymbolLabels>(Model);
  Out->fill();
  return Out;
}
