//===- Help.cpp - goslim help, goslim version
//------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The manual is made from the tables the parser reads (Commands.cpp, the
// options before a verb, the go verbs, the policy keys) plus the few chapters
// of Topics.cpp. For a go command go's own help follows ours.
//===----------------------------------------------------------------------===//
#include "Help.h"
#include "Go.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/Policy/Suggest.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;

std::string goslim::wrapText(std::string_view Text, unsigned Indent) {
  constexpr size_t Columns = 78;
  std::string Out;
  size_t Column = Indent;
  while (!Text.empty()) {
    size_t End = std::min(Text.find(' '), Text.size());
    if (Column > Indent && Column + 1 + End > Columns) {
      Out += '\n';
      Out.append(Indent, ' ');
      Column = Indent;
    } else if (Column > Indent) {
      Out += ' ';
      ++Column;
    }
    Out += Text.substr(0, End);
    Column += End;
    Text.remove_prefix(std::min(End + 1, Text.size()));
  }
  return Out;
}

/// "  --by WHAT            Group bytes ..."
static std::string optionLines(const std::vector<OptionInfo> &Table) {
  constexpr unsigned Indent = 22;
  std::string Out;
  for (const OptionInfo &Row : Table) {
    std::string Left = fmt::format(
        "  {}{}{}{}", Row.Name.size() > 1 && Row.Name != "###" ? "--" : "-",
        Row.Name, Row.Value.empty() ? "" : " ", Row.Value);
    std::string Help(Row.Help);
    if (!Row.Values.empty()) {
      std::string List;
      for (std::string_view Value : splitBar(Row.Values))
        List += (List.empty() ? "" : ", ") + std::string(Value);
      Help += fmt::format(". One of: {}", List);
    }
    Out += fmt::format("{:<{}}{}\n", Left, Indent, wrapText(Help, Indent));
  }
  return Out;
}

static std::string overview() {
  std::string Out =
      "goslim runs go with a team's policy and says what every byte of the\n"
      "result is for.\n\n"
      "usage: goslim [OPTION]... COMMAND [ARGUMENT]...\n\n"
      "Commands of goslim:\n";
  for (const Subcommand &Command : subcommands())
    if (!Command.Hidden)
      Out += fmt::format("  {:<12}{}\n", Command.Name, Command.Summary);
  Out += "\nCommands of go, run with the policy of goslim.toml:\n";
  for (const GoVerb &Verb : goVerbs())
    if (Verb.TakesBuildFlags)
      Out += fmt::format("  {:<12}{}\n", Verb.Name, Verb.Summary);
  Out += "  go ...      Any go command; those that build nothing run as they "
         "are\n\n"
         "Options in front of a go command:\n" +
         optionLines(globalOptions()) +
         "  --profile and --config may also follow the go command, ahead of "
         "packages.\n\n"
         "Topics, for 'goslim help TOPIC':\n";
  for (const Topic &T : topics())
    Out += fmt::format("  {:<14}{}\n", T.Name, T.Summary);
  return Out;
}

int goslim::printCommandHelp(const Subcommand &Command) {
  std::string Out =
      fmt::format("usage: goslim {}\n\n{}.\n\n{}\n", Command.Usage,
                  Command.Summary, Command.Description);
  if (!Command.OptionTable.empty())
    Out += "\nOptions:\n" + optionLines(Command.OptionTable);
  llvm::outs() << Out;
  return ExitClean;
}

/// Ours, then go's own page.
static int goVerbHelp(const GoVerb &Verb) {
  llvm::outs() << fmt::format(
      "usage: goslim [OPTION]... {0} [--profile NAME] [--config FILE] ...\n\n"
      "{1}. goslim runs go's own command{2}.\n"
      "What follows is go's description.\n\n",
      Verb.Name, Verb.Summary,
      Verb.TakesBuildFlags ? " with the policy of goslim.toml" : " as it is");
  llvm::outs().flush();
  Result<std::string> Go = findRealGo();
  if (!Go)
    return printError(Go.failure());
  return printError(execProgram(
      *Go, std::vector<std::string>{"help", std::string(Verb.Name)}));
}

/// One line an option: command, option, value, values, help. For tests and
/// for generators of other manuals.
static std::string table() {
  std::string Out;
  auto Add = [&](std::string_view Command, const OptionInfo &Row) {
    Out += fmt::format("{}\t{}\t{}\t{}\t{}\n", Command, Row.Name, Row.Value,
                       Row.Values, Row.Help);
  };
  for (const OptionInfo &Row : globalOptions())
    Add("", Row);
  for (const Subcommand &Command : subcommands()) {
    Out += fmt::format("{}\t\t\t\t{}\n", Command.Name, Command.Summary);
    for (const OptionInfo &Row : Command.OptionTable)
      Add(Command.Name, Row);
  }
  return Out;
}

int goslim::runHelp(const Options &O) {
  if (O.has("table")) {
    llvm::outs() << table();
    return ExitClean;
  }
  if (O.Operands.empty()) {
    llvm::outs() << overview();
    return ExitClean;
  }
  const std::string &Name = O.Operands[0];
  const Subcommand *Command = findSubcommand(Name);
  if (Command)
    printCommandHelp(*Command);
  for (const Topic &T : topics())
    if (T.Name == Name) {
      llvm::outs() << (Command ? "\n" : "") << T.Text();
      return ExitClean;
    }
  if (Command)
    return ExitClean;
  if (const GoVerb *Verb = findGoVerb(Name))
    return goVerbHelp(*Verb);

  std::vector<std::string_view> Names;
  for (const Topic &T : topics())
    Names.push_back(T.Name);
  for (const Subcommand &C : subcommands())
    Names.push_back(C.Name);
  Failure F = fail("no help for '{}'{}", Name, suggestion(Name, Names));
  F.Note = "see 'goslim help'";
  return printError(F);
}

int goslim::runVersion(const Options &) {
  llvm::outs() << "goslim " GOSLIM_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
  return ExitClean;
}
