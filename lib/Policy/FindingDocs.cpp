//===- FindingDocs.cpp - what each finding means and how to end it --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of `goslim explain`. Each says what is seen, why it matters and
// what to do, in this order. Ids are never reused: GS1xx flags and
// environment, GS2xx linkage, GS3xx residue, GS4xx
// manifests. Paragraphs are separated by an
// empty line, lines that begin with two blanks are shown as they stand.
//===----------------------------------------------------------------------===//
#include "goslim/Policy/Finding.h"

using namespace goslim;

const std::vector<FindingDoc> &goslim::findingDocs() {
  static const std::vector<FindingDoc> Docs = {
      {"GS101", "strip: debug information or symbols are linked in",
       R"(The policy's strip rule is not met by the flags of this build: strip = "debug" asks the linker for -w, strip = "all" for -s -w.

Debug information and the symbol table are often a third of a Go program. Stack traces and panics do not need them (they use pclntab, which stays); debuggers and profilers that read symbols from the file do.

Fix: let goslim add the flags (mode = "rewrite", and build with `goslim build` or -toolexec), or write them yourself:
  go build -ldflags="-s -w" ./cmd/app
Mind that -ldflags on the command line replaces the -ldflags of GOFLAGS as a whole. For a program that needs its symbols write an [[override]] with strip = "none".)"},
      {"GS102", "trimpath: paths of the build machine are kept",
       R"(The policy asks for trimpath = true, and the build runs without -trimpath.

Without it the program holds the absolute folder of every source file, in pclntab and in debug information: two checkouts give different bytes, and the user name of who built it is published.

Fix: mode = "rewrite", or
  go build -trimpath ./cmd/app)"},
      {"GS103", "static: the build would need a dynamic loader",
       R"(The policy asks for static = true. A Go program needs a dynamic loader as soon as cgo is used, which packages net and os/user do by themselves when CGO_ENABLED=1.

Fix: for a program without C code of its own
  CGO_ENABLED=0 go build ./cmd/app
and for one with C code an external, static link against a C library that supports it (musl; glibc warns about getaddrinfo):
  go build -ldflags='-linkmode=external -extldflags=-static' ./cmd/app
In mode = "rewrite" `goslim build` chooses between the two. With plain -toolexec the choice is not goslim's, because go has compiled the packages for CGO_ENABLED by then: set the variable, or put it into env of a policy that `goslim build` reads.)"},
      {"GS104", "buildid: the Go build ID is not the one asked for",
       R"(The policy's buildid rule asks for an empty build ID or a fixed one, and the linker is run with another.

Consider buildid = "keep": the ID costs about a hundred bytes, is the same for the same inputs, and tells from two differing programs which input differed. Emptying it hides that and makes nothing reproducible that was not.

Fix: mode = "rewrite", or
  go build -ldflags=-buildid= ./cmd/app)"},
      {"GS105", "tags: a build tag is missing or forbidden",
       R"(tags.require names a tag that this build does not set, or tags.forbid one that it sets.

Tags decide which files are compiled, so only go itself can apply them: with plain -toolexec the tags are required, not rewritten.

Fix: build with `goslim build` in mode = "rewrite", or
  go build -tags=netgo,osusergo ./cmd/app
A tag can also come from GOFLAGS; -tags on the command line replaces the one in GOFLAGS.)"},
      {"GS106", "vars: a variable is not set as asked, or must not be set",
       R"(vars.set names a variable that is not given this value with -X, or vars.forbid names one that is set. Setting main.date or the like to the time of the build makes every build different.

Fix: let goslim add -X (mode = "rewrite"), or
  go build -ldflags="-X main.version=1.2.3" ./cmd/app
and take the forbidden -X out of the Makefile or release tool; some release tools add one by default. -X accumulates, the last value of a variable wins.)"},
      {"GS107", "ldflags: a linker flag is missing or forbidden",
       R"(ldflags.add names a flag that the linker does not get, or ldflags.forbid one that it gets.

Fix: mode = "rewrite", or change -ldflags where it is written (command line, GOFLAGS, Makefile). -extldflags replaces an earlier -extldflags as a whole.)"},
      {"GS108", "gcflags: a compiler flag is missing or forbidden",
       R"(gcflags.add names a flag that the compiler does not get, or gcflags.forbid one that it gets.

Note that a plain -gcflags=... applies to the packages named on the command line only; the policy's words are meant for all packages, as -gcflags=all=... is.

Fix: mode = "rewrite", or change -gcflags where it is written.)"},
      {"GS109", "asmflags: an assembler flag is missing or forbidden",
       R"(asmflags.add names a flag that the assembler does not get, or asmflags.forbid one that it gets. As with gcflags, the policy means all packages.

Fix: mode = "rewrite", or change -asmflags where it is written.)"},
      {"GS110", "env: an environment variable differs from the policy",
       R"(The policy's env rule gives a variable a value, and go runs with another one or none.

Variables such as CGO_ENABLED, GOOS and GOAMD64 decide what is compiled, so only what starts go can set them: with plain -toolexec they are required, not rewritten.

Fix: build with `goslim build` in mode = "rewrite", or set the variable:
  CGO_ENABLED=0 GOAMD64=v3 go build ./cmd/app
or for good, for this user: go env -w GOAMD64=v3)"},
      {"GS201", "the program asks for a dynamic loader",
       R"(static = true, and the linked file names a program interpreter (PT_INTERP, such as /lib64/ld-linux-x86-64.so.2). It does not start where that loader or its C library is absent: in a scratch container, or on Alpine for a program linked against glibc.

Usual causes: cgo was used although CGO_ENABLED=0 would do (net and os/user), -buildmode=pie, or an external link without -static.

Fix: CGO_ENABLED=0 if the program has no C code; else -ldflags='-linkmode=external -extldflags=-static', with -static-pie for a position-independent program. `goslim inspect FILE` shows the interpreter and the libraries.)"},
      {"GS202", "the program needs shared libraries",
       R"(static = true, and the linked file's dynamic section names shared libraries (DT_NEEDED). Each must be present, in a compatible version, wherever the program runs.

Fix: as for GS201. A library that comes from a #cgo LDFLAGS line must exist as an archive (lib*.a) to be linked with -static.)"},
      {"GS301", "debug sections are left in the program",
       R"(strip asks for none, and the linked file still holds debug sections (.debug_*, .zdebug_*, .stab).

With an internal link -w is enough. With an external link (cgo) the C objects and the C library bring their own DWARF, which go's -w does not touch.

Fix: have the external linker strip too,
  go build -ldflags='-s -w -extldflags=-Wl,--strip-all' ./cmd/app
or compile the C parts without -g (CGO_CFLAGS).)"},
      {"GS302", "a symbol table is left in the program",
       R"(strip = "all", and the linked file still holds a symbol table (.symtab), which names every function and variable.

The usual cause is an external link: the system linker writes its own symbol table. A dynamic symbol table (.dynsym) is needed to run a dynamically linked program and is not meant.

Fix:
  go build -ldflags='-s -w -extldflags=-s' ./cmd/app)"},
      {"GS303", "absolute path of the build machine in the program",
       R"(trimpath = true, and the program holds absolute paths of the machine it was built on. The finding names the package that owns the bytes and the table they are in.

In pclntab (the file table of Go functions): the package was compiled without -trimpath. In string data: a value set with -X, an embedded file, a generated source file with a path in a string, or C code that uses __FILE__ or assert(), which -trimpath does not reach in a cgo preamble.

Fix: build with -trimpath; for C code move it from the preamble into a .c file, or add to CGO_CFLAGS
  -ffile-prefix-map=/your/checkout=.
A path that is meant to be there (a default of a setting) can be excluded with an [[override]] for that package.)"},
      {"GS304", "absolute path in debug information or C objects",
       R"(trimpath = true, and debug information of C objects (DW_AT_comp_dir, DW_AT_name, line tables) or their string sections hold absolute paths of the build machine.

go trims its own DWARF and passes -ffile-prefix-map to the C compiler when -trimpath is a flag of go itself. Objects that were built elsewhere (.syso files, archives from #cgo LDFLAGS, the C runtime) carry the paths of their own build.

Fix: give -trimpath to go (not only to the tools), strip the debug information (strip = "all" and -extldflags=-s), or rebuild the C library with -ffile-prefix-map.)"},
      {"GS401", "two programs have one manifest",
       R"(manifest.path gives two programs of one build the same file. The first by import path has it; the other one has no manifest.

{name} is the last element of the import path, so example.com/m/cmd/app and example.com/m/tools/app collide.

Fix: use {path}, the whole import path with "-" for "/", in goslim.toml:
  [manifest]
  path = "goslim/{path}.{goos}-{goarch}.toml")"},
      {"GS402", "the manifest was not written",
       R"(The program was built, and its manifest could not be put where manifest.path says.

Either the file system refused (the message says why), or the place is outside of the folder of goslim.toml, perhaps through a symbolic link. A policy that goslim merely found may not write there.

Fix: change manifest.path, or name the policy with --config or GOSLIM_CONFIG, which says that you trust it.)"},
  };
  return Docs;
}
