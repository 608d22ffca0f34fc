//===- Trust.h - what a file that was merely found may say ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A goslim.toml in a cloned repository is read by whoever builds there, so it
// may not run commands or write outside its folder. A file the user named
// (-config, GOSLIM_CONFIG) may.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_POLICY_TRUST_H
#define GOSLIM_LIB_POLICY_TRUST_H

#include "goslim/Base/Result.h"
#include "goslim/Tool/Tool.h"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

/// The note of every refusal.
extern const std::string_view HowToTrust;

/// Variables that choose a target or a language version, and nothing else.
bool isHarmlessVariable(std::string_view Name);

/// What is wrong with the words of an add list, each with the index of its
/// word: mistakes for any file and, when not Trusted, refusals.
struct WordProblem {
  size_t Index;
  Failure Why;
};
std::vector<WordProblem>
checkToolWords(ToolKind Tool, std::span<const std::string> Words, bool Trusted);

/// Reason not to accept a manifest path, or nothing.
Result<void> checkManifestPath(std::string_view Path, bool Trusted);

} // namespace goslim

#endif // GOSLIM_LIB_POLICY_TRUST_H
