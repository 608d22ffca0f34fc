//===- BuildFacts.cpp - what a manifest may say of a build ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything here takes something away: a manifest is compared with the one of
// another machine, so a word stays only when it can change the program. What
// goes is in tables, with the reason beside it. Flags are sorted and merged by
// the rules of the linker's own flag package (last wins, -X accumulates), since
// go's native flags and goslim-wrap's rewrite put the same words in different
// places.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/BuildFacts.h"
#include "goslim/Tool/GoCommand.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

/// What ends a path, and may stand in front of one.
static bool endsWord(char C) { return StringRef(" \t\n'\",:;=(").contains(C); }

/// Whether an absolute path can begin behind Before: at a word's start, or
/// there behind "@" or a one-letter flag ("-L/x").
static bool mayPrecedePath(StringRef Before) {
  auto IsStart = [&](size_t At) { return At == 0 || endsWord(Before[At - 1]); };
  size_t N = Before.size();
  return IsStart(N) || (Before[N - 1] == '@' && IsStart(N - 1)) ||
         (N >= 2 && llvm::isAlpha(Before[N - 1]) && Before[N - 2] == '-' &&
          IsStart(N - 2));
}

/// Length of what makes Text an absolute path ("/", "C:\"), or 0.
static size_t rootLength(StringRef Text) {
  auto Follows = [&](size_t At) {
    return At < Text.size() && !endsWord(Text[At]) && Text[At] != '/';
  };
  if (Text.starts_with("/") && Follows(1))
    return 1;
  if (Text.size() > 3 && llvm::isAlpha(Text[0]) && Text[1] == ':' &&
      (Text[2] == '\\' || Text[2] == '/') && Follows(3))
    return 3;
  return 0;
}

