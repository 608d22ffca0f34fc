//===- MatchPackage.cpp - go's package patterns ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rules of `go help packages` as internal/pkgpattern implements them (Go
// 1.21 to 1.27): "..." is any string, a final "/..." also matches nothing, and
// a wildcard never matches the element "vendor". The wildcard match is the
// greedy one with a single point to come back to, so it is never exponential.
//===----------------------------------------------------------------------===//
#include "goslim/Policy/Policy.h"
#include <algorithm>

using namespace goslim;

namespace {
constexpr std::string_view Wildcard = "...";

constexpr char VendorMark = '\x01';

/// Path with each element "vendor" but a final one replaced by VendorMark
/// (pkgpattern.replaceVendor).
std::string markVendor(std::string_view Path) {
  std::string Out;
  for (size_t Slash; (Slash = Path.find('/')) != Path.npos;
       Path.remove_prefix(Slash + 1)) {
    std::string_view Element = Path.substr(0, Slash);
    if (Element == "vendor")
      Out += VendorMark;
    else
      Out += Element;
    Out += '/';
  }
  return Out += Path;
}

bool matchWildcards(std::string_view PatternPath, std::string_view Path) {
  std::string Pattern = markVendor(PatternPath), Text = markVendor(Path);
  auto AtWildcard = [&](size_t P) {
    return Pattern.compare(P, Wildcard.size(), Wildcard) == 0;
  };
  size_t P = 0, T = 0, AfterWildcard = Pattern.npos, Resume = 0;
  while (T < Text.size()) {
    if (AtWildcard(P)) {
      P += Wildcard.size();
      AfterWildcard = P;
      Resume = T;
    } else if (P < Pattern.size() && Pattern[P] == Text[T]) {
      ++P;
      ++T;
    } else if (AfterWildcard != Pattern.npos && Text[Resume] != VendorMark) {
      P = AfterWildcard;
      T = ++Resume;
    } else {
      return false;
    }
  }
  while (AtWildcard(P))
    P += Wildcard.size();
  return P == Pattern.size();
}

bool isStandard(std::string_view ImportPath, std::string_view ModulePath) {
  std::string_view First = ImportPath.substr(0, ImportPath.find('/'));
  bool OfModule = !ModulePath.empty() && ImportPath.starts_with(ModulePath) &&
                  (ImportPath.size() == ModulePath.size() ||
                   ImportPath[ModulePath.size()] == '/');
  return First.find('.') == First.npos && !OfModule &&
         First != "command-line-arguments" && First != "main";
}
} // namespace

bool goslim::matchPackage(std::string_view Pattern, std::string_view ImportPath,
                          std::string_view ModulePath) {
  if (ImportPath.empty() || Pattern.empty())
    return false;
  if (Pattern == "all")
    return true;
  if (Pattern == "std")
    return isStandard(ImportPath, ModulePath);
  std::string Absolute(Pattern);
  if (Pattern == "." || Pattern.starts_with("./")) {
    if (ModulePath.empty())
      return false;
    Pattern.remove_prefix(std::min<size_t>(2, Pattern.size()));
    Absolute = std::string(ModulePath);
    if (!Pattern.empty())
      (Absolute += '/') += Pattern;
  }
  // "x/..." matches x as well.
  std::string_view P = Absolute;
  return matchWildcards(P, ImportPath) ||
         (P.ends_with("/...") &&
          matchWildcards(P.substr(0, P.size() - 4), ImportPath));
}
