//===- UserFlags.h - the user's part of a tool's line -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_REWRITE_USERFLAGS_H
#define GOSLIM_LIB_REWRITE_USERFLAGS_H

#include "goslim/Tool/Invocation.h"

namespace goslim::rewrite {

/// Call.Args[Begin, End): what go took from -ldflags, -gcflags or -asmflags,
/// and where it would put more of them. Before it stand go's own flags.
struct FlagSpan {
  size_t Begin = 0, End = 0;
};
FlagSpan userFlags(const Invocation &Call);

} // namespace goslim::rewrite

#endif // GOSLIM_LIB_REWRITE_USERFLAGS_H
