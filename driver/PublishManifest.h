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

/// Names of the links in S, in a fixed order: those with a file NAME + Suffix.
std::vector<std::string> linksWith(const Session &S, llvm::StringRef Suffix);

/// One finding a line, as in link-N.findings.jsonl, and back.
std::string printLines(std::span<const Finding> Findings);
std::vector<Finding> readFindings(const std::string &File);

/// What a link left, for the builds in which go finds its output up to date.
/// Kept in goslim's cache under the action IDs that go itself compares.
struct KeptLink {
  std::string Toml; ///< "" = none: refused
  std::vector<Finding> Findings;
};
void keepLink(const Session &S, const Policy &P, std::string_view BuildId,
              const KeptLink &Link);
KeptLink keptLink(const Session &S, const Policy &P, std::string_view BuildId);

/// GS402.
Finding notWritten(const Policy &P, const std::string &Why,
                   llvm::StringRef Fix);

bool hasError(std::span<const Finding> Findings);

} // namespace goslim

#endif // GOSLIM_DRIVER_PUBLISHMANIFEST_H
