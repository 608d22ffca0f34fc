//===- Options.h - words of a command line, by the table --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One parser for all subcommands: "--name", "--name=value", "--name value",
// also with one dash as go does, mixed with operands; "--" ends options. The
// last of a repeated option wins.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_DRIVER_OPTIONS_H
#define GOSLIM_DRIVER_OPTIONS_H

#include "Driver.h"

namespace goslim {

/// Checks names, values ("text|json", numbers) and the number of operands.
Result<Options> parseOptions(const Subcommand &Command,
                             std::span<const std::string> Words);

/// Options before the verb. They hold for go commands; profile and config also
/// for the subcommands that have them.
struct GlobalOptions {
  bool DryRun = false;      ///< -n, -###
  bool QuoteWords = false;  ///< -###
  bool Quiet = false;       ///< -q
  bool ShowHelp = false;    ///< -h, --help
  bool ShowVersion = false; ///< --version
  std::string Profile, Config;
  std::string Chdir; ///< -C, kept apart: go wants it first after its verb
};
const std::vector<OptionInfo> &globalOptions();
/// Takes the options off the front of Words.
Result<GlobalOptions> takeGlobalOptions(std::vector<std::string> &Words);

/// The word without its one or two dashes, and the value behind "=".
struct OptionWord {
  std::string_view Name;
  std::optional<std::string_view> Value;
};
/// nullopt for an operand ("x", "-", "").
std::optional<OptionWord> splitOption(std::string_view Word);

/// "a|b|c" as a list.
std::vector<std::string_view> splitBar(std::string_view Words);

} // namespace goslim

#endif // GOSLIM_DRIVER_OPTIONS_H
