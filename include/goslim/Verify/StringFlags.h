//===- goslim/Verify/StringFlags.h - -X flags, guessed ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Under -trimpath build info has no -ldflags, but what -X set is in the
// program: the linker writes each value with a zero byte behind it, and the
// variable points to it (ld/data.go addstrdata, Go 1.20 to 1.27). Which
// variable that is a stripped program does not say. Names suggest it ("commit"
// for 40 hex digits), and building again tells whether the guess was right.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_VERIFY_STRINGFLAGS_H
#define GOSLIM_VERIFY_STRINGFLAGS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace goslim {

/// Values that variables of Published point to and that are not in Rebuilt,
/// a build without them; by address, each once. At most 8; none in Wasm, whose
/// variables no symbol names. An Error is complete.
llvm::Expected<std::vector<std::string>>
valuesOfStringFlags(llvm::StringRef Published, llvm::StringRef Rebuilt);

/// Variables of Unstripped that may be strings and whose names are usual for
/// such flags; sorted. An Error is complete.
llvm::Expected<std::vector<std::string>>
variablesForStringFlags(llvm::StringRef Unstripped);

/// "NAME=VALUE" for -X, the likeliest first: each value goes to a variable of
/// its own. At most Limit sets; none where there are fewer variables than
/// values.
std::vector<std::vector<std::string>>
guessStringFlags(llvm::ArrayRef<std::string> Values,
                 llvm::ArrayRef<std::string> Variables, size_t Limit);

/// Ways to write the same -ldflags: order and form leave their mark in the
/// build ID. The usual one first; at most Limit.
std::vector<std::vector<std::string>>
spellingsOf(llvm::ArrayRef<std::string> Others,
            llvm::ArrayRef<std::string> Assignments, size_t Limit);

} // namespace goslim

#endif // GOSLIM_VERIFY_STRINGFLAGS_H
