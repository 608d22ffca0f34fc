//===- LinkRecordFuzz.cpp - records of links ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What can be parsed prints to something that parses to the same.
//===----------------------------------------------------------------------===//
#include "goslim/Record/LinkRecord.h"
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::string_view Text(reinterpret_cast<const char *>(Data), Size);
  Result<LinkRecord> R = parseLinkRecord(Text);
  if (!R)
    return 0;
  std::string Printed = print(*R);
  Result<LinkRecord> Again = parseLinkRecord(Printed);
  if (!Again || print(*Again) != Printed)
    abort();
  return 0;
}
