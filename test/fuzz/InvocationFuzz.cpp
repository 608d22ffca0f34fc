//===- InvocationFuzz.cpp - parse and print one tool line -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first byte chooses the tool, the rest is argv, one word a line.
//===----------------------------------------------------------------------===//
#include "Argv.h"
#include "goslim/Tool/Invocation.h"

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (!Size)
    return 0;
  ToolKind Tool = ToolKind(Data[0] % (unsigned(ToolKind::Pack) + 1));
  std::vector<std::string> Argv = argvOf(Data + 1, Size - 1);
  Invocation Call = parseInvocation(Tool, Argv);
  check(print(Call) == Argv);
  for (const Argument &Arg : Call.Args)
    if (Arg.isFlag())
      check(Call.last(Arg.Name) && !Arg.Words.empty());
  return 0;
}
