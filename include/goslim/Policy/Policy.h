//===- goslim/Policy/Policy.h - what a team asks of its builds --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// goslim.toml as data. The keys, their types, defaults and documentation are
// one table (policyKeys() in PolicyFile.h) from which the parser, `goslim
// init`, `goslim policy` and the manual are made.
//
// How tables add up, from [policy] over the profiles it is inherited by to the
// [[override]]s that match: the later one wins, key by key. A list replaces
// the inherited list, a table (env, vars.set) is merged name by name. A rule's
// mode is its own where one is written with it, else the table's `mode`.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_POLICY_POLICY_H
#define GOSLIM_POLICY_POLICY_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

/// What to do when a command does not meet a rule.
enum class Mode : uint8_t { Rewrite, Require, Warn, Off };
std::string_view modeName(Mode M);

/// The rules, in the order in which they are applied and reported.
enum class RuleId : uint8_t {
  Strip,
  Trimpath,
  Static,
  Buildid,
  Tags,
  Vars,
  Ldflags,
  Gcflags,
  Asmflags,
  Env
};
constexpr unsigned NumRules = 10;
/// "strip", "trimpath", ... as in the file.
std::string_view ruleName(RuleId Rule);
/// Stable finding id, "GS101" (strip) to "GS110" (env).
std::string_view ruleFindingId(RuleId Rule);

/// Where a value was written. Line and Column count from 1; 0 = not in a file.
struct Origin {
  std::string File;
  unsigned Line = 0, Column = 0;
};
/// "goslim.toml:3:1", or File alone ("default", "--profile").
std::string print(const Origin &Where);

enum class Strip : uint8_t { None, Debug, All };

/// One rule: absent Value = the team has no opinion.
template <typename T> struct Rule {
  std::optional<T> Value;
  Mode How = Mode::Rewrite;
  bool OwnMode = false; ///< How was written with the rule itself
  Origin Where;
  bool FromOverride = false; ///< set by a matching [[override]]: beats the
                             ///< default exclusions
};
/// Has...: the list was written, so that an empty one replaces what is
/// inherited. Of interest to merging only.
struct WordLists {
  std::vector<std::string> Add, Forbid;
  bool HasAdd = false, HasForbid = false;
};
struct TagLists {
  std::vector<std::string> Require, Forbid;
  bool HasRequire = false, HasForbid = false;
};
struct VarLists {
  std::map<std::string, std::string> Set;
  std::vector<std::string> Forbid;
  bool HasForbid = false;
};

/// The rules of [policy], of a profile, or of an [[override]].
struct Rules {
  std::optional<Mode> DefaultMode;
  Origin ModeWhere;
  Rule<Strip> StripRule;
  Rule<bool> TrimpathRule;
  Rule<bool> StaticRule;
  Rule<std::string> BuildidRule; ///< "keep", "empty" or the ID
  Rule<TagLists> TagsRule;
  Rule<VarLists> VarsRule;
  Rule<WordLists> LdflagsRule, GcflagsRule, AsmflagsRule;
  Rule<std::map<std::string, std::string>> EnvRule;
};

/// Facts about one build step or command that overrides and exclusions match.
/// Unknown = empty; an override that matches on an unknown fact does not match.
struct Context {
  std::string Package; ///< import path, "" for the command as a whole
  std::string Goos, Goarch;
  std::string Buildmode; ///< "exe" when not given
  std::string Command;   ///< go verb; "test" also for a test binary's link
  bool Race = false, Msan = false, Asan = false, Cover = false;
};

struct Override {
  /// Package patterns (go syntax, "./" = module root), and exact names.
  /// Instrument: race, msan, asan, cover.
  std::vector<std::string> Package, Goos, Goarch, Buildmode, Command,
      Instrument;
  Rules Set;
  std::optional<bool> Manifest; ///< write one, or not
  Origin Where;
};

enum class Record : uint8_t { Flags, Steps, Sections, Packages, Environment };

struct ManifestSettings {
  std::string Path = "goslim/{name}.{goos}-{goarch}.toml";
  std::vector<Record> Records = {Record::Flags, Record::Steps, Record::Sections,
                                 Record::Packages, Record::Environment};
  Origin Where;                   ///< of [manifest]
  Origin PathWhere, RecordsWhere; ///< empty = default
};

/// A whole policy after profile selection. Default-constructed = no policy.
struct Policy {
  std::string File;       ///< absolute path of goslim.toml; "" = none
  std::string Root;       ///< folder of File; manifest paths are relative to it
  std::string ModulePath; ///< of the go.mod in Root; "./x" patterns use it
  std::string Profile;    ///< "" = [policy] itself
  bool Trusted = false;   ///< named by the user, not merely found
  Rules Base;
  std::vector<Override> Overrides;
  ManifestSettings Manifest;

  bool empty() const { return File.empty(); }
};

/// A default exclusion: while Condition holds, the rules in Excluded and the
/// environment variables in ExcludedEnv do not apply, unless an [[override]]
/// that matches on the same key (command, buildmode, instrument) sets them.
/// Condition is written as that match: "command=test", "buildmode=plugin",
/// "instrument=race". The table is documented in README.md.
struct Exclusion {
  std::string_view Condition;
  std::vector<RuleId> Excluded;
  std::vector<std::string_view> ExcludedEnv;
  bool NoManifest;
  std::string_view Why;
};
const std::vector<Exclusion> &defaultExclusions();

/// The rules that hold in C: base, then each matching override in file order,
/// then the exclusions. In the result each rule has its mode resolved, and a
/// rule that asks nothing (strip = "none", buildid = "keep", false, empty
/// lists, mode off) has no Value.
Rules resolve(const Policy &P, const Context &C);
/// Whether a link in C is recorded in a manifest.
bool wantsManifest(const Policy &P, const Context &C);

/// Go's package patterns: "..." matches any string, "x/..." x as well, "./x"
/// is relative to the module, "all" are all packages, "std" those without a
/// dot in their first element.
bool matchPackage(std::string_view Pattern, std::string_view ImportPath,
                  std::string_view ModulePath);

} // namespace goslim

#endif // GOSLIM_POLICY_POLICY_H
