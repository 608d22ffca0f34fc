//===- PackageArchive.cpp - two archives of compile -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Members are paired by name, symbols of goobj files by name and place among
// equal names. A symbol is its bytes, its relocations with the names of their
// targets, and what compile hangs on it (pc tables, funcdata). What has no name
// and hangs on nothing is not looked at by itself: when an object differs and
// no symbol does, that is what is said.
//===----------------------------------------------------------------------===//
#include "goslim/Verify/PackageArchive.h"
#include "goslim/Base/Digest.h"
#include "goslim/GoObject/Archive.h"
#include "goslim/GoObject/GoObject.h"
#include "goslim/GoObject/LinkerTables.h"
#include "goslim/Verify/FileKind.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>
#include <map>

using namespace goslim;
using llvm::StringRef;

namespace {

enum class SymbolPart { Code, Debug, Data };

/// A goobj file with what comparing asks of it.
struct ObjectView {
  GoObject Object;
  const LinkerTables *Tables;

  std::string target(SymRef R) const;
  /// Bytes, relocations and nameless hangers-on, as one text to compare.
  std::string content(uint32_t I, unsigned Depth = 0) const;
  SymbolPart partOf(uint32_t I) const;
};

using SymbolTable = std::map<std::pair<StringRef, unsigned>, uint32_t>;

} // namespace

std::string ObjectView::target(SymRef R) const {
  if (int64_t Local = Object.localIndex(R); Local >= 0)
    return Object.name(uint32_t(Local)).str();
  if (R.Package < Object.numPackages())
    return fmt::format("{}#{}", std::string_view(Object.package(R.Package)),
                       R.Symbol);
  return fmt::format("builtin#{}", R.Symbol);
}

std::string ObjectView::content(uint32_t I, unsigned Depth) const {
  constexpr unsigned MaxDepth = 2; // a function, its tables
  ObjectSymbol S = Object.symbol(I);
  std::string Out = fmt::format("{} {} {} {} {}\n", S.size(), S.type(), S.abi(),
                                S.flag(), S.align());
  Out += Object.data(I);
  for (ObjectReloc R : Object.relocs(I))
    Out += fmt::format("\n{} {} {} {} {}", R.offset(), R.size(), R.type(),
                       R.addend(), target(R.symbol()));
  for (ObjectAux A : Object.auxs(I)) {
    int64_t Local = Object.localIndex(A.symbol());
    bool IsNameless = Local >= 0 && uint32_t(Local) < Object.numDefs() &&
                      Object.name(uint32_t(Local)).empty();
    Out += fmt::format("\n{} ", A.type());
    Out += IsNameless && Depth < MaxDepth ? content(uint32_t(Local), Depth + 1)
                                          : target(A.symbol());
  }
  return Out;
}

SymbolPart ObjectView::partOf(uint32_t I) const {
  SymKind Kind =
      Tables ? Tables->symKind(Object.symbol(I).type()) : SymKind::Unknown;
  if (Kind == SymKind::Text || Kind == SymKind::TextFips)
    return SymbolPart::Code;
  return Kind >= SymKind::DwarfCuInfo && Kind <= SymKind::DwarfAddr
             ? SymbolPart::Debug
             : SymbolPart::Data;
}

static SymbolTable symbolsOf(const GoObject &O) {
  SymbolTable Out;
  std::map<StringRef, unsigned> Count;
  for (uint32_t I = 0; I < O.numDefs(); ++I)
    if (StringRef Name = O.name(I); !Name.empty())
      Out[{Name, Count[Name]++}] = I;
  return Out;
}

static void compareSymbols(const ObjectView &A, const ObjectView &B,
                           PackageComparison &Out) {
  static constexpr struct {
    const char *What;
    Equality Asks;
  } Parts[] = {{"code", Equality::Different},
               {"debug data", Equality::Debug},
               {"data", Equality::Code}};
  SymbolTable X = symbolsOf(A.Object), Y = symbolsOf(B.Object);
  auto Add = [&](SymbolPart P, std::string Detail, bool OnlyOne) {
    auto [What, Asks] = Parts[int(P)];
    // A name that is new or gone is no debug data of something that stayed.
    Out.Findings.push_back(
        {What, std::move(Detail),
         OnlyOne && P == SymbolPart::Data ? Equality::Different : Asks});
  };
  for (const auto &[Name, I] : X) {
    auto It = Y.find(Name);
    if (It == Y.end()) {
      Add(A.partOf(I), Name.first.str() + ": only in A", true);
      continue;
    }
    if (A.content(I) == B.content(It->second))
      continue;
    uint32_t Old = A.Object.symbol(I).size(),
             New = B.Object.symbol(It->second).size();
    Add(A.partOf(I),
        Name.first.str() + ": " +
            (Old == New ? fmt::format("{} bytes, others", Old)
                        : fmt::format("{} -> {} bytes", Old, New)),
        false);
  }
  for (const auto &[Name, I] : Y)
    if (!X.count(Name))
      Add(B.partOf(I), Name.first.str() + ": only in B", true);
}

/// Names of sources, which stand in debug data and in the pclntab.
static void compareFileNames(const GoObject &A, const GoObject &B,
                             PackageComparison &Out) {
  uint32_t Most = std::max(A.numFiles(), B.numFiles());
  for (uint32_t I = 0; I < Most; ++I) {
    StringRef X = I < A.numFiles() ? A.file(I) : "(none)",
              Y = I < B.numFiles() ? B.file(I) : "(none)";
    if (X != Y)
      Out.Findings.push_back(
          {"source file", (X + " -> " + Y).str(), Equality::Debug});
  }
}

