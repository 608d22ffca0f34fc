//===- PathOwner.cpp - whose path a path is ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three kinds of proof, each for the places that have it: functions name their
// file, spans name their package, and a folder on disk ends in the same
// elements as the import path of the package in it. Only C data needs the
// third: there is no table that says which package an object came from.
//===----------------------------------------------------------------------===//
#include "PathOwner.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace goslim;
using llvm::StringRef;

static StringRef folderOf(StringRef Path) {
  size_t Slash = Path.find_last_of("/\\");
  return Path.take_front(Slash == StringRef::npos ? 0 : Slash);
}

std::string PathOwner::packageName(const GoFunction &F) const {
  std::string Package = packageOfSymbol(F.Name);
  // In the program main is called by its path.
  if (Package == "main" && Go.BuildInfo && !Go.BuildInfo->Info.Path.empty())
    return Go.BuildInfo->Info.Path;
  return Package;
}

void PathOwner::readFiles() {
  if (FilesRead || !Go.Pcln)
    return;
  FilesRead = true;
  for (const GoFunction &F : Go.Pcln->Functions) {
    if (F.File.empty() || ByFile.contains(F.File))
      continue;
    std::string Package = packageName(F);
    if (Package.empty())
      continue;
    ByFolder.try_emplace(folderOf(F.File), Package);
    ByFile.try_emplace(F.File, std::move(Package));
  }
}

std::string PathOwner::ofGoFile(StringRef Path) {
  readFiles();
  if (auto Found = ByFile.find(Path); Found != ByFile.end())
    return Found->second;
  if (auto Found = ByFolder.find(folderOf(Path)); Found != ByFolder.end())
    return Found->second;
  return ofPath(Path);
}

/// "/x/pkg/mod/github.com/!burnt!sushi/toml@v1.2.3/internal" as an import
/// path: the module cache writes capitals as "!" and the small letter.
static std::string withoutVersions(StringRef Folder) {
  std::string Out;
  for (size_t I = 0; I < Folder.size(); ++I) {
    if (Folder[I] == '@')
      I = std::min(Folder.find('/', I), Folder.size());
    if (I < Folder.size() && Folder[I] == '!' && I + 1 < Folder.size())
      Out += llvm::toUpper(Folder[++I]);
    else if (I < Folder.size())
      Out += Folder[I];
  }
  return Out;
}

/// How many elements at the end are the same.
static unsigned commonEnd(StringRef A, StringRef B) {
  unsigned Count = 0;
  while (!A.empty() && !B.empty()) {
    auto [RestA, LastA] = A.rsplit('/');
    auto [RestB, LastB] = B.rsplit('/');
    if (RestA.size() == A.size()) // no slash: A itself is the last element
      LastA = A, RestA = "";
    if (RestB.size() == B.size())
      LastB = B, RestB = "";
    if (LastA != LastB)
      break;
    ++Count;
    A = RestA;
    B = RestB;
  }
  return Count;
}

std::string PathOwner::ofFolder(StringRef OnDisk) {
  auto [Known, New] = ByWords.try_emplace(OnDisk);
  if (!New)
    return Known->second;
  std::string Folder = withoutVersions(OnDisk);
  // The whole import path, then the longest end of one. "sync" says nothing
  // about internal/sync: a package of std is below a GOROOT as a whole.
  std::pair<bool, unsigned> Best = {false, 0};
  StringRef Owner;
  for (const PackageInfo &P : A.Packages) {
    unsigned Count = commonEnd(Folder, P.Path);
    bool Whole = Count == StringRef(P.Path).count('/') + 1;
    if (!Whole && A.Modules[P.Module].Path == "std")
      continue;
    if (std::pair(Whole, Count) > Best) {
      Best = {Whole, Count};
      Owner = P.Path;
    }
  }
  return Known->second = Owner.str();
}

std::string PathOwner::ofPath(StringRef Path) {
  return ofFolder(folderOf(Path));
}

std::string PathOwner::onlyCgoPackage() {
  std::string Only;
  if (!Go.Pcln)
    return Only;
  for (const GoFunction &F : Go.Pcln->Functions) {
    if (!F.Name.contains("._Cfunc_"))
      continue;
    std::string Package = packageName(F);
    if (!Only.empty() && Package != Only)
      return "";
    Only = std::move(Package);
  }
  return Only;
}

std::string PathOwner::ofOffset(uint64_t Offset) const {
  auto Next =
      llvm::upper_bound(A.Spans, Offset, [](uint64_t At, const Span &S) {
        return S.Size == 0 || At < S.Offset;
      });
  if (Next == A.Spans.begin())
    return "";
  const Span &S = *std::prev(Next);
  if (Offset >= S.Offset + S.Size || S.Package == NoPackage)
    return "";
  return A.Packages[S.Package].Path;
}
