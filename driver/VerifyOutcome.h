//===- VerifyOutcome.h - what goslim verify has to say ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_VERIFYOUTCOME_H
#define GOSLIM_DRIVER_VERIFYOUTCOME_H

#include "goslim/Verify/HashLog.h"
#include <string>
#include <vector>

namespace goslim {

/// One package for one target.
struct Outcome {
  enum class Verdict { Pass, Fail, Unverified };
  std::string Package, Target, GoVersion, Sha256, Why;
  std::string Program; ///< of the first build
  Verdict Is = Verdict::Unverified;
  std::vector<std::string> Varied, Guilty;
  std::vector<std::pair<std::string, std::string>> Skipped;
  std::string Comparison;           ///< text of goslim compare
  std::vector<ActionInputs> Inputs; ///< of go's actions, that differ
  bool HasInputs = false;
  std::vector<std::string> Scripts;
  unsigned Builds = 0, Reused = 0; ///< Reused: of an earlier run
};

/// On stdout. IsFirst: no empty line in front.
void printOutcome(const Outcome &R, bool IsQuick, bool IsFirst);
/// Schema "goslim-verify/1".
void printOutcomesJson(const std::vector<Outcome> &All);

} // namespace goslim

#endif // GOSLIM_DRIVER_VERIFYOUTCOME_H
