//===- Json.cpp - writing JSON without a library --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Command lines and paths are bytes, JSON is Unicode: a byte that starts no
// well-formed UTF-8 sequence (RFC 3629: no overlong forms, no surrogates)
// becomes U+FFFD, so that one odd file name cannot spoil a record.
//===----------------------------------------------------------------------===//
#include "goslim/Base/Json.h"
#include <fmt/format.h>

namespace goslim {

/// Bytes of the well-formed UTF-8 sequence at the start of Text, or 0.
static unsigned utf8Length(std::string_view Text) {
  auto Byte = [&](size_t I) {
    return I < Text.size() ? uint8_t(Text[I]) : uint8_t(0);
  };
  uint8_t First = Byte(0);
  if (First < 0x80)
    return 1;
  // The second byte's range excludes overlong forms, surrogates and what lies
  // above U+10FFFF; all later bytes are 80..BF.
  struct Form {
    uint8_t FirstLow, FirstHigh, SecondLow, SecondHigh, Length;
  };
  static constexpr Form Forms[] = {
      {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
      {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
      {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
      {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
  };
  for (const Form &F : Forms) {
    if (First < F.FirstLow || First > F.FirstHigh)
      continue;
    if (Byte(1) < F.SecondLow || Byte(1) > F.SecondHigh)
      return 0;
    for (unsigned I = 2; I < F.Length; ++I)
      if (Byte(I) < 0x80 || Byte(I) > 0xBF)
        return 0;
    return F.Length;
  }
  return 0;
}

static void appendAscii(std::string &Out, char C) {
  switch (C) {
  case '"':
    Out += "\\\"";
    return;
  case '\\':
    Out += "\\\\";
    return;
  case '\n':
    Out += "\\n";
    return;
  case '\t':
    Out += "\\t";
    return;
  default:
    if (uint8_t(C) < 0x20 || C == 0x7F)
      fmt::format_to(std::back_inserter(Out), "\\u{:04x}", unsigned(C));
    else
      Out += C;
  }
}

void appendJsonString(std::string &Out, std::string_view Text) {
  Out += '"';
  while (!Text.empty()) {
    unsigned Length = utf8Length(Text);
    if (Length == 1)
      appendAscii(Out, Text[0]);
    else if (Length == 0)
      Out += "\xEF\xBF\xBD"; // U+FFFD
    else
      Out += Text.substr(0, Length);
    Text.remove_prefix(Length ? Length : 1);
  }
  Out += '"';
}

} // namespace goslim
