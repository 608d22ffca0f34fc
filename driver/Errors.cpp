//===- Errors.cpp - what goslim says on stderr ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place that prints messages. A message is one line, its note another:
// a line break in either (a file name may hold one) would let a file's content
// pass for a message of ours, so control characters are shown as "\xNN".
//===----------------------------------------------------------------------===//
#include "Driver.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;

static std::string oneLine(std::string_view Text) {
  std::string Line;
  for (char C : Text)
    if (static_cast<unsigned char>(C) < 0x20 || C == 0x7f)
      Line += fmt::format("\\x{:02x}", static_cast<unsigned char>(C));
    else
      Line += C;
  return Line;
}

int goslim::printError(const Failure &F) {
  llvm::outs().flush();
  llvm::errs() << "goslim: error: " << oneLine(F.Message) << '\n';
  if (!F.Note.empty())
    llvm::errs() << "goslim: note: " << oneLine(F.Note) << '\n';
  return ExitError;
}

int goslim::printError(llvm::Error E) {
  return printError(Failure{llvm::toString(std::move(E))});
}

void goslim::printFinding(const Finding &F) {
  llvm::outs().flush();
  std::string Text = print(F);
  while (!Text.empty() && Text.back() == '\n')
    Text.pop_back();
  llvm::errs() << Text << '\n';
}
