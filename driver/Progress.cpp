//===- Progress.cpp - how far builds have come ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Progress.h"
#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

using namespace goslim;

static bool isShown() { return ::isatty(STDERR_FILENO); }

void Progress::clear() {
  if (isShown())
    fmt::print(stderr, "\r\033[K");
}

void Progress::begin(const std::string &Name) {
  std::lock_guard Lock(Mutex);
  ++Begun;
  if (!isShown())
    return;
  std::string Left;
  if (Ended && Expected > Ended)
    Left = fmt::format(", about {:.0f} s left",
                       Seconds / Ended * (Expected - Ended) / Jobs);
  clear();
  fmt::print(stderr, "verify: build {} of about {}: {}{}", Begun,
             std::max(Begun, Expected), Name, Left);
  fflush(stderr);
}

void Progress::end(double OfBuild) {
  std::lock_guard Lock(Mutex);
  ++Ended, Seconds += OfBuild;
  clear();
}

void Progress::expect(unsigned More) {
  std::lock_guard Lock(Mutex);
  Expected += More;
}

void Progress::print(llvm::function_ref<void()> Print) {
  std::lock_guard Lock(Mutex);
  clear();
  Print();
  fflush(stdout);
}
