//===- Flags.h - one flag of a command line ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step shared by tools (package flag) and the go command (cmd/go/internal/
// cmdflag): both read one word, and the next one if the flag takes a value.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_TOOL_FLAGS_H
#define GOSLIM_LIB_TOOL_FLAGS_H

#include "goslim/Tool/Invocation.h"

namespace goslim {

/// "-x" or "--x...", not "-", "--", "---x", "-=x".
bool isFlagWord(std::string_view Word);
/// "-x=v", "--x=v" or "-x" as one argument of one word.
Argument splitFlag(const std::string &Word);
Argument makeOperand(const std::string &Word);

/// What Go's strconv.ParseBool takes for false.
bool isFalse(std::string_view Value);

/// The flag at Argv[At], which is a flag word; Info is what the table knows
/// of it, or null. Moves At behind its words.
Argument takeFlag(std::span<const std::string> Argv, size_t &At,
                  const FlagInfo *Info);

} // namespace goslim

#endif // GOSLIM_LIB_TOOL_FLAGS_H
