//===- Go.h - running go with the team's policy -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `goslim build ...` and the shim. Policy goes into go's native flags and
// environment; go's cache keys, build info and bytes are those of a plain go
// build with these flags. Nothing of go's is changed on the way through:
// stdin, stdout, stderr, signals, exit code.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_DRIVER_GO_H
#define GOSLIM_DRIVER_GO_H

#include "Options.h"
#include "goslim/Rewrite/RewriteGo.h"
#include <array>
#include <map>

namespace goslim {

/// The verbs of go 1.21 to 1.27; anything else is handed over by `goslim go`.
struct GoVerb {
  std::string_view Name, Summary;
  bool TakesBuildFlags; ///< --profile and --config may follow it
};
const std::vector<GoVerb> &goVerbs();
const GoVerb *findGoVerb(std::string_view Name);

/// Argv as after the word "go". Shim: called through a link named go; then
/// every word is go's. Does not return when go is exec'ed.
int runGo(std::vector<std::string> Argv, GlobalOptions Options, bool Shim);

/// The go command on PATH that is not goslim, or GOSLIM_GO. Also counts how
/// often goslim was entered and fails when it goes round in circles.
Result<std::string> findRealGo();

/// What go will see as its environment variable Name: set and not empty, or
/// from the file that `go env -w` writes.
std::optional<std::string> goEnvironment(std::string_view Name);
/// Set and not empty.
std::optional<std::string> environment(const char *Name);
/// What go needs to find tools, toolchains and modules, as it is set here.
std::map<std::string, std::string> moduleEnvironment();
/// The file of `go env -w`, "" = none.
std::string goEnvironmentFile();

/// The value of a flag as go will see it: the command line's, else that of
/// GOFLAGS.
std::string effectiveFlag(const GoCommand &Command, std::string_view Name);

/// The module that a folder belongs to; Root "" = none.
struct GoModule {
  std::string Root, Path;
};
GoModule findModule(const std::string &Folder);

/// One go command on its way through the driver.
struct GoRun {
  GlobalOptions Options;
  bool Shim = false;
  std::string Go;       ///< the real one
  std::string StartDir; ///< where go works, -C applied
  std::string PolicyText;
  Policy Team;
  GoContext Context;
  RewrittenGo Rewritten; ///< what is run; without our -toolexec
};

/// What overrides and exclusions match, for the command as a whole.
Context commandContext(const GoCommand &Command, const GoContext &C);

/// -n and -###: the command on stdout, and each edit with its rule and origin.
void printCommand(const GoRun &Run);
/// The summary after a build that was changed or has a manifest.
void printSummary(const GoRun &Run, const std::vector<std::string> &Manifests);

} // namespace goslim

#endif // GOSLIM_DRIVER_GO_H
