//===- LinkRecord.cpp - a link, to be replayed ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Record/LinkRecord.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Record/Session.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace goslim {

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

namespace {
constexpr std::string_view Head = "goslim-link\t1";

struct Field {
  std::string_view Word;
  std::string LinkRecord::*One;
  std::vector<std::string> LinkRecord::*Many;
};
constexpr Field Fields[] = {{"tool", &LinkRecord::Tool, nullptr},
                            {"arg", nullptr, &LinkRecord::Args},
                            {"env", nullptr, &LinkRecord::Env},
                            {"config", nullptr, &LinkRecord::Config},
                            {"gocache", &LinkRecord::Gocache, nullptr},
                            {"policy", &LinkRecord::Policy, nullptr},
                            {"overlay", &LinkRecord::Overlay, nullptr}};
} // namespace

std::string print(const LinkRecord &R) {
  std::string Out(Head);
  Out += '\n';
  auto Line = [&](std::string_view Word, const std::string &Value) {
    Out += Word;
    Out += '\t' + goQuote(Value) + '\n';
  };
  for (const Field &F : Fields)
    if (F.One && !(R.*F.One).empty())
      Line(F.Word, R.*F.One);
    else if (F.Many)
      for (const std::string &Value : R.*F.Many)
        Line(F.Word, Value);
  for (const LinkRecord::Archive &A : R.Archives)
    Out += fmt::format("archive\t{}\t{}\t{}\n", A.Sha256, A.Size,
                       goQuote(A.Package));
  return Out + print(R.Map);
}

static bool isSha256(std::string_view Text) {
  return Text.size() == 64 &&
         Text.find_first_not_of("0123456789abcdef") == Text.npos;
}

static std::string_view cut(std::string_view &Text, char Separator) {
  size_t End = std::min(Text.find(Separator), Text.size());
  std::string_view Part = Text.substr(0, End);
  Text.remove_prefix(std::min(End + 1, Text.size()));
  return Part;
}

static Result<LinkRecord::Archive> parseArchive(std::string_view Text) {
  LinkRecord::Archive A;
  A.Sha256 = cut(Text, '\t');
  std::string_view Size = cut(Text, '\t');
  auto [End, Error] =
      std::from_chars(Size.data(), Size.data() + Size.size(), A.Size);
  Result<std::string> Package = goUnquote(Text);
  if (!isSha256(A.Sha256) || Error != std::errc() ||
      End != Size.data() + Size.size() || !Package)
    return fail("expected a SHA-256, a size and a quoted package");
  A.Package = std::move(*Package);
  return A;
}

static Result<void> parseLine(std::string_view Text, LinkRecord &R) {
  std::string_view Word = cut(Text, '\t');
  if (Word == "archive") {
    Result<LinkRecord::Archive> A = parseArchive(Text);
    if (!A)
      return A.failure();
    R.Archives.push_back(std::move(*A));
    return {};
  }
  for (const Field &F : Fields) {
    if (F.Word != Word)
      continue;
    Result<std::string> Value = goUnquote(Text);
    if (!Value)
      return fail("{}: expected a quoted string, found '{}'", Word, Text);
    if (F.One)
      R.*F.One = std::move(*Value);
    else
      (R.*F.Many).push_back(std::move(*Value));
    return {};
  }
  if (Word == "object" || Word == "section" || Word == "piece")
    return addMapLine(R.Map, Word, Text);
  return fail("expected tool, arg, env, config, gocache, policy, overlay, "
              "archive, object, section or piece, found '{}'",
              Word);
}

Result<LinkRecord> parseLinkRecord(std::string_view Text) {
  LinkRecord R;
  std::string_view First = cut(Text, '\n');
  if (First != Head)
    return fail("line 1: expected 'goslim-link 1', found '{}'", First);
  for (unsigned Number = 2; !Text.empty(); ++Number) {
    if (Text.find('\n') == Text.npos)
      return fail("line {}: expected a newline, found the end", Number);
    if (Result<void> Line = parseLine(cut(Text, '\n'), R); !Line)
      return fail("line {}: {}", Number, Line.failure().Message);
  }
  return R;
}

//===----------------------------------------------------------------------===//
// The store
//===----------------------------------------------------------------------===//

std::string linkKey(std::string_view BuildId, std::string_view OutputSha256) {
  size_t Last = BuildId.rfind('/');
  if (std::count(BuildId.begin(), BuildId.end(), '/') == 3)
    return sha256Hex(BuildId.substr(0, Last));
  return std::string(OutputSha256);
}

static std::string linksFolder() {
  std::string Cache = cacheFolder();
  return Cache.empty() ? Cache : Cache + "/links";
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

namespace {
struct Kept {
  std::string Path;
  int64_t Used = 0; ///< seconds
  uint64_t Size = 0;
};
} // namespace

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

Result<void> keepLinkRecord(const std::string &Key, std::string_view Text) {
  std::string Folder = linksFolder();
  if (Folder.empty() || !isSha256(Key))
    return fail("link record: no place to keep it");
  std::string Path = Folder + "/" + Key + "/" + sha256Hex(Text).substr(0, 32);
  if (Result<void> Written = writeFileAtomic(Path, Text, false); !Written)
    return Written;
  collectOldRecords(Folder);
  return {};
}

std::vector<FoundLink> findLinkRecords(const std::string &Key) {
  std::vector<FoundLink> Out;
  std::string Folder = linksFolder();
  if (Folder.empty() || !isSha256(Key))
    return Out;
  std::vector<Kept> All;
  listRecords(Folder + "/" + Key, All);
  std::sort(All.begin(), All.end(), isNewer);
  for (const Kept &K : All) {
    Result<std::string> Text = readFile(K.Path, 64 << 20);
    Result<LinkRecord> Record =
        Text ? parseLinkRecord(*Text) : Result<LinkRecord>(Text.failure());
    if (Text && !Record)
      Record = fail("{}: {}", K.Path, Record.failure().Message);
    ::utimensat(AT_FDCWD, K.Path.c_str(), nullptr, 0);
    Out.push_back({K.Path, std::move(Record)});
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// Archives
//===----------------------------------------------------------------------===//

std::vector<std::string> resolveArchives(const LinkRecord &R) {
  std::vector<std::string> Caches;
  if (const char *Own = ::getenv("GOCACHE"); Own && *Own == '/')
    Caches.push_back(Own);
  Caches.push_back(R.Gocache);
  std::vector<std::string> Out;
  for (const LinkRecord::Archive &A : R.Archives) {
    std::string Found;
    for (const std::string &Cache : Caches) {
      std::string File =
          fmt::format("{}/{}/{}-d", Cache, A.Sha256.substr(0, 2), A.Sha256);
      if (Found.empty() && fileSize(File) == int64_t(A.Size))
        Found = File;
    }
    Out.push_back(Found);
  }
  return Out;
}

std::string archiveSha256(const std::string &File) {
  std::string_view Name = fileName(File);
  if (Name.size() == 66 && Name.ends_with("-d") && isSha256(Name.substr(0, 64)))
    return std::string(Name.substr(0, 64));
  Result<std::string> Bytes = readFile(File);
  return Bytes ? sha256Hex(*Bytes) : "";
}

} // namespace goslim
