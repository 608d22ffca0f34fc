//===- Archives.cpp - release archives, for people and programs -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Render.h"
#include "goslim/Report/Comparison.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

static std::string verdictOf(const ArchiveComparison &C) {
  if (C.Equal == Equality::Identical)
    return equalityWords(C.Equal).str();
  if (!C.Only[0].empty() || !C.Only[1].empty())
    return "other members";
  if (C.Members.empty())
    return "the same members, bit for bit; packed otherwise";
  return "of members that differ: " + equalityWords(C.Equal).str();
}

static void names(llvm::raw_ostream &OS, StringRef Label,
                  const std::vector<std::string> &Names, bool All) {
  constexpr size_t Most = 5;
  for (size_t I = 0; I < Names.size() && (All || I < Most); ++I)
    OS << Label << printable(Names[I]) << '\n';
  if (!All && Names.size() > Most)
    OS << Label << '(' << Names.size() - Most << " more; --all lists them)\n";
}

void goslim::reportComparison(llvm::raw_ostream &OS, const ArchiveComparison &C,
                              bool All, unsigned Width) {
  constexpr size_t Most = 3;
  OS << "A  " << printable(C.Paths[0]) << "\nB  " << printable(C.Paths[1])
     << "\n\nverdict   " << verdictOf(C) << "\nmembers   " << C.Common
     << " in both";
  if (!C.Members.empty())
    OS << ", " << C.Members.size() << " of them differ";
  OS << '\n';
  names(OS, "only in A ", C.Only[0], All);
  names(OS, "only in B ", C.Only[1], All);
  for (const std::string &Line : C.Container)
    OS << shortened("packing   " + printable(Line), All ? 0 : Width) << '\n';
  size_t Shown = 0;
  std::vector<std::string> Others;
  for (const ArchiveComparison::Changed &M : C.Members)
    if (!M.Programs)
      Others.push_back(M.Name);
    else if (All || Shown++ < Most) {
      OS << '\n';
      reportComparison(OS, *M.Programs, All, Width);
    }
  if (!All && Shown > Most)
    OS << "\n(" << Shown - Most << " more programs; --all lists them)\n";
  if (!Others.empty())
    OS << "\nother files that differ\n";
  names(OS, "  ", Others, All);
}

void goslim::reportComparisonJson(llvm::raw_ostream &OS,
                                  const ArchiveComparison &C) {
  llvm::json::OStream J(OS, 2);
  J.object([&] {
    J.attribute("schema", "goslim-compare-archives/1");
    J.attributeArray("files", [&] {
      for (unsigned I = 0; I < 2; ++I)
        J.object([&] {
          J.attribute("path", utf8(C.Paths[I]));
          J.attribute("sha256", C.Sha256[I]);
        });
    });
    J.attribute("level", equalityName(C.Equal));
    J.attribute("common", int64_t(C.Common));
    attributeTexts(J, "only_a", C.Only[0]);
    attributeTexts(J, "only_b", C.Only[1]);
    attributeTexts(J, "packing", C.Container);
    J.attributeArray("members", [&] {
      for (const ArchiveComparison::Changed &M : C.Members)
        J.object([&] {
          J.attribute("name", utf8(M.Name));
          J.attribute("level", equalityName(M.Programs ? M.Programs->Equal
                                                       : Equality::Different));
        });
    });
  });
  OS << '\n';
}

void goslim::reportComparison(llvm::raw_ostream &OS, const PackageComparison &C,
                              bool All, unsigned Width) {
  constexpr size_t Most = 16;
  for (unsigned I = 0; I < 2; ++I)
    OS << "AB"[I] << "  " << printable(C.Paths[I]) << ": "
       << printable(C.Headers[I]) << '\n';
  OS << "\nverdict   " << equalityWords(C.Equal) << '\n';
  if (!C.Findings.empty())
    OS << '\n';
  size_t Shown = All ? C.Findings.size() : std::min(Most, C.Findings.size());
  for (size_t I = 0; I < Shown; ++I)
    OS << shortened(fmt::format("{:<12}  {}", C.Findings[I].What,
                                printable(C.Findings[I].Detail)),
                    All ? 0 : Width)
       << '\n';
  if (Shown < C.Findings.size())
    OS << '(' << C.Findings.size() - Shown << " more; --all lists them)\n";
}

void goslim::reportComparisonJson(llvm::raw_ostream &OS,
                                  const PackageComparison &C) {
  llvm::json::OStream J(OS, 2);
  J.object([&] {
    J.attribute("schema", "goslim-compare-packages/1");
    J.attributeArray("files", [&] {
      for (unsigned I = 0; I < 2; ++I)
        J.object([&] {
          J.attribute("path", utf8(C.Paths[I]));
          J.attribute("sha256", C.Sha256[I]);
          J.attribute("header", utf8(C.Headers[I]));
        });
    });
    J.attribute("level", equalityName(C.Equal));
    J.attributeArray("findings", [&] {
      for (const PackageComparison::Difference &D : C.Findings)
        J.object([&] {
          J.attribute("what", D.What);
          J.attribute("detail", utf8(D.Detail));
          J.attribute("level", equalityName(D.Asks));
        });
    });
  });
  OS << '\n';
}

void goslim::inspectArchive(llvm::raw_ostream &OS, const ReleaseArchive &A,
                            bool Json, unsigned Indent) {
  std::vector<std::string> Wrong = notDeterministic(A);
  StringRef Name = llvm::sys::path::filename(A.Path);
  if (Json) {
    llvm::json::OStream J(OS, Indent);
    J.object([&] {
      J.attribute("schema", "goslim-inspect-archive/1");
      J.attribute("name", utf8(Name));
      J.attribute("format", A.Format);
      J.attribute("sha256", A.Sha256);
      J.attributeArray("members", [&] {
        for (const PackedFile &M : A.Members)
          J.object([&] {
            J.attribute("name", utf8(M.Name));
            J.attribute("kind", StringRef(&M.Kind, 1));
            J.attribute("size", M.Size);
            J.attribute("mtime", M.Time);
            J.attribute("mode", M.Mode);
            J.attribute("owner", utf8(M.Owner));
          });
      });
      J.attribute("deterministic", Wrong.empty());
      attributeTexts(J, "because", Wrong);
    });
    OS << '\n';
    return;
  }
  OS << printable(Name) << "\n\nformat          " << A.Format << ", "
     << thousands(A.Size) << " bytes, " << A.Members.size()
     << " members\nsha256          " << A.Sha256 << "\npacked again    "
     << (Wrong.empty() ? "the same, as far as one archive can show"
                       : "not the same")
     << '\n';
  for (const std::string &W : Wrong)
    OS << "                " << printable(W) << '\n';
  OS << '\n';
  for (const PackedFile &M : A.Members)
    OS << fmt::format("{} {:>4o} {:>12}  {}\n", M.Kind, M.Mode,
                      thousands(M.Size), printable(M.Name));
}
