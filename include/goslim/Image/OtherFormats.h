//===- goslim/Image/OtherFormats.h - PE, Mach-O and Wasm --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As much of PE, Mach-O and Wasm as comparing two builds wants: sections,
// symbols, and the places that differ from build to build by design. Microsoft
// PE/COFF specification; <mach-o/loader.h>; WebAssembly core specification. ELF
// is Image's.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_IMAGE_OTHERFORMATS_H
#define GOSLIM_IMAGE_OTHERFORMATS_H

#include "goslim/Image/Image.h"
#include <deque>

namespace goslim {

struct OtherImage {
  std::string Format; ///< "PE", "Mach-O", "Wasm"
  std::string Arch;   ///< GOARCH, or ""
  /// By Offset, those with bytes in the file. Flags are SHF_ALLOC, SHF_WRITE
  /// and SHF_EXECINSTR; names as "__TEXT,__text" in Mach-O.
  std::vector<ImageSection> Sections;
  /// Memory that begins as zeros: Name, Address, MemSize. Of Mach-O its
  /// sections; of PE the end of a section, which has no bytes in the file.
  std::vector<ImageSection> Zeroed;
  std::vector<ImageSymbol> Symbols; ///< Name, Address, Section; by Address
  struct Mark {
    llvm::StringRef Name; ///< pe-timestamp, pe-checksum, macho-uuid, ...
    FileRange Where;
  };
  std::vector<Mark> Marks;
  uint64_t ImageBase = 0; ///< PE: what its relative addresses count from
  std::deque<std::string> Storage;
  std::string GoVersion; ///< Wasm, by section "producers": "go1.26.8"
  /// Wasm: the file with its data segments laid out as in memory, which is what
  /// Sections speak of. "" = the file as it is.
  std::string Flat;
};

/// Wasm's code has no addresses. Here it has: its offset in the file, behind
/// all of memory.
constexpr uint64_t WasmCode = uint64_t(1) << 32;

/// Bytes must outlive the result. An Error says what is damaged; nullopt in
/// no error: none of these formats.
llvm::Expected<std::optional<OtherImage>>
readOtherImage(llvm::MemoryBufferRef Bytes);

} // namespace goslim

#endif // GOSLIM_IMAGE_OTHERFORMATS_H
