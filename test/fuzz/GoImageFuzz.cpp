//===- GoImageFuzz.cpp - what Go puts in a program ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every range that is reported lies in the file, functions and types are in
// order, and types do not overlap.
//===----------------------------------------------------------------------===//
#include "goslim/GoImage/GoImage.h"
#include <cstdlib>

using namespace goslim;

static void check(bool Holds) {
  if (!Holds)
    abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  auto Opened = Image::parse(llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(reinterpret_cast<const char *>(Data), Size), "f"));
  if (!Opened) {
    llvm::consumeError(Opened.takeError());
    return 0;
  }
  auto IsInFile = [&](FileRange R) {
    return R.Offset <= Size && R.Size <= Size - R.Offset;
  };
  GoImage Go = readGoImage(**Opened);
  Go.minorVersion();
  if (Go.BuildInfo)
    check(IsInFile(Go.BuildInfo->Where));
  if (Go.Pcln) {
    const Pclntab &P = *Go.Pcln;
    for (FileRange R : {P.Whole, P.Header, P.FuncNames, P.CuTab, P.FileTab,
                        P.PcTab, P.FuncTab, P.Funcs, P.GoFunc, P.FindFunc})
      check(IsInFile(R));
    uint64_t Last = 0;
    for (const GoFunction &F : P.Functions) {
      check(F.Entry >= Last && IsInFile(F.Row) && IsInFile(F.Func) &&
            IsInFile(F.NameBytes));
      packageOfSymbol(F.Name);
      Last = F.Entry;
    }
  }
  uint64_t End = 0;
  for (const GoTypeSpan &S : Go.Types) {
    check(S.Address >= End && (*Opened)->bytesAt(S.Address, S.Size));
    End = S.Address + S.Size;
  }
  End = 0;
  for (FileRange R : Go.TypeNames) {
    check(R.Offset >= End && IsInFile(R));
    End = R.end();
  }
  return 0;
}
