//===- GoSession.h - how a build of the driver is measured ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_GOSESSION_H
#define GOSLIM_DRIVER_GOSESSION_H

#include "Go.h"
#include "goslim/Record/Session.h"
#include <thread>

namespace goslim {

/// Argv is what to run: the command, and -toolexec with our wrapper when Build
/// has a folder. Without one go runs with the same native flags, unmeasured,
/// and Warning says why (or is "": nothing to measure).
struct Measurement {
  Session Build;
  std::vector<std::string> Argv;
  std::string Warning;
};
Measurement startMeasuring(const GoRun &Run);

/// Deletes old sessions while go runs.
class BackgroundCleaning {
public:
  BackgroundCleaning();
  BackgroundCleaning(const BackgroundCleaning &) = delete;
  ~BackgroundCleaning() { Worker.join(); }

private:
  std::thread Worker;
};

} // namespace goslim

#endif // GOSLIM_DRIVER_GOSESSION_H
