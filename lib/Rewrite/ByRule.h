//===- ByRule.h - in the order of the rules ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_REWRITE_BYRULE_H
#define GOSLIM_LIB_REWRITE_BYRULE_H

#include "goslim/Policy/Policy.h"

namespace goslim::rewrite {

/// Sorts Items by RuleOf, keeping the order of equals. One pass a rule: there
/// are ten, and std::stable_sort draws in deprecated parts of libstdc++.
template <typename T, typename Fn>
void sortByRule(std::vector<T> &Items, Fn RuleOf) {
  std::vector<RuleId> Rules;
  for (const T &Item : Items)
    Rules.push_back(RuleOf(Item));
  std::vector<T> Sorted;
  for (unsigned Rule = 0; Rule < NumRules; ++Rule)
    for (size_t I = 0; I < Items.size(); ++I)
      if (Rules[I] == RuleId(Rule))
        Sorted.push_back(std::move(Items[I]));
  Items = std::move(Sorted);
}

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_BYRULE_H
