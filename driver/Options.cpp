//===- Options.cpp - words of a command line, by the table ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every option is a row of a table, so that nothing can be accepted that is
// not documented and completed. What a value must look like is in the row too:
// a list of words in Values, or "N" for a number.
//===----------------------------------------------------------------------===//
#include "Options.h"
#include "goslim/Policy/Suggest.h"
#include <algorithm>

using namespace goslim;

bool Options::has(std::string_view Name) const {
  return std::any_of(Given.begin(), Given.end(),
                     [&](const auto &G) { return G.first == Name; });
}

std::string_view Options::get(std::string_view Name,
                              std::string_view Default) const {
  for (size_t I = Given.size(); I-- > 0;)
    if (Given[I].first == Name)
      return Given[I].second;
  return Default;
}

std::vector<std::string_view> goslim::splitBar(std::string_view Words) {
  std::vector<std::string_view> List;
  while (!Words.empty()) {
    size_t Bar = std::min(Words.find('|'), Words.size());
    List.push_back(Words.substr(0, Bar));
    Words.remove_prefix(std::min(Bar + 1, Words.size()));
  }
  return List;
}

std::optional<OptionWord> goslim::splitOption(std::string_view Word) {
  if (Word.size() < 2 || Word[0] != '-')
    return std::nullopt;
  Word.remove_prefix(Word[1] == '-' ? 2 : 1);
  size_t Equal = Word.find('=');
  if (Equal == std::string_view::npos)
    return OptionWord{Word, std::nullopt};
  return OptionWord{Word.substr(0, Equal), Word.substr(Equal + 1)};
}

static const OptionInfo *findOption(const std::vector<OptionInfo> &Table,
                                    std::string_view Name) {
  for (const OptionInfo &Row : Table)
    if (Row.Name == Name)
      return &Row;
  return nullptr;
}

/// As the user writes it: "-n", "--top".
static std::string spelled(std::string_view Name) {
  return fmt::format("{}{}", Name.size() == 1 || Name == "###" ? "-" : "--",
                     Name);
}

static Failure unknownOption(std::string_view Where, std::string_view Name,
                             const std::vector<OptionInfo> &Table) {
  std::vector<std::string> Spelled;
  for (const OptionInfo &Row : Table)
    Spelled.push_back(spelled(Row.Name));
  std::vector<std::string_view> Known(Spelled.begin(), Spelled.end());
  Failure F = fail("{}unknown option '{}'{}", Where, spelled(Name),
                   suggestion(spelled(Name), Known));
  F.Note = "see 'goslim help'";
  return F;
}

static std::string listed(std::string_view Values) {
  std::string Text;
  for (std::string_view Value : splitBar(Values))
    Text += (Text.empty() ? "" : ", ") + std::string(Value);
  return Text;
}

static Result<void> checkValue(std::string_view Where, const OptionInfo &Row,
                               std::string_view Value) {
  if (!Row.Values.empty()) {
    std::vector<std::string_view> Allowed = splitBar(Row.Values);
    if (std::find(Allowed.begin(), Allowed.end(), Value) == Allowed.end())
      return fail("{}{}: expected one of {}, found '{}'", Where,
                  spelled(Row.Name), listed(Row.Values), Value);
  } else if (Row.Value == "N") {
    if (Value.empty() || Value.size() > 9 ||
        Value.find_first_not_of("0123456789") != std::string_view::npos)
      return fail("{}{}: expected a number, found '{}'", Where,
                  spelled(Row.Name), Value);
  } else if (Value.empty()) {
    return fail("{}{}: expected a value ({})", Where, spelled(Row.Name),
                Row.Value);
  }
  return {};
}

