//===- goslim/Tool/Quoted.h - the three quotings go uses --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_TOOL_QUOTED_H
#define GOSLIM_TOOL_QUOTED_H

#include "goslim/Base/Result.h"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

/// GOFLAGS, -toolexec, -ldflags, -extldflags, CC: white space separates, a
/// word may be wrapped in '...' or "..." as a whole, no escapes
/// (cmd/internal/quoted/quoted.go, 1.21 to 1.27).
Result<std::vector<std::string>> splitQuoted(std::string_view Text);
/// The inverse. Fails on a word that holds both kinds of quotes and needs
/// quoting: go has no way to write it.
Result<std::string> joinQuoted(std::span<const std::string> Words);

/// One word of a POSIX shell, always in '...'.
std::string shellQuote(std::string_view Text);
/// The same, but as it stands where no shell would see anything in it.
std::string shellWord(std::string_view Word);

/// Go's strconv.Quote and strconv.Unquote (double-quoted form only), as used
/// in the modinfo line of importcfg.link and in build settings.
std::string goQuote(std::string_view Text);
Result<std::string> goUnquote(std::string_view Literal);

} // namespace goslim

#endif // GOSLIM_TOOL_QUOTED_H
