//===- GoMod.cpp - the modules of go.mod and vendor/modules.txt -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A line reader, not a parser of go.mod: go has read the same file before any
// tool runs, so all that is left is to find require and replace lines.
//===----------------------------------------------------------------------===//
#include "GoMod.h"
#include <map>
#include <vector>

namespace goslim::rewrite {
namespace {

std::string_view nextLine(std::string_view &Text) {
  size_t End = Text.find('\n');
  std::string_view Line = Text.substr(0, End);
  Text.remove_prefix(End == Text.npos ? Text.size() : End + 1);
  return Line;
}

/// Words of a line without its comment; "quoted" and `raw` ones unwrapped.
std::vector<std::string_view> wordsOf(std::string_view Line) {
  std::vector<std::string_view> Words;
  while (true) {
    size_t Begin = Line.find_first_not_of(" \t\r");
    if (Begin == Line.npos)
      return Words;
    Line.remove_prefix(Begin);
    if (Line.starts_with("//"))
      return Words;
    size_t End = Line.find_first_of(" \t\r");
    if (Line[0] == '"' || Line[0] == '`') {
      size_t Close = Line.find(Line[0], 1);
      if (Close == Line.npos)
        return Words;
      Words.push_back(Line.substr(1, Close - 1));
      Line.remove_prefix(Close + 1);
      continue;
    }
    Words.push_back(Line.substr(0, End));
    Line.remove_prefix(End == Line.npos ? Line.size() : End);
  }
}

/// Calls Do(directive, words) for each line, blocks taken apart.
template <typename Fn> void forEachDirective(std::string_view Text, Fn Do) {
  std::string_view Block;
  while (!Text.empty()) {
    std::vector<std::string_view> Words = wordsOf(nextLine(Text));
    if (Words.empty())
      continue;
    if (Words[0] == ")") {
      Block = {};
    } else if (!Block.empty()) {
      Do(Block, Words);
    } else if (Words.size() == 2 && Words[1] == "(") {
      Block = Words[0];
    } else {
      std::string_view Directive = Words[0];
      Words.erase(Words.begin());
      Do(Directive, Words);
    }
  }
}

bool isPathPrefix(std::string_view Prefix, std::string_view Path) {
  return Path.starts_with(Prefix) &&
         (Path.size() == Prefix.size() || Path[Prefix.size()] == '/');
}

/// Module path -> required version; "" for the main module and for modules
/// that are not replaced. Without a replacement: empty.
std::map<std::string_view, std::string_view> readModules(std::string_view Mod) {
  std::map<std::string_view, std::string_view> Required, Replaced;
  if (Mod.find("replace") == Mod.npos)
    return Replaced;
  forEachDirective(Mod, [&](std::string_view Directive,
                            const std::vector<std::string_view> &Words) {
    if (Directive == "require" && Words.size() >= 2)
      Required[Words[0]] = Words[1];
    if (Directive == "module" && !Words.empty())
      Required[Words[0]] = {};
  });
  bool Any = false;
  forEachDirective(Mod, [&](std::string_view Directive,
                            const std::vector<std::string_view> &Words) {
    if (Directive != "replace" || Words.size() < 3)
      return;
    auto By = Required.find(Words[0]);
    if (By == Required.end() || (Words[1] != "=>" && Words[1] != By->second))
      return;
    Replaced[By->first] = By->second;
    Any = true;
  });
  if (!Any)
    return {};
  for (const auto &[Path, Version] : Required)
    Replaced.emplace(Path, std::string_view());
  return Replaced;
}

} // namespace

std::string replacedFolder(std::string_view GoMod,
                           std::string_view ImportPath) {
  std::string_view Best, Version;
  for (const auto &[Path, Required] : readModules(GoMod))
    if (isPathPrefix(Path, ImportPath) && Path.size() > Best.size()) {
      Best = Path;
      Version = Required;
    }
  if (Version.empty())
    return "";
  return std::string(Best) + "@" + std::string(Version) +
         std::string(ImportPath.substr(Best.size()));
}

std::string replacedModules(std::string_view GoMod) {
  std::map<std::string_view, std::string_view> Modules = readModules(GoMod);
  std::string Text;
  for (const auto &[Path, Version] : Modules) {
    // A module below a replaced one takes its packages out of it.
    bool Matters = !Version.empty();
    for (const auto &[Other, OtherVersion] : Modules)
      Matters |= !OtherVersion.empty() && isPathPrefix(Other, Path);
    if (Matters)
      Text.append(Path).append("@").append(Version).append("\n");
  }
  return Text;
}

std::string vendoredFolder(std::string_view ModulesTxt,
                           std::string_view ImportPath) {
  std::string_view Path, Version;
  while (!ModulesTxt.empty()) {
    std::string_view Line = nextLine(ModulesTxt);
    if (Line.starts_with("# ")) {
      std::vector<std::string_view> Words = wordsOf(Line.substr(2));
      bool HasVersion = Words.size() >= 2 && Words[1] != "=>";
      Path = Words.empty() ? std::string_view() : Words[0];
      Version = HasVersion ? Words[1] : std::string_view();
    } else if (Line == ImportPath) {
      if (Version.empty() || !ImportPath.starts_with(Path))
        return "";
      return std::string(Path) + "@" + std::string(Version) +
             std::string(ImportPath.substr(Path.size()));
    }
  }
  return "";
}

} // namespace goslim::rewrite