/// Reads the option at Words[Next] and moves Next behind it and its value.
static Result<std::pair<std::string_view, std::string>>
takeOption(std::string_view Where, const std::vector<OptionInfo> &Table,
           std::span<const std::string> Words, size_t &Next) {
  OptionWord Word = *splitOption(Words[Next++]);
  const OptionInfo *Row = findOption(Table, Word.Name);
  if (!Row)
    return unknownOption(Where, Word.Name, Table);
  if (Row->Value.empty()) {
    if (Word.Value)
      return fail("{}{}: takes no value, found '{}'", Where, spelled(Row->Name),
                  *Word.Value);
    return std::pair(Row->Name, std::string());
  }
  if (!Word.Value) {
    if (Next == Words.size())
      return fail("{}{}: expected a value ({})", Where, spelled(Row->Name),
                  Row->Value);
    Word.Value = Words[Next++];
  }
  if (Result<void> Valid = checkValue(Where, *Row, *Word.Value); !Valid)
    return Valid.failure();
  return std::pair(Row->Name, std::string(*Word.Value));
}

static Result<void> checkOperands(const Subcommand &Command, size_t Count) {
  if (Count >= Command.MinOperands && Count <= Command.MaxOperands)
    return {};
  Failure F = Count < Command.MinOperands
                  ? fail("{}: expected {}, found {}", Command.Name,
                         counted(Command.MinOperands, "operand"), Count)
                  : fail("{}: expected at most {}, found {}", Command.Name,
                         counted(Command.MaxOperands, "operand"), Count);
  F.Note = fmt::format("usage: goslim {}", Command.Usage);
  return F;
}

Result<Options> goslim::parseOptions(const Subcommand &Command,
                                     std::span<const std::string> Words) {
  std::string Where = fmt::format("{}: ", Command.Name);
  Options O;
  for (size_t Next = 0; Next < Words.size();) {
    if (Words[Next] == "--") {
      O.Operands.insert(O.Operands.end(), Words.begin() + ptrdiff_t(Next) + 1,
                        Words.end());
      break;
    }
    if (!splitOption(Words[Next])) {
      O.Operands.push_back(Words[Next++]);
      continue;
    }
    Result<std::pair<std::string_view, std::string>> One =
        takeOption(Where, Command.OptionTable, Words, Next);
    if (!One) {
      Failure F = One.failure();
      F.Note = fmt::format("see 'goslim {} --help'", Command.Name);
      return F;
    }
    O.Given.push_back(std::move(*One));
  }
  if (Result<void> Valid = checkOperands(Command, O.Operands.size()); !Valid)
    return Valid.failure();
  return O;
}

const std::vector<OptionInfo> &goslim::globalOptions() {
  static const std::vector<OptionInfo> Table = {
      {"n", "", "", "Show the go command that would be run, and why; run none"},
      {"###", "", "", "As -n, each word in quotes"},
      {"profile", "NAME", "", "Use [profile.NAME] of goslim.toml"},
      {"config", "FILE", "", "Use this policy file and look for no other"},
      {"q", "", "", "Print no summary and no warnings of goslim's own"},
      {"C", "DIR", "", "Change to DIR first, as go does"},
      {"h", "", "", "Show this overview"},
      {"help", "", "", "Show this overview"},
      {"version", "", "", "Show goslim's version"},
  };
  return Table;
}

Result<GlobalOptions>
goslim::takeGlobalOptions(std::vector<std::string> &Words) {
  GlobalOptions G;
  size_t Next = 0;
  while (Next < Words.size() && splitOption(Words[Next])) {
    Result<std::pair<std::string_view, std::string>> One =
        takeOption("", globalOptions(), Words, Next);
    if (!One)
      return One.failure();
    std::string_view Name = One->first;
    G.DryRun |= Name == "n" || Name == "###";
    G.QuoteWords |= Name == "###";
    G.Quiet |= Name == "q";
    G.ShowHelp |= Name == "h" || Name == "help";
    G.ShowVersion |= Name == "version";
    if (Name == "profile")
      G.Profile = One->second;
    if (Name == "config")
      G.Config = One->second;
    if (Name == "C")
      G.Chdir = One->second;
  }
  Words.erase(Words.begin(), Words.begin() + ptrdiff_t(Next));
  return G;
}
