//===- goslim/Attest/Statement.h - in-toto statements, DSSE -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// in-toto Statement v1 (spec/v1/statement.md): a predicate about files, which
// are named by digest. It stands alone, or as payload of a DSSE v1 envelope
// (secure-systems-lab/dsse, protocol.md), which is what is signed.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_ATTEST_STATEMENT_H
#define GOSLIM_ATTEST_STATEMENT_H

#include "goslim/Attest/Key.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <vector>

namespace goslim {

struct Statement {
  struct Subject {
    std::string Name, Sha256;
  };
  std::vector<Subject> Subjects;
  std::string PredicateType;
  llvm::json::Object Predicate;

  bool isAbout(llvm::StringRef Sha256) const;
};
/// One line of JSON, keys sorted: same statement, same bytes.
std::string print(const Statement &S);

struct Envelope {
  struct Signature {
    std::string KeyId, Bytes; ///< KeyId may be ""
  };
  std::string PayloadType, Payload; ///< Payload decoded
  std::vector<Signature> Signatures;
};
/// What every signature of an envelope is over (DSSE's PAE).
std::string signedBytes(const Envelope &E);
/// One line of JSON.
std::string print(const Envelope &E);
/// The envelope of a statement, to be signed.
Envelope envelopeOf(const Statement &S);

/// A statement as it was found: signed by somebody, or by nobody.
struct Attestation {
  Statement Says;
  Envelope Signed; ///< without Signatures: a bare statement
  /// The key of these that made one of the signatures, or null.
  const Key *signer(const std::vector<Key> &Keys) const;
};
/// A file with a statement or an envelope, or one a line (in-toto's bundles).
/// Errors: "NAME[:LINE]: expected and found".
llvm::Expected<std::vector<Attestation>>
parseAttestations(llvm::StringRef Name, llvm::StringRef Text);

} // namespace goslim

#endif // GOSLIM_ATTEST_STATEMENT_H
