#include "goslim/Base/Subprocess.h"
#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace goslim;

static Result<ChildStatus> shell(const std::string &Script,
                                 SpawnOptions Options = {}) {
  return runProgram("/bin/sh", std::vector<std::string>{"-c", Script}, Options);
}

TEST(SubprocessTest, tellsHowTheChildEnded) {
  Result<ChildStatus> Code = shell("exit 3");
  ASSERT_TRUE(bool(Code));
  EXPECT_EQ(Code->ExitCode, 3);
  EXPECT_EQ(Code->Signal, 0);
  EXPECT_GT(Code->WallUs, 0u);
  EXPECT_GT(Code->MaxRss, 100000u);
  Result<ChildStatus> Killed = shell("kill -9 $$");
  ASSERT_TRUE(bool(Killed));
  EXPECT_EQ(Killed->Signal, SIGKILL);
}

TEST(SubprocessTest, capturesBothStreams) {
  std::string Out, Err;
  SpawnOptions Options;
  Options.Stdout = &Out;
  Options.Stderr = &Err;
  // More than a pipe holds, on both at once.
  ASSERT_TRUE(bool(shell("i=0; while [ $i -lt 3000 ]; do echo oooooooooooooooo"
                         "oooooooooooo; echo eeeeeeeeeeeeeeeeeeeeeeeeee >&2; "
                         "i=$((i+1)); done",
                         Options)));
  EXPECT_EQ(Out.size(), 3000u * 29);
  EXPECT_EQ(Err.size(), 3000u * 27);
}

TEST(SubprocessTest, passesEnvCwdAndArgv0) {
  std::string Out;
  std::vector<std::string> Env = {"X=1"};
  SpawnOptions Options;
  Options.Stdout = &Out;
  Options.Env = &Env;
  Options.Cwd = "/usr";
  Options.Argv0 = "name";
  ASSERT_TRUE(bool(shell("echo $X-$0-$(/bin/pwd -P)", Options)));
  EXPECT_EQ(Out, "1-name-/usr\n");
}

TEST(SubprocessTest, missingProgramIsAFailure) {
  EXPECT_EQ(runProgram("/no/such", {}).failure().Message,
            "/no/such: no such program");
  EXPECT_EQ(runProgram("goslim-no-such", {}).failure().Message,
            "goslim-no-such: no such program");
  EXPECT_EQ(execProgram("/no/such", {}).Message, "/no/such: no such program");
  std::vector<std::string> Huge(1, std::string(200 * 1024, 'x'));
  EXPECT_EQ(runProgram("/bin/true", Huge).failure().Message,
            "/bin/true: argument list too long");
}

/// Status of a forked process that runs Body.
template <typename Fn> static int forked(Fn Body) {
  pid_t Child = ::fork();
  if (Child == 0) {
    Body();
    ::_exit(99);
  }
  int Status = 0;
  ::waitpid(Child, &Status, 0);
  return Status;
}

TEST(SubprocessTest, exitsLikeTheChild) {
  int Status = forked([] { exitLike({.ExitCode = 7}); });
  EXPECT_TRUE(WIFEXITED(Status));
  EXPECT_EQ(WEXITSTATUS(Status), 7);
  for (int Signal : {SIGKILL, SIGTERM, SIGINT, SIGSEGV, SIGPIPE}) {
    Status = forked([&] { exitLike({.Signal = Signal}); });
    ASSERT_TRUE(WIFSIGNALED(Status)) << Signal;
    EXPECT_EQ(WTERMSIG(Status), Signal);
  }
}

TEST(SubprocessTest, forwardsSignals) {
  // The child tells its parent (the runner) to end; that must reach the child.
  int Status = forked([] {
    Result<ChildStatus> Ended =
        shell("trap 'exit 42' TERM; kill -TERM $PPID; while :; do :; done");
    ::_exit(Ended ? Ended->ExitCode : 98);
  });
  EXPECT_EQ(WEXITSTATUS(Status), 42);
}

TEST(SubprocessTest, ignoredSignalsStayIgnored) {
  int Status = forked([] {
    ::signal(SIGHUP, SIG_IGN);
    Result<ChildStatus> Ended = shell("kill -HUP $$; kill -HUP $PPID; exit 5");
    ::_exit(Ended ? Ended->ExitCode : 98);
  });
  EXPECT_EQ(WEXITSTATUS(Status), 5);
}

TEST(SubprocessTest, findsPrograms) {
  EXPECT_EQ(findProgram("sh", "/nowhere::bin:/bin"), "/bin/sh");
  EXPECT_EQ(findProgram("/bin/sh", ""), "/bin/sh");
  EXPECT_EQ(findProgram("/etc/passwd", ""), "");
  EXPECT_EQ(findProgram("etc", "/"), "");
  EXPECT_EQ(findProgram("", "/bin"), "");
}

TEST(SubprocessTest, inspectsProcesses) {
  Result<ProcessInfo> Self = inspectProcess(::getpid(), /*Short=*/false);
  ASSERT_TRUE(bool(Self));
  EXPECT_EQ(Self->ParentPid, ::getppid());
  EXPECT_EQ(Self->Program, ownPath());
  EXPECT_FALSE(Self->Argv.empty());
  EXPECT_FALSE(Self->Cwd.empty());
  EXPECT_TRUE(ownPath().ends_with(Self->Name) || Self->Name.size() == 15);
  EXPECT_EQ(Self->StartTime.find('/'), std::string::npos);
  Result<ProcessInfo> Parent = inspectProcess(::getppid(), /*Short=*/true);
  ASSERT_TRUE(bool(Parent));
  EXPECT_TRUE(Parent->Argv.empty());
  EXPECT_FALSE(bool(inspectProcess(-1, /*Short=*/true)));
}
