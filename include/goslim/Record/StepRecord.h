//===- goslim/Record/StepRecord.h - one step of a build ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A line of steps.jsonl. Losing one never fails a build. Keys, all optional
// but "tool" and "package":
//   tool package pid start_ms wall_us user_us sys_us maxrss exit signal
//   args[]      the flags as go gave them (operands left out)
//   run[]       the flags as run, when they differ
//   edits[{rule,before,after}]
//   in_files in_bytes out out_bytes buildid
//   importcfg   for link: file name in the session folder with the copy
//   findings[{id,level,message,fix,file,line,column}]
// Empty and zero values are left out.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_RECORD_STEPRECORD_H
#define GOSLIM_RECORD_STEPRECORD_H

#include "goslim/Base/Subprocess.h"
#include "goslim/Policy/Finding.h"
#include "goslim/Record/Session.h"
#include "goslim/Rewrite/Edit.h"
#include "goslim/Tool/Tool.h"

namespace goslim {

struct StepRecord {
  ToolKind Tool = ToolKind::Unknown;
  std::string Package; ///< TOOLEXEC_IMPORTPATH as go set it
  uint64_t StartUnixMs = 0;
  ChildStatus Status;
  std::vector<std::string> Args, Run;
  std::vector<Edit> Edits;
  std::vector<Finding> Findings;
  uint64_t InFiles = 0, InBytes = 0;
  std::string Out; ///< -o as given
  uint64_t OutBytes = 0;
  std::string BuildId;
  std::string Importcfg;
};

/// One JSON object and a newline.
std::string toJsonLine(const StepRecord &Step);
/// Appends to the session's steps.jsonl. Failure is for the log only.
Result<void> appendStep(const Session &S, const StepRecord &Step);

} // namespace goslim

#endif // GOSLIM_RECORD_STEPRECORD_H
