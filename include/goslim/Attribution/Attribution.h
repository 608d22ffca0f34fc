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
#include "goslim/LinkModel/LinkModel.h"
#include <deque>

namespace goslim {

enum class Kind : uint8_t {
  Code,
  Type,
  Itab,
  String,
  Embed,
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
constexpr unsigned NumSteps = 4;

constexpr uint32_t NoPackage = ~0u;

struct Span {
  uint64_t Offset = 0, Size = 0;     ///< file
  uint64_t Address = 0, MemSize = 0; ///< memory; 0, 0 when not loaded
  uint32_t Section = 0;              ///< index into Image::sections(); 0 = none
  uint32_t Package = NoPackage;      ///< index into Attribution::Packages
  Kind What = Kind::Unknown;
  Evidence Why = Evidence::None;
  Step By = Step::Link;
  /// Index into Attribution::UserSets of those who share it when it is no
  /// single package's; 0 = not known, or nobody's.
  uint32_t Users = 0;
  uint32_t Object = 0; ///< index into Attribution::Objects; 0 = none, not known
  llvm::StringRef Symbol; ///< "" = none; points into Image, GoImage, Storage
};

struct PackageInfo {
  std::string Path = {}; ///< import path; "main" programs by their real path
  uint32_t Module = 0;   ///< index into Modules
  uint64_t RawDebug = 0; ///< bytes of its DWARF, decompressed
  /// Bytes of DWARF, decompressed and in the file, that are there for this
  /// package alone: what compiling it with -gcflags=P=-dwarf=false saves. Types
  /// and inlined functions that others refer to stay.
  uint64_t RawDebugAlone = 0, DebugAlone = 0;
  std::string Owner = {}; ///< team, when somebody said so (assignOwners)
};
/// Modules[0] is "" (unknown); "std" has the Go version.
struct ModuleInfo {
  std::string Path, Version;
};

/// An object file that is not Go's.
struct ObjectInfo {
  std::string Name, Archive; ///< "libc.a(malloc.o)", "libc.a" or ""
  std::string Row; ///< of its bytes without a package: "C library libc.a"
  uint32_t Package = NoPackage; ///< whose cgo brought it
};

/// A file that go:embed brought in.
struct EmbedInfo {
  std::string Path, Variable;
  uint32_t Package = NoPackage; ///< index into Attribution::Packages
  uint64_t Size = 0;            ///< bytes of the file
  /// Where they lie; files with equal contents have the same. 0 when empty.
  uint64_t Address = 0;
};

struct Attribution {
  uint64_t FileSize = 0;
  std::vector<Span> Spans; ///< by Offset; memory-only spans last, by Address
  std::vector<PackageInfo> Packages; ///< by Path
  std::vector<ModuleInfo> Modules;   ///< [0] unknown, rest by Path
  /// Packages that share spans, in the order in which the link loads them.
  /// [0] is empty.
  std::vector<std::vector<uint32_t>> UserSets;
  /// By set: the module that all of its packages belong to, or 0.
  std::vector<uint32_t> SetModules;
  std::vector<ObjectInfo> Objects; ///< [0] is none; known with a replay only
  /// Known with a replay only; by Package, Variable and Path.
  std::vector<EmbedInfo> Embeds;
  /// Of the replay that it stands on: proven symbols; 0 = from the file alone.
  uint64_t ReplayedSymbols = 0;
  /// Bytes that .symtab and .strtab have when nobody leaves them out, by the
  /// replay; 0 = not known.
  uint64_t SymbolTableSize = 0;
  /// Why there is none and how to get one; "" = nobody looked for one.
  std::string NoReplay;
  std::vector<std::string> Notes;  ///< what could not be known, and why
  std::deque<std::string> Storage; ///< owns names that are not in the file
};

/// What the symbols of a model are and whose, which needs no program: made
/// ahead, it is not left to do when there is one. Model must outlive it.
class SymbolLabels;
std::shared_ptr<const SymbolLabels> labelSymbols(LinkModel &Model);

/// From the file, and where there is one the replay of its link (after
/// LinkModel::place), with its labels if they are there. Fails only when the
/// result is not a partition (a bug of ours, reported as such). All arguments
/// must outlive the result.
llvm::Expected<Attribution> attribute(const Image &File, const GoImage &Go,
                                      const LinkModel *Model = nullptr,
                                      const SymbolLabels *Labels = nullptr);

/// Who pays for a span with several users: nobody (a row of its own), the
/// first that the link loads, or each of them an equal part of its bytes.
enum class SharedRule : uint8_t { Shared, First, Equal };
void shareOut(Attribution &A, SharedRule Rule);

/// Charges code to the package and function whose source made it, not to the
/// one that it was inlined into. Still a partition: .text adds up as before.
void viewByOrigin(Attribution &A, const Image &File, const GoImage &Go);

/// Index into Modules: of the span's package, or of all of its users; else 0.
inline uint32_t moduleOf(const Attribution &A, const Span &S) {
  return S.Package != NoPackage ? A.Packages[S.Package].Module
         : S.Users              ? A.SetModules[S.Users]
                                : 0;
}

/// The invariant; an Error says which span breaks it.
llvm::Error checkPartition(const Attribution &A);

/// The name of the row in reports for spans without a package:
/// "pclntab", "debug", "padding", "unknown", "C library libc.a", ...
llvm::StringRef restName(const Attribution &A, const Span &S);

} // namespace goslim

#endif // GOSLIM_ATTRIBUTION_ATTRIBUTION_H
