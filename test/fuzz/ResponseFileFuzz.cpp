//===- ResponseFileFuzz.cpp - both response file formats ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Argv.h"
#include "goslim/Tool/ResponseFile.h"

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::vector<std::string> Argv = argvOf(Data, Size);
  for (ResponseFormat Format : {ResponseFormat::Lines, ResponseFormat::Gcc}) {
    if (Result<std::vector<std::string>> Args =
            parseResponse(textOf(Data, Size), Format))
      if (canPrintResponse(*Args, Format)) {
        Result<std::vector<std::string>> Again =
            parseResponse(printResponse(*Args, Format), Format);
        check(Again && *Again == *Args);
      }
    check(Format == ResponseFormat::Lines || canPrintResponse(Argv, Format));
  }
  return 0;
}
