//===- Policy.cpp - names of modes, rules and places ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables in the order of the enumerations; ids of findings are never reused,
// so a new rule goes to the end of both.
//===----------------------------------------------------------------------===//
#include "goslim/Policy/Policy.h"
#include <fmt/format.h>

using namespace goslim;

std::string_view goslim::modeName(Mode M) {
  static constexpr std::string_view Names[] = {"rewrite", "require", "warn",
                                               "off"};
  return Names[size_t(M)];
}

std::string_view goslim::ruleName(RuleId Rule) {
  static constexpr std::string_view Names[NumRules] = {
      "strip", "trimpath", "static",  "buildid",  "tags",
      "vars",  "ldflags",  "gcflags", "asmflags", "env"};
  return Names[size_t(Rule)];
}

std::string_view goslim::ruleFindingId(RuleId Rule) {
  static constexpr std::string_view Ids[NumRules] = {
      "GS101", "GS102", "GS103", "GS104", "GS105",
      "GS106", "GS107", "GS108", "GS109", "GS110"};
  return Ids[size_t(Rule)];
}

std::string goslim::print(const Origin &Where) {
  if (Where.Line == 0)
    return Where.File;
  return fmt::format("{}:{}:{}", Where.File, Where.Line, Where.Column);
}
