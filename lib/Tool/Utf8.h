//===- Utf8.h - runes as Go sees them ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unicode/utf8 DecodeRune and AppendRune: a byte that starts no valid encoding
// is one U+FFFD of size 1. Go's codecs go through this, so ours must, too.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_TOOL_UTF8_H
#define GOSLIM_LIB_TOOL_UTF8_H

#include <string>
#include <string_view>

namespace goslim {

struct Rune {
  char32_t Code = 0xFFFD;
  unsigned Size = 1;
  bool Valid = false;
};

/// The first rune of Text, which is not empty.
Rune decodeRune(std::string_view Text);
void appendRune(std::string &Out, char32_t Code);
/// strconv.IsPrint.
bool isPrintable(char32_t Code);

} // namespace goslim

#endif // GOSLIM_LIB_TOOL_UTF8_H
