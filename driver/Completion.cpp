//===- Completion.cpp - scripts for bash, zsh and fish
//---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Made from the table, so that they are never behind the parser. The scripts
// are static: pressing the key starts no process of ours.
//===----------------------------------------------------------------------===//
#include "Go.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;

static std::string spaced(std::string_view BarWords) {
  std::string Out;
  for (std::string_view Word : splitBar(BarWords))
    Out += (Out.empty() ? "" : " ") + std::string(Word);
  return Out;
}

static std::string dashed(std::string_view Name) {
  return (Name.size() == 1 || Name == "###" ? "-" : "--") + std::string(Name);
}

static std::string optionWords(const std::vector<OptionInfo> &Table) {
  std::string Out;
  for (const OptionInfo &Row : Table)
    Out += (Out.empty() ? "" : " ") + dashed(Row.Name);
  return Out;
}

static std::string verbWords() {
  std::string Out;
  for (const Subcommand &Command : subcommands())
    if (!Command.Hidden)
      Out += std::string(Command.Name) + " ";
  for (const GoVerb &Verb : goVerbs())
    if (!findSubcommand(Verb.Name))
      Out += std::string(Verb.Name) + " ";
  return Out + "go";
}

/// Options of go verbs that are ours.
static std::vector<OptionInfo> goVerbOptions() {
  std::vector<OptionInfo> Rows;
  for (const OptionInfo &Row : globalOptions())
    if (Row.Name == "profile" || Row.Name == "config")
      Rows.push_back(Row);
  return Rows;
}

static std::string goVerbPattern() {
  std::string Out;
  for (const GoVerb &Verb : goVerbs())
    if (Verb.TakesBuildFlags)
      Out += (Out.empty() ? "" : "|") + std::string(Verb.Name);
  return Out;
}

//===- bash
//----------------------------------------------------------------===//

static std::string bashCase(std::string_view Pattern,
                            const std::vector<OptionInfo> &Table,
                            std::string_view Operands) {
  std::string Out = fmt::format("    {})\n      case $prev in\n", Pattern);
  for (const OptionInfo &Row : Table)
    if (!Row.Value.empty())
      Out += fmt::format("        {}) words=\"{}\" ;;\n", dashed(Row.Name),
                         spaced(Row.Values));
  return Out + fmt::format("        *) words=\"{}\" options=\"{}\" ;;\n"
                           "      esac ;;\n",
                           spaced(Operands), optionWords(Table));
}

static std::string bashScript() {
  std::string Values;
  for (const OptionInfo &Row : globalOptions())
    if (!Row.Value.empty())
      Values += (Values.empty() ? "" : "|") + dashed(Row.Name);
  std::string Out = fmt::format(
      R"(# bash completion for goslim, made by 'goslim completion bash'
_goslim() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  local verb= words= options= i
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in
      {0}) ((i++)) ;;
      -*|=) ;;
      *) verb=${{COMP_WORDS[i]}}; break ;;
    esac
  done
  case $verb in
    "") case $prev in {0}) ;; *) words="{2}" options="{1}" ;; esac ;;
)",
      Values, optionWords(globalOptions()), verbWords());
  for (const Subcommand &Command : subcommands())
    if (!Command.Hidden)
      Out += bashCase(Command.Name, Command.OptionTable, Command.OperandWords);
  Out += bashCase(goVerbPattern(), goVerbOptions(), "");
  Out += R"(  esac
  [[ $cur != -* ]] || words=$options
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _goslim goslim
)";
  return Out;
}

//===- zsh
//-----------------------------------------------------------------===//

/// For a word inside '...' of _arguments and _describe.
static std::string zshText(std::string_view Text) {
  std::string Out;
  for (char C : Text) {
    if (C == '\'')
      Out += "'\\'";
    if (C == '[' || C == ']' || C == ':' || C == '\\')
      Out += '\\';
    Out += C;
  }
  return Out;
}

static std::string zshOption(const OptionInfo &Row) {
  std::string Out = fmt::format("'{}{}[{}]", dashed(Row.Name),
                                Row.Value.empty()     ? ""
                                : Row.Name.size() > 1 ? "="
                                                      : "",
                                zshText(Row.Help));
  if (Row.Value.empty())
    return Out + "'";
  std::string_view Action = Row.Value == "FILE"  ? "_files"
                            : Row.Value == "DIR" ? "_files -/"
                                                 : " ";
  return Out + fmt::format(":{}:{}'", Row.Value,
                           Row.Values.empty()
                               ? std::string(Action)
                               : fmt::format("({})", spaced(Row.Values)));
}

