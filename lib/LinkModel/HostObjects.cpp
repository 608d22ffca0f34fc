//===- HostObjects.cpp - C objects in internal links ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Go linker knows a C object as its allocated sections. Each is one symbol;
// what is defined inside has only an address of its own. Only as much of ELF is
// read as decides names, sizes, and who refers to whom.
//===----------------------------------------------------------------------===//
#include "HostObjects.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/DataExtractor.h"
#include <fmt/format.h>

using namespace goslim;
using namespace llvm::ELF;
using llvm::StringRef;

namespace {

struct Section {
  StringRef Name;
  uint32_t Type = 0, Link = 0, Info = 0;
  uint64_t Flags = 0, Offset = 0, Size = 0, Align = 0;
  int64_t Host = -1; ///< index into the result
};

struct Symbol {
  StringRef Name;
  uint8_t Binding = 0, Type = 0;
  uint16_t Section = 0;
  uint64_t Value = 0, Size = 0;
};

class HostObject {
public:
  HostObject(Loader &L, uint32_t Library, uint32_t Number, StringRef Bytes,
             const llvm::StringMap<Sym> &Exports, std::vector<HostSection> &Out)
      : L(L), Library(Library), Number(Number), Bytes(Bytes),
        Data(Bytes, true, 8), Exports(Exports), Out(Out) {}
  llvm::Error load();

private:
  Loader &L;
  uint32_t Library, Number;
  StringRef Bytes;
  llvm::DataExtractor Data;
  const llvm::StringMap<Sym> &Exports;
  std::vector<HostSection> &Out;
  std::vector<Section> Sections;
  std::vector<Sym> SymbolAt;

  llvm::Error damaged(StringRef What) const;
  StringRef stringAt(const Section &Table, uint32_t Offset) const;
  llvm::Error readSections();
  void makeSections();
  Symbol readSymbol(const Section &Table, uint64_t I) const;
  Sym symbolOf(const Symbol &E);
  void define(const Symbol &E, Sym S);
  void readSymbols();
  void readRelocations();
  void refer(Sym From, Sym To) { L.made(From).Addresses.push_back({0, To}); }
};

} // namespace

llvm::Error HostObject::damaged(StringRef What) const {
  return llvm::createStringError(
      fmt::format("package {}: C object: expected {}, found none",
                  L.Libraries[Library].Path, std::string_view(What)));
}

StringRef HostObject::stringAt(const Section &Table, uint32_t Offset) const {
  if (Offset >= Table.Size || Table.Offset > Bytes.size())
    return "";
  StringRef Text = Bytes.substr(Table.Offset, Table.Size).substr(Offset);
  return Text.substr(0, Text.find('\0'));
}

llvm::Error HostObject::readSections() {
  constexpr unsigned HeaderSize = 64, RowSize = 64;
  if (Bytes.size() < HeaderSize || !Bytes.starts_with("\177ELF\2\1"))
    return damaged("ELF of 64 bits, little endian");
  uint64_t At = 40, Table = Data.getU64(&At);
  At = 60;
  uint16_t Count = Data.getU16(&At), Names = Data.getU16(&At);
  if (Table > Bytes.size() || (Bytes.size() - Table) / RowSize < Count ||
      Names >= Count)
    return damaged("section headers inside of the file");
  std::vector<uint32_t> NameOffsets;
  for (unsigned I = 0; I < Count; ++I) {
    At = Table + uint64_t(I) * RowSize;
    Section S;
    NameOffsets.push_back(Data.getU32(&At));
    S.Type = Data.getU32(&At), S.Flags = Data.getU64(&At);
    (void)Data.getU64(&At); // address
    S.Offset = Data.getU64(&At), S.Size = Data.getU64(&At);
    S.Link = Data.getU32(&At), S.Info = Data.getU32(&At);
    S.Align = Data.getU64(&At);
    if (S.Type != SHT_NOBITS &&
        (S.Offset > Bytes.size() || S.Size > Bytes.size() - S.Offset))
      return damaged("sections inside of the file");
    Sections.push_back(S);
  }
  for (unsigned I = 0; I < Count; ++I)
    Sections[I].Name = stringAt(Sections[Names], NameOffsets[I]);
  return llvm::Error::success();
}

void HostObject::makeSections() {
  constexpr uint16_t LocalVersion = 2; // of no name that anybody looks up
  for (Section &S : Sections) {
    if ((S.Type != SHT_PROGBITS && S.Type != SHT_NOBITS) ||
        !(S.Flags & SHF_ALLOC))
      continue;
    bool IsText = S.Flags & SHF_EXECINSTR, IsWritable = S.Flags & SHF_WRITE;
    SymKind Kind = IsText                 ? SymKind::Text
                   : !IsWritable          ? SymKind::Rodata
                   : S.Type == SHT_NOBITS ? SymKind::NoptrBss
                                          : SymKind::NoptrData;
    if (S.Name == ".got" || S.Name == ".toc")
      Kind = SymKind::Unknown;
    Sym Made =
        L.make(L.keepName(L.Libraries[Library].Path + "(" + S.Name + ")"),
               LocalVersion, Kind, S.Size);
    MadeSymbol &M = L.made(Made);
    M.Align = uint32_t(S.Align);
    M.IsHost = true, M.HostObject = Number;
    if (!L.Libraries[Library].Objects.empty())
      M.OriginObject = L.Libraries[Library].Objects[0];
    S.Host = int64_t(Out.size());
    Out.push_back({Made, IsText, {}});
  }
}

