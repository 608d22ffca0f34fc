//===- GoVerbs.cpp - the commands of go
//------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// So that a mistyped command of goslim is told from one of go. What a later
// go adds is reached by `goslim go VERB` until it is listed here.
//===----------------------------------------------------------------------===//
#include "Go.h"

using namespace goslim;

const std::vector<GoVerb> &goslim::goVerbs() {
  static const std::vector<GoVerb> Table = {
      {"build", "Compile packages and dependencies", true},
      {"install", "Compile and install packages and dependencies", true},
      {"run", "Compile and run a Go program", true},
      {"test", "Test packages", true},
      {"vet", "Report likely mistakes in packages", true},
      {"list", "List packages or modules", true},
      {"fix", "Apply fixes to packages", true},
      {"get", "Add dependencies to the module", false},
      {"generate", "Generate Go files by processing source", false},
      {"bug", "Start a bug report", false},
      {"clean", "Remove object files and cached files", false},
      {"doc", "Show documentation", false},
      {"env", "Print Go environment information", false},
      {"fmt", "Reformat package sources", false},
      {"mod", "Module maintenance", false},
      {"telemetry", "Manage telemetry data and settings", false},
      {"tool", "Run a go tool", false},
      {"version", "Print the Go version", false},
      {"work", "Workspace maintenance", false},
  };
  return Table;
}

const GoVerb *goslim::findGoVerb(std::string_view Name) {
  for (const GoVerb &Verb : goVerbs())
    if (Verb.Name == Name)
      return &Verb;
  return nullptr;
}
