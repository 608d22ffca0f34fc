//===- goslim/Record/Session.h - the spool of one build ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One go command = one session, a folder <cache>/sessions/<id>/ with
//   session        what started it: lines "key\tvalue", escaped
//   policy.toml    the policy file's bytes as they were at the start; every
//                  process of the build uses these
//   steps.jsonl    one line a step, one O_APPEND write each
//   link-N.*       what a link read (importcfg) and what was found in its
//   output
// The driver makes it and names it in -toolexec "goslim-wrap -session=DIR". In
// pure toolexec mode the first wrapper process makes it, named by go's process
// ID and start time, which every wrapper of that go can find out.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_RECORD_SESSION_H
#define GOSLIM_RECORD_SESSION_H

#include "goslim/Base/Result.h"
#include "goslim/Policy/Policy.h"
#include "goslim/Tool/GoCommand.h"
#include <string>
#include <vector>

namespace goslim {

enum class SessionMode : uint8_t {
  Driver,  ///< native flags; the wrapper measures and checks
  Toolexec ///< the wrapper rewrites
};

struct Session {
  std::string Folder; ///< absolute; "" = nothing can be recorded
  SessionMode How = SessionMode::Toolexec;
  std::string StartDir;            ///< where go was started
  std::vector<std::string> GoArgv; ///< go's command line, when known
  std::string PolicyFile, PolicyRoot, ModulePath, Profile;
  bool PolicyTrusted = false;
  uint64_t StartUnixMs = 0;
};

/// <cache>: GOSLIM_CACHE, else XDG_CACHE_HOME/goslim, else HOME/.cache/goslim
/// (macOS: HOME/Library/Caches/goslim). "" when none of them is an absolute
/// path, or there is no such HOME.
std::string cacheFolder();

/// Creates Folder with its files; when another process did so first, nothing
/// changes. PolicyText is the content of PolicyFile ("" = no policy).
Result<void> createSession(const Session &S, std::string_view PolicyText);
/// Fails also on a folder that is another user's: its policy decides what
/// programs run.
Result<Session> openSession(const std::string &Folder);
/// The policy snapshot, parsed; empty when the session has none.
Result<Policy> sessionPolicy(const Session &S);

/// Flags that S's go command had: of GOFLAGS (the variable's value), then of
/// its line, in order; the last of a name holds.
std::vector<Argument> goFlags(const Session &S, std::string_view GoFlags);
/// Its -overlay, or "". go tells programs nothing of it.
std::string overlayOf(const Session &S, std::string_view GoFlags);

/// The go process this process works for: the nearest ancestor that is a go
/// command, with the folder it works in (its -C applied) and its argv.
struct GoProcess {
  int Pid = 0;
  std::string StartTime; ///< opaque, tells a reused pid
  std::string Cwd;
  std::vector<std::string> Argv;
};
Result<GoProcess> findGoProcess();

/// Deletes sessions beyond the newest 64 (but none used within the last hour)
/// and those older than 7 days. Never fails.
void collectOldSessions();
/// Folders of sessions, newest first.
std::vector<std::string> listSessions();

} // namespace goslim

#endif // GOSLIM_RECORD_SESSION_H
