//===- Terminal.cpp - what stdout is
//---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Driver.h"
#include <sys/ioctl.h>
#include <unistd.h>

using namespace goslim;

unsigned goslim::terminalWidth() {
  if (!isatty(STDOUT_FILENO))
    return 0;
  winsize Size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &Size) == 0 && Size.ws_col)
    return Size.ws_col;
  return 80;
}
