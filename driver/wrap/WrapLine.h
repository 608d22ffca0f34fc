//===- WrapLine.h - goslim-wrap's command line ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_WRAP_WRAPLINE_H
#define GOSLIM_DRIVER_WRAP_WRAPLINE_H

#include "goslim/Base/Result.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/Tool/Tool.h"
#include <span>
#include <string>
#include <vector>

namespace goslim {

/// "goslim-wrap [own words] [other wrapper and its words] TOOL args...", or,
/// when we stand in pkg/tool under a tool's name, "TOOL args...".
struct WrapLine {
  std::string Session, Config, Profile; ///< own words; "" = not given
  std::string Program;                  ///< what to run
  std::string Argv0;                    ///< its argv[0] when not Program
  /// The other wrapper's words and TOOL; empty when Program is TOOL.
  std::vector<std::string> Chain;
  ToolKind Tool = ToolKind::Unknown;
  std::vector<std::string> ToolArgs; ///< as given: may be one "@file"

  /// go asks for the tool's identity (always the last word).
  bool asksVersion() const {
    return !ToolArgs.empty() && ToolArgs.back() == "-V=full";
  }
  /// Program's arguments when TOOL is to get Args.
  std::vector<std::string> arguments(std::span<const std::string> Args) const;
  SpawnOptions spawnOptions() const;
};

/// Fails on own words that do not exist, and when there is nothing to run.
Result<WrapLine> parseWrapLine(std::span<char *const> Argv);

/// Whether Program is this very program (also through a link): running it
/// could only come back here.
bool runsOurselves(const WrapLine &Line);

} // namespace goslim

#endif // GOSLIM_DRIVER_WRAP_WRAPLINE_H
