//===- OtherFormats.cpp - frames of PE and Mach-O -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Image/OtherFormats.h"
#include "Wasm.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/COFF.h"
#include "llvm/Object/MachO.h"

using namespace goslim;
using namespace llvm;
using namespace llvm::object;

static bool lies(FileRange R, MemoryBufferRef Bytes) {
  return R.Offset <= Bytes.getBufferSize() &&
         R.Size <= Bytes.getBufferSize() - R.Offset;
}

static void addSymbols(const ObjectFile &File, OtherImage &Out) {
  for (const SymbolRef &S : File.symbols()) {
    Expected<StringRef> Name = S.getName();
    Expected<uint64_t> Address = S.getAddress();
    Expected<SymbolRef::Type> Type = S.getType();
    bool IsGood = Name && Address && Type;
    if (IsGood && !Name->empty() && *Address &&
        (*Type == SymbolRef::ST_Function || *Type == SymbolRef::ST_Data ||
         *Type == SymbolRef::ST_Unknown)) {
      ImageSymbol Symbol;
      Symbol.Name = *Name, Symbol.Address = *Address;
      Out.Symbols.push_back(Symbol);
    }
    if (!Name)
      consumeError(Name.takeError());
    if (!Address)
      consumeError(Address.takeError());
    if (!Type)
      consumeError(Type.takeError());
  }
  stable_sort(Out.Symbols, [](const ImageSymbol &X, const ImageSymbol &Y) {
    return X.Address < Y.Address;
  });
}

static void addSection(OtherImage &Out, StringRef Name, FileRange Where,
                       uint64_t Address, uint64_t MemSize, uint64_t Flags) {
  ImageSection S;
  Out.Storage.push_back(Name.str());
  S.Name = Out.Storage.back();
  S.Offset = Where.Offset, S.Size = Where.Size;
  S.Address = Address, S.MemSize = MemSize, S.Flags = Flags;
  Out.Sections.push_back(S);
}

static void addZeroed(OtherImage &Out, StringRef Name, uint64_t Address,
                      uint64_t MemSize) {
  ImageSection S;
  Out.Storage.push_back(Name.str());
  S.Name = Out.Storage.back();
  S.Address = Address, S.MemSize = MemSize;
  Out.Zeroed.push_back(S);
}

static Expected<OtherImage> readPe(MemoryBufferRef Bytes) {
  Expected<std::unique_ptr<COFFObjectFile>> File =
      COFFObjectFile::create(Bytes);
  if (!File)
    return File.takeError();
  OtherImage Out;
  Out.Format = "PE";
  switch ((*File)->getMachine()) {
  case COFF::IMAGE_FILE_MACHINE_AMD64:
    Out.Arch = "amd64";
    break;
  case COFF::IMAGE_FILE_MACHINE_I386:
    Out.Arch = "386";
    break;
  case COFF::IMAGE_FILE_MACHINE_ARM64:
    Out.Arch = "arm64";
    break;
  }
  Out.ImageBase = (*File)->getImageBase();
  for (const SectionRef &Ref : (*File)->sections()) {
    const coff_section *S = (*File)->getCOFFSection(Ref);
    Expected<StringRef> Name = (*File)->getSectionName(S);
    if (!Name)
      return Name.takeError();
    FileRange Where = {S->PointerToRawData, S->SizeOfRawData};
    if (!Where.Size || !lies(Where, Bytes))
      continue;
    uint32_t C = S->Characteristics;
    uint64_t Flags = 0;
    if (!(C & COFF::IMAGE_SCN_MEM_DISCARDABLE))
      Flags |= ELF::SHF_ALLOC;
    if (C & COFF::IMAGE_SCN_MEM_EXECUTE)
      Flags |= ELF::SHF_EXECINSTR;
    if (C & COFF::IMAGE_SCN_MEM_WRITE)
      Flags |= ELF::SHF_WRITE;
    uint64_t Address = Out.ImageBase + S->VirtualAddress;
    addSection(Out, *Name, Where, Address, S->VirtualSize, Flags);
    if (S->VirtualSize > Where.Size)
      addZeroed(Out, *Name, Address + Where.Size, S->VirtualSize - Where.Size);
  }
  // The file header lies behind the DOS header and "PE\0\0".
  constexpr uint64_t PeOffsetAt = 0x3c, Signature = 4, FileHeader = 20;
  uint64_t Pe = support::endian::read32le(Bytes.getBufferStart() + PeOffsetAt);
  Out.Marks.push_back({"pe-timestamp", {Pe + Signature + 4, 4}});
  Out.Marks.push_back({"pe-checksum", {Pe + Signature + FileHeader + 64, 4}});
  addSymbols(**File, Out);
  return Out;
}

