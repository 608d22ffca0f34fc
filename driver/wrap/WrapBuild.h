//===- WrapBuild.h - the build a tool call belongs to -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_WRAP_WRAPBUILD_H
#define GOSLIM_DRIVER_WRAP_WRAPBUILD_H

#include "WrapLine.h"
#include "goslim/Record/Session.h"
#include "goslim/Rewrite/RewriteTool.h"

namespace goslim {

/// What is common to all tool calls of one go command.
struct WrapBuild {
  Session Spool;          ///< Folder "" = nothing can be recorded
  std::string PolicyText; ///< used when there is no folder

  bool hasPolicy() const { return !Spool.PolicyFile.empty(); }
  bool records() const { return !Spool.Folder.empty(); }
  /// Driver mode only measures and checks.
  bool rewrites() const { return Spool.How == SessionMode::Toolexec; }
};

/// Finds or makes the session. Not being able to write one is no failure; a
/// policy that was named and cannot be read is.
Result<WrapBuild> openBuild(const WrapLine &Line);
/// Empty when the build has none.
Result<Policy> buildPolicy(const WrapBuild &Build);

/// From the environment and the folder that go gave the tool. What only some
/// tools need (Importcfg, VendorModules) is filled in for those.
ToolContext toolContext(const WrapBuild &Build, ToolKind Tool);

/// Value of an environment variable, "" when not set.
std::string environment(const char *Name);
/// Milliseconds since 1970.
uint64_t unixMs();
/// Appends a line to the file named by GOSLIM_LOG; never fails.
void logLine(std::string_view Text);
/// "goslim: error: ..." and the note, on stderr; returns exit code 2.
int reportFailure(const Failure &F);
/// One line each on stderr; whether there was one at Error level.
bool reportErrors(const std::vector<Finding> &Findings);

} // namespace goslim

#endif // GOSLIM_DRIVER_WRAP_WRAPBUILD_H
