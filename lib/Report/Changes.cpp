//===- Changes.cpp - two files side by side -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rows of one grouping of both files, joined by name.
//===----------------------------------------------------------------------===//
#include "Render.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include <fmt/format.h>
#include <map>

using namespace goslim;
using llvm::StringRef;

namespace {

struct Change {
  std::string Name, Version; ///< of the new file, else of the old one
  bool IsRest = false;
  uint64_t Old = 0, New = 0, OldMemory = 0, NewMemory = 0;
  int64_t size() const { return int64_t(New - Old); }
  int64_t memory() const { return int64_t(NewMemory - OldMemory); }
};

} // namespace

static std::vector<Change> changesOf(const ReportedFile &Old,
                                     const ReportedFile &New, By Group) {
  std::map<std::pair<std::string, bool>, Change> ByName;
  auto At = [&](const ReportRow &R) -> Change & {
    Change &C = ByName[{R.Name, R.IsRest}];
    C.Name = R.Name, C.IsRest = R.IsRest;
    return C;
  };
  auto VersionOf = [&](const ReportRow &R) {
    return Group == By::Module ? R.Version : "";
  };
  for (const ReportRow &R : groupRows(Old.File, Old.Spans, Group)) {
    Change &C = At(R);
    C.Old = R.Size, C.OldMemory = R.Memory, C.Version = VersionOf(R);
  }
  for (const ReportRow &R : groupRows(New.File, New.Spans, Group)) {
    Change &C = At(R);
    std::string Version = VersionOf(R);
    if (!C.Version.empty() && C.Version != Version)
      Version = C.Version + " -> " + Version;
    C.New = R.Size, C.NewMemory = R.Memory, C.Version = Version;
  }
  std::vector<Change> Out;
  for (auto &[Key, C] : ByName)
    Out.push_back(std::move(C));
  llvm::stable_sort(Out, [](const Change &X, const Change &Y) {
    uint64_t A = uint64_t(std::abs(X.size())), B = uint64_t(std::abs(Y.size()));
    return std::pair(A, X.New) > std::pair(B, Y.New);
  });
  return Out;
}

/// "+1.2 KiB", "-3 B", "0 B".
static std::string signedAmount(int64_t N, bool Bytes) {
  std::string Text = amount(uint64_t(std::abs(N)), Bytes);
  return N ? (N > 0 ? "+" : "-") + Text : Text;
}

static std::string change(const Change &C) {
  return C.Old == 0   ? "new"
         : C.New == 0 ? "gone"
                      : fmt::format("{:+.1f} %",
                                    100.0 * double(C.size()) / double(C.Old));
}

namespace {

/// Cells of the table for people: numbers, then the name.
struct Cells {
  std::array<std::string, 4> Numbers;
  std::string Name;
};

} // namespace

static std::vector<Cells> tableOf(std::vector<Change> All,
                                  const ReportOptions &O) {
  // Rows that did not change say nothing.
  llvm::erase_if(All, [](const Change &C) { return !C.size(); });
  std::vector<Cells> Out;
  auto Add = [&](const Change &C, std::string Name) {
    Out.push_back({{amount(C.Old, O.Bytes), amount(C.New, O.Bytes),
                    signedAmount(C.size(), O.Bytes), change(C)},
                   std::move(Name)});
  };
  size_t Shown = O.Top ? std::min<size_t>(O.Top, All.size()) : All.size();
  Change More;
  for (size_t I = 0; I < All.size(); ++I) {
    const Change &C = All[I];
    if (I >= Shown) {
      More.Old += C.Old, More.New += C.New;
      continue;
    }
    std::string Name = printable(C.Name);
    if (C.IsRest)
      Name = "[" + Name + "]";
    Add(C, Name + (C.Version.empty() ? "" : " " + printable(C.Version)));
  }
  if (Shown < All.size())
    Add(More, fmt::format("({} more)", All.size() - Shown));
  return Out;
}

static Cells totalOf(const ReportedFile &Old, const ReportedFile &New,
                     const ReportOptions &O) {
  Change C;
  C.Old = Old.File.size(), C.New = New.File.size();
  return {{amount(C.Old, O.Bytes), amount(C.New, O.Bytes),
           signedAmount(C.size(), O.Bytes), change(C)},
          "total"};
}

