//===- PathOwner.h - whose path a path is -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_RULES_PATHOWNER_H
#define GOSLIM_LIB_RULES_PATHOWNER_H

#include "goslim/Attribution/Attribution.h"
#include "llvm/ADT/StringMap.h"

namespace goslim {

/// Answers with an import path of the program, or "" when nothing proves one.
class PathOwner {
public:
  PathOwner(const GoImage &Go, const Attribution &A) : Go(Go), A(A) {}

  /// Of a file in pclntab: the package of its functions, or of functions in
  /// other files of that folder (a file whose functions are all inlined).
  std::string ofGoFile(llvm::StringRef Path);
  /// Of a file or a folder by its words: the package whose import path ends
  /// as the folder does.
  std::string ofPath(llvm::StringRef Path);
  std::string ofFolder(llvm::StringRef Folder);
  /// The one package that calls C, when there is just one.
  std::string onlyCgoPackage();
  /// Of bytes of the file: the span they are in.
  std::string ofOffset(uint64_t Offset) const;

private:
  void readFiles();
  std::string packageName(const GoFunction &F) const;

  const GoImage &Go;
  const Attribution &A;
  bool FilesRead = false;
  llvm::StringMap<std::string> ByFile, ByFolder; ///< filled at the first use
  llvm::StringMap<std::string> ByWords;          ///< answers of ofFolder
};

} // namespace goslim

#endif // GOSLIM_LIB_RULES_PATHOWNER_H