/// The half of a build ID "action/content" that differs.
static void compareIds(const ArchiveMember &A, const ArchiveMember &B,
                       PackageComparison &Out) {
  if (A.BuildId == B.BuildId || A.What == ArchiveMember::Kind::PackageData)
    return;
  bool SameAction = A.BuildId.split('/').first == B.BuildId.split('/').first;
  Out.Findings.push_back({"build ID",
                          SameAction
                              ? "the same declared inputs, another output"
                              : "other inputs (go hashed something else)",
                          Equality::BuildId});
}

static llvm::Error compareMembers(const ArchiveMember &A,
                                  const ArchiveMember &B,
                                  PackageComparison &Out) {
  if (A.Bytes == B.Bytes)
    return llvm::Error::success();
  bool IsData = A.What == ArchiveMember::Kind::PackageData;
  if (A.What != B.What ||
      (!IsData && A.What != ArchiveMember::Kind::GoObject)) {
    Out.Findings.push_back(
        {"member", (A.Name + ": other bytes").str(), Equality::Different});
    return llvm::Error::success();
  }
  compareIds(A, B, Out);
  if (A.Header != B.Header && !IsData)
    Out.Findings.push_back({"toolchain", (A.Header + " -> " + B.Header).str(),
                            Equality::Different});
  if (IsData) {
    // Export data: text with the build ID, then what other packages may use.
    StringRef X = A.Bytes, Y = B.Bytes;
    size_t I = X.find("\n$$"), J = Y.find("\n$$");
    if (X.substr(I) != Y.substr(J))
      Out.Findings.push_back(
          {"export data", "what other packages see", Equality::Code});
    return llvm::Error::success();
  }
  if (A.Cgo != B.Cgo)
    Out.Findings.push_back(
        {"cgo directives", A.Name.str(), Equality::Different});
  llvm::Expected<GoObject> X = GoObject::parse(A.object());
  if (!X)
    return X.takeError();
  llvm::Expected<GoObject> Y = GoObject::parse(B.object());
  if (!Y)
    return Y.takeError();
  size_t Before = Out.Findings.size();
  compareFileNames(*X, *Y, Out);
  compareSymbols({*X, linkerTables(minorVersionOf(A.Header))},
                 {*Y, linkerTables(minorVersionOf(B.Header))}, Out);
  if (Out.Findings.size() == Before && A.object() != B.object())
    Out.Findings.push_back({"object",
                            "the same symbols; other tables of "
                            "references, packages or hashes",
                            Equality::Code});
  return llvm::Error::success();
}

static llvm::Expected<std::vector<ArchiveMember>> read(StringRef Path,
                                                       StringRef Bytes) {
  llvm::Expected<std::vector<ArchiveMember>> M = readArchive(Bytes);
  if (!M)
    return llvm::createStringError(Path + ": " + llvm::toString(M.takeError()));
  return M;
}

static void finish(PackageComparison &Out) {
  for (const PackageComparison::Difference &D : Out.Findings)
    Out.Equal = std::max(Out.Equal, D.Asks);
  if (Out.Findings.empty() && Out.Sha256[0] != Out.Sha256[1])
    Out.Equal = Equality::Signature; // frames of members: times, owners
  llvm::stable_sort(Out.Findings, [](const auto &X, const auto &Y) {
    return std::tie(Y.Asks, X.What, X.Detail) <
           std::tie(X.Asks, Y.What, Y.Detail);
  });
}

llvm::Expected<PackageComparison> goslim::comparePackages(StringRef A,
                                                          StringRef B) {
  PackageComparison Out;
  std::unique_ptr<llvm::MemoryBuffer> Files[2];
  std::vector<ArchiveMember> Members[2];
  for (unsigned I = 0; I < 2; ++I) {
    StringRef Path = I ? B : A;
    llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> File = openFile(Path);
    if (!File)
      return File.takeError();
    Files[I] = std::move(*File);
    llvm::Expected<std::vector<ArchiveMember>> Read =
        read(Path, Files[I]->getBuffer());
    if (!Read)
      return Read.takeError();
    Members[I] = std::move(*Read);
    Out.Paths[I] = Path;
    Out.Sha256[I] = sha256Hex(Files[I]->getBuffer());
    for (const ArchiveMember &M : Members[I])
      if (M.What == ArchiveMember::Kind::GoObject && Out.Headers[I].empty())
        Out.Headers[I] = M.Header.trim().str();
  }
  std::vector<bool> Used(Members[1].size());
  for (const ArchiveMember &X : Members[0]) {
    size_t J = 0;
    while (J < Used.size() && (Used[J] || Members[1][J].Name != X.Name))
      ++J;
    if (J == Used.size()) {
      Out.Findings.push_back(
          {"member", (X.Name + ": only in A").str(), Equality::Different});
      continue;
    }
    Used[J] = true;
    if (llvm::Error E = compareMembers(X, Members[1][J], Out))
      return llvm::createStringError(A + ", " + B + ": " + X.Name + ": " +
                                     llvm::toString(std::move(E)));
  }
  for (size_t J = 0; J < Used.size(); ++J)
    if (!Used[J])
      Out.Findings.push_back({"member",
                              (Members[1][J].Name + ": only in B").str(),
                              Equality::Different});
  finish(Out);
  return Out;
}
