//===- goslim/Report/Report.h - what people and programs read ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_REPORT_REPORT_H
#define GOSLIM_REPORT_REPORT_H

#include "goslim/Attribution/Attribution.h"
#include "llvm/Support/raw_ostream.h"

namespace goslim {

struct OtherProgram;

enum class By : uint8_t {
  Package,
  Module,
  Section,
  Kind,
  Symbol,
  Step,
  Owner,
  Object,
  Span
};

/// A line of a CODEOWNERS file.
struct OwnerRule {
  std::string Pattern, Owners; ///< Owners "" = nobody's
};
std::vector<OwnerRule> parseCodeOwners(llvm::StringRef Text);
/// Gives each package its owner.
void assignOwners(Attribution &A, const GoImage &Go,
                  const std::vector<OwnerRule> &Rules);

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
  bool IsRest = false; ///< not a thing of the kind asked for: "padding", ...
};
/// Rows of a grouping, largest first; their sizes add up to the file size.
std::vector<ReportRow> groupRows(const Image &File, const Attribution &A, By G);

void reportText(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                const Attribution &A, const ReportOptions &O);
/// What a flag of go or of its linker does to the size of this file.
struct FlagEffect {
  enum class Effect : uint8_t { Saves, WouldSave, Costs, WouldCost };
  std::string Flag; ///< "-s", "-X main.version=..."
  Effect What = Effect::Saves;
  std::optional<uint64_t> Bytes; ///< of the file; nullopt = not known
  std::string Because;           ///< of what, for people
};
llvm::StringRef effectName(FlagEffect::Effect E); ///< "would save", ...
/// Exact but for alignment: within 1 % of what a build with the flag changes.
std::vector<FlagEffect> flagEffects(const Image &File, const GoImage &Go,
                                    const Attribution &A);
/// As a table.
void reportFlags(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                 const Attribution &A, const ReportOptions &O);

/// module > package > symbol, at most O.Top rows on each level (0 = all).
void reportTree(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                const Attribution &A, const ReportOptions &O);
/// A table for a pull request: GitHub's Markdown.
void reportMarkdown(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                    const Attribution &A, const ReportOptions &O);
/// One page for browsers, offline: a treemap to drill into, and a table.
void reportHtml(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                const Attribution &A);
/// The treemap of modules and packages as a picture.
void reportSvg(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
               const Attribution &A);
/// What go-size-analyzer 1.7 prints with -f json.
void reportGsaJson(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                   const Attribution &A);
/// What bloaty prints with -d sections,symbols --csv -n 0.
void reportBloatyCsv(llvm::raw_ostream &OS, const Image &File,
                     const Attribution &A);

/// A file and all that is known about it; borrowed.
struct ReportedFile {
  const Image &File;
  const GoImage &Go;
  const Attribution &Spans;
};
/// Rows of O.Group with their sizes in both files, the largest change first;
/// Format is text, markdown, csv or json. Both sides add up to their files.
void reportChanges(llvm::raw_ostream &OS, const ReportedFile &Old,
                   const ReportedFile &New, llvm::StringRef Format,
                   const ReportOptions &O);

/// Writes Path, an SQLite file with all spans and some views (`goslim help
/// report-sql`), whole or not at all.
llvm::Error writeSqlite(const std::string &Path, const ReportedFile &F);

/// Schema "goslim-report/1", documented in `goslim help report-json`. A Group
/// other than package adds "by" and "rows". Indent 0: on one line.
void reportJson(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                const Attribution &A, By Group = By::Package,
                unsigned Indent = 2);

struct CsvOptions {
  bool Header = true;        ///< the line with the names of the columns
  bool WithFileName = false; ///< a first column "file": several files
};
/// RFC 4180 with LF, numbers decimal, one line for each span:
/// offset,size,address,memsize,section,kind,step,package,module,symbol,evidence,
/// object. Step is empty where the evidence is "none".
void reportSpansCsv(llvm::raw_ostream &OS, const Image &File,
                    const Attribution &A, const CsvOptions &O = {});
/// The rows of a grouping: name,module,version,size,memory,rest (0 or 1).
void reportRowsCsv(llvm::raw_ostream &OS, const Image &File,
                   const Attribution &A, By Group, const CsvOptions &O = {});

/// `goslim inspect`: facts inferred from the bytes beside what build info
/// claims; text or JSON ("goslim-inspect/1"; Indent 0: on one line).
llvm::Error inspect(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
                    bool Json, unsigned Indent = 2);
/// The same of PE, Mach-O and Wasm.
void inspect(llvm::raw_ostream &OS, const OtherProgram &Other, bool Json,
             unsigned Indent = 2);

/// What the bytes prove, as attributes of an attestation, sorted: "STATIC",
/// "STRIPPED", "NEEDS_GLIBC_2.34", ...
llvm::Expected<std::vector<std::string>> provenAttributes(const Image &File,
                                                          const GoImage &Go);
std::vector<std::string> provenAttributes(const OtherProgram &Other);

} // namespace goslim

#endif // GOSLIM_REPORT_REPORT_H
