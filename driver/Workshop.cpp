//===- Workshop.cpp - where builds are made and cleaned up ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Workshop.h"
#include "Go.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/Verify/BuildPlan.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace goslim;

static constexpr const char *StateName = "/goslim-verify-state";

/// Processes that were just killed may still make files, so that once may not
/// do.
static void removeTree(const std::string &Folder) {
  std::string Line = "for i in 1 2 3 4 5 6 7 8 9; do\n" +
                     removeTreeCommand(Folder) +
                     " && exit\nsleep 1\ndone 2>/dev/null";
  (void)!runProgram("/bin/sh", std::vector<std::string>{"-c", Line});
}

//===----------------------------------------------------------------------===//
// The guardian
//===----------------------------------------------------------------------===//

/// Each int on the pipe is a process group that runs now, or less than 0 one
/// that has ended; the pipe's end is ours.
[[noreturn]] static void guard(int Pipe, const std::string &Remove) {
  ::setsid();
  for (int Signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE})
    ::signal(Signal, SIG_IGN);
  int Null = ::open("/dev/null", O_RDWR);
  for (int Fd : {0, 1, 2})
    ::dup2(Null, Fd);
  std::set<int> Groups;
  int Next = 0;
  while (true) {
    ssize_t Size = ::read(Pipe, &Next, sizeof(Next));
    if (Size < 0 && errno == EINTR)
      continue;
    if (Size != ssize_t(sizeof(Next)))
      break;
    if (Next > 0)
      Groups.insert(Next);
    else
      Groups.erase(-Next);
  }
  for (int Group : Groups)
    ::kill(-Group, SIGKILL);
  if (!Remove.empty())
    removeTree(Remove);
  ::_exit(0);
}

void Workshop::startGuardian() {
  int Ends[2];
  if (::pipe2(Ends, O_CLOEXEC) != 0)
    return;
  Guardian = ::fork();
  if (Guardian == 0) {
    ::close(Ends[1]);
    guard(Ends[0], IsNamed || Keep ? "" : Folder);
  }
  ::close(Ends[0]);
  Pipe = Ends[1];
}

//===----------------------------------------------------------------------===//
// The folder
//===----------------------------------------------------------------------===//

/// Lines "digest of script, tab, digest of output".
void Workshop::readState() {
  Result<std::string> Text = readFile(Folder + StateName, 1 << 20);
  std::string_view Rest = Text ? std::string_view(*Text) : std::string_view();
  while (!Rest.empty()) {
    std::string_view Line = Rest.substr(0, Rest.find('\n'));
    Rest.remove_prefix(std::min(Line.size() + 1, Rest.size()));
    if (size_t Tab = Line.find('\t'); Tab == 64 && Line.size() == 129)
      Done[std::string(Line.substr(0, Tab))] = Line.substr(Tab + 1);
  }
}

Result<std::unique_ptr<Workshop>> Workshop::open(const std::string &Named,
                                                 bool Keep, bool Resume) {
  std::unique_ptr<Workshop> W(new Workshop);
  W->Keep = Keep, W->IsNamed = !Named.empty();
  if (W->IsNamed) {
    W->Folder = absolutePath(Named, realPath("."));
    std::string State = W->Folder + StateName;
    bool IsOurs = fileExists(State);
    if (Resume && !IsOurs)
      return fail("--resume: {}: there is nothing to go on with", Named);
    if (IsOurs && !Resume)
      removeTree(W->Folder);
    else if (!IsOurs && fileExists(W->Folder) &&
             ::rmdir(W->Folder.c_str()) != 0)
      return fail("--work: {}: expected a new or an empty folder", Named);
    if (Result<void> Made = createFolders(W->Folder); !Made)
      return Made.failure();
    if (!IsOurs || !Resume)
      if (Result<void> Made = writeFileAtomic(State, "", false); !Made)
        return Made.failure();
    W->readState();
  } else {
    std::string Base = environment("TMPDIR").value_or("/tmp");
    std::string Template = absolutePath(Base + "/goslim-verify-XXXXXX", "/");
    if (!::mkdtemp(Template.data()))
      return fail("{}: {}", Base, errnoText(errno));
    W->Folder = realPath(Template);
  }
  W->startGuardian();
  return W;
}

Workshop::~Workshop() {
  ::close(Pipe);
  while (Guardian > 0 && ::waitpid(Guardian, nullptr, 0) < 0 && errno == EINTR)
    ;
  if (IsNamed && !Keep)
    removeTree(Folder);
}

//===----------------------------------------------------------------------===//
// Builds
//===----------------------------------------------------------------------===//

static std::string lastLines(const std::string &File) {
  constexpr size_t Most = 2000;
  Result<std::string> Text = readFile(File);
  if (!Text)
    return "";
  while (Text->ends_with('\n'))
    Text->pop_back();
  return Text->size() > Most ? Text->substr(Text->size() - Most) : *Text;
}

Result<Workshop::Ended> Workshop::runScript(const std::string &Text) {
  unsigned Number = ++Runs;
  std::string File = fmt::format("{}/script-{}.sh", Folder, Number);
  Ended E{0, fmt::format("{}/log-{}", Folder, Number), 0};
  if (Result<void> Written = writeFileAtomic(File, Text, false); !Written)
    return Written.failure();
  auto Start = std::chrono::steady_clock::now();
  int Child = ::fork();
  if (Child < 0)
    return fail("{}: {}", File, errnoText(errno));
  if (Child == 0) {
    // Said here, so that there is no moment at which the guardian knows less.
    ::setpgid(0, 0);
    int Self = ::getpid();
    (void)!::write(Pipe, &Self, sizeof(Self));
    int In = ::open("/dev/null", O_RDONLY);
    int Out = ::open(E.Log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    ::dup2(In, 0), ::dup2(Out, 1), ::dup2(Out, 2);
    ::execl("/bin/sh", "sh", File.c_str(), nullptr);
    ::_exit(127);
  }
  while (::waitpid(Child, &E.Status, 0) < 0 && errno == EINTR)
    ;
  ::kill(-Child, SIGKILL); // what it has left running
  int Gone = -Child;
  (void)!::write(Pipe, &Gone, sizeof(Gone));
  E.Seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - Start)
          .count();
  return E;
}

void Workshop::remove(const std::string &Tree) {
  (void)runScript(removeTreeCommand(Tree) + "\n");
}

Result<Workshop::Made> Workshop::run(const std::string &Script,
                                     const std::string &Output) {
  Made M{Output, "", Script, 0};
  std::string Key = sha256Hex(Script), Known;
  {
    std::lock_guard Lock(Mutex);
    if (auto It = Done.find(Key); It != Done.end())
      Known = It->second;
  }
  if (!Known.empty())
    if (Result<std::string> Bytes = readFile(Output);
        Bytes && sha256Hex(*Bytes) == Known) {
      M.Sha256 = Known;
      return M;
    }
  Result<Ended> Build = runScript(Script);
  if (!Build)
    return Build.failure();
  M.Seconds = Build->Seconds;
  if (Build->Status != 0)
    return fail("{}", lastLines(Build->Log));
  Result<std::string> Bytes = readFile(Output);
  if (!Bytes)
    return Bytes.failure();
  M.Sha256 = sha256Hex(*Bytes);
  std::lock_guard Lock(Mutex);
  Done[Key] = M.Sha256;
  if (IsNamed)
    (void)appendToFile(Folder + StateName,
                       fmt::format("{}\t{}\n", Key, M.Sha256));
  return M;
}
