//===- goslim/Policy/Finding.h - something a rule has to say ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_POLICY_FINDING_H
#define GOSLIM_POLICY_FINDING_H

#include "goslim/Policy/Policy.h"
#include <string>

namespace goslim {

enum class Severity : uint8_t { Error, Warning };

/// Rendered as "goslim: error: goslim.toml:3:1: strip: asked for all (-s -w),
/// found -ldflags=-X=a=b [GS101]" and, when there is a Fix, a second line
/// "goslim: note: Fix". No newline at the end.
struct Finding {
  std::string Id; ///< "GS101"
  Severity Level = Severity::Error;
  Origin Where;        ///< the policy line, when a rule is behind it
  std::string Message; ///< what was asked for and what was found
  std::string Fix;     ///< the next action, or ""
};
std::string print(const Finding &F);

/// Title and text of an id for `goslim explain`; null when unknown.
struct FindingDoc {
  std::string_view Id, Title, Text;
};
const FindingDoc *findFindingDoc(std::string_view Id);
const std::vector<FindingDoc> &findingDocs();

} // namespace goslim

#endif // GOSLIM_POLICY_FINDING_H
