//===- Tool.cpp - the tools go runs, and everyone's flags -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and flags are data: FlagTable.inc is generated from the tools' own
// help and compared with the installed go by a test. Lookups are binary
// searches, since the wrapper parses a line in every process of a build.
//===----------------------------------------------------------------------===//
#include "goslim/Tool/Tool.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace goslim {

namespace {
struct GoFlagInfo {
  FlagInfo Info;
  uint16_t Verbs; ///< bit N: GoVerbs[N] has it
};
#include "FlagTable.inc"
} // namespace

/// In the order of utils/gen-flag-table's VERBS.
static constexpr std::string_view GoVerbs[] = {
    "build", "install", "run", "test",     "vet",
    "fix",   "list",    "get", "generate", "clean"};

/// Indexed by ToolKind.
static constexpr std::string_view ToolNames[] = {
    "",    "compile",    "asm", "link",    "cgo", "cover",
    "vet", "preprofile", "fix", "covdata", "pack"};

ToolKind toolKindOf(std::string_view Path) {
  if (size_t Slash = Path.find_last_of("/\\"); Slash != std::string_view::npos)
    Path.remove_prefix(Slash + 1);
  if (Path.ends_with(".exe"))
    Path.remove_suffix(4);
  for (size_t I = 1; I != std::size(ToolNames); ++I)
    if (Path == ToolNames[I])
      return ToolKind(I);
  return ToolKind::Unknown;
}

std::string_view toolName(ToolKind Tool) { return ToolNames[size_t(Tool)]; }

static std::span<const FlagInfo> flagsOf(ToolKind Tool) {
  switch (Tool) {
  case ToolKind::Unknown:
    return {};
  case ToolKind::Compile:
    return CompileFlags;
  case ToolKind::Asm:
    return AsmFlags;
  case ToolKind::Link:
    return LinkFlags;
  case ToolKind::Cgo:
    return CgoFlags;
  case ToolKind::Cover:
    return CoverFlags;
  case ToolKind::Vet:
    return VetFlags;
  case ToolKind::Preprofile:
    return PreprofileFlags;
  case ToolKind::Fix:
    return FixFlags;
  case ToolKind::Covdata:
    return CovdataFlags;
  case ToolKind::Pack:
    return PackFlags;
  }
  return {};
}

const FlagInfo *findToolFlag(ToolKind Tool, std::string_view Name) {
  std::span<const FlagInfo> Flags = flagsOf(Tool);
  auto It = std::lower_bound(
      Flags.begin(), Flags.end(), Name,
      [](const FlagInfo &F, std::string_view N) { return F.Name < N; });
  return It != Flags.end() && It->Name == Name ? &*It : nullptr;
}

static const FlagInfo *findGoFlag(uint16_t Verbs, std::string_view Name) {
  auto It = std::lower_bound(
      GoFlags.begin(), GoFlags.end(), Name,
      [](const GoFlagInfo &F, std::string_view N) { return F.Info.Name < N; });
  for (; It != GoFlags.end() && It->Info.Name == Name; ++It)
    if (It->Verbs & Verbs)
      return &It->Info;
  return nullptr;
}

const FlagInfo *findGoFlag(std::string_view Verb, std::string_view Name) {
  auto It = std::find(std::begin(GoVerbs), std::end(GoVerbs), Verb);
  if (It == std::end(GoVerbs))
    return nullptr;
  if (const FlagInfo *Flag =
          findGoFlag(uint16_t(1 << (It - std::begin(GoVerbs))), Name))
    return Flag;
  // go vet and go fix also take the flags of the tool they run.
  if (Verb == "vet" || Verb == "fix")
    return findToolFlag(Verb == "vet" ? ToolKind::Vet : ToolKind::Fix, Name);
  return nullptr;
}

const FlagInfo *findGoFlag(std::string_view Name) {
  for (uint16_t Verbs : {0x001, 0x008, 0xffff}) // build, test, any
    if (const FlagInfo *Flag = findGoFlag(Verbs, Name))
      return Flag;
  return nullptr;
}

/// Words for the external linker that name no program, plugin, script or
/// output. Prefixes end in "=" or ",".
static bool isHarmlessLinkerWord(std::string_view Word) {
  static constexpr std::string_view Exact[] = {"-static",
                                               "-static-pie",
                                               "-static-libgcc",
                                               "-static-libstdc++",
                                               "-pie",
                                               "-no-pie",
                                               "-s",
                                               "-pthread",
                                               "-Wl,-Bstatic",
                                               "-rdynamic",
                                               "-Wl,-Bdynamic",
                                               "-Wl,--as-needed",
                                               "-Wl,--no-undefined",
                                               "-Wl,--gc-sections",
                                               "-Wl,--no-gc-sections",
                                               "-Wl,-s",
                                               "-Wl,-S",
                                               "-Wl,-x",
                                               "-Wl,--strip-all",
                                               "-Wl,--strip-debug",
                                               "-Wl,--no-as-needed",
                                               "-Wl,-E",
                                               "-Wl,--export-dynamic"};
  if (std::find(std::begin(Exact), std::end(Exact), Word) != std::end(Exact))
    return true;
  for (std::string_view Prefix :
       {"-Wl,-z,", "-Wl,--build-id=", "-Wl,--hash-style=", "-Wl,-O", "-l"})
    // One option only: a comma would start the next one.
    if (Word.starts_with(Prefix) &&
        Word.find_first_of(",/@", Prefix.size()) == std::string_view::npos)
      return true;
  return false;
}

bool writesOrRuns(ToolKind Tool, std::string_view Name,
                  std::string_view Value) {
  const FlagInfo *Flag = findToolFlag(Tool, Name);
  if (!Flag)
    return true; // not known to be harmless
  if (!Flag->WritesOrRuns)
    return false;
  // -d=KEY=FILE and -d=ssa/PHASE/dump=FUNC write; a key alone or with a
  // number (checkptr, nil, panic=1) only prints or changes code.
  if (Tool == ToolKind::Compile && Name == "d")
    return Value.find('/') != std::string_view::npos ||
           Value.find("dump") != std::string_view::npos;
  if (Tool == ToolKind::Link && Name == "extldflags") {
    Result<std::vector<std::string>> Words = splitQuoted(Value);
    return !Words ||
           !std::all_of(Words->begin(), Words->end(), isHarmlessLinkerWord);
  }
  return true;
}

} // namespace goslim
