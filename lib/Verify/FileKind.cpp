//===- FileKind.cpp - what is to be compared ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/FileKind.h"
#include "goslim/Base/FileIO.h"

using namespace goslim;
using llvm::StringRef;

static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
named(StringRef Path,
      llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> Buffer) {
  if (!Buffer)
    return llvm::createStringError(Path + ": " +
                                   errnoText(Buffer.getError().value()));
  return std::move(*Buffer);
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
goslim::openFile(StringRef Path) {
  return named(Path, llvm::MemoryBuffer::getFile(Path, false, false));
}

llvm::Expected<FileKind> goslim::kindOfFile(StringRef Path) {
  constexpr uint64_t Begin = 512;
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> Head =
      named(Path, llvm::MemoryBuffer::getFileSlice(Path, Begin, 0));
  if (!Head)
    return Head.takeError();
  StringRef Bytes = (*Head)->getBuffer();
  if (Bytes.starts_with(StringRef("\x1f\x8b\x08", 3)) ||
      Bytes.starts_with("PK\x03\x04") || Bytes.starts_with("PK\x05\x06") ||
      Bytes.substr(257).starts_with("ustar"))
    return FileKind::Release;
  if (Bytes.starts_with("!<arch>\n") || Bytes.starts_with("go object "))
    return FileKind::Package;
  return FileKind::Program;
}
