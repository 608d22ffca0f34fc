//===- Published.cpp - what a program says of itself ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/Published.h"
#include "Program.h"
#include "goslim/Base/Digest.h"
#include "goslim/Tool/Quoted.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace goslim;
using llvm::StringRef;

/// Imports stay in a stripped Mach-O.
static bool hasSymbols(const Program &P) {
  constexpr size_t MostImports = 64;
  return P.Format == "Wasm" ? P.part("name") != nullptr
         : P.Other          ? P.Other->Symbols.size() > MostImports
                            : P.part(".symtab") != nullptr;
}

bool goslim::isCgoFunction(StringRef Name) {
  return Name.contains("._Cfunc_") || Name.contains("._C2func_") ||
         Name == "crosscall2" || Name.starts_with("_cgoexp_") ||
         Name.starts_with("_cgo_") || Name.starts_with("x_cgo_");
}

llvm::Expected<OtherProgram> goslim::readOtherProgram(StringRef Path,
                                                      bool Hashes) {
  llvm::Expected<std::unique_ptr<Program>> P = Program::open(Path);
  if (!P)
    return P.takeError();
  const Program &From = **P;
  if (!From.Other)
    return llvm::createStringError(
        Path + ": file header: expected PE, Mach-O or Wasm, found ELF");
  OtherProgram Out;
  Out.Path = Path.str(), Out.Format = From.Format, Out.Arch = From.Arch;
  Out.Size = From.fileBytes().size();
  Out.Go.BuildInfo = From.Go.BuildInfo, Out.Go.BuildId = From.Go.BuildId;
  // What is unpacked for comparing has another size in the file.
  bool IsUnpacked = !From.Other->Flat.empty();
  for (const ImageSection &S : From.Other->Sections)
    if (!IsUnpacked || S.Name != "data")
      Out.Sections.push_back({S.Name.str(), S.Size, S.MemSize});
  if (hasSymbols(From))
    Out.Symbols = From.Other->Symbols.size();
  for (const Part &X : From.Parts) {
    if (!X.IsDebug)
      continue;
    Out.DebugSize += X.Where.Size;
    Out.IsDebugCompressed |= X.Bytes.size() != X.Where.Size;
  }
  if (From.Go.Pcln)
    for (StringRef File : From.Go.Pcln->Files)
      Out.SourceFiles.push_back(File.str());
  for (const CodePiece &F : From.Code)
    if (StringRef Name = F.Name;
        isCgoFunction(Name) || (From.Format == "Mach-O" &&
                                Name.consume_front("_") && isCgoFunction(Name)))
      Out.CFunctions.push_back(Name.str());
  Out.IsAltered = Hashes && From.isAltered();
  if (Out.IsAltered)
    Out.Go.Notes.push_back("changed after the build: the content ID in its Go "
                           "build ID is not that of its bytes");
  return Out;
}

llvm::Expected<PublishedFacts> goslim::readPublished(StringRef Path) {
  llvm::Expected<std::unique_ptr<Program>> P = Program::open(Path);
  if (!P)
    return P.takeError();
  PublishedFacts F;
  F.Format = (*P)->Format, F.BuildId = (*P)->Go.BuildId.Go;
  if ((*P)->Go.BuildInfo) {
    F.HasInfo = true;
    F.GoVersion = (*P)->Go.BuildInfo->Version;
    F.Info = (*P)->Go.BuildInfo->Info;
  }
  F.Sha256 = sha256Hex((*P)->fileBytes());
  F.IsAltered = (*P)->isAltered();
  F.HasSymbols = hasSymbols(**P);
  F.HasDebug =
      llvm::any_of((*P)->Parts, [](const Part &X) { return X.IsDebug; });
  return F;
}

//===----------------------------------------------------------------------===//
// What may be believed
//===----------------------------------------------------------------------===//
//
// A program says how to build it, and may lie: nothing of it may run a program,
// read a file of ours or change where modules are from.

static bool consistsOf(StringRef Text, StringRef Others) {
  return llvm::all_of(
      Text, [&](char C) { return llvm::isAlnum(C) || Others.contains(C); });
}

