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
#include "goslim/Record/LinkRecord.h"
#include "goslim/Tool/GoCommand.h"
#include "goslim/Tool/ImportConfig.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
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

//===----------------------------------------------------------------------===//
// goslim link-done
//===----------------------------------------------------------------------===//

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

/// A socket, since writing to a pipe that nobody reads would kill us.
static void tell(const LinkDone &D, std::string_view Line) {
  if (D.Pid > 0)
    (void)!::send(D.Input, Line.data(), Line.size(), MSG_NOSIGNAL);
}

static int waitFor(pid_t Child) {
  int Status = 0;
  while (::waitpid(Child, &Status, 0) < 0 && errno == EINTR)
    ;
  return Status;
}

static std::string readAll(int Fd) {
  std::string Out;
  char Buffer[4096];
  for (ssize_t Size;
       (Size = ::pread(Fd, Buffer, sizeof Buffer, off_t(Out.size()))) > 0;)
    Out.append(Buffer, size_t(Size));
  return Out;
}

/// An open file that has no name any more; -1 = none.
static int namelessFile(const std::string &Path) {
  int Fd = ::open(Path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  ::unlink(Path.c_str());
  return Fd;
}

LinkDone startLinkDone(const WrapBuild &Build, const Policy &P,
                       const Invocation &Call, const ToolContext &C,
                       const std::string &StepName) {
  LinkDone D;
  if (StepName.empty() || P.empty() ||
      !wantsManifest(P, linkContext(Build, Call, C)))
    return D;
  std::string Goslim(parentPath(ownPath()));
  Goslim += "/goslim";
  int Sockets[2];
  if (!fileExists(Goslim) ||
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, Sockets) != 0)
    return D;
  D.Errors = namelessFile(Build.Spool.Folder + "/" + StepName + ".errors");
  D.Input = Sockets[1];
  D.Pid = ::fork();
  if (D.Pid == 0) {
    // go waits for the end of whoever holds the tool's output.
    int Null = ::open("/dev/null", O_RDWR);
    ::dup2(Sockets[0], 0), ::dup2(Null, 1);
    ::dup2(D.Errors >= 0 ? D.Errors : Null, 2);
    std::vector<std::string> Args = {
        "link-done", "--session=" + Build.Spool.Folder, "--step=" + StepName};
    execProgram(Goslim, Args);
    ::_exit(127);
  }
  ::close(Sockets[0]);
  return D;
}

void stopLinkDone(const LinkDone &D) {
  if (D.Pid <= 0)
    return;
  ::kill(D.Pid, SIGKILL);
  waitFor(D.Pid);
}

//===----------------------------------------------------------------------===//
// The record
//===----------------------------------------------------------------------===//

static const std::vector<std::string> &flagsAsRun(const StepRecord &Step) {
  return Step.Run.empty() ? Step.Args : Step.Run;
}

static LinkRecord recordOf(const WrapBuild &Build, const WrapLine &Line,
                           const StepRecord &Step, const Invocation &Call,
                           const ToolContext &C) {
  // What cmd/link itself asks the environment for.
  static constexpr const char *Looked[] = {
      "GOROOT",   "GOROOT_FINAL", "GO_EXTLINK_ENABLED",
      "GOOS",     "GOARCH",       "GOAMD64",
      "GOARM",    "GOARM64",      "GOEXPERIMENT",
      "GOVERSION"};
  LinkRecord R;
  R.Tool = Line.Chain.empty() ? Line.Program : Line.Chain.back();
  // Names in go's work folder mean nothing afterwards.
  for (const Argument &Arg :
       parseInvocation(ToolKind::Link, flagsAsRun(Step)).Args)
    if (Arg.Name != "o" && Arg.Name != "importcfg")
      R.Args.insert(R.Args.end(), Arg.Words.begin(), Arg.Words.end());
  R.Gocache = environment("GOCACHE");
  if (Build.hasPolicy())
    R.Policy = archiveSha256(Build.Spool.Folder + "/policy.toml");
  R.Overlay = overlayOf(Build.Spool, environment("GOFLAGS"));
  for (const char *Name : Looked)
    if (const char *Value = ::getenv(Name))
      R.Env.push_back(fmt::format("{}={}", Name, Value));
  auto Add = [&](std::string_view Package, std::string File) {
    File = absolutePath(File, C.Cwd);
    int64_t Size = fileSize(File);
    R.Archives.push_back({std::string(Package), archiveSha256(File),
                          Size > 0 ? uint64_t(Size) : 0});
  };
  for (const Argument &Arg : Call.Args)
    if (!Arg.isFlag())
      for (const std::string &Word : Arg.Words)
        Add("main", Word);
  Result<ImportConfig> Config = parseImportConfig(C.Importcfg);
  if (!Config)
    return R;
  for (const ImportConfig::Line &L : Config->Lines) {
    if (L.Verb == "packagefile")
      Add(L.Key, L.Value);
    else if (!L.Verb.empty())
      R.Config.push_back(L.Text);
  }
  return R;
}

