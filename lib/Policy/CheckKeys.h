//===- CheckKeys.h - a document against the table of keys -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_POLICY_CHECKKEYS_H
#define GOSLIM_LIB_POLICY_CHECKKEYS_H

#include "Document.h"

namespace goslim {

/// Appends what is wrong with keys, types and listed values. Without a new
/// Problem, Root has exactly the shape that policyKeys() describes.
void checkKeys(const Node &Root, std::vector<Problem> &Problems);

/// The table under "value" of an env rule that is written with a mode, or null
/// when N itself is the table of variables.
const Node *wrappedVariables(const Node &N);

} // namespace goslim

#endif // GOSLIM_LIB_POLICY_CHECKKEYS_H
