//===- Commands.cpp - the table of subcommands ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything that can be typed, as data: the parser, --help, `goslim help`,
// the completions and the test of the manual read it, so they cannot drift
// apart. To add a subcommand, add a row here and a file with its function.
//===----------------------------------------------------------------------===//
#include "Attest.h"
#include "Driver.h"
#include "goslim/Verify/BuildPlan.h"
#include "llvm/ADT/STLExtras.h"

using namespace goslim;

static constexpr unsigned AnyNumber = ~0u;

static Subcommand reportCommand() {
  return {
      "report",
      "report [OPTION]... FILE...",
      "Say what every byte of a Go program is for",
      "Each byte of FILE belongs to one row: a package, a table of the "
      "linker,\n"
      "the file format, padding, debug information, or unknown. The rows add\n"
      "up to the size of the file, stripped or not. The evidence line says\n"
      "what the answer stands on.",
      {
          {"by", "WHAT",
           "package|module|section|kind|symbol|step|owner|object|span",
           "Group bytes by WHAT (default: package); span lists every range of "
           "the file"},
          {"owners", "FILE", "",
           "The CODEOWNERS file for --by owner (default: the one of the "
           "repository): the last pattern that matches a package's folder, or "
           "import path, says whose it is"},
          {"format", "FORMAT",
           "text|markdown|html|svg|json|csv|gsa-json|bloaty-csv",
           "How to print (default: text; span: csv); gsa-json and bloaty-csv "
           "are what go-size-analyzer and bloaty print"},
          {"against", "OLD", "",
           "Compare with the file OLD: each row's size in both, the largest "
           "change first"},
          {"sql", "OUT.db", "",
           "Write every span to an SQLite file with some views instead"},
          {"tree", "", "", "Print modules, their packages, their symbols"},
          {"flags", "", "",
           "Print what flags save or cost (-s, -w, -trimpath, -X, ...), or "
           "would"},
          {"shared", "RULE", "shared|first|equal",
           "Who pays for what several packages use: nobody (a row of its own, "
           "default), the first that the link loads, each an equal part"},
          {"view", "VIEW", "owner|origin",
           "Charge code to the function that it lies in (owner, default) or to "
           "the one whose source it is, where that was inlined (origin)"},
          {"binary-only", "", "",
           "Do not replay the link, even where its record is there"},
          {"top", "N", "", "Rows to print, 0 for all (default: 30)"},
          {"bytes", "", "", "Print exact bytes instead of KiB and MiB"},
          {"color", "WHEN", "auto|always|never",
           "Colour the text (default: auto, on a terminal; NO_COLOR is "
           "honoured)"},
      },
      runReport,
      1,
      AnyNumber};
}

static Subcommand inspectCommand() {
  return {
      "inspect",
      "inspect [OPTION]... FILE...",
      "Print the facts of a Go program",
      "Format, linkage, interpreter, needed libraries, build information,\n"
      "build ID, stripped or not, trimmed or not: each as the bytes show\n"
      "it, compared with what the build information claims. Of PE, Mach-O\n"
      "and Wasm, linkage and libraries are not read. Of a release archive:\n"
      "its members, and what keeps it from being made the same again.",
      {{"format", "FORMAT", "text|json", "How to print (default: text)"}},
      runInspect,
      1,
      AnyNumber};
}

static std::string varyHelp() {
  std::string On, Off;
  for (const Variation &V : variations()) {
    std::string &To = V.Default ? On : Off;
    To += (To.empty() ? "" : ", ") + V.Name.str();
    if (!V.Value.empty())
      To += "=" + V.Value.str();
  }
  return "What to vary: names separated by commas; +NAME and -NAME change the "
         "default, which is " +
         On + ". Others: " + Off;
}

static Subcommand verifyCommand() {
  static const std::string VaryHelp = varyHelp();
  std::vector<OptionInfo> Options = {
      {"vary", "LIST", "", VaryHelp},
      {"flag", "FLAG", "",
       "A flag of go build for all builds, as --flag=-trimpath; may be "
       "repeated"},
      {"target", "LIST", "", "GOOS/GOARCH to build for, separated by commas"},
      {"published", "", "",
       "The operands are programs, release archives, lists of checksums, or "
       "folders with such in them"},
      {"source", "SOURCE", "",
       "Sources of a --published program that does not tell its version: a "
       "folder, or MODULE@VERSION"},
      {"tier", "TIER", "quick|full",
       "Quick builds share a GOCACHE: faster, and claims less "
       "(default: full)"},
      {"jobs", "N", "",
       "Verify N packages or targets at once (default: as many as processors "
       "and memory allow)"},
      {"work", "DIR", "", "Build in DIR, which stays when goslim is killed"},
      {"resume", "", "", "Go on in the --work DIR of a killed run"},
      {"keep", "", "", "Leave the builds where they are, and say where"},
      {"report", "DIR", "", "Where the scripts go (default: goslim-verify)"},
      {"attest", "FILE", "",
       "Write an in-toto statement for each program that was reproduced"},
      {"format", "FORMAT", "text|json", "How to print (default: text)"},
  };
  llvm::append_range(Options, sealOptions());
  return {
      "verify",
      "verify [OPTION]... PACKAGE... | --published FILE...",
      "Build a program several times and prove that it is reproducible",
      "Every build has an empty GOCACHE and a copy of the sources of its own:\n"
      "first the same environment twice, then everything varied at once; on a\n"
      "difference the guilty variation is searched for, the bytes are\n"
      "explained, and two scripts are written that build the pair by hand.\n"
      "With --published FILE is someone's program, which is built again from\n"
      "what it says about itself and compared. Exit code 0: the same bytes; "
      "1:\n"
      "not; 3: could not verify.",
      std::move(Options),
      runVerify,
      1,
      AnyNumber};
}