std::string goslim::withoutPaths(StringRef Text) {
  std::string Out;
  for (size_t I = 0; I < Text.size();) {
    StringRef Rest = Text.drop_front(I);
    size_t Root = rootLength(Rest);
    if (!Root || !mayPrecedePath(Text.take_front(I))) {
      Out += Text[I++];
      continue;
    }
    StringRef Path = Rest.take_front(Rest.find_if(endsWord, Root));
    I += Path.size();
    Path = Path.drop_front(Root).rtrim("/\\");
    size_t Slash = Path.find_last_of("/\\");
    Out += ".../";
    Out += Slash == StringRef::npos ? Path : Path.drop_front(Slash + 1);
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// Flags
//===----------------------------------------------------------------------===//

/// Files of this one build.
static const StringRef LinkFlagsOfOneBuild[] = {"o", "importcfg", "fipso",
                                                "tmpdir"};

/// "action/action/content/action": what go itself passes, 20 characters each
/// (cmd/go/internal/work/buildid.go). It depends on the folder.
static bool isGoBuildId(StringRef Value) { return Value.count('/') == 3; }

static bool isDroppedLinkFlag(const Argument &Flag, bool UsesCgo) {
  if (llvm::is_contained(LinkFlagsOfOneBuild, StringRef(Flag.Name)))
    return true;
  if (Flag.Name == "buildid")
    return Flag.Value && isGoBuildId(*Flag.Value);
  // Go's own -X; build info has it as DefaultGODEBUG.
  if (Flag.Name == "X" && Flag.Value)
    return StringRef(*Flag.Value).starts_with("runtime.godebugDefault=");
  // go names the C linker always; it is an input only when it is run.
  return !UsesCgo && (Flag.Name == "extld" || Flag.Name == "extar");
}

/// What a later flag replaces: the flag, or for -X the variable.
static std::string replaceKey(const Argument &Flag) {
  if (Flag.Name == "X" && Flag.Value)
    return "X=" + StringRef(*Flag.Value).split('=').first.str();
  return Flag.Name;
}

std::vector<std::string>
goslim::linkFlagsForManifest(llvm::ArrayRef<std::string> Flags, bool UsesCgo) {
  Invocation Call = parseInvocation(ToolKind::Link, Flags);
  if (Call.value("linkmode") == "external")
    UsesCgo = true;
  std::map<std::string, std::vector<std::string>> ByKey;
  for (const Argument &Flag : Call.Args) {
    if (!Flag.isFlag() || isDroppedLinkFlag(Flag, UsesCgo))
      continue;
    const FlagInfo *Info = findToolFlag(ToolKind::Link, Flag.Name);
    std::string Word = "-" + Flag.Name;
    bool Implied = Info && !Info->TakesValue && Flag.Value == "true";
    if (Flag.Value && !Implied)
      Word += "=" + withoutPaths(*Flag.Value);
    std::vector<std::string> &Words = ByKey[replaceKey(Flag)];
    if (Flag.Name == "X" || !Info || !Info->Accumulates)
      Words.clear();
    Words.push_back(std::move(Word));
  }
  std::vector<std::string> Out;
  for (auto &[Key, Words] : ByKey)
    llvm::append_range(Out, Words);
  return Out;
}

//===----------------------------------------------------------------------===//
// Environment
//===----------------------------------------------------------------------===//

/// Flags in GOFLAGS that say how go works, not what it makes.
static const StringRef GoFlagsOfTheMachine[] = {
    "a",           "asan-report",
    "buildvcs",    "debug-actiongraph",
    "debug-trace", "json",
    "mod",         "modcacherw",
    "modfile",     "n",
    "o",           "overlay",
    "p",           "pkgdir",
    "toolexec",    "v",
    "work",        "x"};

static std::string goFlags(StringRef Value) {
  Result<std::vector<Argument>> Flags = parseGoFlags(Value.str());
  if (!Flags)
    return "";
  std::vector<std::string> Words;
  for (const Argument &Flag : *Flags) {
    if (llvm::is_contained(GoFlagsOfTheMachine, StringRef(Flag.Name)))
      continue;
    Words.push_back("-" + Flag.Name +
                    (Flag.Value ? "=" + withoutPaths(*Flag.Value) : ""));
  }
  return llvm::join(Words, " ");
}

/// gocacheverify=1 and its like change what go does, not what it makes.
static std::string goDebug(StringRef Value) {
  llvm::SmallVector<StringRef> Words, Kept;
  Value.split(Words, ',', -1, false);
  for (StringRef Word : Words)
    if (!Word.starts_with("gocache"))
      Kept.push_back(Word);
  return llvm::join(Kept, ",");
}

/// GOAMD64 for amd64, ...: the variable that selects the processor's level.
static StringRef levelVariable(StringRef Goarch) {
  static const std::pair<StringRef, StringRef> Table[] = {
      {"386", "GO386"},       {"amd64", "GOAMD64"},     {"arm", "GOARM"},
      {"arm64", "GOARM64"},   {"mips", "GOMIPS"},       {"mipsle", "GOMIPS"},
      {"mips64", "GOMIPS64"}, {"mips64le", "GOMIPS64"}, {"ppc64", "GOPPC64"},
      {"ppc64le", "GOPPC64"}, {"riscv64", "GORISCV64"}, {"wasm", "GOWASM"}};
  for (auto &[Arch, Variable] : Table)
    if (Arch == Goarch)
      return Variable;
  return "";
}

static const StringRef AlwaysRecorded[] = {"CGO_ENABLED", "GOEXPERIMENT",
                                           "GOFIPS140"};
static const StringRef RecordedWithCgo[] = {
    "AR",           "CC",         "CGO_CFLAGS",  "CGO_CPPFLAGS",
    "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS", "CXX"};

/// What older releases do not say at all.
static bool isDefaultValue(StringRef Name, StringRef Value) {
  return Value.empty() || (Name == "GOFIPS140" && Value == "off");
}

std::map<std::string, std::string>
goslim::environmentForManifest(llvm::function_ref<std::string(StringRef)> Env,
                               StringRef Goarch, bool UsesCgo) {
  std::map<std::string, std::string> Out;
  auto Add = [&](StringRef Name, std::string Value) {
    if (!Name.empty() && !isDefaultValue(Name, Value))
      Out[Name.str()] = withoutPaths(Value);
  };
  for (StringRef Name : AlwaysRecorded)
    Add(Name, Env(Name));
  StringRef Level = levelVariable(Goarch);
  Add(Level, Level.empty() ? "" : Env(Level));
  Add("GOFLAGS", goFlags(Env("GOFLAGS")));
  Add("GODEBUG", goDebug(Env("GODEBUG")));
  if (UsesCgo)
    for (StringRef Name : RecordedWithCgo)
      Add(Name, Env(Name));
  return Out;
}

SettingPlace goslim::settingPlace(StringRef Key, StringRef Value,
                                  bool UsesCgo) {
  if (Key.empty() || Key.starts_with("vcs") || Key == "GOOS" ||
      Key == "GOARCH" || isDefaultValue(Key, Value))
    return SettingPlace::Nowhere;
  if (llvm::is_contained(RecordedWithCgo, Key) && !UsesCgo)
    return SettingPlace::Nowhere;
  return Key.starts_with("GO") || Key.starts_with("CGO_")
             ? SettingPlace::Environment
             : SettingPlace::Settings;
}

std::vector<std::string> goslim::taintedBy(const ModInfo &Info, bool HasOverlay,
                                           bool WithTree) {
  std::vector<std::string> Out;
  if (WithTree && Info.setting("vcs.modified") == "true")
    Out.push_back("dirty tree");
  for (const ModInfo::Module &M : Info.Deps) {
    if (M.isFolder())
      Out.push_back("replace: " + M.Path + " => " +
                    withoutPaths(M.ReplacePath));
    else if (!M.HasReplace && M.Version == "(devel)")
      Out.push_back("go.work: " + M.Path);
  }
  if (HasOverlay)
    Out.push_back("overlay");
  return Out;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// "v2", "v10": an element that go leaves out of a program's name
/// (cmd/go/internal/load/pkg.go isVersionElement).
static bool isVersionElement(StringRef Element) {
  return Element.size() >= 2 && Element[0] == 'v' && Element[1] != '0' &&
         !(Element[1] == '1' && Element.size() == 2) &&
         llvm::all_of(Element.drop_front(), llvm::isDigit);
}

std::string goslim::programName(StringRef ImportPath) {
  auto [Folder, Last] = ImportPath.rsplit('/');
  if (Last.empty())
    return ImportPath.str();
  if (!isVersionElement(Last))
    return Last.str();
  return Folder.rsplit('/').second.empty() ? Folder.str()
                                           : Folder.rsplit('/').second.str();
}
