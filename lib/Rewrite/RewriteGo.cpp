//===- RewriteGo.cpp - policy on a go command -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rule by rule. A change is made only where what the user gave does not do
// already, and in the words a person would write, since go records the text of
// its flags in build info: the result is that of a plain go with these flags.
//===----------------------------------------------------------------------===//
#include "goslim/Rewrite/RewriteGo.h"
#include "ByRule.h"
#include "GoRewriter.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>

namespace goslim::rewrite {
namespace {

bool contains(const std::vector<std::string> &List, const std::string &Item) {
  return std::find(List.begin(), List.end(), Item) != List.end();
}

/// As cmd/go/internal/work/build.go tagsFlag.Set reads them: by commas, or the
/// old way by white space with quotes. Fails on what no tag can be.
Result<std::vector<std::string>> parseTags(std::string_view Value) {
  if (Value.find_first_of(" '") != Value.npos) {
    Result<std::vector<std::string>> Tags = splitQuoted(Value);
    if (Tags)
      for (const std::string &Tag : *Tags)
        if (Tag.find_first_of(" \t\r\n,'\"") != Tag.npos)
          return fail("-tags: {}: not a tag", goQuote(Tag));
    return Tags;
  }
  std::vector<std::string> Tags;
  while (!Value.empty()) {
    size_t Comma = Value.find(',');
    if (Comma != 0)
      Tags.emplace_back(Value.substr(0, Comma));
    Value.remove_prefix(Comma == Value.npos ? Value.size() : Comma + 1);
  }
  return Tags;
}

bool sameDemands(const FlagDemands &A, const FlagDemands &B) {
  auto SameWanted = [](const WantedFlag &X, const WantedFlag &Y) {
    return X.Flag.Words == Y.Flag.Words && X.By.How == Y.By.How;
  };
  auto SameBanned = [](const BannedFlag &X, const BannedFlag &Y) {
    return X.Name == Y.Name && X.Value == Y.Value && X.By.How == Y.By.How;
  };
  return std::equal(A.Wanted.begin(), A.Wanted.end(), B.Wanted.begin(),
                    B.Wanted.end(), SameWanted) &&
         std::equal(A.Banned.begin(), A.Banned.end(), B.Banned.begin(),
                    B.Banned.end(), SameBanned);
}

constexpr PatternFlag PatternFlagList[] = {
    {ToolKind::Link, "ldflags", RuleId::Ldflags},
    {ToolKind::Compile, "gcflags", RuleId::Gcflags},
    {ToolKind::Asm, "asmflags", RuleId::Asmflags},
};

RuleId ruleOf(const Finding &F) {
  unsigned Rule = 0;
  while (Rule + 1 < NumRules && ruleFindingId(RuleId(Rule)) != F.Id)
    ++Rule;
  return RuleId(Rule);
}

/// Whether one of the -ldflags values asks for an external link.
bool linksExternally(const std::vector<std::string> &Values) {
  return std::any_of(
      Values.begin(), Values.end(), [](const std::string &Value) {
        Result<PatternFlags> Flags = parsePatternFlags(Value);
        return Flags && parseInvocation(ToolKind::Link, Flags->Words)
                                .value("linkmode") == "external";
      });
}

} // namespace

// ---- env, tags, trimpath

void GoRewriter::applyEnv() {
  if (!R.EnvRule.Value)
    return;
  for (const auto &[Name, Value] : *R.EnvRule.Value) {
    std::optional<std::string> Old = env(Name);
    if (Old.value_or("") == Value)
      continue;
    std::string New = Name + "=" + Value;
    std::string Found = Old ? Name + "=" + *Old : "";
    if (merges(R.EnvRule.How)) {
      setEnv(Name, Value);
      Out.Edits.push_back({RuleId::Env, Found, New});
    } else {
      find(required(RuleId::Env, R.EnvRule),
           "asked for " + New + ", found " + (Old ? Found : "it not set"),
           "set " + New + " in the environment of go");
    }
  }
}

void GoRewriter::applyTags() {
  if (!R.TagsRule.Value || !Flags.takes("tags"))
    return;
  std::optional<std::string> Old = Flags.value("tags");
  Result<std::vector<std::string>> Have = parseTags(Old.value_or(""));
  if (!Have)
    return; // go says it better
  std::vector<std::string> New, Missing, Forbidden;
  for (const std::string &Tag : *Have)
    (contains(R.TagsRule.Value->Forbid, Tag) ? Forbidden : New).push_back(Tag);
  for (const std::string &Tag : R.TagsRule.Value->Require)
    if (!contains(New, Tag)) {
      New.push_back(Tag);
      Missing.push_back(Tag);
    }
  if (Missing.empty() && Forbidden.empty())
    return;
  std::string Text = "-tags=" + joinShown(New, ",");
  std::string Found = Old ? "-tags=" + *Old : "";
  if (!merges(R.TagsRule.How)) {
    std::string Asked =
        Missing.empty() ? "" : "asked for " + joinShown(Missing, ",");
    if (!Forbidden.empty())
      Asked += (Missing.empty() ? "forbids " : ", forbids ") +
               joinShown(Forbidden, ",");
    find(required(RuleId::Tags, R.TagsRule),
         Asked + ", found " + (Old ? Found : "no -tags"), "give go " + Text);
    return;
  }
  // Without any tag left, -tags= is needed only to overrule GOFLAGS.
  bool Needed = !New.empty() ||
                std::any_of(Flags.FromEnv.begin(), Flags.FromEnv.end(),
                            [](const Argument &A) { return A.Name == "tags"; });
  if (Needed)
    Flags.setValues("tags", {joinShown(New, ",")});
  else
    Flags.set("tags", {});
  Out.Edits.push_back({RuleId::Tags, Found, Needed ? Text : ""});
}

void GoRewriter::applyTrimpath() {
  const Rule<bool> &Rule = R.TrimpathRule;
  if (!Rule.Value || !Flags.takes("trimpath") || Flags.isTrue("trimpath"))
    return;
  std::optional<std::string> Old = Flags.value("trimpath");
  std::string Found = Old ? "-trimpath=" + *Old : "";
  if (merges(Rule.How)) {
    Flags.set("trimpath", {makeFlag("trimpath")});
    Out.Edits.push_back({RuleId::Trimpath, Found, "-trimpath"});
  } else if (Rule.How != Mode::Rewrite) {
    find(refOf(RuleId::Trimpath, Rule),
         "asked for true, found " + (Old ? Found : "no -trimpath"),
         "give go -trimpath");
  }
}

// ---- static

/// Whether cgo is used where neither the user nor policy has said so.
/// CGO_ENABLED=0 is enough for a program that needs no cgo of its own: the
/// standard library does without.
Result<bool> GoRewriter::chooseCgo() {
  const Rule<bool> &Rule = R.StaticRule;
  if (Rule.How != Mode::Rewrite)
    return true;
  Result<bool> Needs = C.NeedsCgo ? C.NeedsCgo() : Result<bool>(false);
  if (For == Purpose::Toolexec) {
    if (!Needs || *Needs || !C.NeedsCgo)
      return true; // the link line is made static
    find(required(RuleId::Static, Rule),
         "asked for a program without dynamic loader, which needs no cgo here, "
         "found CGO_ENABLED not set",
         "set CGO_ENABLED=0 in the environment of go");
    return false;
  }
  if (!Needs)
    return fail("static: cannot tell whether the program needs cgo: {}",
                Needs.failure().Message);
  if (!*Needs) {
    setEnv("CGO_ENABLED", "0");
    Out.Edits.push_back({RuleId::Static, "", "CGO_ENABLED=0"});
  }
  return *Needs;
}

/// Returns what is left for the link flags to do.
Result<StaticLink> GoRewriter::applyStatic() {
  if (!R.StaticRule.Value || !links())
    return StaticLink::None;
  std::optional<std::string> Cgo = env("CGO_ENABLED");
  bool UsesCgo = true;
  if (linksExternally(Flags.values("ldflags"))) {
    UsesCgo = true;
  } else if (Cgo) {
    UsesCgo = *Cgo != "0";
  } else if (Facts.Buildmode != "pie") {
    Result<bool> Chosen = chooseCgo();
    if (!Chosen)
      return Chosen.failure();
    UsesCgo = *Chosen;
  }
  StaticPlan Plan = planStatic(UsesCgo, Facts.Buildmode, Facts.Goos);
  if (!Plan.Obstacle.empty())
    find(refOf(RuleId::Static, R.StaticRule), Plan.Obstacle, Plan.Fix);
  return Plan.Link;
}

// ---- -ldflags, -gcflags, -asmflags

ValueRules GoRewriter::valueRules(const PatternFlag &Flag,
                                  StaticLink Static) const {
  bool IsLink = Flag.Tool == ToolKind::Link;
  auto DemandsOf = [&](const Rules &Of) {
    return IsLink ? linkDemands(Of,
                                Of.StaticRule.Value ? Static : StaticLink::None)
                  : toolDemands(Of, Flag.Tool);
  };
  ValueRules Values;
  Values.Flag = Flag.Name;
  Values.General = IsLink ? "" : "all";
  Values.Command = Packages;
  Values.ModulePath = P.ModulePath;
  // Where the command's packages are under different rules, the general value
  // takes those of no override, and each override brings its own.
  bool Agree = true;
  FlagDemands First = DemandsOf(R);
  for (const std::string &Package : Packages)
    Agree &= sameDemands(First, DemandsOf(resolveFor(Package)));
  if (IsLink && Agree) {
    Values.Base = std::move(First);
  } else {
    Context Any = Facts;
    Values.Base = DemandsOf(resolve(P, Any));
  }
  bool Differ = false;
  for (const OverridePattern &N : overridePatterns(P)) {
    if (IsLink && overlap(N.Pattern, Packages, P.ModulePath) == Overlap::None)
      continue;
    FlagDemands Own = DemandsOf(resolveFor(N.Pattern));
    Differ |= !sameDemands(Own, Values.Base);
    Values.Narrower.push_back({N.Pattern, std::move(Own)});
  }
  if (!Differ)
    Values.Narrower.clear();
  return Values;
}

Result<void> GoRewriter::applyValues(const PatternFlag &Flag,
                                     StaticLink Static) {
  if (!Flags.takes(Flag.Name) || (Flag.Tool == ToolKind::Link && !links()))
    return {};
  ValueRules Values = valueRules(Flag, Static);
  bool Asks = !Values.Base.empty();
  for (const PatternDemands &N : Values.Narrower)
    Asks |= !N.Demands.empty();
  if (!Asks)
    return {};
  auto Import = [&](std::string_view Typed) { return importPattern(Typed, C); };
  std::vector<std::string> Given = Flags.values(Flag.Name);
  Result<MergedValues> Merged = mergeValues(
      Values, Given,
      For == Purpose::Driver ? Applied::RewriteRules : Applied::NoRules,
      Import);
  if (!Merged)
    return Merged.failure();
  if (For == Purpose::Driver && !Merged->Unclear.empty()) {
    find({Flag.Rule, Mode::Require, {}},
         "package pattern " + Merged->Unclear.front() +
             " of an override overlaps one of " + shownValues(Flag.Name, Given),
         "build these packages separately");
    return {};
  }
  std::erase_if(Merged->NotMet, [&](const Unmet &U) {
    return For == Purpose::Toolexec && U.By.How == Mode::Rewrite;
  });
  if (!Merged->NotMet.empty()) {
    Result<MergedValues> Fixed =
        mergeValues(Values, Given, Applied::AllRules, Import);
    std::string Fix =
        Fixed ? "give go " + shownValues(Flag.Name, Fixed->Values) : "";
    for (const Unmet &U : Merged->NotMet)
      find(U.By, U.Text + ", found " + shownValues(Flag.Name, Given),
           U.By.Rule == RuleId::Static ? "set CGO_ENABLED=0, or " + Fix : Fix);
  }
  if (Merged->Changed)
    Flags.setValues(Flag.Name, Merged->Values);
  for (Edit &E : Merged->Edits)
    Out.Edits.push_back(std::move(E));
  return {};
}

static Result<RewrittenGo> run(const Policy &P, GoCommand Command,
                               const GoContext &C, Purpose For) {
  GoRewriter G{P, C, For, {std::move(Command), {}}, {}, {}};
  // "-C" without a folder is an error that go reports.
  const GoCommand &Given = G.Flags.Command;
  bool Broken = (!Given.Before.empty() && !Given.Before[0].Value) ||
                (!Given.Flags.empty() && Given.Flags[0].Name == "C" &&
                 !Given.Flags[0].Value);
  if (P.empty() || Broken || !Given.builds()) {
    G.Out.Command = std::move(G.Flags.Command);
    return std::move(G.Out);
  }
  if (Result<void> Read = G.readFacts(); !Read)
    return Read.failure();
  G.checkScope();
  G.applyEnv();
  G.applyTags();
  G.applyTrimpath();
  Result<StaticLink> Static = G.applyStatic();
  if (!Static)
    return Static.failure();
  for (const PatternFlag &Flag : PatternFlagList)
    if (Result<void> Done = G.applyValues(Flag, *Static); !Done)
      return Done.failure();
  sortByRule(G.Out.Edits, [](const Edit &E) { return E.Rule; });
  sortByRule(G.Out.Findings, ruleOf);
  G.Out.Command = std::move(G.Flags.Command);
  return std::move(G.Out);
}

} // namespace goslim::rewrite

namespace goslim {

Result<RewrittenGo> rewriteGo(const Policy &P, GoCommand Command,
                              const GoContext &C) {
  return rewrite::run(P, std::move(Command), C, rewrite::Purpose::Driver);
}

Result<std::vector<Finding>> checkGoForToolexec(const Policy &P,
                                                const GoCommand &Command,
                                                const GoContext &C) {
  Result<RewrittenGo> Checked =
      rewrite::run(P, Command, C, rewrite::Purpose::Toolexec);
  if (!Checked)
    return Checked.failure();
  return std::move(Checked->Findings);
}

} // namespace goslim
