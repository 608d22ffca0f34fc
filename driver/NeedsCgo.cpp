//===- NeedsCgo.cpp - does a program need cgo?
//------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// static = true has to know it. Only `go list -deps` can tell, and that takes
// as long as half of a build with nothing to do. So the answer is kept in our
// cache, under a digest of everything that was asked (command, environment,
// go itself) and together with a digest of the stamps (size and time to the
// nanosecond) of every file that may change the answer: the Go files and
// go.mod files of all packages outside the module cache, whose content is
// fixed by its name. Where that is not enough (patterns that may match new
// folders, workspaces, overlays, a package with errors) go is asked each time.
//===----------------------------------------------------------------------===//
#include "NeedsCgo.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/Record/Session.h"
#include <algorithm>
#include <chrono>
#include <dirent.h>
#include <set>
#include <sys/stat.h>

extern char **environ;

using namespace goslim;

namespace {
/// What `go list` said: the answer, and what it stands on.
struct Listing {
  bool Needed = false, Complete = true;
  std::set<std::string> Folders, Files;
};
} // namespace

/// Flags that decide which files of which packages are built.
static constexpr std::string_view SelectingFlags[] = {
    "asan",    "compiler", "installsuffix", "mod",
    "modfile", "msan",     "overlay",       "race"};

static std::vector<std::string> listCommand(const GoCommand &Command,
                                            const std::string &Tags) {
  std::vector<std::string> Argv = {"list"};
  if (!Command.chdir().empty())
    Argv.push_back(fmt::format("-C={}", Command.chdir()));
  for (std::string_view Name : SelectingFlags)
    if (const Argument *Flag = Command.last(Name))
      Argv.insert(Argv.end(), Flag->Words.begin(), Flag->Words.end());
  if (!Tags.empty())
    Argv.push_back("-tags=" + Tags);
  // Per package: cgo or not, errors or not, version, folder, go.mod.
  for (const char *Word :
       {"-deps", "-e", "-toolexec=", "-f",
        "{{if not .Standard}}{{if .CgoFiles}}cgo{{end}}\t"
        "{{if .Incomplete}}incomplete{{end}}\t{{with .Module}}"
        "{{with .Replace}}{{.Version}}{{else}}{{.Version}}{{end}}{{end}}\t"
        "{{.Dir}}\t{{with .Module}}{{.GoMod}}{{end}}{{end}}",
        "--"})
    Argv.push_back(Word);
  std::vector<std::string> Packages = Command.packages();
  Argv.insert(Argv.end(), Packages.begin(), Packages.end());
  return Argv;
}

static Listing parseListing(std::string_view Text) {
  Listing Found;
  while (!Text.empty()) {
    std::string_view Line = Text.substr(0, Text.find('\n'));
    Text.remove_prefix(std::min(Line.size() + 1, Text.size()));
    std::string_view Fields[5];
    for (std::string_view &Field : Fields) {
      Field = Line.substr(0, Line.find('\t'));
      Line.remove_prefix(std::min(Field.size() + 1, Line.size()));
    }
    auto [Cgo, Incomplete, Version, Folder, GoMod] = Fields;
    Found.Needed |= !Cgo.empty();
    // The module cache is read-only and has "@version" in every path.
    bool Fixed = !Version.empty() &&
                 Folder.find(fmt::format("@{}", Version)) != Folder.npos;
    Found.Complete &= Incomplete.empty();
    if (Fixed || Folder.empty())
      continue;
    Found.Folders.emplace(Folder);
    if (!GoMod.empty()) {
      Found.Files.emplace(GoMod);
      std::string Root(parentPath(GoMod));
      Found.Files.insert({Root + "/go.sum", Root + "/vendor/modules.txt"});
    }
  }
  return Found;
}

//===----------------------------------------------------------------------===//
// Stamps
//===----------------------------------------------------------------------===//

namespace {
struct Stamps {
  std::string Text;
  int64_t NewestNs = 0;

  void addFile(const std::string &Path);
  void addFolder(const std::string &Folder);
};
} // namespace

void Stamps::addFile(const std::string &Path) {
  struct stat Info;
  if (::stat(Path.c_str(), &Info) != 0) {
    Text += fmt::format("{}\tnone\n", Path);
    return;
  }
#ifdef __APPLE__
  const timespec &Time = Info.st_mtimespec;
#else
  const timespec &Time = Info.st_mtim;
#endif
  int64_t Ns = int64_t(Time.tv_sec) * 1'000'000'000 + Time.tv_nsec;
  NewestNs = std::max(NewestNs, Ns);
  Text += fmt::format("{}\t{}\t{}\t{}\n", Path, Info.st_ino, Info.st_size, Ns);
}

void Stamps::addFolder(const std::string &Folder) {
  DIR *Open = ::opendir(Folder.c_str());
  if (!Open) {
    Text += fmt::format("{}\tnone\n", Folder);
    return;
  }
  std::vector<std::string> Names;
  while (const dirent *Entry = ::readdir(Open)) {
    std::string_view Name = Entry->d_name;
    if (Name.size() > 3 && Name.substr(Name.size() - 3) == ".go")
      Names.emplace_back(Name);
  }
  ::closedir(Open);
  std::sort(Names.begin(), Names.end());
  for (const std::string &Name : Names)
    addFile(Folder + "/" + Name);
}

