//===- Manifest.cpp - goslim manifest --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One model, two sources: a program, opened in a child with limits since it may
// come from anywhere, or a manifest file, which is checked by reading it and
// printed in the one form that goslim writes.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/Manifest.h"
#include "Driver.h"
#include "Isolate.h"
#include "LookAt.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Verify/FileKind.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;
using llvm::StringRef;

static llvm::Expected<Manifest> fromProgram(const std::string &Path) {
  if (isOtherFormat(Path)) {
    llvm::Expected<OtherProgram> Other =
        readOtherProgram(Path, /*Hashes=*/false);
    if (!Other)
      return Other.takeError();
    return makeManifest(*Other);
  }
  llvm::Expected<std::unique_ptr<Looked>> P = lookAt(Path, [](Looked &To) {
    To.Link = replayLink(*To.File, readGoFrame(*To.File),
                         /*NamesEmbeds=*/false);
  });
  if (!P)
    return P.takeError();
  return makeManifest(*(*P)->File, (*P)->Go, (*P)->Spans);
}

static llvm::Expected<Manifest> fromManifest(const std::string &Path) {
  Result<std::string> Text = readFile(Path, 64 << 20);
  if (!Text)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   Text.failure().Message);
  return parseManifest(Path, *Text);
}

int goslim::runManifest(const Options &O) {
  const std::string &Path = O.Operands[0];
  std::string Output(O.get("output"));
  bool Json = O.get("format", "toml") == "json";
  static const std::vector<Record> Everything = {
      Record::Flags, Record::Steps, Record::Sections, Record::Packages,
      Record::Environment};
  return runIsolated(Path, [&](llvm::raw_ostream &OS) -> int {
    llvm::Expected<Manifest> M = StringRef(Path).ends_with(".toml")
                                     ? fromManifest(Path)
                                     : fromProgram(Path);
    if (!M)
      return printError(M.takeError());
    std::string Text = Json ? toJson(*M) : toToml(*M, Everything);
    if (Output.empty() || Output == "-")
      OS << Text;
    else if (Result<void> Written = writeFileAtomic(Output, Text); !Written)
      return printError(Written.failure());
    return ExitClean;
  });
}
