//===- goslim/Policy/PolicyFile.h - finding and reading it ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_POLICY_POLICYFILE_H
#define GOSLIM_POLICY_POLICYFILE_H

#include "goslim/Base/Result.h"
#include "goslim/Policy/Policy.h"

namespace goslim {

/// Where a policy comes from, before it is read.
struct PolicySource {
  std::string File;       ///< absolute; "" = none
  std::string ModulePath; ///< module line of the go.mod beside or above File
  std::string Root;       ///< folder of File
  bool Trusted = false;
};

/// Explicit (-config, GOSLIM_CONFIG) wins and must exist. Otherwise the
/// nearest goslim.toml from StartDir upward, not above the module root (the
/// folder of go.mod) or, when a go.work governs it (GoWork: value of the
/// GOWORK variable; "off" and "" as go means them), the workspace root.
/// No go.mod or go.work above StartDir: none.
Result<PolicySource> findPolicy(const std::string &StartDir,
                                const std::string &Explicit,
                                const std::string &GoWork);

/// Parses Text (the content of Source.File) and selects Profile ("" = the
/// [policy] table). Errors: "FILE:LINE:COL: unknown key 'stirp' in [policy],
/// did you mean 'strip'?". A source that is not trusted may not set
/// environment variables or flags that run programs or write files, nor a
/// manifest path outside its folder.
Result<Policy> parsePolicy(const PolicySource &Source, std::string_view Text,
                           const std::string &Profile);

/// The commented template of `goslim init`: every key with its default.
std::string policyTemplate();
/// One row per key: dotted key, type, allowed values, default, what it does.
struct PolicyKey {
  std::string_view Table, Name, Type, Default, Help;
};
const std::vector<PolicyKey> &policyKeys();

/// What `goslim policy` prints: "key = value  # origin", sorted as the table.
std::string printResolved(const Policy &P, const Context &C);

} // namespace goslim

#endif // GOSLIM_POLICY_POLICYFILE_H
