//===- GoFlags.h - a go command's flags as go sees them ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A flag on the command line replaces GOFLAGS' one of that name wholly, so
// whoever changes a flag that only GOFLAGS sets has to bring its value along
// (cmd/go/internal/base/goflags.go SetFromGOFLAGS).
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_REWRITE_GOFLAGS_H
#define GOSLIM_LIB_REWRITE_GOFLAGS_H

#include "goslim/Tool/GoCommand.h"

namespace goslim::rewrite {

struct GoFlags {
  GoCommand Command;
  std::vector<Argument> FromEnv; ///< of GOFLAGS

  /// Whether the command's verb has the flag.
  bool takes(std::string_view Name) const;
  /// Values in the order in which go takes them; bare flags are "true".
  std::vector<std::string> values(std::string_view Name) const;
  /// The last of them.
  std::optional<std::string> value(std::string_view Name) const;
  bool isTrue(std::string_view Name) const;
  bool isTyped(std::string_view Name) const; ///< on the command line

  /// Makes New the flags of this name on the command line: in the place of the
  /// first one there, else behind all flags. Those that stay keep their words.
  void set(std::string_view Name, std::vector<Argument> New);
  void setValues(std::string_view Name, const std::vector<std::string> &Values);
};

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_GOFLAGS_H
