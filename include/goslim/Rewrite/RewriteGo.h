//===- goslim/Rewrite/RewriteGo.h - policy on a go command ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Driver and shim: policy merged into go's native flags and environment, so
// that cache keys, build info and bytes are those of a plain go build. The
// same function checks a command in require mode, and checks go's own command
// line on behalf of the wrapper in pure toolexec mode.
//
// How flags are merged: a forbidden "-name" means any value, "-name=value"
// that one; what another rule wants is never removed. Wanted flags go behind
// the user's, so that the last wins; -extldflags gets the user's words and
// ours in one value. Each -ldflags=PATTERN=... value is merged on its own, and
// an [[override]] for packages adds one of its own where its words differ.
// What go takes once for a whole command (trimpath, static, tags, env) follows
// an override only if all packages of the command lie in its pattern; if some
// do, that is an error, decided from the text without asking go.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_REWRITE_REWRITEGO_H
#define GOSLIM_REWRITE_REWRITEGO_H

#include "goslim/Policy/Finding.h"
#include "goslim/Rewrite/Edit.h"
#include "goslim/Tool/GoCommand.h"
#include <functional>

namespace goslim {

struct GoContext {
  /// The user's environment ("K=V" looked up by name), without go env defaults.
  std::function<std::optional<std::string>(std::string_view)> Env;
  std::string HostGoos, HostGoarch; ///< used when GOOS/GOARCH are not set
  std::string Cwd;                  ///< where go works, -C applied
  /// Import path of Cwd ("" when outside the module): turns "./cmd/x" into an
  /// import path without asking go.
  std::string CwdPackage;
  /// Asked at most once, and only when static = true has to choose between
  /// CGO_ENABLED=0 and an external static link: does the command's program
  /// need cgo outside the standard library?
  std::function<Result<bool>()> NeedsCgo;
};

struct RewrittenGo {
  GoCommand Command;
  /// Environment changes, "NAME=value" or "NAME" (unset).
  std::vector<std::string> SetEnv;
  std::vector<Edit> Edits;
  std::vector<Finding> Findings; ///< Error level: do not run
};

/// Pure but for the two callbacks; idempotent; no rule = identity. User flags
/// on the command line replace those of GOFLAGS flag by flag, as in go; what
/// GOFLAGS contributes to a flag that policy touches is merged in. Fails on
/// what cannot be parsed (a quote without end in -ldflags) the way go would.
Result<RewrittenGo> rewriteGo(const Policy &P, GoCommand Command,
                              const GoContext &C);

/// Only the findings, with every rule taken as require (pure toolexec mode:
/// what go alone can decide: tags, env, static's CGO_ENABLED).
Result<std::vector<Finding>> checkGoForToolexec(const Policy &P,
                                                const GoCommand &Command,
                                                const GoContext &C);

} // namespace goslim

#endif // GOSLIM_REWRITE_REWRITEGO_H
