//===- EmbedRecordFuzz.cpp - what a compile embedded ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is read prints to something that reads the same; any text may be a Go
// source file.
//===----------------------------------------------------------------------===//
#include "goslim/Record/EmbedRecord.h"
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace goslim;

static void checkPrinted(const EmbedRecord &R) {
  Result<EmbedRecord> Again = parseEmbedRecord(print(R));
  if (!Again || Again->Variables != R.Variables || Again->Config != R.Config)
    abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::string_view Text(reinterpret_cast<const char *>(Data), Size);
  EmbedRecord Scanned;
  Scanned.Variables = scanEmbeds(Text);
  checkPrinted(Scanned);
  if (Result<EmbedRecord> R = parseEmbedRecord(Text))
    checkPrinted(*R);
  return 0;
}
