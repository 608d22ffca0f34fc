//===- Path.cpp - names of files, without looking at them -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lexical path work. Symlinks are kept because go keeps them: a package folder
// is named by the path the user took, and -trimpath compares that text.
//===----------------------------------------------------------------------===//
#include "goslim/Base/FileIO.h"
#include <vector>

namespace goslim {

std::string absolutePath(std::string_view Path, std::string_view Base) {
  std::string Joined;
  if (Path.empty() || Path.front() != '/') {
    Joined = Base;
    Joined += '/';
  }
  Joined += Path;

  std::vector<std::string_view> Elements;
  std::string_view Rest = Joined;
  while (!Rest.empty()) {
    size_t Slash = Rest.find('/');
    std::string_view Element = Rest.substr(0, Slash);
    Rest.remove_prefix(Slash == Rest.npos ? Rest.size() : Slash + 1);
    if (Element.empty() || Element == ".")
      continue;
    if (Element != "..")
      Elements.push_back(Element);
    else if (!Elements.empty())
      Elements.pop_back();
  }
  std::string Clean;
  for (std::string_view Element : Elements) {
    Clean += '/';
    Clean += Element;
  }
  return Clean.empty() ? "/" : Clean;
}

std::string_view parentPath(std::string_view Path) {
  size_t Slash = Path.rfind('/');
  if (Slash == Path.npos)
    return ".";
  return Slash == 0 ? Path.substr(0, 1) : Path.substr(0, Slash);
}

std::string_view fileName(std::string_view Path) {
  size_t Slash = Path.rfind('/');
  return Slash == Path.npos ? Path : Path.substr(Slash + 1);
}

bool isWithin(std::string_view Path, std::string_view Root) {
  if (Root == "/")
    return !Path.empty() && Path.front() == '/';
  return Path.substr(0, Root.size()) == Root &&
         (Path.size() == Root.size() || Path[Root.size()] == '/');
}

} // namespace goslim
