//===- goslim.cpp - main
//---------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Called "go" (through a link): the shim, every word is go's. Else
//   goslim [OPTION]... VERB ...
// where VERB is a subcommand of ours, or a go command, or "go" and any go
// command. Ours come first; where both have a name (help, version), `goslim go
// version` is go's.
//===----------------------------------------------------------------------===//
#include "Go.h"
#include "Help.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Policy/Suggest.h"
#include "llvm/Support/Parallel.h"

using namespace goslim;

static int unknownVerb(const std::string &Verb) {
  std::vector<std::string_view> Names;
  for (const Subcommand &Command : subcommands())
    if (!Command.Hidden)
      Names.push_back(Command.Name);
  for (const GoVerb &Go : goVerbs())
    Names.push_back(Go.Name);
  Failure F = fail("unknown command '{}'{}", Verb, suggestion(Verb, Names));
  F.Note = "'goslim help' lists the commands, 'goslim go ...' runs any go "
           "command";
  return printError(F);
}

/// --profile and --config before a subcommand are the subcommand's own.
static Result<void> giveGlobalOptions(const Subcommand &Command,
                                      const GlobalOptions &G, Options &O) {
  auto Give = [&](std::string_view Name, const std::string &Value) {
    for (const OptionInfo &Row : Command.OptionTable)
      if (Row.Name == Name) {
        O.Given.insert(O.Given.begin(), {Row.Name, Value});
        return true;
      }
    return Value.empty();
  };
  if (!Give("profile", G.Profile) || !Give("config", G.Config) || G.DryRun ||
      G.Quiet || !G.Chdir.empty())
    return fail("{}: takes no options in front of it that are for go commands",
                Command.Name);
  return {};
}

static int runSubcommand(const Subcommand &Command, const GlobalOptions &G,
                         std::span<const std::string> Words) {
  for (const std::string &Word : Words) {
    if (Word == "--")
      break;
    if (Word == "-h" || Word == "-help" || Word == "--help")
      return printCommandHelp(Command);
  }
  Result<Options> O = parseOptions(Command, Words);
  if (!O)
    return printError(O.failure());
  if (Result<void> Given = giveGlobalOptions(Command, G, *O); !Given)
    return printError(Given.failure());
  return Command.Run(*O);
}

static bool asksForHelp(const std::vector<std::string> &Words) {
  return Words.size() == 2 && (Words[1] == "--help" || Words[1] == "-help");
}

int main(int Argc, char **Argv) {
  // Each thread has a stack, which counts where memory is limited (Isolate.h):
  // no more of them than pay.
  constexpr unsigned MostThreads = 8;
  llvm::parallel::strategy = llvm::optimal_concurrency(MostThreads);
  std::vector<std::string> Words(Argv + (Argc > 0), Argv + Argc);
  std::string_view Name = Argc > 0 ? fileName(Argv[0]) : "";
  if (Name == "go" || Name == "go.exe")
    return runGo(std::move(Words), {}, /*Shim=*/true);

  Result<GlobalOptions> G = takeGlobalOptions(Words);
  if (!G)
    return printError(G.failure());
  if (G->ShowHelp)
    return runHelp({});
  if (G->ShowVersion)
    return runVersion({});
  if (Words.empty())
    return printError({"expected a command", "see 'goslim help'"});
  if (const Subcommand *Command = findSubcommand(Words[0]))
    return runSubcommand(*Command, *G, std::span(Words).subspan(1));
  if (Words[0] == "go") {
    Words.erase(Words.begin());
    return runGo(std::move(Words), std::move(*G), /*Shim=*/false);
  }
  if (!findGoVerb(Words[0]))
    return unknownVerb(Words[0]);
  if (asksForHelp(Words))
    return runHelp({{}, {Words[0]}});
  return runGo(std::move(Words), std::move(*G), /*Shim=*/false);
}
