//===- goslim/Rewrite/Edit.h - one change of a command ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_REWRITE_EDIT_H
#define GOSLIM_REWRITE_EDIT_H

#include "goslim/Policy/Policy.h"
#include <string>

namespace goslim {

/// Every changed word is explained by exactly one Edit. Before "" = added,
/// After "" = removed. Environment: "NAME=value".
struct Edit {
  RuleId Rule;
  std::string Before, After;
};

} // namespace goslim

#endif // GOSLIM_REWRITE_EDIT_H
