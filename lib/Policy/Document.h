//===- Document.h - a TOML file as a tree with positions --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the rest of the library sees of TOML. It keeps toml++, which is slow to
// compile, in one file, and has what toml++'s own tree has not: children in
// the order in which they were written.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_POLICY_DOCUMENT_H
#define GOSLIM_LIB_POLICY_DOCUMENT_H

#include "goslim/Base/Result.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

/// Line and column from 1.
struct Position {
  unsigned Line = 0, Column = 0;
  auto operator<=>(const Position &) const = default;
};

struct Node {
  enum class Kind : uint8_t {
    String,
    Integer,
    Boolean,
    Float,
    Time,
    Array,
    Table
  };
  Kind What = Kind::Table;
  std::string Key; ///< of a table's child
  Position KeyAt, At;
  std::string Text;           ///< of a string
  int64_t Number = 0;         ///< of an integer; 0 or 1 of a boolean
  std::vector<Node> Children; ///< of an array or table

  const Node *find(std::string_view Name) const;
};

/// What is wrong, and where.
struct Problem {
  Position At;
  Failure Why;
};

/// Parses Text. On failure the root is empty and Error says why.
Node parseDocument(std::string_view Text, Problem &Error);

/// "the string \"x\"", "the integer 3", "an array": for messages; one line.
std::string describe(const Node &N);
/// A text in quotes, escaped, cut to some 60 bytes: for messages.
std::string quoteShort(std::string_view Text);

} // namespace goslim

#endif // GOSLIM_LIB_POLICY_DOCUMENT_H
