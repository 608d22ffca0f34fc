//===- Salt.cpp - what must be in a tool's version line -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// go's cache cannot see a rewrite, so everything that may change a tool's
// output goes into that tool's answer to -V=full, and nothing else does: a
// rule about links must not recompile anything. The text is canonical and
// says which rules could come to apply to some package, not to one package,
// since go asks once for all of them.
//===----------------------------------------------------------------------===//
#include "TrimPath.h"
#include "goslim/Base/Digest.h"
#include "goslim/Rewrite/RewriteTool.h"
#include <algorithm>

namespace goslim::rewrite {
namespace {

/// To be raised when the same rules come to give other lines.
constexpr std::string_view Semantics = "goslim-rewrite 1\n";

/// gcflags and asmflags are recorded in build info, which the link writes.
std::vector<RuleId> rulesOf(ToolKind Tool) {
  using enum RuleId;
  if (Tool == ToolKind::Compile)
    return {Trimpath, Gcflags};
  if (Tool == ToolKind::Asm)
    return {Trimpath, Asmflags};
  if (Tool == ToolKind::Link)
    return {Strip, Trimpath, Static, Buildid, Vars, Ldflags, Gcflags, Asmflags};
  return {};
}

std::string field(std::string_view Text) {
  return std::to_string(Text.size()) + ":" + std::string(Text);
}
std::string list(const std::vector<std::string> &Items) {
  std::string Text = "[";
  for (const std::string &Item : Items)
    Text += field(Item);
  return Text + "]";
}

// A value as text; "" asks nothing.
std::string text(Strip V) {
  return V == Strip::None ? "" : V == Strip::All ? "all" : "debug";
}
std::string text(bool V) { return V ? "true" : ""; }
std::string text(const std::string &V) { return V == "keep" ? "" : field(V); }
std::string text(const WordLists &V) {
  return V.Add.empty() && V.Forbid.empty()
             ? ""
             : "add" + list(V.Add) + "forbid" + list(V.Forbid);
}
std::string text(const VarLists &V) {
  if (V.Set.empty() && V.Forbid.empty())
    return "";
  std::string Text = "set[";
  for (const auto &[Name, Value] : V.Set)
    Text += field(Name) + field(Value);
  return Text + "]forbid" + list(V.Forbid);
}
/// Which lists were written matters where a table is merged into another.
std::string written(const WordLists &V) {
  return std::string(V.HasAdd ? "+add" : "") + (V.HasForbid ? "+forbid" : "");
}
std::string written(const VarLists &V) { return V.HasForbid ? "+forbid" : ""; }
template <typename T> std::string written(const T &) { return ""; }

/// One rule as one table has it.
struct RuleText {
  bool Written = false, Asks = false;
  std::optional<Mode> Own;
  std::string Value; ///< canonical
};

template <typename T> RuleText describe(const Rule<T> &R, bool InOverride) {
  RuleText Out;
  Out.Written = R.Value || R.OwnMode;
  if (R.OwnMode)
    Out.Own = R.How;
  if (R.Value) {
    Out.Value = text(*R.Value);
    Out.Asks = !Out.Value.empty();
    if (Out.Value.empty())
      Out.Value = "nothing";
    if (InOverride)
      Out.Value += written(*R.Value);
  }
  return Out;
}

RuleText describe(const Rules &R, RuleId Id, bool InOverride) {
  switch (Id) {
  case RuleId::Strip:
    return describe(R.StripRule, InOverride);
  case RuleId::Trimpath:
    return describe(R.TrimpathRule, InOverride);
  case RuleId::Static:
    return describe(R.StaticRule, InOverride);
  case RuleId::Buildid:
    return describe(R.BuildidRule, InOverride);
  case RuleId::Vars:
    return describe(R.VarsRule, InOverride);
  case RuleId::Ldflags:
    return describe(R.LdflagsRule, InOverride);
  case RuleId::Gcflags:
    return describe(R.GcflagsRule, InOverride);
  case RuleId::Asmflags:
    return describe(R.AsmflagsRule, InOverride);
  case RuleId::Tags:
  case RuleId::Env:
    break; // go's own business
  }
  return {};
}

bool mayMatch(const Override &O, const ToolContext &C) {
  auto Has = [](const std::vector<std::string> &Names,
                const std::string &Name) {
    return Names.empty() ||
           std::find(Names.begin(), Names.end(), Name) != Names.end();
  };
  return Has(O.Goos, C.Goos) && Has(O.Goarch, C.Goarch);
}

std::string modeText(std::optional<Mode> M) {
  return M ? " mode=" + std::string(modeName(*M)) : "";
}

std::string conditionText(const Override &O) {
  return "override package" + list(O.Package) + "buildmode" +
         list(O.Buildmode) + "command" + list(O.Command) + "instrument" +
         list(O.Instrument) + modeText(O.Set.DefaultMode) + "\n";
}

/// The lines of one rule, or "" when it can nowhere be in mode rewrite.
std::string ruleLines(const Policy &P, RuleId Id, const ToolContext &C) {
  RuleText Base = describe(P.Base, Id, false);
  bool Asks = Base.Asks;
  bool Rewrites =
      Base.Own ? *Base.Own == Mode::Rewrite
               : P.Base.DefaultMode.value_or(Mode::Rewrite) == Mode::Rewrite;
  std::string Name(ruleName(Id));
  std::string Text;
  if (Base.Written)
    Text += Name + "=" + Base.Value + modeText(Base.Own) + "\n";
  for (const Override &O : P.Overrides) {
    if (!mayMatch(O, C))
      continue;
    RuleText R = describe(O.Set, Id, true);
    if (!R.Written && !O.Set.DefaultMode)
      continue;
    Asks |= R.Asks;
    Rewrites |= R.Own == Mode::Rewrite ||
                (!Base.Own && O.Set.DefaultMode == Mode::Rewrite);
    Text += conditionText(O);
    if (R.Written)
      Text += Name + "=" + R.Value + modeText(R.Own) + "\n";
  }
  return Asks && Rewrites ? Text : "";
}

} // namespace
} // namespace goslim::rewrite

