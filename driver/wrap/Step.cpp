//===- Step.cpp - a tool call, from line to record ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parse, rewrite (or, under the driver, check), run, record. The tool gets the
// words go gave it, byte for byte, unless a rule changed one. Where nothing is
// left to do afterwards we become the tool instead of waiting for it.
//===----------------------------------------------------------------------===//
#include "WrapStep.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Record/EmbedRecord.h"
#include "goslim/Record/LinkMap.h"
#include "goslim/Tool/ImportConfig.h"
#include "goslim/Tool/ResponseFile.h"
#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

extern char **environ;

namespace goslim {

int execUnchanged(const WrapLine &Line) {
  logLine(fmt::format("exec {}", Line.Program));
  return reportFailure(execProgram(Line.Program, Line.arguments(Line.ToolArgs),
                                   Line.spawnOptions()));
}

namespace {
/// What is going to run.
struct Plan {
  Invocation Call; ///< as go gave it
  ToolContext Context;
  Policy Rules;
  std::vector<std::string> Args; ///< for the tool; as given unless rewritten
  std::optional<std::vector<std::string>> Env; ///< changed environment
  std::string ResponseFile;                    ///< ours, to be removed
  std::string MapFile; ///< where the C linker was asked for its map; or ""
  StepRecord Step;
};
} // namespace

//===----------------------------------------------------------------------===//
// Planning
//===----------------------------------------------------------------------===//

static bool isResponseFile(const WrapLine &Line) {
  return Line.ToolArgs.size() == 1 && Line.ToolArgs[0][0] == '@';
}

static std::vector<std::string> flagWords(const Invocation &Call) {
  std::vector<std::string> Words;
  for (const Argument &Arg : Call.Args)
    if (Arg.isFlag())
      Words.insert(Words.end(), Arg.Words.begin(), Arg.Words.end());
  return Words;
}

/// Our environment with "NAME=value" words set and "NAME" words removed.
static std::vector<std::string>
changedEnvironment(const std::vector<std::string> &Changes) {
  auto NameOf = [](std::string_view Word) {
    return Word.substr(0, Word.find('='));
  };
  std::vector<std::string> Env;
  for (char **Word = environ; *Word; ++Word)
    if (std::none_of(Changes.begin(), Changes.end(), [&](const auto &Change) {
          return NameOf(Change) == NameOf(*Word);
        }))
      Env.push_back(*Word);
  for (const std::string &Change : Changes)
    if (Change.find('=') != Change.npos)
      Env.push_back(Change);
  return Env;
}

/// A rewritten line came from a response file, or grew near the system's limit
/// (2 MiB for arguments and environment): it goes into one of ours.
static Result<void> useResponseFile(Plan &P, const WrapLine &Line) {
  constexpr size_t LongLine = 1 << 20;
  size_t Size = 0;
  for (const std::string &Arg : P.Args)
    Size += Arg.size() + 1 + sizeof(char *);
  ResponseFormat Format = responseFormatOf(P.Context.GoVersion);
  bool Needed = isResponseFile(Line) || Size >= LongLine;
  if (!Needed || !canPrintResponse(P.Args, Format))
    return {};
  std::string Out(P.Call.value("o"));
  std::string Base = isResponseFile(Line) ? Line.ToolArgs[0].substr(1)
                     : Out.empty()        ? "goslim-args"
                                          : Out + ".args";
  std::string File =
      absolutePath(fmt::format("{}.{}.goslim", Base, getpid()), P.Context.Cwd);
  if (Result<void> Written =
          writeFileAtomic(File, printResponse(P.Args, Format), /*Sync=*/false);
      !Written)
    return Written;
  P.ResponseFile = File;
  P.Args = {"@" + File};
  return {};
}

static Result<void> applyRewrite(Plan &P, const WrapLine &Line) {
  RewrittenInvocation New = rewriteTool(P.Rules, P.Call, P.Context);
  P.Step.Findings = std::move(New.Findings);
  P.Step.Edits = std::move(New.Edits);
  if (P.Step.Edits.empty())
    return {};
  P.Args = print(New.Call);
  P.Step.Run = flagWords(New.Call);
  if (!New.SetEnv.empty())
    P.Env = changedEnvironment(New.SetEnv);
  if (New.Importcfg) {
    // Beside the old one, in go's work folder; never over it.
    std::string File(New.Call.value("importcfg"));
    if (Result<void> Written =
            writeFileAtomic(File, *New.Importcfg, /*Sync=*/false);
        !Written)
      return Written;
    P.Context.Importcfg = std::move(*New.Importcfg);
  }
  return useResponseFile(P, Line);
}

/// Fails only where running the tool unchanged would break a promise.
static Result<Plan> makePlan(const WrapLine &Line, const WrapBuild &Build) {
  Plan P;
  P.Args = Line.ToolArgs;
  std::vector<std::string> Words = Line.ToolArgs;
  if (isResponseFile(Line)) {
    Result<std::vector<std::string>> Expanded =
        expandResponseFiles(Words, responseFormatOf(environment("GOVERSION")));
    if (!Expanded)
      return Expanded.failure();
    Words = std::move(*Expanded);
  }
  P.Call = parseInvocation(Line.Tool, Words);
  P.Context = toolContext(Build, Line.Tool);
  if (Line.Tool == ToolKind::Link)
    if (Result<std::string> Text =
            readFile(std::string(P.Call.value("importcfg"))))
      P.Context.Importcfg = std::move(*Text);
  P.Step.Tool = Line.Tool;
  P.Step.Package = environment("TOOLEXEC_IMPORTPATH");
  P.Step.Args = flagWords(P.Call);
  P.Step.Out = P.Call.value("o");
  P.Step.BuildId = P.Call.value("buildid");
  if (!Build.hasPolicy())
    return P;

  Result<Policy> Rules = buildPolicy(Build);
  if (!Rules)
    return Rules.failure();
  P.Rules = std::move(*Rules);
  if (!Build.rewrites())
    P.Step.Findings = checkTool(P.Rules, P.Call, P.Context);
  else if (Result<void> Done = applyRewrite(P, Line); !Done)
    return Done.failure();
  return P;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

/// Counts the files the step reads: its operands, and for link the archives.
static void measureInputs(Plan &P) {
  auto Count = [&](const std::string &File) {
    int64_t Size = fileSize(File);
    P.Step.InFiles += Size >= 0;
    P.Step.InBytes += Size >= 0 ? uint64_t(Size) : 0;
  };
  for (const Argument &Arg : P.Call.Args)
    if (!Arg.isFlag())
      for (const std::string &Word : Arg.Words)
        Count(Word);
  if (P.Context.Importcfg.empty())
    return;
  if (Result<ImportConfig> Config = parseImportConfig(P.Context.Importcfg))
    for (const ImportConfig::Line &Line : Config->Lines)
      if (Line.Verb == "packagefile")
        Count(Line.Value);
}

/// Warnings about go's own command line belong to no step; the first link of a
/// build carries them. (The errors among them ended the build at -V=full.)
static void addGoWarnings(const WrapBuild &Build, Plan &P) {
  if (!Build.rewrites() || !Build.records() || P.Rules.empty())
    return;
  Result<std::vector<Finding>> Findings = checkGo(Build, P.Rules);
  if (!Findings || Findings->empty())
    return;
  std::string Mark = Build.Spool.Folder + "/warned";
  int Fd = ::open(Mark.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (Fd < 0)
    return;
  ::close(Fd);
  P.Step.Findings.insert(P.Step.Findings.end(), Findings->begin(),
                         Findings->end());
}

static Result<ChildStatus> runTool(const WrapLine &Line, Plan &P) {
  SpawnOptions Options = Line.spawnOptions();
  Options.Env = P.Env ? &*P.Env : nullptr;
  P.Step.StartUnixMs = unixMs();
  Result<ChildStatus> Status =
      runProgram(Line.Program, Line.arguments(P.Args), Options);
  if (!P.ResponseFile.empty())
    ::unlink(P.ResponseFile.c_str());
  return Status;
}

/// Where the C linker will write the program, it tells what it put where. The
/// flags are not on record: they change nothing in the output.
static void askForMap(const WrapBuild &Build, Plan &P,
                      const std::string &LinkName) {
  if (LinkName.empty() || !P.ResponseFile.empty() ||
      (P.Args.size() == 1 && P.Args[0].starts_with("@")))
    return;
  std::string File = fmt::format("{}/{}.map", Build.Spool.Folder, LinkName);
  if (std::optional<Invocation> Asking =
          askForLinkMap(parseInvocation(ToolKind::Link, P.Args),
                        P.Context.Importcfg, P.Context.Goos, File)) {
    P.Args = print(*Asking);
    P.MapFile = std::move(File);
  }
}

/// Which files a compile embedded in variables that do not say it themselves.
static void keepEmbeds(const Plan &P) {
  std::string_view Config = P.Call.value("embedcfg");
  if (Config.empty())
    return;
  EmbedRecord R;
  for (const Argument &Arg : P.Call.Args)
    if (!Arg.isFlag())
      for (const std::string &File : Arg.Words)
        if (Result<std::string> Source = readFile(File))
          for (EmbedRecord::Variable &V : scanEmbeds(*Source))
            R.Variables.push_back(std::move(V));
  if (R.Variables.empty())
    return;
  Result<std::string> Text = readFile(std::string(Config));
  if (!Text)
    return logLine(Text.failure().Message);
  R.Config = std::move(*Text);
  if (Result<void> Kept = keepEmbedRecord(P.Step.BuildId, R); !Kept)
    logLine(Kept.failure().Message);
}

/// Nothing will be recorded and nothing needs removing: becomes the tool.
static int becomeTool(const WrapLine &Line, const Plan &P) {
  SpawnOptions Options = Line.spawnOptions();
  Options.Env = P.Env ? &*P.Env : nullptr;
  return reportFailure(
      execProgram(Line.Program, Line.arguments(P.Args), Options));
}

int runStep(const WrapLine &Line) {
  Result<WrapBuild> Build = openBuild(Line);
  if (!Build)
    return reportFailure(Build.failure());
  Result<Plan> P = makePlan(Line, *Build);
  if (!P)
    return reportFailure(P.failure());
  if (reportErrors(P->Step.Findings))
    return 1;
  if (!Build->records() && P->ResponseFile.empty())
    return becomeTool(Line, *P);

  std::string LinkName;
  int LinkRecorder = -1;
  LinkDone Watcher;
  if (Line.Tool == ToolKind::Link) {
    LinkName = beforeLink(*Build, P->Step, P->Context.Importcfg);
    addGoWarnings(*Build, *P);
    Watcher = startLinkDone(*Build, P->Rules, P->Call, P->Context, LinkName);
    LinkRecorder = startLinkRecord(*Build, Line, P->Step, P->Call, P->Context,
                                   LinkName, Watcher);
    askForMap(*Build, *P, LinkName);
  }
  Result<ChildStatus> Status = runTool(Line, *P);
  bool Done = Status && Status->ExitCode == 0 && Status->Signal == 0;
  finishLinkRecord(LinkRecorder, *Build, P->Step, P->Context, LinkName, Done,
                   P->MapFile);
  if (!Done)
    stopLinkDone(Watcher);
  if (!Status)
    return reportFailure(Status.failure());
  if (Line.Tool == ToolKind::Compile && Done)
    keepEmbeds(*P);

  P->Step.Status = *Status;
  measureInputs(*P);
  if (int64_t Size = fileSize(P->Step.Out); Size > 0)
    P->Step.OutBytes = uint64_t(Size);
  if (Build->records())
    if (Result<void> Written = appendStep(Build->Spool, P->Step); !Written)
      logLine(Written.failure().Message);
  if (Done && !LinkName.empty() &&
      !afterLink(*Build, Watcher, P->Context, P->Step, LinkName))
    return 1;
  exitLike(*Status);
}

} // namespace goslim
