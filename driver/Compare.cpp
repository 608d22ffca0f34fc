//===- Compare.cpp - goslim compare ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Driver.h"
#include "Isolate.h"
#include "goslim/Report/Comparison.h"

using namespace goslim;

int goslim::runCompare(const Options &O) {
  Equality Wanted = Equality::Identical;
  for (unsigned L = 0; L < unsigned(Equality::Different); ++L)
    if (equalityName(Equality(L)) ==
        llvm::StringRef(O.get("level", "identical")))
      Wanted = Equality(L);
  unsigned Width = terminalWidth();
  IsolateLimits Limits;
  Limits.CpuSeconds = 300;
  return runIsolated(
      O.Operands[0],
      [&](llvm::raw_ostream &OS) -> int {
        llvm::Expected<Comparison> C =
            compareFiles(O.Operands[0], O.Operands[1]);
        if (!C)
          return printError(C.takeError());
        if (O.get("format") == "json")
          reportComparisonJson(OS, *C);
        else
          reportComparison(OS, *C, O.has("all"), Width);
        return C->Equal <= Wanted ? ExitClean : ExitFindings;
      },
      Limits);
}
