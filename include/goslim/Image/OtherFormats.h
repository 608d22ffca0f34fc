//===- goslim/Image/OtherFormats.h - frames of PE and Mach-O ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As much of PE and Mach-O as comparing two builds wants: sections, symbols,
// and the places that differ from build to build by design. Microsoft PE/COFF
// specification; <mach-o/loader.h>. ELF is Image's.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_IMAGE_OTHERFORMATS_H
#define GOSLIM_IMAGE_OTHERFORMATS_H

#include "goslim/Image/Image.h"
#include <deque>

namespace goslim {

struct OtherImage {
  std::string Format; ///< "PE", "Mach-O"
  std::string Arch;   ///< GOARCH, or ""
  /// By Offset, those with bytes in the file. Flags are SHF_ALLOC, SHF_WRITE
  /// and SHF_EXECINSTR; names as "__TEXT,__text" in Mach-O.
  std::vector<ImageSection> Sections;
  std::vector<ImageSymbol> Symbols; ///< Name, Address, Section; by Address
  struct Mark {
    llvm::StringRef Name; ///< pe-timestamp, pe-checksum, macho-uuid, ...
    FileRange Where;
  };
  std::vector<Mark> Marks;
  std::deque<std::string> Storage;
};

/// Bytes must outlive the result. An Error says what is damaged; nullopt in
/// no error: neither of the two formats.
llvm::Expected<std::optional<OtherImage>>
readOtherImage(llvm::MemoryBufferRef Bytes);

} // namespace goslim

#endif // GOSLIM_IMAGE_OTHERFORMATS_H
