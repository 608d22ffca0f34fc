//===- Link.cpp - what happens around a link ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A link's inputs are named only in go's work folder, which is gone when go
// exits, so what it reads is copied before. What it made is looked at by goslim
// (which has LLVM; we do not) while that folder is still there. All of it is
// best effort, but for one thing: a required rule that the output breaks fails
// the link.
//===----------------------------------------------------------------------===//
#include "WrapStep.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Tool/GoCommand.h"
#include <cstdio>
#include <unistd.h>

namespace goslim {

std::string beforeLink(const WrapBuild &Build, StepRecord &Step,
                       std::string_view Importcfg) {
  if (!Build.records() || Importcfg.empty())
    return {};
  // Our pid is unique in a session unless pids wrapped around meanwhile.
  std::string Name = fmt::format("link-{}", getpid());
  std::string Folder = Build.Spool.Folder + "/";
  for (int I = 2; fileExists(Folder + Name + ".importcfg"); ++I)
    Name = fmt::format("link-{}-{}", getpid(), I);
  if (Result<void> Copied =
          createFileOnce(Folder + Name + ".importcfg", Importcfg);
      !Copied) {
    logLine(Copied.failure().Message);
    return {};
  }
  Step.Importcfg = Name + ".importcfg";
  return Name;
}

static Context linkContext(const WrapBuild &Build, const Invocation &Call,
                           const ToolContext &C) {
  Context Link;
  Link.Package = C.ImportPath;
  Link.Goos = C.Goos;
  Link.Goarch = C.Goarch;
  Link.Buildmode = Call.value("buildmode");
  if (Link.Buildmode.empty())
    Link.Buildmode = "exe";
  std::span<const std::string> Argv = Build.Spool.GoArgv;
  if (!Argv.empty())
    Link.Command = parseGoCommand(Argv.subspan(1)).Verb;
  if (Link.Package.ends_with(".test")) {
    Link.Package.resize(Link.Package.size() - 5);
    Link.Command = "test";
  }
  Link.Race = Call.isSet("race");
  Link.Msan = Call.isSet("msan");
  Link.Asan = Call.isSet("asan");
  return Link;
}

bool afterLink(const WrapBuild &Build, const Policy &P, const Invocation &Call,
               const ToolContext &C, const StepRecord &Step,
               const std::string &StepName) {
  if (P.empty() || !wantsManifest(P, linkContext(Build, Call, C)))
    return true;
  std::string Goslim(parentPath(ownPath()));
  Goslim += "/goslim";
  if (!fileExists(Goslim))
    return true;
  StepRecord Final = Step;
  Final.Out = absolutePath(Step.Out, C.Cwd);
  std::string Record = fmt::format("{}/{}.json", Build.Spool.Folder, StepName);
  if (Result<void> Written = createFileOnce(Record, toJsonLine(Final));
      !Written) {
    logLine(Written.failure().Message);
    return true;
  }
  std::string Output, Errors;
  SpawnOptions Options;
  Options.Stdout = &Output;
  Options.Stderr = &Errors;
  std::vector<std::string> Args = {
      "link-done", "--session=" + Build.Spool.Folder, "--step=" + StepName};
  Result<ChildStatus> Status = runProgram(Goslim, Args, Options);
  if (!Errors.empty())
    logLine(Errors);
  // 1 = findings; anything else it may die of is its own trouble.
  if (!Status || Status->Signal != 0 || Status->ExitCode != 1)
    return true;
  fwrite(Errors.data(), 1, Errors.size(), stderr);
  return false;
}

} // namespace goslim
