//===- CObjects.cpp - inputs of the C linker, by name ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// cmd/link copies the N-th C object that it loads to 00000N.o (ld/lib.go
// hostobjCopy) for the C linker, whose map speaks of that name. People know the
// source file, which the object's FILE symbol tells.
//===----------------------------------------------------------------------===//
#include "CObjects.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Object/ELF.h"

using namespace goslim;
using namespace llvm::ELF;
using llvm::StringRef;

/// "sqlite3-binding.c"; "" = not told.
static StringRef sourceOf(StringRef Bytes) {
  using namespace llvm::object;
  auto Give = [](auto Result) {
    llvm::consumeError(Result.takeError());
    return StringRef();
  };
  llvm::Expected<ELFFile<ELF64LE>> File = ELFFile<ELF64LE>::create(Bytes);
  if (!File)
    return Give(std::move(File));
  auto Sections = File->sections();
  if (!Sections)
    return Give(std::move(Sections));
  for (const auto &S : *Sections) {
    if (S.sh_type != SHT_SYMTAB)
      continue;
    auto Symbols = File->symbols(&S);
    if (!Symbols)
      return Give(std::move(Symbols));
    auto Names = File->getStringTableForSymtab(S);
    if (!Names)
      return Give(std::move(Names));
    for (const auto &Symbol : *Symbols)
      if (Symbol.getType() == STT_FILE && Symbol.st_name < Names->size())
        return Names->substr(Symbol.st_name).take_until([](char C) {
          return !C;
        });
  }
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
      StringRef Source = sourceOf(File.Bytes);
      Out.push_back({(Source.empty() ? File.Name : Source).str(), "", I});
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
