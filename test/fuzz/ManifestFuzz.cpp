//===- ManifestFuzz.cpp -----------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes are a manifest or an error; what is a manifest is written and read
// again to the same bytes.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/BuildFacts.h"
#include "goslim/Manifest/Manifest.h"
#include <cstdlib>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Text(reinterpret_cast<const char *>(Data), Size);
  if (withoutPaths(withoutPaths(Text)) != withoutPaths(Text))
    abort();
  llvm::Expected<Manifest> M = parseManifest("m", Text);
  if (!M) {
    llvm::consumeError(M.takeError());
    return 0;
  }
  const std::vector<Record> All = {Record::Flags, Record::Steps,
                                   Record::Sections, Record::Packages,
                                   Record::Environment};
  std::string Once = toToml(*M, All);
  llvm::Expected<Manifest> Back = parseManifest("m", Once);
  if (!Back || toToml(*Back, All) != Once || toJson(*Back) != toJson(*Back))
    abort();
  return 0;
}
