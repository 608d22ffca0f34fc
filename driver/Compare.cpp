//===- Compare.cpp - goslim compare ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Driver.h"
#include "Isolate.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Report/Comparison.h"

using namespace goslim;
using llvm::StringRef;

namespace {
enum class FileKind { Program, Release, Package };
}

static llvm::Expected<FileKind> kindOf(const std::string &Path) {
  constexpr int64_t Begin = 512;
  auto Bytes = llvm::MemoryBuffer::getFileSlice(Path, Begin, 0);
  if (!Bytes)
    return llvm::createStringError(Path + ": " +
                                   errnoText(Bytes.getError().value()));
  StringRef Head = (*Bytes)->getBuffer();
  return isReleaseArchive(Head)   ? FileKind::Release
         : isPackageArchive(Head) ? FileKind::Package
                                  : FileKind::Program;
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

static llvm::Expected<Equality>
comparePackageFiles(const Options &O, llvm::raw_ostream &OS, unsigned Width) {
  llvm::Expected<PackageComparison> C =
      comparePackages(O.Operands[0], O.Operands[1]);
  if (!C)
    return C.takeError();
  if (O.get("format") == "json")
    reportPackagesJson(OS, *C);
  else
    reportPackages(OS, *C, O.has("all"), Width);
  return C->Equal;
}

/// Two files of a kind.
static llvm::Expected<Equality> compare(const Options &O, llvm::raw_ostream &OS,
                                        unsigned Width) {
  static constexpr const char *Words[] = {"a program", "a release archive",
                                          "a package archive"};
  static constexpr auto Functions = {comparePrograms, compareReleases,
                                     comparePackageFiles};
  llvm::Expected<FileKind> A = kindOf(O.Operands[0]);
  if (!A)
    return A.takeError();
  llvm::Expected<FileKind> B = kindOf(O.Operands[1]);
  if (!B)
    return B.takeError();
  if (*A != *B)
    return llvm::createStringError(O.Operands[1] + ": expected " +
                                   Words[int(*A)] + ", as " + O.Operands[0] +
                                   " is one; found " + Words[int(*B)]);
  return Functions.begin()[int(*A)](O, OS, Width);
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
