//===- LinkMapFuzz.cpp - maps of C linkers --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is read from any text is fit for a LinkRecord.
//===----------------------------------------------------------------------===//
#include "goslim/Record/LinkRecord.h"
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  LinkRecord R;
  R.Map = parseLinkMap({reinterpret_cast<const char *>(Data), Size});
  std::string Printed = print(R);
  Result<LinkRecord> Again = parseLinkRecord(Printed);
  if (!Again || print(*Again) != Printed)
    abort();
  return 0;
}
