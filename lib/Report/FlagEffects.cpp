//===- FlagEffects.cpp - what flags save and cost -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a flag took out of a program is not in it: where the replay of the link
// does not tell what it was, the row says that it is not known. What a flag
// would take out is counted where it lies; the file shrinks by that much but
// for the alignment of what comes behind.
//===----------------------------------------------------------------------===//
#include "Render.h"
#include <array>
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

namespace {

using Effect = FlagEffect::Effect;

/// A section without which the file were shorter: its bytes, its header and
/// its name.
uint64_t costOf(const Image &File, const ImageSection &S) {
  uint64_t Header = File.bits() == 64 ? 64 : 40;
  return (S.isNoBits() ? 0 : S.Size) + Header + S.Name.size() + 1;
}

bool isDebug(const ImageSection &S) {
  return StringRef(S.Name).starts_with(".debug_") ||
         StringRef(S.Name).starts_with(".zdebug_");
}

/// Elf32_Chdr and Elf64_Chdr: ch_size.
uint64_t rawSizeOf(const Image &File, const ImageSection &S) {
  unsigned Word = File.bits() / 8;
  return S.isCompressed()
             ? File.readUint(S.Offset + Word, Word).value_or(S.Size)
             : S.Size;
}

void addDebug(const Image &File, std::vector<FlagEffect> &Out) {
  uint64_t Size = 0, Raw = 0, Compressed = 0;
  unsigned Count = 0;
  for (const ImageSection &S : File.sections()) {
    if (!isDebug(S))
      continue;
    Size += costOf(File, S), ++Count;
    if (S.isCompressed())
      Compressed += S.Size, Raw += rawSizeOf(File, S);
  }
  if (!Count) {
    Out.push_back({"-w", Effect::Saves, std::nullopt,
                   "debug data; see goslim relink FILE"});
    return;
  }
  Out.push_back({"-w", Effect::WouldSave, Size,
                 fmt::format("debug data, {} sections", Count)});
  if (Raw > Compressed)
    Out.push_back({"-compressdwarf=false", Effect::WouldCost, Raw - Compressed,
                   "debug data as it is when decompressed"});
}

void addSymbols(const Image &File, const Attribution &A,
                std::vector<FlagEffect> &Out) {
  uint64_t Size = 0;
  for (StringRef Name : {".symtab", ".strtab"})
    if (const ImageSection *S = File.section(Name))
      Size += costOf(File, *S);
  if (Size)
    Out.push_back({"-s", Effect::WouldSave, Size,
                   "symbols and their names (and implies -w)"});
  else if (A.SymbolTableSize)
    Out.push_back({"-s", Effect::Saves, A.SymbolTableSize,
                   "symbols and their names, by the replay of the link"});
  else
    Out.push_back({"-s", Effect::Saves, std::nullopt,
                   "symbols and their names; only the replay of a link by "
                   "Go's own linker can tell"});
}

/// "/x/go/src/" of "/x/go/src/runtime/proc.go", or "".
StringRef gorootSource(const GoImage &Go) {
  for (StringRef Name : Go.Pcln->Files)
    if (Name.consume_back("runtime/proc.go") && Name.ends_with("/src/"))
      return Name;
  return "";
}

/// The folder of the main module: of a file of a package "M/a", what is above
/// "a"; or "".
StringRef mainFolder(const GoImage &Go) {
  StringRef Module = Go.BuildInfo->Info.Main ? Go.BuildInfo->Info.Main->Path
                                             : std::string_view();
  for (const GoFunction &F : Go.Pcln->Functions) {
    std::string Package = packageOfSymbol(F.Name);
    StringRef Rest =
        Package == "main" ? StringRef(Go.BuildInfo->Info.Path) : Package;
    if (Module.empty() || !Rest.consume_front(Module) ||
        !(Rest.empty() || Rest.starts_with("/")))
      continue;
    StringRef Folder = F.File.substr(0, F.File.rfind('/'));
    if (F.File.starts_with("/") && Folder.consume_back(Rest))
      return Folder;
  }
  return "";
}

/// cmd/go/internal/work/gc.go trimpath, Go 1.21 to 1.27: GOROOT/src/ and the
/// module cache go; the main module's folder becomes its path.
void addPaths(const GoImage &Go, std::vector<FlagEffect> &Out) {
  if (!Go.Pcln || !Go.BuildInfo || Go.Pcln->Files.empty())
    return;
  if (Go.BuildInfo->Info.setting("-trimpath") == "true") {
    Out.push_back({"-trimpath", Effect::Saves, std::nullopt,
                   "folders of the build machine; only a build without it can "
                   "tell"});
    return;
  }
  StringRef Goroot = gorootSource(Go), Main = mainFolder(Go);
  size_t Path =
      Go.BuildInfo->Info.Main ? Go.BuildInfo->Info.Main->Path.size() : 0;
  constexpr StringRef Cache = "/pkg/mod/";
  uint64_t Saved = 0;
  for (StringRef Name : Go.Pcln->Files) {
    if (!Goroot.empty() && Name.starts_with(Goroot))
      Saved += Goroot.size();
    else if (size_t At = Name.find(Cache); At != StringRef::npos)
      Saved += At + Cache.size();
    else if (!Main.empty() && Name.starts_with(Main) && Main.size() > Path)
      Saved += Main.size() - Path;
  }
  if (Saved)
    Out.push_back({"-trimpath", Effect::WouldSave, Saved,
                   "folders of the build machine in file names of pclntab; "
                   "debug data not counted"});
}

/// Text of build info that is there twice: in .go.buildinfo and as
/// runtime.modinfo.
void addVcs(const GoImage &Go, std::vector<FlagEffect> &Out) {
  if (!Go.BuildInfo)
    return;
  uint64_t Size = 0;
  for (const auto &[Key, Value] : Go.BuildInfo->Info.Settings)
    if (StringRef(Key).starts_with("vcs"))
      Size += StringRef("build\t=\n").size() + Key.size() + Value.size();
  if (Size)
    Out.push_back({"-buildvcs=false", Effect::WouldSave, 2 * Size,
                   "state of the repository in build info, twice"});
}

/// Values of -X are symbols that the linker makes.
void addStrings(const Attribution &A, std::vector<FlagEffect> &Out) {
  for (const Span &S : A.Spans) {
    StringRef Name = S.Symbol;
    if (S.By != Step::Link || S.Why != Evidence::Replayed ||
        !Name.consume_back(".str") || Name.starts_with("runtime."))
      continue;
    Out.push_back({fmt::format("-X {}=...", std::string_view(Name)),
                   Effect::Costs, S.Size, "its value"});
  }
}

void addPie(const GoImage &Go, const Attribution &A,
            std::vector<FlagEffect> &Out) {
  if (!Go.BuildInfo || Go.BuildInfo->Info.setting("-buildmode") != "pie")
    return;
  Totals T = totalsOf(A);
  Out.push_back(
      {"-buildmode=pie", Effect::Costs,
       T.ByKind[unsigned(Kind::Relocation)] + T.ByKind[unsigned(Kind::Dynamic)],
       "relocations and what the dynamic linker reads"});
}

} // namespace

