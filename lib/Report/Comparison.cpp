//===- Comparison.cpp - why two files differ, for people and programs -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Report/Comparison.h"
#include "Render.h"
#include "llvm/Support/JSON.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

static std::string idWords(const Comparison &C) {
  std::string Out;
  for (bool Differs : C.IdDiffers)
    Out += Differs ? 'x' : '=';
  return C.HasIds ? Out + "  " : "";
}

static void printSide(llvm::raw_ostream &OS, StringRef Label,
                      const Comparison::Side &S) {
  OS << Label << printable(S.Path) << ": " << thousands(S.Size) << " bytes";
  if (!S.GoVersion.empty())
    OS << ", " << printable(S.GoVersion);
  if (S.Altered)
    OS << ", changed after the build (its content ID is another's)";
  OS << '\n';
}

static void printFinding(llvm::raw_ostream &OS, const CompareFinding &F,
                         bool All, unsigned Width) {
  std::string Line = fmt::format("{:>12}  {}", thousands(F.Bytes),
                                 std::string_view(causeTitle(F.Why)));
  if (!F.Detail.empty())
    Line += ": " + printable(F.Detail);
  OS << shortened(std::move(Line), All ? 0 : Width) << '\n';
  bool IsVague = F.Asks == Equality::Different;
  if (All || IsVague)
    for (size_t I = 0; I < F.Places.size() && (All || !I); ++I)
      OS << "              at " << printable(F.Places[I]) << '\n';
}

void goslim::reportComparison(llvm::raw_ostream &OS, const Comparison &C,
                              bool All, unsigned Width) {
  constexpr size_t Most = 8;
  printSide(OS, "A  ", C.Files[0]);
  printSide(OS, "B  ", C.Files[1]);
  OS << "\nverdict   " << equalityWords(C.Equal) << '\n';
  if (!C.Normalisers.empty()) {
    OS << "passes    ";
    for (size_t I = 0; I < C.Normalisers.size(); ++I)
      OS << (I ? ", " : "") << C.Normalisers[I];
    OS << '\n';
  }
  OS << "build ID  " << idWords(C) << C.Reading << '\n';
  if (C.HasRecords && !C.Packages.empty()) {
    OS << "archives  " << C.Packages.size() << " differ:";
    for (size_t I = 0; I < C.Packages.size() && (All || I < 4); ++I)
      OS << (I ? ", " : " ") << printable(C.Packages[I]);
    OS << (!All && C.Packages.size() > 4 ? ", ...\n" : "\n");
  } else if (C.HasRecords && C.Equal != Equality::Identical) {
    OS << "archives  all packages are the same; only the link differs\n";
  }
  if (C.Findings.empty())
    return;
  OS << "\n       bytes  cause\n";
  size_t Shown = All ? C.Findings.size() : std::min(Most, C.Findings.size());
  uint64_t Rest = 0;
  for (size_t I = 0; I < C.Findings.size(); ++I)
    if (I < Shown)
      printFinding(OS, C.Findings[I], All, Width);
    else
      Rest += C.Findings[I].Bytes;
  if (Shown < C.Findings.size())
    OS << fmt::format("{:>12}  ({} more; --all lists them)\n", thousands(Rest),
                      C.Findings.size() - Shown);
  OS << fmt::format("{:>12}  differ\n", thousands(C.DifferingBytes));
}

void goslim::reportComparisonJson(llvm::raw_ostream &OS, const Comparison &C) {
  llvm::json::OStream J(OS, 2);
  J.object([&] {
    J.attribute("schema", "goslim-compare/1");
    J.attributeArray("files", [&] {
      for (const Comparison::Side &S : C.Files)
        J.object([&] {
          J.attribute("path", utf8(S.Path));
          J.attribute("sha256", S.Sha256);
          J.attribute("size", S.Size);
          J.attribute("go", utf8(S.GoVersion));
          J.attribute("build_id", utf8(S.BuildId));
          J.attribute("altered", S.Altered);
        });
    });
    J.attribute("level", equalityName(C.Equal));
    attributeTexts(J, "normalisers", C.Normalisers);
    J.attributeObject("build_id", [&] {
      J.attribute("available", C.HasIds);
      J.attributeArray("differs", [&] {
        for (bool Differs : C.IdDiffers)
          J.value(Differs);
      });
      J.attribute("reading", C.Reading);
    });
    J.attribute("records", C.HasRecords);
    attributeTexts(J, "packages", C.Packages);
    J.attribute("differing_bytes", C.DifferingBytes);
    J.attributeArray("findings", [&] {
      for (const CompareFinding &F : C.Findings)
        J.object([&] {
          J.attribute("cause", causeName(F.Why));
          J.attribute("detail", utf8(F.Detail));
          J.attribute("bytes", F.Bytes);
          J.attribute("level", equalityName(F.Asks));
          attributeTexts(J, "places", F.Places);
        });
    });
  });
  OS << '\n';
}
