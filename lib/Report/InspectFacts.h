//===- InspectFacts.h - what goslim inspect knows ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Facts that the bytes prove, kept apart from what build info claims: a program
// can be stripped, patched or linked anew after go wrote its claims. Both the
// text and the JSON form are rendered from this struct.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_REPORT_INSPECTFACTS_H
#define GOSLIM_LIB_REPORT_INSPECTFACTS_H

#include "goslim/GoImage/GoImage.h"
#include "goslim/Verify/Published.h"
#include <optional>
#include <string>
#include <vector>

namespace goslim {

/// How strong the signs of C code are, weakest first.
enum class CgoSign : uint8_t { None, Claimed, DynamicImports, Functions };
llvm::StringRef cgoSignName(CgoSign S); ///< "none", "weak", "medium", "strong"

struct InspectFacts {
  std::string Name;                 ///< without folder: outputs are compared
  llvm::StringRef Format, Os, Arch; ///< Os, Arch: as go calls them, or ""
  unsigned Bits = 64;
  bool IsLittleEndian = true;
  uint64_t FileSize = 0;
  llvm::StringRef Type;    ///< "executable", "position-independent executable"
  llvm::StringRef Linkage; ///< "static", "static-pie", "dynamic", ...
  llvm::StringRef BuildMode; ///< as go calls it, as far as the bytes tell
  bool IsPie = false, HasSectionHeaders = true;
  llvm::StringRef Packer; ///< "UPX": the real program is inside, or ""
  Image::Dynamic Dynamic;
  /// The newest version of each family bound: {"libc.so.6", "GLIBC_2.34"}.
  std::vector<std::pair<llvm::StringRef, llvm::StringRef>> Newest;
  llvm::StringRef OldestSystems; ///< that have the glibc needed, or ""

  std::optional<uint64_t> Symbols;  ///< rows of .symtab; nullopt = stripped
  uint64_t DwarfSize = 0;           ///< file bytes of debug sections
  llvm::StringRef DwarfCompression; ///< "zlib", "zstd", "none"; "" = no DWARF

  uint64_t SourceFiles = 0, AbsoluteFiles = 0;
  std::vector<llvm::StringRef> AbsoluteExamples; ///< a few, in table order
  /// nullopt: no pclntab to tell from.
  std::optional<bool> isTrimmed() const;

  CgoSign Cgo = CgoSign::None;
  std::vector<std::string> CgoPackages; ///< that call C, sorted

  /// What build info says, "" when it does not.
  struct {
    std::string Target, BuildMode, Trimpath, Cgo, LdFlags;
    bool HidesLdFlags = false; ///< go leaves -ldflags out under -trimpath
  } Claims;

  /// A claim that the bytes contradict. Fact: "paths", "cgo", "symbols", ...
  struct Difference {
    llvm::StringRef Fact;
    std::string Found, Claimed;
  };
  std::vector<Difference> Differences;
  bool differs(llvm::StringRef Fact) const;
};

/// Errors are complete ("PATH: ...").
llvm::Expected<InspectFacts> inspectFacts(const Image &File, const GoImage &Go);
/// The same of other formats, as far as we read them. Other must outlive it.
InspectFacts inspectFacts(const OtherProgram &Other);

} // namespace goslim

#endif // GOSLIM_LIB_REPORT_INSPECTFACTS_H
