//===- FormatSources.cpp - claims from the file format's tables -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Symbols tell twice: their row and their name in the string table are bytes
// that exist because of them, and their range is what they stand for. In a
// program with C parts the FILE symbols say which local symbols are C's; Go
// writes all of its own after one FILE symbol "go.go".
//===----------------------------------------------------------------------===//
#include "Sources.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace goslim;
using namespace llvm::ELF;
using llvm::StringRef;

ClaimContext::ClaimContext(const Image &File, const GoImage &Go,
                           const LinkModel *Model, const SymbolLabels *Labels)
    : File(File), Go(Go), Model(Model), Labels(Labels), Packages(Go),
      Notes(Go.Notes) {
  readModel();
  readObjects();
  readFunctions();
  readSymbols();
}

static bool hasRange(const ImageSymbol &S) {
  return S.Size && S.Section && S.Type != STT_SECTION && S.Type != STT_FILE &&
         S.Type != STT_TLS;
}

void ClaimContext::readSymbols() {
  llvm::Expected<std::vector<ImageSymbol>> Read = File.symbols();
  if (!Read) {
    Notes.push_back("symbol table not used: " +
                    llvm::toString(Read.takeError()));
    return;
  }
  Symbols = std::move(*Read);
  // A program of another language has no Go names, whatever they look like.
  IsC.resize(Symbols.size(), !Go.isGo());
  if (!Go.isGo()) {
    indexSymbols();
    return;
  }
  bool InC = false, AnyC = false;
  for (size_t I = 0; I < Symbols.size(); ++I) {
    const ImageSymbol &S = Symbols[I];
    if (S.Type == STT_FILE) {
      InC = S.Name != "go.go";
      AnyC |= InC;
      IsC[I] = true; // "sqlite3.c" is no name in a package
      continue;
    }
    bool InGoText = S.Address >= TextBegin && S.Address < TextEnd;
    if (S.Binding == STB_LOCAL)
      IsC[I] = InC;
    else // global: C's functions lie outside of what pclntab covers
      IsC[I] = AnyC && (S.Type == STT_FUNC ? !InGoText
                                           : packageOfSymbol(S.Name).empty());
  }
  HasC |= AnyC;
  indexSymbols();
}

void ClaimContext::indexSymbols() {
  for (size_t I = 0; I < Symbols.size(); ++I)
    if (hasRange(Symbols[I]))
      ByAddress.push_back(uint32_t(I));
  llvm::stable_sort(ByAddress, [&](uint32_t A, uint32_t B) {
    return Symbols[A].Address < Symbols[B].Address;
  });
}

llvm::ArrayRef<uint32_t> ClaimContext::symbolsIn(const Region &R) const {
  auto First = llvm::lower_bound(ByAddress, R.Address,
                                 [&](uint32_t Symbol, uint64_t Address) {
                                   return Symbols[Symbol].Address < Address;
                                 });
  auto Last =
      std::partition_point(First, ByAddress.end(), [&](uint32_t Symbol) {
        return Symbols[Symbol].Address - R.Address < R.Size;
      });
  return {ByAddress.data() + (First - ByAddress.begin()), size_t(Last - First)};
}

uint32_t ClaimContext::packageOf(size_t Symbol) {
  if (IsC[Symbol])
    return NoPackage;
  StringRef Name = Symbols[Symbol].Name;
  uint32_t Package = Packages.ofSymbol(Name);
  if (Package == NoPackage)
    if (auto It = NakedNames.find(Name); It != NakedNames.end())
      Package = It->second;
  return Package;
}

Kind goslim::kindOfSymbol(StringRef Name, Kind Default) {
  // link-internals.md 2.9; "type." and "go." before Go 1.20.
  static constexpr struct {
    StringRef Prefix;
    Kind What;
  } Prefixes[] = {{"type:", Kind::Type},
                  {"type.", Kind::Type},
                  {"go:itab.", Kind::Itab},
                  {"go.itab.", Kind::Itab},
                  {"go:string.", Kind::String},
                  {"go.string.", Kind::String},
                  {"go:func.", Kind::FuncData},
                  {"go.func.", Kind::FuncData},
                  {"gclocals", Kind::FuncData},
                  {"runtime.gcbits.", Kind::GcData},
                  {"runtime.gcdata", Kind::GcData},
                  {"runtime.gcbss", Kind::GcData},
                  {"go:buildinfo", Kind::BuildInfo},
                  {"go:fipsinfo", Kind::LinkerTable},
                  {"go:main.inittasks", Kind::Init},
                  {"go:runtime.inittasks", Kind::Init}};
  // Asked for each symbol of a link: most begin otherwise.
  if (!Name.empty() && StringRef("tgr").contains(Name.front()))
    for (const auto &P : Prefixes)
      if (Name.starts_with(P.Prefix))
        return P.What;
  return Name.ends_with("..inittask") ? Kind::Init : Default;
}

void goslim::claimNotes(ClaimContext &C, const Region &R,
                        std::vector<Claim> &Out) {
  for (const Image::Note &N : C.File.notes())
    claimBytes(R, N.Whole, makeLabel(Kind::Note, Evidence::Table), Out);
}

void goslim::claimSymbolTable(ClaimContext &C, const Region &R,
                              std::vector<Claim> &Out) {
  if (R.Rest.What != Kind::Symtab)
    return;
  for (size_t I = 0; I < C.Symbols.size(); ++I)
    claimBytes(R, C.Symbols[I].Entry,
               makeLabel(Kind::Symtab, Evidence::Table, C.Symbols[I].Name,
                         C.packageOf(I)),
               Out);
}

void goslim::claimSymbolNames(ClaimContext &C, const Region &R,
                              std::vector<Claim> &Out) {
  if (R.Rest.What != Kind::Strtab)
    return;
  for (size_t I = 0; I < C.Symbols.size(); ++I)
    claimBytes(R, C.Symbols[I].NameBytes,
               makeLabel(Kind::Strtab, Evidence::Table, C.Symbols[I].Name,
                         C.packageOf(I)),
               Out);
}

void goslim::claimSymbols(ClaimContext &C, const Region &R,
                          std::vector<Claim> &Out) {
  if (!R.InMemory || R.PerThread)
    return;
  for (uint32_t Index : C.symbolsIn(R)) {
    const ImageSymbol &S = C.Symbols[Index];
    if (S.Section != R.Section)
      continue;
    bool IsC = C.IsC[Index];
    Kind What = IsC ? R.kindInside() : kindOfSymbol(S.Name, R.kindInside());
    claimAddresses(R, S.Address, S.Size,
                   makeLabel(What, Evidence::Symbol, S.Name, C.packageOf(Index),
                             IsC ? Step::Cgo : Step::Compile),
                   Out);
  }
}
