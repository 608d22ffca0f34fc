//===- TomlText.cpp - before TOML is parsed -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over the bytes that knows strings and comments. On a text that is
// not TOML it may lose track, but only behind the point where toml++ stops.
//===----------------------------------------------------------------------===//
#include "goslim/Base/TomlText.h"
#include <algorithm>
#include <fmt/format.h>

namespace goslim {

static constexpr unsigned MaxDots = 2000;

static TomlTextProblem problemAt(std::string_view Text, size_t Offset,
                                 std::string Message) {
  std::string_view Before = Text.substr(0, Offset);
  size_t Break = Before.rfind('\n');
  size_t Column = Break == Before.npos ? Offset : Offset - Break - 1;
  return {unsigned(std::count(Before.begin(), Before.end(), '\n')) + 1,
          unsigned(Column) + 1, std::move(Message)};
}

/// The offset behind the string that begins at Begin; a string of one line
/// ends with its line at the latest.
static size_t skipString(std::string_view Text, size_t Begin) {
  char Quote = Text[Begin];
  std::string_view Rest = Text.substr(Begin);
  bool ManyLines = Rest.size() >= 3 && Rest[1] == Quote && Rest[2] == Quote;
  size_t At = Begin + (ManyLines ? 3 : 1);
  for (; At < Text.size(); ++At) {
    if (Text[At] == '\\' && Quote == '"')
      ++At;
    else if (Text[At] == '\n' && !ManyLines)
      return At;
    else if (Text[At] == Quote && !ManyLines)
      return At + 1;
    else if (Text[At] == Quote && Text.substr(At, 3) == Rest.substr(0, 3))
      return std::min(Text.find_first_not_of(Quote, At), Text.size());
  }
  return Text.size();
}

TomlTextProblem checkTomlText(std::string_view Text) {
  for (size_t I = 0; I < Text.size(); ++I) {
    unsigned char C = static_cast<unsigned char>(Text[I]);
    if ((C < 0x20 && C != '\t' && C != '\n' && C != '\r') || C == 0x7F)
      return problemAt(Text, I, fmt::format("control character 0x{:02x}", C));
  }
  unsigned Dots = 0;
  for (size_t I = 0; I < Text.size();) {
    if (Text[I] == '"' || Text[I] == '\'') {
      I = skipString(Text, I);
    } else if (Text[I] == '#') {
      I = std::min(Text.find('\n', I), Text.size());
    } else {
      if (Text[I] == '.' && ++Dots > MaxDots)
        return problemAt(Text, I,
                         fmt::format("more than {} dots in its keys", MaxDots));
      ++I;
    }
  }
  return {};
}

} // namespace goslim
