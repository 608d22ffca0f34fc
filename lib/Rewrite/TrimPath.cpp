//===- TrimPath.cpp - the -trimpath value go would give -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The package's folder comes from its source files on the line, its module
// from where that folder lies: the module cache's folder names hold module and
// version, vendor/modules.txt and go.mod's replacements tell theirs, all else
// (standard library, main module, workspace) goes by its import path.
//===----------------------------------------------------------------------===//
#include "TrimPath.h"
#include "GoMod.h"
#include "goslim/Base/FileIO.h"
#include <algorithm>

namespace goslim::rewrite {
namespace {

/// "!x" stands for "X" in the module cache (module.EscapePath).
std::string unescape(std::string_view Text) {
  std::string Out;
  for (size_t I = 0; I < Text.size(); ++I) {
    if (Text[I] != '!' || I + 1 == Text.size()) {
      Out += Text[I];
    } else {
      char Letter = Text[++I];
      Out += Letter >= 'a' && Letter <= 'z' ? char(Letter - 'a' + 'A') : Letter;
    }
  }
  return Out;
}

/// The last entry's folder: where cmd/go generates files.
std::string_view objectFolder(std::string_view Value) {
  if (!Value.ends_with("=>"))
    return {};
  Value.remove_suffix(2);
  size_t Semicolon = Value.rfind(';');
  return Semicolon == Value.npos ? Value : Value.substr(Semicolon + 1);
}

/// "module@version/rest" of a folder in the module cache, else "".
std::string cachedFolder(std::string_view Folder, std::string_view Cache) {
  if (Cache.empty() || !isWithin(Folder, Cache) || Folder == Cache)
    return "";
  std::string_view Path = Folder.substr(Cache.size());
  Path.remove_prefix(std::min(Path.find_first_not_of('/'), Path.size()));
  size_t At = Path.find('@');
  if (At == Path.npos)
    return "";
  size_t Slash = Path.find('/', At);
  return unescape(Path.substr(0, Slash)) +
         std::string(Slash == Path.npos ? "" : Path.substr(Slash));
}

bool isPathPrefix(std::string_view Prefix, std::string_view Path) {
  return Path.starts_with(Prefix) &&
         (Path.size() == Prefix.size() || Path[Prefix.size()] == '/');
}

/// An external test is compiled as "p_test" but recorded with p's path.
std::string withoutTestSuffix(const std::string &Import,
                              std::string_view Folder) {
  if (Import.ends_with("_test") && !Folder.ends_with("_test"))
    return Import.substr(0, Import.size() - 5);
  return Import;
}

} // namespace

PackageFiles packageFiles(const Invocation &Call, const ToolContext &C) {
  PackageFiles Files;
  std::string Value(Call.value("trimpath"));
  std::string_view Objects = objectFolder(Value);
  for (const Argument &Arg : Call.Args) {
    if (Arg.isFlag() || Arg.Words.empty())
      continue;
    std::string_view Name = Arg.Words[0];
    bool Generated = !Objects.empty() && isWithin(Name, Objects);
    if (Generated && fileName(Name) == "_cgo_gotypes.go")
      Files.HasCgo = true;
    if (Generated || !Files.Folder.empty())
      continue;
    if (Name.starts_with('/') &&
        (Name.ends_with(".go") || Name.ends_with(".s")))
      Files.Folder = std::string(parentPath(Name));
  }
  if (Files.Folder.empty() && Call.Tool == ToolKind::Asm)
    Files.Folder = C.Cwd;
  std::string Sources = C.Goroot + "/src";
  Files.Standard =
      Call.isSet("std") || (!C.Goroot.empty() && !Files.Folder.empty() &&
                            isWithin(Files.Folder, Sources));
  if (Files.Folder.empty() && Files.Standard && !C.Goroot.empty())
    Files.Folder = Sources + "/" + C.ImportPath;
  return Files;
}

bool isTrimmed(const Invocation &Call, const PackageFiles &Files) {
  std::string_view Value = Call.value("trimpath");
  std::string_view Objects = objectFolder(Value);
  if (!Files.Folder.empty())
    return Value.starts_with(Files.Folder + "=>");
  // Nothing but generated files: go's own value has two entries or more.
  return Value.size() > Objects.size() + 2;
}

std::string trimmedFolder(const PackageFiles &Files, const ToolContext &C) {
  std::string Import = withoutTestSuffix(C.ImportPath, Files.Folder);
  if (Files.Standard)
    return Import;
  if (std::string To = replacedFolder(C.GoMod, Import); !To.empty())
    return To;
  if (std::string To = cachedFolder(Files.Folder, C.Gomodcache); !To.empty())
    return To;
  if (Files.Folder.ends_with("/vendor/" + Import))
    if (std::string To = vendoredFolder(C.VendorModules, Import); !To.empty())
      return To;
  return Import;
}

std::string trimmedValue(std::string_view Value, const std::string &Folder,
                         const std::string &To) {
  std::string Out = Folder + "=>" + To + ";";
  while (!Value.empty()) {
    size_t End = Value.find(';');
    std::string_view Entry = Value.substr(0, End);
    Value.remove_prefix(End == Value.npos ? Value.size() : End + 1);
    size_t Arrow = Entry.rfind("=>");
    std::string_view Target =
        Arrow == Entry.npos ? std::string_view() : Entry.substr(Arrow + 2);
    if (!Target.empty() && isPathPrefix(Folder, Target)) {
      Out.append(Entry.substr(0, Arrow + 2)).append(To);
      Out.append(Target.substr(Folder.size()));
    } else {
      Out.append(Entry);
    }
    if (End != std::string_view::npos)
      Out += ';';
  }
  return Out;
}

std::string trimpathInputs(const ToolContext &C) {
  return C.VendorModules + replacedModules(C.GoMod);
}

} // namespace goslim::rewrite
