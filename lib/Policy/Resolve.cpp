//===- Resolve.cpp - the rules that hold in a context ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Base rules, then the overrides that match, then the default exclusions. Which
// override wrote what is remembered by the keys it matched on: only one that
// names, say, the command has had tests in mind and beats their exclusion.
//===----------------------------------------------------------------------===//
#include "RuleList.h"
#include <algorithm>

using namespace goslim;

namespace {
using Env = std::map<std::string, std::string>;

// ---- one value on top of another
template <typename T> void mergeValue(T &Into, const T &From) { Into = From; }

void mergeValue(TagLists &Into, const TagLists &From) {
  if (From.HasRequire)
    Into.Require = From.Require;
  if (From.HasForbid)
    Into.Forbid = From.Forbid;
  Into.HasRequire |= From.HasRequire;
  Into.HasForbid |= From.HasForbid;
}
void mergeValue(WordLists &Into, const WordLists &From) {
  if (From.HasAdd)
    Into.Add = From.Add;
  if (From.HasForbid)
    Into.Forbid = From.Forbid;
  Into.HasAdd |= From.HasAdd;
  Into.HasForbid |= From.HasForbid;
}
void mergeValue(Env &Into, const Env &From) {
  for (const auto &[Name, Value] : From)
    Into[Name] = Value;
}
void mergeValue(VarLists &Into, const VarLists &From) {
  mergeValue(Into.Set, From.Set);
  if (From.HasForbid)
    Into.Forbid = From.Forbid;
  Into.HasForbid |= From.HasForbid;
  // What is newly forbidden is no longer set, and the other way round.
  for (const std::string &Name : From.Forbid)
    Into.Set.erase(Name);
  std::erase_if(Into.Forbid,
                [&](const std::string &Name) { return From.Set.count(Name); });
}

template <typename T>
void mergeRule(Rule<T> &Into, const Rule<T> &From, bool FromOverride) {
  if (From.Value) {
    if (!Into.Value)
      Into.Value.emplace();
    mergeValue(*Into.Value, *From.Value);
  }
  if (From.OwnMode) {
    Into.How = From.How;
    Into.OwnMode = true;
  }
  if (From.Value || From.OwnMode) {
    Into.Where = From.Where;
    Into.FromOverride |= FromOverride;
  }
}

// ---- what asks nothing
bool asksNothing(Strip V) { return V == Strip::None; }
bool asksNothing(bool V) { return !V; }
bool asksNothing(const std::string &V) { return V == "keep"; }
bool asksNothing(const TagLists &V) {
  return V.Require.empty() && V.Forbid.empty();
}
bool asksNothing(const VarLists &V) {
  return V.Set.empty() && V.Forbid.empty();
}
bool asksNothing(const WordLists &V) {
  return V.Add.empty() && V.Forbid.empty();
}
bool asksNothing(const Env &V) { return V.empty(); }

// ---- matching
enum MatchKey : uint8_t { OnCommand = 1, OnBuildmode = 2, OnInstrument = 4 };

bool matchesName(const std::vector<std::string> &Names,
                 std::string_view Actual) {
  return Names.empty() ||
         std::find(Names.begin(), Names.end(), Actual) != Names.end();
}

/// "default" is exe where programs are linked; unknown stays unknown.
std::string_view buildmodeOf(const Context &C) {
  return C.Buildmode == "default" ? std::string_view("exe") : C.Buildmode;
}

bool isInstrumented(const Context &C, std::string_view How) {
  return (How == "race" && C.Race) || (How == "msan" && C.Msan) ||
         (How == "asan" && C.Asan) || (How == "cover" && C.Cover);
}

bool matches(const Policy &P, const Override &O, const Context &C) {
  auto Any = [](const std::vector<std::string> &Names, auto Test) {
    return Names.empty() || std::any_of(Names.begin(), Names.end(), Test);
  };
  return Any(O.Package,
             [&](const std::string &Pattern) {
               return !C.Package.empty() &&
                      matchPackage(Pattern, C.Package, P.ModulePath);
             }) &&
         matchesName(O.Goos, C.Goos) && matchesName(O.Goarch, C.Goarch) &&
         matchesName(O.Buildmode, buildmodeOf(C)) &&
         matchesName(O.Command, C.Command) &&
         Any(O.Instrument,
             [&](const std::string &How) { return isInstrumented(C, How); });
}

uint8_t keysOf(const Override &O) {
  return (O.Command.empty() ? 0 : OnCommand) |
         (O.Buildmode.empty() ? 0 : OnBuildmode) |
         (O.Instrument.empty() ? 0 : OnInstrument);
}

/// The match key of an exclusion's condition, or 0 when it does not hold in C.
uint8_t holds(const Exclusion &E, const Context &C) {
  size_t Equal = E.Condition.find('=');
  std::string_view Key = E.Condition.substr(0, Equal);
  std::string_view Value = E.Condition.substr(Equal + 1);
  if (Key == "command")
    return C.Command == Value ? OnCommand : 0;
  if (Key == "buildmode")
    return buildmodeOf(C) == Value ? OnBuildmode : 0;
  return isInstrumented(C, Value) ? OnInstrument : 0;
}

/// What overrides wrote, and the match keys of those that did.
struct Written {
  std::array<uint8_t, NumRules> Rules{};
  std::map<std::string, uint8_t> Env;
  uint8_t Manifest = 0;
};

void applyOverride(const Override &O, Resolution &R, Written &W) {
  uint8_t Keys = keysOf(O);
  forEachRule(O.Set, [&](RuleId Id, const auto &Rule) {
    if (Rule.Value || Rule.OwnMode)
      W.Rules[size_t(Id)] |= Keys;
  });
  if (O.Set.EnvRule.Value)
    for (const auto &[Name, Value] : *O.Set.EnvRule.Value)
      W.Env[Name] |= Keys;
  mergeRules(R.Result, O.Set, /*FromOverride=*/true);
  if (O.Manifest) {
    R.Manifest = *O.Manifest;
    R.ManifestWhere = O.Where;
    W.Manifest |= Keys;
  }
}

void applyExclusion(const Exclusion &E, uint8_t Key, const Written &W,
                    Resolution &R) {
  forEachRule(R.Result, [&](RuleId Id, auto &Rule) {
    if (!Rule.Value || W.Rules[size_t(Id)] & Key ||
        !std::count(E.Excluded.begin(), E.Excluded.end(), Id))
      return;
    Rule.Value.reset();
    R.ExcludedBy[size_t(Id)] = &E;
  });
  Rule<Env> &EnvRule = R.Result.EnvRule;
  for (std::string_view Name : E.ExcludedEnv) {
    std::string Variable(Name);
    auto By = W.Env.find(Variable);
    if (!EnvRule.Value || (By != W.Env.end() && By->second & Key))
      continue;
    if (EnvRule.Value->erase(Variable))
      R.ExcludedBy[size_t(RuleId::Env)] = &E;
  }
  if (E.NoManifest && R.Manifest && !(W.Manifest & Key)) {
    R.Manifest = false;
    R.ManifestExcludedBy = &E;
  }
}
} // namespace

