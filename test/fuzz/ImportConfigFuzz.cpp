//===- ImportConfigFuzz.cpp - importcfg files -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Argv.h"
#include "goslim/Tool/ImportConfig.h"

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::string_view Text = textOf(Data, Size);
  if (Result<ImportConfig> Config = parseImportConfig(Text))
    check(print(*Config) == Text);
  return 0;
}
