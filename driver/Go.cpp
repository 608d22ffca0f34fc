//===- Go.cpp - running go with the team's policy
//---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// runGo() is a list of passes: find go, take our own words off, find and read
// the policy, rewrite the command, open a session so that goslim-wrap can
// measure, run, publish. A command that builds nothing leaves after the first
// two. What fails on the measuring side costs one warning, never a build.
//===----------------------------------------------------------------------===//
#include "Go.h"
#include "GoSession.h"
#include "LinkDone.h"
#include "NeedsCgo.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/Policy/PolicyFile.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <unistd.h>

using namespace goslim;

static bool disabled() {
  std::optional<std::string> Value = environment("GOSLIM_DISABLE");
  return Value && *Value != "0";
}

/// Behind "go -C DIR".
static size_t verbIndex(const std::vector<std::string> &Argv) {
  std::optional<OptionWord> First;
  if (!Argv.empty())
    First = splitOption(Argv[0]);
  return !First || First->Name != "C" ? 0 : First->Value ? 1 : 2;
}

/// Takes --profile and --config out of the flags that follow the verb. Ends
/// with the first operand: what follows may belong to the program that go
/// runs, or to a test.
static Result<void> takeOwnOptions(std::vector<std::string> &Argv,
                                   GlobalOptions &Options) {
  size_t Next = verbIndex(Argv);
  const GoVerb *Verb = Next < Argv.size() ? findGoVerb(Argv[Next]) : nullptr;
  if (!Verb || !Verb->TakesBuildFlags)
    return {};
  for (++Next; Next < Argv.size() && Argv[Next] != "--";) {
    std::optional<OptionWord> Word = splitOption(Argv[Next]);
    if (!Word)
      break;
    std::string *Ours = Word->Name == "profile"  ? &Options.Profile
                        : Word->Name == "config" ? &Options.Config
                                                 : nullptr;
    if (!Ours) {
      const FlagInfo *Flag = findGoFlag(Word->Name);
      Next += Flag && Flag->TakesValue && !Word->Value ? 2 : 1;
      continue;
    }
    size_t Count = Word->Value ? 1 : 2;
    if (Next + Count > Argv.size())
      return fail("{}: expected a value", Argv[Next]);
    *Ours = Word->Value ? std::string(*Word->Value) : Argv[Next + 1];
    Argv.erase(Argv.begin() + ptrdiff_t(Next),
               Argv.begin() + ptrdiff_t(Next + Count));
  }
  return {};
}

/// Becomes go, with the words as they came.
static int becomeGo(const GoRun &Run, const std::vector<std::string> &Argv) {
  if (Run.Options.DryRun) {
    GoRun Shown = Run;
    Shown.Rewritten.Command = parseGoCommand(Argv);
    printCommand(Shown);
    return ExitClean;
  }
  llvm::outs().flush();
  return printError(execProgram(Run.Go, Argv));
}

static std::string workingFolder() {
  // $PWD keeps the links the user came by; go prefers it in the same way.
  std::optional<std::string> Pwd = environment("PWD");
  std::string Real = realPath(".");
  return Pwd && (*Pwd)[0] == '/' && realPath(*Pwd) == Real ? *Pwd : Real;
}

/// Fills Team and PolicyText: the policy that governs StartDir.
static Result<void> loadPolicy(GoRun &Run) {
  std::string Config = Run.Options.Config;
  if (Config.empty())
    Config = environment("GOSLIM_CONFIG").value_or("");
  if (!Config.empty())
    Config = absolutePath(Config, workingFolder());
  std::string Profile = Run.Options.Profile;
  if (Profile.empty())
    Profile = environment("GOSLIM_PROFILE").value_or("");

  Result<PolicySource> Source =
      findPolicy(Run.StartDir, Config, goEnvironment("GOWORK").value_or(""));
  if (!Source)
    return Source.failure();
  if (Source->File.empty()) {
    // Only what was asked for here and now: the variable may be for another
    // module.
    if (!Run.Options.Profile.empty())
      return Failure{fmt::format("--profile {}: no goslim.toml in {} or above, "
                                 "up to the module root",
                                 Profile, Run.StartDir),
                     "'goslim init' writes one"};
    return {};
  }
  Result<std::string> Text = readFile(Source->File, 1 << 20);
  if (!Text)
    return Text.failure();
  Result<Policy> Team = parsePolicy(*Source, *Text, Profile);
  if (!Team)
    return Team.failure();
  Run.Team = std::move(*Team);
  Run.PolicyText = std::move(*Text);
  return {};
}

//===----------------------------------------------------------------------===//
// What the policy looks at
//===----------------------------------------------------------------------===//

Context goslim::commandContext(const GoCommand &Command, const GoContext &C) {
  Context Facts;
  auto Or = [](std::optional<std::string> Value, const std::string &Default) {
    return Value ? *Value : Default;
  };
  Facts.Goos = Or(C.Env("GOOS"), C.HostGoos);
  Facts.Goarch = Or(C.Env("GOARCH"), C.HostGoarch);
  Facts.Buildmode = std::string(Command.value("buildmode"));
  if (Facts.Buildmode.empty() || Facts.Buildmode == "default")
    Facts.Buildmode = "exe";
  Facts.Command = Command.Verb;
  Facts.Race = Command.isSet("race");
  Facts.Msan = Command.isSet("msan");
  Facts.Asan = Command.isSet("asan");
  Facts.Cover = Command.isSet("cover");
  return Facts;
}