static bool isName(StringRef Text) {
  return !Text.empty() && Text[0] != '-' && Text[0] != '.' && Text[0] != '/' &&
         !Text.contains("..") && consistsOf(Text, "-._~/+@");
}

/// Settings that are environment variables of go.
static bool isHarmlessVariable(StringRef Key) {
  static constexpr StringRef Known[] = {
      "GOOS",   "GOARCH",       "GOAMD64",   "GOARM",      "GOARM64",
      "GO386",  "GOMIPS",       "GOMIPS64",  "GOPPC64",    "GORISCV64",
      "GOWASM", "GOEXPERIMENT", "GOFIPS140", "CGO_ENABLED"};
  return llvm::is_contained(Known, Key);
}

static bool isHarmlessFlag(StringRef Key) {
  static constexpr StringRef Known[] = {
      "-trimpath",  "-tags",  "-race",      "-msan",    "-asan",
      "-buildmode", "-cover", "-covermode", "-gcflags", "-asmflags"};
  return llvm::is_contained(Known, Key);
}

/// Words of -gcflags, -asmflags and -ldflags that neither run a program nor
/// name a file.
static bool areHarmlessWords(StringRef Text) {
  Result<std::vector<std::string>> Words = splitQuoted(std::string_view(Text));
  if (!Words)
    return false;
  bool IsValue = false;
  for (StringRef W : *Words) {
    static constexpr StringRef Alone[] = {"-s",
                                          "-w",
                                          "-l",
                                          "-N",
                                          "-B",
                                          "-m",
                                          "-buildid=",
                                          "-linkmode=internal",
                                          "-linkmode=external",
                                          "-extldflags=-static"};
    bool TakesValue = W == "-X" || W == "-buildid";
    if (!IsValue && !TakesValue && !W.starts_with("-X=") &&
        !W.starts_with("all=-") && !W.starts_with("-buildid=") &&
        !llvm::is_contained(Alone, W))
      return false;
    if (!IsValue && W.consume_front("all="))
      if (!llvm::is_contained(Alone, W))
        return false;
    IsValue = !IsValue && TakesValue;
  }
  return true;
}

/// Words of CGO_CFLAGS and the like: -O2, -g, and nothing that could be more.
static bool areOptimizations(StringRef Text) {
  llvm::SmallVector<StringRef> Words;
  Text.split(Words, ' ', -1, false);
  return llvm::all_of(Words, [](StringRef W) {
    return W.size() <= 3 && (W.starts_with("-O") || W.starts_with("-g")) &&
           consistsOf(W, "-");
  });
}

/// A release that the module proxy serves: "go1.23.7", "go1.27rc1".
static bool isRelease(StringRef Version) {
  return Version.consume_front("go1.") &&
         !Version.take_while(llvm::isDigit).empty() &&
         Version.find_first_not_of("0123456789.rcbeta") == StringRef::npos;
}

static std::vector<std::string> linkerFlags(const PublishedFacts &F) {
  std::vector<std::string> Out;
  if (std::string_view Given = F.Info.setting("-ldflags"); !Given.empty())
    return {std::string(Given)};
  bool IsTold = F.Info.setting("-trimpath") != "true";
  if (F.Format == "Wasm" && F.HasSymbols && !IsTold)
    Out = {"", "-w"}; // it never has debug data
  else if (F.HasSymbols || IsTold)
    Out = {F.HasDebug || IsTold ? "" : "-w"};
  else
    Out = {"-s -w", "-s", "-w -s"};
  if (F.BuildId.empty())
    for (std::string &Flags : Out)
      Flags += Flags.empty() ? "-buildid=" : " -buildid=";
  return Out;
}

