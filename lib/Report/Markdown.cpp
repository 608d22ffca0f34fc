//===- Markdown.cpp - the report for pull requests ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GitHub's tables. Names are code spans, in which only "|" and "`" mean
// anything.
//===----------------------------------------------------------------------===//
#include "Render.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

std::string goslim::codeSpan(StringRef Text) {
  std::string Out;
  size_t Ticks = 0, Longest = 0;
  for (char C : printable(Text)) {
    Ticks = C == '`' ? Ticks + 1 : 0;
    Longest = std::max(Longest, Ticks);
    Out += C == '|' ? "\\|" : std::string(1, C);
  }
  std::string Fence(Longest + 1, '`');
  StringRef Space = Longest ? " " : "";
  return Fence + Space.str() + Out + Space.str() + Fence;
}

static void writeRow(llvm::raw_ostream &OS, const ReportRow &R, uint64_t Whole,
                     const ReportOptions &O) {
  OS << "| " << amount(R.Size, O.Bytes) << " | " << percent(R.Size, Whole)
     << " | " << amount(R.Memory, O.Bytes) << " | ";
  if (R.IsRest)
    OS << "_" << R.Name << "_";
  else
    OS << codeSpan(R.Name);
  if (O.Group == By::Package || O.Group == By::Module) {
    std::string Origin = O.Group == By::Package ? R.Module : "";
    Origin += (Origin.empty() || R.Version.empty() ? "" : " ") + R.Version;
    OS << " | " << (Origin.empty() ? "" : codeSpan(Origin));
  }
  OS << " |\n";
}

void goslim::reportMarkdown(llvm::raw_ostream &OS, const Image &File,
                            const GoImage &Go, const Attribution &A,
                            const ReportOptions &O) {
  ProgramFacts F = factsOf(File, Go);
  Totals T = totalsOf(A);
  OS << "### " << codeSpan(F.Name) << ": " << amount(File.size(), false) << " ("
     << thousands(File.size()) << " bytes)\n\n";
  OS << File.arch() << " " << F.Os << ", "
     << (F.GoVersion.empty() ? "Go version unknown" : F.GoVersion) << ", "
     << (F.Stripped ? "stripped" : "with symbols") << ", "
     << amount(T.Memory, false) << " in memory\n\n";
  StringRef Last = O.Group == By::Package  ? " module |"
                   : O.Group == By::Module ? " version |"
                                           : "";
  OS << "| size | file | memory | " << byName(O.Group) << " |" << Last << "\n";
  OS << "| ---: | ---: | ---: | :--- |" << (Last.empty() ? "" : " :--- |")
     << "\n";
  std::vector<ReportRow> Rows = groupRows(File, A, O.Group);
  ReportRow More, Sum;
  size_t Shown = O.Top ? std::min<size_t>(O.Top, Rows.size()) : Rows.size();
  for (size_t I = 0; I < Rows.size(); ++I)
    if (I < Shown)
      writeRow(OS, Rows[I], File.size(), O);
    else
      More.Size += Rows[I].Size, More.Memory += Rows[I].Memory;
  More.IsRest = Sum.IsRest = true;
  More.Name = fmt::format("{} more", Rows.size() - Shown);
  if (Shown < Rows.size())
    writeRow(OS, More, File.size(), O);
  Sum.Size = File.size(), Sum.Memory = T.Memory, Sum.Name = "total";
  writeRow(OS, Sum, File.size(), O);
  OS << "\nEvidence:" << evidenceShares(T, File.size()) << "\n";
}
