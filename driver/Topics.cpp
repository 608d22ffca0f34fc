//===- Topics.cpp - the chapters of the manual ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What holds for more than one command. Lists that exist as tables (policy
// keys, default exclusions) are printed from them.
//===----------------------------------------------------------------------===//
#include "Help.h"
#include "goslim/Attribution/Attribution.h"
#include "goslim/Policy/PolicyFile.h"

using namespace goslim;

static std::string policyTopic() {
  std::string Out = R"(goslim.toml, the policy of a module

The nearest goslim.toml from the folder in which go works upward, not above
the module root (go.mod) or the workspace root (go.work). --config FILE or
GOSLIM_CONFIG names another one. 'goslim init' writes a commented file,
'goslim policy' prints what holds and from where. An unknown key is an error.

A [profile.NAME] inherits "policy" or another profile and is chosen with
--profile NAME or GOSLIM_PROFILE. An [[override]] holds where its match fits.
Any rule takes its own mode in the long form:
  strip = { value = "all", mode = "require" }

A file that was only found, not named by --config or GOSLIM_CONFIG, may not
set flags or variables that run programs or write files, nor a manifest path
outside its folder.
)";
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
    constexpr unsigned Indent = 24;
    Out += fmt::format("  {:<{}}{}\n{:{}}{}\n", Row.Condition, Indent - 2,
                       wrapText(Rules, Indent), "", Indent,
                       wrapText(Row.Why, Indent));
  }
  return Out;
}

static std::string modesTopic() {
  return R"(How goslim is put in, and what a rule does

Three ways in, one policy:
  goslim build ...   Driver. Policy is merged into go's own flags and
                     environment. Cache, build info and bytes are those of a
                     plain go build with these flags.
  a link named go    Shim, first on PATH: the same for Makefiles and tools
                     that run go. Silent but for errors and warnings.
  -toolexec goslim-wrap
                     Without the driver, also through GOFLAGS. The wrapper
                     changes the compile, asm and link lines. What only go
                     can decide (CGO_ENABLED, GOOS, tags) is required
                     instead: the build fails with one line.
Commands of go that build nothing run as they are. Without goslim.toml no flag
is changed; steps are still measured.

The mode of a rule:
  rewrite   change the command, say so in the summary
  require   fail before anything is compiled when it is not met
  warn      report and record it
  off       the rule is not there

Not applied unless an [[override]] that matches sets the rule:
)" + exclusionLines();
}

static std::string manifestTopic() {
  return R"(The manifest of a program

A build that succeeds writes one TOML file a program, by default
goslim/{name}.{goos}-{goarch}.toml beside goslim.toml: toolchain, flags and
what policy changed, environment by an allow-list, modules, sections, packages
with bytes per kind, and per step the bytes it put into the program. The bytes
of all steps add up to the size of the file. Whose they are is proven by
replaying the link beside the linker, for linux on amd64 and arm64; elsewhere
it is what the file shows. PE, Mach-O and Wasm are not taken apart: their bytes
are one row, "not attributed", and policy is held by flags alone, nothing is
looked for in the bytes. tainted-by names what keeps others from building the
same again: a module replaced by a folder, go.work, an
overlay. (A dirty tree only shows in 'goslim attest': a manifest that is
committed is itself what makes the tree dirty.)

The same inputs give the same bytes on any machine, cold or cached: no time,
no absolute path, no host name. Tables are sorted by name, one leaf a line, no
totals, so that git merges them. After a conflict build again, or write it
anew with 'goslim manifest FILE --output PATH'.

[manifest] in goslim.toml sets the path and what is recorded. Tests and go run
write none. Time and cache hits are in the ledger: 'goslim steps'.
)";
}

static std::string reportJsonTopic() {
  constexpr unsigned Indent = 14;
  std::string Kinds = "bytes by kind:";
  for (unsigned K = 0; K < NumKinds; ++K)
    Kinds += (K ? ", " : " ") + kindName(Kind(K)).str();
  std::string Evidences = "bytes by what the answer stands on:";
  for (unsigned E = 0; E < NumEvidence; ++E)
    Evidences += (E ? ", " : " ") + evidenceName(Evidence(E)).str();
  return fmt::format(
      R"(goslim report FILE --format json

One object a file; for several files, one a line. Sizes are bytes. A reader
must accept keys that it does not know; a key is removed or changed only with
a new schema number.

  schema      "goslim-report/1"
  file        name, size, format, arch, os, go, stripped, memory
  evidence    {}
  kinds       {}
  sections    [{{name, offset, size, address, memory}}] in file order
  packages    [{{path, module, version, size, memory, kinds}}] by path;
              where there is DWARF: debug_raw, its bytes when decompressed;
              debug_alone and debug_alone_raw, what compiling the package with
              -dwarf=false would save: types and inlined functions that
              others refer to stay (exact when goslim saw the link)
  rest        [{{name, size, memory}}] bytes of no package
  by, rows    with --by other than package: [{{name, size, memory, rest}}]
  replay      symbols proven by the replay of the link (0: from the file
              alone), reason why there is none
  embeds      [{{path, variable, package, size, address}}] files of go:embed
              variables; needs a replay, and for string and []byte
              variables a compile that goslim saw
  flags       [{{flag, effect, bytes, because}}] what flags of the build save or
              cost, or would; without bytes where that is not known
  notes       ["..."] what could not be known, and why

The sum of packages[].size and rest[].size is file.size. size counts bytes of
the file, memory bytes when loaded (.bss has only memory).

goslim report FILE --by span --format csv prints every range of the file:
  offset,size,address,memsize,section,kind,step,package,module,symbol,evidence,
  object
Ranges are sorted by offset, have no gap and do not overlap.
)",
      wrapText(Evidences, Indent), wrapText(Kinds, Indent));
}

