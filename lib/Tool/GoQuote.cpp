//===- GoQuote.cpp - strconv.Quote and strconv.Unquote --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Byte for byte what Go writes, since a build setting rewritten by us must
// equal the one cmd/go would have written; and what Go reads, including the
// U+FFFD it makes of bytes that are not UTF-8.
//===----------------------------------------------------------------------===//
#include "Utf8.h"
#include "goslim/Tool/Quoted.h"

namespace goslim {

static constexpr std::string_view EscapeLetters = "abfnrtv\\\"";
static constexpr std::string_view EscapeBytes = "\a\b\f\n\r\t\v\\\"";

std::string goQuote(std::string_view Text) {
  std::string Out = "\"";
  while (!Text.empty()) {
    Rune R = decodeRune(Text);
    size_t Escape =
        R.Code < 0x80 ? EscapeBytes.find(char(R.Code)) : std::string_view::npos;
    if (!R.Valid)
      Out += fmt::format("\\x{:02x}", uint8_t(Text[0]));
    else if (Escape != std::string_view::npos)
      (Out += '\\') += EscapeLetters[Escape];
    else if (isPrintable(R.Code))
      Out += Text.substr(0, R.Size);
    else if (R.Code < 0x80)
      Out += fmt::format("\\x{:02x}", uint32_t(R.Code));
    else if (R.Code < 0x10000)
      Out += fmt::format("\\u{:04x}", uint32_t(R.Code));
    else
      Out += fmt::format("\\U{:08x}", uint32_t(R.Code));
    Text.remove_prefix(R.Size);
  }
  return Out += '"';
}

/// Reads Count digits of Base at the start of Text; -1 when they are not there.
static int64_t readDigits(std::string_view &Text, size_t Count, unsigned Base) {
  if (Text.size() < Count)
    return -1;
  int64_t Value = 0;
  for (char C : Text.substr(0, Count)) {
    unsigned Digit = C >= '0' && C <= '9'   ? C - '0'
                     : C >= 'a' && C <= 'f' ? C - 'a' + 10
                     : C >= 'A' && C <= 'F' ? C - 'A' + 10
                                            : 99;
    if (Digit >= Base)
      return -1;
    Value = Value * Base + Digit;
  }
  Text.remove_prefix(Count);
  return Value;
}

/// Text stands behind a backslash. Appends what the escape means and removes
/// it; false when Go knows no such escape.
static bool readEscape(std::string_view &Text, std::string &Out) {
  if (Text.empty())
    return false;
  char Letter = Text[0];
  if (size_t I = EscapeLetters.find(Letter); I != std::string_view::npos) {
    Out += EscapeBytes[I];
    Text.remove_prefix(1);
    return true;
  }
  if (Letter >= '0' && Letter <= '7') {
    int64_t Byte = readDigits(Text, 3, 8);
    Out += char(Byte);
    return Byte >= 0 && Byte < 256;
  }
  size_t Count = Letter == 'x' ? 2 : Letter == 'u' ? 4 : Letter == 'U' ? 8 : 0;
  if (!Count)
    return false;
  Text.remove_prefix(1);
  int64_t Value = readDigits(Text, Count, 16);
  if (Value < 0)
    return false;
  if (Count == 2) {
    Out += char(Value);
    return true;
  }
  if (Value > 0x10FFFF || (Value >= 0xD800 && Value < 0xE000))
    return false;
  appendRune(Out, char32_t(Value));
  return true;
}

Result<std::string> goUnquote(std::string_view Literal) {
  if (Literal.size() < 2 || Literal.front() != '"' || Literal.back() != '"')
    return fail("expected a string in double quotes");
  std::string_view Text = Literal.substr(1, Literal.size() - 2);
  std::string Out;
  while (!Text.empty()) {
    if (Text[0] == '"' || Text[0] == '\n')
      return fail("{} inside a string in double quotes",
                  Text[0] == '"' ? "quote" : "newline");
    if (Text[0] == '\\') {
      Text.remove_prefix(1);
      if (!readEscape(Text, Out))
        return fail("invalid escape in a string in double quotes");
      continue;
    }
    Rune R = decodeRune(Text);
    appendRune(Out, R.Code);
    Text.remove_prefix(R.Size);
  }
  return Out;
}

} // namespace goslim
