//===- PolicyKeys.h - the table of all keys ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rows behind policyKeys(), as a constant. Types are compared by their
// text, so each is written once, here.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_POLICY_POLICYKEYS_H
#define GOSLIM_LIB_POLICY_POLICYKEYS_H

#include "goslim/Policy/PolicyFile.h"
#include <span>

namespace goslim {

namespace keytype {
constexpr std::string_view Integer = "integer", Boolean = "boolean",
                           String = "string", Strings = "array of strings",
                           OneOrMore = "string or array of strings",
                           Table = "table", Named = "table of strings",
                           Tables = "table of tables", List = "array of tables";
} // namespace keytype

/// All rows; sub-tables follow the tables they are in.
std::span<const PolicyKey> allKeys();

/// "policy" + "tags" -> "policy.tags": the Table of a table key's own rows.
std::string subTable(const PolicyKey &Key);

/// Whether Key may also be written { value = ..., mode = "..." }.
bool isPlainRule(const PolicyKey &Key);

/// "a|b|c" as a list; and whether a text not in it is allowed (a placeholder
/// in capitals is in it, or there is no list).
std::vector<std::string_view> allowedValues(const PolicyKey &Key);
bool allowsOther(const PolicyKey &Key);

} // namespace goslim

#endif // GOSLIM_LIB_POLICY_POLICYKEYS_H
