//===- RuleList.h - the rules of a table, one after the other ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_POLICY_RULELIST_H
#define GOSLIM_LIB_POLICY_RULELIST_H

#include "goslim/Policy/Policy.h"
#include <array>

namespace goslim {

/// Calls Do(RuleId, Rule<T> &) for each rule, in RuleId order. RulesT is Rules
/// or const Rules.
template <typename RulesT, typename Fn> void forEachRule(RulesT &R, Fn Do) {
  Do(RuleId::Strip, R.StripRule);
  Do(RuleId::Trimpath, R.TrimpathRule);
  Do(RuleId::Static, R.StaticRule);
  Do(RuleId::Buildid, R.BuildidRule);
  Do(RuleId::Tags, R.TagsRule);
  Do(RuleId::Vars, R.VarsRule);
  Do(RuleId::Ldflags, R.LdflagsRule);
  Do(RuleId::Gcflags, R.GcflagsRule);
  Do(RuleId::Asmflags, R.AsmflagsRule);
  Do(RuleId::Env, R.EnvRule);
}

/// From on top of Into, as Policy.h says. FromOverride marks what was written.
void mergeRules(Rules &Into, const Rules &From, bool FromOverride = false);

/// resolve(), and for each rule that an exclusion took away, which one.
struct Resolution {
  Rules Result;
  std::array<const Exclusion *, NumRules> ExcludedBy{};
  const Exclusion *ManifestExcludedBy = nullptr;
  bool Manifest = true;
  Origin ManifestWhere; ///< the override that decided, if any
};
Resolution resolveWhy(const Policy &P, const Context &C);

} // namespace goslim

#endif // GOSLIM_LIB_POLICY_RULELIST_H
