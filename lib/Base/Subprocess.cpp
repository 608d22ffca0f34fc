//===- Subprocess.cpp - child processes as data ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// posix_spawn (a vfork where there is one: the cost does not grow with our
// memory), then wait4 for what the child used. We stay as invisible as a shell
// that waits: signals meant for the child reach it, and exitLike ends us the
// way it ended. Nothing here touches descriptors, umask, mask or environment
// that the child was not asked to have different.
//===----------------------------------------------------------------------===//
#include "goslim/Base/Subprocess.h"
#include "goslim/Base/FileIO.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace goslim {

static Failure failRun(std::string_view Program, int Errno) {
  if (Errno == ENOENT)
    return fail("{}: no such program", Program);
  if (Errno == E2BIG)
    return fail("{}: argument list too long", Program);
  return fail("{}: cannot run: {}", Program, errnoText(Errno));
}

/// Null-terminated pointers into Words (which must outlive it).
static std::vector<char *> pointers(std::span<const std::string> Words) {
  std::vector<char *> Pointers;
  Pointers.reserve(Words.size() + 2);
  for (const std::string &Word : Words)
    Pointers.push_back(const_cast<char *>(Word.c_str()));
  Pointers.push_back(nullptr);
  return Pointers;
}

namespace {
/// Program, argv and environment in the form the system wants.
struct Prepared {
  Prepared(const std::string &Program, std::span<const std::string> Args,
           const SpawnOptions &Options)
      : Path(Program), Argv0(Options.Argv0.empty() ? Program : Options.Argv0),
        Argv(pointers(Args)) {
    if (Program.find('/') == Program.npos) {
      const char *PathVariable = ::getenv("PATH");
      Path = findProgram(Program, PathVariable ? PathVariable : "");
    }
    Argv.insert(Argv.begin(), const_cast<char *>(Argv0.c_str()));
    if (Options.Env)
      Env = pointers(*Options.Env);
  }
  Prepared(const Prepared &) = delete;
  char **env() { return Env.empty() ? environ : Env.data(); }

  std::string Path; ///< "" = not found
  std::string Argv0;
  std::vector<char *> Argv, Env;
};
} // namespace

Failure execProgram(const std::string &Program,
                    std::span<const std::string> Args,
                    const SpawnOptions &Options) {
  Prepared P(Program, Args, Options);
  if (P.Path.empty())
    return failRun(Program, ENOENT);
  if (!Options.Cwd.empty() && ::chdir(Options.Cwd.c_str()) != 0)
    return fail("{}: {}", Options.Cwd, errnoText(errno));
  ::execve(P.Path.c_str(), P.Argv.data(), P.env());
  return failRun(Program, errno);
}

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

static constexpr int ForwardedSignals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
static volatile sig_atomic_t ForwardTo = 0;

static void forwardSignal(int Signal, siginfo_t *Info, void *) {
  int SavedErrno = errno;
#ifdef SI_KERNEL
  bool FromTerminal = Info->si_code == SI_KERNEL;
#else
  bool FromTerminal = Info->si_pid == 0;
#endif
  if (ForwardTo > 0 && !FromTerminal)
    ::kill(pid_t(ForwardTo), Signal);
  errno = SavedErrno;
}

