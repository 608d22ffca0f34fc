//===- Store.h - small texts that are kept for a while ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// <cache>/<Store>/<key>/<name>, name being the text's own SHA-256 in part. Now
// and then deletes what was of no use for 90 days, then the oldest beyond
// 64 MiB (GOSLIM_LINKS_LIMIT, in bytes).
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_RECORD_STORE_H
#define GOSLIM_LIB_RECORD_STORE_H

#include "goslim/Base/Result.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

struct Kept {
  std::string Path;
  int64_t Used = 0; ///< seconds
  uint64_t Size = 0;
};

/// Key: 64 hex digits.
Result<void> keepText(std::string_view Store, const std::string &Key,
                      std::string_view Text);
bool hasStore(std::string_view Store);
/// Newest first. markUsed is the caller's.
std::vector<Kept> findTexts(std::string_view Store, const std::string &Key);
void markUsed(const Kept &K);

} // namespace goslim

#endif // GOSLIM_LIB_RECORD_STORE_H
