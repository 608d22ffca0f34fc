//===- Utf8.cpp - runes as Go sees them -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decoding by the ranges of unicode/utf8: shortest form only, no surrogates,
// nothing above U+10FFFF. Printability is a table generated from Go itself.
//===----------------------------------------------------------------------===//
#include "Utf8.h"
#include <algorithm>
#include <iterator>

namespace goslim {

Rune decodeRune(std::string_view Text) {
  auto Byte = [&](size_t I) { return uint8_t(Text[I]); };
  uint8_t Lead = Byte(0);
  if (Lead < 0x80)
    return {Lead, 1, true};
  unsigned Size = Lead >= 0xF0 ? 4 : Lead >= 0xE0 ? 3 : Lead >= 0xC2 ? 2 : 0;
  if (!Size || Lead > 0xF4 || Text.size() < Size)
    return {};
  char32_t Code = Lead & (0xFF >> (Size + 1));
  for (unsigned I = 1; I != Size; ++I) {
    if ((Byte(I) & 0xC0) != 0x80)
      return {};
    Code = Code << 6 | (Byte(I) & 0x3F);
  }
  bool Overlong = Code < (Size == 4 ? 0x10000u : Size == 3 ? 0x800u : 0x80u);
  if (Overlong || Code > 0x10FFFF || (Code >= 0xD800 && Code < 0xE000))
    return {};
  return {Code, Size, true};
}

void appendRune(std::string &Out, char32_t Code) {
  if (Code > 0x10FFFF || (Code >= 0xD800 && Code < 0xE000))
    Code = 0xFFFD;
  if (Code < 0x80) {
    Out += char(Code);
    return;
  }
  unsigned Size = Code < 0x800 ? 2 : Code < 0x10000 ? 3 : 4;
  Out += char((0xF00 >> Size) | (Code >> (6 * (Size - 1))));
  for (unsigned I = Size - 1; I-- > 0;)
    Out += char(0x80 | (Code >> (6 * I) & 0x3F));
}

bool isPrintable(char32_t Code) {
  struct Range {
    char32_t First, Last;
  };
  static constexpr Range Ranges[] = {
#include "PrintTable.inc"
  };
  if (Code < 0x80)
    return Code >= 0x20 && Code < 0x7F;
  const Range *R =
      std::lower_bound(std::begin(Ranges), std::end(Ranges), Code,
                       [](const Range &A, char32_t C) { return A.Last < C; });
  return R != std::end(Ranges) && R->First <= Code;
}

} // namespace goslim
