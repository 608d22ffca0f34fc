//===- GoCommandFuzz.cpp - go command lines -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// argv is one word a line; each word is also tried as GOFLAGS and as the value
// of -ldflags.
//===----------------------------------------------------------------------===//
#include "Argv.h"
#include "goslim/Tool/GoCommand.h"

using namespace goslim;

static void checkPatternFlags(const std::string &Word) {
  Result<PatternFlags> Flags = parsePatternFlags(Word);
  if (!Flags)
    return;
  if (Result<std::string> Text = print(*Flags)) {
    Result<PatternFlags> Again = parsePatternFlags(*Text);
    check(Again && Again->Words == Flags->Words &&
          Again->Pattern == Flags->Pattern);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::vector<std::string> Argv = argvOf(Data, Size);
  GoCommand Command = parseGoCommand(Argv);
  check(print(Command) == Argv);
  check(Command.packages().size() <= Command.Operands.size());
  Command.builds();
  Command.chdir();
  for (const std::string &Word : Argv) {
    checkPatternFlags(Word);
    if (Result<std::vector<Argument>> Flags = parseGoFlags(Word))
      for (const Argument &Flag : *Flags)
        check(Flag.isFlag());
  }
  return 0;
}
