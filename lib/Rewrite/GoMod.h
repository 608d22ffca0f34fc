//===- GoMod.h - the modules of go.mod and vendor/modules.txt ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Only what go build -trimpath needs: under which module path and version a
// package is recorded. A replaced module keeps the path and version it is
// required by, wherever its files are; the module cache's folder names do not
// tell them.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_REWRITE_GOMOD_H
#define GOSLIM_LIB_REWRITE_GOMOD_H

#include <string>
#include <string_view>

namespace goslim::rewrite {

/// "module@version/rest" of a package whose module go.mod (the text) replaces,
/// "" for any other package. What cannot be read is skipped: go has checked the
/// file.
std::string replacedFolder(std::string_view GoMod, std::string_view ImportPath);

/// All that replacedFolder reads from the text, canonical; "" when nothing is
/// replaced. For the salt: a new version of another module must not change it.
std::string replacedModules(std::string_view GoMod);

/// "module@version/rest" of a vendored package by the text of
/// vendor/modules.txt; "" when the text does not list it with a version.
std::string vendoredFolder(std::string_view ModulesTxt,
                           std::string_view ImportPath);

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_GOMOD_H
