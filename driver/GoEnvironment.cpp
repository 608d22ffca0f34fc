//===- GoEnvironment.cpp - variables and modules as go sees them
//-----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Read here instead of asking `go env`, which would cost a process per build.
// The rules are those of cmd/go/internal/cfg (Getenv, EnvFile, readEnvFile)
// and modload.FindGoMod, the same from Go 1.21 to 1.27.
//===----------------------------------------------------------------------===//
#include "Go.h"
#include "goslim/Base/FileIO.h"
#include <cstdlib>
#include <map>

using namespace goslim;

std::optional<std::string> goslim::environment(const char *Name) {
  const char *Value = std::getenv(Name);
  if (!Value || !*Value)
    return std::nullopt;
  return std::string(Value);
}

std::string goslim::goEnvironmentFile() {
  if (std::optional<std::string> Named = environment("GOENV"))
    return *Named == "off" ? "" : *Named;
  std::optional<std::string> Home = environment("HOME");
#ifdef __APPLE__
  return Home ? *Home + "/Library/Application Support/go/env" : "";
#else
  if (std::optional<std::string> Config = environment("XDG_CONFIG_HOME"))
    return *Config + "/go/env";
  return Home ? *Home + "/.config/go/env" : "";
#endif
}

static std::map<std::string, std::string, std::less<>> readGoEnvFile() {
  std::map<std::string, std::string, std::less<>> Values;
  std::string File = goEnvironmentFile();
  if (File.empty())
    return Values;
  Result<std::string> Text = readFile(File, 1 << 20);
  if (!Text)
    return Values; // go ignores it as well
  std::string_view Rest = *Text;
  while (!Rest.empty()) {
    std::string_view Line = Rest.substr(0, Rest.find('\n'));
    Rest.remove_prefix(std::min(Line.size() + 1, Rest.size()));
    size_t Equal = Line.find('=');
    if (Equal != std::string_view::npos && Line[0] >= 'A' && Line[0] <= 'Z')
      Values[std::string(Line.substr(0, Equal))] = Line.substr(Equal + 1);
  }
  return Values;
}

std::optional<std::string> goslim::goEnvironment(std::string_view Name) {
  if (std::optional<std::string> Set = environment(std::string(Name).c_str()))
    return Set;
  static const std::map<std::string, std::string, std::less<>> File =
      readGoEnvFile();
  auto Found = File.find(Name);
  if (Found == File.end() || Found->second.empty())
    return std::nullopt;
  return Found->second;
}

std::map<std::string, std::string> goslim::moduleEnvironment() {
  static constexpr const char *Names[] = {
      "PATH",       "GOPROXY",     "GOSUMDB",       "GONOSUMDB",
      "GONOPROXY",  "GOPRIVATE",   "GOINSECURE",    "GOMODCACHE",
      "http_proxy", "https_proxy", "HTTP_PROXY",    "HTTPS_PROXY",
      "no_proxy",   "NO_PROXY",    "SSL_CERT_FILE", "SSL_CERT_DIR",
      "CC",         "CXX"};
  std::map<std::string, std::string> Out;
  for (const char *Name : Names)
    if (std::optional<std::string> Value = goEnvironment(Name))
      Out[Name] = *Value;
  return Out;
}

std::string goslim::effectiveFlag(const GoCommand &Command,
                                  std::string_view Name) {
  if (const Argument *Flag = Command.last(Name))
    return Flag->Value.value_or("");
  // What cannot be parsed is go's to complain about.
  Result<std::vector<Argument>> Flags =
      parseGoFlags(goEnvironment("GOFLAGS").value_or(""));
  std::string Value;
  if (Flags)
    for (const Argument &Flag : *Flags)
      if (Flag.Name == Name)
        Value = Flag.Value.value_or("");
  return Value;
}

/// The path in the module line of a go.mod; "" when there is none.
static std::string modulePathOf(std::string_view GoMod) {
  while (!GoMod.empty()) {
    std::string_view Line = GoMod.substr(0, GoMod.find('\n'));
    GoMod.remove_prefix(std::min(Line.size() + 1, GoMod.size()));
    Line = Line.substr(0, Line.find("//"));
    size_t First = Line.find_first_not_of(" \t\r");
    if (First == std::string_view::npos)
      continue;
    Line = Line.substr(First, Line.find_last_not_of(" \t\r") - First + 1);
    if (Line.substr(0, 6) != "module" || Line.size() < 8 ||
        (Line[6] != ' ' && Line[6] != '\t' && Line[6] != '"'))
      continue;
    Line.remove_prefix(std::min(Line.find_first_not_of(" \t", 6), Line.size()));
    if (Line.size() >= 2 && (Line[0] == '"' || Line[0] == '`') &&
        Line.back() == Line[0])
      Line = Line.substr(1, Line.size() - 2);
    return std::string(Line);
  }
  return "";
}

GoModule goslim::findModule(const std::string &Folder) {
  for (std::string Root = Folder;;) {
    if (Result<std::string> Text = readFile(Root + "/go.mod", 16 << 20))
      return {Root, modulePathOf(*Text)};
    std::string Parent(parentPath(Root));
    if (Parent == Root || Parent == ".")
      return {};
    Root = Parent;
  }
}
