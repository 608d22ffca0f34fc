//===- goslim/Base/Digest.h - SHA-256 ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_BASE_DIGEST_H
#define GOSLIM_BASE_DIGEST_H

#include <string>
#include <string_view>

namespace goslim {

/// SHA-256 as 64 lower-case hex digits.
std::string sha256Hex(std::string_view Bytes);

/// Whether Text has the form of sha256Hex's.
bool isSha256(std::string_view Text);

/// The form of a part of a Go build ID: base64url of the first 15 bytes of
/// the SHA-256, 20 characters (cmd/go/internal/work/buildid.go hashToString).
std::string goHashString(std::string_view Bytes);

} // namespace goslim

#endif // GOSLIM_BASE_DIGEST_H
