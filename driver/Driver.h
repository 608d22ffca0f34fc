//===- Driver.h - subcommands of goslim -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table says what subcommands exist and which options they take; the
// parser, --help, `goslim help`, the shell completions and the test that every
// flag is documented read it. driver/ is the only code that prints or exits.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_DRIVER_DRIVER_H
#define GOSLIM_DRIVER_DRIVER_H

#include "goslim/Base/Result.h"
#include "goslim/Policy/Finding.h"
#include "llvm/Support/Error.h"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

enum ExitCode {
  ExitClean = 0,
  ExitFindings = 1,
  ExitError = 2,
  ExitUnverified = 3
};

struct OptionInfo {
  std::string_view Name;   ///< long name without dashes
  std::string_view Value;  ///< placeholder, "" = boolean
  std::string_view Values; ///< "text|json|csv" to complete and check, or ""
  std::string_view Help;
};

/// Parsed words of one subcommand.
struct Options {
  std::vector<std::pair<std::string_view, std::string>> Given; ///< in order
  std::vector<std::string> Operands;
  bool has(std::string_view Name) const;
  std::string_view get(std::string_view Name,
                       std::string_view Default = "") const;
};

struct Subcommand {
  std::string_view Name, Usage, Summary, Description;
  std::vector<OptionInfo> OptionTable;
  int (*Run)(const Options &O);
  unsigned MinOperands = 0, MaxOperands = 0;
  std::string_view OperandWords = ""; ///< "bash|zsh|fish" to complete; "" =
                                      ///< files
  bool Hidden = false;                ///< goslim's own helpers
};
const std::vector<Subcommand> &subcommands();
const Subcommand *findSubcommand(std::string_view Name);

// One function per subcommand, one file each.
int runReport(const Options &O);
int runInspect(const Options &O);
int runDump(const Options &O);
int runCompare(const Options &O);
int runVerify(const Options &O);
int runRelink(const Options &O);
int runAttest(const Options &O);
int runManifest(const Options &O);
int runSteps(const Options &O);
int runInit(const Options &O);
int runPolicy(const Options &O);
int runExplain(const Options &O);
int runCompletion(const Options &O);
int runHelp(const Options &O);
int runVersion(const Options &O);
/// Hidden: what goslim-wrap starts after a link, see LinkDone.cpp.
int runLinkDone(const Options &O);

/// "1 step", "2 steps".
inline std::string counted(size_t Count, std::string_view Noun) {
  return fmt::format("{} {}{}", Count, Noun, Count == 1 ? "" : "s");
}

/// Columns of the terminal on stdout; 0 when it is none.
unsigned terminalWidth();

/// "goslim: error: ..." and the note, on stderr; returns ExitError.
int printError(const Failure &F);
int printError(llvm::Error E);
void printFinding(const Finding &F);

} // namespace goslim

#endif // GOSLIM_DRIVER_DRIVER_H
