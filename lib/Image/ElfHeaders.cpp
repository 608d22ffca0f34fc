//===- ElfHeaders.cpp - headers, segments, sections, notes of ELF ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything that must be right before any other byte can be trusted is read
// and checked here, once, when a file is opened: later code may slice the file
// by any segment, section or note without checking again. The checks come
// before ELFFile's own, because its messages name neither field nor offset.
//===----------------------------------------------------------------------===//
#include "ImageImpl.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace llvm;
using namespace llvm::object;

namespace goslim {
namespace {

template <class ELFT> class HeaderReader {
  using Ehdr = typename ELFT::Ehdr;
  using Phdr = typename ELFT::Phdr;
  using Shdr = typename ELFT::Shdr;

public:
  HeaderReader(Image::Impl &I, const ELFFile<ELFT> &File)
      : I(I), File(File), H(File.getHeader()) {}

  Error read() {
    I.Machine = H.e_machine;
    I.FileType = H.e_type;
    I.OsAbi = H.e_ident[ELF::EI_OSABI];
    I.Entry = H.e_entry;
    I.FileHeader = {0, sizeof(Ehdr)};
    if (Error E = checkSectionTable())
      return E;
    if (Error E = readSegments())
      return E;
    return readSections();
  }

private:
  Image::Impl &I;
  const ELFFile<ELFT> &File;
  const Ehdr &H;

  template <class Field>
  Error damaged(const Twine &Name, const Field &F, const Twine &Wanted) {
    return I.damaged(Name, I.offsetOf(&F), Wanted, hex(F));
  }

  /// An error of ELFFile's that our own checks should have made impossible.
  Error withPath(Error E) {
    return createStringError(inconvertibleErrorCode(),
                             I.path() + ": " + toString(std::move(E)));
  }

  Error checkSectionTable() {
    if (H.e_shoff == 0)
      return Error::success();
    if (H.e_shentsize != sizeof(Shdr))
      return damaged("e_shentsize", H.e_shentsize, hex(sizeof(Shdr)));
    if (!I.isWithin(H.e_shoff, sizeof(Shdr)))
      return damaged("e_shoff", H.e_shoff,
                     "a section header table inside the file of " +
                         hex(I.bytes().size()) + " bytes");
    return Error::success();
  }

  Error readSegments() {
    Expected<uint32_t> Count = File.getPhNum();
    if (!Count)
      return withPath(Count.takeError());
    if (*Count == 0)
      return Error::success();
    if (H.e_phentsize != sizeof(Phdr))
      return damaged("e_phentsize", H.e_phentsize, hex(sizeof(Phdr)));
    if (!I.isWithin(H.e_phoff, uint64_t(*Count) * sizeof(Phdr)))
      return damaged("e_phoff", H.e_phoff,
                     Twine(*Count) + " program headers inside the file of " +
                         hex(I.bytes().size()) + " bytes");
    auto Headers = File.program_headers();
    if (!Headers)
      return withPath(Headers.takeError());
    I.ProgramHeaders = {H.e_phoff, uint64_t(*Count) * sizeof(Phdr)};
    I.Segments.reserve(*Count);
    for (auto [Index, P] : enumerate(*Headers)) {
      if (Error E = checkSegment(P, Index))
        return E;
      I.Segments.push_back(
          {P.p_type, P.p_flags, P.p_offset, P.p_filesz, P.p_vaddr, P.p_memsz});
    }
    sortLoads();
    return Error::success();
  }

  Error checkSegment(const Phdr &P, size_t Index) {
    std::string Name = "[" + std::to_string(Index) + "]";
    if (P.p_type == ELF::PT_NULL || P.p_filesz == 0)
      return Error::success();
    if (!I.isWithin(P.p_offset, 0))
      return damaged("p_offset" + Name, P.p_offset,
                     "an offset inside the file of " + hex(I.bytes().size()) +
                         " bytes");
    if (!I.isWithin(P.p_offset, P.p_filesz))
      return damaged("p_filesz" + Name, P.p_filesz,
                     "at most " + hex(I.bytes().size() - P.p_offset) +
                         " bytes");
    if (P.p_type != ELF::PT_LOAD)
      return Error::success();
    if (P.p_filesz > P.p_memsz)
      return damaged("p_filesz" + Name, P.p_filesz,
                     "at most p_memsz " + hex(P.p_memsz));
    if (P.p_memsz > maxAddress() - P.p_vaddr)
      return damaged("p_vaddr" + Name, P.p_vaddr,
                     "an end below " + hex(maxAddress()));
    return Error::success();
  }

  static uint64_t maxAddress() { return ELFT::Is64Bits ? ~0ull : ~0u; }

  void sortLoads() {
    for (const ImageSegment &S : I.Segments)
      if (S.Type == ELF::PT_LOAD && S.FileSize)
        I.LoadsByAddress.push_back(S);
    I.LoadsByOffset = I.LoadsByAddress;
    stable_sort(I.LoadsByAddress,
                [](auto &A, auto &B) { return A.Address < B.Address; });
    stable_sort(I.LoadsByOffset,
                [](auto &A, auto &B) { return A.Offset < B.Offset; });
  }

  Error readSections() {
    Expected<uint64_t> Count = File.getShNum();
    if (!Count)
      return withPath(Count.takeError());
    if (H.e_shoff == 0 || *Count == 0)
      return readNotes();
    if (*Count > (I.bytes().size() - H.e_shoff) / sizeof(Shdr)) {
      const auto &First =
          *reinterpret_cast<const Shdr *>(I.bytes().data() + H.e_shoff);
      std::string Wanted =
          "at most " +
          std::to_string((I.bytes().size() - H.e_shoff) / sizeof(Shdr)) +
          " section headers in the file";
      return H.e_shnum ? damaged("e_shnum", H.e_shnum, Wanted)
                       : damaged("sh_size[0]", First.sh_size, Wanted);
    }
    auto Headers = File.sections();
    if (!Headers)
      return withPath(Headers.takeError());
    I.SectionHeaders = {H.e_shoff, *Count * sizeof(Shdr)};
    Expected<StringRef> Names = sectionNames(*Headers);
    if (!Names)
      return Names.takeError();
    I.Sections.reserve(*Count);
    for (auto [Index, S] : enumerate(*Headers))
      if (Error E = addSection(S, Index, *Names, *Count))
        return E;
    return readNotes();
  }

  /// .shstrtab; empty when the file says it has none.
  Expected<StringRef> sectionNames(ArrayRef<Shdr> Headers) {
    Expected<uint32_t> Index = File.getShStrNdx();
    if (!Index)
      return withPath(Index.takeError());
    if (*Index == ELF::SHN_UNDEF)
      return StringRef();
    if (*Index >= Headers.size())
      return damaged("e_shstrndx", H.e_shstrndx,
                     "an index below " + Twine(Headers.size()));
    const Shdr &S = Headers[*Index];
    if (S.sh_type != ELF::SHT_STRTAB)
      return damaged("e_shstrndx", H.e_shstrndx, "the index of a string table");
    if (!I.isWithin(S.sh_offset, S.sh_size))
      return damagedRange(S, *Index);
    return I.bytes().substr(S.sh_offset, S.sh_size);
  }

  Error damagedRange(const Shdr &S, size_t Index) {
    std::string Name = "[" + std::to_string(Index) + "]";
    uint64_t Size = I.bytes().size();
    if (S.sh_offset > Size)
      return damaged("sh_offset" + Name, S.sh_offset,
                     "an offset inside the file of " + hex(Size) + " bytes");
    return damaged("sh_size" + Name, S.sh_size,
                   "at most " + hex(Size - S.sh_offset) + " bytes");
  }

  Error addSection(const Shdr &S, size_t Index, StringRef Names,
                   uint64_t Count) {
    std::string Label = "[" + std::to_string(Index) + "]";
    ImageSection Out;
    Out.Type = S.sh_type;
    Out.Offset = S.sh_offset;
    if (S.sh_type == ELF::SHT_NULL) {
      // Section 0 may carry counts that did not fit the file header.
      I.Sections.push_back({});
      return Error::success();
    }
    if (!Names.empty()) {
      Expected<StringRef> Name =
          I.string(Names, S.sh_name, "sh_name" + Label, I.offsetOf(&S.sh_name));
      if (!Name)
        return Name.takeError();
      Out.Name = *Name;
    }
    Out.Flags = S.sh_flags;
    if (!Out.isNoBits()) {
      if (!I.isWithin(S.sh_offset, S.sh_size))
        return damagedRange(S, Index);
      Out.Size = S.sh_size;
    }
    if (Out.isAlloc()) {
      if (S.sh_size > maxAddress() - S.sh_addr)
        return damaged("sh_addr" + Label, S.sh_addr,
                       "an end below " + hex(maxAddress()));
      Out.Address = S.sh_addr;
      Out.MemSize = S.sh_size;
    }
    if (S.sh_link >= Count)
      return damaged("sh_link" + Label, S.sh_link,
                     "an index below " + Twine(Count));
    Out.Link = S.sh_link;
    Out.Info = S.sh_info;
    Out.EntSize = S.sh_entsize;
    Out.Align = S.sh_addralign;
    I.Sections.push_back(Out);
    return Error::success();
  }

  /// From SHT_NOTE sections, and those PT_NOTE segments that have none: a
  /// segment may hold sections of different alignment (mold 1.10), which only
  /// the sections tell.
  Error readNotes() {
    struct Area {
      uint64_t Offset, Size, Align;
    };
    std::vector<Area> Areas;
    for (const ImageSection &S : I.Sections)
      if (S.Type == ELF::SHT_NOTE && S.Size)
        Areas.push_back({S.Offset, S.Size, S.Align});
    auto HasSection = [&](const Phdr &P) {
      return any_of(Areas, [&](const Area &A) {
        return A.Offset >= P.p_offset && A.Offset - P.p_offset < P.p_filesz;
      });
    };
    if (auto Headers = File.program_headers()) {
      for (const Phdr &P : *Headers)
        if (P.p_type == ELF::PT_NOTE && P.p_filesz && !HasSection(P))
          Areas.push_back({P.p_offset, P.p_filesz, P.p_align});
    } else {
      return withPath(Headers.takeError());
    }
    for (const Area &A : Areas)
      if (Error E = readNotesIn(A.Offset, A.Size, A.Align == 8 ? 8 : 4))
        return E;
    sort(I.Notes, [](const Image::Note &A, const Image::Note &B) {
      return A.Whole.Offset < B.Whole.Offset;
    });
    I.Notes.erase(std::unique(I.Notes.begin(), I.Notes.end(),
                              [](const Image::Note &A, const Image::Note &B) {
                                return A.Whole.Offset == B.Whole.Offset;
                              }),
                  I.Notes.end());
    return Error::success();
  }

  Error readNotesIn(uint64_t Offset, uint64_t Size, uint64_t Align) {
    constexpr uint64_t HeaderSize = 12;
    uint64_t End = Offset + Size;
    auto Word = [&](uint64_t At) {
      return uint64_t(support::endian::read<uint32_t, ELFT::Endianness>(
          I.bytes().data() + At));
    };
    while (End - Offset >= HeaderSize) {
      uint64_t NameSize = Word(Offset), DescSize = Word(Offset + 4);
      uint32_t Type = Word(Offset + 8);
      if (NameSize == 0 && DescSize == 0 && Type == 0)
        break; // zero padding at the end of the area
      uint64_t Left = End - Offset - HeaderSize;
      if (NameSize > Left)
        return I.damaged("note name size", Offset,
                         "at most " + hex(Left) + " bytes", hex(NameSize));
      uint64_t DescAt = alignTo(HeaderSize + NameSize, Align);
      Left = End - Offset;
      if (DescSize > Left - std::min(Left, DescAt))
        return I.damaged("note descriptor size", Offset + 4,
                         "at most " + hex(Left - std::min(Left, DescAt)) +
                             " bytes",
                         hex(DescSize));
      Image::Note N;
      N.Name = I.bytes().substr(Offset + HeaderSize, NameSize);
      N.Name = N.Name.take_until([](char C) { return C == '\0'; });
      N.Type = Type;
      N.Desc = {Offset + DescAt, DescSize};
      N.Whole = {Offset, std::min(alignTo(DescAt + DescSize, Align), Left)};
      I.Notes.push_back(N);
      Offset += N.Whole.Size;
    }
    return Error::success();
  }
};

template <class ELFT> Error loadAs(Image::Impl &I) {
  if (I.bytes().size() < sizeof(typename ELFT::Ehdr))
    return I.damaged("file header", 0,
                     Twine(sizeof(typename ELFT::Ehdr)) + " bytes",
                     Twine(I.bytes().size()));
  Expected<ELFFile<ELFT>> File = ELFFile<ELFT>::create(I.bytes());
  if (!File)
    return File.takeError();
  I.Is64 = ELFT::Is64Bits;
  I.IsLittle = ELFT::Endianness == endianness::little;
  I.Elf.emplace(std::move(*File));
  return HeaderReader<ELFT>(I, std::get<ELFFile<ELFT>>(*I.Elf)).read();
}

} // namespace

Error loadElf(Image::Impl &I) {
  StringRef Bytes = I.bytes();
  if (Bytes.size() < ELF::EI_NIDENT)
    return I.damaged("e_ident", 0, Twine(ELF::EI_NIDENT) + " bytes",
                     Twine(Bytes.size()));
  auto Ident = [&](unsigned At) { return uint8_t(Bytes[At]); };
  uint8_t Class = Ident(ELF::EI_CLASS), Data = Ident(ELF::EI_DATA);
  if (Class != ELF::ELFCLASS32 && Class != ELF::ELFCLASS64)
    return I.damaged("EI_CLASS", ELF::EI_CLASS, "1 or 2", Twine(Class));
  if (Data != ELF::ELFDATA2LSB && Data != ELF::ELFDATA2MSB)
    return I.damaged("EI_DATA", ELF::EI_DATA, "1 or 2", Twine(Data));
  if (Ident(ELF::EI_VERSION) != ELF::EV_CURRENT)
    return I.damaged("EI_VERSION", ELF::EI_VERSION, "1",
                     Twine(Ident(ELF::EI_VERSION)));
  bool IsLittle = Data == ELF::ELFDATA2LSB;
  if (Class == ELF::ELFCLASS64)
    return IsLittle ? loadAs<ELF64LE>(I) : loadAs<ELF64BE>(I);
  return IsLittle ? loadAs<ELF32LE>(I) : loadAs<ELF32BE>(I);
}

} // namespace goslim
