//===- goslim/Verify/FileKind.h - what is to be compared --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_VERIFY_FILEKIND_H
#define GOSLIM_VERIFY_FILEKIND_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace goslim {

/// Release: zip, gzip, or tar with "ustar". Package: what compile writes.
/// Program: anything else.
enum class FileKind : uint8_t { Program, Release, Package };

/// By the first bytes of a file. Errors are complete.
llvm::Expected<FileKind> kindOfFile(llvm::StringRef Path);
/// Whether a file begins as PE, Mach-O or Wasm do; false also when it cannot be
/// read.
bool isOtherFormat(llvm::StringRef Path);
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
openFile(llvm::StringRef Path);

} // namespace goslim

#endif // GOSLIM_VERIFY_FILEKIND_H