std::string goslim::baseTag(StringRef Version) {
  // Time and revision: "yyyymmddhhmmss-abcdefabcdef", behind "-" or ".".
  constexpr size_t TimeSize = 14, RevisionSize = 12,
                   TailSize = TimeSize + 1 + RevisionSize;
  StringRef Tail = Version.take_back(TailSize);
  if (Version.size() <= TailSize + 1 || Tail[TimeSize] != '-' ||
      !llvm::all_of(Tail.take_front(TimeSize), llvm::isDigit) ||
      !consistsOf(Tail.drop_front(TimeSize + 1), ""))
    return Version.str();
  StringRef Head = Version.drop_back(TailSize + 1);
  if (Version[Head.size()] == '-')
    return ""; // v1.0.0-TIME-REVISION: there was no tag
  if (Head.consume_back(".0"))
    return Head.str(); // of a pre-release
  if (!Head.consume_back("-0"))
    return Version.str();
  // The patch level before.
  size_t Dot = Head.rfind('.');
  uint64_t Patch;
  if (Dot == StringRef::npos || Head.substr(Dot + 1).getAsInteger(10, Patch) ||
      !Patch)
    return "";
  return (Head.take_front(Dot + 1) + llvm::Twine(Patch - 1)).str();
}

llvm::Expected<Recipe> goslim::recipeOf(const PublishedFacts &F) {
  auto Cannot = [](const llvm::Twine &Why) {
    return llvm::createStringError(Why);
  };
  if (!F.HasInfo)
    return Cannot("it has no Go build information");
  if (F.Info.Path.empty())
    return Cannot("its build information names no package");
  auto [Release, Experiments] = StringRef(F.GoVersion).split(' ');
  if (size_t X = Release.find("-X:"); X != StringRef::npos)
    Release = Release.take_front(X);
  if (!isRelease(Release))
    return Cannot("its toolchain is " + F.GoVersion +
                  ", which is no release of Go that a proxy serves");
  Recipe R;
  R.Toolchain = Release.str();
  R.Package = F.Info.Path;
  if (!isName(R.Package) || (F.Info.Main && !isName(F.Info.Main->Path)) ||
      (F.Info.Main && !consistsOf(F.Info.Main->Version, "-.+()")))
    return Cannot("its build information has a package or module that is no "
                  "import path");
  for (const auto &[Key, Value] : F.Info.Settings) {
    StringRef K = Key;
    bool IsWords = K == "-gcflags" || K == "-asmflags" || K == "-ldflags";
    if (isHarmlessVariable(K) && consistsOf(Value, "-._,"))
      R.Environment[Key] = Value;
    else if (IsWords ? !areHarmlessWords(Value)
                     : isHarmlessFlag(K) && !consistsOf(Value, "-._,"))
      return Cannot("it was built with " + K + "=" + Value +
                    ", which might run a program or read a file here");
    else if (isHarmlessFlag(K) && !(K == "-buildmode" && Value == "exe"))
      R.Flags.push_back(Value == "true" ? Key : Key + "=" + Value);
    else if (K.starts_with("CGO_") && !areOptimizations(Value))
      return Cannot("it was built with " + K + "=" + Value +
                    ", whose C compiler and files are not known here");
    else if (K.starts_with("CGO_"))
      R.Environment[Key] = Value;
    else if (K == "-pgo" || K == "-overlay" || K == "-modfile")
      return Cannot("it was built with " + K + "=" + Value +
                    ", a file that is not published");
  }
  R.Revision = F.Info.setting("vcs.revision");
  R.Time = F.Info.setting("vcs.time");
  R.Modified = F.Info.setting("vcs.modified") == "true";
  if (!consistsOf(R.Revision, "") || !consistsOf(R.Time, "-:"))
    return Cannot("its VCS stamp is no revision and time");
  if (R.Revision.empty())
    R.Flags.push_back("-buildvcs=false");
  R.LinkerFlags = linkerFlags(F);
  if (F.Info.Main) {
    R.Module = F.Info.Main->Path;
    StringRef Version = F.Info.Main->Version;
    bool HasChanges = Version.consume_back("+dirty");
    if (Version != "(devel)" && !R.Revision.empty())
      R.Tag = baseTag(Version), R.IsTagged = R.Tag == Version;
    if (Version != "(devel)" && !HasChanges)
      R.Version = Version;
    R.IsInstalled = !F.Info.Main->Sum.empty() && !R.Version.empty();
  }
  for (const ModInfo::Module &M : F.Info.Deps)
    if (M.isFolder())
      return Cannot("module " + M.Path + " was replaced by the folder " +
                    M.ReplacePath + ", which is not published");
  return R;
}
