//===- Sources.h - who knows what about a region ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A source of knowledge appends its claims on one region. Attribution.cpp has
// the list of sources, strongest first; adding one there is all it takes.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_ATTRIBUTION_SOURCES_H
#define GOSLIM_LIB_ATTRIBUTION_SOURCES_H

#include "DebugInfo.h"
#include "Frame.h"
#include "PackageTable.h"
#include "SymbolLabels.h"
#include "llvm/ADT/DenseMap.h"

namespace goslim {

/// What is worked out once for all regions.
struct ClaimContext {
  ClaimContext(const Image &File, const GoImage &Go, const LinkModel *Model,
               const SymbolLabels *Labels);

  const Image &File;
  const GoImage &Go;
  const LinkModel *Model;     ///< null: from the file alone
  const SymbolLabels *Labels; ///< of Model
  PackageTable Packages;
  std::vector<std::string> Notes;

  /// The label of Go.Pcln->Functions[I], without range.
  Claim labelOf(const GoFunction &F) const;
  std::vector<uint32_t> FunctionPackage; ///< by function index
  /// Functions that assembly gave a name without a package, by name.
  llvm::StringMap<uint32_t> NakedNames;
  uint64_t TextBegin = 0, TextEnd = 0; ///< addresses that pclntab speaks of
  bool HasC = false; ///< linked with C objects (runtime/cgo is there)

  std::vector<ImageSymbol> Symbols; ///< .symtab in its order
  std::vector<bool> IsC;            ///< by symbol: came from a C object
  std::vector<uint32_t> ByAddress;  ///< symbols with a range in memory
  uint32_t packageOf(size_t Symbol);
  /// Those that begin in R, by address.
  llvm::ArrayRef<uint32_t> symbolsIn(const Region &R) const;

  std::vector<uint32_t> ModelPackage; ///< by index in Model->packages()
  llvm::DenseMap<Sym, llvm::StringRef> EmbedPaths; ///< by contents
  /// Gives C to the one user, or to all of a set of Model->userSets().
  void setUsers(Claim &C, uint32_t Set) const;

  std::vector<ObjectInfo> Objects{1}; ///< [0] is none; Package as in Packages
  /// Of the C linker's map, what is loaded, by address; Object as in the model.
  std::vector<LinkMap::Piece> CPieces;
  /// Gives Label to an object of the model and the package that brought it.
  void setObject(Claim &Label, uint32_t Object) const;

  /// Debug data of packages, by offset; read when a region asks first.
  struct DebugClaim {
    FileRange Where;
    uint32_t Package, Object;
  };
  std::vector<DebugClaim> DebugClaims;
  struct DebugBytes {
    uint64_t Raw = 0;                     ///< decompressed
    uint64_t RawAlone = 0, BitsAlone = 0; ///< that no other package needs
  };
  llvm::DenseMap<uint32_t, DebugBytes> Debug; ///< by package
  bool HasReadDebug = false;
  void readDebug();

private:
  std::optional<SymbolLabels> OwnLabels;
  void readModel();
  void readObjects();
  void addCDebug(llvm::StringRef Section,
                 std::vector<DebugRange> &Ranges) const;
  void claimDebugSection(const ImageSection &S, llvm::ArrayRef<DebugRange> All,
                         llvm::ArrayRef<DebugRange> Alone);
  void readFunctions();
  void readSymbols();
  void indexSymbols();
};

using ClaimSource = void(ClaimContext &C, const Region &R,
                         std::vector<Claim> &Out);

// DebugSources.cpp
ClaimSource claimDebug;
// ReplayedSources.cpp
ClaimSource claimFileTables;
/// What the replay has in R; none when there is no replay.
llvm::ArrayRef<Placement> placementsIn(const ClaimContext &C, const Region &R);
/// Claims for a part of them. Several threads may claim parts.
void claimReplayed(ClaimContext &C, const Region &R,
                   llvm::ArrayRef<Placement> Part, std::vector<Claim> &Out);
/// Gives Label to whoever has the proven symbol at Address; false: none is.
bool setOwnerAt(ClaimContext &C, uint64_t Address, Claim &Label);
// CSources.cpp
ClaimSource claimCSymbols, claimCPieces;
void demangleNames(Attribution &A);
// GoSources.cpp
ClaimSource claimFunctions, claimPclntabRows, claimFunctionNames, claimTypes,
    claimTypeNames, claimTypeGroup, claimModuleRanges, claimPclntabRest,
    claimBuildInfo, claimFindFunc, claimLinkRows;
// GcPrograms.cpp
ClaimSource claimGcPrograms;
/// A GC program from its first byte on (cmd/internal/gcprog, Go 1.20 to 1.27),
/// which describes no more than MaxBits words. OnPiece: offset of a byte of it,
/// the first word that it, or the instruction it begins, speaks of. The size of
/// the program, or nullopt: it is none.
std::optional<uint64_t>
readGcProgram(llvm::StringRef Bytes, uint64_t MaxBits,
              llvm::function_ref<void(uint64_t, uint64_t)> OnPiece);
// FormatSources.cpp
ClaimSource claimNotes, claimSymbolTable, claimSymbolNames, claimSymbols;

/// What the linker fills code with: int3 on x86, else zeros
/// (cmd/link/internal/ld/data.go, CodeblkPad).
uint8_t codePad(const Image &File);

/// What a symbol holds by its name alone ("type:", "go:itab."), or Default.
Kind kindOfSymbol(llvm::StringRef Name, Kind Default);

/// Appends What for [Address, Address+Size) as far as R holds it.
void claimAddresses(const Region &R, uint64_t Address, uint64_t Size,
                    Claim What, std::vector<Claim> &Out);
/// The same for a range of the file.
void claimBytes(const Region &R, FileRange Where, Claim What,
                std::vector<Claim> &Out);
inline bool overlaps(const Region &R, FileRange F) {
  return R.FileBacked && F.Size && F.Offset < R.end() && R.Offset < F.end();
}

Claim makeLabel(Kind What, Evidence Why, llvm::StringRef Symbol = "",
                uint32_t Package = NoPackage, Step By = Step::Link);

} // namespace goslim

#endif // GOSLIM_LIB_ATTRIBUTION_SOURCES_H
