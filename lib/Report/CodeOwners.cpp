//===- CodeOwners.cpp - packages to teams ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines "PATTERN OWNER...", "#" begins a comment, the last line that matches
// wins, as GitHub reads CODEOWNERS. A package of the main module is the folder
// that it has in the module; any other one its import path, also under
// "vendor/". A pattern for files ("*.go") is taken for the folders of all Go
// files.
//===----------------------------------------------------------------------===//
#include "goslim/Report/Report.h"
#include "llvm/ADT/STLExtras.h"

using namespace goslim;
using llvm::StringRef;

/// "*" and "?" stay inside of an element, "**" does not.
static bool matches(StringRef Pattern, StringRef Path) {
  if (Pattern.empty())
    return Path.empty() || Path.starts_with("/");
  if (Pattern.starts_with("**")) {
    StringRef Rest = Pattern.ltrim('*').ltrim('/');
    if (Rest.empty())
      return true;
    for (size_t I = 0; I <= Path.size(); ++I)
      if ((I == 0 || Path[I - 1] == '/') && matches(Rest, Path.substr(I)))
        return true;
    return false;
  }
  if (Pattern[0] == '*') {
    for (size_t I = 0;; ++I) {
      if (matches(Pattern.substr(1), Path.substr(I)))
        return true;
      if (I >= Path.size() || Path[I] == '/')
        return false;
    }
  }
  if (Path.empty() || (Pattern[0] != '?' && Pattern[0] != Path[0]) ||
      (Pattern[0] == '?' && Path[0] == '/'))
    return false;
  return matches(Pattern.substr(1), Path.substr(1));
}

/// A folder below one that matches does so, too.
static bool matchesFolder(StringRef Pattern, StringRef Path) {
  bool IsAnchored = Pattern.consume_front("/");
  Pattern = Pattern.rtrim('/');
  if (Pattern == "*" || Pattern == "**" || Pattern == "*.go")
    return true;
  Pattern.consume_back("/*.go");
  if (Pattern.ends_with("/*"))
    Pattern = Pattern.drop_back(2);
  IsAnchored |= Pattern.contains('/');
  if (matches(Pattern, Path))
    return true;
  for (size_t I = 0; !IsAnchored && I < Path.size(); ++I)
    if (Path[I] == '/' && matches(Pattern, Path.substr(I + 1)))
      return true;
  return false;
}

std::vector<OwnerRule> goslim::parseCodeOwners(StringRef Text) {
  std::vector<OwnerRule> Out;
  while (!Text.empty()) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    Line = Line.split(" #").first.trim();
    if (Line.empty() || Line.starts_with("#"))
      continue;
    size_t End = Line.find_first_of(" \t");
    OwnerRule R;
    R.Pattern = Line.substr(0, End).str();
    if (End != StringRef::npos)
      R.Owners = Line.substr(End).trim().str();
    Out.push_back(std::move(R));
  }
  return Out;
}

void goslim::assignOwners(Attribution &A, const GoImage &Go,
                          const std::vector<OwnerRule> &Rules) {
  StringRef Main;
  if (Go.BuildInfo && Go.BuildInfo->Info.Main)
    Main = Go.BuildInfo->Info.Main->Path;
  for (PackageInfo &P : A.Packages) {
    StringRef Path = P.Path;
    bool IsMain = !Main.empty() && A.Modules[P.Module].Path == Main;
    if (IsMain && Path.consume_front(Main))
      Path.consume_front("/");
    for (const OwnerRule &R : llvm::reverse(Rules))
      if (matchesFolder(R.Pattern, Path) ||
          (!IsMain && matchesFolder(R.Pattern, "vendor/" + Path.str()))) {
        P.Owner = R.Owners;
        break;
      }
  }
}
