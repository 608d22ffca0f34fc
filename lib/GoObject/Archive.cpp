//===- Archive.cpp - a package archive ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over the members. What a member is follows from its first bytes and
// its name, by the rules of the linker itself (cmd/link/internal/ld/lib.go,
// loadobjfile and ldobj, Go 1.20 to 1.27).
//===----------------------------------------------------------------------===//
#include "goslim/GoObject/Archive.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

static constexpr StringRef ObjectStart = "go object ";

template <typename... Args>
static llvm::Error malformed(uint64_t Offset, fmt::format_string<Args...> Text,
                             Args &&...A) {
  return llvm::createStringError(
      fmt::format("archive at offset {:#x}: {}", Offset,
                  fmt::format(Text, std::forward<Args>(A)...)));
}

/// Reads what stands between Header and the object: build ID, "main", and the
/// cgo directives.
static void readPreamble(StringRef Text, ArchiveMember &M) {
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    if (Line.consume_front("build id \"")) {
      Line.consume_back("\"");
      M.BuildId = Line;
    } else if (Line == "main") {
      M.IsMain = true;
    } else if (Line.starts_with("$$")) {
      break;
    }
  }
}

/// Ends with the first "\n!\n" behind an even number of "$$" lines: export
/// data between two of them may hold anything (ldobj, issue 21703).
static size_t endOfPreamble(StringRef Text) {
  unsigned Markers = 0;
  for (size_t At = Text.find('\n'); At != StringRef::npos;
       At = Text.find('\n', At + 1)) {
    StringRef Next = Text.substr(At + 1);
    if (Markers % 2 == 0 && Next.starts_with("!\n"))
      return At + 3;
    Markers += Next.starts_with("$$");
  }
  return StringRef::npos;
}

static llvm::Error readGoMember(ArchiveMember &M) {
  auto [Header, Rest] = M.Bytes.split('\n');
  M.Header = Header;
  if (M.What == ArchiveMember::Kind::PackageData) {
    readPreamble(Rest, M);
    return llvm::Error::success();
  }
  size_t End = endOfPreamble(M.Bytes);
  if (End == StringRef::npos)
    return malformed(M.Offset,
                     "expected \"!\" on a line before the object of {}, found "
                     "the end of the member",
                     std::string_view(M.Name));
  static constexpr StringRef CgoStart = "\n$$  // cgo\n";
  StringRef Preamble = M.Bytes.take_front(End);
  // What follows is megabytes that nobody has asked for yet.
  readPreamble(Preamble.drop_front(std::min(Header.size() + 1, End)), M);
  if (size_t At = Preamble.find(CgoStart); At != StringRef::npos) {
    StringRef Cgo = Preamble.substr(At + CgoStart.size());
    M.Cgo = Cgo.substr(0, Cgo.find("\n$$"));
  }
  M.ObjectOffset = End;
  return llvm::Error::success();
}

static bool isHostObject(StringRef Bytes) {
  static constexpr StringRef Starts[] = {StringRef("\x7f"
                                                   "ELF",
                                                   4),
                                         "\xfe\xed\xfa\xce",
                                         "\xfe\xed\xfa\xcf",
                                         "\xce\xfa\xed\xfe",
                                         "\xcf\xfa\xed\xfe",
                                         "\x4c\x01",
                                         "\x64\x86",
                                         "\xc4\x01",
                                         "\x64\xaa",
                                         "\x01\xd7",
                                         "\x01\xf7"};
  for (StringRef Start : Starts)
    if (Bytes.starts_with(Start))
      return true;
  return false;
}

static llvm::Error classify(ArchiveMember &M) {
  using Kind = ArchiveMember::Kind;
  if (M.Name == "__.PKGDEF")
    M.What = Kind::PackageData;
  else if (M.Bytes.empty() &&
           (M.Name == "preferlinkext" || M.Name == "dynimportfail"))
    M.What = Kind::Sentinel;
  else if (M.Bytes.starts_with(ObjectStart))
    M.What = Kind::GoObject;
  else if (isHostObject(M.Bytes) || M.Name.ends_with(".syso"))
    M.What = Kind::HostObject;
  if (M.What == Kind::GoObject || M.What == Kind::PackageData)
    return readGoMember(M);
  return llvm::Error::success();
}

llvm::Expected<std::vector<ArchiveMember>>
goslim::readArchive(StringRef Bytes) {
  static constexpr StringRef Magic = "!<arch>\n";
  std::vector<ArchiveMember> Out;
  if (Bytes.starts_with(ObjectStart)) {
    ArchiveMember M;
    M.Bytes = Bytes;
    if (llvm::Error E = classify(M))
      return E;
    return std::vector{M};
  }
  if (!Bytes.starts_with(Magic))
    return malformed(0, "expected \"!<arch>\", found other bytes");
  constexpr unsigned HeaderSize = 60;
  for (uint64_t At = Magic.size(); At < Bytes.size();) {
    StringRef Header = Bytes.substr(At, HeaderSize);
    if (Header.size() < HeaderSize)
      return malformed(At, "expected a member header of 60 bytes, found {}",
                       Header.size());
    if (!Header.ends_with("`\n"))
      return malformed(At + 58, "expected \"`\" and a newline, found other "
                                "bytes");
    ArchiveMember M;
    M.Name = Header.take_front(16).rtrim(' ');
    M.Offset = At + HeaderSize;
    StringRef Digits = Header.substr(48, 10).rtrim(' ');
    uint64_t Size = 0, Room = Bytes.size() - M.Offset;
    if (Digits.getAsInteger(10, Size) || Size > Room)
      return malformed(At + 48, "expected a size of at most {}, found \"{}\"",
                       Room, std::string_view(Digits));
    M.Bytes = Bytes.substr(M.Offset, Size);
    if (llvm::Error E = classify(M))
      return E;
    Out.push_back(M);
    At = M.Offset + Size + Size % 2;
  }
  return Out;
}

unsigned goslim::minorVersionOf(StringRef Header) {
  size_t At = Header.find(" go1.");
  if (At == StringRef::npos)
    return 0;
  unsigned Minor = 0;
  StringRef Rest = Header.substr(At + 5);
  return Rest.consumeInteger(10, Minor) ? 0 : Minor;
}
