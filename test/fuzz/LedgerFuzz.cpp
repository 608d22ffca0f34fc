//===- LedgerFuzz.cpp -------------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any line is a step or an error; a step is written and read again the same.
// Any text is what a link read.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/Ledger.h"
#include <cstdlib>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Text(reinterpret_cast<const char *>(Data), Size);
  linkArchives(Text, Text.take_front(64));
  if (llvm::Expected<Finding> F = parseFinding(Text)) {
    llvm::Expected<Finding> Back = parseFinding(toJsonLine(*F));
    if (!Back || toJsonLine(*Back) != toJsonLine(*F))
      abort();
  } else {
    llvm::consumeError(F.takeError());
  }
  llvm::Expected<StepRecord> Step = parseStepRecord(Text);
  if (!Step) {
    llvm::consumeError(Step.takeError());
    return 0;
  }
  llvm::Expected<StepRecord> Back = parseStepRecord(toJsonLine(*Step));
  if (!Back || toJsonLine(*Back) != toJsonLine(*Step))
    abort();
  return 0;
}
