//===- Image.cpp - mapping a file and reading it by address ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Opens the file (mapped, never copied), says clearly what it is when it is no
// ELF file, and answers questions by file offset and by address. Addresses are
// translated through PT_LOAD segments alone, so a file without section headers
// works like any other; the segments are sorted once and searched.
//===----------------------------------------------------------------------===//
#include "ImageImpl.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Process.h"
#include <algorithm>
#include <sys/mman.h>

using namespace llvm;

namespace goslim {

std::string hex(uint64_t Value) {
  return "0x" + utohexstr(Value, /*LowerCase=*/true);
}

Error Image::Impl::damaged(const Twine &Field, uint64_t Offset,
                           const Twine &Wanted, const Twine &Found) const {
  return createStringError(inconvertibleErrorCode(),
                           path() + ": " + Field + " at offset " + hex(Offset) +
                               ": expected " + Wanted + ", found " + Found);
}

Expected<StringRef> Image::Impl::string(StringRef Table, uint64_t At,
                                        const Twine &Field,
                                        uint64_t FieldOffset) const {
  if (At < Table.size()) {
    size_t End = Table.find('\0', At);
    if (End != StringRef::npos)
      return Table.slice(At, End);
  }
  return damaged(Field, FieldOffset,
                 "a string inside its table of " + Twine(Table.size()) +
                     " bytes",
                 hex(At));
}

/// The last of Sorted that starts at or before At.
template <class Member>
static const ImageSegment *segmentAt(const std::vector<ImageSegment> &Sorted,
                                     uint64_t At, Member Start) {
  auto It = upper_bound(Sorted, At, [&](uint64_t A, const ImageSegment &S) {
    return A < S.*Start;
  });
  return It == Sorted.begin() ? nullptr : &*std::prev(It);
}

std::optional<StringRef> Image::Impl::bytesAt(uint64_t Address,
                                              uint64_t Size) const {
  const ImageSegment *S =
      segmentAt(LoadsByAddress, Address, &ImageSegment::Address);
  if (!S || Size > S->FileSize || Address - S->Address > S->FileSize - Size)
    return std::nullopt;
  return bytes().substr(S->Offset + (Address - S->Address), Size);
}

uint64_t Image::Impl::uintAt(const char *P, unsigned Size) const {
  endianness E = IsLittle ? endianness::little : endianness::big;
  switch (Size) {
  case 1:
    return uint8_t(*P);
  case 2:
    return support::endian::read<uint16_t>(P, E);
  case 4:
    return support::endian::read<uint32_t>(P, E);
  default:
    return support::endian::read<uint64_t>(P, E);
  }
}

/// What the first bytes say when they are not ELF's.
static std::string formatName(StringRef Bytes) {
  if (Bytes.empty())
    return "an empty file";
  struct Row {
    file_magic::Impl First, Last;
    StringRef Name;
  };
  static const Row Rows[] = {
      {file_magic::archive, file_magic::archive, "an ar archive"},
      {file_magic::bitcode, file_magic::bitcode, "LLVM bitcode"},
      {file_magic::macho_object, file_magic::macho_file_set, "Mach-O"},
      {file_magic::pecoff_executable, file_magic::pecoff_executable, "PE"},
      {file_magic::coff_cl_gl_object, file_magic::coff_import_library, "COFF"},
      {file_magic::wasm_object, file_magic::wasm_object, "Wasm"},
      {file_magic::xcoff_object_32, file_magic::xcoff_object_64, "XCOFF"},
  };
  file_magic Magic = identify_magic(Bytes);
  for (const Row &R : Rows)
    if (R.First <= Magic && Magic <= R.Last)
      return (R.Name + " (not supported yet)").str();
  if (Bytes.starts_with("MZ"))
    return "PE or DOS (not supported yet)";
  if (Bytes.starts_with("#!"))
    return "a script";
  if (Bytes.starts_with("go object "))
    return "a Go object file (not supported yet)";
  auto IsText = [](unsigned char C) {
    return (C >= 0x20 && C != 0x7f) || (C >= '\t' && C <= '\r');
  };
  return all_of(Bytes.take_front(512), IsText) ? "text" : "unknown bytes";
}

Error Image::Impl::load() {
  StringRef Bytes = bytes();
  if (!Bytes.starts_with(ELF::ElfMagic))
    return damaged("file header", 0, "ELF", formatName(Bytes));
  return loadElf(*this);
}

void Image::release(FileRange Where) const {
  // Dropping pages of a buffer that no file stands behind would lose its bytes.
  if (I->Buffer->getBufferKind() != MemoryBuffer::MemoryBuffer_MMap)
    return;
  // Only pages that lie wholly inside; the mapping starts on a page.
  static const uint64_t Page = sys::Process::getPageSizeEstimate();
  uint64_t Begin = alignTo(std::min(Where.Offset, size()), Page);
  uint64_t End = std::min(Where.end(), size()) / Page * Page;
  if (Begin < End)
    madvise(const_cast<char *>(bytes().data()) + Begin, End - Begin,
            MADV_DONTNEED);
}

Image::Image(std::unique_ptr<Impl> I) : I(std::move(I)) {}
Image::~Image() = default;

Expected<std::unique_ptr<Image>> Image::open(StringRef Path) {
  auto Fail = [&](const Twine &Why) {
    return createStringError(inconvertibleErrorCode(), Path + ": " + Why);
  };
  // A pipe would be read to its end, which may never come.
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(Path, Status))
    return Fail(StringRef(EC.message()).lower());
  if (Status.type() != sys::fs::file_type::regular_file)
    return Fail(Status.type() == sys::fs::file_type::directory_file
                    ? "is a directory"
                    : "not a regular file");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return Fail(StringRef(Buffer.getError().message()).lower());
  return parse(std::move(*Buffer));
}

