//===- FileIO.cpp - whole files, atomically -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A new file is first written where no name leads to it (O_TMPFILE), then
// given a temporary name, then renamed or linked to its final one. So a build
// that is killed at any point leaves neither a half-written file nor, but for
// an instant, a stray one. Where the file system has no unnamed files the
// temporary name is there from the start.
//===----------------------------------------------------------------------===//
#include "goslim/Base/FileIO.h"
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace goslim {

std::string errnoText(int Errno) {
  std::string Why = strerror(Errno);
  if (Why.size() > 1 && islower(uint8_t(Why[1])))
    Why[0] = char(tolower(uint8_t(Why[0])));
  return Why;
}

static Failure failErrno(std::string_view Path, int Errno = errno) {
  return fail("{}: {}", Path, errnoText(Errno));
}

namespace {
/// Owns an open file.
class Descriptor {
public:
  explicit Descriptor(int Fd = -1) : Fd(Fd) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() {
    if (Fd >= 0)
      ::close(Fd);
  }
  explicit operator bool() const { return Fd >= 0; }
  int get() const { return Fd; }
  void reset(int NewFd) {
    if (Fd >= 0)
      ::close(Fd);
    Fd = NewFd;
  }

private:
  int Fd;
};

/// A file being written that has no final name yet; removed unless it gets one.
class TempFile {
public:
  ~TempFile() {
    if (!Name.empty())
      ::unlink(Name.c_str());
  }
  Result<void> create(const std::string &FinalPath);
  Result<void> write(std::string_view Bytes, bool Sync);
  /// Gives the file one more name, which must not exist. False: see errno.
  bool linkTo(const std::string &Path) const;
  /// Makes sure that the file has a (temporary) name.
  Result<void> giveName();
  const std::string &name() const { return Name; }
  void release() { Name.clear(); }

private:
  std::string newName() const;

  std::string FinalPath, Name;
  Descriptor File;
};
} // namespace

static Result<void> writeAll(int Fd, std::string_view Bytes,
                             const std::string &Path) {
  while (!Bytes.empty()) {
    ssize_t N = ::write(Fd, Bytes.data(), Bytes.size());
    if (N < 0 && errno == EINTR)
      continue;
    if (N < 0)
      return failErrno(Path);
    Bytes.remove_prefix(size_t(N));
  }
  return {};
}

std::string TempFile::newName() const {
  // Unique among processes by pid, within one by the counter.
  static unsigned Counter = 0;
  return fmt::format("{}/.{}.{}-{}.tmp", parentPath(FinalPath),
                     fileName(FinalPath), getpid(), Counter++);
}

Result<void> TempFile::create(const std::string &Path) {
  FinalPath = Path;
#ifdef O_TMPFILE
  std::string Folder(parentPath(Path));
  File.reset(::open(Folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
  if (File)
    return {};
#endif
  Name = newName();
  File.reset(
      ::open(Name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (File)
    return {};
  int Errno = errno;
  Name.clear();
  return failErrno(Path, Errno);
}

Result<void> TempFile::write(std::string_view Bytes, bool Sync) {
  if (Result<void> Done = writeAll(File.get(), Bytes, FinalPath); !Done)
    return Done;
  if (Sync && ::fsync(File.get()) != 0)
    return failErrno(FinalPath);
  return {};
}

bool TempFile::linkTo(const std::string &Path) const {
  std::string Source =
      Name.empty() ? fmt::format("/proc/self/fd/{}", File.get()) : Name;
  return ::linkat(AT_FDCWD, Source.c_str(), AT_FDCWD, Path.c_str(),
                  AT_SYMLINK_FOLLOW) == 0;
}

Result<void> TempFile::giveName() {
  if (!Name.empty())
    return {};
  for (int Try = 0; Try < 100; ++Try) {
    std::string Wanted = newName();
    if (linkTo(Wanted)) {
      Name = Wanted;
      return {};
    }
    if (errno != EEXIST) // left by a killed process that had our pid
      break;
  }
  return failErrno(FinalPath);
}

Result<std::string> readFile(const std::string &Path, uint64_t MaxSize) {
  // O_NONBLOCK: opening a FIFO must fail below, not wait for a writer.
  Descriptor File(::open(Path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat Info;
  if (!File || ::fstat(File.get(), &Info) != 0)
    return failErrno(Path);
  if (!S_ISREG(Info.st_mode))
    return fail("{}: not a regular file", Path);
  if (uint64_t(Info.st_size) > MaxSize)
    return fail("{}: {} bytes, expected at most {}", Path, Info.st_size,
                MaxSize);
  // Files in /proc say size 0; a file may also grow while being read.
  std::string Bytes;
  size_t Filled = 0;
  for (;;) {
    if (Filled == Bytes.size())
      Bytes.resize(Filled ? Filled + Filled / 2 + 4096
                          : std::max<size_t>(size_t(Info.st_size) + 1, 1024));
    ssize_t N =
        ::read(File.get(), Bytes.data() + Filled, Bytes.size() - Filled);
    if (N < 0 && errno == EINTR)
      continue;
    if (N < 0)
      return failErrno(Path);
    if (N == 0)
      break;
    Filled += size_t(N);
    if (Filled > MaxSize)
      return fail("{}: more than {} bytes", Path, MaxSize);
  }
  Bytes.resize(Filled);
  return Bytes;
}

/// Creates a file for Path holding Bytes, in a folder that exists afterwards.
static Result<void> makeTemp(TempFile &Temp, const std::string &Path,
                             std::string_view Bytes, bool Sync) {
  if (Result<void> Made = createFolders(std::string(parentPath(Path))); !Made)
    return Made;
  if (Result<void> Made = Temp.create(Path); !Made)
    return Made;
  return Temp.write(Bytes, Sync);
}

static Result<void> writeInPlace(const std::string &Path,
                                 std::string_view Bytes) {
  Descriptor File(::open(Path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!File)
    return failErrno(Path);
  return writeAll(File.get(), Bytes, Path);
}

Result<void> writeFileAtomic(const std::string &Path, std::string_view Bytes,
                             bool Sync) {
  // A symlink keeps pointing at the file it names; a device or FIFO
  // (-o /dev/stdout) is written to, never replaced.
  struct stat Info;
  bool Exists = ::stat(Path.c_str(), &Info) == 0;
  if (Exists && !S_ISREG(Info.st_mode) && !S_ISDIR(Info.st_mode))
    return writeInPlace(Path, Bytes);
  std::string Target = Exists ? realPath(Path) : Path;

  TempFile Temp;
  if (Result<void> Made = makeTemp(Temp, Target, Bytes, Sync); !Made)
    return Made;
  if (Result<void> Named = Temp.giveName(); !Named)
    return Named;
  if (::rename(Temp.name().c_str(), Target.c_str()) != 0)
    return failErrno(Path);
  Temp.release();
  if (Sync) {
    std::string Folder(parentPath(Target));
    Descriptor Parent(::open(Folder.c_str(), O_RDONLY | O_CLOEXEC));
    // Some file systems refuse to sync a folder; the file itself is safe.
    if (Parent)
      (void)::fsync(Parent.get());
  }
  return {};
}

Result<void> createFileOnce(const std::string &Path, std::string_view Bytes) {
  if (fileExists(Path))
    return {};
  TempFile Temp;
  if (Result<void> Made = makeTemp(Temp, Path, Bytes, /*Sync=*/false); !Made)
    return Made;
  if (Temp.linkTo(Path) || errno == EEXIST)
    return {};
  if (Result<void> Named = Temp.giveName(); !Named)
    return Named;
  // No hard links here: the last writer wins, which for a snapshot is as good.
  if (::rename(Temp.name().c_str(), Path.c_str()) != 0)
    return failErrno(Path);
  Temp.release();
  return {};
}

Result<void> appendToFile(const std::string &Path, std::string_view Bytes) {
  Descriptor File(
      ::open(Path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!File)
    return failErrno(Path);
  // One write, so that lines of parallel processes cannot be mixed; a short
  // write (disk full) is an error, not something to continue.
  ssize_t N = -1;
  do
    N = ::write(File.get(), Bytes.data(), Bytes.size());
  while (N < 0 && errno == EINTR);
  if (N < 0)
    return failErrno(Path);
  if (size_t(N) != Bytes.size())
    return fail("{}: wrote {} of {} bytes", Path, N, Bytes.size());
  return {};
}

Result<void> createFolders(const std::string &Path) {
  if (Path.empty() || ::mkdir(Path.c_str(), 0777) == 0)
    return {};
  int Errno = errno;
  if (Errno == ENOENT) {
    std::string Parent(parentPath(Path));
    if (Parent == Path || Parent == ".")
      return failErrno(Path, Errno);
    if (Result<void> Made = createFolders(Parent); !Made)
      return Made;
    if (::mkdir(Path.c_str(), 0777) == 0)
      return {};
    Errno = errno;
  }
  struct stat Info;
  if (::stat(Path.c_str(), &Info) != 0)
    return failErrno(Path, Errno);
  if (!S_ISDIR(Info.st_mode))
    return failErrno(Path, ENOTDIR);
  return {};
}

bool fileExists(const std::string &Path) {
  return ::access(Path.c_str(), F_OK) == 0;
}

int64_t fileSize(const std::string &Path) {
  struct stat Info;
  if (::stat(Path.c_str(), &Info) != 0 || !S_ISREG(Info.st_mode))
    return -1;
  return Info.st_size;
}

std::string realPath(const std::string &Path) {
  char *Real = ::realpath(Path.c_str(), nullptr);
  if (!Real)
    return {};
  std::string Copy = Real;
  ::free(Real);
  return Copy;
}

} // namespace goslim
