//===- PackageScope.cpp - package patterns compared as text ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pattern lies in another when the other matches it with each "..." taken as
// a name that nobody has: what holds for such a name holds for every one. Two
// patterns have nothing in common when what stands before their first "..."
// already differs.
//===----------------------------------------------------------------------===//
#include "PackageScope.h"
#include "goslim/Base/FileIO.h"
#include <algorithm>

namespace goslim::rewrite {

const std::string_view UnknownPattern = "?";

namespace {

constexpr std::string_view Wildcard = "...";
/// Not allowed in an import path, so no pattern can name it.
constexpr std::string_view Anything = "\x7f";

bool isMeta(std::string_view Pattern) {
  return Pattern == "all" || Pattern == "std" || Pattern == "cmd";
}

/// What all matches of Pattern begin with, "/" added to their ends.
std::string fixedPart(std::string_view Pattern) {
  size_t At = Pattern.find(Wildcard);
  if (At == Pattern.npos)
    return std::string(Pattern) + "/";
  return std::string(Pattern.substr(0, At));
}

bool liesIn(std::string_view Of, std::string_view In, std::string_view Module) {
  if (Of == In || In == "all" || In == Wildcard)
    return true;
  if (isMeta(Of) || !matchPackage(In, representative(Of), Module))
    return false;
  // "x/..." is x, too.
  return !Of.ends_with("/...") ||
         matchPackage(In, representative(Of.substr(0, Of.size() - 4)), Module);
}

/// P with "." and ".." folded; nullopt when it leaves the tree.
std::optional<std::string> cleanPath(std::string_view Path) {
  std::vector<std::string_view> Parts;
  while (true) {
    size_t Slash = Path.find('/');
    std::string_view Part = Path.substr(0, Slash);
    if (Part == "..") {
      if (Parts.empty())
        return std::nullopt;
      Parts.pop_back();
    } else if (!Part.empty() && Part != ".") {
      Parts.push_back(Part);
    }
    if (Slash == Path.npos)
      break;
    Path.remove_prefix(Slash + 1);
  }
  std::string Out;
  for (std::string_view Part : Parts)
    Out.append(Out.empty() ? "" : "/").append(Part);
  return Out;
}

/// Base/Relative as an import path, Base standing for a whole element list
/// that ".." may shorten only as far as Base goes.
std::string belowPackage(const std::string &Base, std::string_view Relative) {
  if (Base.empty())
    return std::string(UnknownPattern);
  std::optional<std::string> Path =
      cleanPath(Base + "/" + std::string(Relative));
  return Path && !Path->empty() ? *Path : std::string(UnknownPattern);
}

} // namespace

std::string representative(std::string_view Pattern) {
  std::string Out;
  while (true) {
    size_t At = Pattern.find(Wildcard);
    Out.append(Pattern.substr(0, At));
    if (At == Pattern.npos)
      return Out;
    Out.append(Anything);
    Pattern.remove_prefix(At + Wildcard.size());
  }
}

Overlap overlap(std::string_view Of, std::string_view In,
                std::string_view ModulePath) {
  if (In == "all" || In == Wildcard)
    return Overlap::Whole;
  if (Of == UnknownPattern || In == UnknownPattern)
    return Overlap::Part;
  if (liesIn(Of, In, ModulePath))
    return Overlap::Whole;
  if (liesIn(In, Of, ModulePath) || isMeta(Of))
    return Overlap::Part;
  bool Wild = Of.find(Wildcard) != Of.npos,
       WildIn = In.find(Wildcard) != In.npos;
  if (!Wild && (!WildIn || In == "std" || In == "cmd"))
    return Overlap::None; // one package, and In does not match it
  if (isMeta(In))
    return Overlap::Part;
  std::string A = fixedPart(Of), B = fixedPart(In);
  return A.starts_with(B) || B.starts_with(A) ? Overlap::Part : Overlap::None;
}

template <typename List, typename Fn>
static Overlap overAll(const List &L, Fn F) {
  bool AllWhole = true, AllNone = true;
  for (const std::string &Each : L) {
    Overlap O = F(Each);
    AllWhole &= O == Overlap::Whole;
    AllNone &= O == Overlap::None;
  }
  return AllNone ? Overlap::None : AllWhole ? Overlap::Whole : Overlap::Part;
}

Overlap overlap(const std::vector<std::string> &Of, std::string_view In,
                std::string_view ModulePath) {
  return overAll(Of, [&](const std::string &Each) {
    return overlap(Each, In, ModulePath);
  });
}

Overlap overlap(std::string_view Of, const std::vector<std::string> &In,
                std::string_view ModulePath) {
  Overlap Best = Overlap::None;
  for (const std::string &Each : In)
    Best = std::max(Best, overlap(Of, Each, ModulePath));
  return Best;
}

std::string importPattern(std::string_view Typed, const GoContext &C) {
  if (Typed == "." || Typed == ".." || Typed.starts_with("./") ||
      Typed.starts_with("../"))
    return belowPackage(C.CwdPackage, Typed);
  if (Typed.starts_with('/')) {
    std::string Clean = absolutePath(Typed, C.Cwd);
    if (C.Cwd.empty() || !isWithin(Clean, C.Cwd))
      return std::string(UnknownPattern);
    return belowPackage(C.CwdPackage,
                        std::string_view(Clean).substr(C.Cwd.size()));
  }
  return std::string(Typed.substr(0, Typed.find('@')));
}

std::vector<std::string> commandPatterns(const GoCommand &Command,
                                         const GoContext &C) {
  std::vector<std::string> Typed = Command.packages();
  std::vector<std::string> Patterns;
  for (const std::string &Word : Typed) {
    if (Word.ends_with(".go"))
      return {"command-line-arguments"};
    Patterns.push_back(importPattern(Word, C));
  }
  if (Patterns.empty())
    Patterns.push_back(importPattern(".", C));
  return Patterns;
}

std::vector<OverridePattern> overridePatterns(const Policy &P) {
  std::vector<OverridePattern> Out;
  for (const Override &O : P.Overrides)
    for (const std::string &Pattern : O.Package) {
      std::string Import = Pattern;
      if (Pattern == "." || Pattern.starts_with("./"))
        Import = belowPackage(P.ModulePath, Pattern);
      if (std::none_of(Out.begin(), Out.end(), [&](const OverridePattern &Old) {
            return Old.Pattern == Import;
          }))
        Out.push_back({std::move(Import), O.Where});
    }
  // "Lies in" is only a partial order: each pattern goes before the first one
  // that lies in it, and what is wider than it stands before that already.
  for (auto It = Out.begin(); It != Out.end(); ++It) {
    auto Inner = std::find_if(Out.begin(), It, [&](const OverridePattern &O) {
      return liesIn(O.Pattern, It->Pattern, P.ModulePath);
    });
    std::rotate(Inner, It, It + 1);
  }
  return Out;
}

} // namespace goslim::rewrite
