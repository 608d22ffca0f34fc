//===- goslim/Record/LinkMap.h - what the C linker put where ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The map that -Wl,-Map= writes, in either of the two forms in use: GNU ld 2.40
// and gold (a part headed "memory map", file names behind addresses), lld 22
// and mold 1.10 (a table headed "VMA", "file:(section)").
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_RECORD_LINKMAP_H
#define GOSLIM_RECORD_LINKMAP_H

#include "goslim/Base/Result.h"
#include "goslim/Tool/Invocation.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

struct LinkMap {
  struct Section {
    std::string Name;
    uint64_t Address = 0, Size = 0; ///< Address 0: not loaded
  };
  /// What one input file gave to one section.
  struct Piece {
    uint32_t Section = 0, Object = 0; ///< indices
    uint64_t Address = 0;             ///< in a section at 0: offset in it
    uint64_t Size = 0;
  };
  std::vector<Section> Sections; ///< those that have pieces
  /// Input files: "/usr/lib/libc.a(malloc.o)", "$WORK/000003.o" for what Go's
  /// linker has copied out of an archive. Without Go's own "go.o".
  std::vector<std::string> Objects;
  std::vector<Piece> Pieces; ///< by Section, not empty
};

/// The call of link with a request for a map in -extldflags, which changes no
/// byte of the output. Nothing when there will be none: no C in the program,
/// not Linux, another map is asked for, a C compiler whose linker may not know
/// the option, or a name that needs quotes.
std::optional<Invocation> askForLinkMap(const Invocation &Call,
                                        std::string_view Importcfg,
                                        std::string_view Goos,
                                        std::string_view File);

/// Of any text; what is not understood is left out. Tables that the C linker
/// makes itself (.plt, .got, .dynsym, ...) are nobody's.
LinkMap parseLinkMap(std::string_view Text);

/// Lines "object QUOTED", "section HEX HEX QUOTED" and "piece HEX HEX OBJECT"
/// (of the last section), words separated by tabs, of a LinkRecord.
std::string print(const LinkMap &Map);
/// Takes one such line. Failure: what was expected.
Result<void> addMapLine(LinkMap &Map, std::string_view Word,
                        std::string_view Rest);

} // namespace goslim

#endif // GOSLIM_RECORD_LINKMAP_H
