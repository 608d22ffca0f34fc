//===- HashLogFuzz.cpp - what go says that it hashed ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A log against itself has no difference; two halves are compared for crashes.
//===----------------------------------------------------------------------===//
#include "goslim/Verify/HashLog.h"
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Text(reinterpret_cast<const char *>(Data), Size);
  if (!differingInputs(Text, Text).empty())
    abort();
  differingInputs(Text.take_front(Size / 2), Text.drop_front(Size / 2));
  return 0;
}
