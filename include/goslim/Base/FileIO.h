//===- goslim/Base/FileIO.h - whole files, atomically -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_BASE_FILEIO_H
#define GOSLIM_BASE_FILEIO_H

#include "goslim/Base/Result.h"
#include <cstdint>
#include <string>
#include <string_view>

namespace goslim {

/// The system's words for an error number, as messages want them: "no such
/// file or directory".
std::string errnoText(int Errno);

/// Reads a whole regular file of at most MaxSize bytes. A missing file is a
/// failure like any other ("PATH: no such file or directory").
Result<std::string> readFile(const std::string &Path,
                             uint64_t MaxSize = uint64_t(1) << 30);

/// Writes temp file (same folder), fsync, rename, fsync folder: a reader sees
/// the old bytes or the new ones, and a failure leaves the old file.
/// Creates missing parent folders.
Result<void> writeFileAtomic(const std::string &Path, std::string_view Bytes,
                             bool Sync = true);

/// As writeFileAtomic without syncing, but the first writer wins: when Path
/// already exists (also when another process made it meanwhile) it is left
/// alone. Either way Path is complete afterwards. For snapshots.
Result<void> createFileOnce(const std::string &Path, std::string_view Bytes);

/// Appends Bytes with one O_APPEND write (created when missing, mode 0644).
Result<void> appendToFile(const std::string &Path, std::string_view Bytes);

/// mkdir -p.
Result<void> createFolders(const std::string &Path);

bool fileExists(const std::string &Path);
/// Size in bytes of a regular file, or -1.
int64_t fileSize(const std::string &Path);

/// Absolute and lexically clean ("." and ".." folded, symlinks kept).
std::string absolutePath(std::string_view Path, std::string_view Base);
/// The real path with symlinks resolved, or empty when it does not exist.
std::string realPath(const std::string &Path);
/// Parent folder ("/" for "/x", "." for "x") and last element.
std::string_view parentPath(std::string_view Path);
std::string_view fileName(std::string_view Path);
/// Whether clean absolute Path is Root or lies below it.
bool isWithin(std::string_view Path, std::string_view Root);

} // namespace goslim

#endif // GOSLIM_BASE_FILEIO_H
