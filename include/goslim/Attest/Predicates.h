//===- goslim/Attest/Predicates.h - what goslim can attest ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SLSA provenance v1 and verification summary v1 (slsa.dev/spec/v1.0), SCAI
// v0.3 (in-toto/attestation, spec/predicates/scai.md). Pure functions; nothing
// in here is a time or a folder unless it is passed in.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_ATTEST_PREDICATES_H
#define GOSLIM_ATTEST_PREDICATES_H

#include "goslim/Attest/Statement.h"
#include "goslim/Tool/ImportConfig.h"
#include <map>

namespace goslim {

extern const llvm::StringRef ProvenanceType, SummaryType, FactsType;
/// buildType of provenance: a build, and a build done again.
extern const llvm::StringRef BuildTypeName, RebuildTypeName;
/// builder.id and verifier.id when nobody names another: any machine.
extern const llvm::StringRef AnyBuilder;

/// Who and what, as all of goslim's claims about a build need it.
struct BuildClaim {
  std::string GoVersion; ///< "go1.26.8"
  ModInfo Info;
  std::string Builder;  ///< URI
  std::string Finished; ///< RFC 3339, "" = not told
};

struct BuildWitness {
  std::string BuildId, PolicySha256; ///< "" = no policy
  std::vector<std::string> LinkFlags;
  std::map<std::string, std::string> Environment;
  std::vector<std::string> TaintedBy;
};
llvm::json::Object provenance(const BuildClaim &C, const BuildWitness &W);

struct RebuildWitness {
  std::string Equality;                 ///< equalityName
  std::vector<std::string> Normalisers; ///< that made them equal
  std::string Sha256;                   ///< of what was rebuilt
  std::string Command;                  ///< that anyone can run, or ""
  std::vector<std::string> Varied;
  unsigned Builds = 0;
  bool SharedCache = false;
};
llvm::json::Object rebuild(const BuildClaim &C, const RebuildWitness &W);

/// Attributes as "STATIC", "STRIPPED", ...
llvm::json::Object facts(const std::vector<std::string> &Attributes);

struct CheckedClaim {
  std::string Verifier, Resource, Time; ///< URI, URI, RFC 3339
  std::string PolicySha256;             ///< "" = none was asked for
  std::vector<std::string> Inputs;      ///< SHA-256 of the attestations used
  bool Passed = false;
};
llvm::json::Object summary(const CheckedClaim &C);

/// "pkg:golang/MODULE@VERSION" (package-url, golang type); no "@" without a
/// version.
std::string packageUrl(llvm::StringRef Module, llvm::StringRef Version);

} // namespace goslim

#endif // GOSLIM_ATTEST_PREDICATES_H
