//===- goslim/Image/Image.h - an executable's frame -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ELF, 32 and 64 bit, both endians, through llvm::object::ELFFile<ELFT> only:
// ELFObjectFile.h holds report_fatal_error calls and is not used. Every offset
// is checked against the file; malformed input is an Error that names the
// field and its file offset, never a crash. A stripped file is a state.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_IMAGE_IMAGE_H
#define GOSLIM_IMAGE_IMAGE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace goslim {

struct FileRange {
  uint64_t Offset = 0, Size = 0;
  uint64_t end() const { return Offset + Size; }
};

struct ImageSection {
  llvm::StringRef Name;
  uint64_t Offset = 0, Size = 0;     ///< file bytes; Size 0 for SHT_NOBITS
  uint64_t Address = 0, MemSize = 0; ///< memory; 0 when not SHF_ALLOC
  uint32_t Type = 0;                 ///< SHT_*
  uint64_t Flags = 0;                ///< SHF_*
  uint32_t Link = 0, Info = 0;
  uint64_t EntSize = 0, Align = 0;
  bool isAlloc() const, isNoBits() const, isCompressed() const;
};

struct ImageSegment {
  uint32_t Type = 0, Flags = 0; ///< PT_*, PF_*
  uint64_t Offset = 0, FileSize = 0, Address = 0, MemSize = 0;
};

struct ImageSymbol {
  llvm::StringRef Name;
  uint64_t Address = 0, Size = 0;
  uint32_t Section = 0; ///< index into sections(); 0 = undefined or absolute
  uint8_t Type = 0, Binding = 0; ///< STT_*, STB_*
  FileRange Entry;               ///< the symbol table row
  FileRange NameBytes;           ///< in .strtab, with the NUL
};

/// A word that the dynamic loader sets to load base + Value (R_*_RELATIVE).
struct RelativeRelocation {
  uint64_t Address = 0, Value = 0;
};

/// Owns the mapped file; everything returned points into it.
class Image {
public:
  /// Path is mapped, not read. Errors are "PATH: ..." complete.
  static llvm::Expected<std::unique_ptr<Image>> open(llvm::StringRef Path);
  /// For tests and fuzzing.
  static llvm::Expected<std::unique_ptr<Image>>
  parse(std::unique_ptr<llvm::MemoryBuffer> Bytes);

  llvm::StringRef path() const, bytes() const; ///< bytes: the whole file
  uint64_t size() const;
  llvm::StringRef format() const; ///< "ELF"
  llvm::StringRef arch() const;   ///< GOARCH: amd64 386 ppc64le ..., else ""
  llvm::StringRef os() const;     ///< GOOS as far as the file tells, else ""
  unsigned bits() const;          ///< 32 or 64
  bool isLittleEndian() const;
  uint16_t machine() const, fileType() const; ///< EM_*, ET_*
  uint64_t entry() const;

  FileRange fileHeader() const, programHeaders() const, sectionHeaders() const;
  llvm::ArrayRef<ImageSection> sections() const; ///< [0] is the null section
  llvm::ArrayRef<ImageSegment> segments() const;
  const ImageSection *section(llvm::StringRef Name) const;

  /// .symtab (Dynamic: .dynsym); empty when there is none. Parsed on demand.
  llvm::Expected<std::vector<ImageSymbol>> symbols(bool Dynamic = false) const;

  /// PT_INTERP, DT_NEEDED, DT_RPATH/RUNPATH, and the version names that the
  /// dynamic symbols are bound to ("libc.so.6", "GLIBC_2.34").
  struct Dynamic {
    std::optional<llvm::StringRef> Interpreter;
    std::vector<llvm::StringRef> Needed, RunPath;
    std::vector<std::pair<llvm::StringRef, llvm::StringRef>> Versions;
    bool HasDynamicSection = false;
    bool IsPie = false; ///< DF_1_PIE: a program, not a library
  };
  llvm::Expected<Dynamic> dynamic() const;

  /// A note's descriptor by owner and type ("Go" 4, "GNU" 3), or empty.
  struct Note {
    llvm::StringRef Name;
    uint32_t Type;
    FileRange Desc, Whole;
  };
  std::vector<Note> notes() const;

  /// File bytes that PT_LOAD segments put at [Address, Address+Size), or
  /// nullopt when any byte of it has no file bytes.
  std::optional<llvm::StringRef> bytesAt(uint64_t Address, uint64_t Size) const;
  std::optional<uint64_t> offsetOf(uint64_t Address) const;
  std::optional<uint64_t> addressOf(uint64_t Offset) const;

  /// Lets the system drop the pages of a range that has been read through once
  /// (a hint: they come back from the file when they are asked for again).
  /// Keeps what we use in memory well below the size of the file.
  void release(FileRange Where) const;

  /// Endian-aware reads; nullopt outside the file.
  std::optional<uint64_t> readUint(uint64_t Offset, unsigned Bytes) const;

  /// The pointer-sized word at Address as the program sees it when loaded at
  /// its link-time address: R_*_RELATIVE addends applied (position-independent
  /// programs store zeros there). nullopt where no file bytes are.
  std::optional<uint64_t> pointerAt(uint64_t Address) const;
  /// By Address; read on first use, empty for ET_EXEC.
  llvm::ArrayRef<RelativeRelocation> relativeRelocations() const;

  /// A section's bytes, decompressed when SHF_COMPRESSED (or .zdebug_*), but
  /// never to more than Limit bytes: the declared size is checked first.
  llvm::Expected<std::vector<uint8_t>> contents(const ImageSection &S,
                                                uint64_t Limit) const;

  ~Image();
  struct Impl;

private:
  explicit Image(std::unique_ptr<Impl> I);
  std::unique_ptr<Impl> I;
};

} // namespace goslim

#endif // GOSLIM_IMAGE_IMAGE_H
