//===- DeflateFuzz.cpp - positions in zlib streams ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What zlib can decompress has a position for each of its bytes, in order.
//===----------------------------------------------------------------------===//
#include "../../lib/Attribution/Deflate.h"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <zlib.h>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::vector<uint8_t> Out(1 << 16);
  uLongf OutSize = Out.size();
  bool IsRight = uncompress(Out.data(), &OutSize, Data, Size) == Z_OK;
  std::vector<uint64_t> Offsets;
  for (uint64_t I = 0; I <= (IsRight ? OutSize : 64); I += 7)
    Offsets.push_back(I);
  auto Bits =
      deflatePositions({reinterpret_cast<const char *>(Data), Size}, Offsets);
  if (IsRight && !Bits)
    abort();
  if (Bits && (!std::is_sorted(Bits->begin(), Bits->end()) ||
               Bits->back() > uint64_t(Size) * 8))
    abort();
  return 0;
}
