//===- Progress.h - how far builds have come --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_PROGRESS_H
#define GOSLIM_DRIVER_PROGRESS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <mutex>
#include <string>

namespace goslim {

/// One line on a terminal for all that is built; nothing where there is none.
/// From any thread.
class Progress {
public:
  /// Jobs: at once; Expected: builds in all.
  Progress(size_t Jobs, size_t Expected)
      : Jobs(unsigned(Jobs)), Expected(unsigned(Expected)) {}
  void begin(const std::string &Name);
  void end(double OfBuild); ///< seconds
  void expect(unsigned More);
  /// What is printed instead of it.
  void print(llvm::function_ref<void()> Print);

private:
  unsigned Jobs, Expected, Begun = 0, Ended = 0;
  double Seconds = 0; ///< of all builds that have ended
  std::mutex Mutex;

  void clear();
};

} // namespace goslim

#endif // GOSLIM_DRIVER_PROGRESS_H
