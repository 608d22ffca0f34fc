//===- ImageFuzz.cpp - ELF files ------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whatever opens can be asked everything, and every range it gives lies in the
// file.
//===----------------------------------------------------------------------===//
#include "goslim/Image/Image.h"
#include <cstdlib>

using namespace goslim;

static void check(bool Holds) {
  if (!Holds)
    abort();
}

template <class T> static void ignore(llvm::Expected<T> Value) {
  if (!Value)
    llvm::consumeError(Value.takeError());
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  auto Opened = Image::parse(llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(reinterpret_cast<const char *>(Data), Size), "f"));
  if (!Opened) {
    llvm::consumeError(Opened.takeError());
    return 0;
  }
  const Image &File = **Opened;
  auto IsInFile = [&](FileRange R) {
    return R.Offset <= Size && R.Size <= Size - R.Offset;
  };
  for (const ImageSection &S : File.sections()) {
    check(IsInFile({S.Offset, S.Size}) || S.isNoBits());
    ignore(File.contents(S, 1 << 16));
  }
  for (const Image::Note &N : File.notes())
    check(IsInFile(N.Desc) && IsInFile(N.Whole));
  for (bool Dynamic : {false, true}) {
    auto Symbols = File.symbols(Dynamic);
    if (Symbols)
      for (const ImageSymbol &S : *Symbols)
        check(IsInFile(S.Entry) && IsInFile(S.NameBytes));
    ignore(std::move(Symbols));
  }
  ignore(File.dynamic());
  for (const ImageSegment &S : File.segments())
    if (auto Offset = File.offsetOf(S.Address))
      check(File.readUint(*Offset, 1).has_value());
  for (const RelativeRelocation &R : File.relativeRelocations())
    File.pointerAt(R.Address);
  File.arch();
  File.os();
  return 0;
}
