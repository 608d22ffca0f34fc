//===- Program.h - a file, ready to be compared -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One form for ELF, PE, Mach-O and Wasm: the file cut into parts that cover it
// from begin to end (sections, Go's own tables inside of them, what lies
// between), debug data decompressed, and what is known about the bytes of each
// part.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_VERIFY_PROGRAM_H
#define GOSLIM_LIB_VERIFY_PROGRAM_H

#include "goslim/Attribution/Attribution.h"
#include "goslim/Image/OtherFormats.h"
#include "goslim/Record/LinkRecord.h"

namespace goslim {

struct Part {
  std::string Name; ///< ".text", "pclntab: filetab", "before .text", ...
  llvm::StringRef Bytes;
  FileRange Where;
  uint64_t Address = 0; ///< of the first byte; 0 = not loaded
  bool IsCode = false, IsDebug = false, IsSymbols = false, IsGap = false;
  bool IsWritable = false;
};

struct CodePiece {
  llvm::StringRef Name;
  uint64_t Address = 0, Size = 0;
  bool IsSized = true; ///< else Size is up to the next one with a name
};

struct Program {
  /// An Error is complete ("PATH: ...").
  static llvm::Expected<std::unique_ptr<Program>> open(llvm::StringRef Path);
  static llvm::Expected<std::unique_ptr<Program>>
  read(std::unique_ptr<llvm::MemoryBuffer> Bytes, llvm::StringRef Path);

  std::string Path, Format, Arch;
  std::unique_ptr<llvm::MemoryBuffer> Bytes; ///< null for ELF: Elf has them
  std::unique_ptr<llvm::MemoryBuffer> File;  ///< where Bytes are not its own
  std::unique_ptr<Image> Elf;
  GoImage Go; ///< of others than ELF: build info and ID only
  std::optional<OtherImage> Other;
  std::optional<Attribution> Labels; ///< ELF only; addLabels
  std::vector<Part> Parts;           ///< by Where
  uint64_t ModuleData = 0; ///< address of runtime.firstmoduledata; 0 = unknown
  std::vector<CodePiece> Code;  ///< functions by Address
  std::vector<CodePiece> Names; ///< and data with a name; addLabels fills it
  /// What go and system linkers derive from other bytes: name, place.
  std::vector<OtherImage::Mark> Marks;
  std::optional<LinkRecord> Record;
  std::vector<std::vector<uint8_t>> Decompressed;

  /// What all offsets speak of.
  llvm::StringRef bytes() const {
    return Elf ? Elf->bytes() : Bytes->getBuffer();
  }
  /// The file as it is; other bytes than these where they are unpacked for
  /// comparing (OtherImage::Flat).
  llvm::StringRef fileBytes() const {
    return File ? File->getBuffer() : bytes();
  }
  const Part *part(llvm::StringRef Name) const;
  /// Leaves what a stripped twin has, too: functions by the tables of Go's. Not
  /// of ELF, where no more is ever used.
  void forgetSymbols();
  /// Takes time, so only where something is to be explained.
  llvm::Error addLabels();
  /// What is known of a byte of the file, or null.
  const Span *labelAt(uint64_t Offset) const;
  /// The function that holds Address, or null.
  const CodePiece *codeAt(uint64_t Address) const;

  /// The content ID that cmd/go would have written (cmd/internal/buildid,
  /// rewrite.go FindAndHash, Go 1.20 to 1.27); "" without a build ID.
  std::string contentId() const;
  /// Whether the content ID is not that of these bytes: changed after the
  /// build.
  bool isAltered() const;
};

/// The module information that the linker keeps as a string for the program
/// (cmd/go/internal/modload, ModInfoProg, Go 1.20 to 1.27). Its place among
/// data goes by its length.
constexpr llvm::StringLiteral ModInfoSymbol = "runtime.modinfo.str";

/// Where a part of that name holds strings and constants.
bool isReadOnlyData(llvm::StringRef PartName);

/// Sets P.Go.Pcln (ranges and file names) of all but ELF, and P.Code when there
/// were no symbols.
void readTables(Program &P);

} // namespace goslim

#endif // GOSLIM_LIB_VERIFY_PROGRAM_H