namespace {
/// While it lives the forwarded signals go to the child. They are blocked
/// until the child's pid is known, so that none is lost in between. A signal
/// that was ignored when we started (nohup) stays ignored, in the child too.
class SignalForwarding {
public:
  SignalForwarding() {
    sigset_t Blocked;
    sigemptyset(&Blocked);
    for (int Signal : ForwardedSignals)
      sigaddset(&Blocked, Signal);
    ::sigprocmask(SIG_BLOCK, &Blocked, &OldMask);
    ForwardTo = 0;
    struct sigaction Action = {};
    Action.sa_sigaction = forwardSignal;
    Action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&Action.sa_mask);
    for (unsigned I = 0; I < std::size(ForwardedSignals); ++I) {
      ::sigaction(ForwardedSignals[I], nullptr, &OldActions[I]);
      if (OldActions[I].sa_handler != SIG_IGN)
        ::sigaction(ForwardedSignals[I], &Action, nullptr);
    }
  }
  SignalForwarding(const SignalForwarding &) = delete;
  ~SignalForwarding() {
    for (unsigned I = 0; I < std::size(ForwardedSignals); ++I)
      ::sigaction(ForwardedSignals[I], &OldActions[I], nullptr);
    ::sigprocmask(SIG_SETMASK, &OldMask, nullptr);
  }
  void start(pid_t Child) {
    ForwardTo = Child;
    ::sigprocmask(SIG_SETMASK, &OldMask, nullptr);
  }
  const sigset_t &oldMask() const { return OldMask; }

private:
  sigset_t OldMask;
  struct sigaction OldActions[std::size(ForwardedSignals)];
};

/// The reading ends of what is captured.
class Capture {
public:
  explicit Capture(const SpawnOptions &Options)
      : Streams{{STDOUT_FILENO, Options.Stdout},
                {STDERR_FILENO, Options.Stderr}} {}
  Capture(const Capture &) = delete;
  ~Capture() {
    for (Stream &S : Streams)
      for (int *Fd : {&S.Read, &S.Write})
        close(*Fd);
  }

  bool open(posix_spawn_file_actions_t &Actions) {
    for (Stream &S : Streams) {
      int Fds[2];
      if (!S.Into)
        continue;
      if (::pipe(Fds) != 0)
        return false;
      S.Read = Fds[0], S.Write = Fds[1];
      ::fcntl(S.Read, F_SETFD, FD_CLOEXEC);
      ::fcntl(S.Write, F_SETFD, FD_CLOEXEC);
      ::posix_spawn_file_actions_adddup2(&Actions, S.Write, S.ChildFd);
    }
    return true;
  }

  /// Reads both to their ends, whichever has something.
  void drain() {
    for (Stream &S : Streams)
      close(S.Write);
    while (Streams[0].Read >= 0 || Streams[1].Read >= 0) {
      pollfd Polled[2] = {{Streams[0].Read, POLLIN, 0},
                          {Streams[1].Read, POLLIN, 0}};
      if (::poll(Polled, 2, -1) < 0 && errno != EINTR)
        return;
      for (unsigned I = 0; I < 2; ++I)
        if (Polled[I].revents)
          readSome(Streams[I]);
    }
  }

private:
  struct Stream {
    int ChildFd;
    std::string *Into;
    int Read = -1, Write = -1;
  };
  static void close(int &Fd) {
    if (Fd >= 0)
      ::close(Fd);
    Fd = -1;
  }
  static void readSome(Stream &S) {
    char Buffer[16384];
    ssize_t N = ::read(S.Read, Buffer, sizeof Buffer);
    if (N > 0)
      S.Into->append(Buffer, size_t(N));
    else if (N == 0 || errno != EINTR)
      close(S.Read);
  }

  Stream Streams[2];
};

/// posix_spawn's two argument blocks.
struct SpawnSettings {
  SpawnSettings(const SpawnOptions &Options, const sigset_t &Mask) {
    ::posix_spawnattr_init(&Attributes);
    ::posix_spawnattr_setsigmask(&Attributes, &Mask);
    ::posix_spawnattr_setflags(&Attributes, POSIX_SPAWN_SETSIGMASK);
    ::posix_spawn_file_actions_init(&Actions);
    if (!Options.Cwd.empty())
      ::posix_spawn_file_actions_addchdir_np(&Actions, Options.Cwd.c_str());
    if (Options.DiscardStderr)
      ::posix_spawn_file_actions_addopen(&Actions, STDERR_FILENO, "/dev/null",
                                         O_WRONLY, 0);
  }
  SpawnSettings(const SpawnSettings &) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&Actions);
    ::posix_spawnattr_destroy(&Attributes);
  }
  posix_spawnattr_t Attributes;
  posix_spawn_file_actions_t Actions;
};
} // namespace

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

