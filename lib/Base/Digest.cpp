//===- Digest.cpp - SHA-256 -----------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SHA-256 comes from libmd: small, static, and no more code of ours to trust.
// Both printed forms are made from the same 32 bytes.
//===----------------------------------------------------------------------===//
#include "goslim/Base/Digest.h"
#include <array>
#include <cstdint>
#include <sys/types.h>

#include <sha2.h>

namespace goslim {

using Sha256 = std::array<uint8_t, SHA256_DIGEST_LENGTH>;

static Sha256 sha256(std::string_view Bytes) {
  SHA2_CTX Context;
  SHA256Init(&Context);
  SHA256Update(&Context, reinterpret_cast<const uint8_t *>(Bytes.data()),
               Bytes.size());
  Sha256 Digest;
  SHA256Final(Digest.data(), &Context);
  return Digest;
}

bool isSha256(std::string_view Text) {
  return Text.size() == 64 &&
         Text.find_first_not_of("0123456789abcdef") == Text.npos;
}

std::string sha256Hex(std::string_view Bytes) {
  static constexpr char Digits[] = "0123456789abcdef";
  std::string Hex;
  for (uint8_t Byte : sha256(Bytes)) {
    Hex += Digits[Byte >> 4];
    Hex += Digits[Byte & 15];
  }
  return Hex;
}

std::string goHashString(std::string_view Bytes) {
  static constexpr char Digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789-_";
  Sha256 Digest = sha256(Bytes);
  std::string Text;
  for (unsigned I = 0; I < 15; I += 3) {
    uint32_t Group = Digest[I] << 16 | Digest[I + 1] << 8 | Digest[I + 2];
    for (int Shift = 18; Shift >= 0; Shift -= 6)
      Text += Digits[Group >> Shift & 63];
  }
  return Text;
}

} // namespace goslim