static Subcommand attestCommand() {
  std::vector<OptionInfo> Options = {
      {"type", "TYPE", "provenance|facts",
       "What to say: how a build was done that goslim saw, as SLSA provenance "
       "(default), or what the bytes prove, as SCAI"},
      {"output", "FILE", "", "Write here instead of to stdout"},
      {"key", "FILE", "",
       "For verify: a public key (PEM) that may have signed; may be repeated"},
      {"policy", "FILE", "",
       "For verify: the goslim.toml that has to have held"},
      {"allow", "LIST", "",
       "For verify: what does not count against a statement: unsigned, "
       "tainted"},
      {"summary", "FILE", "",
       "For verify: write what was found, as SLSA verification summary"},
      {"verifier", "URI", "", "For verify: the verifier's name in the summary"},
      {"resource", "URI", "",
       "For verify: the programs' name in the summary (default: file:NAME)"},
  };
  llvm::append_range(Options, sealOptions());
  return {
      "attest",
      "attest [OPTION]... [verify STATEMENTS] PROGRAM...",
      "Attest how a program was built, or check what others attest",
      "Writes an in-toto statement about PROGRAM, one line of JSON, bare or\n"
      "signed (DSSE). Provenance names the package, policy, flags, modules\n"
      "with their sums, and what taints the build: a dirty tree, go.work, a\n"
      "module replaced by a folder, an overlay.\n"
      "verify: is one of the STATEMENTS about each PROGRAM's very bytes,\n"
      "signed with a --key, and does it say what is asked for? Exit code 0:\n"
      "yes; 1: no; 3: it is, but no key was given to tell who says so. A\n"
      "release archive passes when all that can be run in it does.",
      std::move(Options),
      runAttest,
      1,
      AnyNumber};
}

static Subcommand relinkCommand() {
  return {
      "relink",
      "relink [OPTION]... FILE",
      "Link a stripped program again, with symbols and debug data",
      "From the record of its link: the same linker, archives and flags but "
      "-s\n"
      "and -w. What is written is FILE but for symbols and debug data, which "
      "is\n"
      "compared: a debugger can use it for FILE, and `goslim report --flags`\n"
      "says of it what -s and -w saved. Exit code 3: could not be done.",
      {{"out", "OUT", "", "Where to write it (default: FILE.debug)"}},
      runRelink,
      1,
      1};
}

static Subcommand compareCommand() {
  return {
      "compare",
      "compare [OPTION]... A B",
      "Say why two builds of a program differ",
      "Every differing byte has a cause: a -X value, the path of the\n"
      "sources, a VCS stamp, tags, the toolchain, debug data, ... and what\n"
      "merely lies elsewhere is counted under it. ELF, PE, Mach-O, Wasm, or\n"
      "tar, tar.gz and zip of them: members by name, and how they are packed;\n"
      "or package archives, by symbol.\n"
      "Exit code 1 when the files are not equal at the level asked for.",
      {
          {"level", "LEVEL", "identical|build-id|signature|debug|code",
           "How equal is equal (default: identical): but for the build "
           "ID; for signature, UUID and timestamp too; for debug data, "
           "symbols and source paths too; or only the same code"},
          {"format", "FORMAT", "text|json", "How to print (default: text)"},
          {"all", "", "", "Every finding, with the places"},
      },
      runCompare,
      2,
      2};
}

static Subcommand dumpCommand() {
  return {"dump",
          "dump [OPTION]... FILE.a...",
          "Print what the linker reads: symbols of package archives",
          "Offset in the file, size, kind and name of each symbol, as go tool\n"
          "nm prints them. go list -export -f '{{.Export}}' fmt names the\n"
          "archive of a package.",
          {
              {"relocs", "", "", "The relocations under each symbol"},
              {"members", "", "", "The members of the archive instead"},
              {"cgo", "", "", "The directives of cgo instead"},
              {"kept", "", "",
               "FILE is a program that goslim built: what its link keeps, by "
               "the replay, as -ldflags=-dumpdep lists it: address, size, "
               "group, name; - where it is not laid out"},
              {"linker-tables", "", "",
               "FILE.a is a GOROOT: print its linker's numbers, as "
               "utils/generate-linker-tables wants them"},
          },
          runDump,
          1,
          AnyNumber};
}

