//===- LinkRecord.cpp - a link, to be replayed ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Record/LinkRecord.h"
#include "Cut.h"
#include "Store.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>
#include <charconv>
#include <cstdlib>

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

Result<void> keepLinkRecord(const std::string &Key, std::string_view Text) {
  return keepText("links", Key, Text);
}

std::vector<FoundLink> findLinkRecords(const std::string &Key) {
  std::vector<FoundLink> Out;
  for (const Kept &K : findTexts("links", Key)) {
    Result<std::string> Text = readFile(K.Path, 64 << 20);
    Result<LinkRecord> Record =
        Text ? parseLinkRecord(*Text) : Result<LinkRecord>(Text.failure());
    if (Text && !Record)
      Record = fail("{}: {}", K.Path, Record.failure().Message);
    markUsed(K);
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
