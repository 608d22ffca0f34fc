//===- Wasm.h - the frame of a WebAssembly module ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_IMAGE_WASM_H
#define GOSLIM_LIB_IMAGE_WASM_H

#include "goslim/Image/OtherFormats.h"

namespace goslim {

/// Bytes begin with "\0asm". Symbols are all functions of the module in their
/// order, "" being the name of one that has none.
llvm::Expected<OtherImage> readWasm(llvm::MemoryBufferRef Bytes);

} // namespace goslim

#endif // GOSLIM_LIB_IMAGE_WASM_H
