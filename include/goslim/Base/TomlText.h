//===- goslim/Base/TomlText.h - before TOML is parsed -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_BASE_TOMLTEXT_H
#define GOSLIM_BASE_TOMLTEXT_H

#include <string>
#include <string_view>

namespace goslim {

/// What makes a text unfit for toml++ (see Toml.h): a control character that
/// TOML allows nowhere, or more dots outside of strings than any real file has,
/// since each dot of a key is one level of a recursion that toml++ does not
/// bound. Line and Column from 1; Line 0 = nothing is wrong.
struct TomlTextProblem {
  unsigned Line = 0, Column = 0;
  std::string Message;
};
TomlTextProblem checkTomlText(std::string_view Text);

} // namespace goslim

#endif // GOSLIM_BASE_TOMLTEXT_H