namespace goslim {
using namespace rewrite;

std::string saltText(const Policy &P, ToolKind Tool, const ToolContext &C) {
  std::string Text;
  if (P.empty())
    return Text;
  bool Trims = false;
  for (RuleId Id : rulesOf(Tool)) {
    std::string Lines = ruleLines(P, Id, C);
    Trims |= Id == RuleId::Trimpath && !Lines.empty();
    Text += Lines;
  }
  if (Text.empty())
    return Text;
  std::string Out(Semantics);
  Out += "mode=" +
         std::string(modeName(P.Base.DefaultMode.value_or(Mode::Rewrite))) +
         "\n";
  // "./" in a package pattern, and "std", mean something only with it.
  if (std::any_of(P.Overrides.begin(), P.Overrides.end(),
                  [](const Override &O) { return !O.Package.empty(); }))
    Out += "module=" + P.ModulePath + "\n";
  Out += Text;
  if (Trims && Tool != ToolKind::Link)
    if (std::string Inputs = trimpathInputs(C); !Inputs.empty())
      Out += "modules=" + sha256Hex(Inputs) + "\n";
  return Out;
}

std::string saltVersionLine(std::string_view ToolOutput,
                            std::string_view Digest) {
  while (!ToolOutput.empty() &&
         (ToolOutput.back() == '\n' || ToolOutput.back() == '\r'))
    ToolOutput.remove_suffix(1);
  std::string Last(Digest);
  // Of a development version go takes only what follows the last "/" (work/
  // buildid.go toolID), so that has to speak for the tool itself, too.
  size_t Version = ToolOutput.find(" version ");
  if (Version != ToolOutput.npos) {
    std::string_view Third = ToolOutput.substr(Version + 9);
    if (Third.substr(0, Third.find(' ')).find("devel") != Third.npos)
      Last = goHashString(std::string(ToolOutput) + "\n" + Last);
  }
  return std::string(ToolOutput) + " +goslim buildID=_/_/_/" + Last + "\n";
}

} // namespace goslim
