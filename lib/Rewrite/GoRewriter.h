//===- GoRewriter.h - a go command and what holds for it --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_REWRITE_GOREWRITER_H
#define GOSLIM_LIB_REWRITE_GOREWRITER_H

#include "GoFlags.h"
#include "PackageScope.h"
#include "PatternValues.h"
#include "RuleFinding.h"

namespace goslim::rewrite {

/// For whom the rules are applied.
enum class Purpose : uint8_t {
  Driver,  ///< mode rewrite changes the command
  Toolexec ///< nothing is changed; what no tool line can do is required
};

/// A go flag with values for package patterns, and the rule named after it.
struct PatternFlag {
  ToolKind Tool;
  std::string_view Name;
  RuleId Rule;
};

struct GoRewriter {
  const Policy &P;
  const GoContext &C;
  Purpose For;
  GoFlags Flags;
  Context Facts;
  Rules R; ///< for the command as a whole
  std::vector<std::string> Packages = {};
  RewrittenGo Out = {};

  /// The environment with what policy has changed so far; "" counts as unset,
  /// as it does for go.
  std::optional<std::string> env(std::string_view Name) const;
  void setEnv(const std::string &Name, const std::string &Value);
  Rules resolveFor(std::string_view Pattern) const;
  void find(const RuleRef &By, const std::string &Text, std::string Fix);
  bool merges(Mode How) const {
    return For == Purpose::Driver && How == Mode::Rewrite;
  }
  /// Of a rule that only go can follow.
  template <typename T> RuleRef required(RuleId Id, const Rule<T> &Of) const {
    RuleRef By = refOf(Id, Of);
    if (By.How == Mode::Rewrite)
      By.How = Mode::Require;
    return By;
  }
  bool links() const;

  // GoFacts.cpp: the facts, then whether one command can follow the rules of
  // all its packages. From here on Facts and R are frozen.
  Result<void> readFacts();
  void checkScope();
  // RewriteGo.cpp: rule by rule.
  void applyEnv();
  void applyTags();
  void applyTrimpath();
  Result<StaticLink> applyStatic();
  Result<void> applyValues(const PatternFlag &Flag, StaticLink Static);

private:
  Result<bool> chooseCgo();
  ValueRules valueRules(const PatternFlag &Flag, StaticLink Static) const;
};

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_GOREWRITER_H
