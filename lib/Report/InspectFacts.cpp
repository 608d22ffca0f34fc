//===- InspectFacts.cpp - facts from bytes, claims from build info --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First every fact is read from the file without looking at build info, then
// the claims are read, then the two are compared. A claim that is not made is
// never a difference: go leaves -ldflags out of build info under -trimpath, and
// old releases and other build systems write no settings at all.
//===----------------------------------------------------------------------===//
#include "InspectFacts.h"
#include "goslim/Report/Report.h"
#include "goslim/Tool/Quoted.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Path.h"
#include <algorithm>

using namespace llvm;

namespace goslim {

StringRef cgoSignName(CgoSign S) {
  static const StringRef Names[] = {"none", "weak", "medium", "strong"};
  return Names[unsigned(S)];
}

std::optional<bool> InspectFacts::isTrimmed() const {
  if (!SourceFiles)
    return std::nullopt;
  return AbsoluteFiles == 0;
}

bool InspectFacts::differs(StringRef Fact) const {
  return any_of(Differences, [&](auto &D) { return D.Fact == Fact; });
}

namespace {

/// "GLIBC_2.34" -> {2, 34}; empty when the name does not end in numbers.
std::vector<unsigned> versionNumbers(StringRef Version) {
  std::vector<unsigned> Out;
  StringRef Rest = Version.substr(Version.rfind('_') + 1);
  while (!Rest.empty()) {
    unsigned Number;
    if (Rest.consumeInteger(10, Number))
      return {};
    Out.push_back(Number);
    if (!Rest.empty() && !Rest.consume_front("."))
      return {};
  }
  return Out;
}

/// glibc 2.Minor -> the oldest release of each system that has it or newer.
StringRef systemsWithGlibc(unsigned Minor) {
  struct Row {
    unsigned Minor;
    StringRef Systems;
  };
  static const Row Rows[] = {
      {17, "RHEL 7, Debian 8, Ubuntu 14.04"},
      {19, "Debian 8, Ubuntu 14.04, RHEL 8"},
      {23, "Debian 9, Ubuntu 16.04, RHEL 8"},
      {24, "Debian 9, Ubuntu 18.04, RHEL 8"},
      {27, "Debian 10, Ubuntu 18.04, RHEL 8"},
      {28, "Debian 10, Ubuntu 20.04, RHEL 8"},
      {31, "Debian 11, Ubuntu 20.04, RHEL 9"},
      {34, "Debian 12, Ubuntu 22.04, RHEL 9"},
      {35, "Debian 12, Ubuntu 22.04, RHEL 10"},
      {36, "Debian 12, Ubuntu 24.04, RHEL 10"},
      {39, "Debian 13, Ubuntu 24.04, RHEL 10"},
      {41, "Debian 13, Ubuntu 26.04"},
  };
  for (const Row &R : Rows)
    if (Minor <= R.Minor)
      return R.Systems;
  return "";
}

void findNewest(InspectFacts &F) {
  for (auto [Library, Version] : F.Dynamic.Versions) {
    StringRef Family = Version.take_front(Version.rfind('_'));
    std::vector<unsigned> Numbers = versionNumbers(Version);
    if (Numbers.empty())
      continue;
    auto Same = find_if(F.Newest, [&](auto &Row) {
      return Row.first == Library &&
             Row.second.take_front(Row.second.rfind('_')) == Family;
    });
    if (Same == F.Newest.end())
      F.Newest.push_back({Library, Version});
    else if (versionNumbers(Same->second) < Numbers)
      Same->second = Version;
  }
  unsigned Glibc = 0;
  for (auto [Library, Version] : F.Newest)
    if (Version.starts_with("GLIBC_")) {
      std::vector<unsigned> Numbers = versionNumbers(Version);
      if (Numbers.size() >= 2 && Numbers[0] == 2)
        Glibc = std::max(Glibc, Numbers[1]);
    }
  if (Glibc)
    F.OldestSystems = systemsWithGlibc(Glibc);
}

void readType(const Image &File, InspectFacts &F) {
  bool HasLoader = F.Dynamic.Interpreter.has_value();
  switch (File.fileType()) {
  case ELF::ET_EXEC:
    F.Type = "executable";
    F.BuildMode = "exe";
    F.Linkage = HasLoader ? "dynamic" : "static";
    return;
  case ELF::ET_DYN:
    F.IsPie = HasLoader || F.Dynamic.IsPie;
    if (F.IsPie) {
      F.Type = "position-independent executable";
      F.BuildMode = "pie";
      F.Linkage = HasLoader ? "dynamic" : "static-pie";
    } else {
      F.Type = "shared library";
      F.BuildMode = "c-shared or plugin";
      F.Linkage = F.Dynamic.Needed.empty() ? "static" : "dynamic";
    }
    return;
  case ELF::ET_REL:
    F.Type = "object file";
    F.Linkage = "not linked";
    return;
  case ELF::ET_CORE:
    F.Type = "core dump";
    return;
  default:
    F.Type = "ELF file of unknown type";
  }
}

void readDebug(const Image &File, InspectFacts &F) {
  for (const ImageSection &S : File.sections()) {
    if (!S.Size ||
        !(S.Name.starts_with(".debug_") || S.Name.starts_with(".zdebug_")) ||
        S.Name == ".debug_gdb_scripts")
      continue;
    F.DwarfSize += S.Size;
    if (F.DwarfCompression.empty())
      F.DwarfCompression = "none";
    if (!S.isCompressed())
      continue;
    // ch_type is the first word; .zdebug_* is always zlib.
    bool IsZstd = (S.Flags & ELF::SHF_COMPRESSED) &&
                  File.readUint(S.Offset, 4) == ELF::ELFCOMPRESS_ZSTD;
    F.DwarfCompression = IsZstd ? "zstd" : "zlib";
  }
}

bool isAbsolute(StringRef Path) {
  return sys::path::is_absolute(Path, sys::path::Style::posix) ||
         (Path.size() > 2 && isAlpha(Path[0]) && Path[1] == ':' &&
          (Path[2] == '/' || Path[2] == '\\'));
}

template <typename Paths> void readPaths(const Paths &Files, InspectFacts &F) {
  constexpr size_t MaxExamples = 3;
  for (StringRef Path : Files) {
    if (Path.starts_with("<")) // <autogenerated>
      continue;
    ++F.SourceFiles;
    if (!isAbsolute(Path))
      continue;
    ++F.AbsoluteFiles;
    if (F.AbsoluteExamples.size() < MaxExamples)
      F.AbsoluteExamples.push_back(Path);
  }
}

/// By the name of a function.
void readCgo(StringRef Name, InspectFacts &F) {
  if (!isCgoFunction(Name))
    return;
  F.Cgo = CgoSign::Functions;
  if (Name.contains("._Cfunc_") || Name.contains("._C2func_"))
    F.CgoPackages.push_back(packageOfSymbol(Name));
}

void finishCgo(InspectFacts &F) {
  llvm::sort(F.CgoPackages);
  F.CgoPackages.erase(llvm::unique(F.CgoPackages), F.CgoPackages.end());
  if (F.Cgo == CgoSign::None && !F.Dynamic.Needed.empty())
    F.Cgo = CgoSign::DynamicImports;
}

void readCgo(const GoImage &Go, ArrayRef<ImageSymbol> Symbols,
             InspectFacts &F) {
  if (Go.Pcln)
    for (const GoFunction &Function : Go.Pcln->Functions)
      readCgo(Function.Name, F);
  // The loader's own functions are there in every -linkshared program.
  for (const ImageSymbol &S : Symbols)
    if (S.Section && S.Type == ELF::STT_FUNC)
      readCgo(S.Name, F);
  finishCgo(F);
}

void readClaims(const GoImage &Go, InspectFacts &F) {
  if (!Go.BuildInfo)
    return;
  const ModInfo &Info = Go.BuildInfo->Info;
  auto Setting = [&](std::string_view Key) {
    return std::string(Info.setting(Key));
  };
  std::string Os = Setting("GOOS"), Arch = Setting("GOARCH");
  if (!Os.empty() || !Arch.empty())
    F.Claims.Target = Os + "/" + Arch;
  F.Claims.BuildMode = Setting("-buildmode");
  F.Claims.Trimpath = Setting("-trimpath");
  F.Claims.Cgo = Setting("CGO_ENABLED");
  F.Claims.LdFlags = Setting("-ldflags");
  F.Claims.HidesLdFlags =
      F.Claims.LdFlags.empty() && F.Claims.Trimpath == "true";
  if (F.Cgo == CgoSign::None && F.Claims.Cgo == "1")
    F.Cgo = CgoSign::Claimed;
}

/// What -ldflags ask for; nullopt when they are not known.
struct StripClaim {
  bool NoSymbols = false, NoDwarf = false, Static = false;
};
std::optional<StripClaim> stripClaim(const GoImage &Go, const InspectFacts &F) {
  if (F.Claims.HidesLdFlags || F.Claims.Target.empty())
    return std::nullopt;
  Result<std::vector<std::string>> Words = splitQuoted(F.Claims.LdFlags);
  if (!Words)
    return std::nullopt;
  StripClaim Out;
  bool KeepsDwarf = false;
  for (StringRef Word : *Words) {
    Word.consume_front("-");
    Word.consume_front("-");
    if (Word == "s" || Word == "s=true" || Word == "s=1")
      Out.NoSymbols = true;
    else if (Word == "w" || Word == "w=true" || Word == "w=1")
      Out.NoDwarf = true;
    else if (Word == "w=0" || Word == "w=false")
      KeepsDwarf = true;
    else if (Word.starts_with("extldflags=") && Word.contains("-static"))
      Out.Static = !Word.contains("-static-");
  }
  // -s has always dropped DWARF but on macOS; from 1.22 everywhere, unless -w=0
  // asks for it (ld/dwarf.go dwarfEnabled).
  bool IsNew = Go.minorVersion() >= 22;
  if (Out.NoSymbols && (IsNew ? !KeepsDwarf : F.Format != "Mach-O"))
    Out.NoDwarf = true;
  return Out;
}

void compareTarget(InspectFacts &F) {
  auto [Os, Arch] = StringRef(F.Claims.Target).split('/');
  bool IsOs = F.Os.empty() || Os.empty() || F.Os == Os ||
              (Os == "android" && F.Os == "linux") ||
              (Os == "ios" && F.Os == "darwin");
  if (F.Claims.Target.empty() || (IsOs && F.Arch == Arch))
    return;
  std::string Found = F.Os.empty() ? F.Arch.str() : (F.Os + "/" + F.Arch).str();
  F.Differences.push_back({"target", Found, F.Claims.Target});
}

void compareLink(InspectFacts &F) {
  StringRef Mode = F.Claims.BuildMode;
  bool IsLibrary = Mode == "c-shared" || Mode == "plugin" || Mode == "shared";
  bool Fits = Mode == F.BuildMode ||
              (IsLibrary && F.BuildMode == "c-shared or plugin") ||
              Mode == "c-archive" || Mode == "default";
  if (!Mode.empty() && !F.BuildMode.empty() && !Fits)
    F.Differences.push_back(
        {"build mode", F.BuildMode.str(), "-buildmode=" + Mode.str()});
  if (F.Claims.Cgo == "0" && F.Cgo >= CgoSign::DynamicImports)
    F.Differences.push_back(
        {"cgo",
         F.Cgo == CgoSign::Functions ? "functions of cgo" : "dynamic imports",
         "CGO_ENABLED=0"});
}

void compareStripping(const GoImage &Go, InspectFacts &F) {
  std::optional<StripClaim> Claim = stripClaim(Go, F);
  if (!Claim)
    return;
  if (!F.HasSectionHeaders)
    return;
  if (Claim->NoSymbols == F.Symbols.has_value())
    F.Differences.push_back(
        {"symbols", F.Symbols ? "a symbol table" : "stripped after the link",
         Claim->NoSymbols ? "-ldflags with -s" : "-ldflags without -s"});
  // Wasm never has it.
  if (Claim->NoDwarf == (F.DwarfSize != 0) && F.Format != "Wasm")
    F.Differences.push_back(
        {"DWARF", F.DwarfSize ? "present" : "removed after the link",
         Claim->NoDwarf ? "-ldflags with -w or -s" : "-ldflags without -w"});
}

void compareStatic(const GoImage &Go, InspectFacts &F) {
  std::optional<StripClaim> Claim = stripClaim(Go, F);
  if (Claim && Claim->Static && F.Dynamic.Interpreter)
    F.Differences.push_back({"linkage", "dynamic", "-extldflags with -static"});
}

void comparePaths(InspectFacts &F) {
  if (F.Claims.Trimpath == "true" && F.isTrimmed() == false)
    F.Differences.push_back({"paths",
                             std::to_string(F.AbsoluteFiles) + " absolute",
                             "-trimpath=true"});
  // Settings are there, -trimpath is not among them.
  if (F.Claims.Trimpath.empty() && !F.Claims.Target.empty() &&
      F.isTrimmed() == true)
    F.Differences.push_back({"paths", "none absolute", "no -trimpath"});
}

} // namespace

Expected<InspectFacts> inspectFacts(const Image &File, const GoImage &Go) {
  InspectFacts F;
  F.Name = sys::path::filename(File.path()).str();
  F.Format = File.format(), F.Os = File.os(), F.Arch = File.arch();
  F.Bits = File.bits(), F.IsLittleEndian = File.isLittleEndian();
  F.FileSize = File.size();
  F.HasSectionHeaders = !File.sections().empty();
  // UPX writes its mark behind the program headers.
  if (!F.HasSectionHeaders && File.bytes().take_front(1024).contains("UPX!"))
    F.Packer = "UPX";
  Expected<Image::Dynamic> Dynamic = File.dynamic();
  if (!Dynamic)
    return Dynamic.takeError();
  F.Dynamic = std::move(*Dynamic);
  Expected<std::vector<ImageSymbol>> Symbols = File.symbols();
  if (!Symbols)
    return Symbols.takeError();
  if (!Symbols->empty())
    F.Symbols = Symbols->size() - 1; // the first row is the null symbol
  findNewest(F);
  readType(File, F);
  readDebug(File, F);
  if (Go.Pcln)
    readPaths(Go.Pcln->Files, F);
  readCgo(Go, *Symbols, F);
  readClaims(Go, F);
  compareTarget(F);
  compareLink(F);
  compareStripping(Go, F);
  compareStatic(Go, F);
  comparePaths(F);
  return F;
}

InspectFacts inspectFacts(const OtherProgram &Other) {
  InspectFacts F;
  F.Name = sys::path::filename(Other.Path).str();
  F.Format = Other.Format, F.Arch = Other.Arch, F.FileSize = Other.Size;
  F.Os = F.Format == "PE" ? "windows" : F.Format == "Mach-O" ? "darwin" : "";
  F.Bits = F.Arch == "386" || F.Arch == "arm" || F.Arch == "wasm" ? 32 : 64;
  F.Type = F.Format == "Wasm" ? "module" : "program";
  F.Symbols = Other.Symbols;
  F.DwarfSize = Other.DebugSize;
  if (F.DwarfSize)
    F.DwarfCompression = Other.IsDebugCompressed ? "zlib" : "none";
  readPaths(Other.SourceFiles, F);
  for (StringRef Name : Other.CFunctions)
    readCgo(Name, F);
  finishCgo(F);
  readClaims(Other.Go, F);
  compareTarget(F);
  compareLink(F);
  compareStripping(Other.Go, F);
  comparePaths(F);
  return F;
}

static std::vector<std::string> attributesOf(const InspectFacts &F) {
  std::vector<std::string> Out;
  auto Add = [&](bool Holds, const Twine &Name) {
    if (Holds)
      Out.push_back(Name.str());
  };
  Add(F.Linkage.starts_with("static"), "STATIC");
  Add(F.Linkage == "dynamic", "DYNAMIC");
  Add(F.IsPie, "POSITION_INDEPENDENT");
  Add(F.HasSectionHeaders && !F.Symbols, "NO_SYMBOL_TABLE");
  Add(F.HasSectionHeaders && !F.DwarfSize, "NO_DEBUG_DATA");
  Add(F.isTrimmed() == true, "NO_ABSOLUTE_PATHS");
  Add(F.isTrimmed() == false, "ABSOLUTE_PATHS");
  Add(F.Cgo >= CgoSign::DynamicImports, "CALLS_C");
  Add(F.Cgo == CgoSign::None, "NO_SIGN_OF_C");
  for (auto [Library, Version] : F.Newest)
    Add(true, "NEEDS_" + Version);
  Add(!F.Differences.empty(), "CONTRADICTS_BUILD_INFO");
  llvm::sort(Out);
  return Out;
}

Expected<std::vector<std::string>> provenAttributes(const Image &File,
                                                    const GoImage &Go) {
  Expected<InspectFacts> F = inspectFacts(File, Go);
  if (!F)
    return F.takeError();
  return attributesOf(*F);
}

std::vector<std::string> provenAttributes(const OtherProgram &Other) {
  std::vector<std::string> Out = attributesOf(inspectFacts(Other));
  if (Other.IsAltered)
    Out.push_back("CHANGED_AFTER_BUILD");
  llvm::sort(Out);
  return Out;
}

} // namespace goslim
