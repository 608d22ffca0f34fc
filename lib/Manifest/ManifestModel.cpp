//===- ManifestModel.cpp - from an attribution to a manifest ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums the spans of an Attribution by package and kind, by rest row and by
// step, and takes the facts of the build from build info. Maps give the sorted
// order; names are made valid UTF-8 here, so that what is written is what is
// read back.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/BuildFacts.h"
#include "goslim/Manifest/Manifest.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"
#include <array>

using namespace goslim;
using llvm::StringRef;

static std::string utf8(StringRef Text) {
  return llvm::json::isUTF8(Text) ? Text.str() : llvm::json::fixUTF8(Text);
}

/// A main module from a working copy has a version made from its commit (or
/// none); one from the module cache has a checksum beside a real version.
static ManifestModule mainModule(const ModInfo::Module &M) {
  bool Released = !M.Sum.empty();
  return {utf8(M.Path), Released ? utf8(M.Version) : "", utf8(M.Sum), ""};
}

static ManifestModule dependency(const ModInfo::Module &M) {
  ManifestModule Out{utf8(M.Path), utf8(M.Version), utf8(M.Sum), ""};
  if (!M.HasReplace)
    return Out;
  Out.Replace = withoutPaths(utf8(M.ReplacePath));
  if (!M.ReplaceVersion.empty())
    Out.Replace += "@" + utf8(M.ReplaceVersion);
  Out.Sum = utf8(M.ReplaceSum);
  return Out;
}

static void addBuildInfo(Manifest &M, const GoBuildInfo &Info, bool UsesCgo) {
  M.GoVersion = utf8(Info.Version);
  M.ImportPath = utf8(Info.Info.Path);
  for (const std::string &By : taintedBy(Info.Info, false, false))
    M.TaintedBy.push_back(utf8(By));
  if (Info.Info.Main)
    M.Modules.push_back(mainModule(*Info.Info.Main));
  for (const ModInfo::Module &Dep : Info.Info.Deps)
    M.Modules.push_back(dependency(Dep));
  llvm::sort(M.Modules,
             [](const auto &L, const auto &R) { return L.Path < R.Path; });
  for (const auto &[Key, Value] : Info.Info.Settings) {
    std::string Text = withoutPaths(utf8(Value));
    switch (settingPlace(Key, Value, UsesCgo)) {
    case SettingPlace::Nowhere:
      break;
    case SettingPlace::Settings:
      M.Settings[utf8(Key)] = Text;
      break;
    case SettingPlace::Environment:
      M.Environment[utf8(Key)] = Text;
      break;
    }
  }
  if (std::string_view Os = Info.Info.setting("GOOS"); !Os.empty())
    M.Goos = utf8(Os);
  if (std::string_view Mode = Info.Info.setting("-buildmode"); !Mode.empty())
    M.Buildmode = utf8(Mode);
}

static std::vector<ManifestSection> sectionsOf(const Image &File) {
  std::vector<ManifestSection> Out;
  for (const ImageSection &S :
       File.sections().drop_front(File.sections().empty() ? 0 : 1))
    if (S.Size || S.MemSize)
      Out.push_back({utf8(S.Name), S.Size, S.MemSize});
  return Out;
}

static void addSections(Manifest &M, std::vector<ManifestSection> Sections) {
  M.Sections = std::move(Sections);
  llvm::stable_sort(
      M.Sections, [](const auto &L, const auto &R) { return L.Name < R.Name; });
  for (const ManifestSection &S : M.Sections)
    M.Memory += S.Memory;
}

namespace {
/// What is summed up over the spans of a package, or of none.
struct Sums {
  std::array<uint64_t, NumKinds> Kinds = {};
  std::array<uint64_t, NumSteps> Steps = {};
  uint64_t Memory = 0;
};
} // namespace

