//===- GoPrint.cpp - what is said about a go command
//-----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// -n prints a command line that a shell takes as it stands and that makes the
// same bytes without goslim (our -toolexec only measures, and is left out).
// -### prints the same words in double quotes, as clang does. The lines after
// it begin with '#'.
//===----------------------------------------------------------------------===//
#include "Go.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Tool/Quoted.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;

/// NAME='a b': the name stays outside the quotes, or it would be a command.
static std::string shellAssignment(std::string_view Change) {
  size_t Equal = Change.find('=');
  return std::string(Change.substr(0, Equal + 1)) +
         (Equal + 1 == Change.size() ? ""
                                     : shellWord(Change.substr(Equal + 1)));
}

static std::string commandLine(const GoRun &Run) {
  bool Quote = Run.Options.QuoteWords;
  std::vector<std::string> Unset, Set;
  for (const std::string &Change : Run.Rewritten.SetEnv)
    (Change.find('=') == std::string::npos ? Unset : Set).push_back(Change);

  std::vector<std::string> Words;
  if (!Unset.empty() || (Quote && !Set.empty()))
    Words.push_back("env");
  for (const std::string &Name : Unset)
    Words.insert(Words.end(), {"-u", Name});
  size_t FirstSet = Words.size();
  Words.insert(Words.end(), Set.begin(), Set.end());
  size_t FirstWord = Words.size();
  Words.push_back(Run.Go);
  for (std::string &Word : print(Run.Rewritten.Command))
    Words.push_back(std::move(Word));

  std::string Line;
  for (size_t I = 0; I < Words.size(); ++I) {
    Line += I ? " " : "";
    Line += Quote                            ? goQuote(Words[I])
            : I >= FirstSet && I < FirstWord ? shellAssignment(Words[I])
                                             : shellWord(Words[I]);
  }
  return Line;
}

/// Where the rule behind an edit is written.
static Origin originOf(const Rules &R, RuleId Rule) {
  switch (Rule) {
  case RuleId::Strip:
    return R.StripRule.Where;
  case RuleId::Trimpath:
    return R.TrimpathRule.Where;
  case RuleId::Static:
    return R.StaticRule.Where;
  case RuleId::Buildid:
    return R.BuildidRule.Where;
  case RuleId::Tags:
    return R.TagsRule.Where;
  case RuleId::Vars:
    return R.VarsRule.Where;
  case RuleId::Ldflags:
    return R.LdflagsRule.Where;
  case RuleId::Gcflags:
    return R.GcflagsRule.Where;
  case RuleId::Asmflags:
    return R.AsmflagsRule.Where;
  case RuleId::Env:
    return R.EnvRule.Where;
  }
  return {};
}

static std::string editText(const Edit &E) {
  if (E.Before.empty())
    return "added " + E.After;
  if (E.After.empty())
    return "removed " + E.Before;
  return fmt::format("{} -> {}", E.Before, E.After);
}

void goslim::printCommand(const GoRun &Run) {
  std::string Out = commandLine(Run) + "\n";
  if (!Run.Rewritten.Edits.empty()) {
    Rules Holding =
        resolve(Run.Team, commandContext(Run.Rewritten.Command, Run.Context));
    for (const Edit &E : Run.Rewritten.Edits)
      Out += fmt::format("# {}: {} ({})\n", ruleName(E.Rule), editText(E),
                         print(originOf(Holding, E.Rule)));
  }
  llvm::outs() << Out;
  llvm::outs().flush();
}

/// "app" of ./cmd/app, of -o bin/app, or of the module.
static std::string programName(const GoRun &Run) {
  const GoCommand &Command = Run.Rewritten.Command;
  std::string_view Output = Command.value("o");
  if (!Output.empty() && Output.back() != '/' && Output != "/dev/null")
    return std::string(fileName(Output));
  std::vector<std::string> Packages = Command.packages();
  if (Packages.size() > 1)
    return fmt::format("{} packages", Packages.size());
  std::string Package = Packages.empty() ? "." : Packages[0];
  if (Package.find("...") != std::string::npos)
    return Package;
  Package = Package.substr(0, Package.find('@'));
  if (Package == "." || Package == "./")
    Package =
        Run.Context.CwdPackage.empty() ? Run.StartDir : Run.Context.CwdPackage;
  else if (Package[0] == '.')
    Package = absolutePath(Package, Run.StartDir);
  return std::string(fileName(Package));
}

void goslim::printSummary(const GoRun &Run,
                          const std::vector<std::string> &Manifests) {
  if (Run.Rewritten.Command.Verb == "list" ||
      (Run.Rewritten.Edits.empty() && Manifests.empty()))
    return;
  std::string Changes;
  for (const Edit &E : Run.Rewritten.Edits)
    Changes += (Changes.empty() ? "" : ", ") +
               (E.After.empty() ? "without " + E.Before : E.After);
  if (!Changes.empty())
    Changes += fmt::format(" ({})", fileName(Run.Team.File));
  std::string Files;
  for (const std::string &Path : Manifests) {
    std::string_view Shown = Path;
    if (isWithin(Path, Run.Team.Root) && Path.size() > Run.Team.Root.size())
      Shown.remove_prefix(Run.Team.Root.size() + 1);
    Files += (Files.empty() ? "" : ", ") + std::string(Shown);
  }
  if (!Files.empty())
    Files = fmt::format("{}manifest{} {}", Changes.empty() ? "" : "; ",
                        Manifests.size() == 1 ? "" : "s", Files);
  llvm::errs() << fmt::format("goslim: {}: {}{}\n", programName(Run), Changes,
                              Files);
}
