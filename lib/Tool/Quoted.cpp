//===- Quoted.cpp - cmd/internal/quoted -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Split as Go has it: a quote counts only at the start of a word, and the word
// ends at the closing quote even when no space follows. Join quotes what Go's
// own Join quotes, and in addition the empty word, which Go's loses.
//===----------------------------------------------------------------------===//
#include "goslim/Tool/Quoted.h"

namespace goslim {

static constexpr std::string_view Spaces = " \t\n\r";

Result<std::vector<std::string>> splitQuoted(std::string_view Text) {
  std::vector<std::string> Words;
  while (true) {
    size_t Start = Text.find_first_not_of(Spaces);
    if (Start == std::string_view::npos)
      return Words;
    Text.remove_prefix(Start);
    size_t End;
    if (char Quote = Text[0]; Quote == '"' || Quote == '\'') {
      End = Text.find(Quote, 1);
      if (End == std::string_view::npos)
        return fail("unterminated {} string", Quote);
      Words.emplace_back(Text.substr(1, End - 1));
      ++End;
    } else {
      End = std::min(Text.find_first_of(Spaces), Text.size());
      Words.emplace_back(Text.substr(0, End));
    }
    Text.remove_prefix(End);
  }
}

static bool has(std::string_view Word, std::string_view Chars) {
  return Word.find_first_of(Chars) != std::string_view::npos;
}

Result<std::string> joinQuoted(std::span<const std::string> Words) {
  std::string Out;
  for (const std::string &Word : Words) {
    std::string_view Quote;
    if (Word.empty() || (has(Word, Spaces) && !has(Word, "'")))
      Quote = "'";
    else if (has(Word, "'\"") || has(Word, Spaces))
      Quote = !has(Word, "'") ? "'" : !has(Word, "\"") ? "\"" : "";
    // With both kinds inside, the word can still stand bare.
    bool Bare =
        !Word.empty() && !has(Word, Spaces) && !has(Word.substr(0, 1), "'\"");
    if (Quote.empty() && !Bare)
      return fail("'{}' holds both kinds of quotes, go cannot take it as one "
                  "word of a list",
                  Word);
    if (&Word != &Words.front())
      Out += ' ';
    Out += Quote;
    Out += Word;
    Out += Quote;
  }
  return Out;
}

std::string shellQuote(std::string_view Text) {
  std::string Out = "'";
  for (char C : Text)
    if (C == '\'')
      Out += "'\\''";
    else
      Out += C;
  return Out + "'";
}

std::string shellWord(std::string_view Word) {
  constexpr std::string_view Plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "-_=./,:@%+";
  bool IsPlain = !Word.empty() && Word.find_first_not_of(Plain) == Word.npos;
  return IsPlain ? std::string(Word) : shellQuote(Word);
}

} // namespace goslim
