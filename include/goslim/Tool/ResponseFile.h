//===- goslim/Tool/ResponseFile.h - @file argument lists --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_TOOL_RESPONSEFILE_H
#define GOSLIM_TOOL_RESPONSEFILE_H

#include "goslim/Base/Result.h"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

/// Lines: one argument a line, "\\" and "\n" escaped (objabi.DecodeArg, Go up
/// to 1.26). Gcc: white space separated, quotes and backslashes as GCC's
/// buildargv (objabi.ParseArgs, Go 1.27 and later).
enum class ResponseFormat { Lines, Gcc };

/// By a version such as "go1.26.8", "go1.27-devel_x"; unknown: Gcc.
ResponseFormat responseFormatOf(std::string_view GoVersion);

Result<std::vector<std::string>> parseResponse(std::string_view Text,
                                               ResponseFormat Format);
std::string printResponse(std::span<const std::string> Args,
                          ResponseFormat Format);

/// Whether Format can hold Args at all. Lines cannot hold a carriage return,
/// nor white space at either end of the whole list (objabi.expandArgs trims).
bool canPrintResponse(std::span<const std::string> Args, ResponseFormat Format);

/// Replaces each word "@file" by the file's arguments, nested up to 8 deep, as
/// the tools do (cmd/internal/objabi/flag.go expandArgs).
Result<std::vector<std::string>>
expandResponseFiles(std::span<const std::string> Args, ResponseFormat Format);

} // namespace goslim

#endif // GOSLIM_TOOL_RESPONSEFILE_H
