//===- goslim/Verify/ReleaseArchive.h - tar.gz and zip ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What programs are published in: tar, tar.gz, zip, read by libarchive. Two of
// them hold the same when their members do; what else differs (order, times,
// owners, the compressor) is named, and so is what keeps one from being the
// same again when it is packed again.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_VERIFY_RELEASEARCHIVE_H
#define GOSLIM_VERIFY_RELEASEARCHIVE_H

#include "goslim/Verify/Compare.h"
#include <optional>

namespace goslim {

struct PackedFile {
  std::string Name;
  char Kind = 'f'; ///< 'f' file, 'd' folder, 'l' link, '?' other
  uint64_t Size = 0;
  int64_t Time = 0; ///< modified, seconds since 1970
  unsigned Mode = 0;
  std::string Owner; ///< "0:0 root:root" as stored; zip: ids only, or ""
  std::string Bytes; ///< of a file; of a link: where it leads
};

struct ReleaseArchive {
  std::string Path, Sha256, Format; ///< "tar", "tar.gz", "zip"
  uint64_t Size = 0;
  std::vector<PackedFile> Members; ///< in the order of the file
  /// RFC 1952; tar.gz only.
  struct GzipHeader {
    uint32_t Time = 0;
    unsigned ExtraFlags = 0, System = 255;
    std::string Name;
  };
  std::optional<GzipHeader> Gzip;
};

/// Of at most MaxBytes when unpacked and 100,000 members. Without Keep, files
/// have no Bytes. An Error is complete.
llvm::Expected<ReleaseArchive>
readReleaseArchive(llvm::StringRef Path, bool Keep = true,
                   uint64_t MaxBytes = uint64_t(1) << 30);

/// What makes an archive another one when it is packed again, as far as one can
/// tell from it alone: "order: b stands before a", "mtime: 3 different times",
/// "owner: 1000:1000 me:me", "gzip: time 2024-...". Empty = deterministic.
std::vector<std::string> notDeterministic(const ReleaseArchive &A);

struct ArchiveComparison {
  std::array<std::string, 2> Paths, Sha256;
  size_t Common = 0;                ///< members in both
  std::vector<std::string> Only[2]; ///< names
  /// "order", "mtime: ...", "owner: ...", "mode: ...", "compressor: ...".
  std::vector<std::string> Container;
  struct Changed {
    std::string Name;
    std::optional<Comparison> Programs; ///< none: not Go programs
  };
  std::vector<Changed> Members; ///< whose bytes differ
  /// Identical; Signature: the container alone; else the worst member's.
  Equality Equal = Equality::Identical;
};
/// An Error is complete.
llvm::Expected<ArchiveComparison> compareArchives(llvm::StringRef A,
                                                  llvm::StringRef B);

} // namespace goslim

#endif // GOSLIM_VERIFY_RELEASEARCHIVE_H
