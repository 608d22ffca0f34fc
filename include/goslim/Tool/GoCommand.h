//===- goslim/Tool/GoCommand.h - a go command line, parsed ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_TOOL_GOCOMMAND_H
#define GOSLIM_TOOL_GOCOMMAND_H

#include "goslim/Base/Result.h"
#include "goslim/Tool/Invocation.h"

namespace goslim {

/// What follows the word "go". Invariant: print(parse(argv)) == argv.
/// -C must be go's first flag, so it is kept apart and printed first.
struct GoCommand {
  std::string Verb;            ///< build, install, run, test, list, ... or ""
  std::vector<Argument> Flags; ///< of the verb, in order, -C included if first
  /// Packages, files, and whatever follows them (run's and test's arguments).
  std::vector<std::string> Operands;

  const Argument *last(std::string_view Name) const;
  std::string_view value(std::string_view Name) const;
  bool isSet(std::string_view Name) const;
  /// The leading operands that name packages or .go files: for run only the
  /// program, for test all up to the first flag.
  std::vector<std::string> packages() const;
  /// Whether the verb compiles or links something with the build flags:
  /// build install run test vet fix, list with -export/-compiled/-test, get.
  bool builds() const;
};

GoCommand parseGoCommand(std::span<const std::string> Argv);
std::vector<std::string> print(const GoCommand &Command);

/// One -ldflags/-gcflags/-asmflags value: an optional package pattern and the
/// words (cmd/go/internal/load/flag.go PerPackageFlag).
struct PatternFlags {
  std::string Pattern; ///< "" = the packages named on the command line
  std::vector<std::string> Words;
};
Result<PatternFlags> parsePatternFlags(std::string_view Value);
Result<std::string> print(const PatternFlags &Flags);

/// The flags of GOFLAGS, each one word "-name" or "-name=value".
Result<std::vector<Argument>> parseGoFlags(std::string_view GoFlags);

} // namespace goslim

#endif // GOSLIM_TOOL_GOCOMMAND_H
