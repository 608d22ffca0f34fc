//===- Inspect.cpp - goslim inspect ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each file is read and printed in a child of its own (Isolate.h), so that a
// damaged one costs its own answer only. Several files give several texts with
// an empty line between them, or one JSON object a line.
//===----------------------------------------------------------------------===//
#include "Driver.h"
#include "Isolate.h"
#include "goslim/Report/Comparison.h"
#include "goslim/Report/Report.h"
#include "goslim/Verify/FileKind.h"
#include "goslim/Verify/Published.h"

using namespace goslim;

static int answer(const std::string &Path, bool Json, unsigned Indent,
                  llvm::raw_ostream &OS) {
  llvm::Expected<FileKind> Kind = kindOfFile(Path);
  if (!Kind)
    llvm::consumeError(Kind.takeError()); // Image says it
  else if (*Kind == FileKind::Release) {
    llvm::Expected<ReleaseArchive> A = readReleaseArchive(Path, /*Keep=*/false);
    if (!A)
      return printError(A.takeError());
    inspectArchive(OS, *A, Json, Indent);
    return ExitClean;
  } else if (isOtherFormat(Path)) {
    llvm::Expected<OtherProgram> P = readOtherProgram(Path, /*Hashes=*/true);
    if (!P)
      return printError(P.takeError());
    inspect(OS, *P, Json, Indent);
    return ExitClean;
  }
  llvm::Expected<std::unique_ptr<Image>> File = Image::open(Path);
  if (!File)
    return printError(File.takeError());
  if (llvm::Error E = inspect(OS, **File, readGoImage(**File), Json, Indent))
    return printError(std::move(E));
  return ExitClean;
}

int goslim::runInspect(const Options &O) {
  bool Json = O.get("format", "text") == "json";
  unsigned Indent = O.Operands.size() > 1 ? 0 : 2;
  bool IsFirst = true;
  int Worst = ExitClean;
  for (const std::string &Path : O.Operands) {
    int Code = runIsolated(Path, [&](llvm::raw_ostream &OS) {
      if (!Json && !IsFirst)
        OS << '\n';
      return answer(Path, Json, Indent, OS);
    });
    if (Code == ExitClean)
      IsFirst = false;
    Worst = std::max(Worst, Code);
  }
  return Worst;
}
