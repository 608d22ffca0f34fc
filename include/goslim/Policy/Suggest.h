//===- goslim/Policy/Suggest.h - did you mean ...? --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_POLICY_SUGGEST_H
#define GOSLIM_POLICY_SUGGEST_H

#include <span>
#include <string>
#include <string_view>

namespace goslim {

/// The word of Known that Word is most probably a slip of: at most one edit
/// (insert, delete, replace, swap of neighbours) per three letters, ignoring
/// case and '_' for '-'. Ties: the first one. "" when none is near.
std::string_view closestWord(std::string_view Word,
                             std::span<const std::string_view> Known);

/// ", did you mean 'X'?" or "".
std::string suggestion(std::string_view Word,
                       std::span<const std::string_view> Known);

} // namespace goslim

#endif // GOSLIM_POLICY_SUGGEST_H
