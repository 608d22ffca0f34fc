//===- PolicyFuzz.cpp - any bytes as a goslim.toml ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Beside not crashing: every error names a place and is one line, what an
// untrusted file may say a trusted one may too, and what is printed for an
// accepted file is again a policy that prints the same.
//===----------------------------------------------------------------------===//
#include "Argv.h"
#include "goslim/Policy/PolicyFile.h"

using namespace goslim;

/// Without the comments that name places.
static std::string withoutOrigins(std::string_view Text) {
  std::string Out;
  while (!Text.empty()) {
    std::string_view Line = Text.substr(0, Text.find('\n'));
    Text.remove_prefix(std::min(Line.size() + 1, Text.size()));
    if (!Line.starts_with('#'))
      (Out += Line.substr(0, Line.rfind("  #"))) += '\n';
  }
  return Out;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::string_view Text = textOf(Data, Size);
  PolicySource Found{"/m/goslim.toml", "example.com/m", "/m", false, "f"};
  PolicySource Named = Found;
  Named.Trusted = true;

  Result<Policy> P = parsePolicy(Found, Text, "");
  if (!P) {
    const std::string &Message = P.failure().Message;
    check(Message.starts_with("f:"));
    check(Message.find_first_of("\n\r") == std::string::npos);
    P = parsePolicy(Named, Text, "");
    if (!P)
      return 0;
  } else {
    check(bool(parsePolicy(Named, Text, "")));
  }
  Context C;
  C.Package = "example.com/m/cmd/x";
  C.Goos = "linux";
  C.Goarch = "amd64";
  C.Command = "build";
  C.Buildmode = "exe";
  std::string Printed = printResolved(*P, C);
  Result<Policy> Again = parsePolicy(Named, Printed, "");
  check(bool(Again));
  check(withoutOrigins(printResolved(*Again, C)) == withoutOrigins(Printed));
  C.Command = "test";
  resolve(*P, C);
  wantsManifest(*P, C);
  printResolvedJson(*P, C);
  (void)manifestFile(*P, "x", "linux", "amd64");
  return 0;
}
