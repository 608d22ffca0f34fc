//===- goslim/Verify/Compare.h - two builds of one program ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why two files differ: every differing byte has a cause, and the pair a level
// of equality. Bytes are compared part by part after debug data was
// decompressed and the parts were aligned, so what merely lies elsewhere is no
// difference of its own.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_VERIFY_COMPARE_H
#define GOSLIM_VERIFY_COMPARE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace goslim {

/// Best first. A pair is of the worst level that one of its bytes asks for.
enum class Equality : uint8_t {
  Identical, ///< bit by bit
  BuildId,   ///< but for Go's build ID
  Signature, ///< and what signs, numbers or dates a file: host build ID, UUID,
             ///< signature, timestamp, checksum
  Debug,     ///< and debug data, symbol tables, names of source files
  Code,      ///< the same functions, bit by bit but for addresses
  Different
};
llvm::StringRef equalityName(Equality L);  ///< "identical", "build-id", ...
llvm::StringRef equalityWords(Equality L); ///< "equal but for the build ID"

enum class Cause : uint8_t {
  BuildId,
  HostBuildId,
  Signature,
  Uuid,
  Timestamp,
  Checksum,
  Toolchain,
  Target,
  ArchLevel,
  Experiment,
  CompilerFlags,
  LinkerFlags,
  Tags,
  Dependency,
  Cgo,
  CgoFlags,
  Godebug,
  MainPath,
  VcsStamp,
  Setting,
  XValue,
  Trimpath,
  Path,
  PathText,
  CFilePath,
  CTime,
  CCompiler,
  Stripped,
  Altered,
  DebugData,
  Symbols,
  Code,
  Data,
  Layout,
  Follows,
  Unknown
};
constexpr unsigned NumCauses = unsigned(Cause::Unknown) + 1;
llvm::StringRef causeName(Cause C);  ///< "build-id", "x-value", ...
llvm::StringRef causeTitle(Cause C); ///< "Go build ID", "-X value", ...

struct CompareFinding {
  Cause Why = Cause::Unknown;
  std::string Detail; ///< "main.version: \"1.0\" -> \"1.1\""
  uint64_t Bytes = 0; ///< that differ, after alignment
  Equality Asks = Equality::Different;
  std::vector<std::string> Places; ///< ".rodata+0x1234", the first few
};

struct Comparison {
  struct Side {
    std::string Path, Sha256, BuildId, GoVersion;
    uint64_t Size = 0;
    bool Altered = false; ///< not what its content ID says
  };
  std::array<Side, 2> Files;
  Equality Equal = Equality::Identical;
  /// Named passes that make both files equal (Equal up to Debug): go-build-id,
  /// gnu-build-id, macho-uuid, ...
  std::vector<std::string> Normalisers;
  /// Most bytes first; what follows from others last.
  std::vector<CompareFinding> Findings;
  uint64_t DifferingBytes = 0;
  /// Of the build ID: which of its four parts differ, and what that proves.
  bool HasIds = false;
  std::array<bool, 4> IdDiffers = {};
  std::string Reading;
  /// From records of both links: packages whose archives differ.
  std::vector<std::string> Packages;
  bool HasRecords = false;

  uint64_t bytesOf(Cause C) const;
};

/// An Error is complete, and says which file could not be read and why.
llvm::Expected<Comparison> compareFiles(llvm::StringRef A, llvm::StringRef B);
/// Buffers are named as messages shall name them.
llvm::Expected<Comparison>
compareBuffers(std::unique_ptr<llvm::MemoryBuffer> A,
               std::unique_ptr<llvm::MemoryBuffer> B);

} // namespace goslim

#endif // GOSLIM_VERIFY_COMPARE_H
