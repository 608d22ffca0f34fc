//===- QuotedFuzz.cpp - quoted lists and Go strings -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Argv.h"
#include "goslim/Tool/Quoted.h"

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::string_view Text = textOf(Data, Size);
  if (Result<std::vector<std::string>> Words = splitQuoted(Text))
    if (Result<std::string> Joined = joinQuoted(*Words)) {
      Result<std::vector<std::string>> Again = splitQuoted(*Joined);
      check(Again && *Again == *Words);
    }
  Result<std::string> Back = goUnquote(goQuote(Text));
  check(Back && *Back == Text);
  if (Result<std::string> Plain = goUnquote(Text)) {
    Result<std::string> Again = goUnquote(goQuote(*Plain));
    check(Again && *Again == *Plain);
  }
  return 0;
}
