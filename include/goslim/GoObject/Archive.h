//===- goslim/GoObject/Archive.h - a package archive ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What `compile` and `pack` write and `link` reads, as src/cmd/internal/archive
// of Go 1.20 to 1.27 has it: "!<arch>\n", then members with a header of 60
// bytes (name 16, mtime 12, uid 6, gid 6, mode 8, size 10, "`\n"), data, and a
// pad byte after an odd size. There is no table of long names: names are cut at
// 16 bytes. A file that begins with "go object " is one object without a frame.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_GOOBJECT_ARCHIVE_H
#define GOSLIM_GOOBJECT_ARCHIVE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace goslim {

struct ArchiveMember {
  enum class Kind : uint8_t {
    PackageData, ///< __.PKGDEF: export data, for compilers
    GoObject,    ///< what compile and asm made
    HostObject,  ///< ELF, Mach-O, COFF of a C compiler, or .syso
    Sentinel,    ///< preferlinkext, dynimportfail: empty, the name says it
    Other
  };
  llvm::StringRef Name; ///< "_go_.o", "asm_amd64.o", cut at 16 bytes
  llvm::StringRef Bytes;
  uint64_t Offset = 0; ///< of Bytes in the archive
  Kind What = Kind::Other;

  /// Of Go objects and package data, from the text before the object:
  llvm::StringRef Header;  ///< "go object linux amd64 go1.26.8 X:..."
  llvm::StringRef BuildId; ///< "actionID/contentID", or ""
  llvm::StringRef Cgo;     ///< JSON between "$$  // cgo" and "$$", or ""
  bool IsMain = false;
  uint64_t ObjectOffset = 0; ///< where goobj begins, in Bytes

  llvm::StringRef object() const { return Bytes.drop_front(ObjectOffset); }
};

/// Members in order. Bytes must outlive them. Errors give the offset in the
/// archive, expected and found.
llvm::Expected<std::vector<ArchiveMember>> readArchive(llvm::StringRef Bytes);

/// 26 of "go object linux amd64 go1.26.8 ..."; 0 when it is not a release
/// ("devel go1.28-abcdef" gives 28).
unsigned minorVersionOf(llvm::StringRef Header);

} // namespace goslim

#endif // GOSLIM_GOOBJECT_ARCHIVE_H
