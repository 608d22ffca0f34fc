//===- PackageTable.h - names to packages to modules ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Package "main" goes by its import path from build info. A package belongs to
// the build info module with the longest path that is a prefix of it; one
// whose first element has no dot to "std" (the Go version is its version), or
// "cmd" for Go's own programs; else to Modules[0], unknown.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_ATTRIBUTION_PACKAGETABLE_H
#define GOSLIM_LIB_ATTRIBUTION_PACKAGETABLE_H

#include "goslim/Attribution/Attribution.h"
#include "llvm/ADT/StringMap.h"
#include <mutex>

namespace goslim {

class PackageTable {
public:
  explicit PackageTable(const GoImage &Go);

  /// Index of a package; NoPackage for "". This and ofSymbol may be asked by
  /// several threads: what they get differs in nothing that finish leaves.
  uint32_t ofPath(llvm::StringRef Path);
  /// Of a linker symbol or function name. Fast: a program has hundreds of
  /// symbols per package, so the answer is kept per prefix.
  uint32_t ofSymbol(llvm::StringRef Name);
  /// Of a source file, by the longest tail of its folder that is a package
  /// seen already ("/usr/go/src/runtime/asm_amd64.s"); NoPackage if none is.
  uint32_t ofFile(llvm::StringRef File);

  /// Moves packages and modules to A, sorted by path, without unused ones.
  /// The index that a package had so far leads to its final one.
  std::vector<uint32_t> finish(Attribution &A, const std::vector<bool> &Used);

private:
  uint32_t moduleOf(llvm::StringRef Path) const;
  uint32_t add(llvm::StringRef Path);

  std::string MainPath;
  std::vector<ModuleInfo> Modules;
  llvm::StringMap<uint32_t> ModuleByPath, ByPath, ByPrefix, ByFolder;
  std::vector<llvm::StringRef> Paths; ///< keys of ByPath
  std::mutex Lock;
};

} // namespace goslim

#endif // GOSLIM_LIB_ATTRIBUTION_PACKAGETABLE_H
