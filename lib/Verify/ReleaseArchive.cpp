//===- ReleaseArchive.cpp - tar.gz and zip --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/ReleaseArchive.h"
#include "goslim/Base/Digest.h"
#include "goslim/Verify/FileKind.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <archive.h>
#include <archive_entry.h>
#include <ctime>
#include <fmt/format.h>
#include <map>
#include <set>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// RFC 1952, 2.3.
static std::optional<ReleaseArchive::GzipHeader> gzipHeader(StringRef Bytes) {
  constexpr unsigned HasExtra = 4, HasName = 8;
  if (Bytes.size() < 10 || !Bytes.starts_with(StringRef("\x1f\x8b", 2)))
    return std::nullopt;
  ReleaseArchive::GzipHeader H;
  unsigned Flags = uint8_t(Bytes[3]);
  H.Time = llvm::support::endian::read32le(Bytes.data() + 4);
  H.ExtraFlags = uint8_t(Bytes[8]), H.System = uint8_t(Bytes[9]);
  if ((Flags & HasName) && !(Flags & HasExtra))
    H.Name = Bytes.drop_front(10).split('\0').first.take_front(255).str();
  return H;
}

static PackedFile memberOf(archive_entry *E) {
  PackedFile M;
  if (const char *Name = archive_entry_pathname(E))
    M.Name = Name;
  M.Kind = archive_entry_filetype(E) == AE_IFREG   ? 'f'
           : archive_entry_filetype(E) == AE_IFDIR ? 'd'
           : archive_entry_filetype(E) == AE_IFLNK ? 'l'
                                                   : '?';
  M.Time = archive_entry_mtime(E);
  M.Mode = archive_entry_perm(E);
  auto Text = [](const char *T) { return std::string(T ? T : ""); };
  M.Owner = fmt::format("{}:{}", archive_entry_uid(E), archive_entry_gid(E));
  std::string User = Text(archive_entry_uname(E)),
              Group = Text(archive_entry_gname(E));
  if (!User.empty() || !Group.empty())
    M.Owner += fmt::format(" {}:{}", User, Group);
  if (M.Kind == 'l')
    M.Bytes = Text(archive_entry_symlink(E));
  if (const char *Link = archive_entry_hardlink(E))
    M.Kind = 'l', M.Bytes = Link;
  return M;
}

namespace {
struct FreeArchive {
  void operator()(archive *A) const { archive_read_free(A); }
};
} // namespace

llvm::Expected<ReleaseArchive>
goslim::readReleaseArchive(StringRef Path, bool Keep, uint64_t MaxBytes) {
  constexpr size_t MaxMembers = 100000;
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> Buffer = openFile(Path);
  if (!Buffer)
    return Buffer.takeError();
  StringRef Bytes = (*Buffer)->getBuffer();
  ReleaseArchive Out;
  Out.Path = Path, Out.Size = Bytes.size(), Out.Sha256 = sha256Hex(Bytes);
  Out.Gzip = gzipHeader(Bytes);
  std::unique_ptr<archive, FreeArchive> A(archive_read_new());
  archive_read_support_format_tar(A.get());
  archive_read_support_format_zip_seekable(A.get());
  archive_read_support_filter_gzip(A.get());
  auto Damaged = [&](const llvm::Twine &Why) {
    return llvm::createStringError(Path + ": " + Why);
  };
  auto Reason = [&] {
    const char *Why = archive_error_string(A.get());
    return StringRef(Why ? Why : "damaged").lower();
  };
  if (archive_read_open_memory(A.get(), Bytes.data(), Bytes.size()) !=
      ARCHIVE_OK)
    return Damaged(Reason());
  std::vector<char> Some(1 << 16);
  archive_entry *E = nullptr;
  uint64_t Total = 0;
  int Status;
  while ((Status = archive_read_next_header(A.get(), &E)) == ARCHIVE_OK ||
         Status == ARCHIVE_WARN) {
    PackedFile M = memberOf(E);
    while (M.Kind == 'f') {
      la_ssize_t Got = archive_read_data(A.get(), Some.data(), Some.size());
      if (Got < 0)
        return Damaged(M.Name + ": " + Reason());
      if (Got == 0)
        break;
      M.Size += uint64_t(Got);
      if ((Total += uint64_t(Got)) > MaxBytes)
        return Damaged("expected at most " + llvm::Twine(MaxBytes) +
                       " bytes when unpacked, found more");
      if (Keep)
        M.Bytes.append(Some.data(), size_t(Got));
    }
    Out.Members.push_back(std::move(M));
    if (Out.Members.size() > MaxMembers)
      return Damaged("expected at most 100000 members, found more");
  }
  if (Status != ARCHIVE_EOF)
    return Damaged(Reason());
  bool IsZip = (archive_format(A.get()) & ARCHIVE_FORMAT_BASE_MASK) ==
               ARCHIVE_FORMAT_ZIP;
  Out.Format = IsZip ? "zip" : Out.Gzip ? "tar.gz" : "tar";
  return Out;
}

