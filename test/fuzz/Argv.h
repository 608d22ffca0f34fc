//===- Argv.h - what the fuzz targets share ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_TEST_FUZZ_ARGV_H
#define GOSLIM_TEST_FUZZ_ARGV_H

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

/// An assertion that does not depend on NDEBUG.
inline void check(bool Holds) {
  if (!Holds)
    abort();
}

inline std::string_view textOf(const uint8_t *Data, size_t Size) {
  return {reinterpret_cast<const char *>(Data), Size};
}

/// One word a line, so that seeds are readable files.
inline std::vector<std::string> argvOf(const uint8_t *Data, size_t Size) {
  std::vector<std::string> Argv;
  std::string_view Text = textOf(Data, Size);
  while (!Text.empty()) {
    size_t End = Text.find('\n');
    Argv.emplace_back(Text.substr(0, End));
    Text.remove_prefix(End == Text.npos ? Text.size() : End + 1);
  }
  return Argv;
}

} // namespace goslim

#endif // GOSLIM_TEST_FUZZ_ARGV_H