void goslim::mergeRules(Rules &Into, const Rules &From, bool FromOverride) {
  if (From.DefaultMode) {
    Into.DefaultMode = From.DefaultMode;
    Into.ModeWhere = From.ModeWhere;
  }
  mergeRule(Into.StripRule, From.StripRule, FromOverride);
  mergeRule(Into.TrimpathRule, From.TrimpathRule, FromOverride);
  mergeRule(Into.StaticRule, From.StaticRule, FromOverride);
  mergeRule(Into.BuildidRule, From.BuildidRule, FromOverride);
  mergeRule(Into.TagsRule, From.TagsRule, FromOverride);
  mergeRule(Into.VarsRule, From.VarsRule, FromOverride);
  mergeRule(Into.LdflagsRule, From.LdflagsRule, FromOverride);
  mergeRule(Into.GcflagsRule, From.GcflagsRule, FromOverride);
  mergeRule(Into.AsmflagsRule, From.AsmflagsRule, FromOverride);
  mergeRule(Into.EnvRule, From.EnvRule, FromOverride);
}

const std::vector<Exclusion> &goslim::defaultExclusions() {
  using enum RuleId;
  static const std::vector<Exclusion> Table = {
      {"command=test",
       {Strip, Trimpath, Static, Buildid, Vars},
       {},
       true,
       "a test's program is thrown away, and debuggers and stack traces want "
       "its symbols and paths"},
      {"command=run",
       {Strip, Buildid},
       {},
       true,
       "the program is thrown away after it ran"},
      {"buildmode=plugin",
       {Strip, Static, Buildid},
       {"CGO_ENABLED"},
       false,
       "a plugin is loaded by a dynamic loader, must match its host, and "
       "needs cgo"},
      {"buildmode=c-shared",
       {Static},
       {"CGO_ENABLED"},
       false,
       "a shared library is loaded by a dynamic loader and needs cgo"},
      {"buildmode=c-archive",
       {Static},
       {"CGO_ENABLED"},
       false,
       "the C program decides how it is linked, and this needs cgo"},
      {"buildmode=shared",
       {Static},
       {"CGO_ENABLED"},
       false,
       "a shared library is loaded by a dynamic loader and needs cgo"},
      {"instrument=race",
       {Static},
       {"CGO_ENABLED"},
       false,
       "the race detector needs cgo and its C runtime"},
      {"instrument=msan",
       {Static},
       {"CGO_ENABLED"},
       false,
       "the memory sanitizer needs cgo and its C runtime"},
      {"instrument=asan",
       {Static},
       {"CGO_ENABLED"},
       false,
       "the address sanitizer needs cgo and its C runtime"},
      {"instrument=cover",
       {Strip},
       {},
       true,
       "a program built to measure coverage is not shipped"},
  };
  return Table;
}

Resolution goslim::resolveWhy(const Policy &P, const Context &C) {
  Resolution R;
  R.Result = P.Base;
  R.Manifest = !P.empty();
  if (P.empty())
    return R;
  Written W;
  for (const Override &O : P.Overrides)
    if (matches(P, O, C))
      applyOverride(O, R, W);
  for (const Exclusion &E : defaultExclusions())
    if (uint8_t Key = holds(E, C))
      applyExclusion(E, Key, W, R);
  Mode Default = R.Result.DefaultMode.value_or(Mode::Rewrite);
  forEachRule(R.Result, [&](RuleId, auto &Rule) {
    if (!Rule.OwnMode)
      Rule.How = Default;
    if (Rule.Value && (Rule.How == Mode::Off || asksNothing(*Rule.Value)))
      Rule.Value.reset();
  });
  return R;
}

Rules goslim::resolve(const Policy &P, const Context &C) {
  return resolveWhy(P, C).Result;
}

bool goslim::wantsManifest(const Policy &P, const Context &C) {
  return resolveWhy(P, C).Manifest;
}
