//===- WrapStep.h - one tool call, from line to record ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_WRAP_WRAPSTEP_H
#define GOSLIM_DRIVER_WRAP_WRAPSTEP_H

#include "WrapBuild.h"
#include "goslim/Record/StepRecord.h"

namespace goslim {

/// Runs the tool as given and as nothing but itself; returns only on failure.
int execUnchanged(const WrapLine &Line);

/// Answers "-V=full": unchanged when policy cannot touch the tool's output,
/// else salted. Also the place where rules that only go could fulfil are
/// checked: nothing has been compiled yet.
int answerVersion(const WrapLine &Line);

/// The rules that only go itself could have fulfilled and did not.
Result<std::vector<Finding>> checkGo(const WrapBuild &Build, const Policy &P);

/// A real tool call: rewrite or check, run, record, look at what was linked.
int runStep(const WrapLine &Line);

/// Before link: copies what it is about to read into the session and names the
/// copy in Step. Returns the step's name there ("link-123"), "" = none.
std::string beforeLink(const WrapBuild &Build, StepRecord &Step,
                       std::string_view Importcfg);
/// `goslim link-done`, beside a link whose program gets a manifest. It is told
/// "recorded\n" when the link's record is there, and "linked\n" when the step's
/// is and the link has ended well; the end of its input means that it failed.
/// It answers with a line that holds the exit code it is about to end with.
struct LinkDone {
  int Pid = -1; ///< -1 = none
  int Input = -1, Errors = -1;
};
LinkDone startLinkDone(const WrapBuild &Build, const Policy &P,
                       const Invocation &Call, const ToolContext &C,
                       const std::string &StepName);
/// For a link that failed: ends it.
void stopLinkDone(const LinkDone &D);
/// Starts the child that writes down, beside the link, what it needs to be done
/// again (LinkRecord), and tells D. Returns its pid, or -1.
int startLinkRecord(const WrapBuild &Build, const WrapLine &Line,
                    const StepRecord &Step, const Invocation &Call,
                    const ToolContext &C, const std::string &StepName,
                    const LinkDone &D);
/// Waits for it, and keeps the record of a link that succeeded, with what the C
/// linker wrote to MapFile ("" = not asked), which is removed.
void finishLinkRecord(int Child, const WrapBuild &Build, const StepRecord &Step,
                      const ToolContext &C, const std::string &StepName,
                      bool Linked, const std::string &MapFile);

/// After a link that succeeded: has the output looked at by D, if it is there.
/// False: a required rule is broken, and stderr says so.
bool afterLink(const WrapBuild &Build, const LinkDone &D, const ToolContext &C,
               const StepRecord &Step, const std::string &StepName);

} // namespace goslim

#endif // GOSLIM_DRIVER_WRAP_WRAPSTEP_H