static uint64_t microseconds(const timeval &Time) {
  return uint64_t(Time.tv_sec) * 1000000 + uint64_t(Time.tv_usec);
}

static Result<ChildStatus> waitFor(pid_t Child, const std::string &Program) {
  int Raw = 0;
  rusage Usage = {};
  pid_t Ended;
  do
    Ended = ::wait4(Child, &Raw, 0, &Usage);
  while (Ended < 0 && errno == EINTR);
  if (Ended < 0)
    return fail("{}: cannot wait: {}", Program, errnoText(errno));
  ChildStatus Status;
  if (WIFSIGNALED(Raw))
    Status.Signal = WTERMSIG(Raw);
  else
    Status.ExitCode = WEXITSTATUS(Raw);
  Status.UserUs = microseconds(Usage.ru_utime);
  Status.SystemUs = microseconds(Usage.ru_stime);
#ifdef __APPLE__
  Status.MaxRss = uint64_t(Usage.ru_maxrss);
#else
  Status.MaxRss = uint64_t(Usage.ru_maxrss) * 1024;
#endif
  return Status;
}

Result<ChildStatus> runProgram(const std::string &Program,
                               std::span<const std::string> Args,
                               const SpawnOptions &Options) {
  using Clock = std::chrono::steady_clock;
  Prepared P(Program, Args, Options);
  if (P.Path.empty())
    return failRun(Program, ENOENT);

  SignalForwarding Signals;
  SpawnSettings Settings(Options, Signals.oldMask());
  Capture Output(Options);
  if (!Output.open(Settings.Actions))
    return fail("{}: cannot make a pipe: {}", Program, errnoText(errno));

  Clock::time_point Start = Clock::now();
  pid_t Child = 0;
  if (int Errno = ::posix_spawn(&Child, P.Path.c_str(), &Settings.Actions,
                                &Settings.Attributes, P.Argv.data(), P.env()))
    return failRun(Program, Errno);
  Signals.start(Child);
  Output.drain();
  Result<ChildStatus> Status = waitFor(Child, Program);
  if (Status)
    Status->WallUs =
        uint64_t(std::chrono::duration_cast<std::chrono::microseconds>(
                     Clock::now() - Start)
                     .count());
  return Status;
}

void exitLike(const ChildStatus &Status) {
  if (Status.Signal == 0)
    ::exit(Status.ExitCode);
  ::fflush(nullptr);
  // The child's core file, if any, is the interesting one.
  rlimit NoCore = {0, 0};
  ::setrlimit(RLIMIT_CORE, &NoCore);
  ::signal(Status.Signal, SIG_DFL);
  sigset_t Unblocked;
  sigemptyset(&Unblocked);
  sigaddset(&Unblocked, Status.Signal);
  ::sigprocmask(SIG_UNBLOCK, &Unblocked, nullptr);
  ::raise(Status.Signal);
  ::_exit(128 + Status.Signal); // a signal that did not kill us
}

static bool isExecutable(const std::string &Path) {
  struct stat Info;
  return ::stat(Path.c_str(), &Info) == 0 && S_ISREG(Info.st_mode) &&
         ::access(Path.c_str(), X_OK) == 0;
}

std::string findProgram(std::string_view Name, std::string_view Path) {
  if (Name.empty())
    return {};
  if (Name.find('/') != Name.npos) {
    std::string Copy(Name);
    return isExecutable(Copy) ? Copy : std::string();
  }
  while (!Path.empty()) {
    size_t Colon = Path.find(':');
    std::string_view Folder = Path.substr(0, Colon);
    Path.remove_prefix(Colon == Path.npos ? Path.size() : Colon + 1);
    if (Folder.empty() || Folder.front() != '/')
      continue;
    std::string Candidate = fmt::format("{}/{}", Folder, Name);
    if (isExecutable(Candidate))
      return Candidate;
  }
  return {};
}

} // namespace goslim
