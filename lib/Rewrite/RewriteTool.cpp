//===- RewriteTool.cpp - policy on a tool's line --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One procedure for rewriting and for checking, so that what a check accepts
// is what a rewrite makes. Facts for overrides and exclusions come only from
// what go's action ID covers: a compile step cannot know whether it is done
// for a test or for go run, so rules excluded there hold at the link alone;
// what it compiles is shared with ordinary builds, as in go itself.
//===----------------------------------------------------------------------===//
#include "goslim/Rewrite/RewriteTool.h"
#include "BuildInfo.h"
#include "ByRule.h"
#include "RuleFinding.h"
#include "TrimPath.h"
#include "UserFlags.h"
#include "goslim/Base/FileIO.h"
#include <algorithm>

namespace goslim {
const std::string_view RewrittenImportcfgSuffix = ".goslim";
} // namespace goslim

namespace goslim::rewrite {
namespace {

/// Everything about one call that rules look at.
struct Step {
  const Policy &P;
  const ToolContext &C;
  Applied What;
  Rules R;
  RewrittenInvocation Out;

  ToolKind tool() const { return Out.Call.Tool; }
  bool rewrites(Mode How) const {
    return What == Applied::RewriteRules && How == Mode::Rewrite;
  }
  void find(RuleRef By, const std::string &Text, std::string Fix = {}) {
    // In a check, a rule that is to be rewritten should have been by now;
    // that is worth saying, not worth failing for.
    if (What == Applied::NoRules && By.How == Mode::Rewrite)
      By.How = Mode::Warn;
    Out.Findings.push_back(makeFinding(By, Text, std::move(Fix)));
  }
};

constexpr std::string_view TestSuffix = ".test";
constexpr const char *TrimpathFix =
    "give go -trimpath itself, GOFLAGS=-trimpath will do";

/// Whether go put -s -w in itself (go run, go test): they stand before the
/// build mode.
bool omitsDebug(const Invocation &Call) {
  for (const Argument &Arg : Call.Args) {
    if (Arg.Name == "buildmode" || !Arg.isFlag())
      return false;
    if (Arg.Name == "s")
      return true;
  }
  return false;
}

Context contextOf(const Invocation &Call, const ToolContext &C, bool Covered,
                  bool IsCheck) {
  Context Of;
  Of.Package = C.ImportPath;
  Of.Goos = C.Goos;
  Of.Goarch = C.Goarch;
  bool IsTest = Of.Package.ends_with(TestSuffix);
  if (IsTest)
    Of.Package.resize(Of.Package.size() - TestSuffix.size());
  if (Call.Tool == ToolKind::Link) {
    Of.Buildmode = Call.value("buildmode");
    if (Of.Buildmode.empty())
      Of.Buildmode = "exe";
    if (IsTest)
      Of.Command = "test";
  }
  if (IsCheck && Of.Command.empty())
    Of.Command = C.Command.empty() && omitsDebug(Call) ? "run" : C.Command;
  Of.Race = Call.isSet("race");
  Of.Msan = Call.isSet("msan");
  Of.Asan = Call.isSet("asan");
  Of.Cover = Covered || Call.last("coveragecfg");
  return Of;
}

/// Flags of the user's part of the line.
LinkWords applyFlags(Step &S, const FlagDemands &Demands,
                     std::string_view GoFlag) {
  Invocation &Call = S.Out.Call;
  FlagSpan Span = userFlags(Call);
  auto WordsOf = [](const std::vector<Argument> &Args, size_t Begin,
                    size_t End) {
    std::vector<std::string> Words;
    for (size_t I = Begin; I < End; ++I)
      Words.insert(Words.end(), Args[I].Words.begin(), Args[I].Words.end());
    return Words;
  };
  LinkWords Words;
  Words.Before = WordsOf(Call.Args, Span.Begin, Span.End);
  size_t Size = Call.Args.size();
  AppliedFlags New =
      applyDemands(Demands, std::move(Call.Args), Span.Begin, Span.End, S.What);
  Call.Args = std::move(New.Args);
  Words.After =
      WordsOf(Call.Args, Span.Begin, Span.End + Call.Args.size() - Size);
  for (Edit &E : New.Edits)
    S.Out.Edits.push_back(std::move(E));
  std::string Found = Words.Before.empty()
                          ? "no -" + std::string(GoFlag)
                          : "-" + std::string(GoFlag) + "=\"" +
                                joinShown(Words.Before, " ") + "\"";
  for (const Unmet &U : New.NotMet)
    S.find(U.By, U.Text + ", found " + Found,
           "change go's -" + std::string(GoFlag) + " or the policy");
  return Words;
}

// ---- compile and asm

void trimCompile(Step &S) {
  const Rule<bool> &R = S.R.TrimpathRule;
  Invocation &Call = S.Out.Call;
  const Argument *Flag = Call.last("trimpath");
  if (!R.Value || !Flag || !Flag->Value)
    return;
  PackageFiles Files = packageFiles(Call, S.C);
  if (isTrimmed(Call, Files))
    return;
  RuleRef By = refOf(RuleId::Trimpath, R);
  if (!S.rewrites(R.How))
    return S.find(By, "asked for true, found no -trimpath", TrimpathFix);
  if (Files.HasCgo && !Files.Standard)
    return S.find(By,
                  "asked for true, but the C code of package " +
                      S.C.ImportPath + " can only be trimmed by go",
                  TrimpathFix);
  if (Files.Folder.empty()) {
    // A test's main package has no paths of its own. Covered packages stay as
    // they are: most are for tests, which are not trimmed; other links of them
    // are refused in trimLink.
    if (!S.C.ImportPath.ends_with(TestSuffix) && !Call.last("coveragecfg"))
      S.find(By,
             "asked for true, but all files of package " + S.C.ImportPath +
                 " are generated, which leaves its folder unknown",
             TrimpathFix);
    return;
  }
  std::string To = trimmedFolder(Files, S.C);
  Argument &Old = Call.Args[size_t(Flag - Call.Args.data())];
  std::string Value = trimmedValue(*Old.Value, Files.Folder, To);
  if (Old.Words.size() == 2)
    Old = {Old.Name, Value, {Old.Words[0], Value}};
  else
    Old = makeFlag(Old.Name, Value);
  // Edits are compared between machines: the folder itself is not named.
  S.Out.Edits.push_back({RuleId::Trimpath, "", "-trimpath=.=>" + To});
}

void rewriteCompile(Step &S) {
  trimCompile(S);
  FlagDemands Demands = toolDemands(S.R, S.tool());
  // go keeps -N away from the runtime, which cannot be built with it
  // (work/gc.go, up to 1.21; later compilers ignore it there).
  if (S.Out.Call.isSet("+"))
    std::erase_if(Demands.Wanted,
                  [](const WantedFlag &W) { return W.Flag.Name == "N"; });
  if (!Demands.empty())
    applyFlags(S, Demands,
               S.tool() == ToolKind::Compile ? "gcflags" : "asmflags");
}

// ---- link

/// GOROOT_FINAL up to 1.22, an empty GOROOT from 1.23 (work/gc.go ld).
bool hasGorootFinal(std::string_view GoVersion) {
  if (!GoVersion.starts_with("go1."))
    return false;
  GoVersion.remove_prefix(4);
  unsigned Minor = 0;
  for (char Digit : GoVersion.substr(0, 3)) {
    if (Digit < '0' || Digit > '9')
      break;
    Minor = Minor * 10 + unsigned(Digit - '0');
  }
  return Minor <= 22;
}

void trimLink(Step &S, const LinkConfig &Config) {
  const Rule<bool> &R = S.R.TrimpathRule;
  if (!R.Value || Config.trimmed())
    return;
  if (!S.rewrites(R.How)) {
    if (Config.Info)
      S.find(refOf(RuleId::Trimpath, R), "asked for true, found no -trimpath",
             TrimpathFix);
    return;
  }
  if (Config.Covered)
    return S.find(refOf(RuleId::Trimpath, R),
                  "asked for true, but what is built for coverage can only be "
                  "trimmed by go",
                  TrimpathFix);
  S.Out.SetEnv.push_back(hasGorootFinal(S.C.GoVersion) ? "GOROOT_FINAL=$GOROOT"
                                                       : "GOROOT=");
  S.Out.Edits.push_back({RuleId::Trimpath, "", S.Out.SetEnv.back()});
}

void nameImportcfg(Step &S, RuleId By) {
  for (Argument &Arg : S.Out.Call.Args) {
    if (Arg.Name != "importcfg" || !Arg.Value)
      continue;
    std::string Name(fileName(*Arg.Value));
    std::string Value = *Arg.Value + std::string(RewrittenImportcfgSuffix);
    if (Arg.Words.size() == 2)
      Arg = {Arg.Name, Value, {Arg.Words[0], Value}};
    else
      Arg = makeFlag(Arg.Name, Value);
    S.Out.Edits.push_back(
        {By, Name, Name + std::string(RewrittenImportcfgSuffix)});
  }
}

/// The copy of importcfg.link with a build info that tells the truth.
void writeBuildInfo(Step &S, LinkConfig Config, const LinkWords &Words) {
  if (!Config.Info || !S.Out.Call.last("importcfg"))
    return;
  const Rule<bool> &Trim = S.R.TrimpathRule;
  bool Trimmed = Config.trimmed() || (Trim.Value && S.rewrites(Trim.How));
  Result<std::optional<RuleId>> By =
      updateBuildInfo(*Config.Info, S.R, Words, Trimmed);
  if (!By) {
    S.find({RuleId::Ldflags, Mode::Require, S.R.LdflagsRule.Where},
           By.failure().Message);
    return;
  }
  if (!*By)
    return;
  RuleId Rule = **By;
  // -ldflags changes for the sake of the first rule that changed a word.
  if (Rule == RuleId::Ldflags && !S.Out.Edits.empty())
    Rule = S.Out.Edits.front().Rule;
  S.Out.Importcfg = printLinkConfig(std::move(Config));
  nameImportcfg(S, Rule);
}

StaticLink planLinkStatic(Step &S, const LinkConfig &Config) {
  const Rule<bool> &R = S.R.StaticRule;
  if (!R.Value || S.C.Importcfg.empty())
    return StaticLink::None;
  StaticPlan Plan =
      planStatic(Config.UsesCgo, S.Out.Call.value("buildmode"), S.C.Goos);
  if (!Plan.Obstacle.empty())
    S.find(refOf(RuleId::Static, R), Plan.Obstacle, Plan.Fix);
  return Plan.Link;
}

void rewriteLink(Step &S, LinkConfig Config) {
  FlagDemands Demands = linkDemands(S.R, planLinkStatic(S, Config));
  LinkWords Words = applyFlags(S, Demands, "ldflags");
  trimLink(S, Config);
  if (S.What == Applied::RewriteRules)
    writeBuildInfo(S, std::move(Config), Words);
}

RewrittenInvocation run(const Policy &P, Invocation Call, const ToolContext &C,
                        Applied What) {
  Step S{P, C, What, {}, {}};
  S.Out.Call = std::move(Call);
  bool IsLink = S.tool() == ToolKind::Link;
  if (P.empty() ||
      (!IsLink && S.tool() != ToolKind::Compile && S.tool() != ToolKind::Asm))
    return std::move(S.Out);
  LinkConfig Config;
  Result<LinkConfig> Read = LinkConfig();
  if (IsLink) {
    Read = readLinkConfig(C.Importcfg);
    if (Read)
      Config = std::move(*Read);
  }
  S.R = resolve(
      P, contextOf(S.Out.Call, C, Config.Covered, What == Applied::NoRules));
  if (!IsLink) {
    rewriteCompile(S);
  } else if (!Read) {
    S.find({RuleId::Ldflags, Mode::Require, {}}, Read.failure().Message);
  } else {
    rewriteLink(S, std::move(Config));
  }
  sortByRule(S.Out.Edits, [](const Edit &E) { return E.Rule; });
  return std::move(S.Out);
}

} // namespace
} // namespace goslim::rewrite

namespace goslim {

RewrittenInvocation rewriteTool(const Policy &P, Invocation Call,
                                const ToolContext &C) {
  return rewrite::run(P, std::move(Call), C, rewrite::Applied::RewriteRules);
}

std::vector<Finding> checkTool(const Policy &P, const Invocation &Call,
                               const ToolContext &C) {
  return rewrite::run(P, Call, C, rewrite::Applied::NoRules).Findings;
}

} // namespace goslim
