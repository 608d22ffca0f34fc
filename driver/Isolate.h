//===- Isolate.h - analysis in a child with limits --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file from anywhere is parsed in a forked child (no exec: under 1 ms) with
// limits on memory and time. Whatever a hostile file does to that child, the
// user gets the whole answer or one line, and the other files on the command
// line still get theirs.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_DRIVER_ISOLATE_H
#define GOSLIM_DRIVER_ISOLATE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <string>

namespace goslim {

/// The file itself is mapped and the tables made from it are small multiples
/// of it, so a child that wants more than this is being led astray.
struct IsolateLimits {
  /// FixedBytes for release archives: what one may hold, twice, and the rest.
  static constexpr uint64_t ArchiveBytes = uint64_t(3) << 30;
  uint64_t FixedBytes = uint64_t(512) << 20;
  unsigned BytesPerFileByte = 8;
  unsigned CpuSeconds = 60;
};

/// Runs Body in a child and waits. What Body wrote to its stream, and to
/// stderr, is passed on when it came to its end, and its exit code (0 to 3)
/// returned. When the child died, only "goslim: error: FILE: analysis stopped:
/// WHY" is printed, and ExitError returned. Changes that Body makes to memory
/// are lost; a terminal's width and colour must be asked for before.
int runIsolated(const std::string &File,
                llvm::function_ref<int(llvm::raw_ostream &OS)> Body,
                const IsolateLimits &Limits = {});

} // namespace goslim

#endif // GOSLIM_DRIVER_ISOLATE_H
