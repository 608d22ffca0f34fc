//===- Deflate.h - where in a zlib stream a byte is ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_ATTRIBUTION_DEFLATE_H
#define GOSLIM_LIB_ATTRIBUTION_DEFLATE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace goslim {

/// For each offset into the decompressed bytes (sorted) the bit of the stream
/// at which its code begins, counted from the start of Zlib (RFC 1950, 1951). A
/// byte in the middle of a match gets its part of the match's bits. nullopt
/// when the stream is damaged or shorter than the last offset.
std::optional<std::vector<uint64_t>>
deflatePositions(llvm::StringRef Zlib, llvm::ArrayRef<uint64_t> Offsets);

} // namespace goslim

#endif // GOSLIM_LIB_ATTRIBUTION_DEFLATE_H
