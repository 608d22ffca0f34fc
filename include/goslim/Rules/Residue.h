//===- goslim/Rules/Residue.h - what should not be in the file --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_RULES_RESIDUE_H
#define GOSLIM_RULES_RESIDUE_H

#include "goslim/Attribution/Attribution.h"
#include "goslim/Policy/Finding.h"

namespace goslim {

/// GS2xx linkage and GS3xx residue: a dynamic loader although static is asked;
/// debug sections or symbol tables although strip asks for none (external
/// link, C objects); absolute paths of the build machine, per table with their
/// owners, when trimpath is asked. Rules is resolved; only what it asks is
/// checked. Roots: see findAbsolutePaths.
std::vector<Finding> checkResidue(const Image &File, const GoImage &Go,
                                  const Attribution &A, const Rules &R,
                                  llvm::ArrayRef<std::string> Roots = {});

/// The same of a program that is PE, Mach-O or Wasm, as far as these facts
/// tell: nothing is looked for in its data, and nothing is said of how it is
/// linked.
struct OtherResidue {
  uint64_t DebugSize = 0;          ///< file bytes of DWARF
  std::optional<uint64_t> Symbols; ///< nullopt = stripped
  llvm::ArrayRef<std::string> SourceFiles;
  const ModInfo *Info = nullptr; ///< null: none
};
std::vector<Finding> checkResidue(const OtherResidue &P, const Rules &R);

/// Absolute paths found in the program: all of one folder, owner and table.
struct PathResidue {
  std::string Path;    ///< the first one found
  std::string Package; ///< owner, or ""
  std::string Table;   ///< "pclntab file table", "debug info", "build info",
                       ///< "run path", "string data"
  uint64_t Offset = 0; ///< in the file; in a compressed section, its start
  uint64_t Count = 1;
};
/// In tables that hold nothing but file names (pclntab, DWARF) every absolute
/// path counts. In data a string counts when it lies below one of Roots, the
/// folders of the machine that built (only who saw the build knows them), or
/// when it can hardly be anything else: a C source below a home, build or
/// module cache folder. "/etc/passwd" never does. By table, package, path.
std::vector<PathResidue>
findAbsolutePaths(const Image &File, const GoImage &Go, const Attribution &A,
                  llvm::ArrayRef<std::string> Roots = {});
/// One for each path.
std::vector<PathResidue> findAbsolutePaths(const OtherResidue &P);

} // namespace goslim

#endif // GOSLIM_RULES_RESIDUE_H
