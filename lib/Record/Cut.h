//===- Cut.h - a text taken apart from its beginning ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_RECORD_CUT_H
#define GOSLIM_LIB_RECORD_CUT_H

#include <algorithm>
#include <string_view>

namespace goslim {

/// What is before the first Separator, which goes as well; all of Text when
/// there is none.
inline std::string_view cut(std::string_view &Text, char Separator) {
  size_t End = std::min(Text.find(Separator), Text.size());
  std::string_view Part = Text.substr(0, End);
  Text.remove_prefix(std::min(End + 1, Text.size()));
  return Part;
}

} // namespace goslim

#endif // GOSLIM_LIB_RECORD_CUT_H
