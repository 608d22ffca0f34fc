//===- Store.cpp - small texts that are kept for a while ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files are written atomically and only ever replaced by equal ones, so that
// builds beside each other need no lock. Losing one costs exactness, never a
// build.
//===----------------------------------------------------------------------===//
#include "Store.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Record/Session.h"
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <tuple>
#include <unistd.h>

namespace goslim {

static std::string storeFolder(std::string_view Store) {
  std::string Cache = cacheFolder();
  return Cache.empty() ? Cache : fmt::format("{}/{}", Cache, Store);
}

/// Names in a folder, without those that begin with a dot.
static std::vector<std::string> namesIn(const std::string &Folder) {
  std::vector<std::string> Names;
  DIR *Dir = ::opendir(Folder.c_str());
  if (!Dir)
    return Names;
  while (const dirent *Entry = ::readdir(Dir))
    if (Entry->d_name[0] != '.')
      Names.push_back(Entry->d_name);
  ::closedir(Dir);
  return Names;
}

static bool isNewer(const Kept &A, const Kept &B) {
  return std::tie(A.Used, A.Path) > std::tie(B.Used, B.Path);
}

static void listRecords(const std::string &Folder, std::vector<Kept> &Out) {
  for (const std::string &Name : namesIn(Folder)) {
    Kept K;
    K.Path = Folder + "/" + Name;
    struct stat Status;
    if (::stat(K.Path.c_str(), &Status) != 0 || !S_ISREG(Status.st_mode))
      continue;
    K.Used = int64_t(Status.st_mtime), K.Size = uint64_t(Status.st_size);
    Out.push_back(std::move(K));
  }
}

static uint64_t sizeLimit() {
  uint64_t Limit = uint64_t(64) << 20;
  if (const char *Given = ::getenv("GOSLIM_LINKS_LIMIT")) {
    std::string_view Text = Given;
    (void)std::from_chars(Text.data(), Text.data() + Text.size(), Limit);
  }
  return Limit;
}

/// At most once an hour: the folder is read as a whole.
static void collectOldRecords(const std::string &Folder) {
  constexpr int64_t Hour = 3600, MaxAge = 90 * 24 * Hour;
  int64_t Now = int64_t(::time(nullptr));
  std::string Stamp = Folder + "/.collected";
  struct stat Status;
  bool Limited = ::getenv("GOSLIM_LINKS_LIMIT") != nullptr;
  if (!Limited && ::stat(Stamp.c_str(), &Status) == 0 &&
      Now - int64_t(Status.st_mtime) < Hour)
    return;
  (void)writeFileAtomic(Stamp, "", false);
  std::vector<Kept> All;
  for (const std::string &Key : namesIn(Folder))
    listRecords(Folder + "/" + Key, All);
  std::sort(All.begin(), All.end(), isNewer);
  uint64_t Sum = 0, Limit = sizeLimit();
  for (const Kept &K : All) {
    Sum += K.Size;
    if (Now - K.Used <= MaxAge && Sum <= Limit)
      continue;
    ::unlink(K.Path.c_str());
    ::rmdir(std::string(parentPath(K.Path)).c_str()); // when it was the last
  }
}

Result<void> keepText(std::string_view Store, const std::string &Key,
                      std::string_view Text) {
  std::string Folder = storeFolder(Store);
  if (Folder.empty() || !isSha256(Key))
    return fail("{}: no place to keep a record", Store);
  std::string Path = Folder + "/" + Key + "/" + sha256Hex(Text).substr(0, 32);
  if (Result<void> Written = writeFileAtomic(Path, Text, false); !Written)
    return Written;
  collectOldRecords(Folder);
  return {};
}

bool hasStore(std::string_view Store) { return fileExists(storeFolder(Store)); }

std::vector<Kept> findTexts(std::string_view Store, const std::string &Key) {
  std::vector<Kept> All;
  std::string Folder = storeFolder(Store);
  if (Folder.empty() || !isSha256(Key))
    return All;
  listRecords(Folder + "/" + Key, All);
  std::sort(All.begin(), All.end(), isNewer);
  return All;
}

void markUsed(const Kept &K) {
  ::utimensat(AT_FDCWD, K.Path.c_str(), nullptr, 0);
}

} // namespace goslim