/// The tags go will see once policy is applied.
static std::string tagsOf(const GoRun &Run) {
  const GoCommand &Command = Run.Rewritten.Command;
  std::string Tags = effectiveFlag(Command, "tags");
  Rules Holding = resolve(Run.Team, commandContext(Command, Run.Context));
  if (Holding.TagsRule.Value)
    for (const std::string &Tag : Holding.TagsRule.Value->Require)
      Tags += (Tags.empty() ? "" : ",") + Tag;
  return Tags;
}

static GoContext makeContext(const GoRun &Run) {
  GoContext C;
  C.Env = goEnvironment;
#ifdef __APPLE__
  C.HostGoos = "darwin";
#else
  C.HostGoos = "linux";
#endif
#if defined(__aarch64__)
  C.HostGoarch = "arm64";
#else
  C.HostGoarch = "amd64";
#endif
  C.Cwd = Run.StartDir;
  GoModule Module = findModule(Run.StartDir);
  if (!Module.Path.empty())
    C.CwdPackage = Module.Path + Run.StartDir.substr(Module.Root.size());
  C.NeedsCgo = [&Run] {
    return needsCgo(Run.Go, Run.StartDir, Run.Rewritten.Command, tagsOf(Run));
  };
  return C;
}

//===----------------------------------------------------------------------===//
// The passes
//===----------------------------------------------------------------------===//

/// Prints them; whether one forbids to go on.
static bool printFindings(const GoRun &Run,
                          const std::vector<Finding> &Findings) {
  bool Fatal = false;
  for (const Finding &F : Findings) {
    // go list is run by programs; the build that follows warns.
    bool Show = F.Level == Severity::Error ||
                (!Run.Options.Quiet && Run.Rewritten.Command.Verb != "list");
    if (Show)
      printFinding(F);
    Fatal |= F.Level == Severity::Error;
  }
  return Fatal;
}

static void applyEnvironment(const std::vector<std::string> &Changes) {
  for (const std::string &Change : Changes) {
    size_t Equal = Change.find('=');
    if (Equal == std::string::npos)
      ::unsetenv(Change.c_str());
    else
      ::setenv(Change.substr(0, Equal).c_str(), Change.c_str() + Equal + 1, 1);
  }
}

/// Runs go, then what goslim does after a build that succeeded.
static int build(const GoRun &Run) {
  applyEnvironment(Run.Rewritten.SetEnv);
  Measurement Measured = startMeasuring(Run);
  if (!Measured.Warning.empty() && !Run.Options.Quiet)
    llvm::errs() << "goslim: warning: " << Measured.Warning << '\n';
  if (Measured.Build.Folder.empty() && Run.Team.empty())
    return printError(execProgram(Run.Go, Measured.Argv));

  Result<ChildStatus> Status = [&] {
    BackgroundCleaning Cleaning;
    return runProgram(Run.Go, Measured.Argv);
  }();
  if (!Status)
    return printError(Status.failure());
  if (Status->ExitCode != 0 || Status->Signal != 0)
    exitLike(*Status);

  PublishResult Published;
  if (!Measured.Build.Folder.empty() && !Run.Team.empty())
    Published = publishManifests(Measured.Build);
  bool Fatal = printFindings(Run, Published.Findings);
  if (!Run.Shim && !Run.Options.Quiet)
    printSummary(Run, Published.Manifests);
  return Fatal ? ExitFindings : ExitClean;
}

int goslim::runGo(std::vector<std::string> Argv, GlobalOptions Options,
                  bool Shim) {
  GoRun Run;
  Run.Shim = Shim;
  Result<std::string> Go = findRealGo();
  if (!Go)
    return printError(Go.failure());
  Run.Go = std::move(*Go);
  if (!Options.Chdir.empty()) // go wants it first, ahead of the verb or behind
    Argv.insert(Argv.begin(), "-C=" + Options.Chdir);
  if (!Shim)
    if (Result<void> Taken = takeOwnOptions(Argv, Options); !Taken)
      return printError(Taken.failure());
  Run.Options = std::move(Options);
  Run.Rewritten.Command = parseGoCommand(Argv);
  if (disabled() || !Run.Rewritten.Command.builds())
    return becomeGo(Run, Argv);
  // From here on go will build something.

  Run.StartDir = absolutePath(Run.Rewritten.Command.chdir(), workingFolder());
  if (Result<void> Loaded = loadPolicy(Run); !Loaded)
    return printError(Loaded.failure());
  if (!Run.Team.empty()) {
    Run.Context = makeContext(Run);
    Result<RewrittenGo> Rewritten =
        rewriteGo(Run.Team, Run.Rewritten.Command, Run.Context);
    if (!Rewritten)
      return printError(Rewritten.failure());
    Run.Rewritten = std::move(*Rewritten);
  }
  // From here on the command and its environment are fixed.

  bool Forbidden = printFindings(Run, Run.Rewritten.Findings);
  if (Run.Options.DryRun)
    printCommand(Run);
  if (Forbidden)
    return ExitFindings;
  return Run.Options.DryRun ? ExitClean : build(Run);
}
