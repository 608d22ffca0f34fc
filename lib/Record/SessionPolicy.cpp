//===- SessionPolicy.cpp - the policy a build began with ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The snapshot in the session, not the file it was taken from: all processes
// of a build must agree although someone edits goslim.toml meanwhile. It is
// kept as text and parsed where needed; that is faster than it sounds, and
// there is no second format to keep in step.
//===----------------------------------------------------------------------===//
#include "goslim/Base/FileIO.h"
#include "goslim/Policy/PolicyFile.h"
#include "goslim/Record/Session.h"

namespace goslim {

Result<Policy> sessionPolicy(const Session &S) {
  if (S.PolicyFile.empty())
    return Policy();
  Result<std::string> Text = readFile(S.Folder + "/policy.toml");
  if (!Text)
    return Text.failure();
  PolicySource Source;
  Source.File = S.PolicyFile;
  Source.Root = S.PolicyRoot;
  Source.ModulePath = S.ModulePath;
  Source.Trusted = S.PolicyTrusted;
  return parsePolicy(Source, *Text, S.Profile);
}

} // namespace goslim