static Stamps stampsOf(const Listing &Found) {
  Stamps All;
  for (const std::string &Folder : Found.Folders)
    All.addFolder(Folder);
  for (const std::string &File : Found.Files)
    All.addFile(File);
  return All;
}

//===----------------------------------------------------------------------===//
// The cache
//===----------------------------------------------------------------------===//

/// Everything that is asked. The whole environment would never be the same
/// twice; these are what go reads.
static std::string question(const std::string &Go, const std::string &StartDir,
                            const std::vector<std::string> &Argv) {
  Stamps All;
  All.Text = "needs-cgo 1\n" + StartDir + "\n";
  for (const std::string &Word : Argv)
    All.Text += fmt::format("{}\n", Word);
  std::vector<std::string> Variables;
  for (char **Word = environ; *Word; ++Word) {
    std::string_view Variable = *Word;
    for (std::string_view Prefix :
         {"GO", "CGO_", "CC=", "CXX=", "PATH=", "HOME=", "XDG_CONFIG_HOME="})
      if (Variable.substr(0, Prefix.size()) == Prefix &&
          Variable.substr(0, 7) != "GOSLIM_") {
        Variables.emplace_back(Variable);
        break;
      }
  }
  std::sort(Variables.begin(), Variables.end());
  for (const std::string &Variable : Variables)
    All.Text += Variable + "\n";
  All.addFile(goEnvironmentFile());
  All.addFile(Go);
  // Without a C compiler CGO_ENABLED is 0 by default.
  std::string Path = environment("PATH").value_or("");
  for (const char *Compiler : {"gcc", "clang"})
    if (std::string File = findProgram(Compiler, Path); !File.empty())
      All.addFile(File);
  return All.Text;
}

/// Whether the stamps of the packages' own files are all there is to watch.
static bool canRemember(const std::string &StartDir, const GoCommand &Command) {
  for (const std::string &Package : Command.packages())
    if (Package.find("...") != std::string::npos)
      return false;
  for (std::string_view Name : {"overlay", "modfile"})
    if (!effectiveFlag(Command, Name).empty())
      return false;
  std::string Work = goEnvironment("GOWORK").value_or("");
  if (Work == "off")
    return true;
  for (std::string Folder = StartDir; Work.empty() && Folder.size() > 1;
       Folder = parentPath(Folder))
    if (fileExists(Folder + "/go.work"))
      return false;
  return Work.empty();
}

/// Lines: digest of the stamps, "yes" or "no", then "folder F" and "file F".
static std::optional<bool> recall(const std::string &CacheFile) {
  Result<std::string> Text = readFile(CacheFile, 64 << 20);
  if (!Text)
    return std::nullopt;
  std::string_view Rest = *Text, Digest, Answer;
  Listing Known;
  for (size_t Line = 0; !Rest.empty(); ++Line) {
    std::string_view Here = Rest.substr(0, Rest.find('\n'));
    Rest.remove_prefix(std::min(Here.size() + 1, Rest.size()));
    if (Line == 0)
      Digest = Here;
    else if (Line == 1)
      Answer = Here;
    else if (Here.substr(0, 7) == "folder ")
      Known.Folders.emplace(Here.substr(7));
    else if (Here.substr(0, 5) == "file ")
      Known.Files.emplace(Here.substr(5));
  }
  if (sha256Hex(stampsOf(Known).Text) != Digest ||
      (Answer != "yes" && Answer != "no"))
    return std::nullopt;
  return Answer == "yes";
}

/// A file written while go was reading may have been read before or after.
static void remember(const std::string &CacheFile, const Listing &Found,
                     int64_t AskedNs) {
  constexpr int64_t ClockTickNs = 20'000'000; // of a file system
  Stamps All = stampsOf(Found);
  if (!Found.Complete || Found.Folders.empty() ||
      All.NewestNs > AskedNs - ClockTickNs)
    return;
  std::string Text =
      fmt::format("{}\n{}\n", sha256Hex(All.Text), Found.Needed ? "yes" : "no");
  for (const std::string &Folder : Found.Folders)
    Text += fmt::format("folder {}\n", Folder);
  for (const std::string &File : Found.Files)
    Text += fmt::format("file {}\n", File);
  // Not being able to keep it costs time only.
  (void)writeFileAtomic(CacheFile, Text, /*Sync=*/false);
}

Result<bool> goslim::needsCgo(const std::string &Go,
                              const std::string &StartDir,
                              const GoCommand &Command,
                              const std::string &Tags) {
  std::vector<std::string> Argv = listCommand(Command, Tags);
  std::string CacheFile;
  if (canRemember(StartDir, Command)) {
    CacheFile = fmt::format("{}/needs-cgo/{}", cacheFolder(),
                            goHashString(question(Go, StartDir, Argv)));
    if (std::optional<bool> Known = recall(CacheFile))
      return *Known;
  }
  int64_t AskedNs = std::chrono::duration_cast<std::chrono::nanoseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
  std::string Out;
  SpawnOptions Spawn;
  Spawn.Stdout = &Out;
  Spawn.DiscardStderr = true;
  Result<ChildStatus> Status = runProgram(Go, Argv, Spawn);
  if (!Status)
    return Status.failure();
  // With -e go fails only where the build will fail too, and say why.
  Listing Found = parseListing(Out);
  if (!CacheFile.empty() && Status->ExitCode == 0 && Status->Signal == 0)
    remember(CacheFile, Found, AskedNs);
  return Found.Needed;
}