//===----------------------------------------------------------------------===//
// One alone
//===----------------------------------------------------------------------===//

static std::string day(int64_t Seconds) {
  std::time_t T = std::time_t(Seconds);
  std::tm Utc = {};
  char Text[40];
  if (!::gmtime_r(&T, &Utc) ||
      !std::strftime(Text, sizeof(Text), "%Y-%m-%d %H:%M:%S", &Utc))
    return fmt::format("{}", Seconds);
  return Text;
}

std::vector<std::string> goslim::notDeterministic(const ReleaseArchive &A) {
  std::vector<std::string> Out;
  std::set<int64_t> Times;
  std::set<std::string> Owners;
  for (size_t I = 0; I < A.Members.size(); ++I) {
    const PackedFile &M = A.Members[I];
    Times.insert(M.Time);
    // Folders may stand in front of what they hold, with or without a slash.
    if (I &&
        StringRef(M.Name).rtrim('/') <
            StringRef(A.Members[I - 1].Name).rtrim('/') &&
        (Out.empty() || !StringRef(Out.back()).starts_with("order")))
      Out.push_back(fmt::format("order: {} stands before {}",
                                A.Members[I - 1].Name, M.Name));
    if (A.Format != "zip" && M.Owner != "0:0" && M.Owner != "0:0 root:root")
      Owners.insert(M.Owner);
  }
  if (Times.size() > 1)
    Out.push_back(fmt::format("mtime: {} different times, {} to {}",
                              Times.size(), day(*Times.begin()),
                              day(*Times.rbegin())));
  if (!Owners.empty())
    Out.push_back("owner: " + *Owners.begin() +
                  (Owners.size() > 1
                       ? fmt::format(" and {} more", Owners.size() - 1)
                       : ""));
  if (A.Gzip && A.Gzip->Time)
    Out.push_back("gzip: the time " + day(A.Gzip->Time));
  if (A.Gzip && !A.Gzip->Name.empty())
    Out.push_back("gzip: the name " + A.Gzip->Name);
  return Out;
}

//===----------------------------------------------------------------------===//
// Two
//===----------------------------------------------------------------------===//

/// Members of both, by name; a name that stands there again is another member.
using Pairs = std::vector<std::pair<const PackedFile *, const PackedFile *>>;

static Pairs pair(const ReleaseArchive &A, const ReleaseArchive &B,
                  ArchiveComparison &Out) {
  std::map<StringRef, std::vector<const PackedFile *>> Theirs;
  for (const PackedFile &M : llvm::reverse(B.Members))
    Theirs[M.Name].push_back(&M);
  Pairs Both;
  std::set<const PackedFile *> Used;
  for (const PackedFile &M : A.Members) {
    std::vector<const PackedFile *> &Same = Theirs[M.Name];
    if (Same.empty()) {
      Out.Only[0].push_back(M.Name);
      continue;
    }
    Used.insert(Same.back());
    Both.push_back({&M, Same.back()});
    Same.pop_back();
  }
  for (const PackedFile &M : B.Members)
    if (!Used.count(&M))
      Out.Only[1].push_back(M.Name);
  return Both;
}

