//===- Render.h - what the renderers share ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_REPORT_RENDER_H
#define GOSLIM_LIB_REPORT_RENDER_H

#include "goslim/Report/Report.h"
#include "llvm/Support/JSON.h"

namespace goslim {

struct Totals {
  uint64_t Memory = 0;
  uint64_t ByEvidence[NumEvidence] = {}, ByKind[NumKinds] = {}; ///< file bytes
};
Totals totalsOf(const Attribution &A);

/// " replayed 50.1 %, table 49.9 %": what is there of each.
std::string evidenceShares(const Totals &T, uint64_t FileSize);

/// Of flagEffects those of symbols and debug data; looks at no span.
std::vector<FlagEffect> strippingEffects(const Image &File, const GoImage &Go,
                                         const Attribution &A);

/// The line above a report.
struct ProgramFacts {
  llvm::StringRef Name; ///< without folder: reports are compared
  llvm::StringRef Os, GoVersion, MainPath;
  bool Stripped = false;
};
ProgramFacts factsOf(const Image &File, const GoImage &Go);

/// "package", "module", ...
llvm::StringRef byName(By G);

/// Of the section that S lies in; "" = in none.
llvm::StringRef sectionName(const Image &File, const Span &S);

// Text.cpp: numbers and names for people.
std::string thousands(uint64_t N);          ///< "1,234,567"
std::string amount(uint64_t N, bool Bytes); ///< "1.2 MiB", or as thousands()
std::string percent(uint64_t Part, uint64_t Whole); ///< "12.3 %"
/// Control characters as "\xNN".
std::string printable(llvm::StringRef Text);
std::string utf8(llvm::StringRef Text);     ///< what is not becomes U+FFFD
std::string codeSpan(llvm::StringRef Text); ///< Markdown, in a table
/// RFC 4180: quoted where it must be.
void writeCsvField(llvm::raw_ostream &OS, llvm::StringRef Text);
/// Cut in the middle to Width bytes; 0 = not at all.
std::string shortened(std::string Text, size_t Width);

/// Modules, their packages, their symbols; rows of no module beside modules.
struct TreeNode {
  std::string Name, Note; ///< Note: a module's version
  uint64_t Size = 0, Memory = 0;
  bool IsRest = false;
  std::vector<TreeNode> Children; ///< largest first; their sizes add up
};
TreeNode makeTree(const Attribution &A);

/// "Key": ["...", ...]
template <class Range>
void attributeTexts(llvm::json::OStream &J, llvm::StringRef Key,
                    const Range &Values) {
  J.attributeArray(Key, [&] {
    for (llvm::StringRef Value : Values)
      J.value(utf8(Value));
  });
}

} // namespace goslim

#endif // GOSLIM_LIB_REPORT_RENDER_H
