//===- goslim/Tool/Invocation.h - one call of a tool, parsed ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_TOOL_INVOCATION_H
#define GOSLIM_TOOL_INVOCATION_H

#include "goslim/Tool/Tool.h"
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace goslim {

/// One flag with its value, or one operand. Words are the original one or two
/// argv words; Name and Value are what they mean.
struct Argument {
  std::string Name;                 ///< flag name without dashes; "" = operand
  std::optional<std::string> Value; ///< "x" of -f=x or -f x
  std::vector<std::string> Words;

  bool isFlag() const { return !Name.empty(); }
};

/// Invariant: print(parse(argv)) == argv, byte for byte. Flags follow package
/// flag: "-f" and "--f", "=value" or the next word, "--" or the first operand
/// ends them. An unknown flag is kept, never an error; the next word is taken
/// for its value only if more flags follow that one (in a line go accepts, no
/// flag follows an operand). Otherwise its arity is open: insert nothing
/// directly behind it. "--" is an operand. Pack has no flags, covdata has them
/// behind its first word, a tool that is Unknown has operands only.
struct Invocation {
  ToolKind Tool = ToolKind::Unknown;
  std::vector<Argument> Args; ///< without the tool itself

  /// The last flag named Name, or null.
  const Argument *last(std::string_view Name) const;
  /// Its value; "" when the flag is absent or bare.
  std::string_view value(std::string_view Name) const;
  /// Of a boolean flag: present and not "=false"/"=0"/... (last wins).
  bool isSet(std::string_view Name) const;
};

Invocation parseInvocation(ToolKind Tool, std::span<const std::string> Argv);
std::vector<std::string> print(const Invocation &Call);
/// A flag as one word, "-name=value" or "-name".
Argument makeFlag(std::string_view Name,
                  std::optional<std::string_view> Value = std::nullopt);

} // namespace goslim

#endif // GOSLIM_TOOL_INVOCATION_H
