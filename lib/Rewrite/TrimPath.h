//===- TrimPath.h - the -trimpath value go would give -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// go build -trimpath gives compile and asm "PKGDIR=>TO;OVERLAYS;OBJDIR=>";
// without it, "OVERLAYS;OBJDIR=>" (cmd/go/internal/work/gc.go
// Action.trimpath, 1.21 to 1.27). Here the first is made from the second.
// TO is "module@version/rest" for a package of a versioned module, else the
// import path.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_REWRITE_TRIMPATH_H
#define GOSLIM_LIB_REWRITE_TRIMPATH_H

#include "goslim/Rewrite/RewriteTool.h"

namespace goslim::rewrite {

/// What is known of a compile or asm step's package.
struct PackageFiles {
  std::string Folder;  ///< of its sources; "" when all files are generated
  bool HasCgo = false; ///< cgo's output is among the files
  bool Standard = false;
};
PackageFiles packageFiles(const Invocation &Call, const ToolContext &C);

/// Whether go itself was given -trimpath, told by Call's -trimpath value.
bool isTrimmed(const Invocation &Call, const PackageFiles &Files);

/// TO for the package, see above.
std::string trimmedFolder(const PackageFiles &Files, const ToolContext &C);

/// Value with "Folder=>TO;" in front and its overlays led to TO.
std::string trimmedValue(std::string_view Value, const std::string &Folder,
                         const std::string &To);

/// Canonical text of what trimmedFolder reads besides the words: the vendored
/// modules, the replaced ones. "" when there are none.
std::string trimpathInputs(const ToolContext &C);

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_TRIMPATH_H
