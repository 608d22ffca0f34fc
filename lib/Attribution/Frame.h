//===- Frame.h - the file cut into regions ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Before anybody asks what is inside, the file is cut along its headers,
// sections (segments when there are no sections) and the gaps between. Each
// region is then partitioned alone, which keeps claims short-lived.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_ATTRIBUTION_FRAME_H
#define GOSLIM_LIB_ATTRIBUTION_FRAME_H

#include "Partition.h"

namespace goslim {

struct Region {
  uint64_t Offset = 0, Size = 0; ///< file; for a memory region: addresses
  uint64_t Address = 0;
  uint32_t Section = 0;   ///< index into Image::sections(); 0 = none
  bool InMemory = false;  ///< Address means something
  bool FileBacked = true; ///< false: .bss and the like
  bool PerThread = false; ///< .tbss: its addresses are a template's
  bool IsGap = false;     ///< outside of all sections: padding if zero
  bool Executable = false, Writable = false;
  Claim Rest; ///< label of what nobody claims

  uint64_t end() const { return Offset + Size; }
  /// Of what nobody knows better.
  Kind kindInside() const {
    return !FileBacked ? Kind::Bss : Executable ? Kind::Code : Rest.What;
  }
};

struct Frame {
  std::vector<Region> File;   ///< covers the file exactly, by Offset
  std::vector<Region> Memory; ///< without file bytes, by Address
};

/// Cuts are extra file offsets at which regions end.
Frame layOutFrame(const Image &File, std::vector<uint64_t> Cuts);

/// What a section is for, from its name and type; the label of its bytes that
/// have no better one.
Claim restOfSection(const ImageSection &S);

} // namespace goslim

#endif // GOSLIM_LIB_ATTRIBUTION_FRAME_H
