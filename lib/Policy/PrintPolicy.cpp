//===- PrintPolicy.cpp - the resolved policy, for people and programs -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows first (key, value, where it comes from), then two ways to write them.
// The text form is itself a goslim.toml: what it says can be pasted into one.
// TOML and JSON differ only in how tables are spelled, so one renderer does
// both.
//===----------------------------------------------------------------------===//
#include "PolicyKeys.h"
#include "RuleList.h"
#include "goslim/Base/Json.h"
#include <algorithm>

using namespace goslim;

namespace {
enum class Form : uint8_t { Toml, Json };
using Env = std::map<std::string, std::string>;
using Members = std::vector<std::pair<std::string, std::string>>;

struct Row {
  std::string_view Key;
  std::string Value;
  std::string Origin;
  std::string_view Why; ///< of an exclusion
  std::optional<Mode> How;
};

std::string quoted(std::string_view Text) {
  std::string Out;
  appendJsonString(Out, Text);
  return Out;
}

/// Members are rendered values; keys are quoted where the form needs it.
std::string renderTable(const Members &Items, Form F) {
  std::string Out = "{";
  for (const auto &[Key, Value] : Items) {
    bool Bare = Key.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789_-") == Key.npos &&
                !Key.empty();
    Out += Out.size() == 1 ? "" : ",";
    Out += F == Form::Toml ? " " : "";
    Out += Bare && F == Form::Toml ? Key : quoted(Key);
    Out += F == Form::Toml ? " = " : ":";
    Out += Value;
  }
  return Out += F == Form::Toml && !Items.empty() ? " }" : "}";
}

std::string render(const std::vector<std::string> &List, Form F) {
  std::string Out = "[";
  for (const std::string &Item : List) {
    Out += Out.size() == 1 ? "" : F == Form::Toml ? ", " : ",";
    Out += quoted(Item);
  }
  return Out + "]";
}
std::string render(Strip V, Form) {
  return V == Strip::All     ? "\"all\""
         : V == Strip::Debug ? "\"debug\""
                             : "\"none\"";
}
std::string render(bool V, Form) { return V ? "true" : "false"; }
std::string render(const std::string &V, Form) { return quoted(V); }
std::string render(const Env &V, Form F) {
  Members Items;
  for (const auto &[Name, Value] : V)
    Items.emplace_back(Name, quoted(Value));
  return renderTable(Items, F);
}
Members members(const TagLists &V, Form F) {
  return {{"require", render(V.Require, F)}, {"forbid", render(V.Forbid, F)}};
}
Members members(const VarLists &V, Form F) {
  return {{"set", render(V.Set, F)}, {"forbid", render(V.Forbid, F)}};
}
Members members(const WordLists &V, Form F) {
  return {{"add", render(V.Add, F)}, {"forbid", render(V.Forbid, F)}};
}

/// The value with its mode, when that is not the default one.
template <typename T>
std::string renderRule(const T &Value, std::optional<Mode> How, Form F) {
  if constexpr (requires { members(Value, F); }) {
    Members Items = members(Value, F);
    if (How && F == Form::Toml)
      Items.emplace_back("mode", quoted(modeName(*How)));
    return renderTable(Items, F);
  } else {
    std::string Text = render(Value, F);
    if (!How || F == Form::Json)
      return Text;
    return renderTable({{"value", Text}, {"mode", quoted(modeName(*How))}}, F);
  }
}

std::string_view defaultOf(std::string_view Table, std::string_view Name) {
  for (const PolicyKey &Key : allKeys())
    if (Key.Table == Table && Key.Name == Name)
      return Key.Default;
  return {};
}

/// TOML's spelling of a default in JSON: they differ for tables only.
std::string defaultIn(Form F, std::string_view Table, std::string_view Name) {
  std::string_view Default = defaultOf(Table, Name);
  if (F == Form::Toml || !Default.starts_with('{') || Default == "{}")
    return std::string(Default);
  Members Items;
  std::string Sub = fmt::format("{}.{}", Table, Name);
  for (const PolicyKey &Key : allKeys())
    if (Key.Table == Sub && !Key.Default.empty())
      Items.emplace_back(std::string(Key.Name), std::string(Key.Default));
  return renderTable(Items, F);
}

std::string originOf(const Origin &Where) {
  std::string Text = print(Where);
  return Text.empty() ? "default" : Text;
}

std::vector<Row> policyRows(const Resolution &R, Form F) {
  Mode Default = R.Result.DefaultMode.value_or(Mode::Rewrite);
  std::vector<Row> Rows;
  Rows.push_back({"mode",
                  quoted(modeName(Default)),
                  originOf(R.Result.ModeWhere),
                  {},
                  {}});
  forEachRule(R.Result, [&](RuleId Id, const auto &Rule) {
    const Exclusion *By = R.ExcludedBy[size_t(Id)];
    Row Out{ruleName(Id), "", originOf(Rule.Where), {}, {}};
    if (Rule.Value) {
      Out.How = Rule.How;
      Out.Value = renderRule(
          *Rule.Value,
          Rule.How == Default ? std::nullopt : std::optional(Rule.How), F);
    } else {
      Out.Value = defaultIn(F, "policy", ruleName(Id));
    }
    if (By) {
      // For env it may be one variable of many.
      Out.Origin = fmt::format("{}, {} for {}", Out.Origin,
                               Rule.Value ? "partly excluded" : "excluded",
                               By->Condition);
      Out.Why = By->Why;
    }
    Rows.push_back(std::move(Out));
  });
  return Rows;
}

std::vector<Row> manifestRows(const Policy &P, const Resolution &R, Form F) {
  static constexpr std::string_view Names[] = {"flags", "steps", "sections",
                                               "packages", "environment"};
  std::vector<std::string> Records;
  for (Record What : P.Manifest.Records)
    Records.emplace_back(Names[size_t(What)]);
  std::string Path = originOf(P.Manifest.PathWhere);
  std::string_view Why;
  if (const Exclusion *By = R.ManifestExcludedBy) {
    Path = fmt::format("none is written for {}", By->Condition);
    Why = By->Why;
  } else if (!R.Manifest) {
    Path = "none is written: " + originOf(R.ManifestWhere);
  }
  return {{"path", quoted(P.Manifest.Path), Path, Why, {}},
          {"record",
           render(Records, F),
           originOf(P.Manifest.RecordsWhere),
           {},
           {}}};
}

std::string textRows(const std::vector<Row> &Rows) {
  size_t Width = 0;
  for (const Row &R : Rows)
    if (size_t Size = R.Key.size() + R.Value.size() + 3; Size <= 48)
      Width = std::max(Width, Size);
  std::string Out;
  for (const Row &R : Rows)
    Out += fmt::format("{:<{}}  # {}\n", fmt::format("{} = {}", R.Key, R.Value),
                       Width, R.Origin);
  return Out;
}

void appendJsonRows(std::string &Out, std::string_view Table,
                    const std::vector<Row> &Rows) {
  for (const Row &R : Rows) {
    Out += fmt::format("{}{{\"key\":{},\"value\":{},\"origin\":{}",
                       Out.ends_with('[') ? "" : ",",
                       quoted(fmt::format("{}.{}", Table, R.Key)), R.Value,
                       quoted(R.Origin));
    if (R.How)
      Out += fmt::format(",\"mode\":{}", quoted(modeName(*R.How)));
    if (!R.Why.empty())
      Out += fmt::format(",\"why\":{}", quoted(R.Why));
    Out += "}";
  }
}

/// The exclusions that took something away, once each.
std::string exclusionLines(const Resolution &R) {
  std::string Out;
  for (const Exclusion &E : defaultExclusions())
    if (std::count(R.ExcludedBy.begin(), R.ExcludedBy.end(), &E) ||
        R.ManifestExcludedBy == &E)
      Out += fmt::format("# excluded for {}: {}\n", E.Condition, E.Why);
  return Out;
}

std::string jsonContext(const Context &C) {
  Members Items = {{"command", quoted(C.Command)},
                   {"package", quoted(C.Package)},
                   {"goos", quoted(C.Goos)},
                   {"goarch", quoted(C.Goarch)},
                   {"buildmode", quoted(C.Buildmode)},
                   {"race", render(C.Race, Form::Json)},
                   {"msan", render(C.Msan, Form::Json)},
                   {"asan", render(C.Asan, Form::Json)},
                   {"cover", render(C.Cover, Form::Json)}};
  return renderTable(Items, Form::Json);
}

/// What is asked about: "go build, linux/amd64, -race".
std::string describe(const Context &C) {
  std::string Out = C.Command.empty() ? "any command" : "go " + C.Command;
  if (!C.Package.empty())
    Out += ", package " + C.Package;
  if (!C.Goos.empty() || !C.Goarch.empty())
    Out += fmt::format(", {}/{}", C.Goos, C.Goarch);
  if (!C.Buildmode.empty() && C.Buildmode != "exe")
    Out += ", -buildmode=" + C.Buildmode;
  for (auto [Is, Name] :
       {std::pair{C.Race, "race"}, std::pair{C.Msan, "msan"},
        std::pair{C.Asan, "asan"}, std::pair{C.Cover, "cover"}})
    if (Is)
      Out += fmt::format(", -{}", Name);
  return Out;
}
} // namespace

