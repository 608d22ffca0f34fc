//===- Embeds.h - embedded files by name ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_LINKMODEL_EMBEDS_H
#define GOSLIM_LIB_LINKMODEL_EMBEDS_H

#include "Deadcode.h"

namespace goslim {

/// Files of reachable embed.FS variables, in the order of variables and paths.
std::vector<EmbeddedFile> findEmbeds(const Loader &L, const Reachability &R);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_EMBEDS_H
