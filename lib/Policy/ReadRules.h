//===- ReadRules.h - the tables of a policy file as rules -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_POLICY_READRULES_H
#define GOSLIM_LIB_POLICY_READRULES_H

#include "Document.h"
#include "goslim/Policy/PolicyFile.h"
#include "goslim/Tool/Tool.h"

namespace goslim {

/// Reads tables that passed checkKeys, and adds what is still wrong with their
/// values to Problems.
struct Reader {
  const PolicySource &Source;
  std::string Shown;
  std::vector<Problem> &Problems;

  void add(Position At, Failure Why) {
    Problems.push_back({At, std::move(Why)});
  }
  Origin origin(Position At) const { return {Shown, At.Line, At.Column}; }

  Rules readRules(const Node &Table);
  Override readOverride(const Node &Table);
  ManifestSettings readManifest(const Node &Table);

private:
  template <typename T> void readMode(const Node &N, Rule<T> &R);
  template <typename T>
  const Node *openRule(const Node &Table, RuleId Id, Rule<T> &R);
  void readTags(const Node &Table, Rule<TagLists> &R);
  void readVars(const Node &Table, Rule<VarLists> &R);
  void readWords(const Node &Table, RuleId Id, ToolKind Tool,
                 Rule<WordLists> &R);
  void readEnv(const Node &Table, Rule<std::map<std::string, std::string>> &R);
  void readMatch(const Node &Match, Override &O);
  void checkVariable(Position At, std::string_view Name);
  void checkTag(const Node &N);
  void checkPattern(const Node &N);
};

} // namespace goslim

#endif // GOSLIM_LIB_POLICY_READRULES_H
