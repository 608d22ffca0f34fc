//===- WrapBuild.cpp - the build a tool call belongs to -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Driver mode: the session is named in our own words. Pure toolexec mode: it
// is named after the go process, and the first of its tools makes it, with the
// policy found from where go was started (a tool's own folder says nothing).
// Without a writable cache everything works but the recording.
//===----------------------------------------------------------------------===//
#include "WrapBuild.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Policy/PolicyFile.h"
#include "goslim/Tool/GoCommand.h"
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sys/stat.h>
#include <unistd.h>

namespace goslim {

std::string environment(const char *Name) {
  const char *Value = ::getenv(Name);
  return Value ? Value : "";
}

uint64_t unixMs() {
  timespec Now = {};
  ::clock_gettime(CLOCK_REALTIME, &Now);
  return uint64_t(Now.tv_sec) * 1000 + uint64_t(Now.tv_nsec) / 1000000;
}

void logLine(std::string_view Text) {
  std::string File = environment("GOSLIM_LOG");
  if (!File.empty())
    (void)appendToFile(File,
                       fmt::format("{} {} {}\n", unixMs(), getpid(), Text));
}

int reportFailure(const Failure &F) {
  fmt::print(stderr, "goslim: error: {}\n", F.Message);
  if (!F.Note.empty())
    fmt::print(stderr, "goslim: note: {}\n", F.Note);
  logLine(F.Message);
  return 2;
}

bool reportErrors(const std::vector<Finding> &Findings) {
  bool Any = false;
  for (const Finding &F : Findings) {
    if (F.Level != Severity::Error)
      continue;
    Any = true;
    std::string Text = print(F);
    fmt::print(stderr, "{}{}", Text, Text.ends_with('\n') ? "" : "\n");
  }
  return Any;
}

//===----------------------------------------------------------------------===//
// The session
//===----------------------------------------------------------------------===//

/// Everything about a new toolexec session but its folder, and the policy.
static Result<WrapBuild> beginBuild(const WrapLine &Line, const GoProcess &Go) {
  std::string Explicit =
      Line.Config.empty() ? environment("GOSLIM_CONFIG") : Line.Config;
  WrapBuild Build;
  Session &S = Build.Spool;
  S.How = SessionMode::Toolexec;
  S.StartDir = Go.Cwd;
  S.GoArgv = Go.Argv;
  S.StartUnixMs = unixMs();
  S.Profile =
      Line.Profile.empty() ? environment("GOSLIM_PROFILE") : Line.Profile;
  // Not run by go: only a policy that was named can be meant.
  if (Go.Cwd.empty() && Explicit.empty())
    return Build;
  std::string Start = Go.Cwd.empty() ? absolutePath(".", "/") : Go.Cwd;
  if (!Explicit.empty())
    Explicit = absolutePath(Explicit, Start);
  Result<PolicySource> Source =
      findPolicy(Start, Explicit, environment("GOWORK"));
  if (!Source)
    return Source.failure();
  if (Source->File.empty())
    return Build;
  Result<std::string> Text = readFile(Source->File);
  if (!Text)
    return Text.failure();
  S.PolicyFile = Source->File;
  S.PolicyRoot = Source->Root;
  S.ModulePath = Source->ModulePath;
  S.PolicyTrusted = Source->Trusted;
  Build.PolicyText = std::move(*Text);
  return Build;
}

static Result<WrapBuild> openToolexecBuild(const WrapLine &Line) {
  GoProcess Go;
  if (Result<GoProcess> Found = findGoProcess())
    Go = std::move(*Found);
  std::string Folder;
  if (std::string Cache = cacheFolder(); !Cache.empty() && Go.Pid != 0)
    Folder = fmt::format("{}/sessions/go-{}-{}", Cache, Go.Pid, Go.StartTime);
  if (!Folder.empty())
    if (Result<Session> Open = openSession(Folder))
      return WrapBuild{std::move(*Open), {}};

  Result<WrapBuild> Build = beginBuild(Line, Go);
  if (!Build || Folder.empty())
    return Build;
  Build->Spool.Folder = Folder;
  Result<void> Created = createSession(Build->Spool, Build->PolicyText);
  if (Created) {
    collectOldSessions();
    // Another process may have been first, with another policy.
    if (Result<Session> Open = openSession(Folder))
      return WrapBuild{std::move(*Open), {}};
  } else {
    logLine(Created.failure().Message);
  }
  Build->Spool.Folder.clear();
  return Build;
}

Result<WrapBuild> openBuild(const WrapLine &Line) {
  if (Line.Session.empty())
    return openToolexecBuild(Line);
  WrapBuild Build;
  Build.Spool.How = SessionMode::Driver;
  if (Result<Session> Open = openSession(Line.Session))
    Build.Spool = std::move(*Open);
  else
    logLine(Open.failure().Message);
  return Build;
}

Result<Policy> buildPolicy(const WrapBuild &Build) {
  if (!Build.hasPolicy())
    return Policy();
  const Session &S = Build.Spool;
  if (Build.records())
    return sessionPolicy(S);
  PolicySource Source;
  Source.File = S.PolicyFile;
  Source.Root = S.PolicyRoot;
  Source.ModulePath = S.ModulePath;
  Source.Trusted = S.PolicyTrusted;
  return parsePolicy(Source, Build.PolicyText, S.Profile);
}

//===----------------------------------------------------------------------===//
// The tool's surroundings
//===----------------------------------------------------------------------===//

/// As Go's os.Getwd: PWD when it is true, so that symlinks stay as named.
static std::string currentFolder() {
  std::string Pwd = environment("PWD");
  struct stat Named, Real;
  if (!Pwd.empty() && Pwd[0] == '/' && ::stat(Pwd.c_str(), &Named) == 0 &&
      ::stat(".", &Real) == 0 && Named.st_dev == Real.st_dev &&
      Named.st_ino == Real.st_ino)
    return Pwd;
  return realPath(".");
}

ToolContext toolContext(const WrapBuild &Build, ToolKind Tool) {
  ToolContext C;
  C.ImportPath = environment("TOOLEXEC_IMPORTPATH");
  C.ImportPath.resize(std::min(C.ImportPath.find(' '), C.ImportPath.size()));
  C.GoVersion = environment("GOVERSION");
  C.Goos = environment("GOOS");
  C.Goarch = environment("GOARCH");
  C.Goroot = environment("GOROOT");
  C.Gomodcache = environment("GOMODCACHE");
  C.CgoEnabled = environment("CGO_ENABLED") == "1";
  C.Cwd = currentFolder();
  if (Build.rewrites() &&
      (Tool == ToolKind::Compile || Tool == ToolKind::Asm)) {
    if (Result<std::string> Text =
            readFile(Build.Spool.PolicyRoot + "/vendor/modules.txt"))
      C.VendorModules = std::move(*Text);
    if (Result<std::string> Text = readFile(Build.Spool.PolicyRoot + "/go.mod"))
      C.GoMod = std::move(*Text);
  }
  return C;
}

} // namespace goslim
