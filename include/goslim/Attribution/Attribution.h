//===- goslim/Attribution/Attribution.h - who owns each byte ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A partition of the file: sorted spans, no gap, no overlap, sizes add up to
// the file size, checked in release builds too. Unknown bytes are labelled
// spans. File and memory sizes are kept apart: a .bss span has Size 0.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_ATTRIBUTION_ATTRIBUTION_H
#define GOSLIM_ATTRIBUTION_ATTRIBUTION_H

#include "goslim/GoImage/GoImage.h"

namespace goslim {

enum class Kind : uint8_t {
  Code,
  Type,
  Itab,
  String,
  Rodata,
  Data,
  Bss,
  FuncData,
  Pclntab,
  GcData,
  Init,
  BuildInfo,
  Debug,
  Symtab,
  Strtab,
  Relocation,
  Dynamic,
  Note,
  Header,
  LinkerTable,
  Padding,
  Unknown
};
llvm::StringRef kindName(Kind K); ///< "code", "linker-table", ...
constexpr unsigned NumKinds = unsigned(Kind::Unknown) + 1;

/// What a span's label stands on, strongest first (design.md, Evidence).
enum class Evidence : uint8_t { Replayed, Table, Symbol, Inferred, None };
llvm::StringRef evidenceName(Evidence E);
constexpr unsigned NumEvidence = 5;

/// Which build step put the bytes there.
enum class Step : uint8_t { Compile, Asm, Cgo, Link };
llvm::StringRef stepName(Step S);

constexpr uint32_t NoPackage = ~0u;

struct Span {
  uint64_t Offset = 0, Size = 0;     ///< file
  uint64_t Address = 0, MemSize = 0; ///< memory; 0, 0 when not loaded
  uint32_t Section = 0;              ///< index into Image::sections(); 0 = none
  uint32_t Package = NoPackage;      ///< index into Attribution::Packages
  Kind What = Kind::Unknown;
  Evidence Why = Evidence::None;
  Step By = Step::Link;
  llvm::StringRef Symbol; ///< "" = none; points into Image, GoImage, Storage
};

struct PackageInfo {
  std::string Path;    ///< import path; "main" programs by their real path
  uint32_t Module = 0; ///< index into Modules
};
/// Modules[0] is "" (unknown); "std" has the Go version.
struct ModuleInfo {
  std::string Path, Version;
};

struct Attribution {
  uint64_t FileSize = 0;
  std::vector<Span> Spans; ///< by Offset; memory-only spans last, by Address
  std::vector<PackageInfo> Packages; ///< by Path
  std::vector<ModuleInfo> Modules;   ///< [0] unknown, rest by Path
  std::vector<std::string> Notes;    ///< what could not be known, and why
  std::vector<std::string> Storage;  ///< owns names that are not in the file
};

/// From the file alone. Fails only when the result is not a partition (a bug
/// of ours, reported as such). File and Go must outlive the result.
llvm::Expected<Attribution> attribute(const Image &File, const GoImage &Go);

/// The invariant; an Error says which span breaks it.
llvm::Error checkPartition(const Attribution &A);

/// The name of the row in reports for spans without a package:
/// "pclntab", "debug", "padding", "unknown", ...
llvm::StringRef restName(const Span &S);

} // namespace goslim

#endif // GOSLIM_ATTRIBUTION_ATTRIBUTION_H
