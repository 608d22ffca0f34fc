//===- Compare.cpp - goslim compare ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Driver.h"
#include "Isolate.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Report/Comparison.h"

using namespace goslim;

static llvm::Expected<bool> isArchive(const std::string &Path) {
  constexpr int64_t Begin = 512;
  auto Bytes = llvm::MemoryBuffer::getFileSlice(Path, Begin, 0);
  if (!Bytes)
    return llvm::createStringError(Path + ": " +
                                   errnoText(Bytes.getError().value()));
  return isReleaseArchive((*Bytes)->getBuffer());
}

static llvm::Expected<Equality>
compareReleases(const Options &O, llvm::raw_ostream &OS, unsigned Width) {
  llvm::Expected<ReleaseArchive> A = readReleaseArchive(O.Operands[0]);
  if (!A)
    return A.takeError();
  llvm::Expected<ReleaseArchive> B = readReleaseArchive(O.Operands[1]);
  if (!B)
    return B.takeError();
  ArchiveComparison C = compareArchives(std::move(*A), std::move(*B));
  if (O.get("format") == "json")
    reportArchivesJson(OS, C);
  else
    reportArchives(OS, C, O.has("all"), Width);
  return C.Equal;
}

static llvm::Expected<Equality>
comparePrograms(const Options &O, llvm::raw_ostream &OS, unsigned Width) {
  llvm::Expected<Comparison> C = compareFiles(O.Operands[0], O.Operands[1]);
  if (!C)
    return C.takeError();
  if (O.get("format") == "json")
    reportComparisonJson(OS, *C);
  else
    reportComparison(OS, *C, O.has("all"), Width);
  return C->Equal;
}

/// Two release archives, or two programs.
static llvm::Expected<Equality> compare(const Options &O, llvm::raw_ostream &OS,
                                        unsigned Width) {
  llvm::Expected<bool> A = isArchive(O.Operands[0]);
  if (!A)
    return A.takeError();
  llvm::Expected<bool> B = isArchive(O.Operands[1]);
  if (!B)
    return B.takeError();
  if (*A != *B)
    return llvm::createStringError(
        O.Operands[*A ? 1 : 0] + ": expected a release archive, as " +
        O.Operands[*A ? 0 : 1] + " is one; found none");
  return *A ? compareReleases(O, OS, Width) : comparePrograms(O, OS, Width);
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
