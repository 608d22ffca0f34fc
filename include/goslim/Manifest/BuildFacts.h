//===- goslim/Manifest/BuildFacts.h - what a manifest may say ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A link's command line and environment, cut down to what is the same on every
// machine that builds the same program: no absolute path, nothing about the
// go command's own work (cache, parallelism, verbosity), nothing about tools
// that were not used, and one spelling for commands that mean the same, so
// that driver and toolexec builds agree. Pure functions.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_MANIFEST_BUILDFACTS_H
#define GOSLIM_MANIFEST_BUILDFACTS_H

#include "goslim/Tool/ImportConfig.h"
#include "goslim/Tool/Invocation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>
#include <vector>

namespace goslim {

/// Text with every absolute path in it replaced by ".../" and its last
/// element: "-L/home/me/lib" becomes "-L.../lib". URLs stay.
std::string withoutPaths(llvm::StringRef Text);

/// Flags of a link as run, without -o, -importcfg, -fipso, -tmpdir and go's
/// own -buildid (a policy's stays), without -extld when no C is linked, paths
/// cut; one word a flag, sorted by name, the last one of flags that replace.
std::vector<std::string> linkFlagsForManifest(llvm::ArrayRef<std::string> Flags,
                                              bool UsesCgo);

/// The environment by allow-list. Env looks a variable up ("" = not set). CC
/// and the C flags only when C is linked; GOFLAGS without what does not reach
/// the program; GODEBUG without the go command's cache switches.
std::map<std::string, std::string>
environmentForManifest(llvm::function_ref<std::string(llvm::StringRef)> Env,
                       llvm::StringRef Goarch, bool UsesCgo);

/// Where a build info setting belongs. vcs.* is left out: a manifest that is
/// committed cannot name its own commit.
enum class SettingPlace : uint8_t { Nowhere, Settings, Environment };
SettingPlace settingPlace(llvm::StringRef Key, llvm::StringRef Value,
                          bool UsesCgo);

/// What keeps others from building the same again: "replace: MODULE => FOLDER",
/// "go.work: MODULE", "overlay"; "dirty tree" only WithTree, for a manifest
/// that is committed is itself what makes a tree dirty.
std::vector<std::string> taintedBy(const ModInfo &Info, bool HasOverlay,
                                   bool WithTree);

/// The name go gives the program of a package: the last element of its path,
/// or the one before when that is a major version "v2"
/// (cmd/go/internal/load/pkg.go DefaultExecName).
std::string programName(llvm::StringRef ImportPath);

} // namespace goslim

#endif // GOSLIM_MANIFEST_BUILDFACTS_H
