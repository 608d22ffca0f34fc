//===- Compare.cpp - goslim compare ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Driver.h"
#include "Isolate.h"
#include "goslim/Report/Comparison.h"
#include "goslim/Verify/FileKind.h"

using namespace goslim;
using llvm::StringRef;

template <typename T>
static llvm::Expected<Equality> show(const Options &O, llvm::raw_ostream &OS,
                                     unsigned Width, llvm::Expected<T> C) {
  if (!C)
    return C.takeError();
  if (O.get("format") == "json")
    reportComparisonJson(OS, *C);
  else
    reportComparison(OS, *C, O.has("all"), Width);
  return C->Equal;
}

/// Two files of a kind.
static llvm::Expected<Equality> compare(const Options &O, llvm::raw_ostream &OS,
                                        unsigned Width) {
  static constexpr const char *Words[] = {"a program", "a release archive",
                                          "a package archive"};
  StringRef A = O.Operands[0], B = O.Operands[1];
  llvm::Expected<FileKind> Kind = kindOfFile(A);
  if (!Kind)
    return Kind.takeError();
  llvm::Expected<FileKind> Other = kindOfFile(B);
  if (!Other)
    return Other.takeError();
  if (*Kind != *Other)
    return llvm::createStringError(B + ": expected " + Words[int(*Kind)] +
                                   ", as " + A + " is one; found " +
                                   Words[int(*Other)]);
  if (*Kind == FileKind::Release)
    return show(O, OS, Width, compareArchives(A, B));
  if (*Kind == FileKind::Package)
    return show(O, OS, Width, comparePackages(A, B));
  return show(O, OS, Width, compareFiles(A, B));
}

int goslim::runCompare(const Options &O) {
  Equality Wanted = Equality::Identical;
  for (unsigned L = 0; L < unsigned(Equality::Different); ++L)
    if (equalityName(Equality(L)) ==
        llvm::StringRef(O.get("level", "identical")))
      Wanted = Equality(L);
  unsigned Width = terminalWidth();
  IsolateLimits Limits;
  Limits.CpuSeconds = 300;
  Limits.FixedBytes = uint64_t(6) << 30; // archives unpack
  return runIsolated(
      O.Operands[0],
      [&](llvm::raw_ostream &OS) -> int {
        llvm::Expected<Equality> Equal = compare(O, OS, Width);
        if (!Equal)
          return printError(Equal.takeError());
        return *Equal <= Wanted ? ExitClean : ExitFindings;
      },
      Limits);
}
