//===- FlagDemands.h - what policy asks of a tool's flags -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules turned into flags that must be there and flags that must not, and the
// one procedure that brings a list of flags into that state. The list may be
// the words of an -ldflags value (driver) or the user's part of a link line
// (pure toolexec mode): both modes edit alike, so both programs come out alike.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_REWRITE_FLAGDEMANDS_H
#define GOSLIM_LIB_REWRITE_FLAGDEMANDS_H

#include "goslim/Policy/Finding.h"
#include "goslim/Rewrite/Edit.h"
#include "goslim/Tool/Invocation.h"

namespace goslim::rewrite {

/// A rule's identity and what to do when it is not met.
struct RuleRef {
  RuleId Rule = RuleId::Strip;
  Mode How = Mode::Rewrite;
  Origin Where;
};
template <typename T> RuleRef refOf(RuleId Id, const Rule<T> &R) {
  return {Id, R.How, R.Where};
}

struct WantedFlag {
  RuleRef By;
  Argument Flag;
};

/// "-name" bans the flag with any value, "-name=value" only that value; a
/// Variable is -X of that variable with any value.
struct BannedFlag {
  RuleRef By;
  std::string Name;
  std::optional<std::string> Value;
  bool Variable = false;
};

struct FlagDemands {
  ToolKind Tool = ToolKind::Link;
  std::vector<WantedFlag> Wanted;
  std::vector<BannedFlag> Banned;

  bool empty() const { return Wanted.empty() && Banned.empty(); }
};

/// How a link is made to need no dynamic loader beyond CGO_ENABLED=0.
enum class StaticLink { None, Static, StaticPie };

/// strip, static, buildid, vars, ldflags. Of two demands for one flag the
/// later rule's stands.
FlagDemands linkDemands(const Rules &R, StaticLink Static);
/// gcflags (Tool = Compile) or asmflags (Tool = Asm).
FlagDemands toolDemands(const Rules &R, ToolKind Tool);

/// A rule that the flags do not meet, in words: "asked for all (-s -w)".
struct Unmet {
  RuleRef By;
  std::string Text;
};

struct AppliedFlags {
  std::vector<Argument> Args;
  std::vector<Edit> Edits;
  std::vector<Unmet> NotMet;
};

/// Which rules change the flags; the others are only checked.
enum class Applied { RewriteRules, AllRules, NoRules };

/// Brings Args[Begin, End) to what D demands, the rest stays. New flags go to
/// the end of the range, so that the last wins, but never behind an operand or
/// an unknown flag that may take the next word. Idempotent.
AppliedFlags applyDemands(const FlagDemands &D, std::vector<Argument> Args,
                          size_t Begin, size_t End, Applied What);

/// -name=value as one word, or two when quotes would be needed: go refuses an
/// -ldflags value that begins with a quote.
Argument valueFlag(std::string_view Name, const std::string &Value);

/// "main.version" of -X main.version=1.
std::string_view variableOf(const Argument &Flag);

/// The words of an argument with spaces between, for people.
std::string shown(const Argument &Arg);
std::string joinShown(const std::vector<std::string> &Words,
                      std::string_view Separator);

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_FLAGDEMANDS_H
