//===- Changes.cpp - what build info and paths say ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Explain.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/bit.h"
#include <map>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Build info
//===----------------------------------------------------------------------===//

Cause goslim::causeOfKey(StringRef Key) {
  static constexpr struct {
    StringRef Prefix;
    Cause Why;
  } Table[] = {{"go", Cause::Toolchain},
               {"path", Cause::MainPath},
               {"mod", Cause::VcsStamp},
               {"dep ", Cause::Dependency},
               {"build GOOS", Cause::Target},
               {"build GOARCH", Cause::Target},
               {"build GOEXPERIMENT", Cause::Experiment},
               {"build GOFIPS140", Cause::CompilerFlags},
               {"build GO", Cause::ArchLevel}, // GOAMD64, GOARM64, GO386, ...
               {"build -tags", Cause::Tags},
               {"build -trimpath", Cause::Trimpath},
               {"build -ldflags", Cause::LinkerFlags},
               {"build -buildmode", Cause::LinkerFlags},
               {"build -linkshared", Cause::LinkerFlags},
               {"build -", Cause::CompilerFlags}, // -gcflags, -race, -pgo, ...
               {"build CGO_ENABLED", Cause::Cgo},
               {"build CGO_", Cause::CgoFlags},
               {"build DefaultGODEBUG", Cause::Godebug},
               {"build vcs", Cause::VcsStamp}};
  for (const auto &Row : Table)
    if (Row.Prefix == "go" || Row.Prefix == "mod" || Row.Prefix == "path"
            ? Key == Row.Prefix
            : Key.starts_with(Row.Prefix))
      return Row.Why;
  return Cause::Setting;
}

static std::map<std::string, std::string> keysOf(const Program &P) {
  std::map<std::string, std::string> Out;
  if (!P.Go.BuildInfo)
    return Out;
  const ModInfo &I = P.Go.BuildInfo->Info;
  Out["go"] = P.Go.BuildInfo->Version;
  Out["path"] = I.Path;
  auto Words = [](const ModInfo::Module &M) {
    std::string Text = M.Version + (M.Sum.empty() ? "" : " " + M.Sum);
    if (M.HasReplace)
      Text += " => " + M.ReplacePath + " " + M.ReplaceVersion;
    return Text;
  };
  if (I.Main)
    Out["mod"] = I.Main->Path + " " + Words(*I.Main);
  for (const ModInfo::Module &M : I.Deps)
    Out["dep " + M.Path] = Words(M);
  for (const auto &[Key, Value] : I.Settings)
    Out["build " + Key] = Value;
  return Out;
}

std::vector<KeyChange> goslim::buildInfoChanges(const Program &A,
                                                const Program &B) {
  std::map<std::string, std::string> Old = keysOf(A), New = keysOf(B);
  std::vector<KeyChange> Out;
  for (const auto &[Key, Value] : Old)
    if (auto It = New.find(Key); It == New.end() || It->second != Value)
      Out.push_back(
          {Key, Value, It == New.end() ? "" : It->second, causeOfKey(Key)});
  // "go1.26.8 X:nodwarf5" is what GOEXPERIMENT says, too.
  auto Release = [](StringRef Version) {
    return Version.take_until([](char C) { return C == ' ' || C == '-'; });
  };
  for (KeyChange &K : Out)
    if (K.Key == "go" && Release(K.Old) == Release(K.New))
      K.Why = Cause::Experiment;
  for (const auto &[Key, Value] : New)
    if (!Old.count(Key))
      Out.push_back({Key, "", Value, causeOfKey(Key)});
  return Out;
}

Cause goslim::dominantCause(llvm::ArrayRef<KeyChange> Changes) {
  static constexpr Cause Order[] = {
      Cause::Target,      Cause::Toolchain,     Cause::ArchLevel,
      Cause::Experiment,  Cause::CompilerFlags, Cause::Cgo,
      Cause::Tags,        Cause::Dependency,    Cause::MainPath,
      Cause::LinkerFlags, Cause::Godebug,       Cause::Trimpath};
  for (Cause C : Order)
    if (llvm::any_of(Changes, [&](const KeyChange &K) { return K.Why == C; }))
      return C;
  return Cause::Unknown;
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

/// What nobody has renamed.
static bool isOneBit(StringRef Old, StringRef New) {
  unsigned Bits = 0;
  for (size_t I = 0; I < Old.size() && Old.size() == New.size(); ++I)
    Bits += unsigned(llvm::popcount(uint8_t(Old[I] ^ New[I])));
  return Bits == 1;
}

/// "/a/src/x/f.go" and "/bb/x/f.go" differ in "/a/src" and "/bb". At least the
/// file's own name must be common.
static std::optional<PathChange> prefixChange(StringRef Old, StringRef New) {
  size_t Common = 0, Best = 0;
  while (Common < Old.size() && Common < New.size() &&
         Old[Old.size() - 1 - Common] == New[New.size() - 1 - Common]) {
    ++Common;
    if (Old[Old.size() - Common] == '/')
      Best = Common;
  }
  // One may be all of the other's tail, as with -trimpath.
  if (Common == Old.size() || Common == New.size())
    Best = std::max(Best, Common);
  if (!Best || Old == New || isOneBit(Old, New))
    return std::nullopt;
  return PathChange{Old.drop_back(Best).str(), New.drop_back(Best).str()};
}

std::vector<PathChange> goslim::pathChanges(const Program &A,
                                            const Program &B) {
  std::vector<PathChange> Out;
  if (!A.Go.Pcln || !B.Go.Pcln)
    return Out;
  llvm::StringSet<> InA, InB;
  for (StringRef F : A.Go.Pcln->Files)
    InA.insert(F);
  for (StringRef F : B.Go.Pcln->Files)
    InB.insert(F);
  // File names by their last element, to find partners fast.
  llvm::StringMap<std::vector<StringRef>> OnlyB;
  for (StringRef F : B.Go.Pcln->Files)
    if (!InA.contains(F))
      OnlyB[F.substr(F.rfind('/') + 1)].push_back(F);
  for (StringRef F : A.Go.Pcln->Files) {
    if (InB.contains(F))
      continue;
    std::optional<PathChange> Best;
    for (StringRef G : OnlyB.lookup(F.substr(F.rfind('/') + 1)))
      if (std::optional<PathChange> C = prefixChange(F, G))
        if (!Best || C->Old.size() < Best->Old.size())
          Best = C;
    if (!Best)
      return {};
    // Who renames a folder renames all that is in it.
    if (!Best->Old.empty() && llvm::any_of(B.Go.Pcln->Files, [&](StringRef G) {
          return G.starts_with(Best->Old + "/");
        }))
      return {};
    if (llvm::none_of(Out, [&](const PathChange &C) {
          return C.Old == Best->Old && C.New == Best->New;
        }))
      Out.push_back(*Best);
  }
  return Out;
}