static std::string zshCase(std::string_view Pattern,
                           const std::vector<OptionInfo> &Table,
                           std::string_view Operands) {
  std::string Out = fmt::format("        {})\n          _arguments", Pattern);
  for (const OptionInfo &Row : Table)
    Out += " \\\n            " + zshOption(Row);
  return Out + fmt::format(" \\\n            '*:operand:{}' ;;\n",
                           Operands.empty()
                               ? "_files"
                               : fmt::format("({})", spaced(Operands)));
}

static std::string zshScript() {
  std::string Out = "#compdef goslim\n"
                    "# zsh completion, made by 'goslim completion zsh'\n"
                    "_goslim() {\n"
                    "  local context state state_descr line\n"
                    "  typeset -A opt_args\n"
                    "  local -a commands\n"
                    "  commands=(\n";
  for (const Subcommand &Command : subcommands())
    if (!Command.Hidden)
      Out +=
          fmt::format("    '{}:{}'\n", Command.Name, zshText(Command.Summary));
  for (const GoVerb &Verb : goVerbs())
    if (!findSubcommand(Verb.Name))
      Out += fmt::format("    '{}:{}'\n", Verb.Name, zshText(Verb.Summary));
  Out += "    'go:Any go command'\n"
         "  )\n"
         "  _arguments -C";
  for (const OptionInfo &Row : globalOptions())
    Out += " \\\n    " + zshOption(Row);
  Out += " \\\n    '1:command:->command' '*::argument:->argument'\n"
         "  case $state in\n"
         "    command) _describe command commands ;;\n"
         "    argument)\n"
         "      case $words[1] in\n";
  for (const Subcommand &Command : subcommands())
    if (!Command.Hidden)
      Out += zshCase(Command.Name, Command.OptionTable, Command.OperandWords);
  Out += zshCase(goVerbPattern(), goVerbOptions(), "");
  return Out + "        *) _files ;;\n"
               "      esac ;;\n"
               "  esac\n"
               "}\n"
               "_goslim \"$@\"\n";
}

//===- fish
//----------------------------------------------------------------===//

static std::string fishText(std::string_view Text) {
  std::string Out;
  for (char C : Text) {
    if (C == '\'' || C == '\\')
      Out += '\\';
    Out += C;
  }
  return Out;
}

static std::string fishOption(std::string_view Condition,
                              const OptionInfo &Row) {
  std::string_view Style = Row.Name.size() == 1 ? "-s"
                           : Row.Name == "###"  ? "-o"
                                                : "-l";
  std::string Value;
  if (!Row.Values.empty())
    Value = fmt::format(" -x -a '{}'", spaced(Row.Values));
  else if (Row.Value == "FILE" || Row.Value == "DIR")
    Value = " -r -F";
  else if (!Row.Value.empty())
    Value = " -x";
  return fmt::format("complete -c goslim -n '{}' {} '{}'{} -d '{}'\n",
                     Condition, Style, Row.Name, Value, fishText(Row.Help));
}

static std::string fishScript() {
  constexpr std::string_view First = "__fish_use_subcommand";
  std::string Out =
      "# fish completion for goslim, made by 'goslim completion fish'\n";
  for (const OptionInfo &Row : globalOptions())
    Out += fishOption(First, Row);
  auto AddVerb = [&](std::string_view Name, std::string_view Summary) {
    Out += fmt::format("complete -c goslim -n {} -f -a {} -d '{}'\n", First,
                       Name, fishText(Summary));
  };
  for (const Subcommand &Command : subcommands()) {
    if (Command.Hidden)
      continue;
    AddVerb(Command.Name, Command.Summary);
    std::string Seen =
        fmt::format("__fish_seen_subcommand_from {}", Command.Name);
    for (const OptionInfo &Row : Command.OptionTable)
      Out += fishOption(Seen, Row);
    if (!Command.OperandWords.empty())
      Out += fmt::format("complete -c goslim -n '{}' -f -a '{}'\n", Seen,
                         spaced(Command.OperandWords));
  }
  for (const GoVerb &Verb : goVerbs())
    if (!findSubcommand(Verb.Name))
      AddVerb(Verb.Name, Verb.Summary);
  AddVerb("go", "Any go command");
  std::string Seen =
      fmt::format("__fish_seen_subcommand_from {}", spaced(goVerbPattern()));
  for (const OptionInfo &Row : goVerbOptions())
    Out += fishOption(Seen, Row);
  return Out;
}

int goslim::runCompletion(const Options &O) {
  const std::string &Shell = O.Operands[0];
  if (Shell == "bash")
    llvm::outs() << bashScript();
  else if (Shell == "zsh")
    llvm::outs() << zshScript();
  else if (Shell == "fish")
    llvm::outs() << fishScript();
  else
    return printError({fmt::format("completion: expected one of bash, zsh, "
                                   "fish, found '{}'",
                                   Shell)});
  return ExitClean;
}
