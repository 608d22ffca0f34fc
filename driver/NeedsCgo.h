//===- NeedsCgo.h - does a program need cgo? --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_NEEDSCGO_H
#define GOSLIM_DRIVER_NEEDSCGO_H

#include "Go.h"

namespace goslim {

/// Whether a package of Command outside the standard library has files that
/// need cgo, as go selects files for this very command with Tags (",": all of
/// them). A package with a pure Go variant counts as needing it when go would
/// build its cgo files. Go is asked, or what it said last time holds still.
Result<bool> needsCgo(const std::string &Go, const std::string &StartDir,
                      const GoCommand &Command, const std::string &Tags);

} // namespace goslim

#endif // GOSLIM_DRIVER_NEEDSCGO_H
