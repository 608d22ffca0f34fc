//===- ReadTables.cpp - the tables in a toolchain's sources ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads just as much Go as these files need: constant lists that count with
// iota, string literals in a list, and comments.
//===----------------------------------------------------------------------===//
#include "LinkerTableText.h"
#include "goslim/Base/FileIO.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

namespace {

/// One source file, without comments.
struct Source {
  std::string File, Text;
};

/// The lists of one version; owns what TableText points to.
struct Lists {
  std::string SymKinds, Relocs, Builtins, RuntimePackages, Flags2, Aux;
};

} // namespace

static std::string withoutComments(StringRef Text) {
  std::string Out;
  while (!Text.empty()) {
    size_t At = std::min(Text.find("//"), Text.find("/*"));
    Out += Text.substr(0, At);
    if (At == StringRef::npos)
      break;
    bool IsLine = Text.substr(At).starts_with("//");
    size_t End = Text.find(IsLine ? "\n" : "*/", At + 2);
    if (End == StringRef::npos)
      break;
    Text = Text.substr(IsLine ? End : End + 2);
  }
  return Out;
}

static llvm::Expected<Source> readSource(StringRef Goroot, StringRef Name) {
  std::string File = (Goroot + "/src/cmd/" + Name).str();
  Result<std::string> Text = readFile(File, 16 << 20);
  if (!Text)
    return llvm::createStringError(Text.failure().Message);
  return Source{File, withoutComments(*Text)};
}

static llvm::Error notFound(const Source &S, StringRef What) {
  return llvm::createStringError(fmt::format("{}: expected {}, found none",
                                             S.File, std::string_view(What)));
}

/// The names of a constant list from First, which has the iota, to its end or
/// the first name with a value of its own.
static llvm::Expected<std::string> constants(const Source &S, StringRef First) {
  std::string Out;
  StringRef Text = S.Text;
  while (!Text.empty()) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    Line = Line.trim();
    StringRef Name =
        Line.take_while([](char C) { return llvm::isAlnum(C) || C == '_'; });
    if (Out.empty()) {
      if (Name == First && Line.contains("iota"))
        Out = First.str();
      continue;
    }
    if (Line.starts_with(")") || Line.contains('='))
      return Out;
    if (!Name.empty())
      Out += " " + Name.str();
  }
  return notFound(S,
                  fmt::format("constants from {} on", std::string_view(First)));
}

/// String literals between Begin and End, behind a prefix.
static std::vector<std::string> literals(StringRef Text, StringRef Prefix) {
  std::vector<std::string> Out;
  std::string Mark = (Prefix + "\"").str();
  for (size_t At = Text.find(Mark); At != StringRef::npos;
       At = Text.find(Mark, At)) {
    At += Mark.size();
    size_t End = Text.find('"', At);
    if (End == StringRef::npos)
      break;
    Out.push_back(Text.slice(At, End).str());
    At = End + 1;
  }
  return Out;
}

static llvm::Expected<std::string> builtins(const Source &S) {
  std::string Out;
  StringRef Text = S.Text;
  for (size_t At = Text.find("{\""); At != StringRef::npos;
       At = Text.find("{\"", At)) {
    StringRef Row = Text.substr(At + 2);
    auto [Name, Rest] = Row.split("\", ");
    Out += (Out.empty() ? "" : ";") + Name.str() + "," +
           Rest.take_while(llvm::isDigit).str();
    At += 2;
  }
  if (Out.empty())
    return notFound(S, "rows of builtins");
  return Out;
}

