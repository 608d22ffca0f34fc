//===- GoProcess.cpp - the go command that runs us ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In pure toolexec mode nothing in argv or environment is common to all tool
// calls of one go command and to no other. The go process itself is: each
// wrapper is its descendant. Usually it is the parent; another wrapper, or a
// shell, may stand between.
//===----------------------------------------------------------------------===//
#include "goslim/Base/Subprocess.h"
#include "goslim/Record/Session.h"
#include <unistd.h>

namespace goslim {

/// "go", and as distributions name it "go1.24" or "go-1.24".
static bool isGoName(std::string_view Name) {
  return Name.substr(0, 2) == "go" &&
         Name.find_first_not_of("0123456789.-", 2) == Name.npos;
}

Result<GoProcess> findGoProcess() {
  constexpr int MaxDepth = 16;
  int Pid = ::getppid();
  for (int Depth = 0; Depth < MaxDepth && Pid > 0; ++Depth) {
    Result<ProcessInfo> Info = inspectProcess(Pid, /*Short=*/true);
    if (!Info)
      return Info.failure();
    if (!isGoName(Info->Name)) {
      Pid = Info->ParentPid;
      continue;
    }
    Info = inspectProcess(Pid, /*Short=*/false);
    if (!Info)
      return Info.failure();
    GoProcess Go;
    Go.Pid = Pid;
    Go.StartTime = Info->StartTime;
    // go changes its folder for -C before anything else.
    Go.Cwd = Info->Cwd;
    Go.Argv = std::move(Info->Argv);
    return Go;
  }
  return fail("no go command among the parent processes");
}

} // namespace goslim
