//===- ModInfoFuzz.cpp - build information --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Argv.h"
#include "goslim/Tool/ImportConfig.h"

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Result<ModInfo> Info = parseModInfo(textOf(Data, Size));
  if (!Info)
    return 0;
  // What is printed is read back the same.
  std::string Once = print(*Info);
  Result<ModInfo> Again = parseModInfo(Once);
  check(Again && print(*Again) == Once);
  // A setting that is set can be read, one that is removed is gone.
  Info->setSetting("-trimpath", "true");
  Info->setSetting("-ldflags", "-s \"x\"");
  check(Info->setting("-ldflags") == "-s \"x\"");
  check(Info->setting("-trimpath") == "true");
  Result<ModInfo> Changed = parseModInfo(print(*Info));
  check(Changed && Changed->setting("-ldflags") == "-s \"x\"");
  return 0;
}