static Expected<OtherImage> readMachO(MemoryBufferRef Bytes) {
  bool Is64 = identify_magic(Bytes.getBuffer()) != file_magic::unknown &&
              uint8_t(Bytes.getBuffer()[0]) == 0xcf;
  Expected<std::unique_ptr<MachOObjectFile>> File =
      MachOObjectFile::create(Bytes, /*IsLittleEndian=*/true, Is64);
  if (!File)
    return File.takeError();
  OtherImage Out;
  Out.Format = "Mach-O";
  Out.Arch = (*File)->getArch() == Triple::x86_64    ? "amd64"
             : (*File)->getArch() == Triple::aarch64 ? "arm64"
                                                     : "";
  for (const SectionRef &Ref : (*File)->sections()) {
    if (!Is64)
      continue;
    MachO::section_64 S = (*File)->getSection64(Ref.getRawDataRefImpl());
    FileRange Where = {S.offset, S.size};
    StringRef Segment =
        (*File)->getSectionFinalSegmentName(Ref.getRawDataRefImpl());
    Expected<StringRef> Name = Ref.getName();
    if (!Name)
      return Name.takeError();
    if (Ref.isVirtual())
      addZeroed(Out, (Segment + "," + *Name).str(), S.addr, S.size);
    if (Ref.isVirtual() || !Where.Size || !lies(Where, Bytes))
      continue;
    uint64_t Flags = Segment == "__DWARF" ? 0 : uint64_t(ELF::SHF_ALLOC);
    if (S.flags & MachO::S_ATTR_SOME_INSTRUCTIONS)
      Flags |= ELF::SHF_EXECINSTR;
    if (Segment.starts_with("__DATA"))
      Flags |= ELF::SHF_WRITE;
    addSection(Out, (Segment + "," + *Name).str(), Where, S.addr, S.size,
               Flags);
  }
  for (const auto &Command : (*File)->load_commands()) {
    uint64_t At = uint64_t(Command.Ptr - Bytes.getBufferStart());
    if (Command.C.cmd == MachO::LC_UUID && Command.C.cmdsize >= 24)
      Out.Marks.push_back({"macho-uuid", {At + 8, 16}});
    if (Command.C.cmd != MachO::LC_CODE_SIGNATURE)
      continue;
    MachO::linkedit_data_command L =
        (*File)->getLinkeditDataLoadCommand(Command);
    FileRange Where = {L.dataoff, L.datasize};
    if (lies(Where, Bytes))
      Out.Marks.push_back({"macho-signature", Where});
  }
  addSymbols(**File, Out);
  for (ImageSymbol &S : Out.Symbols)
    S.Name.consume_front("_"); // C's names have it in Mach-O, and so all have
  return Out;
}

Expected<std::optional<OtherImage>>
goslim::readOtherImage(MemoryBufferRef Bytes) {
  file_magic Magic = identify_magic(Bytes.getBuffer());
  Expected<OtherImage> Read = OtherImage();
  if (Magic == file_magic::pecoff_executable)
    Read = readPe(Bytes);
  else if (Magic >= file_magic::macho_object &&
           Magic <= file_magic::macho_universal_binary &&
           Bytes.getBuffer().starts_with("\xcf\xfa\xed\xfe"))
    Read = readMachO(Bytes);
  else if (Magic == file_magic::wasm_object)
    Read = readWasm(Bytes);
  else
    return std::nullopt;
  if (!Read)
    return Read.takeError();
  stable_sort(Read->Sections, [](const ImageSection &X, const ImageSection &Y) {
    return X.Offset < Y.Offset;
  });
  return std::optional<OtherImage>(std::move(*Read));
}
