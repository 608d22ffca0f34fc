//===- goslim/Verify/Published.h - what a program says of itself *- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_VERIFY_PUBLISHED_H
#define GOSLIM_VERIFY_PUBLISHED_H

#include "goslim/GoImage/GoImage.h"
#include "goslim/Tool/ImportConfig.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>
#include <vector>

namespace goslim {

/// All that a rebuild can know without its sources; ELF, PE, Mach-O, Wasm.
struct PublishedFacts {
  std::string Format, GoVersion, BuildId, Sha256;
  ModInfo Info;
  bool HasInfo = false, HasSymbols = false, HasDebug = false;
  bool IsAltered = false; ///< its bytes are not those that go gave an ID
};
/// An Error is complete.
llvm::Expected<PublishedFacts> readPublished(llvm::StringRef Path);

/// A program that is not ELF, as far as its bytes tell.
struct OtherProgram {
  std::string Path, Format, Arch; ///< "PE", "Mach-O", "Wasm"; as go calls it
  uint64_t Size = 0;              ///< of the file
  GoImage Go;                     ///< build info and IDs only
  struct Section {
    std::string Name;
    uint64_t Size, Memory; ///< bytes in the file, when loaded
  };
  std::vector<Section> Sections;   ///< of Wasm without "data"
  std::optional<uint64_t> Symbols; ///< nullopt = stripped
  uint64_t DebugSize = 0;          ///< file bytes of DWARF
  bool IsDebugCompressed = false;
  std::vector<std::string> SourceFiles; ///< by pclntab; empty = none found
  std::vector<std::string> CFunctions;  ///< those that cgo makes
  bool IsAltered = false; ///< its bytes are not those that go gave an ID
};
/// Of a file that isOtherFormat. IsAltered is found out, and noted, only when
/// Hashes says so: it reads the whole file once more. An Error is complete.
llvm::Expected<OtherProgram> readOtherProgram(llvm::StringRef Path,
                                              bool Hashes);
/// Their Go build ID in a stretch of text ("\xff Go build ID: \"...\""), or "".
llvm::StringRef goBuildIdInText(llvm::StringRef Text);

/// Whether cgo generates functions of that name: stubs for calls to C
/// (main._Cfunc_puts) and from it (_cgoexp_*), their entry in runtime/cgo.
bool isCgoFunction(llvm::StringRef Name);

/// How the program was built, as far as it tells.
struct Recipe {
  std::string Toolchain; ///< "go1.23.7", for GOTOOLCHAIN
  std::map<std::string, std::string> Environment;
  std::vector<std::string> Flags; ///< of go build, without -ldflags
  /// -ldflags to try, the likeliest first; "" = none. More than one where
  /// build info leaves them out (-trimpath) and bytes do not tell.
  std::vector<std::string> LinkerFlags;
  std::string Package; ///< import path
  /// Version "" = not told: (devel), or a VCS checkout with changes.
  std::string Module, Version;
  /// The VCS stamp, which is believed: "" = none.
  std::string Revision, Time;
  bool Modified = false;
  /// The tag that gave the stamped version (Go 1.24 and later): "" = none.
  std::string Tag;
  bool IsTagged = false; ///< the revision itself has it
  /// go install MODULE@VERSION made it: its sum is in build info.
  bool IsInstalled = false;
};
/// The tag that a version of cmd/go comes from: "v1.2.3" of itself and of
/// "v1.2.4-0.20250102030405-abcdefabcdef"; "" of "v0.0.0-2025..."
/// (golang.org/x/mod/module, PseudoVersionBase).
std::string baseTag(llvm::StringRef Version);
/// Pure. Failure: why it cannot be built again, and what would be needed.
llvm::Expected<Recipe> recipeOf(const PublishedFacts &F);

} // namespace goslim

#endif // GOSLIM_VERIFY_PUBLISHED_H
