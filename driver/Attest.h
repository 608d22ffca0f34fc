//===- Attest.h - statements, sealed and kept -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_ATTEST_H
#define GOSLIM_DRIVER_ATTEST_H

#include "Driver.h"
#include "goslim/Attest/Predicates.h"
#include "goslim/Verify/Published.h"

namespace goslim {

/// Options that say who signs: --sign, --cosign, --builder.
std::vector<OptionInfo> sealOptions();

/// Statements of one run, for a file or stdout: one line each, signed with
/// --sign KEY (else GOSLIM_ATTEST_KEY) or --cosign KEY, or bare.
class Sealer {
public:
  static Result<Sealer> open(const Options &O);
  Result<void> add(const Statement &S);
  /// That the program of F, called Name, was built again.
  Result<void> addRebuild(const Options &O, const std::string &Name,
                          const PublishedFacts &F, const RebuildWitness &W);
  /// Output "" or "-" = stdout.
  Result<void> write(const std::string &Output) const;
  /// As write, but says so when there is nothing to write, and writes nothing.
  Result<void> keep(const std::string &Output) const;

private:
  std::optional<Key> Own;
  std::string CosignKey, Text;
};

/// Finished: whether the claim says when.
Result<BuildClaim> buildClaim(const Options &O, const PublishedFacts &F,
                              bool Finished);
int verifyPublished(const Options &O, Sealer &Seal); ///< --published

/// Now, or SOURCE_DATE_EPOCH; RFC 3339 in UTC.
Result<std::string> timestamp();

} // namespace goslim

#endif // GOSLIM_DRIVER_ATTEST_H
