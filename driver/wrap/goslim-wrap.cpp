//===- goslim-wrap.cpp - what -toolexec runs ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// go runs this in front of each of its tools, thousands of times a build. It
// is a static program without LLVM that reads one or two small files, and it
// is silent: go stores what a tool prints in its cache and shows it again in
// later builds. In: argv and environment of one tool call. Out: the tool's own
// exit status, output and files, and one line in the build's session.
//===----------------------------------------------------------------------===//
#include "WrapStep.h"
#include "goslim/Base/FileIO.h"

using namespace goslim;

int main(int Argc, char **Argv) {
  Result<WrapLine> Line = parseWrapLine({Argv, size_t(Argc)});
  if (!Line)
    return reportFailure(Line.failure());
  if (runsOurselves(*Line))
    return reportFailure(
        {fmt::format("{}: recursive invocation, this is goslim-wrap itself",
                     Line->Program),
         "name goslim-wrap only once, in -toolexec or in pkg/tool"});
  if (environment("GOSLIM_DISABLE") == "1" || Line->Tool == ToolKind::Unknown)
    return execUnchanged(*Line);
  if (Line->asksVersion())
    return answerVersion(*Line);
  return runStep(*Line);
}
