//===- RestoreManifest.h - manifests of up-to-date programs -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_RESTOREMANIFEST_H
#define GOSLIM_DRIVER_RESTOREMANIFEST_H

#include "LinkDone.h"
#include "goslim/Manifest/Manifest.h"
#include <set>

namespace goslim {

/// Where policy wants M, absolute.
Result<std::string> placeOf(Policy P, const Manifest &M);
/// Writes Toml there, unless it is there; what kept it from doing so.
std::optional<Finding> putManifest(const Policy &P, const std::string &Path,
                                   std::string_view Toml);

/// For the outputs of S's go command that go did not link: the manifest from
/// the link that made them. Done: paths that this build wrote.
void restoreManifests(const Session &S, const Policy &P,
                      const std::set<std::string> &Done, PublishResult &Out);

} // namespace goslim

#endif // GOSLIM_DRIVER_RESTOREMANIFEST_H
