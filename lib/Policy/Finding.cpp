//===- Finding.cpp - something a rule has to say --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One form for findings everywhere, on a terminal and through go's output.
//===----------------------------------------------------------------------===//
#include "goslim/Policy/Finding.h"
#include <fmt/format.h>

using namespace goslim;

std::string goslim::print(const Finding &F) {
  std::string Where = print(F.Where);
  std::string Out =
      fmt::format("goslim: {}: {}{}{} [{}]",
                  F.Level == Severity::Error ? "error" : "warning", Where,
                  Where.empty() ? "" : ": ", F.Message, F.Id);
  if (!F.Fix.empty())
    Out += "\ngoslim: note: " + F.Fix;
  return Out;
}

const FindingDoc *goslim::findFindingDoc(std::string_view Id) {
  for (const FindingDoc &Doc : findingDocs())
    if (Doc.Id == Id)
      return &Doc;
  return nullptr;
}
