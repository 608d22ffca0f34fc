//===- Topics.cpp - the chapters of the manual ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What holds for more than one command. Lists that exist as tables (policy
// keys, default exclusions) are printed from them.
//===----------------------------------------------------------------------===//
#include "Help.h"
#include "goslim/Policy/PolicyFile.h"

using namespace goslim;

static std::string policyTopic() {
  std::string Out =
      "goslim.toml, the policy of a module\n\n"
      "The nearest goslim.toml from the folder in which go works upward, not\n"
      "above the module root (go.mod) or the workspace root (go.work).\n"
      "--config FILE or GOSLIM_CONFIG names another one. 'goslim init' writes\n"
      "a commented file, 'goslim policy' prints what holds and from where.\n"
      "An unknown key is an error.\n\n"
      "A [profile.NAME] inherits \"policy\" or another profile and is chosen\n"
      "with --profile NAME or GOSLIM_PROFILE. An [[override]] holds where its\n"
      "match fits. Any rule takes its own mode in the long form:\n"
      "  strip = { value = \"all\", mode = \"require\" }\n\n"
      "A file that was only found, not named by --config or GOSLIM_CONFIG, "
      "may\n"
      "not set flags or variables that run programs or write files, nor a\n"
      "manifest path outside its folder.\n";
  std::string_view Table = "-";
  for (const PolicyKey &Key : policyKeys()) {
    if (Key.Table != Table) {
      Table = Key.Table;
      Out += Table.empty() ? "\nat the top\n" : fmt::format("\n[{}]\n", Table);
    }
    // A default shows the type as well.
    Out += Key.Default.empty()
               ? fmt::format("  {}  ({})\n", Key.Name, Key.Type)
               : fmt::format("  {} = {}\n", Key.Name, Key.Default);
    Out += fmt::format("      {}\n", wrapText(Key.Help, 6));
  }
  return Out;
}

static std::string exclusionLines() {
  std::string Out;
  for (const Exclusion &Row : defaultExclusions()) {
    std::string Rules;
    for (RuleId Rule : Row.Excluded)
      Rules += fmt::format("{}{}", Rules.empty() ? "" : ", ", ruleName(Rule));
    if (Row.NoManifest)
      Rules += fmt::format("{}no manifest", Rules.empty() ? "" : "; ");
    Out += fmt::format("  {:<18}{}\n", Row.Condition, wrapText(Rules, 20));
    Out += fmt::format("                    {}\n", wrapText(Row.Why, 20));
  }
  return Out;
}

static std::string modesTopic() {
  return "How goslim is put in, and what a rule does\n\n"
         "Three ways in, one policy:\n"
         "  goslim build ...   Driver. Policy is merged into go's own flags "
         "and\n"
         "                     environment. Cache, build info and bytes are "
         "those\n"
         "                     of a plain go build with these flags.\n"
         "  a link named go    Shim, first on PATH: the same for Makefiles "
         "and\n"
         "                     tools that run go. Silent but for errors and\n"
         "                     warnings.\n"
         "  -toolexec goslim-wrap\n"
         "                     Without the driver, also through GOFLAGS. The\n"
         "                     wrapper changes the compile, asm and link "
         "lines.\n"
         "                     What only go can decide (CGO_ENABLED, GOOS, "
         "tags)\n"
         "                     is required instead: the build fails with one "
         "line.\n"
         "Commands of go that build nothing run as they are. Without "
         "goslim.toml\n"
         "no flag is changed; steps are still measured.\n\n"
         "The mode of a rule:\n"
         "  rewrite   change the command, say so in the summary\n"
         "  require   fail before anything is compiled when it is not met\n"
         "  warn      report and record it\n"
         "  off       the rule is not there\n\n"
         "Not applied unless an [[override]] that matches sets the rule:\n" +
         exclusionLines();
}