std::string goslim::printResolved(const Policy &P, const Context &C) {
  Resolution R = resolveWhy(P, C);
  std::string Out = fmt::format(
      "# {}{}{}\n# {}\n", P.empty() ? "no policy" : P.File,
      P.Profile.empty() ? "" : ", profile " + P.Profile,
      P.empty() || P.Trusted ? "" : " (found, not named: not trusted)",
      describe(C));
  Out += exclusionLines(R);
  Out += "version = 1\n\n[policy]\n" + textRows(policyRows(R, Form::Toml));
  return Out + "\n[manifest]\n" + textRows(manifestRows(P, R, Form::Toml));
}

std::string goslim::printResolvedJson(const Policy &P, const Context &C) {
  Resolution R = resolveWhy(P, C);
  std::string Out = fmt::format(
      "{{\"schema\":\"goslim-policy-1\",\"file\":{},\"profile\":{},"
      "\"trusted\":{},\"context\":{},\"manifest\":{},\"keys\":[",
      quoted(P.File), quoted(P.Profile), P.Trusted, jsonContext(C), R.Manifest);
  appendJsonRows(Out, "policy", policyRows(R, Form::Json));
  appendJsonRows(Out, "manifest", manifestRows(P, R, Form::Json));
  return Out + "]}\n";
}
