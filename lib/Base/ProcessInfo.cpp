//===- ProcessInfo.cpp - what the system tells about processes ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one file that knows how a system names its processes: /proc on Linux,
// libproc and sysctl on macOS. Everything else asks here.
//===----------------------------------------------------------------------===//
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#ifdef __APPLE__
#include <libproc.h>
#include <mach-o/dyld.h>
#include <sys/sysctl.h>
#endif

namespace goslim {

/// Splits at NUL bytes, at most Max words.
static std::vector<std::string> splitWords(std::string_view Bytes, size_t Max) {
  std::vector<std::string> Words;
  while (!Bytes.empty() && Words.size() < Max) {
    size_t End = Bytes.find('\0');
    Words.emplace_back(Bytes.substr(0, End));
    Bytes.remove_prefix(End == Bytes.npos ? Bytes.size() : End + 1);
  }
  return Words;
}

#ifdef __APPLE__

std::string ownPath() {
  char Buffer[4096];
  uint32_t Size = sizeof Buffer;
  return _NSGetExecutablePath(Buffer, &Size) == 0 ? realPath(Buffer)
                                                  : std::string();
}

/// KERN_PROCARGS2: argc, the program's path, NUL bytes, then argv.
static std::vector<std::string> argvOf(int Pid) {
  int Name[] = {CTL_KERN, KERN_PROCARGS2, Pid};
  size_t Size = 0;
  if (::sysctl(Name, 3, nullptr, &Size, nullptr, 0) != 0)
    return {};
  std::string Bytes(Size, '\0');
  int Argc = 0;
  if (::sysctl(Name, 3, Bytes.data(), &Size, nullptr, 0) != 0 ||
      Size < sizeof Argc)
    return {};
  Bytes.resize(Size);
  memcpy(&Argc, Bytes.data(), sizeof Argc);
  std::string_view Rest = std::string_view(Bytes).substr(sizeof Argc);
  Rest.remove_prefix(std::min(Rest.find('\0'), Rest.size()));
  Rest.remove_prefix(std::min(Rest.find_first_not_of('\0'), Rest.size()));
  return splitWords(Rest, size_t(std::max(Argc, 0)));
}

Result<ProcessInfo> inspectProcess(int Pid, bool Short) {
  proc_bsdinfo Basic;
  if (::proc_pidinfo(Pid, PROC_PIDTBSDINFO, 0, &Basic, sizeof Basic) !=
      int(sizeof Basic))
    return fail("process {}: {}", Pid, errnoText(errno));
  ProcessInfo Info;
  Info.ParentPid = int(Basic.pbi_ppid);
  Info.Name = Basic.pbi_comm;
  if (Short)
    return Info;
  Info.StartTime =
      fmt::format("{}.{}", Basic.pbi_start_tvsec, Basic.pbi_start_tvusec);
  char Path[PROC_PIDPATHINFO_MAXSIZE];
  if (::proc_pidpath(Pid, Path, sizeof Path) > 0)
    Info.Program = Path;
  proc_vnodepathinfo Folders;
  if (::proc_pidinfo(Pid, PROC_PIDVNODEPATHINFO, 0, &Folders, sizeof Folders) ==
      int(sizeof Folders))
    Info.Cwd = Folders.pvi_cdir.vip_path;
  Info.Argv = argvOf(Pid);
  return Info;
}

#else

static std::string readLink(const std::string &Path) {
  char Buffer[4096];
  ssize_t Length = ::readlink(Path.c_str(), Buffer, sizeof Buffer);
  return Length < 0 ? std::string() : std::string(Buffer, size_t(Length));
}

std::string ownPath() { return readLink("/proc/self/exe"); }

/// Field Number of a stat line, counted as in proc(5); the name in field 2 may
/// hold spaces and parentheses, so counting starts behind the last ')'.
static std::string_view statField(std::string_view Line, unsigned Number) {
  size_t Paren = Line.rfind(')');
  if (Paren == Line.npos)
    return {};
  Line.remove_prefix(Paren + 1);
  for (unsigned Field = 2; !Line.empty() && Field < Number; ++Field) {
    size_t Space = Line.find(' ');
    if (Space == Line.npos)
      return {};
    Line.remove_prefix(Space + 1);
  }
  return Line.substr(0, Line.find_first_of(" \n"));
}

Result<ProcessInfo> inspectProcess(int Pid, bool Short) {
  std::string Folder = fmt::format("/proc/{}/", Pid);
  Result<std::string> Stat = readFile(Folder + "stat");
  if (!Stat)
    return Stat.failure();
  ProcessInfo Info;
  Info.ParentPid = ::atoi(std::string(statField(*Stat, 4)).c_str());
  std::string_view Ticks = statField(*Stat, 22);
  if (Ticks.empty())
    return fail("{}stat: unknown format", Folder);
  size_t Open = Stat->find('('), Close = Stat->rfind(')');
  Info.Name = Stat->substr(Open + 1, Close - Open - 1);
  if (Short)
    return Info;
  // Ticks since boot and a pid say nothing across reboots or containers that
  // share one cache.
  Result<std::string> Boot = readFile("/proc/sys/kernel/random/boot_id");
  std::string Machine =
      (Boot ? *Boot : std::string()) + readLink(Folder + "ns/pid");
  Info.StartTime = Ticks;
  Info.StartTime += '-';
  Info.StartTime += goHashString(Machine).substr(0, 8);
  Info.Program = readLink(Folder + "exe");
  Info.Cwd = readLink(Folder + "cwd");
  if (Result<std::string> Line = readFile(Folder + "cmdline"))
    Info.Argv = splitWords(*Line, size_t(-1));
  return Info;
}

#endif

} // namespace goslim