static void writeText(llvm::raw_ostream &OS, const ReportedFile &Old,
                      const ReportedFile &New, const ReportOptions &O) {
  std::vector<Cells> Table = {
      {{"old", "new", "change", ""}, byName(O.Group).str()}};
  llvm::append_range(Table, tableOf(changesOf(Old, New, O.Group), O));
  Table.push_back(totalOf(Old, New, O));
  std::array<size_t, 4> Widths = {};
  for (const Cells &C : Table)
    for (size_t I = 0; I < Widths.size(); ++I)
      Widths[I] = std::max(Widths[I], C.Numbers[I].size());
  OS << printable(factsOf(Old.File, Old.Go).Name) << " -> "
     << printable(factsOf(New.File, New.Go).Name) << "\n\n";
  for (const Cells &C : Table) {
    std::string Line;
    for (size_t I = 0; I < Widths.size(); ++I)
      Line += fmt::format("{:>{}}  ", C.Numbers[I], Widths[I]);
    size_t Room = O.Width > Line.size() + 12 ? O.Width - Line.size() : 0;
    OS << Line << shortened(C.Name, O.Width ? std::max<size_t>(Room, 12) : 0)
       << '\n';
  }
}

static void writeMarkdown(llvm::raw_ostream &OS, const ReportedFile &Old,
                          const ReportedFile &New, const ReportOptions &O) {
  std::vector<Cells> Table = tableOf(changesOf(Old, New, O.Group), O);
  Cells Total = totalOf(Old, New, O);
  OS << "### " << codeSpan(factsOf(New.File, New.Go).Name) << ": "
     << Total.Numbers[2] << " (" << Total.Numbers[3] << ")\n\n| "
     << byName(O.Group) << " | old | new | change | |\n"
     << "| :--- | ---: | ---: | ---: | ---: |\n";
  auto Row = [&](const Cells &C, const std::string &Name) {
    OS << "| " << Name;
    for (const std::string &N : C.Numbers)
      OS << " | " << N;
    OS << " |\n";
  };
  for (const Cells &C : Table)
    Row(C, codeSpan(C.Name));
  Row(Total, "_total_");
}

static void writeCsv(llvm::raw_ostream &OS, const std::vector<Change> &All) {
  OS << "name,rest,old,new,change,old_memory,new_memory,memory_change\n";
  for (const Change &C : All) {
    writeCsvField(OS, C.Name);
    OS << ',' << int(C.IsRest) << ',' << C.Old << ',' << C.New << ','
       << C.size() << ',' << C.OldMemory << ',' << C.NewMemory << ','
       << C.memory() << '\n';
  }
}

static void writeJson(llvm::raw_ostream &OS, const ReportedFile &Old,
                      const ReportedFile &New, By Group,
                      const std::vector<Change> &All) {
  llvm::json::OStream J(OS, 2);
  J.object([&] {
    J.attribute("schema", "goslim-changes/1");
    for (auto [Key, F] : {std::pair("old", &Old), std::pair("new", &New)})
      J.attributeObject(Key, [&, F = F] {
        J.attribute("name", utf8(factsOf(F->File, F->Go).Name));
        J.attribute("size", F->File.size());
      });
    J.attribute("by", byName(Group));
    J.attributeArray("rows", [&] {
      for (const Change &C : All)
        J.object([&] {
          J.attribute("name", utf8(C.Name));
          J.attribute("rest", C.IsRest);
          J.attribute("old", C.Old);
          J.attribute("new", C.New);
          J.attribute("old_memory", C.OldMemory);
          J.attribute("new_memory", C.NewMemory);
        });
    });
  });
  OS << '\n';
}

void goslim::reportChanges(llvm::raw_ostream &OS, const ReportedFile &Old,
                           const ReportedFile &New, StringRef Format,
                           const ReportOptions &O) {
  if (Format == "csv")
    writeCsv(OS, changesOf(Old, New, O.Group));
  else if (Format == "json")
    writeJson(OS, Old, New, O.Group, changesOf(Old, New, O.Group));
  else if (Format == "markdown")
    writeMarkdown(OS, Old, New, O);
  else
    writeText(OS, Old, New, O);
}
