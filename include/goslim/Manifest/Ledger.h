//===- goslim/Manifest/Ledger.h - a build's steps, read back ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time and cache state live here, not in the manifest. Steps that ran come
// from the session's steps.jsonl; steps that came from the cache are added
// from each link's importcfg (a file outside $WORK is a hit).
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_MANIFEST_LEDGER_H
#define GOSLIM_MANIFEST_LEDGER_H

#include "goslim/Record/StepRecord.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace goslim {

struct LedgerStep {
  StepRecord Record;
  bool Cached = false;
};
struct Ledger {
  Session Build;
  std::vector<LedgerStep> Steps; ///< ran: by start; then cached: by package
  unsigned BadLines = 0;         ///< damaged lines, skipped and counted
};

/// One line of steps.jsonl, or a link-N.json. Unknown keys are skipped.
llvm::Expected<StepRecord> parseStepRecord(llvm::StringRef Json);
/// One edit or finding as in a step's "edits" and "findings".
std::string toJsonLine(const Finding &F);
llvm::Expected<Finding> parseFinding(llvm::StringRef Json);

/// The archives a link read: which were built in this very build, which came
/// from the cache. A fresh one lies in go's $WORK, which is known from where
/// the link's output lies ("$WORK/b001/exe/a.out").
struct LinkArchive {
  std::string Package, File;
  bool Cached = false;
};
std::vector<LinkArchive> linkArchives(llvm::StringRef Importcfg,
                                      llvm::StringRef Output);

llvm::Expected<Ledger> readLedger(const std::string &SessionFolder);

} // namespace goslim

#endif // GOSLIM_MANIFEST_LEDGER_H