Symbol HostObject::readSymbol(const Section &Table, uint64_t I) const {
  constexpr unsigned RowSize = 24;
  uint64_t At = Table.Offset + I * RowSize;
  Symbol E;
  uint32_t Name = Data.getU32(&At);
  uint8_t Info = Data.getU8(&At);
  (void)Data.getU8(&At); // visibility
  E.Section = Data.getU16(&At);
  E.Value = Data.getU64(&At), E.Size = Data.getU64(&At);
  E.Binding = Info >> 4, E.Type = Info & 15;
  if (Table.Link < Sections.size())
    E.Name = stringAt(Sections[Table.Link], Name);
  if (E.Name == "_GLOBAL_OFFSET_TABLE_")
    E.Name = ".got";
  return E;
}

/// readelfsym: sections by number, local symbols each their own, others by
/// name; what C knows by the name of an export is Go's function.
Sym HostObject::symbolOf(const Symbol &E) {
  if (E.Type == STT_SECTION)
    return E.Section < Sections.size() && Sections[E.Section].Host >= 0
               ? Out[size_t(Sections[E.Section].Host)].Section
               : 0;
  if (E.Type != STT_OBJECT && E.Type != STT_FUNC && E.Type != STT_NOTYPE &&
      E.Type != STT_COMMON)
    return 0;
  bool IsMapping = L.Request.Goarch == "arm64" &&
                   (E.Name.starts_with("$d") || E.Name.starts_with("$x"));
  if (E.Binding == STB_LOCAL)
    return IsMapping ? 0 : L.makeUnnamed(SymKind::Unknown, 0, 0);
  if (auto It = Exports.find(E.Name); It != Exports.end())
    return It->second;
  if (Sym S = L.lookup(E.Name, 0))
    return S;
  return L.make(L.keepName(E.Name), 0, SymKind::Unknown, 0);
}

void HostObject::define(const Symbol &E, Sym S) {
  if (E.Section == SHN_COMMON || E.Type == STT_COMMON) {
    if (L.kind(S) == SymKind::Unknown)
      L.make(L.keepName(E.Name), 0, SymKind::NoptrBss,
             std::max(L.size(S), E.Size));
    return;
  }
  if (!E.Section || E.Section >= Sections.size() ||
      Sections[E.Section].Host < 0 || E.Type == STT_SECTION)
    return;
  HostSection &In = Out[size_t(Sections[E.Section].Host)];
  // It is placed with its section.
  if (E.Binding != STB_LOCAL)
    S = L.make(L.keepName(E.Name), 0, SymKind::Unknown, 0);
  In.Symbols.push_back({S, E.Value});
  refer(S, In.Section);
  refer(In.Section, S);
}

void HostObject::readSymbols() {
  constexpr unsigned RowSize = 24;
  for (const Section &Table : Sections) {
    if (Table.Name != ".symtab")
      continue;
    SymbolAt.assign(Table.Size / RowSize, 0);
    for (uint64_t I = 1; I < SymbolAt.size(); ++I) {
      Symbol E = readSymbol(Table, I);
      SymbolAt[I] = symbolOf(E);
      if (SymbolAt[I])
        define(E, SymbolAt[I]);
    }
    return;
  }
}

void HostObject::readRelocations() {
  constexpr unsigned RowSize = 24;
  for (const Section &S : Sections) {
    if (S.Type != SHT_RELA || S.Info >= Sections.size() ||
        Sections[S.Info].Host < 0)
      continue;
    Sym From = Out[size_t(Sections[S.Info].Host)].Section;
    L.made(From).HasRelocs |= S.Size >= RowSize;
    for (uint64_t At = S.Offset; At + RowSize <= S.Offset + S.Size;
         At += RowSize) {
      uint64_t Info = At + 8;
      uint64_t Index = Data.getU64(&Info) >> 32;
      if (Index < SymbolAt.size() && SymbolAt[Index])
        refer(From, SymbolAt[Index]);
    }
  }
}

llvm::Error HostObject::load() {
  if (llvm::Error E = readSections())
    return E;
  makeSections();
  readSymbols();
  readRelocations();
  return llvm::Error::success();
}

llvm::Expected<std::vector<HostSection>>
goslim::loadHostObjects(Loader &L, const llvm::StringMap<Sym> &Exports) {
  std::vector<HostSection> Out;
  if (L.Request.External)
    return Out;
  uint32_t Number = 0;
  for (uint32_t I = 0; I < L.Libraries.size(); ++I)
    for (const HostFile &File : L.Libraries[I].HostObjects)
      if (llvm::Error E =
              HostObject(L, I, Number++, File.Bytes, Exports, Out).load())
        return E;
  return Out;
}
