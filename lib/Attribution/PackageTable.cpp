//===- PackageTable.cpp - names to packages to modules --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything is found through hash maps and given indices in the order it was
// met; finish() sorts, so that no such order is ever seen outside.
//===----------------------------------------------------------------------===//
#include "PackageTable.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace goslim;
using llvm::StringRef;

/// "v1.2.3", or with a replacement "v1.2.3 => other/path v1.3.0". A folder on
/// the build machine is not named: reports are compared between machines.
static std::string versionOf(const ModInfo::Module &M) {
  if (!M.HasReplace)
    return M.Version;
  std::string Text = M.Version + (M.Version.empty() ? "=> " : " => ");
  StringRef Path = M.ReplacePath;
  if (Path.starts_with("/") || Path.starts_with("."))
    return Text + "(local folder)";
  if (M.ReplacePath != M.Path)
    Text += M.ReplacePath + " ";
  return Text + M.ReplaceVersion;
}

PackageTable::PackageTable(const GoImage &Go) : Modules(1) {
  auto AddModule = [&](std::string Path, std::string Version) {
    if (!Path.empty() &&
        ModuleByPath.try_emplace(Path, uint32_t(Modules.size())).second)
      Modules.push_back({std::move(Path), std::move(Version)});
  };
  std::string GoVersion;
  if (Go.BuildInfo) {
    const ModInfo &Info = Go.BuildInfo->Info;
    GoVersion = Go.BuildInfo->Version;
    MainPath = Info.Path;
    if (Info.Main)
      AddModule(Info.Main->Path, versionOf(*Info.Main));
    for (const ModInfo::Module &M : Info.Deps)
      AddModule(M.Path, versionOf(M));
  }
  AddModule("std", GoVersion);
  AddModule("cmd", GoVersion);
}

uint32_t PackageTable::moduleOf(StringRef Path) const {
  for (StringRef Prefix = Path; !Prefix.empty();
       Prefix = Prefix.substr(0, Prefix.contains('/') ? Prefix.rfind('/') : 0))
    if (auto It = ModuleByPath.find(Prefix); It != ModuleByPath.end())
      return It->second;
  StringRef First = Path.split('/').first;
  if (First.contains('.') || Path == "main" || Path == "command-line-arguments")
    return 0;
  return ModuleByPath.lookup("std");
}

uint32_t PackageTable::ofPath(StringRef Path) {
  std::lock_guard Held(Lock);
  return add(Path);
}

uint32_t PackageTable::add(StringRef Path) {
  if (Path.empty())
    return NoPackage;
  if (Path == "main" && !MainPath.empty())
    Path = MainPath;
  auto [It, New] = ByPath.try_emplace(Path, uint32_t(Paths.size()));
  if (New)
    Paths.push_back(It->first());
  return It->second;
}

/// Up to the first '.' after the last '/', type arguments and receivers left
/// out: equal for all symbols of a package. "" when the name may mean more
/// than its prefix says.
static StringRef prefixOf(StringRef Name) {
  StringRef Head = Name.substr(0, Name.find_first_of("[(\""));
  size_t Slash = Head.rfind('/');
  size_t Dot = Head.find('.', Slash == StringRef::npos ? 0 : Slash);
  if (Dot == StringRef::npos)
    return "";
  StringRef Prefix = Head.substr(0, Dot);
  // "type:.eq.T", "go:itab.T,I"; before Go 1.20 "type..eq.T", "go.itab.T,I".
  if (Prefix.contains(':') || Prefix == "type" || Prefix == "go")
    return "";
  return Prefix;
}

uint32_t PackageTable::ofSymbol(StringRef Name) {
  StringRef Prefix = prefixOf(Name);
  if (Prefix.empty())
    return ofPath(packageOfSymbol(Name));
  std::lock_guard Held(Lock);
  auto [It, New] = ByPrefix.try_emplace(Prefix, NoPackage);
  if (New)
    It->second = add(packageOfSymbol(Name));
  return It->second;
}

/// "/root/go/pkg/mod/example.com/a@v1.2.3/b" without "@v1.2.3".
static std::string withoutVersion(StringRef Folder) {
  size_t At = Folder.find('@');
  if (At == StringRef::npos)
    return Folder.str();
  size_t Slash = Folder.find('/', At);
  return (Folder.substr(0, At) +
          (Slash == StringRef::npos ? "" : Folder.substr(Slash)))
      .str();
}

uint32_t PackageTable::ofFile(StringRef File) {
  StringRef Folder = File.substr(0, File.rfind('/'));
  if (Folder.size() == File.size())
    return NoPackage; // no folder
  auto [It, New] = ByFolder.try_emplace(Folder, NoPackage);
  if (!New)
    return It->second;
  std::string Path = withoutVersion(Folder);
  StringRef Tail = Path;
  while (true) {
    if (auto Known = ByPath.find(Tail); Known != ByPath.end())
      return It->second = Known->second;
    size_t Slash = Tail.find('/');
    if (Slash == StringRef::npos)
      return NoPackage;
    Tail = Tail.substr(Slash + 1);
  }
}

std::vector<uint32_t> PackageTable::finish(Attribution &A,
                                           const std::vector<bool> &Used) {
  std::vector<uint32_t> Order;
  for (uint32_t I = 0; I < Paths.size(); ++I)
    if (I < Used.size() && Used[I])
      Order.push_back(I);
  llvm::sort(Order,
             [&](uint32_t X, uint32_t Y) { return Paths[X] < Paths[Y]; });

  std::vector<uint32_t> ModuleOrder, FinalModule(Modules.size(), 0);
  std::vector<bool> ModuleUsed(Modules.size(), false);
  for (uint32_t I : Order)
    ModuleUsed[moduleOf(Paths[I])] = true;
  for (uint32_t I = 1; I < Modules.size(); ++I)
    if (ModuleUsed[I])
      ModuleOrder.push_back(I);
  llvm::sort(ModuleOrder, [&](uint32_t X, uint32_t Y) {
    return Modules[X].Path < Modules[Y].Path;
  });
  A.Modules.assign(1, {});
  for (uint32_t I : ModuleOrder) {
    FinalModule[I] = uint32_t(A.Modules.size());
    A.Modules.push_back(Modules[I]);
  }

  std::vector<uint32_t> Final(Paths.size(), NoPackage);
  A.Packages.clear();
  for (uint32_t I : Order) {
    Final[I] = uint32_t(A.Packages.size());
    A.Packages.push_back({Paths[I].str(), FinalModule[moduleOf(Paths[I])]});
  }
  return Final;
}
