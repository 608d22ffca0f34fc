//===- BuildInfo.h - build info that tells the truth ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_REWRITE_BUILDINFO_H
#define GOSLIM_LIB_REWRITE_BUILDINFO_H

#include "goslim/Base/Result.h"
#include "goslim/Policy/Policy.h"
#include "goslim/Tool/ImportConfig.h"
#include "goslim/Tool/Invocation.h"

namespace goslim::rewrite {

/// What importcfg.link says, read once.
struct LinkConfig {
  ImportConfig Config;
  std::optional<ModInfo> Info; ///< of its modinfo line, if there is one
  bool UsesCgo = false;        ///< runtime/cgo is linked
  bool Covered = false;        ///< built to measure coverage

  /// Whether go itself was given -trimpath.
  bool trimmed() const;
};
Result<LinkConfig> readLinkConfig(std::string_view Text);

/// The user's words of a link line before and after the rewrite.
struct LinkWords {
  std::vector<std::string> Before, After;
};
/// Changes Info to what cmd/go would have recorded for the native flags that R
/// stands for. Returns the first rule that changed it, or nullopt.
Result<std::optional<RuleId>> updateBuildInfo(ModInfo &Info, const Rules &R,
                                              const LinkWords &Words,
                                              bool Trimmed);

/// The text with Info as its modinfo line.
std::string printLinkConfig(LinkConfig Config);

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_BUILDINFO_H
