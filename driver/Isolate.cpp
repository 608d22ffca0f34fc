//===- Isolate.cpp - analysis in a child with limits ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The child writes into two anonymous files rather than pipes: nobody has to
// read them while it runs, so there is no deadlock and no copy in our memory,
// however long the answer is. Its exit code is moved out of the range that
// exit(1) calls of libraries use; only our own end of the body gives it, so
// everything else counts as a death.
//===----------------------------------------------------------------------===//
#include "Isolate.h"
#include "Driver.h"
#include "llvm/Support/ErrorHandling.h"
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define GOSLIM_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GOSLIM_SANITIZED 1
#endif
#endif
#ifndef GOSLIM_SANITIZED
#define GOSLIM_SANITIZED 0
#endif

namespace goslim {
namespace {

constexpr int EndedWell = 64;     ///< + the body's exit code
constexpr int StoppedItself = 80; ///< the reason is in the error file
constexpr int OutOfMemory = 81;   ///< nothing could be written any more
constexpr unsigned CpuGrace = 5;  ///< seconds from SIGXCPU to SIGKILL

int anonymousFile(const char *Name) {
#ifdef __linux__
  return memfd_create(Name, MFD_CLOEXEC);
#else
  (void)Name;
  FILE *F = tmpfile();
  return F ? dup(fileno(F)) : -1;
#endif
}

void setLimit(decltype(RLIMIT_CORE) What, uint64_t Soft, uint64_t Hard) {
  rlimit Now;
  if (getrlimit(What, &Now) != 0)
    return;
  // Never above what we were given ourselves: a lower limit of the caller's
  // stays in force.
  rlimit New;
  New.rlim_max = std::min<rlim_t>(Now.rlim_max, Hard);
  New.rlim_cur = std::min<rlim_t>({New.rlim_max, Now.rlim_cur, Soft});
  setrlimit(What, &New);
}

void onFatalError(void *ErrorFd, const char *Reason, bool) {
  // The first line only: what follows is a stack or a hint for LLVM people.
  size_t Length = strcspn(Reason, "\n");
  int Fd = int(reinterpret_cast<intptr_t>(ErrorFd));
  if (ftruncate(Fd, 0) == 0 && lseek(Fd, 0, SEEK_SET) == 0 &&
      write(Fd, Reason, Length) >= 0)
    _exit(StoppedItself);
  _exit(OutOfMemory);
}

[[noreturn]] void onNoMemory() { _exit(OutOfMemory); }
void onBadAlloc(void *, const char *, bool) { _exit(OutOfMemory); }

struct OutputFiles {
  int Out = anonymousFile("goslim-out");
  int Err = anonymousFile("goslim-err");
  ~OutputFiles() {
    close(Out);
    close(Err);
  }
};

[[noreturn]] void runChild(const OutputFiles &Files,
                           llvm::function_ref<int(llvm::raw_ostream &)> Body,
                           uint64_t MemoryLimit, unsigned CpuSeconds) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL); // nobody is left to read the answer
#endif
  setLimit(RLIMIT_CORE, 0, 0);
  setLimit(RLIMIT_CPU, CpuSeconds, CpuSeconds + CpuGrace);
  // Of what is allocated: files that are only mapped cost nothing that counts.
  if (!GOSLIM_SANITIZED) // the sanitizers reserve terabytes
    setLimit(RLIMIT_DATA, MemoryLimit, MemoryLimit);
  for (int Signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGXCPU})
    signal(Signal, SIG_DFL);
  dup2(Files.Out, STDOUT_FILENO);
  dup2(Files.Err, STDERR_FILENO);
  llvm::install_fatal_error_handler(
      onFatalError, reinterpret_cast<void *>(intptr_t(Files.Err)));
  llvm::install_bad_alloc_error_handler(onBadAlloc);
  std::set_new_handler(onNoMemory);

  int Code;
  {
    llvm::raw_fd_ostream OS(Files.Out, /*shouldClose=*/false);
    Code = Body(OS);
    OS.flush();
    OS.clear_error();
  }
  llvm::errs().flush();
  fflush(nullptr);
  _exit(EndedWell + Code);
}

/// Why the child did not come to the end of its body.
std::string reasonOf(int Status, const OutputFiles &Files, uint64_t MemoryLimit,
                     unsigned CpuSeconds) {
  if (WIFSIGNALED(Status)) {
    int Signal = WTERMSIG(Status);
    if (Signal == SIGXCPU)
      return fmt::format("time limit of {} s reached", CpuSeconds);
    if (Signal == SIGBUS)
      return "the file changed while it was read, or a read error (SIGBUS)";
    return fmt::format("signal {} ({})", Signal, strsignal(Signal));
  }
  int Code = WEXITSTATUS(Status);
  if (Code == OutOfMemory)
    return fmt::format("memory limit of {} MiB reached", MemoryLimit >> 20);
  if (Code == StoppedItself) {
    char Text[256];
    ssize_t Got = pread(Files.Err, Text, sizeof(Text), 0);
    if (Got > 0)
      return std::string(Text, size_t(Got));
  }
  return fmt::format("unexpected exit code {}", Code);
}

bool copyAll(int From, int To) {
  char Buffer[1 << 16];
  off_t At = 0;
  for (;;) {
    ssize_t Got = pread(From, Buffer, sizeof(Buffer), At);
    if (Got <= 0)
      return Got == 0;
    At += Got;
    for (ssize_t Done = 0; Done < Got;) {
      ssize_t N = write(To, Buffer + Done, size_t(Got - Done));
      if (N < 0 && errno == EINTR)
        continue;
      if (N <= 0)
        return false;
      Done += N;
    }
  }
}

int printStopped(const std::string &File, std::string_view Why) {
  return printError(fail("{}: analysis stopped: {}", File, Why));
}

} // namespace

int runIsolated(const std::string &File,
                llvm::function_ref<int(llvm::raw_ostream &OS)> Body,
                const IsolateLimits &Limits) {
  struct stat Stat;
  uint64_t FileSize =
      stat(File.c_str(), &Stat) == 0 ? uint64_t(Stat.st_size) : 0;
  // Files beyond 2^59 bytes are sparse tricks; the product must not wrap.
  uint64_t MemoryLimit =
      Limits.FixedBytes +
      Limits.BytesPerFileByte * std::min(FileSize, uint64_t(1) << 56);
  if (rlimit Given; getrlimit(RLIMIT_DATA, &Given) == 0)
    MemoryLimit = std::min<uint64_t>(MemoryLimit, Given.rlim_cur);

  OutputFiles Files;
  if (Files.Out < 0 || Files.Err < 0)
    return printStopped(File, strerror(errno));
  fflush(nullptr); // or the child would print our buffers a second time
  llvm::outs().flush();
  pid_t Child = fork();
  if (Child < 0)
    return printStopped(File, strerror(errno));
  if (Child == 0)
    runChild(Files, Body, MemoryLimit, Limits.CpuSeconds);

  int Status = 0;
  while (waitpid(Child, &Status, 0) < 0)
    if (errno != EINTR)
      return printStopped(File, strerror(errno));
  int Code = WIFEXITED(Status) ? WEXITSTATUS(Status) - EndedWell : -1;
  if (Code < ExitClean || Code > ExitUnverified)
    return printStopped(
        File, reasonOf(Status, Files, MemoryLimit, Limits.CpuSeconds));
  copyAll(Files.Err, STDERR_FILENO);
  if (!copyAll(Files.Out, STDOUT_FILENO))
    return printError(fail("standard output: {}", strerror(errno)));
  return Code;
}

} // namespace goslim
