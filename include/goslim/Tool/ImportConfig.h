//===- goslim/Tool/ImportConfig.h - importcfg and modinfo -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// importcfg.link: lines "packagefile PATH=FILE", "packageshlib PATH=FILE",
// "importmap A=B", "modinfo QUOTED" (cmd/link/internal/ld/lib.go
// readImportCfg). FILE under $WORK was built now; anything else is a cache hit.
//
// modinfo: text between 16-byte markers; lines "path\tP", "mod\tP\tV\tSUM",
// "dep\t...", "=>\t..." and an empty line, "build\tKEY=VALUE", VALUE Go-quoted
// when it holds white space or quotes (runtime/debug/mod.go).
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_TOOL_IMPORTCONFIG_H
#define GOSLIM_TOOL_IMPORTCONFIG_H

#include "goslim/Base/Result.h"
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace goslim {

struct ImportConfig {
  struct Line {
    std::string Verb, Key, Value; ///< "packagefile", path, file
    std::string Text;             ///< the line as it stands
  };
  /// Text ending in a newline has an empty last line. Comments and blank lines
  /// have no Verb; "modinfo" has no Key, its Value is still quoted.
  std::vector<Line> Lines;
  const Line *modinfo() const;
};
Result<ImportConfig> parseImportConfig(std::string_view Text);
/// Byte for byte what was parsed, but for lines whose Text was changed.
std::string print(const ImportConfig &Config);

/// The build information of a program. print(parse(t)) == t for what cmd/go
/// writes.
struct ModInfo {
  struct Module {
    std::string Path, Version, Sum;
    std::string ReplacePath, ReplaceVersion, ReplaceSum; ///< "=>" line
    bool HasReplace = false;
    /// Replaced by a folder, which has no version ("(devel)" in Go 1.18 to
    /// 1.27).
    bool isFolder() const {
      return HasReplace &&
             (ReplaceVersion.empty() || ReplaceVersion == "(devel)");
    }
  };
  std::string Path;
  std::optional<Module> Main;
  std::vector<Module> Deps;
  std::vector<std::pair<std::string, std::string>> Settings; ///< unquoted
  std::vector<std::string> Unknown; ///< lines of no known kind, printed last

  std::string_view setting(std::string_view Key) const;
  /// Sets, inserts where cmd/go would have put it, or (nullopt) removes one.
  /// cmd/go lists flags, DefaultGODEBUG, CGO_*, GO*, vcs* in an order of its
  /// own (load/pkg.go setBuildInfo), but sorts all keys when there is a -pgo.
  void setSetting(std::string_view Key, std::optional<std::string> Value);
};
/// Text without markers. Reads what debug.ParseBuildInfo reads; a last line
/// without newline is ignored as there.
Result<ModInfo> parseModInfo(std::string_view Text);
std::string print(const ModInfo &Info);
/// The 16-byte markers cmd/go puts around the text in importcfg.link and in
/// the program (modload/build.go infoStart, infoEnd).
extern const std::string_view ModInfoStart, ModInfoEnd;

} // namespace goslim

#endif // GOSLIM_TOOL_IMPORTCONFIG_H
