//===- PolicyCommand.cpp - goslim policy ----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds and reads the policy exactly as a build from this folder does, and
// prints what holds. A file with mistakes: all of them, one line each, where a
// build stops at the first.
//===----------------------------------------------------------------------===//
#include "Go.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Policy/PolicyFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;

namespace {
/// An option, else an environment variable, else Default.
std::string choose(const Options &O, std::string_view Option,
                   std::optional<std::string> Variable,
                   std::string_view Default = "") {
  if (!O.get(Option).empty())
    return std::string(O.get(Option));
  return Variable ? *Variable : std::string(Default);
}

std::string hostGoos() {
#ifdef __APPLE__
  return "darwin";
#else
  return "linux";
#endif
}

std::string hostGoarch() {
#if defined(__aarch64__)
  return "arm64";
#else
  return "amd64";
#endif
}

Context contextOf(const Options &O, const Policy &P) {
  Context C;
  C.Package = std::string(O.get("package"));
  // "./x" as in the policy's own patterns: below the module's root.
  if (C.Package == "." || C.Package.starts_with("./")) {
    std::string Below = C.Package.substr(C.Package.size() > 2 ? 1 : 0);
    C.Package = P.ModulePath + (Below[0] == '/' ? Below : "");
  }
  C.Goos = choose(O, "goos", goEnvironment("GOOS"), hostGoos());
  C.Goarch = choose(O, "goarch", goEnvironment("GOARCH"), hostGoarch());
  C.Command = choose(O, "command", {}, "build");
  C.Buildmode = "exe";
  return C;
}
} // namespace

int goslim::runPolicy(const Options &O) {
  std::string Here = realPath(".");
  std::string Profile = choose(O, "profile", environment("GOSLIM_PROFILE"));
  Result<PolicySource> Source =
      findPolicy(Here, choose(O, "config", environment("GOSLIM_CONFIG")),
                 goEnvironment("GOWORK").value_or(""));
  if (!Source)
    return printError(Source.failure());
  if (Source->File.empty())
    return printError(
        {"no goslim.toml in " + Here + " or above, up to the module root",
         "'goslim init' writes one"});
  Result<std::string> Text = readFile(Source->File, 1 << 20);
  if (!Text)
    return printError(Text.failure());
  std::vector<Failure> Errors = policyErrors(*Source, *Text, Profile);
  for (const Failure &Error : Errors)
    printError(Error);
  if (!Errors.empty())
    return ExitError;
  Result<Policy> P = parsePolicy(*Source, *Text, Profile);
  if (!P)
    return printError(P.failure());
  if (std::optional<std::string> Off = environment("GOSLIM_DISABLE");
      Off && *Off != "0")
    llvm::errs() << "goslim: note: GOSLIM_DISABLE is set: builds apply none of "
                    "this\n";
  Context C = contextOf(O, *P);
  llvm::outs() << (O.get("format") == "json" ? printResolvedJson(*P, C)
                                             : printResolved(*P, C));
  return ExitClean;
}
