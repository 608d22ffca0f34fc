//===- AttributionFuzz.cpp --------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes that are an Image have an attribution, it is a partition, and all
// renderers can print it; groupings add up to the file.
//===----------------------------------------------------------------------===//
#include "goslim/Report/Report.h"
#include <cstdlib>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Bytes(reinterpret_cast<const char *>(Data), Size);
  llvm::Expected<std::unique_ptr<Image>> File =
      Image::parse(llvm::MemoryBuffer::getMemBufferCopy(Bytes, "f"));
  if (!File) {
    llvm::consumeError(File.takeError());
    return 0;
  }
  GoImage Go = readGoImage(**File);
  llvm::Expected<Attribution> A = attribute(**File, Go);
  if (!A || A->FileSize != Size)
    abort(); // never fails: not being a partition is a bug of ours
  llvm::raw_null_ostream OS;
  for (By G :
       {By::Package, By::Module, By::Section, By::Kind, By::Symbol, By::Step}) {
    uint64_t Sum = 0;
    for (const ReportRow &R : groupRows(**File, *A, G))
      Sum += R.Size;
    if (Sum != Size)
      abort();
    ReportOptions O;
    O.Group = G, O.Width = 60;
    reportText(OS, **File, Go, *A, O);
  }
  reportJson(OS, **File, Go, *A);
  reportSpansCsv(OS, **File, *A);
  return 0;
}
