//===- goslim/Rewrite/RewriteTool.h - policy on a tool's line ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pure toolexec mode: what the wrapper changes on compile, asm and link lines
// so that the result is what go makes with the native flags. A rule may look
// only at what go's action ID covers (../shared/notes/toolexec.md 0.11).
//
// What follows from that, and is said in the manual:
// - A compile step cannot know whether it is for a test or for go run; it is
//   shared with ordinary builds. Exclusions by command or build mode hold at
//   the link alone, and there only "test" is known (import path "x.test").
// - static: a link with runtime/cgo becomes an external static one, also where
//   CGO_ENABLED=0 would have been enough; which packages made it necessary is
//   not known then. One without runtime/cgo is static already.
// - trimpath: C code is compiled behind the wrapper's back, and covered
//   packages have only generated files. There go itself has to be given
//   -trimpath, and a finding says so.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_REWRITE_REWRITETOOL_H
#define GOSLIM_REWRITE_REWRITETOOL_H

#include "goslim/Policy/Finding.h"
#include "goslim/Rewrite/Edit.h"
#include "goslim/Tool/Invocation.h"

namespace goslim {

/// What the rewrite needs besides the words; all of it covered by the action
/// ID or constant within one go command.
struct ToolContext {
  std::string ImportPath; ///< TOOLEXEC_IMPORTPATH without its " [p.test]"
  std::string GoVersion, Goos, Goarch, Goroot, Gomodcache;
  std::string Cwd; ///< of the tool
  bool CgoEnabled = false;
  std::string Importcfg;     ///< content of link's -importcfg file, else ""
  std::string VendorModules; ///< content of <root>/vendor/modules.txt, or ""
  /// Content of <root>/go.mod, or "": trimpath records the packages of a
  /// replaced module under the path and version it is required by.
  std::string GoMod;
  /// go's verb where it is known (driver sessions), for checkTool alone.
  std::string Command;
};

/// Invariants: a pure function; idempotent; no rule = identity; operands never
/// move; each changed word is explained by one Edit.
struct RewrittenInvocation {
  Invocation Call;
  std::vector<Edit> Edits;
  std::vector<std::string> SetEnv;      ///< "GOROOT=" for the tool's process
  std::optional<std::string> Importcfg; ///< new content, to be written beside
                                        ///< the old one; Call already names
                                        ///< RewrittenImportcfgSuffix
  std::vector<Finding> Findings;        ///< require/warn rules not met
};
/// The rewritten importcfg's file name is the old one plus this.
extern const std::string_view RewrittenImportcfgSuffix; // ".goslim"

RewrittenInvocation rewriteTool(const Policy &P, Invocation Call,
                                const ToolContext &C);

/// Checks without rewriting: what driver mode does at a tool, where go's
/// native flags must already be right.
std::vector<Finding> checkTool(const Policy &P, const Invocation &Call,
                               const ToolContext &C);

/// Canonical text of everything in P that can change Tool's output in any
/// package; "" when nothing can, and then -V=full passes unchanged. Equal
/// policies give equal text. Its digest is the tool's salt.
std::string saltText(const Policy &P, ToolKind Tool, const ToolContext &C);

/// The answer to -V=full with the salt's digest (20 chars of base64url) added:
/// "<line> +goslim buildID=_/_/_/<digest>" (notes/toolexec.md 1.3).
std::string saltVersionLine(std::string_view ToolOutput,
                            std::string_view Digest);

} // namespace goslim

#endif // GOSLIM_REWRITE_REWRITETOOL_H