Expected<std::unique_ptr<Image>>
Image::parse(std::unique_ptr<MemoryBuffer> Bytes) {
  auto I = std::make_unique<Impl>();
  I->Buffer = std::move(Bytes);
  if (Error E = I->load())
    return E;
  return std::unique_ptr<Image>(new Image(std::move(I)));
}

StringRef Image::path() const { return I->path(); }
StringRef Image::bytes() const { return I->bytes(); }
uint64_t Image::size() const { return I->bytes().size(); }
StringRef Image::format() const { return "ELF"; }
unsigned Image::bits() const { return I->Is64 ? 64 : 32; }
bool Image::isLittleEndian() const { return I->IsLittle; }
uint16_t Image::machine() const { return I->Machine; }
uint16_t Image::fileType() const { return I->FileType; }
uint64_t Image::entry() const { return I->Entry; }
FileRange Image::fileHeader() const { return I->FileHeader; }
FileRange Image::programHeaders() const { return I->ProgramHeaders; }
FileRange Image::sectionHeaders() const { return I->SectionHeaders; }
ArrayRef<ImageSection> Image::sections() const { return I->Sections; }
ArrayRef<ImageSegment> Image::segments() const { return I->Segments; }
std::vector<Image::Note> Image::notes() const { return I->Notes; }

bool ImageSection::isAlloc() const { return Flags & ELF::SHF_ALLOC; }
bool ImageSection::isNoBits() const { return Type == ELF::SHT_NOBITS; }
bool ImageSection::isCompressed() const {
  return (Flags & ELF::SHF_COMPRESSED) || Name.starts_with(".zdebug_");
}

StringRef Image::arch() const {
  struct Row {
    uint16_t Machine;
    uint8_t Bits; ///< 0 = both
    StringRef Little, Big;
  };
  static const Row Rows[] = {
      {ELF::EM_X86_64, 64, "amd64", ""},
      {ELF::EM_386, 32, "386", ""},
      {ELF::EM_AARCH64, 64, "arm64", "arm64be"},
      {ELF::EM_ARM, 32, "arm", "armbe"},
      {ELF::EM_MIPS, 32, "mipsle", "mips"},
      {ELF::EM_MIPS, 64, "mips64le", "mips64"},
      {ELF::EM_PPC64, 64, "ppc64le", "ppc64"},
      {ELF::EM_RISCV, 64, "riscv64", ""},
      {ELF::EM_S390, 64, "", "s390x"},
      {ELF::EM_LOONGARCH, 64, "loong64", ""},
      {ELF::EM_SPARCV9, 64, "", "sparc64"},
  };
  for (const Row &R : Rows)
    if (R.Machine == I->Machine && R.Bits == bits())
      return I->IsLittle ? R.Little : R.Big;
  return "";
}

