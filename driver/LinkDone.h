//===- LinkDone.h - what happens after a link -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// goslim-wrap starts `goslim link-done` beside the linker, and says when that
// has ended well, while go's $WORK still exists. It leaves in the session
// folder, each written atomically,
//   link-N.manifest.toml   the manifest, when policy and link are of the kind
//                          that has one
//   link-N.archives        a line "PACKAGE\tBYTES\tCACHED\tARCHIVE" for each
//                          archive: bytes in the program, 0 or 1, file size
//   link-N.findings.jsonl  what the residue check found (Ledger.h)
// In pure toolexec mode it also puts the manifest into its place; a driver does
// that itself, when go has ended well.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_DRIVER_LINKDONE_H
#define GOSLIM_DRIVER_LINKDONE_H

#include "goslim/Policy/Finding.h"
#include "goslim/Record/Session.h"
#include "goslim/Rewrite/Edit.h"
#include <span>

namespace goslim {

/// For the driver, before it runs go: what policy changed on the go command
/// and in the environment, so that the manifest can name it. Where is go's
/// verb. Kept as <session>/edits.jsonl, one object {rule,where,before,after}
/// a line. Failure costs those lines in the manifest.
void writeSessionEdits(const Session &S, std::string_view Where,
                       std::span<const Edit> Edits);

/// The manifests that are in place now, as paths, and what there is to say
/// about this build's links: residue, and manifests that got into each other's
/// way. In order of path.
struct PublishResult {
  std::vector<std::string> Manifests;
  std::vector<Finding> Findings;
};

/// For the driver, after go ended well: puts the manifests of the session's
/// links where policy wants them. A file that holds these bytes already is not
/// touched. For a program that go found up to date, a missing manifest is
/// brought back from goslim's cache. Without a policy nothing is written.
PublishResult publishManifests(const Session &S);

} // namespace goslim

#endif // GOSLIM_DRIVER_LINKDONE_H
