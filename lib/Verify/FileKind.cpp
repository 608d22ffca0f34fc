//===- FileKind.cpp - what is to be compared ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/FileKind.h"
#include "goslim/Base/FileIO.h"
#include "llvm/BinaryFormat/Magic.h"

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

static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
beginOf(StringRef Path) {
  constexpr uint64_t Begin = 512;
  return named(Path, llvm::MemoryBuffer::getFileSlice(Path, Begin, 0));
}

bool goslim::isOtherFormat(StringRef Path) {
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> Head = beginOf(Path);
  if (!Head) {
    llvm::consumeError(Head.takeError());
    return false;
  }
  switch (llvm::identify_magic((*Head)->getBuffer())) {
  case llvm::file_magic::pecoff_executable:
  case llvm::file_magic::macho_executable:
  case llvm::file_magic::macho_dynamically_linked_shared_lib:
  case llvm::file_magic::macho_bundle:
  case llvm::file_magic::wasm_object:
    return true;
  default:
    return false;
  }
}

llvm::Expected<FileKind> goslim::kindOfFile(StringRef Path) {
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> Head = beginOf(Path);
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
