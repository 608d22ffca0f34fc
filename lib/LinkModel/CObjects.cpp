//===- CObjects.cpp - inputs of the C linker, by name ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// cmd/link copies the N-th C object that it loads to 00000N.o (ld/lib.go
// hostobjCopy) for the C linker, whose map speaks of that name. People know the
// source file, which the object's FILE symbol tells.
//===----------------------------------------------------------------------===//
#include "CObjects.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace goslim;
using llvm::StringRef;

/// "sqlite3-binding.c"; "" = not told.
static std::string sourceOf(StringRef Bytes) {
  llvm::Expected<std::unique_ptr<Image>> File =
      Image::parse(llvm::MemoryBuffer::getMemBuffer(Bytes, "", false));
  if (!File) {
    llvm::consumeError(File.takeError());
    return "";
  }
  llvm::Expected<std::vector<ImageSymbol>> Symbols = (*File)->symbols();
  if (!Symbols) {
    llvm::consumeError(Symbols.takeError());
    return "";
  }
  for (const ImageSymbol &S : *Symbols)
    if (S.Type == llvm::ELF::STT_FILE)
      return S.Name.str();
  return "";
}

/// The package whose "#cgo LDFLAGS" asked for a library, by "-lNAME" or its
/// file.
static uint32_t packageOfLibrary(const CgoExports &Cgo, StringRef Archive) {
  StringRef Name = Archive;
  bool IsLib = Name.consume_front("lib") && Name.consume_back(".a");
  for (const auto &[Word, Package] : Cgo.LdFlags) {
    StringRef W = Word;
    if (W.substr(W.rfind('/') + 1) == Archive ||
        (IsLib && W.consume_front("-l") && W == Name))
      return Package;
  }
  return LinkModel::Nobody;
}

std::vector<CObject> goslim::nameCObjects(const Loader &L,
                                          const CgoExports &Cgo, LinkMap &Map) {
  std::vector<CObject> Out;
  for (uint32_t I = 0; I < L.Libraries.size(); ++I)
    for (const HostFile &File : L.Libraries[I].HostObjects) {
      std::string Source = sourceOf(File.Bytes);
      Out.push_back({Source.empty() ? File.Name.str() : Source, "", I});
    }
  size_t NumHost = Out.size();
  std::vector<uint32_t> NumberOf;
  for (StringRef Name : Map.Objects) {
    if (Name.consume_front("$WORK/")) {
      unsigned Number = 0;
      StringRef Digits = Name;
      if (Digits.consume_back(".o") && !Digits.getAsInteger(10, Number) &&
          Number < NumHost) {
        NumberOf.push_back(Number);
        continue;
      }
    }
    auto [Path, Member] = Name.split('(');
    StringRef Base = Path.substr(Path.rfind('/') + 1);
    bool IsArchive = !Member.empty();
    NumberOf.push_back(uint32_t(Out.size()));
    Out.push_back({Name.substr(size_t(Base.data() - Name.data())).str(),
                   IsArchive ? Base.str() : "", packageOfLibrary(Cgo, Base)});
  }
  for (LinkMap::Piece &P : Map.Pieces)
    P.Object = NumberOf[P.Object];
  return Out;
}
