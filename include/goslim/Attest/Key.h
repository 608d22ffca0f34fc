//===- goslim/Attest/Key.h - keys that sign and check -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_ATTEST_KEY_H
#define GOSLIM_ATTEST_KEY_H

#include "goslim/Base/Result.h"
#include <memory>
#include <string>
#include <string_view>

namespace goslim {

/// A key in a PEM file: Ed25519, ECDSA (with SHA-256) or RSA (PKCS#1 v1.5 with
/// SHA-256), as cosign and openssl make and check them.
class Key {
public:
  /// "PRIVATE KEY" (PKCS#8) or the older forms, without a passphrase; nobody is
  /// asked for one. Failures name the file.
  static Result<Key> readPrivate(const std::string &Path);
  /// "PUBLIC KEY" (SubjectPublicKeyInfo).
  static Result<Key> readPublic(const std::string &Path);

  /// SHA-256 of the public half's SubjectPublicKeyInfo, 64 hex digits.
  const std::string &id() const { return Id; }
  /// "Ed25519", "ECDSA", "RSA".
  std::string_view kind() const { return Kind; }

  Result<std::string> sign(std::string_view Message) const;
  bool verify(std::string_view Message, std::string_view Signature) const;

private:
  struct Free {
    void operator()(void *Raw) const;
  };
  std::unique_ptr<void, Free> Pkey;
  std::string Id;
  std::string_view Kind;
  static Result<Key> read(const std::string &Path, bool IsPrivate);
};

} // namespace goslim

#endif // GOSLIM_ATTEST_KEY_H
