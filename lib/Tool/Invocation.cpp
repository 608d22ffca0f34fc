//===- Invocation.cpp - one call of a tool, parsed ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Package flag's grammar over the generated table. Words are kept as they
// came, so printing is concatenation; what they mean is kept beside them.
//===----------------------------------------------------------------------===//
#include "goslim/Tool/Invocation.h"
#include "Flags.h"
#include <algorithm>

namespace goslim {

bool isFlagWord(std::string_view Word) {
  size_t Dashes = Word.starts_with("--") ? 2 : 1;
  return Word.starts_with('-') && Word.size() > Dashes && Word[Dashes] != '-' &&
         Word[Dashes] != '=';
}

Argument splitFlag(const std::string &Word) {
  size_t Dashes = Word.starts_with("--") ? 2 : 1;
  size_t Equal = Word.find('=', Dashes);
  Argument Arg;
  Arg.Words.push_back(Word);
  Arg.Name = Word.substr(Dashes, std::min(Equal, Word.size()) - Dashes);
  if (Equal != std::string::npos)
    Arg.Value = Word.substr(Equal + 1);
  return Arg;
}

Argument makeOperand(const std::string &Word) {
  Argument Arg;
  Arg.Words.push_back(Word);
  return Arg;
}

bool isFalse(std::string_view Value) {
  for (std::string_view Word : {"0", "f", "F", "false", "FALSE", "False"})
    if (Value == Word)
      return true;
  return false;
}

/// In a line that go accepts no flag follows an operand. So when the word
/// behind an unknown flag is no flag, but flags follow, it is a value.
static bool looksLikeValue(std::span<const std::string> Rest) {
  if (Rest.empty() || Rest[0].starts_with('-'))
    return false;
  for (const std::string &Word : Rest.subspan(1)) {
    if (Word == "--")
      return false;
    if (isFlagWord(Word))
      return true;
  }
  return false;
}

Argument takeFlag(std::span<const std::string> Argv, size_t &At,
                  const FlagInfo *Info) {
  Argument Arg = splitFlag(Argv[At++]);
  if (Arg.Value || At == Argv.size())
    return Arg;
  if (Info ? Info->TakesValue : looksLikeValue(Argv.subspan(At))) {
    Arg.Value = Argv[At];
    Arg.Words.push_back(Argv[At++]);
  }
  return Arg;
}

Invocation parseInvocation(ToolKind Tool, std::span<const std::string> Argv) {
  Invocation Call;
  Call.Tool = Tool;
  size_t At = 0;
  auto TakeOperand = [&] { Call.Args.push_back(makeOperand(Argv[At++])); };
  // go tool covdata MODE flags
  if (Tool == ToolKind::Covdata && !Argv.empty() && !isFlagWord(Argv[0]))
    TakeOperand();
  bool HasFlags = Tool != ToolKind::Unknown && Tool != ToolKind::Pack;
  while (HasFlags && At != Argv.size() && isFlagWord(Argv[At])) {
    const FlagInfo *Info = findToolFlag(Tool, splitFlag(Argv[At]).Name);
    Call.Args.push_back(takeFlag(Argv, At, Info));
  }
  while (At != Argv.size())
    TakeOperand();
  return Call;
}

std::vector<std::string> print(const Invocation &Call) {
  std::vector<std::string> Words;
  for (const Argument &Arg : Call.Args)
    Words.insert(Words.end(), Arg.Words.begin(), Arg.Words.end());
  return Words;
}

const Argument *Invocation::last(std::string_view Name) const {
  for (auto It = Args.rbegin(); It != Args.rend(); ++It)
    if (It->isFlag() && It->Name == Name)
      return &*It;
  return nullptr;
}

std::string_view Invocation::value(std::string_view Name) const {
  const Argument *Arg = last(Name);
  return Arg && Arg->Value ? std::string_view(*Arg->Value) : "";
}

bool Invocation::isSet(std::string_view Name) const {
  const Argument *Arg = last(Name);
  return Arg && !(Arg->Value && isFalse(*Arg->Value));
}

Argument makeFlag(std::string_view Name,
                  std::optional<std::string_view> Value) {
  Argument Arg;
  Arg.Name = Name;
  std::string Word = "-" + Arg.Name;
  if (Value) {
    Arg.Value = *Value;
    Word += "=";
    Word += *Value;
  }
  Arg.Words.push_back(std::move(Word));
  return Arg;
}

} // namespace goslim
