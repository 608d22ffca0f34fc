//===- PublishManifest.h - putting manifests into their place ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_PUBLISHMANIFEST_H
#define GOSLIM_DRIVER_PUBLISHMANIFEST_H

#include "LinkDone.h"
#include "goslim/Manifest/Manifest.h"
#include "goslim/Record/StepRecord.h"

namespace goslim {

/// What writeSessionEdits wrote.
std::vector<ManifestEdit> readSessionEdits(const Session &S);

/// Publishes link Name ("link-N") of S, from its link-N.manifest.toml. Holds a
/// lock in the session: of two programs with one path in one build, the first
/// by import path wins whatever the order in which their links end.
PublishResult publishOne(const Session &S, const Policy &P,
                         std::string_view Name);

/// The -buildid that go gave a link, "a/b/c/d"; "" when policy replaced it.
std::string goBuildIdOfLink(const StepRecord &Link);

/// Keeps Toml in goslim's cache under what go will find the program up to date
/// by, and brings it back. "" = not there.
void keepManifest(const Session &S, const Policy &P, std::string_view BuildId,
                  std::string_view Toml);
std::string keptManifest(const Session &S, const Policy &P,
                         std::string_view BuildId);

} // namespace goslim

#endif // GOSLIM_DRIVER_PUBLISHMANIFEST_H
