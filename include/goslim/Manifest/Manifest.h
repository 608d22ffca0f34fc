//===- goslim/Manifest/Manifest.h - the record of one program ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Same inputs, same bytes, on any machine, cold or cached: no time, no host,
// no absolute path, no cache state. TOML, one table per entity, sorted by a
// stable name, one leaf a line, no totals shared by entities (they are derived
// on reading), so that git merges it. The same model is written as JSON.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_MANIFEST_MANIFEST_H
#define GOSLIM_MANIFEST_MANIFEST_H

#include "goslim/Attribution/Attribution.h"
#include "goslim/Rewrite/Edit.h"
#include <map>

namespace goslim {

struct ManifestModule {
  std::string Path, Version, Sum, Replace;
};
struct ManifestSection {
  std::string Name;
  uint64_t Size = 0, Memory = 0;
};
struct ManifestPackage {
  std::string Path, Module;
  std::map<std::string, uint64_t> Bytes; ///< file bytes by kind name
  uint64_t Memory = 0;
};
/// The bytes one step put into the program; over all steps = the file size.
struct ManifestStep {
  std::string Tool, Package; ///< "compile", "net/http"; link: the main package
  uint64_t Bytes = 0;
};
struct ManifestEdit {
  std::string Rule, Where, Before, After;
};

struct Manifest {
  static constexpr int Version = 1;
  std::string Name, ImportPath; ///< program name, main package
  std::string Goos, Goarch, Buildmode, GoVersion;
  uint64_t Size = 0, Memory = 0;
  std::vector<std::string> TaintedBy; ///< see taintedBy; without the tree
  std::vector<std::string> LinkFlags; ///< as run, without paths and build ID
  std::map<std::string, std::string> Settings;    ///< build info "build" lines
  std::map<std::string, std::string> Environment; ///< by allow-list
  std::vector<ManifestEdit> Edits;
  std::vector<ManifestModule> Modules;
  std::vector<ManifestSection> Sections;
  std::vector<ManifestPackage> Packages;
  std::vector<std::pair<std::string, uint64_t>> Rest; ///< bytes of no package
  std::vector<ManifestStep> Steps;
};

/// Everything the program itself says; flags, edits and environment are added
/// by who saw the build.
Manifest makeManifest(const Image &File, const GoImage &Go,
                      const Attribution &A);

/// Of a program that is not taken apart: build info and sections. Its bytes are
/// one row of Rest, "not attributed"; no step is told from another.
Manifest makeManifest(const GoImage &Go, llvm::StringRef Goarch, bool UsesCgo,
                      uint64_t Size, std::vector<ManifestSection> Sections);

/// Header comment, version, then the tables that Records selects.
std::string toToml(const Manifest &M, const std::vector<Record> &Records);
std::string toJson(const Manifest &M);
/// Reads one back. A newer version, git conflict markers ("<<<<<<<") and
/// malformed TOML are errors with PATH:LINE:COL.
llvm::Expected<Manifest> parseManifest(llvm::StringRef Path,
                                       llvm::StringRef Toml);

/// {name} {goos} {goarch} in a manifest path.
std::string manifestPath(llvm::StringRef Pattern, const Manifest &M);

} // namespace goslim

#endif // GOSLIM_MANIFEST_MANIFEST_H
