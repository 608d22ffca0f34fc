//===- PolicyKeys.cpp - the table of all keys -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table from which the parser takes what is allowed, `goslim init` its
// template, and editors their schema. A new key is a row here and a line in
// ReadPolicy.cpp. Help is one sentence or two, wrapped by who prints it.
//===----------------------------------------------------------------------===//
#include "PolicyKeys.h"
#include <algorithm>

using namespace goslim;

#define MODES "rewrite|require|warn|off"
#define RULE_MODE "mode", keytype::String, MODES, "", "mode of this rule alone"

namespace {
using namespace keytype;

constexpr PolicyKey Keys[] = {
    {"", "version", Integer, "", "1",
     "Version of this file's format; required."},
    {"", "policy", Table, "", "", "What every build must look like."},
    {"", "profile", Tables, "", "",
     "[profile.NAME]: a variant of [policy], chosen with --profile NAME or "
     "GOSLIM_PROFILE."},
    {"", "override", List, "", "",
     "[[override]]: other rules for some packages, targets or commands; of "
     "those that match, the later one wins."},
    {"", "manifest", Table, "", "",
     "The manifest that is written for each program."},

    {"policy", "mode", String, MODES, "\"rewrite\"",
     "What happens when a command does not meet a rule. rewrite: change the "
     "command and record the change; require: fail the build before anything "
     "is compiled; warn: record and report; off: nothing. A rule's own mode, "
     "as in strip = { value = \"all\", mode = \"require\" }, wins over this."},
    {"policy", "strip", String, "none|debug|all", "\"none\"",
     "What the linker leaves out of the program. debug: DWARF (-w); all: "
     "DWARF and the symbol table (-s -w); none: no opinion."},
    {"policy", "trimpath", Boolean, "", "false",
     "Keep the build machine's folders out of the program (-trimpath)."},
    {"policy", "static", Boolean, "", "false",
     "No dynamic loader in the program: CGO_ENABLED=0 where that is enough, "
     "else an external link with -static."},
    {"policy", "buildid", String, "keep|empty|ID", "\"keep\"",
     "The Go build ID. keep: go's own, which tells why two programs differ; "
     "empty: none (-buildid=); any other text: that text."},
    {"policy", "tags", Table, "", "{ require = [], forbid = [] }",
     "Build tags that every build must, or must not, set (-tags)."},
    {"policy", "vars", Table, "", "{ set = {}, forbid = [] }",
     "String variables set at link time (-X), as \"importpath.name\", and "
     "those that nobody may set."},
    {"policy", "ldflags", Table, "", "{ add = [], forbid = [] }",
     "Other words for the linker, one flag an element. strip, buildid and "
     "vars have their own keys."},
    {"policy", "gcflags", Table, "", "{ add = [], forbid = [] }",
     "Words for the compiler, for all packages of the build."},
    {"policy", "asmflags", Table, "", "{ add = [], forbid = [] }",
     "Words for the assembler, for all packages of the build."},
    {"policy", "env", Named, "", "{}",
     "Environment variables of the build. A file that was merely found, not "
     "named with -config or GOSLIM_CONFIG, may set only those that choose a "
     "target: CGO_ENABLED, GOOS, GOARCH, GOAMD64, GOEXPERIMENT and the like."},

    {"policy.tags", "require", Strings, "", "[]", "tags that must be set"},
    {"policy.tags", "forbid", Strings, "", "[]", "tags that must not be set"},
    {"policy.tags", RULE_MODE},
    {"policy.vars", "set", Named, "", "{}", "variables and their values"},
    {"policy.vars", "forbid", Strings, "", "[]",
     "variables that must not be set"},
    {"policy.vars", RULE_MODE},
    {"policy.ldflags", "add", Strings, "", "[]", "flags that must be there"},
    {"policy.ldflags", "forbid", Strings, "", "[]",
     "flags that must not be there"},
    {"policy.ldflags", RULE_MODE},
    {"policy.gcflags", "add", Strings, "", "[]", "flags that must be there"},
    {"policy.gcflags", "forbid", Strings, "", "[]",
     "flags that must not be there"},
    {"policy.gcflags", RULE_MODE},
    {"policy.asmflags", "add", Strings, "", "[]", "flags that must be there"},
    {"policy.asmflags", "forbid", Strings, "", "[]",
     "flags that must not be there"},
    {"policy.asmflags", RULE_MODE},

    {"profile", "inherits", String, "policy|none|PROFILE", "\"policy\"",
     "What this profile starts from: [policy], another profile, or nothing."},

    {"override", "match", Table, "", "",
     "When this override holds: all keys given must match, each by one of its "
     "values."},
    {"override", "manifest", Boolean, "", "",
     "Whether a program is recorded in a manifest."},
    {"override.match", "package", OneOrMore, "", "",
     "Import paths as go writes patterns: \"./cmd/...\", \"example.com/x\", "
     "\"all\", \"std\"."},
    {"override.match", "goos", OneOrMore,
     "aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|"
     "plan9|solaris|wasip1|windows",
     "", "Target system."},
    {"override.match", "goarch", OneOrMore,
     "386|amd64|arm|arm64|loong64|mips|mips64|mips64le|mipsle|ppc64|ppc64le|"
     "riscv64|s390x|wasm",
     "", "Target architecture."},
    {"override.match", "buildmode", OneOrMore,
     "exe|pie|plugin|c-archive|c-shared|shared|archive", "",
     "What is made (-buildmode)."},
    {"override.match", "command", OneOrMore,
     "build|install|run|test|vet|list|get|fix|generate|tool", "",
     "The go command; test also for a test's program."},
    {"override.match", "instrument", OneOrMore, "race|msan|asan|cover", "",
     "Instrumentation asked for on the command line (-race, -cover, ...)."},

    {"manifest", "path", String, "", "\"goslim/{name}.{goos}-{goarch}.toml\"",
     "Where the manifest is written, relative to this file. {name} is the "
     "program's file name, {path} its import path with \"-\" for \"/\"."},
    {"manifest", "record", Strings, "flags|steps|sections|packages|environment",
     "[\"flags\", \"steps\", \"sections\", \"packages\", \"environment\"]",
     "What the manifest holds."},
};
} // namespace

std::span<const PolicyKey> goslim::allKeys() { return Keys; }

const std::vector<PolicyKey> &goslim::policyKeys() {
  static const std::vector<PolicyKey> Rows(std::begin(Keys), std::end(Keys));
  return Rows;
}

std::string goslim::subTable(const PolicyKey &Key) {
  return Key.Table.empty() ? std::string(Key.Name)
                           : fmt::format("{}.{}", Key.Table, Key.Name);
}

bool goslim::isPlainRule(const PolicyKey &Key) {
  return Key.Table == "policy" && Key.Name != "mode" && Key.Type != Table;
}

std::vector<std::string_view> goslim::allowedValues(const PolicyKey &Key) {
  std::vector<std::string_view> Out;
  for (std::string_view Rest = Key.Values; !Rest.empty();) {
    size_t Bar = std::min(Rest.find('|'), Rest.size());
    std::string_view Value = Rest.substr(0, Bar);
    if (Value[0] < 'A' || Value[0] > 'Z')
      Out.push_back(Value);
    Rest.remove_prefix(std::min(Bar + 1, Rest.size()));
  }
  return Out;
}

bool goslim::allowsOther(const PolicyKey &Key) {
  return Key.Values.empty() ||
         std::any_of(Key.Values.begin(), Key.Values.end(),
                     [](char C) { return C >= 'A' && C <= 'Z'; });
}
