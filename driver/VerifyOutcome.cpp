//===- VerifyOutcome.cpp - what goslim verify has to say ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "VerifyOutcome.h"
#include "goslim/Verify/BuildPlan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;
using Verdict = Outcome::Verdict;

static std::string joined(const std::vector<std::string> &Words) {
  return llvm::join(Words, ", ");
}

/// One line an action: what only the first build was given, and the second.
static void printInputs(const Outcome &R) {
  constexpr size_t Most = 4, MostWords = 120;
  if (R.HasInputs && R.Inputs.empty())
    fmt::print("  inputs   go sees none that differs: the cause is something "
               "that it does not hash\n");
  auto Words = [](const std::vector<std::string> &Lines) {
    return Lines.empty() ? "(nothing)" : llvm::join(Lines, "; ");
  };
  for (size_t I = 0; I < std::min(Most, R.Inputs.size()); ++I) {
    auto [First, Second] = aroundDifference(
        Words(R.Inputs[I].Only[0]), Words(R.Inputs[I].Only[1]), MostWords);
    fmt::print("  inputs   {}: {} -> {}\n", R.Inputs[I].Action, First, Second);
  }
  if (R.Inputs.size() > Most)
    fmt::print("  inputs   of {} more actions\n", R.Inputs.size() - Most);
}

void goslim::printOutcome(const Outcome &R, bool IsQuick, bool IsFirst) {
  static constexpr const char *Words[] = {"PASS", "FAIL", "NOT VERIFIED"};
  fmt::print("{}{}  {} {} {}\n", IsFirst ? "" : "\n", Words[int(R.Is)],
             R.Package, R.Target, R.GoVersion);
  if (!R.Sha256.empty())
    fmt::print("  sha256   {}{}\n", R.Sha256,
               R.Is == Verdict::Fail ? " (first build)" : "");
  if (R.Is == Verdict::Unverified)
    fmt::print("  because  {}\n", R.Why);
  if (!R.Guilty.empty())
    fmt::print("  guilty   {}\n", joined(R.Guilty));
  printInputs(R);
  if (!R.Varied.empty())
    fmt::print("  varied   {}{}\n", IsQuick ? "" : "gocache, ",
               joined(R.Varied));
  for (const auto &[Name, Why] : R.Skipped)
    fmt::print("  skipped  {}: {}\n", Name, Why);
  if (R.Is == Verdict::Pass) {
    std::vector<std::string> Never;
    for (const Variation &V : variations())
      if (!llvm::is_contained(R.Varied, V.Name))
        Never.push_back(V.Name.str());
    fmt::print("  builds   {}{}; not varied: {}\n", R.Builds,
               R.Reused ? fmt::format(" ({} of the earlier run)", R.Reused)
                        : "",
               joined(Never));
  }
  if (IsQuick)
    fmt::print(
        "  quick    the builds shared one GOCACHE: what go does not hash "
        "cannot show, so this claims less\n");
  if (!R.Comparison.empty())
    fmt::print("\n{}", R.Comparison);
  if (!R.Scripts.empty())
    fmt::print("\nby hand: sh {}\n", llvm::join(R.Scripts, "; sh "));
}

void goslim::printOutcomesJson(const std::vector<Outcome> &All) {
  static constexpr StringRef Words[] = {"pass", "fail", "unverified"};
  llvm::json::OStream J(llvm::outs(), 2);
  auto Text = [&](StringRef Key, StringRef Value) {
    J.attribute(Key, llvm::json::fixUTF8(Value));
  };
  auto List = [&](StringRef Key, const std::vector<std::string> &Values) {
    J.attributeArray(Key, [&] {
      for (const std::string &Value : Values)
        J.value(llvm::json::fixUTF8(Value));
    });
  };
  auto Result = [&](const Outcome &R) {
    Text("package", R.Package);
    Text("target", R.Target);
    Text("go", R.GoVersion);
    Text("verdict", Words[int(R.Is)]);
    Text("sha256", R.Sha256);
    J.attribute("builds", R.Builds);
    List("varied", R.Varied);
    J.attributeObject("skipped", [&] {
      for (const auto &[Name, Why] : R.Skipped)
        Text(Name, Why);
    });
    List("guilty", R.Guilty);
    J.attributeArray("inputs", [&] {
      for (const ActionInputs &I : R.Inputs)
        J.object([&] {
          Text("action", I.Action);
          List("a", I.Only[0]);
          List("b", I.Only[1]);
        });
    });
    List("scripts", R.Scripts);
    Text("reason", R.Why);
  };
  J.object([&] {
    J.attribute("schema", "goslim-verify/1");
    J.attributeArray("results", [&] {
      for (const Outcome &R : All)
        J.object([&] { Result(R); });
    });
  });
  llvm::outs() << '\n';
  llvm::outs().flush();
}
