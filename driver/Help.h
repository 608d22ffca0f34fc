//===- Help.h - the manual -------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_HELP_H
#define GOSLIM_DRIVER_HELP_H

#include "Driver.h"
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

/// `goslim help NAME`.
struct Topic {
  std::string_view Name, Summary;
  std::string (*Text)();
};
const std::vector<Topic> &topics();

/// `goslim NAME --help`.
int printCommandHelp(const Subcommand &Command);

/// Text broken at spaces to 78 columns, all lines but the first indented.
std::string wrapText(std::string_view Text, unsigned Indent);

} // namespace goslim

#endif // GOSLIM_DRIVER_HELP_H
