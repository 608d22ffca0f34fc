//===- Text.cpp - the report for people -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers first, in columns; names last, so that long ones do not push the
// numbers off the screen. Names come from a file that nobody vouches for:
// control characters, which could drive the terminal, are shown as "\xNN".
//===----------------------------------------------------------------------===//
#include "Render.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

StringRef goslim::byName(By G) {
  static constexpr StringRef Names[] = {"package", "module", "section",
                                        "kind",    "symbol", "step",
                                        "owner",   "object", "span"};
  return Names[unsigned(G)];
}

std::string goslim::printable(StringRef Text) {
  std::string Result;
  for (char C : Text)
    if (uint8_t(C) < 0x20 || C == 0x7f)
      Result += fmt::format("\\x{:02x}", uint8_t(C));
    else
      Result += C;
  return Result;
}

/// Width 0: unlimited. Cut in the middle: both ends of a package path tell
/// more than its middle. Never inside a UTF-8 sequence.
std::string goslim::shortened(std::string Text, size_t Width) {
  if (!Width || Text.size() <= Width || Width < 8)
    return Text;
  auto IsInside = [&](size_t At) { return (Text[At] & 0xC0) == 0x80; };
  size_t Head = (Width - 3) / 2, Tail = Text.size() - (Width - 3 - Head);
  while (Head && IsInside(Head))
    --Head;
  while (Tail < Text.size() && IsInside(Tail))
    ++Tail;
  return Text.substr(0, Head) + "..." + Text.substr(Tail);
}

std::string goslim::thousands(uint64_t N) {
  std::string Digits = std::to_string(N), Result;
  for (size_t I = 0; I < Digits.size(); ++I) {
    if (I && (Digits.size() - I) % 3 == 0)
      Result += ',';
    Result += Digits[I];
  }
  return Result;
}

std::string goslim::amount(uint64_t N, bool Bytes) {
  if (Bytes)
    return thousands(N);
  if (N < 1024)
    return fmt::format("{} B", N);
  static constexpr const char *Units[] = {"KiB", "MiB", "GiB",
                                          "TiB", "PiB", "EiB"};
  double Value = double(N) / 1024;
  unsigned Unit = 0;
  // 1023.95 would be printed as 1024.0.
  for (; Value >= 1023.95 && Unit + 1 < std::size(Units); ++Unit)
    Value /= 1024;
  return fmt::format("{:.1f} {}", Value, Units[Unit]);
}

std::string goslim::percent(uint64_t Part, uint64_t Whole) {
  return fmt::format("{:.1f} %",
                     Whole ? 100.0 * double(Part) / double(Whole) : 0.0);
}

std::string goslim::evidenceShares(const Totals &T, uint64_t FileSize) {
  std::string Out;
  for (unsigned E = 0; E < NumEvidence; ++E)
    if (T.ByEvidence[E])
      Out += fmt::format("{} {} {}", Out.empty() ? "" : ",",
                         std::string_view(evidenceName(Evidence(E))),
                         percent(T.ByEvidence[E], FileSize));
  return Out;
}

namespace {

struct Style {
  const char *Bold = "", *Dim = "", *End = "";
  explicit Style(bool Colour) {
    if (Colour)
      Bold = "\033[1m", Dim = "\033[2m", End = "\033[0m";
  }
};

/// One line of the table, not yet padded.
struct Line {
  std::string Size, Share, Memory, Name, Origin;
  bool IsRest = false, IsSum = false;
};

} // namespace

static void writeTop(llvm::raw_ostream &OS, const Image &File,
                     const GoImage &Go, const Totals &T, const Style &St) {
  ProgramFacts F = factsOf(File, Go);
  OS << St.Bold << printable(F.Name) << St.End << ": " << File.format();
  for (StringRef Word : {File.arch(), F.Os})
    if (!Word.empty())
      OS << ' ' << printable(Word);
  OS << ", "
     << (!F.GoVersion.empty() ? printable(F.GoVersion)
         : Go.isGo()          ? std::string("Go version unknown")
                              : std::string("not a Go program"));
  OS << ", " << (F.Stripped ? "stripped" : "with symbols") << '\n';
  if (!F.MainPath.empty())
    OS << "package " << printable(F.MainPath) << '\n';
  OS << thousands(File.size()) << " bytes";
  if (File.size() >= 1024)
    OS << " (" << amount(File.size(), false) << ")";
  OS << ", " << amount(T.Memory, false) << " in memory\n\n";
}

static Line lineOf(const ReportRow &R, uint64_t FileSize,
                   const ReportOptions &O) {
  Line L;
  L.Size = amount(R.Size, O.Bytes);
  L.Share = percent(R.Size, FileSize);
  L.Memory = amount(R.Memory, O.Bytes);
  L.Name = R.IsRest ? "[" + R.Name + "]" : printable(R.Name);
  L.IsRest = R.IsRest;
  if (O.Group == By::Package && !R.Module.empty())
    L.Origin = R.Module + (R.Version.empty() ? "" : " ") + R.Version;
  if (O.Group == By::Module)
    L.Origin = R.Version;
  L.Origin = printable(L.Origin);
  return L;
}

