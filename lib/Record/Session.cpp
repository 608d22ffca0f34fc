//===- Session.cpp - the spool of one build -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A session is made whole under a temporary name and then renamed, so that of
// many processes that start at once exactly one sets what all of them read,
// and no reader ever sees half of it. There are no locks: on the hot path a
// session costs one file to open.
//===----------------------------------------------------------------------===//
#include "goslim/Record/Session.h"
#include "goslim/Base/FileIO.h"
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

namespace goslim {

//===----------------------------------------------------------------------===//
// The session file: lines "key\tvalue"
//===----------------------------------------------------------------------===//

static void appendLine(std::string &Out, std::string_view Key,
                       std::string_view Value) {
  Out += Key;
  Out += '\t';
  for (char C : Value) {
    if (C == '\\')
      Out += "\\\\";
    else if (C == '\n')
      Out += "\\n";
    else
      Out += C;
  }
  Out += '\n';
}

static std::string unescape(std::string_view Text) {
  std::string Out;
  for (size_t I = 0; I < Text.size(); ++I) {
    if (Text[I] != '\\' || I + 1 == Text.size())
      Out += Text[I];
    else
      Out += Text[++I] == 'n' ? '\n' : Text[I];
  }
  return Out;
}

namespace {
/// The plain text fields, for writing and reading alike.
struct TextField {
  std::string_view Key;
  std::string Session::*Member;
};
constexpr TextField TextFields[] = {
    {"start-dir", &Session::StartDir},
    {"policy-file", &Session::PolicyFile},
    {"policy-root", &Session::PolicyRoot},
    {"module", &Session::ModulePath},
    {"profile", &Session::Profile},
};
} // namespace

static std::string printSession(const Session &S) {
  std::string Out;
  appendLine(Out, "mode", S.How == SessionMode::Driver ? "driver" : "toolexec");
  appendLine(Out, "start-ms", fmt::format("{}", S.StartUnixMs));
  appendLine(Out, "trusted", S.PolicyTrusted ? "true" : "false");
  for (const TextField &Field : TextFields)
    appendLine(Out, Field.Key, S.*Field.Member);
  for (const std::string &Word : S.GoArgv)
    appendLine(Out, "go", Word);
  return Out;
}

static void setField(Session &S, std::string_view Key, std::string Value) {
  if (Key == "mode")
    S.How = Value == "driver" ? SessionMode::Driver : SessionMode::Toolexec;
  else if (Key == "start-ms")
    std::from_chars(Value.data(), Value.data() + Value.size(), S.StartUnixMs);
  else if (Key == "trusted")
    S.PolicyTrusted = Value == "true";
  else if (Key == "go")
    S.GoArgv.push_back(std::move(Value));
  else
    for (const TextField &Field : TextFields)
      if (Field.Key == Key)
        S.*Field.Member = std::move(Value);
}

std::vector<Argument> goFlags(const Session &S, std::string_view GoFlags) {
  std::vector<Argument> Out;
  if (Result<std::vector<Argument>> Own = parseGoFlags(GoFlags))
    Out = std::move(*Own);
  if (S.GoArgv.size() > 1) {
    GoCommand Go = parseGoCommand(std::span(S.GoArgv).subspan(1));
    Out.insert(Out.end(), Go.Flags.begin(), Go.Flags.end());
  }
  return Out;
}

std::string overlayOf(const Session &S, std::string_view GoFlags) {
  std::string Out;
  for (const Argument &Flag : goFlags(S, GoFlags))
    if (Flag.Name == "overlay")
      Out = Flag.Value.value_or("");
  return Out;
}

//===----------------------------------------------------------------------===//
// Making and opening
//===----------------------------------------------------------------------===//

std::string cacheFolder() {
  struct Place {
    const char *Variable, *Below;
  };
  static constexpr Place Places[] = {
      {"GOSLIM_CACHE", ""},
      {"XDG_CACHE_HOME", "/goslim"},
#ifdef __APPLE__
      {"HOME", "/Library/Caches/goslim"},
#else
      {"HOME", "/.cache/goslim"},
#endif
  };
  for (const Place &P : Places) {
    const char *Value = ::getenv(P.Variable);
    // A relative folder would be another one in each package's directory.
    if (!Value || Value[0] != '/')
      continue;
    // HOME may name a folder that is not meant to exist (/nonexistent).
    if (std::string_view(P.Variable) == "HOME" && !fileExists(Value))
      return {};
    return std::string(Value) + P.Below;
  }
  return {};
}

/// Removes a folder of plain files.
static void removeFolder(const std::string &Folder) {
  if (DIR *Open = ::opendir(Folder.c_str())) {
    while (dirent *Entry = ::readdir(Open)) {
      std::string_view Name = Entry->d_name;
      if (Name != "." && Name != "..")
        ::unlinkat(::dirfd(Open), Entry->d_name, 0);
    }
    ::closedir(Open);
  }
  ::rmdir(Folder.c_str());
}

Result<void> createSession(const Session &S, std::string_view PolicyText) {
  if (fileExists(S.Folder + "/session"))
    return {};
  if (S.Folder.empty() || S.Folder.front() != '/')
    return fail("session folder '{}': expected an absolute path", S.Folder);
  // The leading dot keeps unfinished ones out of listSessions.
  std::string Temp = fmt::format("{}/.{}.{}.tmp", parentPath(S.Folder),
                                 fileName(S.Folder), getpid());
  if (Result<void> Made = createFolders(Temp); !Made)
    return Made;
  Result<void> Written = createFileOnce(Temp + "/session", printSession(S));
  if (Written && !S.PolicyFile.empty())
    Written = createFileOnce(Temp + "/policy.toml", PolicyText);
  bool Renamed = Written && ::rename(Temp.c_str(), S.Folder.c_str()) == 0;
  int Errno = errno;
  if (Renamed)
    return {};
  removeFolder(Temp);
  if (fileExists(S.Folder + "/session")) // another process was first
    return {};
  return Written ? fail("{}: {}", S.Folder, errnoText(Errno)) : Written;
}

Result<Session> openSession(const std::string &Folder) {
  // The policy in it decides what programs run: take it only from ourselves.
  struct stat Info;
  if (::stat(Folder.c_str(), &Info) != 0)
    return fail("{}: {}", Folder, errnoText(errno));
  if (Info.st_uid != ::geteuid())
    return fail("{}: belongs to user {}, expected {}", Folder, Info.st_uid,
                ::geteuid());
  Result<std::string> Text = readFile(Folder + "/session");
  if (!Text)
    return Text.failure();
  Session S;
  S.Folder = Folder;
  std::string_view Rest = *Text;
  while (!Rest.empty()) {
    std::string_view Line = Rest.substr(0, Rest.find('\n'));
    Rest.remove_prefix(std::min(Line.size() + 1, Rest.size()));
    size_t Tab = Line.find('\t');
    if (Tab == Line.npos)
      return fail("{}/session: line without a tab: '{}'", Folder, Line);
    setField(S, Line.substr(0, Tab), unescape(Line.substr(Tab + 1)));
  }
  return S;
}

//===----------------------------------------------------------------------===//
// All sessions
//===----------------------------------------------------------------------===//

namespace {
struct SessionAge {
  std::string Folder;
  time_t LastUsed = 0;
};
} // namespace

/// Newest first.
static std::vector<SessionAge> sessionsByAge() {
  std::vector<SessionAge> Sessions;
  std::string Root = cacheFolder() + "/sessions";
  DIR *Open = ::opendir(Root.c_str());
  if (!Open)
    return Sessions;
  std::vector<std::pair<timespec, SessionAge>> Found;
  while (dirent *Entry = ::readdir(Open)) {
    if (Entry->d_name[0] == '.')
      continue;
    SessionAge S;
    S.Folder = fmt::format("{}/{}", Root, Entry->d_name);
    struct stat Made, Used;
    // Written once; the folder's own time moves with each file put into it.
    if (::stat((S.Folder + "/session").c_str(), &Made) != 0 ||
        ::stat(S.Folder.c_str(), &Used) != 0)
      continue;
    S.LastUsed = Used.st_mtime;
#ifdef __APPLE__
    Found.emplace_back(Made.st_mtimespec, std::move(S));
#else
    Found.emplace_back(Made.st_mtim, std::move(S));
#endif
  }
  ::closedir(Open);
  std::sort(Found.begin(), Found.end(), [](const auto &A, const auto &B) {
    if (A.first.tv_sec != B.first.tv_sec)
      return A.first.tv_sec > B.first.tv_sec;
    if (A.first.tv_nsec != B.first.tv_nsec)
      return A.first.tv_nsec > B.first.tv_nsec;
    return A.second.Folder < B.second.Folder;
  });
  for (auto &[Time, S] : Found)
    Sessions.push_back(std::move(S));
  return Sessions;
}

std::vector<std::string> listSessions() {
  std::vector<std::string> Folders;
  for (SessionAge &S : sessionsByAge())
    Folders.push_back(std::move(S.Folder));
  return Folders;
}

/// What a process that was killed while making a session left behind.
static void removeUnfinished(time_t OlderThan) {
  std::string Root = cacheFolder() + "/sessions";
  DIR *Open = ::opendir(Root.c_str());
  if (!Open)
    return;
  while (dirent *Entry = ::readdir(Open)) {
    std::string_view Name = Entry->d_name;
    std::string Folder = fmt::format("{}/{}", Root, Name);
    struct stat Info;
    if (Name.front() == '.' && Name.ends_with(".tmp") &&
        ::stat(Folder.c_str(), &Info) == 0 && Info.st_mtime < OlderThan)
      removeFolder(Folder);
  }
  ::closedir(Open);
}

void collectOldSessions() {
  constexpr size_t MaxSessions = 64;
  constexpr time_t MaxAge = 7 * 24 * 3600;
  // A build of more than 64 at once may still need what it began with.
  constexpr time_t InUse = 3600;
  time_t Now = ::time(nullptr);
  size_t Index = 0;
  for (const SessionAge &S : sessionsByAge()) {
    bool TooMany = Index++ >= MaxSessions && Now - S.LastUsed > InUse;
    if (TooMany || Now - S.LastUsed > MaxAge)
      removeFolder(S.Folder);
  }
  removeUnfinished(Now - InUse);
}

} // namespace goslim
