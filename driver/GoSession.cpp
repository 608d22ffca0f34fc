//===- GoSession.cpp - how a build of the driver is measured
//---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Creates the session folder and puts "goslim-wrap -session=DIR" into go's
// -toolexec, in front of the words that the user has there (on the command
// line or in GOFLAGS): the wrapper runs them as it runs a tool. The -toolexec
// string is in no action ID of go's (notes/toolexec.md 1.3), so each build may
// have its own folder there.
//===----------------------------------------------------------------------===//
#include "GoSession.h"
#include "LinkDone.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/Tool/Quoted.h"
#include <chrono>
#include <csignal>
#include <unistd.h>

using namespace goslim;

static std::string siblingWrapper() {
  std::string Path = std::string(parentPath(ownPath())) + "/goslim-wrap";
  return ::access(Path.c_str(), X_OK) == 0 ? Path : "";
}

/// Without goslim-wrap and its own words: a GOFLAGS=-toolexec=goslim-wrap that
/// is there for plain go would otherwise rewrite a second time.
static void dropOurWrapper(std::vector<std::string> &Words,
                           const std::string &Wrapper) {
  if (Words.empty())
    return;
  std::string Program = findProgram(Words[0], environment("PATH").value_or(""));
  if (Program.empty() || realPath(Program) != realPath(Wrapper))
    return;
  size_t Own = 1;
  while (Own < Words.size() && splitOption(Words[Own]))
    ++Own;
  Words.erase(Words.begin(), Words.begin() + ptrdiff_t(Own));
}

static Result<std::string> mergedToolexec(const GoCommand &Command,
                                          const std::string &Wrapper,
                                          const std::string &Folder) {
  Result<std::vector<std::string>> User =
      splitQuoted(effectiveFlag(Command, "toolexec"));
  if (!User)
    return User.failure();
  dropOurWrapper(*User, Wrapper);
  std::vector<std::string> Words = {Wrapper, "-session=" + Folder};
  Words.insert(Words.end(), User->begin(), User->end());
  return joinQuoted(Words);
}

/// Ours instead of the user's, or behind -C, which go wants first.
static std::vector<std::string> withToolexec(GoCommand Command,
                                             const std::string &Value) {
  if (Argument *Flag = Command.last("toolexec")) {
    *Flag = makeFlag("toolexec", Value);
    return print(Command);
  }
  bool ChdirFirst = !Command.Flags.empty() && Command.Flags[0].Name == "C";
  Command.Flags.insert(Command.Flags.begin() + ChdirFirst,
                       makeFlag("toolexec", Value));
  return print(Command);
}

static Session describe(const GoRun &Run) {
  Session S;
  S.How = SessionMode::Driver;
  S.StartDir = Run.StartDir;
  S.GoArgv = print(Run.Rewritten.Command);
  S.GoArgv.insert(S.GoArgv.begin(), "go");
  S.PolicyFile = Run.Team.File;
  S.PolicyRoot = Run.Team.Root;
  S.ModulePath = Run.Team.ModulePath;
  S.Profile = Run.Team.Profile;
  S.PolicyTrusted = Run.Team.Trusted;
  S.StartUnixMs =
      uint64_t(std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
                   .count());
  return S;
}

Measurement goslim::startMeasuring(const GoRun &Run) {
  Measurement M;
  const GoCommand &Command = Run.Rewritten.Command;
  M.Argv = print(Command);
  if (Command.isSet("n"))
    return M; // go's own dry run: nothing is built, the text is the result
  std::string Wrapper = siblingWrapper();
  if (Wrapper.empty()) {
    M.Warning = fmt::format("{}/goslim-wrap: not found; this build is not "
                            "measured",
                            parentPath(ownPath()));
    return M;
  }
  M.Build = describe(Run);
  std::string Folder = fmt::format("{}/sessions/driver-{}-{}", cacheFolder(),
                                   M.Build.StartUnixMs, ::getpid());
  Result<std::string> Toolexec = mergedToolexec(Command, Wrapper, Folder);
  if (!Toolexec) {
    M.Warning = fmt::format("-toolexec: {}; this build is not measured",
                            Toolexec.failure().Message);
    return M;
  }
  M.Build.Folder = Folder;
  if (Result<void> Made = createSession(M.Build, Run.PolicyText); !Made) {
    M.Build.Folder.clear();
    M.Warning =
        fmt::format("{}; this build is not measured", Made.failure().Message);
    return M;
  }
  writeSessionEdits(M.Build, "go " + Command.Verb, Run.Rewritten.Edits);
  M.Argv = withToolexec(Command, *Toolexec);
  return M;
}

BackgroundCleaning::BackgroundCleaning() {
  // Signals are for the thread that waits for go and hands them on.
  sigset_t All, Old;
  sigfillset(&All);
  ::pthread_sigmask(SIG_SETMASK, &All, &Old);
  Worker = std::thread(collectOldSessions);
  ::pthread_sigmask(SIG_SETMASK, &Old, nullptr);
}
