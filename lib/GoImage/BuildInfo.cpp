//===- BuildInfo.cpp - Go version, module info and build IDs --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Build info is found as debug/buildinfo finds it: a 16-aligned magic in
// .go.buildinfo, or in writable segments when that section is not there.
// Go 1.18 and later store both strings inline behind the header, older
// releases two pointers to Go strings. Build IDs are ELF notes.
//===----------------------------------------------------------------------===//
#include "Internal.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace goslim {

static constexpr StringRef Magic("\xff Go buildinf:", 14);
static constexpr uint64_t HeaderSize = 32, HeaderAlign = 16;
static constexpr uint64_t PtrSizeAt = 14, FlagsAt = 15, PointersAt = 16;
static constexpr uint8_t FlagBigEndian = 1, FlagInline = 2;

/// The header's place in Area (file offsets), or nullopt.
static std::optional<uint64_t> findMagic(StringRef File, FileRange Area) {
  StringRef Bytes = File.substr(Area.Offset, Area.Size);
  // Alignment is that of the address, equal to that of the offset: segments
  // are mapped by pages.
  for (size_t At = Bytes.find(Magic); At != StringRef::npos;
       At = Bytes.find(Magic, At + 1))
    if ((Area.Offset + At) % HeaderAlign == 0 &&
        Bytes.size() - At >= HeaderSize)
      return Area.Offset + At;
  return std::nullopt;
}

/// Header, and the end of the section or segment it lies in.
static std::optional<FileRange> findBuildInfo(const Image &File) {
  if (const ImageSection *S = File.section(".go.buildinfo")) {
    if (auto At = findMagic(File.bytes(), {S->Offset, S->Size}))
      return FileRange{*At, S->Offset + S->Size - *At};
    return std::nullopt;
  }
  for (const ImageSegment &S : File.segments()) {
    if (S.Type != ELF::PT_LOAD ||
        (S.Flags & (ELF::PF_W | ELF::PF_X)) != ELF::PF_W)
      continue;
    if (auto At = findMagic(File.bytes(), {S.Offset, S.FileSize}))
      return FileRange{*At, S.Offset + S.FileSize - *At};
  }
  return std::nullopt;
}

/// A Go string whose header (pointer, length) is at Address.
static std::optional<StringRef> stringAt(const Image &File, uint64_t Address) {
  unsigned PtrSize = File.bits() / 8;
  std::optional<uint64_t> Data = File.pointerAt(Address);
  std::optional<uint64_t> Size = File.pointerAt(Address + PtrSize);
  if (!Data || !Size)
    return std::nullopt;
  return *Size == 0 ? StringRef() : File.bytesAt(*Data, *Size);
}

static void setModInfo(GoImage &Go, StringRef Framed, uint64_t Offset) {
  // Markers of 16 bytes on both ends tell a real one from a program that was
  // linked without module information.
  constexpr size_t Marker = 16;
  if (Framed.size() < 2 * Marker + 1 ||
      Framed[Framed.size() - Marker - 1] != '\n')
    return;
  StringRef Text = Framed.drop_front(Marker).drop_back(Marker);
  Result<ModInfo> Info = parseModInfo({Text.data(), Text.size()});
  if (Info)
    Go.BuildInfo->Info = std::move(*Info);
  else
    addNote(Go, "module info", Offset, Info.failure().Message);
}

static void readInline(StringRef File, GoImage &Go, FileRange Area) {
  StringRef Bytes = File.substr(Area.Offset, Area.Size);
  uint64_t At = HeaderSize;
  StringRef Parts[2];
  const char *Names[] = {"version", "module info"};
  for (unsigned I = 0; I != 2; ++I) {
    uint64_t Start = At;
    std::optional<uint64_t> Length = readVarint(Bytes, At);
    if (!Length || *Length > Bytes.size() - At)
      return addNote(
          Go, Twine("build info ") + Names[I] + " length", Area.Offset + Start,
          "expected at most " + hexOf(Bytes.size() - At) + " bytes, found " +
              (Length ? hexOf(*Length) : "no number"));
    Parts[I] = Bytes.substr(At, *Length);
    At += *Length;
  }
  if (Parts[0].empty())
    return addNote(Go, "build info version length", Area.Offset + HeaderSize,
                   "expected a version, found nothing");
  Go.BuildInfo.emplace();
  Go.BuildInfo->Version = Parts[0].str();
  Go.BuildInfo->Where = {Area.Offset, At};
  setModInfo(Go, Parts[1], Area.Offset + At - Parts[1].size());
}

static void readPointers(const Image &File, GoImage &Go, FileRange Area) {
  unsigned PtrSize = *File.readUint(Area.Offset + PtrSizeAt, 1);
  bool IsBig = *File.readUint(Area.Offset + FlagsAt, 1) & FlagBigEndian;
  if (PtrSize != File.bits() / 8 || IsBig == File.isLittleEndian())
    return addNote(Go, "build info header", Area.Offset,
                   "expected pointers of " + Twine(File.bits() / 8) +
                       " bytes in the file's byte order, found " +
                       Twine(PtrSize) + (IsBig ? " (big)" : " (little)"));
  std::optional<uint64_t> Address = File.addressOf(Area.Offset);
  auto Read = [&](unsigned Index) -> std::optional<StringRef> {
    if (!Address)
      return std::nullopt;
    auto Header = File.pointerAt(*Address + PointersAt + Index * PtrSize);
    return Header ? stringAt(File, *Header) : std::nullopt;
  };
  std::optional<StringRef> Version = Read(0), ModText = Read(1);
  if (!Version || Version->empty())
    return addNote(Go, "build info version pointer", Area.Offset + PointersAt,
                   "expected the address of a string, found none");
  Go.BuildInfo.emplace();
  Go.BuildInfo->Version = Version->str();
  Go.BuildInfo->Where = {Area.Offset, HeaderSize};
  if (ModText)
    setModInfo(Go, *ModText, Area.Offset);
}

void readBuildInfo(const Image &File, GoImage &Go) {
  std::optional<FileRange> Area = findBuildInfo(File);
  if (!Area)
    return;
  if (*File.readUint(Area->Offset + FlagsAt, 1) & FlagInline)
    readInline(File.bytes(), Go, *Area);
  else
    readPointers(File, Go, *Area);
}

std::optional<GoBuildInfo> findInlineBuildInfo(StringRef Bytes) {
  FileRange Area{0, Bytes.size()};
  while (std::optional<uint64_t> At = findMagic(Bytes, Area)) {
    Area = {*At, Bytes.size() - *At};
    if (Bytes[*At + FlagsAt] & FlagInline) {
      GoImage Go;
      readInline(Bytes, Go, Area);
      return std::move(Go.BuildInfo);
    }
    Area = {*At + HeaderAlign, Bytes.size() - *At - HeaderAlign};
  }
  return std::nullopt;
}

void readBuildIds(const Image &File, GoImage &Go) {
  constexpr uint32_t GoBuildIdNote = 4;
  for (const Image::Note &N : File.notes()) {
    StringRef Desc = File.bytes().substr(N.Desc.Offset, N.Desc.Size);
    if (N.Name == "Go" && N.Type == GoBuildIdNote)
      Go.BuildId.Go = Desc.str();
    else if (N.Name == "GNU" && N.Type == ELF::NT_GNU_BUILD_ID)
      Go.BuildId.Gnu = toHex(Desc, /*LowerCase=*/true);
  }
}

} // namespace goslim