int startLinkRecord(const WrapBuild &Build, const WrapLine &Line,
                    const StepRecord &Step, const Invocation &Call,
                    const ToolContext &C, const std::string &StepName,
                    const LinkDone &D) {
  if (StepName.empty())
    return -1;
  pid_t Child = ::fork();
  if (Child != 0)
    return Child;
  // go waits for the end of whoever holds the tool's output.
  int Null = ::open("/dev/null", O_RDWR);
  for (int Fd : {0, 1, 2})
    ::dup2(Null, Fd);
  (void)createFileOnce(fmt::format("{}/{}.link", Build.Spool.Folder, StepName),
                       print(recordOf(Build, Line, Step, Call, C)));
  tell(D, "recorded\n");
  ::_exit(0);
}

void finishLinkRecord(int Child, const WrapBuild &Build, const StepRecord &Step,
                      const ToolContext &C, const std::string &StepName,
                      bool Linked, const std::string &MapFile) {
  constexpr uint64_t MaxMap = uint64_t(512) << 20;
  std::string Map;
  if (!MapFile.empty()) {
    if (Result<std::string> Text = readFile(MapFile, MaxMap); Text && Linked)
      Map = print(parseLinkMap(*Text));
    ::unlink(MapFile.c_str());
  }
  if (Child <= 0)
    return;
  waitFor(Child);
  std::string File = fmt::format("{}/{}.link", Build.Spool.Folder, StepName);
  Result<std::string> Text = readFile(File);
  ::unlink(File.c_str());
  if (!Text || !Linked)
    return;
  Invocation Call = parseInvocation(ToolKind::Link, flagsAsRun(Step));
  std::string Key = linkKey(Call.value("buildid"), "");
  if (Key.empty())
    Key = archiveSha256(absolutePath(Step.Out, C.Cwd));
  if (Result<void> Kept = keepLinkRecord(Key, *Text + Map); !Kept)
    logLine(Kept.failure().Message);
}

bool afterLink(const WrapBuild &Build, const LinkDone &D, const ToolContext &C,
               const StepRecord &Step, const std::string &StepName) {
  if (D.Pid < 0)
    return true;
  StepRecord Final = Step;
  Final.Out = absolutePath(Step.Out, C.Cwd);
  std::string Record = fmt::format("{}/{}.json", Build.Spool.Folder, StepName);
  if (Result<void> Written = createFileOnce(Record, toJsonLine(Final));
      !Written) {
    logLine(Written.failure().Message);
    stopLinkDone(D);
    return true;
  }
  tell(D, "linked\n");
  char Answer[4]; // its exit code; nothing when it died
  ssize_t Size;
  while ((Size = ::recv(D.Input, Answer, sizeof Answer, 0)) < 0 &&
         errno == EINTR)
    ;
  std::string Errors = readAll(D.Errors);
  if (!Errors.empty())
    logLine(Errors);
  // 1 = findings; anything else it may die of is its own trouble.
  if (Size != 2 || Answer[0] != '1')
    return true;
  fwrite(Errors.data(), 1, Errors.size(), stderr);
  return false;
}

} // namespace goslim