/// The rows that are shown, the rest of them in one, and the total.
static std::vector<Line> linesOf(const std::vector<ReportRow> &Rows,
                                 uint64_t FileSize, uint64_t Memory,
                                 const ReportOptions &O) {
  std::vector<Line> Lines;
  ReportRow Others, Sum;
  size_t Shown = O.Top && O.Top < Rows.size() ? O.Top : Rows.size();
  for (size_t I = 0; I < Rows.size(); ++I) {
    if (I < Shown) {
      Lines.push_back(lineOf(Rows[I], FileSize, O));
      continue;
    }
    Others.Size += Rows[I].Size;
    Others.Memory += Rows[I].Memory;
  }
  if (Shown < Rows.size()) {
    Lines.push_back(lineOf(Others, FileSize, O));
    Lines.back().Name = fmt::format("({} more)", Rows.size() - Shown);
    Lines.back().IsRest = true;
  }
  Sum.Size = FileSize, Sum.Memory = Memory;
  Lines.push_back(lineOf(Sum, FileSize, O));
  Lines.back().Name = "total";
  Lines.back().IsSum = true;
  return Lines;
}

static void writeTable(llvm::raw_ostream &OS, std::vector<Line> Lines,
                       const ReportOptions &O, const Style &St) {
  Line Head;
  Head.Size = O.Bytes ? "bytes" : "size", Head.Share = "file";
  Head.Memory = "memory", Head.Name = byName(O.Group);
  if (O.Group == By::Package)
    Head.Origin = "module";
  if (O.Group == By::Module)
    Head.Origin = "version";
  Lines.insert(Lines.begin(), Head);

  size_t SizeWidth = 0, ShareWidth = 0, MemoryWidth = 0, NameWidth = 0,
         OriginWidth = 0;
  for (const Line &L : Lines) {
    SizeWidth = std::max(SizeWidth, L.Size.size());
    ShareWidth = std::max(ShareWidth, L.Share.size());
    MemoryWidth = std::max(MemoryWidth, L.Memory.size());
    NameWidth = std::max(NameWidth, L.Name.size());
    OriginWidth = std::max(OriginWidth, L.Origin.size());
  }
  // On a terminal: names get what the numbers leave, origins what names leave.
  size_t Room = 0;
  if (O.Width) {
    size_t Numbers = SizeWidth + ShareWidth + MemoryWidth + 6;
    Room = O.Width > Numbers + 20 ? O.Width - Numbers : 20;
    NameWidth = std::min(NameWidth, Room);
    OriginWidth =
        std::min(OriginWidth, Room > NameWidth + 2 ? Room - NameWidth - 2 : 0);
    if (OriginWidth < 12)
      OriginWidth = 0;
  }
  for (size_t I = 0; I < Lines.size(); ++I) {
    const Line &L = Lines[I];
    const char *On = I == 0 || L.IsSum ? St.Bold : L.IsRest ? St.Dim : "";
    std::string Text =
        fmt::format("{:>{}}  {:>{}}  {:>{}}  ", L.Size, SizeWidth, L.Share,
                    ShareWidth, L.Memory, MemoryWidth);
    std::string Name = shortened(L.Name, Room);
    if (L.Origin.empty() || !OriginWidth)
      Text += Name;
    else
      Text += fmt::format("{:<{}}  {}", Name, NameWidth,
                          shortened(L.Origin, O.Width ? OriginWidth : 0));
    OS << On << Text << (*On ? St.End : "") << '\n';
  }
}

/// What leaving out symbols and debug data would save, or did.
static void writeStripping(llvm::raw_ostream &OS, const Image &File,
                           const GoImage &Go, const Attribution &A) {
  uint64_t Would = 0, Did = 0;
  for (const FlagEffect &F : strippingEffects(File, Go, A))
    if (F.Flag == "-s" || F.Flag == "-w")
      (F.What == FlagEffect::Effect::WouldSave ? Would : Did) +=
          F.Bytes.value_or(0);
  if (Would)
    OS << "-s -w would save " << amount(Would, false) << " ("
       << percent(Would, File.size()) << "), see --flags\n";
  else if (Did)
    OS << "-s saves " << amount(Did, false) << ", see --flags\n";
}

static void writeEnd(llvm::raw_ostream &OS, const Image &File,
                     const GoImage &Go, const Attribution &A, const Totals &T,
                     const Style &St) {
  OS << "\nevidence:" << evidenceShares(T, File.size()) << '\n';
  if (A.ReplayedSymbols)
    OS << (A.Notes.empty() ? "exact" : "exact but for what the notes name")
       << ": the link was replayed, " << thousands(A.ReplayedSymbols)
       << " symbols proven on the file\n";
  writeStripping(OS, File, Go, A);
  if (!A.NoReplay.empty())
    OS << St.Dim << "note: not exact: " << printable(A.NoReplay) << St.End
       << '\n';
  if (uint64_t Unknown = T.ByEvidence[unsigned(Evidence::None)])
    OS << St.Dim
       << "note: " << (A.ReplayedSymbols ? "" : "read from the file alone; ")
       << amount(Unknown, false) << " have no known owner"
       << (Go.isGo() && !A.ReplayedSymbols
               ? " (strings, constants, data: a program's tables do not "
                 "name their package)"
               : "")
       << St.End << '\n';
  for (const std::string &Note : A.Notes)
    OS << St.Dim << "note: " << printable(Note) << St.End << '\n';
}

void goslim::reportText(llvm::raw_ostream &OS, const Image &File,
                        const GoImage &Go, const Attribution &A,
                        const ReportOptions &O) {
  Totals T = totalsOf(A);
  Style St(O.Colour);
  writeTop(OS, File, Go, T, St);
  writeTable(OS, linesOf(groupRows(File, A, O.Group), File.size(), T.Memory, O),
             O, St);
  writeEnd(OS, File, Go, A, T, St);
}