static Subcommand manifestCommand() {
  return {
      "manifest",
      "manifest [OPTION]... FILE",
      "Print the manifest of a Go program",
      "The record of a program, as a build through goslim writes it beside\n"
      "goslim.toml. For a program that goslim did not build it holds what\n"
      "the file itself shows. See 'goslim help manifest'.",
      {
          {"format", "FORMAT", "toml|json", "How to print (default: toml)"},
          {"output", "FILE", "", "Write to FILE instead of standard output"},
      },
      runManifest,
      1,
      1};
}

static Subcommand stepsCommand() {
  return {"steps",
          "steps [OPTION]...",
          "Show what the last build did",
          "What go compiled, assembled and linked in the last build that\n"
          "goslim saw, how long it took and in how much memory, and what came\n"
          "from the build cache.",
          {
              {"all", "", "", "List every step, cached ones too"},
              {"list", "", "", "List the recorded builds, newest first"},
              {"format", "FORMAT", "text|json", "How to print (default: text)"},
              {"session", "DIR", "", "Show the build recorded in DIR"},
              {"top", "N", "", "Steps to print, 0 for all"},
          },
          runSteps};
}

static Subcommand initCommand() {
  return {
      "init",
      "init [OPTION]...",
      "Write a commented goslim.toml",
      "Writes goslim.toml into the current folder: every key with its\n"
      "meaning and default. An existing file is left alone.",
      {
          {"force", "", "", "Overwrite an existing file"},
          {"output", "FILE", "",
           "Write to FILE, or to standard output for '-'"},
          {"schema", "", "", "Print the JSON schema of goslim.toml instead"},
      },
      runInit};
}

static Subcommand policyCommand() {
  return {
      "policy",
      "policy [OPTION]...",
      "Print the policy that holds here, and where each key comes from",
      "The policy of the current folder after profile, overrides and default\n"
      "exclusions, one key a line with file, line and column.",
      {
          {"profile", "NAME", "", "Use [profile.NAME] (or GOSLIM_PROFILE)"},
          {"config", "FILE", "", "Use this policy file (or GOSLIM_CONFIG)"},
          {"package", "PATH", "", "As it holds for this import path"},
          {"goos", "OS", "", "As it holds for this GOOS"},
          {"goarch", "ARCH", "", "As it holds for this GOARCH"},
          {"command", "VERB", "build|install|run|test|vet|list",
           "As it holds for this go command (default: build)"},
          {"format", "FORMAT", "text|json", "How to print (default: text)"},
      },
      runPolicy};
}

static Subcommand explainCommand() {
  return {"explain",
          "explain [OPTION]... [ID]...",
          "Explain a finding, such as GS101",
          "Findings carry an id in brackets. GS1xx: flags and environment,\n"
          "GS2xx: linkage, GS3xx: what was left in the program.",
          {{"list", "", "", "List all ids"}},
          runExplain,
          0,
          AnyNumber};
}

static Subcommand completionCommand() {
  return {
      "completion",
      "completion bash|zsh|fish",
      "Print a completion script for a shell",
      "cmake --install puts the scripts where the shells look for them; by\n"
      "hand: source <(goslim completion bash)",
      {},
      runCompletion,
      1,
      1,
      "bash|zsh|fish"};
}

static Subcommand helpCommand() {
  return {
      "help",
      "help [TOPIC]",
      "Explain a command or a topic",
      "Without TOPIC: the overview. TOPIC is a command of goslim, a go\n"
      "command, or one of: policy, modes, manifest, report-json,\n"
      "report-sql, exit-codes, environment.",
      {{"table", "", "",
        "Print all commands and options as tab-separated lines"}},
      runHelp,
      0,
      1,
      "policy|modes|manifest|report-json|report-sql|exit-codes|environment"};
}

static Subcommand versionCommand() {
  return {"version",
          "version",
          "Print goslim's version",
          "For go's own version command: goslim go version",
          {},
          runVersion};
}

static Subcommand linkDoneCommand() {
  return {"link-done",
          "link-done --session=DIR --step=NAME",
          "Analyse the output of a link when it has ended",
          "goslim-wrap starts it; there is no other use.",
          {
              {"session", "DIR", "", "The session folder of the build"},
              {"step", "NAME", "", "The link's record there: link-PID"},
          },
          runLinkDone,
          0,
          0,
          "",
          true};
}

const std::vector<Subcommand> &goslim::subcommands() {
  static const std::vector<Subcommand> Table = {
      reportCommand(),     inspectCommand(),  compareCommand(),
      relinkCommand(),     verifyCommand(),   attestCommand(),
      dumpCommand(),       manifestCommand(), stepsCommand(),
      initCommand(),       policyCommand(),   explainCommand(),
      completionCommand(), helpCommand(),     versionCommand(),
      linkDoneCommand()};
  return Table;
}

const Subcommand *goslim::findSubcommand(std::string_view Name) {
  for (const Subcommand &Command : subcommands())
    if (Command.Name == Name)
      return &Command;
  return nullptr;
}
