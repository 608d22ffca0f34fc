//===- goslim/LinkModel/Replay.h - from a file to its link ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LINKMODEL_REPLAY_H
#define GOSLIM_LINKMODEL_REPLAY_H

#include "goslim/LinkModel/LinkModel.h"
#include "goslim/Record/LinkRecord.h"
#include "llvm/Support/MemoryBuffer.h"

namespace goslim {

/// A link done again from its record, and placed on the program. Owns all that
/// the model points to.
struct Replay {
  std::optional<LinkerTables> Tables; ///< of a version that we do not know
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> Archives;
  std::unique_ptr<LinkModel> Model; ///< null: none, see Why
  std::string Why; ///< what is missing, and how to get it; for people
};

/// What a record leaves open.
struct ReplayFacts {
  bool External = false; ///< see isLinkedByC
  std::string GoVersion; ///< as build info has it, "go1.26.8"
  /// Whether variables that are one embedded file may be named after it: known
  /// only of packages that goslim saw compiled, so the same program may differ.
  bool NamesEmbeds = true;
};

/// The half of a replay that wants no program: can run while the linker does.
Replay loadLink(const LinkRecord &R, const ReplayFacts &Facts);
/// The other half, of a replay that was loaded with what is true of File.
void placeLink(Replay &R, const Image &File, const GoImage &Go);

/// Finds the record of File and replays it; of several the one that proves
/// most. Never fails: Why says what stood in the way.
Replay replayLink(const Image &File, const GoImage &Go,
                  bool NamesEmbeds = true);

} // namespace goslim

#endif // GOSLIM_LINKMODEL_REPLAY_H
