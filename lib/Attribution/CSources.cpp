//===- CSources.cpp - claims on what the C linker put in ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C linker's own map says which object file each byte is from; symbols,
// where there are some, name what is inside. Without a map only symbols speak
// (FormatSources.cpp), and nobody knows the object.
//===----------------------------------------------------------------------===//
#include "Sources.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Demangle/Demangle.h"

using namespace goslim;
using llvm::StringRef;

void ClaimContext::readObjects() {
  if (!Model)
    return;
  for (const CObject &O : Model->cObjects()) {
    ObjectInfo Info{O.Name, O.Archive,
                    O.Archive.empty() ? "C object " + O.Name
                                      : "C library " + O.Archive};
    if (O.Package != LinkModel::Nobody)
      Info.Package = ModelPackage[O.Package];
    Objects.push_back(std::move(Info));
  }
  for (const LinkMap::Piece &P : Model->map().Pieces)
    if (Model->map().Sections[P.Section].Address)
      CPieces.push_back(P);
  llvm::sort(CPieces, [](const LinkMap::Piece &X, const LinkMap::Piece &Y) {
    return X.Address < Y.Address;
  });
}

/// From the first piece that ends behind Address on.
static llvm::ArrayRef<LinkMap::Piece> piecesFrom(const ClaimContext &C,
                                                 uint64_t Address) {
  auto First = llvm::lower_bound(C.CPieces, Address,
                                 [](const LinkMap::Piece &P, uint64_t At) {
                                   return P.Address + P.Size <= At;
                                 });
  return llvm::ArrayRef(C.CPieces).drop_front(
      size_t(First - C.CPieces.begin()));
}

void ClaimContext::setObject(Claim &Label, uint32_t Object) const {
  Label.Object = Object + 1;
  Label.Package = Objects[Label.Object].Package;
  Label.By = Step::Cgo;
}

void goslim::claimCSymbols(ClaimContext &C, const Region &R,
                           std::vector<Claim> &Out) {
  if (C.CPieces.empty() || !R.InMemory || R.PerThread)
    return;
  for (uint32_t Index : C.symbolsIn(R)) {
    const ImageSymbol &S = C.Symbols[Index];
    llvm::ArrayRef<LinkMap::Piece> From = piecesFrom(C, S.Address);
    if (From.empty() || S.Address < From[0].Address)
      continue;
    const LinkMap::Piece &P = From[0];
    Claim Label = makeLabel(R.kindInside(), Evidence::Table, S.Name);
    C.setObject(Label, P.Object);
    claimAddresses(R, S.Address,
                   std::min(S.Size, P.Address + P.Size - S.Address), Label,
                   Out);
  }
}

void goslim::claimCPieces(ClaimContext &C, const Region &R,
                          std::vector<Claim> &Out) {
  if (C.CPieces.empty() || !R.InMemory || R.PerThread)
    return;
  for (const LinkMap::Piece &P : piecesFrom(C, R.Address)) {
    if (P.Address > R.Address && P.Address - R.Address >= R.Size)
      break;
    Claim Label = makeLabel(R.kindInside(), Evidence::Table,
                            C.Objects[P.Object + 1].Name);
    C.setObject(Label, P.Object);
    claimAddresses(R, P.Address, P.Size, Label, Out);
  }
}

void goslim::demangleNames(Attribution &A) {
  llvm::DenseMap<const char *, StringRef> Known;
  for (Span &S : A.Spans) {
    if (S.By != Step::Cgo ||
        !(S.Symbol.starts_with("_Z") || S.Symbol.starts_with("_R")))
      continue;
    auto [It, New] = Known.try_emplace(S.Symbol.data(), S.Symbol);
    if (New) {
      A.Storage.push_back(llvm::demangle(S.Symbol));
      It->second = A.Storage.back();
    }
    S.Symbol = It->second;
  }
}
