//===- AttestationFuzz.cpp - statements and envelopes ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What can be read prints to something that reads as the same.
//===----------------------------------------------------------------------===//
#include "goslim/Attest/Statement.h"
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace goslim;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Text(reinterpret_cast<const char *>(Data), Size);
  llvm::Expected<std::vector<Attestation>> All = parseAttestations("x", Text);
  if (!All) {
    llvm::consumeError(All.takeError());
    return 0;
  }
  for (const Attestation &A : *All) {
    bool IsBare = A.Signed.Signatures.empty();
    std::string Line = IsBare ? print(A.Says) : print(A.Signed);
    llvm::Expected<std::vector<Attestation>> Again =
        parseAttestations("x", Line);
    if (!Again)
      abort();
    const Attestation &B = Again->front();
    if ((IsBare ? print(B.Says) : print(B.Signed)) != Line)
      abort();
  }
  return 0;
}
