//===- PatternValues.h - policy in -ldflags=PATTERN=... values --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// go takes several -ldflags (-gcflags, -asmflags) values; a package gets the
// words of the last one whose pattern matches it, and only those
// (cmd/go/internal/load/flag.go). So policy is merged into every value, and an
// [[override]] with other words gets a value of its own behind the one that
// its packages would otherwise take.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_REWRITE_PATTERNVALUES_H
#define GOSLIM_LIB_REWRITE_PATTERNVALUES_H

#include "FlagDemands.h"
#include "goslim/Base/Result.h"
#include <functional>

namespace goslim::rewrite {

struct PatternDemands {
  std::string Pattern;
  FlagDemands Demands;
};

struct ValueRules {
  std::string Flag; ///< "ldflags"
  /// The pattern that policy's own words go under: "" where only the command's
  /// packages are meant (a link), "all" where every package is.
  std::string General;
  FlagDemands Base;
  /// Of overrides, wider patterns first.
  std::vector<PatternDemands> Narrower;
  std::vector<std::string> Command; ///< what the pattern "" stands for
  std::string ModulePath;
};

struct MergedValues {
  std::vector<std::string> Values; ///< as go is to be given them
  bool Changed = false;
  std::vector<Edit> Edits;
  std::vector<Unmet> NotMet;
  /// Patterns of overrides of which the text does not say whether they
  /// overlap a pattern of the command line.
  std::vector<std::string> Unclear;
};

/// Turns a pattern as typed into one of import paths, for comparison.
using AsImport = std::function<std::string(std::string_view Typed)>;
/// Fails as go would on a value it cannot parse, and on words that go has no
/// way to write.
Result<MergedValues> mergeValues(const ValueRules &Rules,
                                 const std::vector<std::string> &Values,
                                 Applied What, const AsImport &Import);

/// `-ldflags="-X a=b"`, or "no -ldflags".
std::string shownValues(std::string_view Flag,
                        const std::vector<std::string> &Values);

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_PATTERNVALUES_H
