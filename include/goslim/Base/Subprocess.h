//===- goslim/Base/Subprocess.h - child processes as data -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_BASE_SUBPROCESS_H
#define GOSLIM_BASE_SUBPROCESS_H

#include "goslim/Base/Result.h"
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace goslim {

/// How a child ended and what it used. Exactly one of ExitCode, Signal tells
/// the end: Signal != 0 means killed by it.
struct ChildStatus {
  int ExitCode = 0;
  int Signal = 0;
  uint64_t WallUs = 0, UserUs = 0, SystemUs = 0; ///< microseconds
  uint64_t MaxRss = 0;                           ///< bytes
};

struct SpawnOptions {
  std::string Argv0;                             ///< empty: the program's path
  std::string Cwd;                               ///< empty: unchanged
  const std::vector<std::string> *Env = nullptr; ///< "K=V" words; null: ours
  /// Captured here (appended) instead of inherited.
  std::string *Stdout = nullptr, *Stderr = nullptr;
  bool DiscardStderr = false;
};

/// Replaces this process (bare names as in runProgram). Returns only on
/// failure, with the reason.
Failure execProgram(const std::string &Program,
                    std::span<const std::string> Args,
                    const SpawnOptions &Options = {});

/// Runs Program (a path, or a bare name looked up on PATH) and waits. Child
/// gets the signal actions and the mask that we were started with. While it
/// runs, SIGTERM and SIGHUP sent to us, and SIGINT and SIGQUIT unless they come
/// from the terminal (which sends them to the child as well), are forwarded to
/// it, and we live on to tell how it ended.
Result<ChildStatus> runProgram(const std::string &Program,
                               std::span<const std::string> Args,
                               const SpawnOptions &Options = {});

/// Ends this process the way the child ended: same exit code, or killed by
/// the same signal.
[[noreturn]] void exitLike(const ChildStatus &Status);

/// First executable regular file named Name on PATH; a Name with a slash is
/// returned as is when executable. Empty when there is none. Relative elements
/// of PATH are skipped, as Go's exec.LookPath refuses what lies there.
std::string findProgram(std::string_view Name, std::string_view Path);

/// This program's own real path, or "" when the system does not tell.
std::string ownPath();

/// What the system tells about a running process. Failure: no such process,
/// or not ours to look at.
struct ProcessInfo {
  int ParentPid = 0;
  std::string StartTime; ///< opaque, no slash; tells a reused pid
  std::string Name;      ///< of the program, without folder; may be cut off
  std::string Program;   ///< path of its executable; may be ""
  std::string Cwd;       ///< may be ""
  std::vector<std::string> Argv;
};
/// Parent and name only when Short.
Result<ProcessInfo> inspectProcess(int Pid, bool Short);

} // namespace goslim

#endif // GOSLIM_BASE_SUBPROCESS_H
