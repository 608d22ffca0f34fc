//===- ImageImpl.h - private parts of Image ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mapped file and everything that parsing found in it. The four ELF
// layouts are four instances of llvm::object::ELFFile in one variant; what is
// read on demand visits it. All checks of a range against the file go through
// isWithin, which cannot overflow.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_IMAGE_IMAGEIMPL_H
#define GOSLIM_LIB_IMAGE_IMAGEIMPL_H

#include "goslim/Image/Image.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Object/ELF.h"
#include <mutex>
#include <string>
#include <variant>

namespace goslim {

using ElfVariant = std::variant<llvm::object::ELFFile<llvm::object::ELF32LE>,
                                llvm::object::ELFFile<llvm::object::ELF32BE>,
                                llvm::object::ELFFile<llvm::object::ELF64LE>,
                                llvm::object::ELFFile<llvm::object::ELF64BE>>;

struct Image::Impl {
  std::unique_ptr<llvm::MemoryBuffer> Buffer;
  std::optional<ElfVariant> Elf;

  bool Is64 = false, IsLittle = true;
  uint16_t Machine = 0, FileType = 0;
  uint8_t OsAbi = 0;
  uint64_t Entry = 0;
  FileRange FileHeader, ProgramHeaders, SectionHeaders;
  std::vector<ImageSection> Sections;
  std::vector<ImageSegment> Segments;
  std::vector<ImageSegment> LoadsByAddress, LoadsByOffset; ///< PT_LOAD only
  std::vector<Note> Notes;

  mutable std::once_flag RelocationsRead;
  mutable std::vector<RelativeRelocation> Relocations;

  llvm::StringRef bytes() const { return Buffer->getBuffer(); }
  llvm::StringRef path() const { return Buffer->getBufferIdentifier(); }

  /// Whether [Offset, Offset+Size) lies in the file.
  bool isWithin(uint64_t Offset, uint64_t Size) const {
    return Size <= bytes().size() && Offset <= bytes().size() - Size;
  }
  /// Where a pointer into the mapped file stands.
  uint64_t offsetOf(const void *P) const {
    return static_cast<const char *>(P) - bytes().data();
  }
  /// "PATH: FIELD at offset 0x..: expected WANTED, found FOUND".
  llvm::Error damaged(const llvm::Twine &Field, uint64_t Offset,
                      const llvm::Twine &Wanted,
                      const llvm::Twine &Found) const;
  /// The NUL-terminated string at At of Table, which lies at TableOffset.
  llvm::Expected<llvm::StringRef> string(llvm::StringRef Table, uint64_t At,
                                         const llvm::Twine &Field,
                                         uint64_t FieldOffset) const;
  std::optional<llvm::StringRef> bytesAt(uint64_t Address, uint64_t Size) const;
  /// Size: 1, 2, 4 or 8.
  uint64_t uintAt(const char *P, unsigned Size) const;

  llvm::Error load(); ///< dispatches to loadElf on e_ident
};

std::string hex(uint64_t Value); ///< "0x2a"

/// Headers, segments, sections, notes into I; ElfHeaders.cpp.
llvm::Error loadElf(Image::Impl &I);
/// R_*_RELATIVE of all loaded relocation tables, by address; ElfDynamic.cpp.
std::vector<RelativeRelocation> readRelative(const Image &File,
                                             const Image::Impl &I);

} // namespace goslim

#endif // GOSLIM_LIB_IMAGE_IMAGEIMPL_H
