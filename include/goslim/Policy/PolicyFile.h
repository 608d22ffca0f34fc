//===- goslim/Policy/PolicyFile.h - finding and reading it ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_POLICY_POLICYFILE_H
#define GOSLIM_POLICY_POLICYFILE_H

#include "goslim/Base/Result.h"
#include "goslim/Policy/Policy.h"
#include <vector>

namespace goslim {

/// Where a policy comes from, before it is read.
struct PolicySource {
  std::string File;       ///< absolute; "" = none
  std::string ModulePath; ///< module line of the go.mod beside or above File
  std::string Root;       ///< folder of File
  bool Trusted = false;
  std::string Shown; ///< File as messages name it; "" = File
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

/// All that is wrong with Text, in file order, one line each; parsePolicy
/// returns the first of them.
std::vector<Failure> policyErrors(const PolicySource &Source,
                                  std::string_view Text,
                                  const std::string &Profile);

/// Absolute path of the manifest of program Name: the [manifest] path with
/// {name}, {goos}, {goarch} filled in, below P.Root. Fails when the names
/// would lead out of that folder or onto the policy file itself.
Result<std::string> manifestFile(const Policy &P, std::string_view Name,
                                 std::string_view Goos,
                                 std::string_view Goarch);

/// The commented template of `goslim init`: every key with its default.
std::string policyTemplate();
/// JSON Schema (draft-07) of goslim.toml, for editors.
std::string policySchema();

/// One row per key. Table is where it stands: "" (top), "policy" (and with it
/// every profile and override), "policy.tags", "profile", "override.match",
/// ... Values: "a|b|c" when only these are allowed; a name in capitals among
/// them stands for any text. Default: as written in the file, "" = none.
struct PolicyKey {
  std::string_view Table, Name, Type, Values, Default, Help;
};
const std::vector<PolicyKey> &policyKeys();

/// What `goslim policy` prints: a goslim.toml that says what holds in C, one
/// "key = value  # origin" a line, in the order of policyKeys().
std::string printResolved(const Policy &P, const Context &C);
/// The same as one JSON object.
std::string printResolvedJson(const Policy &P, const Context &C);

} // namespace goslim

#endif // GOSLIM_POLICY_POLICYFILE_H