/// Packages, rest and steps, each a partition of the file.
static void addSpans(Manifest &M, const Attribution &A) {
  std::vector<Sums> All(A.Packages.size() + 1); // the last is nobody's
  llvm::StringMap<uint64_t> Rest;
  for (const Span &S : A.Spans) {
    bool Owned = S.Package != NoPackage;
    Sums &To = Owned ? All[S.Package] : All.back();
    To.Memory += S.MemSize;
    To.Kinds[unsigned(S.What)] += S.Size;
    To.Steps[unsigned(S.By)] += S.Size;
    if (!Owned && S.Size)
      Rest[restName(A, S)] += S.Size;
  }
  std::map<std::pair<std::string, std::string>, uint64_t>
      Steps; // package, tool
  for (size_t I = 0; I < All.size(); ++I) {
    const Sums &From = All[I];
    ManifestPackage P;
    if (I < A.Packages.size())
      P.Path = utf8(A.Packages[I].Path);
    for (unsigned J = 0; J < NumSteps; ++J)
      if (From.Steps[J])
        Steps[{Step(J) == Step::Link ? M.ImportPath : P.Path,
               stepName(Step(J)).str()}] += From.Steps[J];
    if (I == A.Packages.size())
      break;
    for (unsigned K = 0; K < NumKinds; ++K)
      if (From.Kinds[K])
        P.Bytes[kindName(Kind(K)).str()] = From.Kinds[K];
    P.Memory = From.Memory;
    P.Module = utf8(A.Modules[A.Packages[I].Module].Path);
    if (!P.Bytes.empty() || P.Memory)
      M.Packages.push_back(std::move(P));
  }
  for (const auto &Row : Rest)
    M.Rest.emplace_back(Row.getKey().str(), Row.getValue());
  llvm::sort(M.Rest);
  for (auto &[Key, Size] : Steps)
    M.Steps.push_back({Key.second, Key.first, Size});
}

Manifest goslim::makeManifest(const Image &File, const GoImage &Go,
                              const Attribution &A) {
  Manifest M;
  bool UsesCgo = llvm::any_of(
      A.Packages, [](const PackageInfo &P) { return P.Path == "runtime/cgo"; });
  M.Goos = File.os().str();
  M.Goarch = File.arch().str();
  M.Buildmode = "exe";
  if (Go.BuildInfo)
    addBuildInfo(M, *Go.BuildInfo, UsesCgo);
  M.Name = programName(M.ImportPath);
  M.Size = A.FileSize;
  addSections(M, sectionsOf(File));
  addSpans(M, A);
  return M;
}

Manifest goslim::makeManifest(const GoImage &Go, StringRef Goarch, bool UsesCgo,
                              uint64_t Size,
                              std::vector<ManifestSection> Sections) {
  Manifest M;
  M.Goarch = Goarch.str();
  M.Buildmode = "exe";
  if (Go.BuildInfo)
    addBuildInfo(M, *Go.BuildInfo, UsesCgo);
  M.Name = programName(M.ImportPath);
  M.Size = Size;
  for (ManifestSection &S : Sections)
    S.Name = utf8(S.Name);
  addSections(M, std::move(Sections));
  M.Rest.emplace_back("not attributed", Size);
  return M;
}

std::string goslim::manifestPath(StringRef Pattern, const Manifest &M) {
  std::string Flat = M.ImportPath;
  std::replace(Flat.begin(), Flat.end(), '/', '-');
  const std::pair<StringRef, StringRef> Places[] = {{"{name}", M.Name},
                                                    {"{goos}", M.Goos},
                                                    {"{goarch}", M.Goarch},
                                                    {"{path}", Flat}};
  std::string Out;
  while (!Pattern.empty()) {
    const auto *Place = llvm::find_if(
        Places, [&](auto &P) { return Pattern.starts_with(P.first); });
    bool Found = Place != std::end(Places);
    Out += Found ? Place->second : Pattern.take_front();
    Pattern = Pattern.drop_front(Found ? Place->first.size() : 1);
  }
  return Out;
}
