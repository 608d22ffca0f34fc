//===- goslim/Base/Json.h - writing JSON without a library ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lean half only ever writes flat records; reading is done on the LLVM
// side with llvm/Support/JSON.h.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_BASE_JSON_H
#define GOSLIM_BASE_JSON_H

#include <string>
#include <string_view>

namespace goslim {

/// Appends Text quoted and escaped; bytes that are not UTF-8 become U+FFFD,
/// so that the line is always valid JSON.
void appendJsonString(std::string &Out, std::string_view Text);

} // namespace goslim

#endif // GOSLIM_BASE_JSON_H