static std::string manifestTopic() {
  return "The manifest of a program\n\n"
         "A build that succeeds writes one TOML file a program, by default\n"
         "goslim/{name}.{goos}-{goarch}.toml beside goslim.toml: toolchain, "
         "flags\n"
         "and what policy changed, environment by an allow-list, modules, "
         "sections,\n"
         "packages with bytes per kind, and per step the bytes it put into "
         "the\n"
         "program. The bytes of all steps add up to the size of the file.\n\n"
         "The same inputs give the same bytes on any machine, cold or cached: "
         "no\n"
         "time, no absolute path, no host name. Tables are sorted by name, one "
         "leaf\n"
         "a line, no totals, so that git merges them. After a conflict build "
         "again,\n"
         "or write it anew with 'goslim manifest FILE --output PATH'.\n\n"
         "[manifest] in goslim.toml sets the path and what is recorded. Tests "
         "and\n"
         "go run write none. Time and cache hits are in the ledger: 'goslim "
         "steps'.\n";
}

static std::string reportJsonTopic() {
  return "goslim report FILE --format json\n\n"
         "One object a file. Sizes are bytes. A reader must accept keys that "
         "it\n"
         "does not know; a key is removed or changed only with a new schema "
         "number.\n\n"
         "  schema      \"goslim-report/1\"\n"
         "  file        name, size, format, arch, os, go, stripped, memory\n"
         "  evidence    bytes by what the answer stands on: replayed, table, "
         "symbol,\n"
         "              inferred, none\n"
         "  kinds       bytes by kind: code, type, string, rodata, data, "
         "pclntab, ...\n"
         "  sections    [{name, offset, size, address, memory}] in file order\n"
         "  packages    [{path, module, version, size, memory, kinds}] by "
         "path\n"
         "  rest        [{name, size}] bytes of no package\n\n"
         "The sum of packages[].size and rest[].size is file.size. size counts "
         "bytes\n"
         "of the file, memory bytes when loaded (.bss has only memory).\n\n"
         "goslim report FILE --by span --format csv prints every range of the "
         "file:\n"
         "  "
         "offset,size,address,memsize,section,kind,step,package,module,symbol,"
         "\n"
         "  evidence\n"
         "Ranges are sorted by offset, have no gap and do not overlap.\n";
}

static std::string exitCodesTopic() {
  return "Exit codes\n\n"
         "  0   clean\n"
         "  1   findings: a rule in mode require is not met\n"
         "  2   usage, configuration or internal error, or a damaged file\n"
         "  3   could not verify\n\n"
         "When go was run and failed, its own exit code is goslim's; when go "
         "was\n"
         "killed by a signal, goslim ends by the same signal.\n";
}

static std::string environmentTopic() {
  return "Environment variables\n\n"
         "  GOSLIM_CONFIG    The policy file, as --config\n"
         "  GOSLIM_PROFILE   The profile, as --profile\n"
         "  GOSLIM_DISABLE   1: go runs as if goslim were not there\n"
         "  GOSLIM_GO        The go command to run, instead of the first on "
         "PATH that\n"
         "                   is not goslim\n"
         "  GOSLIM_CACHE     Where builds are recorded (default: goslim in\n"
         "                   XDG_CACHE_HOME or ~/.cache)\n"
         "  GOSLIM_LOG       A file to which goslim-wrap appends what it does\n"
         "  NO_COLOR         No colour\n"
         "  GOSLIM_DEPTH     Set by goslim for what it runs, to notice a "
         "circle\n\n"
         "Options on the command line win over variables. Of go's own, GOFLAGS "
         "(also\n"
         "as set by go env -w), GOWORK, GOOS, GOARCH and CGO_ENABLED are read "
         "as go\n"
         "reads them; flags of GOFLAGS that policy touches are merged in.\n";
}

const std::vector<Topic> &goslim::topics() {
  static const std::vector<Topic> Table = {
      {"policy", "The keys of goslim.toml", policyTopic},
      {"modes", "Three ways in; rewrite, require, warn, off", modesTopic},
      {"manifest", "What is recorded of a program", manifestTopic},
      {"report-json", "What programs may read", reportJsonTopic},
      {"exit-codes", "0, 1, 2, 3", exitCodesTopic},
      {"environment", "Variables", environmentTopic},
  };
  return Table;
}
