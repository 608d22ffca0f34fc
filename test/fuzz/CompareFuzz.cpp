//===- CompareFuzz.cpp - pairs of programs --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first two bytes say how much of the rest is the first file. Every
// difference is counted once, and equal files have none.
//===----------------------------------------------------------------------===//
#include "goslim/Verify/Compare.h"
#include <cstdlib>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (Size < 2)
    return 0;
  llvm::StringRef All(reinterpret_cast<const char *>(Data) + 2, Size - 2);
  size_t Cut = All.size() * (Data[0] | Data[1] << 8) / 65535;
  auto Copy = [](llvm::StringRef Bytes) {
    return llvm::MemoryBuffer::getMemBufferCopy(Bytes, "f");
  };
  llvm::StringRef A = All.take_front(Cut), B = All.drop_front(Cut);
  llvm::Expected<Comparison> C = compareBuffers(Copy(A), Copy(B));
  if (!C) {
    llvm::consumeError(C.takeError());
    return 0;
  }
  uint64_t Sum = 0;
  for (const CompareFinding &F : C->Findings)
    Sum += F.Bytes;
  if (Sum != C->DifferingBytes || (A == B) != (Sum == 0) ||
      (A == B) != (C->Equal == Equality::Identical))
    abort();
  return 0;
}
