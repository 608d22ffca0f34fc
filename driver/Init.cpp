//===- Init.cpp - goslim init ---------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the template where go builds find it: beside the go.mod or go.work
// that is nearest, like `go mod` and unlike tools that litter the folder one
// happens to stand in. What is there already stays.
//===----------------------------------------------------------------------===//
#include "Go.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Policy/PolicyFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;

namespace {
constexpr std::string_view PolicyName = "goslim.toml";

bool hasModule(const std::string &Folder) {
  return fileExists(Folder + "/go.mod") || fileExists(Folder + "/go.work");
}

/// The nearest folder upward that is a module or workspace; else the current
/// one, with a word about that.
std::string defaultOutput() {
  std::string Up;
  for (std::string Folder = realPath("."); Folder.size() > 1;
       Folder = std::string(parentPath(Folder)), Up += "../")
    if (hasModule(Folder))
      return Up + std::string(PolicyName);
  llvm::errs() << "goslim: note: there is no go.mod here: a build finds "
                  "goslim.toml only in a module, or through -config\n";
  return std::string(PolicyName);
}
} // namespace

int goslim::runInit(const Options &O) {
  std::string Output(O.get("output"));
  std::string Text = O.has("schema") ? policySchema() : policyTemplate();
  if (Output == "-" || (Output.empty() && O.has("schema"))) {
    llvm::outs() << Text;
    return ExitClean;
  }
  if (Output.empty())
    Output = defaultOutput();
  if (fileExists(Output) && !O.has("force"))
    return printError(
        {Output + ": file exists", "'goslim init --force' replaces it"});
  if (Result<void> R = writeFileAtomic(Output, Text); !R)
    return printError(R.failure());
  llvm::errs() << "goslim: wrote " << Output << '\n';
  return ExitClean;
}
