//===- Explain.cpp - goslim explain ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text behind the id that stands at the end of each finding.
//===----------------------------------------------------------------------===//
#include "Help.h"
#include "Options.h"
#include "goslim/Policy/Suggest.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;

namespace {
void printList() {
  for (const FindingDoc &Doc : findingDocs())
    llvm::outs() << Doc.Id << "  " << Doc.Title << '\n';
}

/// Lines that begin with blanks (commands) as they stand, the others wrapped.
void printDoc(const FindingDoc &Doc) {
  llvm::outs() << Doc.Id << ": " << Doc.Title << "\n\n";
  for (std::string_view Rest = Doc.Text; !Rest.empty();) {
    std::string_view Line = Rest.substr(0, Rest.find('\n'));
    Rest.remove_prefix(std::min(Line.size() + 1, Rest.size()));
    llvm::outs() << (Line.starts_with(' ') ? std::string(Line)
                                           : wrapText(Line, 0))
                 << '\n';
  }
}

int printUnknown(const std::string &Id) {
  std::vector<std::string_view> Ids;
  for (const FindingDoc &Doc : findingDocs())
    Ids.push_back(Doc.Id);
  return printError(
      {fmt::format("unknown finding '{}'{}", Id, suggestion(Id, Ids)),
       "'goslim explain --list' shows all of them"});
}
} // namespace

int goslim::runExplain(const Options &O) {
  if (O.has("list")) {
    printList();
    return ExitClean;
  }
  if (O.Operands.empty())
    return printError({"expected the id of a finding, such as GS101",
                       "'goslim explain --list' shows all of them"});
  bool First = true;
  for (const std::string &Operand : O.Operands) {
    std::string Id = llvm::StringRef(Operand).upper();
    const FindingDoc *Doc = findFindingDoc(Id);
    if (!Doc)
      return printUnknown(Operand);
    if (!First)
      llvm::outs() << '\n';
    First = false;
    printDoc(*Doc);
  }
  return ExitClean;
}
