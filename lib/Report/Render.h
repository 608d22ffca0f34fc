//===- Render.h - what the renderers share ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_REPORT_RENDER_H
#define GOSLIM_LIB_REPORT_RENDER_H

#include "goslim/Report/Report.h"

namespace goslim {

struct Totals {
  uint64_t Memory = 0;
  uint64_t ByEvidence[NumEvidence] = {}, ByKind[NumKinds] = {}; ///< file bytes
};
Totals totalsOf(const Attribution &A);

/// The line above a report.
struct ProgramFacts {
  llvm::StringRef Name; ///< without folder: reports are compared
  llvm::StringRef Os, GoVersion, MainPath;
  bool Stripped = false;
};
ProgramFacts factsOf(const Image &File, const GoImage &Go);

/// "package", "module", ...
llvm::StringRef byName(By G);

} // namespace goslim

#endif // GOSLIM_LIB_REPORT_RENDER_H
