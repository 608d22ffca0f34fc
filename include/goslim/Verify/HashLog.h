//===- goslim/Verify/HashLog.h - what go hashed -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_VERIFY_HASHLOG_H
#define GOSLIM_VERIFY_HASHLOG_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <utility>
#include <vector>

namespace goslim {

/// An action of go whose own inputs differ: what only one of two builds hashed,
/// as go words it ("dir /src/p", "file p.go nmh-C--SNi9tJHZfq4Uz").
struct ActionInputs {
  std::string Action; ///< "build example.com/p", "link example.com/app"
  std::vector<std::string> Only[2];
};

/// From what GODEBUG=gocachehash=1 prints (cmd/go/internal/cache/hash.go, Go
/// 1.10 to 1.27: lines `HASH[ACTION]: "QUOTED"`, in any order of actions): what
/// differs by itself. Actions in the order of A, which go needs for others
/// first; lines that name the outcome of another action ("import P ID",
/// "packagefile P=ID") are left out, for that one is there itself.
std::vector<ActionInputs> differingInputs(llvm::StringRef A, llvm::StringRef B);

/// Two texts for people: one of more than Most bytes is cut ("...") so that the
/// place where they begin to differ is still there, and what is before it.
std::pair<std::string, std::string>
aroundDifference(llvm::StringRef A, llvm::StringRef B, size_t Most);

} // namespace goslim

#endif // GOSLIM_VERIFY_HASHLOG_H
