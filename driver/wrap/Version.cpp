//===- Version.cpp - the answer to -V=full --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// go puts this line into the ID of every action that uses the tool. So what
// policy can change in the tool's output must be in it, and nothing else: a
// rule about links in compile's line would recompile the world.
//===----------------------------------------------------------------------===//
#include "WrapStep.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Rewrite/RewriteGo.h"
#include <cstdio>
#include <cstdlib>

namespace goslim {

/// Import path of the folder go was started in; "" when outside the module.
static std::string packageOf(const Session &S) {
  if (S.ModulePath.empty() || !isWithin(S.StartDir, S.PolicyRoot))
    return {};
  return S.ModulePath + S.StartDir.substr(S.PolicyRoot.size());
}

// Our environment holds every value of go env as go sees it, go env -w
// included.
Result<std::vector<Finding>> checkGo(const WrapBuild &Build, const Policy &P) {
  std::span<const std::string> Argv = Build.Spool.GoArgv;
  if (Argv.empty())
    return std::vector<Finding>();
  GoCommand Command = parseGoCommand(Argv.subspan(1));
  if (!Command.builds())
    return std::vector<Finding>();
  GoContext C;
  C.Env = [](std::string_view Name) -> std::optional<std::string> {
    const char *Value = ::getenv(std::string(Name).c_str());
    return Value ? std::optional<std::string>(Value) : std::nullopt;
  };
  C.HostGoos = environment("GOHOSTOS");
  C.HostGoarch = environment("GOHOSTARCH");
  C.Cwd = Build.Spool.StartDir;
  C.CwdPackage = packageOf(Build.Spool);
  return checkGoForToolexec(P, Command, C);
}

/// Runs the tool (or the wrapper before it) and adds the salt to its line.
static int answerSalted(const WrapLine &Line, std::string_view Salt) {
  std::string Output;
  SpawnOptions Options = Line.spawnOptions();
  Options.Stdout = &Output;
  Result<ChildStatus> Status =
      runProgram(Line.Program, Line.arguments(Line.ToolArgs), Options);
  if (!Status)
    return reportFailure(Status.failure());
  if (Status->ExitCode == 0 && Status->Signal == 0)
    Output = saltVersionLine(Output, goHashString(Salt));
  fwrite(Output.data(), 1, Output.size(), stdout);
  if (fflush(stdout) != 0)
    return reportFailure(fail("standard output: cannot write"));
  exitLike(*Status);
}

int answerVersion(const WrapLine &Line) {
  // With the driver go has the flags itself: all that policy changes is
  // already in its action IDs.
  if (!Line.Session.empty())
    return execUnchanged(Line);
  Result<WrapBuild> Build = openBuild(Line);
  if (!Build)
    return reportFailure(Build.failure());
  if (!Build->hasPolicy())
    return execUnchanged(Line);
  Result<Policy> P = buildPolicy(*Build);
  if (!P)
    return reportFailure(P.failure());
  Result<std::vector<Finding>> Findings = checkGo(*Build, *P);
  if (!Findings)
    return reportFailure(Findings.failure());
  if (reportErrors(*Findings))
    return 1;
  std::string Salt = saltText(*P, Line.Tool, toolContext(*Build, Line.Tool));
  if (Salt.empty())
    return execUnchanged(Line);
  return answerSalted(Line, Salt);
}

} // namespace goslim
