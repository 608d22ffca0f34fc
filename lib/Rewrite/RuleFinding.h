//===- RuleFinding.h - a rule that is not met, as a finding -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_REWRITE_RULEFINDING_H
#define GOSLIM_LIB_REWRITE_RULEFINDING_H

#include "FlagDemands.h"

namespace goslim::rewrite {

/// "strip: asked for all (-s -w), found no -ldflags". An error unless the
/// rule's mode is warn.
inline Finding makeFinding(const RuleRef &By, const std::string &Text,
                           std::string Fix) {
  Finding F;
  F.Id = ruleFindingId(By.Rule);
  F.Level = By.How == Mode::Warn ? Severity::Warning : Severity::Error;
  F.Where = By.Where;
  F.Message = std::string(ruleName(By.Rule)) + ": " + Text;
  F.Fix = std::move(Fix);
  return F;
}

/// How static = true is met beyond CGO_ENABLED=0.
struct StaticPlan {
  StaticLink Link = StaticLink::None;
  std::string Obstacle; ///< why it cannot be met at all, or ""
  std::string Fix;
};
/// A program without cgo is static as it is, except as a PIE, which asks for a
/// dynamic loader unless a C linker makes it a static PIE. One with cgo needs
/// an external link, which only some systems can do without dynamic libraries.
StaticPlan planStatic(bool UsesCgo, std::string_view Buildmode,
                      std::string_view Goos);

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_RULEFINDING_H
