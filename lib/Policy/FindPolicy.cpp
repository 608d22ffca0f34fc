//===- FindPolicy.cpp - which goslim.toml governs a folder ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From where go was started upward, never above the module or the workspace,
// so that a file in a parent folder of a checkout cannot reach into it. The
// bounds are found as go finds them (cmd/go/internal/modload/init.go,
// findModuleRoot and findWorkspaceFile).
//===----------------------------------------------------------------------===//
#include "goslim/Base/FileIO.h"
#include "goslim/Policy/PolicyFile.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>

using namespace goslim;

namespace {
constexpr std::string_view PolicyName = "goslim.toml";
constexpr uint64_t MaxGoModSize = 16 << 20;

std::string join(std::string_view Folder, std::string_view Name) {
  return fmt::format("{}{}{}", Folder, Folder.ends_with('/') ? "" : "/", Name);
}

/// The nearest folder from Start upward that holds Name, or "".
std::string findUpward(std::string_view Start, std::string_view Name) {
  for (std::string_view Folder = Start;; Folder = parentPath(Folder)) {
    if (fileSize(join(Folder, Name)) >= 0)
      return std::string(Folder);
    if (Folder.size() <= 1)
      return "";
  }
}

/// The folder of the go.work that governs Start, or "".
std::string findWorkspace(const std::string &Start, const std::string &GoWork) {
  if (GoWork == "off")
    return "";
  if (GoWork.empty() || GoWork == "auto")
    return findUpward(Start, "go.work");
  return std::string(parentPath(absolutePath(GoWork, Start)));
}

/// Text without the blanks at its front.
std::string_view skipBlanks(std::string_view Text) {
  Text.remove_prefix(std::min(Text.find_first_not_of(" \t\r"), Text.size()));
  return Text;
}

/// The path in what follows "module", or "" when there is none in this line.
std::string parsePath(std::string_view Text) {
  Text = skipBlanks(Text);
  if (Text.empty() || Text.starts_with("//"))
    return "";
  if (Text[0] == '`')
    return std::string(Text.substr(1, Text.find('`', 1) - 1));
  if (Text[0] == '"') {
    size_t End = 1;
    while (End < Text.size() && Text[End] != '"')
      End += Text[End] == '\\' ? 2 : 1;
    Result<std::string> Path = goUnquote(Text.substr(0, End + 1));
    return Path ? *Path : "";
  }
  return std::string(Text.substr(0, Text.find_first_of(" \t\r")));
}

/// The module line of a go.mod: tolerant, since go itself reports what is
/// wrong with the file.
std::string modulePathOf(std::string_view GoMod) {
  bool InBlock = false;
  while (!GoMod.empty()) {
    std::string_view Line = skipBlanks(GoMod.substr(0, GoMod.find('\n')));
    GoMod.remove_prefix(std::min(GoMod.find('\n'), GoMod.size() - 1) + 1);
    constexpr std::string_view Keyword = "module";
    if (!InBlock) {
      if (!Line.starts_with(Keyword) || Line.size() == Keyword.size() ||
          std::string_view(" \t\"`(").find(Line[Keyword.size()]) ==
              std::string_view::npos)
        continue;
      Line = skipBlanks(Line.substr(Keyword.size()));
      InBlock = Line.starts_with('(');
      Line.remove_prefix(InBlock ? 1 : 0);
    }
    if (std::string Path = parsePath(Line); !Path.empty())
      return Path == ")" ? "" : Path;
  }
  return "";
}

std::string readModulePath(const std::string &Folder) {
  if (Folder.empty())
    return "";
  Result<std::string> Text = readFile(join(Folder, "go.mod"), MaxGoModSize);
  return Text ? modulePathOf(*Text) : "";
}

/// File as seen from Start: "../goslim.toml", or absolute when that is not
/// longer.
std::string shownFrom(const std::string &Start, const std::string &File) {
  std::string Up;
  for (std::string_view Folder = Start; Folder.size() > 1;
       Folder = parentPath(Folder), Up += "../")
    if (isWithin(File, Folder)) {
      std::string Relative = Up + File.substr(Folder.size() + 1);
      return Relative.size() < File.size() ? Relative : File;
    }
  return File;
}

PolicySource makeSource(const std::string &Start, const std::string &File,
                        bool Trusted) {
  PolicySource S;
  S.File = File;
  S.Root = std::string(parentPath(File));
  S.Trusted = Trusted;
  S.Shown = shownFrom(Start, File);
  S.ModulePath = readModulePath(findUpward(S.Root, "go.mod"));
  return S;
}
} // namespace

