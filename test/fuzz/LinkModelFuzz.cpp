//===- LinkModelFuzz.cpp - links of damaged archives ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two archives, main and runtime, one behind the other: an archive's own magic
// tells where the second begins. Loading, numbering and dead code must survive
// whatever their tables say.
//===----------------------------------------------------------------------===//
#include "goslim/LinkModel/LinkModel.h"
#include <cstddef>
#include <cstdint>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Bytes(reinterpret_cast<const char *>(Data), Size);
  size_t Second = Bytes.find("!<arch>\n", 1);
  if (Second == llvm::StringRef::npos)
    return 0;
  LinkRequest Q;
  Q.Tables = linkerTables(26);
  Q.Archives.push_back({"main", Bytes.substr(0, Second), "main.a"});
  Q.Archives.push_back({"runtime", Bytes.substr(Second), "runtime.a"});
  Q.External = Size % 2;
  llvm::Expected<std::unique_ptr<LinkModel>> Model =
      LinkModel::load(std::move(Q));
  if (!Model) {
    llvm::consumeError(Model.takeError());
    return 0;
  }
  size_t Sum = 0;
  for (Sym S = 1; S < (*Model)->numSymbols(); ++S)
    Sum += (*Model)->name(S).size() + (*Model)->isReachable(S);
  return Sum == 1;
}
