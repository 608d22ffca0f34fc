//===- PackageScope.h - package patterns compared as text -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which packages a command names and which an [[override]] means, decided
// without asking go. A relation that the text does not settle is "Part", and
// then the caller refuses rather than guesses.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_REWRITE_PACKAGESCOPE_H
#define GOSLIM_LIB_REWRITE_PACKAGESCOPE_H

#include "goslim/Rewrite/RewriteGo.h"

namespace goslim::rewrite {

/// How much of one pattern's packages another pattern matches.
enum class Overlap { None, Part, Whole };

/// Patterns of import paths: go's, or UnknownPattern.
extern const std::string_view UnknownPattern;
Overlap overlap(std::string_view Of, std::string_view In,
                std::string_view ModulePath);
Overlap overlap(const std::vector<std::string> &Of, std::string_view In,
                std::string_view ModulePath);
Overlap overlap(std::string_view Of, const std::vector<std::string> &In,
                std::string_view ModulePath);

/// An import path that stands for all that Pattern matches: a policy pattern
/// matches it only when it matches them all.
std::string representative(std::string_view Pattern);

/// A pattern as typed in C.Cwd ("./cmd/...", ".", "../x", a path) as one of
/// import paths.
std::string importPattern(std::string_view Typed, const GoContext &C);
/// What the command builds; never empty.
std::vector<std::string> commandPatterns(const GoCommand &Command,
                                         const GoContext &C);

/// The package patterns of all overrides as patterns of import paths ("./" is
/// the module root), wider ones before those inside them.
struct OverridePattern {
  std::string Pattern;
  Origin Where;
};
std::vector<OverridePattern> overridePatterns(const Policy &P);

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_PACKAGESCOPE_H
