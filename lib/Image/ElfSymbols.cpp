//===- ElfSymbols.cpp - symbol tables, and section contents ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is read from a section only when asked for: .symtab and .dynsym rows,
// and bytes of compressed sections. A compressed section says itself how large
// it wants to become, so that number is held against the caller's limit, and
// against what its compression can yield at all, before anything is allocated.
//===----------------------------------------------------------------------===//
#include "ImageImpl.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace llvm::object;

namespace goslim {
namespace {

template <class ELFT>
Expected<std::vector<ImageSymbol>>
readSymbols(const Image::Impl &I, const ELFFile<ELFT> &, size_t Index) {
  using Sym = typename ELFT::Sym;
  const ImageSection &S = I.Sections[Index];
  uint64_t Header =
      I.SectionHeaders.Offset + Index * sizeof(typename ELFT::Shdr);
  if (S.EntSize != sizeof(Sym))
    return I.damaged(S.Name + " entry size, section header", Header,
                     hex(sizeof(Sym)), hex(S.EntSize));
  if (S.Size % sizeof(Sym))
    return I.damaged(S.Name + " size, section header", Header,
                     "a multiple of " + hex(sizeof(Sym)), hex(S.Size));
  const ImageSection &Strings = I.Sections[S.Link];
  if (Strings.Type != ELF::SHT_STRTAB)
    return I.damaged(S.Name + " sh_link, section header", Header,
                     "the index of a string table", Twine(S.Link));
  StringRef Table = I.bytes().substr(Strings.Offset, Strings.Size);
  ArrayRef Rows(reinterpret_cast<const Sym *>(I.bytes().data() + S.Offset),
                S.Size / sizeof(Sym));
  // Names may share their ends, so their sum can exceed the table; a crafted
  // file could make every row scan all of it.
  uint64_t BytesLeft = (Table.size() + 1) * 64;
  std::vector<ImageSymbol> Out;
  Out.reserve(Rows.size());
  for (const Sym &Row : Rows) {
    ImageSymbol Symbol;
    uint32_t Name = Row.st_name;
    // Row 0 and section symbols have no name; so may an empty table.
    if (Name != 0) {
      Expected<StringRef> Text =
          I.string(Table, Name, "st_name", I.offsetOf(&Row.st_name));
      if (!Text)
        return Text.takeError();
      if (Text->size() >= BytesLeft)
        return I.damaged(S.Name + " names, section header", Header,
                         "at most 64 times the bytes of their table", "more");
      BytesLeft -= Text->size() + 1;
      Symbol.Name = *Text;
      Symbol.NameBytes = {Strings.Offset + Name, Text->size() + 1};
    }
    Symbol.Address = Row.st_value;
    Symbol.Size = Row.st_size;
    Symbol.Section = Row.st_shndx < I.Sections.size() ? Row.st_shndx : 0;
    Symbol.Type = Row.getType();
    Symbol.Binding = Row.getBinding();
    Symbol.Entry = {I.offsetOf(&Row), sizeof(Sym)};
    Out.push_back(Symbol);
  }
  return Out;
}

/// A file without .shstrtab has sections without names.
std::string labelOf(const ImageSection &S) {
  return S.Name.empty() ? "section" : S.Name.str();
}

/// How a compressed section begins, and what it claims to hold.
struct CompressionHeader {
  DebugCompressionType Type = DebugCompressionType::Zlib;
  uint64_t Size = 0;       ///< decompressed, as declared
  uint64_t SizeOffset = 0; ///< file offset of that field
  uint64_t Length = 0;     ///< of this header
};

template <class ELFT>
Expected<CompressionHeader> readCompressionHeader(const Image::Impl &I,
                                                  const ELFFile<ELFT> &,
                                                  const ImageSection &S) {
  using Chdr = typename ELFT::Chdr;
  if (S.Size < sizeof(Chdr))
    return I.damaged(labelOf(S) + " compression header", S.Offset,
                     hex(sizeof(Chdr)) + " bytes", hex(S.Size));
  const auto &H = *reinterpret_cast<const Chdr *>(I.bytes().data() + S.Offset);
  CompressionHeader Out;
  if (H.ch_type == ELF::ELFCOMPRESS_ZSTD)
    Out.Type = DebugCompressionType::Zstd;
  else if (H.ch_type != ELF::ELFCOMPRESS_ZLIB)
    return I.damaged(labelOf(S) + " ch_type", S.Offset, "1 (zlib) or 2 (zstd)",
                     Twine(H.ch_type));
  Out.Size = H.ch_size;
  Out.SizeOffset = I.offsetOf(&H.ch_size);
  Out.Length = sizeof(Chdr);
  return Out;
}

/// .zdebug_*, Go up to 1.18 and old binutils: "ZLIB", size u64 big endian.
Expected<CompressionHeader> readZdebugHeader(const Image::Impl &I,
                                             const ImageSection &S) {
  StringRef Bytes = I.bytes().substr(S.Offset, S.Size);
  if (Bytes.size() < 12 || !Bytes.starts_with("ZLIB"))
    return I.damaged(labelOf(S) + " compression header", S.Offset, "\"ZLIB\"",
                     Bytes.empty() ? "nothing" : "other bytes");
  CompressionHeader Out;
  Out.Size = support::endian::read64be(Bytes.data() + 4);
  Out.SizeOffset = S.Offset + 4;
  Out.Length = 12;
  return Out;
}

/// Deflate yields at most 1032 bytes from one, zstd a 128 KiB block from 4.
uint64_t maxYield(DebugCompressionType Type, uint64_t Size) {
  uint64_t Factor = Type == DebugCompressionType::Zlib ? 1032 : 32768;
  return Size > ~0ull / Factor ? ~0ull : Size * Factor;
}

Expected<std::vector<uint8_t>> decompress(const Image::Impl &I,
                                          const ImageSection &S,
                                          const CompressionHeader &H,
                                          uint64_t Limit) {
  StringRef Input = I.bytes().substr(S.Offset + H.Length, S.Size - H.Length);
  uint64_t Most = std::min(Limit, maxYield(H.Type, Input.size()));
  if (H.Size > Most)
    return I.damaged(labelOf(S) + " decompressed size", H.SizeOffset,
                     "at most " + hex(Most) + " bytes", hex(H.Size));
  std::vector<uint8_t> Out(H.Size);
  // zlib refuses a null output, which an empty vector has.
  if (Out.empty())
    return Out;
  size_t Size = Out.size();
  ArrayRef<uint8_t> Data(Input.bytes_begin(), Input.size());
  Error E = H.Type == DebugCompressionType::Zlib
                ? compression::zlib::decompress(Data, Out.data(), Size)
                : compression::zstd::decompress(Data, Out.data(), Size);
  if (E)
    return I.damaged(labelOf(S) + " compressed data", S.Offset + H.Length,
                     "a valid stream", toString(std::move(E)));
  if (Size != H.Size)
    return I.damaged(labelOf(S) + " decompressed size", H.SizeOffset, hex(Size),
                     hex(H.Size));
  return Out;
}

} // namespace

Expected<std::vector<ImageSymbol>> Image::symbols(bool Dynamic) const {
  uint32_t Wanted = Dynamic ? ELF::SHT_DYNSYM : ELF::SHT_SYMTAB;
  for (size_t Index = 0; Index != I->Sections.size(); ++Index)
    if (I->Sections[Index].Type == Wanted)
      return std::visit(
          [&](auto &File) { return readSymbols(*I, File, Index); }, *I->Elf);
  return std::vector<ImageSymbol>();
}

Expected<std::vector<uint8_t>> Image::contents(const ImageSection &S,
                                               uint64_t Limit) const {
  if (!S.isCompressed()) {
    if (S.Size > Limit)
      return I->damaged(labelOf(S) + " size, section", S.Offset,
                        "at most " + hex(Limit) + " bytes", hex(S.Size));
    StringRef Bytes = I->bytes().substr(S.Offset, S.Size);
    return std::vector<uint8_t>(Bytes.bytes_begin(), Bytes.bytes_end());
  }
  Expected<CompressionHeader> Header =
      S.Flags & ELF::SHF_COMPRESSED
          ? std::visit(
                [&](auto &File) { return readCompressionHeader(*I, File, S); },
                *I->Elf)
          : readZdebugHeader(*I, S);
  if (!Header)
    return Header.takeError();
  return decompress(*I, S, *Header, Limit);
}

} // namespace goslim
