//===- CgoDirectives.cpp - what cgo tells the linker ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A list of lists of words in JSON in the package data of an archive, one for
// each "//go:cgo_..." line: cgo_import_dynamic LOCAL [REMOTE [LIBRARY]],
// cgo_import_static LOCAL, cgo_export_{static,dynamic} LOCAL [REMOTE [ABI]].
// cgo_ldflag WORD is for the C linker.
//===----------------------------------------------------------------------===//
#include "CgoDirectives.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

namespace {

class Directives {
public:
  explicit Directives(Loader &L) : L(L) {}
  void apply(uint32_t Library, llvm::ArrayRef<StringRef> Words);
  CgoExports Found;

private:
  Loader &L;
  llvm::DenseSet<Sym> Exported;

  void importDynamic(StringRef Local);
  void exportTo(StringRef Local, uint16_t Abi, bool IsStatic);
};

} // namespace

/// The loader makes symbols of such names whether or not anyone refers to them.
static Sym lookupOrMake(Loader &L, StringRef Name, uint16_t Abi) {
  if (Sym S = L.lookup(Name, Abi))
    return S;
  return L.make(L.keepName(Name), Abi, SymKind::Unknown, 0);
}

void Directives::importDynamic(StringRef Local) {
  Sym S = lookupOrMake(L, Local, 0);
  SymKind K = L.kind(S);
  if (K == SymKind::Unknown || K == SymKind::Bss || K == SymKind::NoptrBss)
    L.make(L.keepName(Local), 0, SymKind::Unknown, 0);
}

void Directives::exportTo(StringRef Local, uint16_t Abi, bool IsStatic) {
  Sym S = lookupOrMake(L, Local, Abi);
  if (IsStatic)
    Found.ByName[Local] = S;
  if (IsStatic == L.Request.External && Exported.insert(S).second)
    Found.Roots.push_back(S);
}

void Directives::apply(uint32_t Library, llvm::ArrayRef<StringRef> Words) {
  if (Words.size() < 2 || Words[1] == "_")
    return;
  StringRef What = Words[0], Local = Words[1];
  if (What == "cgo_import_dynamic")
    importDynamic(Local);
  else if (What == "cgo_import_static")
    L.make(L.keepName(Local), 0, SymKind::Unknown, 0);
  else if (What == "cgo_ldflag")
    Found.LdFlags.push_back({Local.str(), Library});
  else if (What == "cgo_export_static" || What == "cgo_export_dynamic")
    exportTo(Local, Words.size() > 3 && Words[3] == "ABIInternal" ? 1 : 0,
             What == "cgo_export_static");
}

llvm::Expected<CgoExports> goslim::applyCgoDirectives(Loader &L) {
  Directives D(L);
  for (uint32_t I = 0; I < L.Libraries.size(); ++I) {
    const Library &Lib = L.Libraries[I];
    if (Lib.Cgo.empty())
      continue;
    llvm::Expected<llvm::json::Value> Json = llvm::json::parse(Lib.Cgo);
    if (!Json)
      return llvm::createStringError(
          fmt::format("package {}: cgo directives: {}", Lib.Path,
                      llvm::toString(Json.takeError())));
    const llvm::json::Array *Lines = Json->getAsArray();
    if (!Lines)
      return llvm::createStringError(
          fmt::format("package {}: cgo directives: expected a list", Lib.Path));
    for (const llvm::json::Value &Line : *Lines) {
      std::vector<StringRef> Words;
      if (const llvm::json::Array *A = Line.getAsArray())
        for (const llvm::json::Value &W : *A)
          Words.push_back(W.getAsString().value_or(""));
      D.apply(I, Words);
    }
  }
  return std::move(D.Found);
}
