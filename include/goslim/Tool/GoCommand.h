//===- goslim/Tool/GoCommand.h - a go command line, parsed ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_TOOL_GOCOMMAND_H
#define GOSLIM_TOOL_GOCOMMAND_H

#include "goslim/Base/Result.h"
#include "goslim/Tool/Invocation.h"

namespace goslim {

/// What follows the word "go". Invariant: print(parse(argv)) == argv.
/// Printed in the order of the members. Only verbs that take build flags are
/// parsed; of all others the words behind the verb are Operands.
struct GoCommand {
  std::vector<Argument> Before; ///< "-C dir" ahead of the verb: "go -C d build"
  std::string Verb;             ///< build, install, run, test, list, ... or ""
  std::vector<Argument> Flags;  ///< of the verb, in order, -C included if first
  /// Packages, files, and for run what follows them. A "--" that ended the
  /// flags stands here too.
  std::vector<std::string> Operands;
  /// Only test: from the first flag behind the packages, or the first flag
  /// that is not go's own. Flags of go in here count as those in Flags do;
  /// the rest are operands and flags of the test binary.
  std::vector<Argument> After;

  /// The last one named Name that go itself would see, in After or Flags.
  const Argument *last(std::string_view Name) const;
  Argument *last(std::string_view Name);
  std::string_view value(std::string_view Name) const;
  bool isSet(std::string_view Name) const;
  /// The folder of -C, or "".
  std::string_view chdir() const;
  /// The leading operands that name packages or .go files: for run only the
  /// program, for test all up to the first flag.
  std::vector<std::string> packages() const;
  /// Whether the verb compiles or links something with the build flags:
  /// build install run test vet fix, list with -export/-compiled/-test. Not
  /// get, generate and clean: they accept the flags and build nothing.
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
/// Fails on what go cannot read back: without a pattern the first word has to
/// begin with "-" and stand unquoted ("-X" "main.v=a b", not "-X=main.v=a b").
Result<std::string> print(const PatternFlags &Flags);

/// The flags of GOFLAGS, each one word "-name" or "-name=value". Fails where
/// go does, with its words (cmd/go/internal/base/goflags.go).
Result<std::vector<Argument>> parseGoFlags(std::string_view GoFlags);

} // namespace goslim

#endif // GOSLIM_TOOL_GOCOMMAND_H