/// Packages of cmd/link's isRuntimeDepPkg: a list of its own up to Go 1.24, the
/// runtime packages of pkgspecial.go since.
static llvm::Expected<std::string> runtimePackages(StringRef Goroot) {
  llvm::Expected<Source> Data = readSource(Goroot, "link/internal/ld/data.go");
  if (!Data)
    return Data.takeError();
  StringRef Body = Data->Text;
  size_t At = Body.find("func isRuntimeDepPkg");
  if (At == StringRef::npos)
    return notFound(*Data, "func isRuntimeDepPkg");
  Body = Body.substr(At);
  Body = Body.substr(0, Body.find("\n}"));
  std::vector<std::string> Out;
  if (!Body.contains("LookupPkgSpecial")) {
    Out = literals(Body.split("return true").first, "");
    for (const std::string &Prefix : literals(Body, "HasPrefix(pkg, "))
      Out.push_back(StringRef(Prefix).rtrim('/').str() + "/...");
    return llvm::join(Out, " ");
  }
  llvm::Expected<Source> Special =
      readSource(Goroot, "internal/objabi/pkgspecial.go");
  if (!Special)
    return Special.takeError();
  StringRef List = Special->Text;
  At = List.find("var runtimePkgs");
  if (At == StringRef::npos)
    return notFound(*Special, "var runtimePkgs");
  return llvm::join(literals(List.substr(At).split('}').first, ""), " ");
}

static llvm::Expected<Lists> readLists(StringRef Goroot) {
  Lists L;
  struct {
    std::string Lists::*To;
    StringRef File, First;
  } Constants[] = {
      {&Lists::SymKinds, "internal/objabi/symkind.go", "Sxxx"},
      {&Lists::Relocs, "internal/objabi/reloctype.go", "R_ADDR"},
      {&Lists::Flags2, "internal/goobj/objfile.go", "SymFlagUsedInIface"},
      {&Lists::Aux, "internal/goobj/objfile.go", "AuxGotype"}};
  auto Take = [](llvm::Expected<std::string> From,
                 std::string &To) -> llvm::Error {
    if (!From)
      return From.takeError();
    To = std::move(*From);
    return llvm::Error::success();
  };
  for (const auto &C : Constants) {
    llvm::Expected<Source> S = readSource(Goroot, C.File);
    if (!S)
      return S.takeError();
    if (llvm::Error E = Take(constants(*S, C.First), L.*C.To))
      return E;
  }
  llvm::Expected<Source> S =
      readSource(Goroot, "internal/goobj/builtinlist.go");
  if (!S)
    return S.takeError();
  if (llvm::Error E = Take(builtins(*S), L.Builtins))
    return E;
  if (llvm::Error E = Take(runtimePackages(Goroot), L.RuntimePackages))
    return E;
  return L;
}

llvm::Expected<LinkerTables> goslim::readLinkerTables(StringRef Goroot,
                                                      unsigned Minor) {
  llvm::Expected<Lists> L = readLists(Goroot);
  if (!L)
    return L.takeError();
  // Strings of a vector that is complete stay where they are.
  std::vector<std::string> Storage = {L->SymKinds, L->Relocs,
                                      L->Builtins, L->RuntimePackages,
                                      L->Flags2,   L->Aux};
  LinkerTables T = tablesFromText({Minor, Storage[0], Storage[1], Storage[2],
                                   Storage[3], Storage[4], Storage[5]});
  T.Storage = std::move(Storage);
  return T;
}

/// Adjacent literals of at most a line each.
static std::string literalLines(StringRef Text) {
  std::string Out;
  while (!Text.empty()) {
    size_t End =
        Text.size() <= 70
            ? Text.size()
            : Text.find_last_of(Text.contains(';') ? ";" : " ", 70) + 1;
    if (!End)
      End = Text.size();
    Out += fmt::format("\n     \"{}\"", std::string_view(Text.substr(0, End)));
    Text = Text.substr(End);
  }
  return Out.empty() ? "\n     \"\"" : Out;
}

llvm::Expected<std::string> goslim::printLinkerTables(StringRef Goroot,
                                                      unsigned Minor) {
  llvm::Expected<Lists> L = readLists(Goroot);
  if (!L)
    return L.takeError();
  std::string Out = fmt::format("    {{{}", Minor);
  for (const std::string *List : {&L->SymKinds, &L->Relocs, &L->Builtins,
                                  &L->RuntimePackages, &L->Flags2, &L->Aux})
    Out += "," + literalLines(*List);
  return Out + "},\n";
}