StringRef goslim::effectName(FlagEffect::Effect E) {
  static constexpr StringRef Names[] = {"saves", "would save", "costs",
                                        "would cost"};
  return Names[unsigned(E)];
}

std::vector<FlagEffect> goslim::strippingEffects(const Image &File,
                                                 const GoImage &Go,
                                                 const Attribution &A) {
  std::vector<FlagEffect> Out;
  if (!Go.isGo())
    return Out;
  addSymbols(File, A, Out);
  addDebug(File, Out);
  return Out;
}

std::vector<FlagEffect> goslim::flagEffects(const Image &File,
                                            const GoImage &Go,
                                            const Attribution &A) {
  std::vector<FlagEffect> Out = strippingEffects(File, Go, A);
  if (!Go.isGo())
    return Out;
  addPaths(Go, Out);
  addVcs(Go, Out);
  addStrings(A, Out);
  addPie(Go, A, Out);
  return Out;
}

void goslim::reportFlags(llvm::raw_ostream &OS, const Image &File,
                         const GoImage &Go, const Attribution &A,
                         const ReportOptions &O) {
  std::vector<std::array<std::string, 5>> Rows = {
      {"flag", "", O.Bytes ? "bytes" : "size", "file", ""}};
  for (const FlagEffect &F : flagEffects(File, Go, A))
    Rows.push_back({printable(F.Flag), effectName(F.What).str(),
                    F.Bytes ? amount(*F.Bytes, O.Bytes) : "not known",
                    F.Bytes ? percent(*F.Bytes, File.size()) : "", F.Because});
  size_t Width[4] = {};
  for (const auto &Row : Rows)
    for (unsigned I = 0; I < 4; ++I)
      Width[I] = std::max(Width[I], Row[I].size());
  // On a terminal reasons get what the numbers leave, or nothing.
  constexpr size_t Least = 20;
  size_t Used = Width[0] + Width[1] + Width[2] + Width[3] + 4 * 2;
  for (auto &[Flag, Does, Size, Share, Because] : Rows)
    if (O.Width)
      Because = O.Width < Used + Least ? std::string()
                                       : shortened(Because, O.Width - Used);
  for (const auto &[Flag, Does, Size, Share, Because] : Rows)
    OS << StringRef(fmt::format("{:<{}}  {:<{}}  {:>{}}  {:>{}}  {}", Flag,
                                Width[0], Does, Width[1], Size, Width[2], Share,
                                Width[3], Because))
              .rtrim(' ')
       << '\n';
}