static std::string compareJsonTopic() {
  return R"(goslim compare A B --format json

A reader must accept keys that it does not know; a key is removed or changed
only with a new schema number. Sizes are bytes.

  schema           "goslim-compare/1"
  files            [{path, sha256, size, go, build_id, altered}] of A and B;
                   altered: the content ID is not that of the bytes, so the
                   file was changed after go had built it
  level            identical, build-id, signature, debug, code or different
  normalisers      ["..."] the passes after which both are equal
  build_id         available, differs [4 parts], reading in words
  records          whether goslim has seen both links
  packages         ["..."] whose archives differ, when it has
  differing_bytes  after debug data was decompressed and parts were aligned;
                   the sum of findings[].bytes
  findings         [{cause, detail, bytes, level, places}], most bytes first,
                   what follows from others last; level is the best that a
                   pair with this finding can have

Causes: build-id, host-build-id, signature, uuid, timestamp, checksum,
toolchain, target, arch-level, experiment, compiler-flags, linker-flags, tags,
dependency, cgo, cgo-flags, godebug, main-path, vcs-stamp, setting, x-value,
trimpath, path, path-text, c-file-path, c-time, c-compiler, stripped, altered,
debug-data, symbols, code, data, layout, follows (addresses of what has moved),
unknown.

Of two release archives the schema is "goslim-compare-archives/1":

  files            [{path, sha256}] of A and B
  level            as above: signature when only the packing differs
  common           members in both; only_a, only_b: names of the others
  packing          ["..."] order, mtime, owner, mode, gzip, compressor
  members          [{name, level}] whose bytes differ

Of two package archives it is "goslim-compare-packages/1":

  files            [{path, sha256, header}]
  level            as above
  findings         [{what, detail, level}], worst first; what: code, data,
                   debug data, export data, source file, build ID, toolchain,
                   cgo directives, object, member
)";
}

static std::string reportSqlTopic() {
  return R"(goslim report FILE --sql OUT.db

An SQLite file with every span. Tables:

  file     name, size, memory, arch, os, go, stripped, replayed_symbols
  module   id, path, version
  package  id, path, module
  span     offset, size, address, memsize, section, kind, step, package,
           symbol, evidence, users, object
  object   id, name, archive, package: files of C that were linked in
  user     set_id, package: who shares the spans with users = set_id
  embed    path, variable, package, size, address

Views, largest first: by_package, by_module, by_symbol, by_section (name,
size, memory; each adds up to file.size but by_symbol, which leaves out what
has no symbol), by_object (C only) and shared (symbol, kind, size, users).

  sqlite3 OUT.db "select * from by_package limit 10"

OUT.db is written whole or not at all; one that is there is replaced.
)";
}

static std::string exitCodesTopic() {
  return R"(Exit codes

  0   clean
  1   findings: a rule in mode require is not met
  2   usage, configuration or internal error, or a damaged file
  3   could not verify

When go was run and failed, its own exit code is goslim's; when go was killed
by a signal, goslim ends by the same signal.
)";
}

static std::string environmentTopic() {
  return R"(Environment variables

  GOSLIM_CONFIG    The policy file, as --config
  GOSLIM_PROFILE   The profile, as --profile
  GOSLIM_DISABLE   1: go runs as if goslim were not there
  GOSLIM_GO        The go command to run, instead of the first on PATH that is
                   not goslim
  GOSLIM_CACHE     Where builds are recorded (default: goslim in
                   XDG_CACHE_HOME or ~/.cache)
  GOSLIM_ATTEST_KEY  The private key that signs statements, as --sign
  SOURCE_DATE_EPOCH  Seconds since 1970: the time that statements tell
  GOSLIM_LOG       A file to which goslim-wrap appends what it does
  NO_COLOR         No colour
  GOSLIM_LINKS_LIMIT  Bytes of records of links to keep (default: 64 MiB); those
                   of no use for 90 days go anyway
  GOSLIM_DEPTH     Set by goslim for what it runs, to notice a circle

Options on the command line win over variables. Of go's own, GOFLAGS (also as
set by go env -w), GOWORK, GOOS, GOARCH and CGO_ENABLED are read as go reads
them; flags of GOFLAGS that policy touches are merged in.
)";
}

const std::vector<Topic> &goslim::topics() {
  static const std::vector<Topic> Table = {
      {"policy", "The keys of goslim.toml", policyTopic},
      {"modes", "Three ways in; rewrite, require, warn, off", modesTopic},
      {"manifest", "What is recorded of a program", manifestTopic},
      {"report-json", "What programs may read", reportJsonTopic},
      {"report-sql", "Tables and views of --sql", reportSqlTopic},
      {"compare-json", "Why two builds differ, for programs", compareJsonTopic},
      {"exit-codes", "0, 1, 2, 3", exitCodesTopic},
      {"environment", "Variables", environmentTopic},
  };
  return Table;
}
