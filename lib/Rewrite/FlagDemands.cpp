//===- FlagDemands.cpp - what policy asks of a tool's flags ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rules as lists of wanted and banned flags. Two demands for the same flag
// are settled here, before any command is seen (the later rule's stands, as
// the last flag would), so that applying them can never go back and forth.
//===----------------------------------------------------------------------===//
#include "FlagDemands.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>

namespace goslim::rewrite {
namespace {

bool accumulates(ToolKind Tool, const Argument &Flag) {
  const FlagInfo *Info = findToolFlag(Tool, Flag.Name);
  return !Info || Info->Accumulates;
}

/// Whether a later demand for B leaves nothing of one for A.
bool overrules(ToolKind Tool, const Argument &A, const Argument &B) {
  if (A.Name != B.Name)
    return false;
  if (Tool == ToolKind::Link && A.Name == "X")
    return variableOf(A) == variableOf(B);
  return !accumulates(Tool, A) || A.Words == B.Words;
}

/// -extldflags replaces in the linker, so two demands for it become one value.
void mergeExtldflags(Argument &Into, const Argument &More) {
  Result<std::vector<std::string>> Old = splitQuoted(Into.Value.value_or(""));
  Result<std::vector<std::string>> New = splitQuoted(More.Value.value_or(""));
  if (!Old || !New)
    return;
  for (const std::string &Word : *New)
    if (std::find(Old->begin(), Old->end(), Word) == Old->end())
      Old->push_back(Word);
  if (Result<std::string> Joined = joinQuoted(*Old))
    Into = valueFlag("extldflags", *Joined);
}

void want(FlagDemands &D, RuleRef By, Argument Flag) {
  for (auto It = D.Wanted.begin(); It != D.Wanted.end(); ++It) {
    if (!overrules(D.Tool, It->Flag, Flag))
      continue;
    if (D.Tool == ToolKind::Link && Flag.Name == "extldflags") {
      mergeExtldflags(It->Flag, Flag);
      return;
    }
    D.Wanted.erase(It);
    break;
  }
  D.Wanted.push_back({std::move(By), std::move(Flag)});
}

/// The words of `add` as flags. An unknown flag's value, if any, is joined to
/// it with "=", which leaves no doubt about where it ends.
std::vector<Argument> parseAdded(ToolKind Tool,
                                 const std::vector<std::string> &Words) {
  std::vector<Argument> Flags;
  for (Argument &Arg : parseInvocation(Tool, Words).Args) {
    if (Arg.isFlag()) {
      Flags.push_back(std::move(Arg));
    } else if (!Flags.empty() && !Flags.back().Value && !Arg.Words.empty()) {
      Flags.back() = makeFlag(Flags.back().Name, Arg.Words.front());
    }
  }
  return Flags;
}

void addWordLists(FlagDemands &D, RuleId Id, const Rule<WordLists> &R) {
  if (!R.Value)
    return;
  RuleRef By = refOf(Id, R);
  for (Argument &Flag : parseAdded(D.Tool, R.Value->Add))
    want(D, By, std::move(Flag));
  for (std::string_view Word : R.Value->Forbid) {
    Word.remove_prefix(std::min(Word.find_first_not_of('-'), Word.size()));
    size_t Equals = Word.find('=');
    BannedFlag Ban{By, std::string(Word.substr(0, Equals)), {}};
    if (Equals != Word.npos)
      Ban.Value = std::string(Word.substr(Equals + 1));
    if (!Ban.Name.empty())
      D.Banned.push_back(std::move(Ban));
  }
}

void wantStrip(FlagDemands &D, const Rule<Strip> &R) {
  if (!R.Value || *R.Value == Strip::None)
    return;
  if (*R.Value == Strip::All)
    want(D, refOf(RuleId::Strip, R), makeFlag("s"));
  want(D, refOf(RuleId::Strip, R), makeFlag("w"));
}

} // namespace

FlagDemands linkDemands(const Rules &R, StaticLink Static) {
  FlagDemands D;
  wantStrip(D, R.StripRule);
  if (Static != StaticLink::None) {
    RuleRef By = refOf(RuleId::Static, R.StaticRule);
    want(D, By, makeFlag("linkmode", "external"));
    want(D, By,
         makeFlag("extldflags",
                  Static == StaticLink::StaticPie ? "-static-pie" : "-static"));
  }
  if (R.BuildidRule.Value && *R.BuildidRule.Value != "keep")
    want(D, refOf(RuleId::Buildid, R.BuildidRule),
         makeFlag("buildid", *R.BuildidRule.Value == "empty"
                                 ? std::string()
                                 : *R.BuildidRule.Value));
  if (R.VarsRule.Value) {
    RuleRef By = refOf(RuleId::Vars, R.VarsRule);
    for (const auto &[Name, Value] : R.VarsRule.Value->Set)
      want(D, By, valueFlag("X", Name + "=" + Value));
    for (const std::string &Name : R.VarsRule.Value->Forbid)
      D.Banned.push_back({By, "X", Name, true});
  }
  addWordLists(D, RuleId::Ldflags, R.LdflagsRule);
  return D;
}

FlagDemands toolDemands(const Rules &R, ToolKind Tool) {
  FlagDemands D;
  D.Tool = Tool;
  if (Tool == ToolKind::Compile)
    addWordLists(D, RuleId::Gcflags, R.GcflagsRule);
  if (Tool == ToolKind::Asm)
    addWordLists(D, RuleId::Asmflags, R.AsmflagsRule);
  return D;
}

Argument valueFlag(std::string_view Name, const std::string &Value) {
  if (Value.find_first_of(" \t\r\n'\"") == std::string::npos)
    return makeFlag(Name, Value);
  return {std::string(Name), Value, {"-" + std::string(Name), Value}};
}

std::string_view variableOf(const Argument &Flag) {
  std::string_view Value = Flag.Value ? std::string_view(*Flag.Value) : "";
  return Value.substr(0, Value.find('='));
}

std::string joinShown(const std::vector<std::string> &Words,
                      std::string_view Separator) {
  std::string Text;
  for (const std::string &Word : Words)
    Text.append(Text.empty() ? "" : Separator).append(Word);
  return Text;
}

std::string shown(const Argument &Arg) { return joinShown(Arg.Words, " "); }

} // namespace goslim::rewrite
