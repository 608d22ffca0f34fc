//===- goslim/Report/Report.h - what people and programs read ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_REPORT_REPORT_H
#define GOSLIM_REPORT_REPORT_H

#include "goslim/Attribution/Attribution.h"
#include "llvm/Support/raw_ostream.h"

namespace goslim {

enum class By : uint8_t { Package, Module, Section, Kind, Symbol, Step, Span };

struct ReportOptions {
  By Group = By::Package;
  unsigned Top = 30;  ///< text rows; 0 = all. The rest is one row "(n more)"
  unsigned Width = 0; ///< terminal columns; 0 = not a terminal
  bool Colour = false;
  bool Bytes = false; ///< exact bytes instead of KiB/MiB in text
};

struct ReportRow {
  std::string Name, Module, Version;
  uint64_t Size = 0, Memory = 0;
  bool IsRest = false; ///< bytes of no package
};
/// Rows of a grouping; their sizes add up to the file size.
std::vector<ReportRow> groupRows(const Image &File, const Attribution &A, By G);

void reportText(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                const Attribution &A, const ReportOptions &O);
/// Schema "goslim-report/1", documented in `goslim help report-json`.
void reportJson(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                const Attribution &A);
/// offset,size,address,memsize,section,kind,step,package,module,symbol,evidence
void reportSpansCsv(llvm::raw_ostream &OS, const Image &File,
                    const Attribution &A);

/// `goslim inspect`: facts inferred from the bytes beside what build info
/// claims; text or JSON ("goslim-inspect/1").
llvm::Error inspect(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                    const Attribution &A, bool Json);

} // namespace goslim

#endif // GOSLIM_REPORT_REPORT_H