/// What of the container differs, one line a kind.
static void compareContainers(const ReleaseArchive &A, const ReleaseArchive &B,
                              const Pairs &Both, ArchiveComparison &Out) {
  bool IsOrdered = llvm::is_sorted(
      Both, [](const auto &X, const auto &Y) { return X.second < Y.second; });
  if (!IsOrdered)
    Out.Container.push_back("order: the same members in another order");
  auto Add = [&](StringRef What, auto Word) {
    const std::pair<const PackedFile *, const PackedFile *> *First = nullptr;
    size_t Count = 0;
    for (const auto &P : Both)
      if (Word(*P.first) != Word(*P.second) && !Count++)
        First = &P;
    if (First)
      Out.Container.push_back(fmt::format(
          "{}: {} -> {} ({}{})", std::string_view(What), Word(*First->first),
          Word(*First->second), First->first->Name,
          Count > 1 ? fmt::format(" and {} more", Count - 1) : ""));
  };
  Add("mtime", [](const PackedFile &M) { return day(M.Time); });
  Add("owner", [](const PackedFile &M) { return M.Owner; });
  Add("mode", [](const PackedFile &M) { return fmt::format("{:o}", M.Mode); });
  Add("kind", [](const PackedFile &M) { return std::string(1, M.Kind); });
  if (A.Format != B.Format)
    Out.Container.push_back("format: " + A.Format + " -> " + B.Format);
  if (!A.Gzip || !B.Gzip)
    return;
  if (A.Gzip->Time != B.Gzip->Time)
    Out.Container.push_back("gzip: the time " + day(A.Gzip->Time) + " -> " +
                            day(B.Gzip->Time));
  if (A.Gzip->Name != B.Gzip->Name)
    Out.Container.push_back("gzip: the name '" + A.Gzip->Name + "' -> '" +
                            B.Gzip->Name + "'");
  if (A.Gzip->ExtraFlags != B.Gzip->ExtraFlags ||
      A.Gzip->System != B.Gzip->System)
    Out.Container.push_back(fmt::format(
        "compressor: gzip header says flags {}, system {} -> {}, {}",
        A.Gzip->ExtraFlags, A.Gzip->System, B.Gzip->ExtraFlags,
        B.Gzip->System));
}

static std::unique_ptr<llvm::MemoryBuffer> bufferOf(const ReleaseArchive &A,
                                                    const PackedFile &M) {
  return llvm::MemoryBuffer::getMemBufferCopy(M.Bytes, A.Path + ": " + M.Name);
}

static ArchiveComparison compareRead(const ReleaseArchive &A,
                                     const ReleaseArchive &B) {
  ArchiveComparison Out;
  Out.Paths = {A.Path, B.Path}, Out.Sha256 = {A.Sha256, B.Sha256};
  Pairs Both = pair(A, B, Out);
  Out.Common = Both.size();
  if (A.Sha256 == B.Sha256)
    return Out;
  Out.Equal = Equality::Signature;
  if (!Out.Only[0].empty() || !Out.Only[1].empty())
    Out.Equal = Equality::Different;
  compareContainers(A, B, Both, Out);
  for (const auto &[X, Y] : Both) {
    if (X->Bytes == Y->Bytes)
      continue;
    ArchiveComparison::Changed C{X->Name, std::nullopt};
    Equality Is = Equality::Different;
    if (X->Kind == 'f' && Y->Kind == 'f') {
      llvm::Expected<Comparison> Programs =
          compareBuffers(bufferOf(A, *X), bufferOf(B, *Y));
      if (Programs)
        Is = Programs->Equal, C.Programs = std::move(*Programs);
      else // no program of a kind that can be told apart
        llvm::consumeError(Programs.takeError());
    }
    Out.Equal = std::max(Out.Equal, Is);
    Out.Members.push_back(std::move(C));
  }
  if (Out.Container.empty() && Out.Members.empty() && Out.Only[0].empty() &&
      Out.Only[1].empty())
    Out.Container.push_back("compressor: the same members, packed otherwise");
  return Out;
}

llvm::Expected<ArchiveComparison> goslim::compareArchives(StringRef A,
                                                          StringRef B) {
  llvm::Expected<ReleaseArchive> X = readReleaseArchive(A);
  if (!X)
    return X.takeError();
  llvm::Expected<ReleaseArchive> Y = readReleaseArchive(B);
  if (!Y)
    return Y.takeError();
  return compareRead(*X, *Y);
}