Result<PolicySource> goslim::findPolicy(const std::string &StartDir,
                                        const std::string &Explicit,
                                        const std::string &GoWork) {
  std::string Start = absolutePath(StartDir, "/");
  if (!Explicit.empty()) {
    std::string File = absolutePath(Explicit, Start);
    if (fileSize(File) < 0)
      return Failure{
          fmt::format("{}: {}", Explicit,
                      fileExists(File) ? "not a regular file" : "no such file"),
          "the policy is named by -config or GOSLIM_CONFIG"};
    PolicySource S = makeSource(Start, File, /*Trusted=*/true);
    // A policy shared by many modules means the one that is built.
    if (S.ModulePath.empty())
      S.ModulePath = readModulePath(findUpward(Start, "go.mod"));
    return S;
  }
  std::string Module = findUpward(Start, "go.mod");
  std::string Workspace = findWorkspace(Start, GoWork);
  bool Inside = !Workspace.empty() && isWithin(Start, Workspace);
  // Both lie above Start: the shorter one is the outer one.
  std::string Bound = Module;
  if (Inside && (Module.empty() || Workspace.size() < Module.size()))
    Bound = Workspace;
  if (!Bound.empty())
    for (std::string_view Folder = Start;; Folder = parentPath(Folder)) {
      std::string File = join(Folder, PolicyName);
      if (fileSize(File) >= 0)
        return makeSource(Start, File, /*Trusted=*/false);
      if (Folder.size() <= Bound.size())
        break;
    }
  // GOWORK=/elsewhere/go.work: its folder is the workspace root all the same.
  if (!Workspace.empty() && !Inside)
    if (std::string File = join(Workspace, PolicyName); fileSize(File) >= 0)
      return makeSource(Start, File, /*Trusted=*/false);
  return PolicySource{};
}

Result<std::string> goslim::manifestFile(const Policy &P, std::string_view Name,
                                         std::string_view Goos,
                                         std::string_view Goarch) {
  std::string Path;
  for (std::string_view Rest = P.Manifest.Path; !Rest.empty();) {
    size_t Open = std::min(Rest.find('{'), Rest.size());
    Path += Rest.substr(0, Open);
    Rest.remove_prefix(Open);
    size_t Close = std::min(Rest.find('}'), Rest.size() - 1);
    std::string_view Placeholder =
        Rest.empty() ? Rest : Rest.substr(0, Close + 1);
    Path += Placeholder == "{name}"     ? Name
            : Placeholder == "{goos}"   ? Goos
            : Placeholder == "{goarch}" ? Goarch
                                        : Placeholder;
    Rest.remove_prefix(Placeholder.size());
  }
  for (std::string_view Word : {Name, Goos, Goarch})
    if (Word.empty() || Word == "." || Word == ".." ||
        Word.find('/') != Word.npos || Word.find('\0') != Word.npos)
      return fail("manifest.path: '{}' cannot be part of a file's name", Word);
  std::string File = absolutePath(Path, P.Root);
  if (!P.Trusted && !isWithin(File, P.Root))
    return fail("manifest.path: {} is not below {}", File, P.Root);
  if (File == P.File)
    return fail("manifest.path: {} is the policy file itself", File);
  return File;
}
