//===- LookAt.h - a program, and all that is known of it --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_DRIVER_LOOKAT_H
#define GOSLIM_DRIVER_LOOKAT_H

#include "goslim/Attribution/Attribution.h"
#include "goslim/LinkModel/Replay.h"
#include "goslim/Manifest/Manifest.h"
#include "goslim/Verify/Published.h"

namespace goslim {

/// Its parts point to each other: it stays where it is. Millions of small
/// things: a process that ends soon lets go of it instead of taking it apart.
struct Looked {
  std::unique_ptr<Image> File;
  GoImage Go;
  Replay Link;
  std::shared_ptr<const SymbolLabels> Labels; ///< null: not made ahead
  Attribution Spans;
};

/// Relink knows File and fills in Link and Labels, while the program's own
/// tables are read. Errors are complete ("PATH: ...").
llvm::Expected<std::unique_ptr<Looked>>
lookAt(const std::string &Path, llvm::function_ref<void(Looked &P)> Relink);

/// The manifest of a program that is PE, Mach-O or Wasm.
Manifest makeManifest(const OtherProgram &From);

} // namespace goslim

#endif // GOSLIM_DRIVER_LOOKAT_H
