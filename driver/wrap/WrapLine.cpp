//===- WrapLine.cpp - goslim-wrap's command line --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is ours, what is another wrapper's, where the tool begins. Only names
// are looked at; a file is looked at only when we run under a name that is not
// our own. Anything not understood has Tool == Unknown and is run unchanged.
//===----------------------------------------------------------------------===//
#include "WrapLine.h"
#include "goslim/Base/FileIO.h"
#include <sys/stat.h>

namespace goslim {

static constexpr std::string_view OwnName = "goslim-wrap";

std::vector<std::string>
WrapLine::arguments(std::span<const std::string> Args) const {
  std::vector<std::string> All = Chain;
  All.insert(All.end(), Args.begin(), Args.end());
  return All;
}

SpawnOptions WrapLine::spawnOptions() const {
  SpawnOptions Options;
  Options.Argv0 = Argv0;
  return Options;
}

/// Under a tool's name the real tool lies in .real beside us. argv[0] stays as
/// it is: the tool prints its name from it.
static WrapLine masqueradeLine(std::string_view Argv0, std::string Real,
                               std::span<char *const> Args) {
  WrapLine Line;
  Line.Program = std::move(Real);
  Line.Argv0 = Argv0;
  Line.Tool = toolKindOf(Argv0);
  Line.ToolArgs.assign(Args.begin(), Args.end());
  return Line;
}

/// The real tool when we were called as one, else "".
static std::string realTool(std::string_view Argv0) {
  std::string_view Name = fileName(Argv0);
  if (Name.substr(0, OwnName.size()) == OwnName)
    return {};
  // Beside the name we were called by, which may be a link to us; by our own
  // path when the name was found on PATH.
  std::string Self(Argv0.find('/') == Argv0.npos ? std::string_view()
                                                 : parentPath(Argv0));
  if (Self.empty())
    Self = parentPath(ownPath());
  std::string Real = fmt::format("{}/.real/{}", Self, Name);
  // A known tool is one even when its file is missing: the message then names
  // the file. Of unknown names (nm, pack, ...) only the file can tell.
  if (toolKindOf(Name) != ToolKind::Unknown || fileExists(Real))
    return Real;
  return {};
}

/// Takes "-name=value" or "--name=value" into one of our words.
static Result<void> readOwnWord(WrapLine &Line, std::string_view Word) {
  std::string_view Text = Word.substr(Word.substr(0, 2) == "--" ? 2 : 1);
  size_t Equal = Text.find('=');
  std::string_view Name = Text.substr(0, Equal);
  struct OwnWord {
    std::string_view Name;
    std::string WrapLine::*Member;
  };
  static constexpr OwnWord OwnWords[] = {{"session", &WrapLine::Session},
                                         {"config", &WrapLine::Config},
                                         {"profile", &WrapLine::Profile}};
  for (const OwnWord &Own : OwnWords) {
    if (Own.Name != Name)
      continue;
    if (Equal == Text.npos || Equal + 1 == Text.size())
      return fail("goslim-wrap: option '{}': expected -{}=VALUE", Word, Name);
    Line.*Own.Member = Text.substr(Equal + 1);
    return {};
  }
  return fail("goslim-wrap: unknown option '{}', expected -session=, -config= "
              "or -profile=",
              Word);
}

/// Index of TOOL in Words, whose first is what to run; size() = none.
static size_t findTool(std::span<char *const> Words) {
  if (toolKindOf(Words[0]) != ToolKind::Unknown)
    return 0;
  // "go tool covdata" is a program of its own, not a wrapper around covdata.
  if (fileName(Words[0]) == "go")
    return Words.size();
  // go names its tools by path; a bare word is something else's argument.
  for (size_t I = 1; I < Words.size(); ++I)
    if (Words[I][0] == '/' && toolKindOf(Words[I]) != ToolKind::Unknown)
      return I;
  return Words.size();
}

Result<WrapLine> parseWrapLine(std::span<char *const> Argv) {
  if (Argv.empty())
    return fail("goslim-wrap: started without a name");
  if (std::string Real = realTool(Argv[0]); !Real.empty())
    return masqueradeLine(Argv[0], std::move(Real), Argv.subspan(1));

  WrapLine Line;
  std::span<char *const> Rest = Argv.subspan(1);
  for (; !Rest.empty() && Rest[0][0] == '-'; Rest = Rest.subspan(1))
    if (Result<void> Read = readOwnWord(Line, Rest[0]); !Read)
      return Read.failure();
  if (Rest.empty() || !Rest[0][0])
    return Failure{"goslim-wrap: no tool to run",
                   "it is meant to be run by go: go build -toolexec "
                   "goslim-wrap"};

  Line.Program = Rest[0];
  size_t Tool = findTool(Rest);
  bool Known = Tool != Rest.size();
  size_t ArgsBegin = Known ? Tool + 1 : 1;
  if (Known)
    Line.Tool = toolKindOf(Rest[Tool]);
  for (size_t I = 1; I < ArgsBegin; ++I)
    Line.Chain.push_back(Rest[I]);
  Line.ToolArgs.assign(Rest.begin() + ArgsBegin, Rest.end());
  return Line;
}

bool runsOurselves(const WrapLine &Line) {
  struct stat Own, Other;
  std::string Self = ownPath();
  // A bare name is found on PATH by name; only our own is suspect.
  if (Line.Program.find('/') == std::string::npos)
    return fileName(Self) == Line.Program;
  return ::stat(Line.Program.c_str(), &Other) == 0 &&
         ::stat(Self.c_str(), &Own) == 0 && Own.st_dev == Other.st_dev &&
         Own.st_ino == Other.st_ino;
}

} // namespace goslim