StringRef Image::os() const {
  static const std::pair<uint8_t, StringRef> ByAbi[] = {
      {ELF::ELFOSABI_GNU, "linux"},       {ELF::ELFOSABI_FREEBSD, "freebsd"},
      {ELF::ELFOSABI_NETBSD, "netbsd"},   {ELF::ELFOSABI_OPENBSD, "openbsd"},
      {ELF::ELFOSABI_SOLARIS, "solaris"},
  };
  for (auto [Abi, Name] : ByAbi)
    if (Abi == I->OsAbi)
      return Name;
  // Go leaves the ABI byte 0 on Linux; the notes of a system's own tools and
  // the loader's name tell as well.
  static const std::pair<StringRef, StringRef> ByNote[] = {
      {"NetBSD", "netbsd"},       {"OpenBSD", "openbsd"},
      {"FreeBSD", "freebsd"},     {"Android", "android"},
      {"DragonFly", "dragonfly"},
  };
  for (const Note &N : I->Notes)
    for (auto [Owner, Name] : ByNote)
      if (N.Name == Owner)
        return Name;
  for (const ImageSegment &S : I->Segments) {
    if (S.Type != ELF::PT_INTERP)
      continue;
    StringRef Loader = I->bytes().substr(S.Offset, S.FileSize);
    if (Loader.starts_with("/system/bin/linker"))
      return "android";
    if (Loader.contains("/ld-linux") || Loader.contains("/ld-musl") ||
        Loader.contains("/ld64.so"))
      return "linux";
  }
  return "";
}

const ImageSection *Image::section(StringRef Name) const {
  for (const ImageSection &S : I->Sections)
    if (S.Name == Name)
      return &S;
  return nullptr;
}

std::optional<StringRef> Image::bytesAt(uint64_t Address, uint64_t Size) const {
  return I->bytesAt(Address, Size);
}

std::optional<uint64_t> Image::offsetOf(uint64_t Address) const {
  if (std::optional<StringRef> Byte = bytesAt(Address, 1))
    return I->offsetOf(Byte->data());
  return std::nullopt;
}

std::optional<uint64_t> Image::addressOf(uint64_t Offset) const {
  const ImageSegment *S =
      segmentAt(I->LoadsByOffset, Offset, &ImageSegment::Offset);
  if (!S || Offset - S->Offset >= S->FileSize)
    return std::nullopt;
  return S->Address + (Offset - S->Offset);
}

std::optional<uint64_t> Image::readUint(uint64_t Offset, unsigned Bytes) const {
  bool IsWord = Bytes == 1 || Bytes == 2 || Bytes == 4 || Bytes == 8;
  if (!IsWord || !I->isWithin(Offset, Bytes))
    return std::nullopt;
  return I->uintAt(I->bytes().data() + Offset, Bytes);
}

ArrayRef<RelativeRelocation> Image::relativeRelocations() const {
  std::call_once(I->RelocationsRead,
                 [this] { I->Relocations = readRelative(*this, *I); });
  return I->Relocations;
}

std::optional<uint64_t> Image::pointerAt(uint64_t Address) const {
  unsigned Size = I->Is64 ? 8 : 4;
  std::optional<StringRef> Bytes = I->bytesAt(Address, Size);
  if (!Bytes)
    return std::nullopt;
  ArrayRef<RelativeRelocation> All = relativeRelocations();
  auto It =
      lower_bound(All, Address, [](const RelativeRelocation &R, uint64_t A) {
        return R.Address < A;
      });
  if (It != All.end() && It->Address == Address)
    return It->Value;
  return I->uintAt(Bytes->data(), Size);
}

} // namespace goslim
