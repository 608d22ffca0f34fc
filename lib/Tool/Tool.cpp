//===- Tool.cpp - the tools go runs, and everyone's flags -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and flags are data: FlagTable.inc is generated from the tools' own
// help and compared with the installed go by a test. Lookups are binary
// searches, since the wrapper parses a line in every process of a build.
//===----------------------------------------------------------------------===//
#include "goslim/Tool/Tool.h"
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

} // namespace goslim
