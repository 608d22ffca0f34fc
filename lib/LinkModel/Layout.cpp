//===- Layout.cpp - where each symbol lies --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// symtab.go: symtab sorts reachable read-only symbols into groups by name.
// data.go: dodata and dodataSect put each group in order, allocateDataSections
// lays the groups out one behind the other. pcln.go: generateFuncdata, for Go
// 1.26 and newer, where funcdata moved into pclntab.
//===----------------------------------------------------------------------===//
#include "Layout.h"
#include "Pcln.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <array>
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

namespace {

/// What differs between architectures (cmd/link/internal/ARCH/l.go).
struct ArchLayout {
  StringRef Name;
  uint32_t FuncAlign, MinAlign, MaxAlign, MinLC;
};
constexpr ArchLayout Archs[] = {
    {"amd64", 32, 1, 32, 1}, {"arm64", 16, 1, 32, 4}, {"386", 16, 1, 32, 1}};

/// A group and its symbols, in the order of their numbers until sorted.
struct Bucket {
  Group In;
  bool HasCarrier = false; ///< an empty symbol aligned to a pointer in front
  std::vector<Sym> Symbols;
};

class LayoutBuilder {
public:
  LayoutBuilder(Loader &L, const Reachability &R, const TextOrder &Text,
                const FipsSymbols &Fips, const LinkerSymbols &Own,
                llvm::ArrayRef<HostSection> Host, const Image &File,
                const GoImage &Go)
      : L(L), R(R), Text(Text), Fips(Fips), Own(Own), Host(Host), File(File),
        Go(Go), M(*Go.Module), Minor(L.Tables.Minor) {}
  Layout run();

private:
  enum BucketId : unsigned {
    Types,
    Strings,
    FuncDescs,
    FuncDatas,
    GcBitss,
    Rodatas,
    RelroRodatas,
    FipsRodatas,
    Itabs,
    NoptrDatas,
    FipsNoptrDatas,
    Datas,
    FipsDatas,
    Bsss,
    NoptrBsss,
    GcMasks,
    Counters,
    NumBuckets
  };
  std::array<Bucket, NumBuckets> Buckets = {
      Bucket{Group::Type, true, {}},       Bucket{Group::String, true, {}},
      Bucket{Group::FuncDesc, true, {}},   Bucket{Group::FuncData, true, {}},
      Bucket{Group::GcBits, true, {}},     Bucket{Group::Rodata, false, {}},
      Bucket{Group::Rodata, false, {}},    Bucket{Group::Rodata, false, {}},
      Bucket{Group::Itab, false, {}},      Bucket{Group::NoptrData, false, {}},
      Bucket{Group::NoptrData, false, {}}, Bucket{Group::Data, false, {}},
      Bucket{Group::Data, false, {}},      Bucket{Group::Bss, false, {}},
      Bucket{Group::NoptrBss, false, {}},  Bucket{Group::NoptrBss, true, {}},
      Bucket{Group::NoptrBss, false, {}}};

  void collect();
  int bucketOf(Sym S) const;
  int rodataBucketOf(Sym S) const;
  void sortBucket(Bucket &B);
  uint32_t alignOf(Sym S) const;
  uint64_t sectionAddress(StringRef Name) const;
  uint64_t placeBucket(uint64_t At, const Bucket &B);
  void placeSymbol(Sym S, uint64_t Address, uint64_t Size, Group G);
  void placeText(), placeFixed();
  void placeReadOnly();
  uint64_t findRelroStart() const;
  void placeTypes127();
  llvm::StringRef typeString(Sym S) const;
  bool looksLike(Sym S, uint64_t Address) const;
  void orderTypelinks(std::vector<Sym> &Linked, uint64_t At);
  void placeFuncData126();
  void placeWritable();
  void fixFilledSizes();
  uint64_t gcProgramSize(uint64_t Address) const;
  bool expectEnd(StringRef What, uint64_t At, uint64_t End);

  Loader &L;
  const Reachability &R;
  const TextOrder &Text;
  const FipsSymbols &Fips;
  const LinkerSymbols &Own;
  llvm::ArrayRef<HostSection> Host;
  const Image &File;
  const GoImage &Go;
  const ModuleData &M;
  unsigned Minor;
  bool IsRelro = false;
  const ArchLayout *Arch = &Archs[0];
  Sym ZeroBase = 0;
  uint64_t TextEnd = 0; ///< of the last function
  Layout Out;
  llvm::DenseMap<Sym, uint64_t> SizeAtPlacing; ///< of those filled late
};

} // namespace

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

/// Up to Go 1.25 funcdata is told by name (symtab.go).
static bool isFuncDataName(StringRef Name) {
  static constexpr StringRef Prefixes[] = {"gcargs.", "gclocals.", "gclocals·"};
  static constexpr StringRef Suffixes[] = {
      ".opendefer", ".arginfo0",      ".arginfo1", ".argliveinfo",
      ".wrapinfo",  ".args_stackmap", ".stkobj"};
  return llvm::any_of(Prefixes,
                      [&](StringRef P) { return Name.starts_with(P); }) ||
         llvm::any_of(Suffixes, [&](StringRef S) { return Name.ends_with(S); });
}

int LayoutBuilder::rodataBucketOf(Sym S) const {
  StringRef Name = L.name(S);
  bool IsType = Name.starts_with("type:");
  if (Name.starts_with("go:string."))
    return Strings;
  if (Name.starts_with("runtime.gcbits.") ||
      (Minor <= 26 && Name.starts_with("type:.gcprog.")))
    return GcBitss;
  if (Name.ends_with("·f"))
    return FuncDescs;
  if (Minor <= 25 && isFuncDataName(Name))
    return FuncDatas;
  if (IsType)
    return Types;
  if (Minor >= 27 && L.isFlag2(S, L.Tables.Itab))
    return Itabs;
  return IsRelro && (L.relocs(S).size() ||
                     (L.isMade(S) && L.made(S).isRelocated()))
             ? RelroRodatas
             : Rodatas;
}

int LayoutBuilder::bucketOf(Sym S) const {
  switch (L.kind(S)) {
  case SymKind::Rodata:
    return rodataBucketOf(S);
  case SymKind::RodataFips:
    return FipsRodatas;
  case SymKind::NoptrData:
    return NoptrDatas;
  case SymKind::NoptrDataFips:
    return FipsNoptrDatas;
  case SymKind::Data:
    return Datas;
  case SymKind::DataFips:
    return FipsDatas;
  case SymKind::Bss:
    return Bsss;
  case SymKind::NoptrBss:
    return Minor >= 27 && L.name(S).starts_with("type:.gcmask.") ? GcMasks
                                                                 : NoptrBsss;
  case SymKind::CoverageCounter:
    return Counters;
  default:
    return -1;
  }
}

void LayoutBuilder::collect() {
  auto IsMarker = [&](Sym S) {
    return S == Fips.RodataStart || S == Fips.RodataEnd ||
           S == Fips.NoptrDataStart || S == Fips.NoptrDataEnd ||
           S == Fips.DataStart || S == Fips.DataEnd;
  };
  for (Sym S = 1; S < L.numSymbols(); ++S) {
    if (!R.Reachable.test(S) || (L.name(S).empty() && !L.isMade(S)))
      continue;
    if (L.isMade(S) && (L.made(S).IsUnnamed || IsMarker(S)))
      continue;
    if (int B = bucketOf(S); B >= 0)
      Buckets[size_t(B)].Symbols.push_back(S);
  }
  for (Sym S : Text.InlineTrees)
    if (S && Minor <= 25)
      Buckets[FuncDatas].Symbols.push_back(S);
  if (Minor <= 25) { // one group: descriptors and funcdata
    Bucket &All = Buckets[FuncDatas];
    if (!IsRelro) {
      llvm::append_range(All.Symbols, Buckets[FuncDescs].Symbols);
      Buckets[FuncDescs].Symbols.clear();
    }
    llvm::sort(All.Symbols);
  }
}

uint32_t LayoutBuilder::alignOf(Sym S) const {
  if (uint32_t Align = L.align(S))
    return std::max(Align, Arch->MinAlign);
  uint32_t Align = Arch->MaxAlign;
  uint64_t Size = L.size(S);
  while (Align > Size && Align > Arch->MinAlign)
    Align >>= 1;
  return Align;
}

void LayoutBuilder::sortBucket(Bucket &B) {
  // Number is the last key and they come by number: a stable sort by size,
  // with runtime.zerobase behind all empty ones.
  auto Key = [&](Sym S) -> uint64_t {
    return S == ZeroBase ? 1 : 2 * L.size(S);
  };
  std::vector<std::pair<uint64_t, Sym>> Keys;
  Keys.reserve(B.Symbols.size());
  for (Sym S : B.Symbols)
    Keys.push_back({Key(S), S});
  llvm::sort(Keys);
  for (size_t I = 0; I < Keys.size(); ++I)
    B.Symbols[I] = Keys[I].second;
}

//===----------------------------------------------------------------------===//
// Placing
//===----------------------------------------------------------------------===//

uint64_t LayoutBuilder::sectionAddress(StringRef Name) const {
  const ImageSection *S = File.section(Name);
  return S ? S->Address : 0;
}

void LayoutBuilder::placeSymbol(Sym S, uint64_t Address, uint64_t Size,
                                Group G) {
  Out.Address[S] = Address;
  // C's functions have names of their own in the program.
  bool IsCText = G == Group::Text && L.isMade(S) && L.made(S).IsHost;
  if (Size && !IsCText)
    Out.Placements.push_back({S, Address, Size, G, false});
}

/// What lies in a section of its own, or is only a mark.
void LayoutBuilder::placeFixed() {
  Out.Address[Own.Text] = Out.TextStart;
  Out.Address[Own.BuildInfo] = sectionAddress(".go.buildinfo");
  if (Minor >= 26)
    Out.Address[Own.ModuleData] = M.Address;
  if (Fips.Info)
    Out.Address[Fips.Info] = sectionAddress(".go.fipsinfo");
}

uint64_t LayoutBuilder::placeBucket(uint64_t At, const Bucket &B) {
  if (B.HasCarrier)
    At = llvm::alignTo(At, 8);
  for (Sym S : B.Symbols) {
    At = llvm::alignTo(At, alignOf(S));
    uint64_t Size = L.size(S);
    if (auto It = SizeAtPlacing.find(S); It != SizeAtPlacing.end())
      Size = It->second;
    // ·f and funcdata share a group up to Go 1.25.
    Group G = B.In == Group::FuncData && L.name(S).ends_with("·f")
                  ? Group::FuncDesc
                  : B.In;
    placeSymbol(S, At, Size, G);
    At += Size;
  }
  return At;
}

bool LayoutBuilder::expectEnd(StringRef What, uint64_t At, uint64_t End) {
  if (At != End)
    Out.Notes.push_back(fmt::format("{}: replayed end {:#x}, found {:#x}",
                                    std::string_view(What), At, End));
  return At == End;
}

void LayoutBuilder::placeText() {
  constexpr uint64_t LeastSize = 16; // abi.MINFUNC
  uint64_t At = Out.TextStart;
  uint32_t FuncAlign =
      L.Request.Funcalign ? L.Request.Funcalign : Arch->FuncAlign;
  for (Sym S : Text.Functions) {
    uint32_t Align = L.align(S);
    Align = Minor >= 25 ? std::max(Align, FuncAlign)
            : Align     ? Align
                        : FuncAlign;
    At = llvm::alignTo(At, Align);
    uint64_t Size = L.size(S);
    placeSymbol(S, At, Size, Group::Text);
    At += std::max(Size, LeastSize);
    TextEnd = Out.Address[S] + Size;
  }
  llvm::support::endian::write64le(L.made(Own.TextSectionMap).Data.data() + 8,
                                   At - Out.TextStart + Arch->MinLC);
  if (Minor <= 25) { // pcln.go findfunctab
    constexpr uint64_t BucketSize = 4096, SubBucketSize = 256;
    uint64_t Size = TextEnd - Out.TextStart;
    L.made(Own.FindFuncTab).Size = 4 * llvm::divideCeil(Size, BucketSize) +
                                   llvm::divideCeil(Size, SubBucketSize);
  }
  expectEnd("text", At, M.Etext);
}

/// internal/runtime/gc's program: 0 ends it, n < 128 is n bits, otherwise a
/// repetition with one or two varints.
uint64_t LayoutBuilder::gcProgramSize(uint64_t Address) const {
  uint64_t At = Address;
  auto Next = [&]() -> int {
    auto Byte = File.bytesAt(At++, 1);
    return Byte ? uint8_t((*Byte)[0]) : -1;
  };
  auto SkipVarint = [&] {
    for (int Byte = Next(); Byte >= 0x80;)
      Byte = Next();
  };
  for (int Byte = Next(); Byte > 0; Byte = Next()) {
    if (!(Byte & 0x80)) {
      At += llvm::divideCeil(uint64_t(Byte), 8);
      continue;
    }
    if ((Byte & 0x7f) == 0)
      SkipVarint();
    SkipVarint();
  }
  return At - Address;
}

void LayoutBuilder::fixFilledSizes() {
  if (M.Gcdata && M.Gcbss) {
    SizeAtPlacing[Own.GcData] = gcProgramSize(M.Gcdata);
    SizeAtPlacing[Own.GcBss] = gcProgramSize(M.Gcbss);
  }
}

/// Behind C's part of .data.rel.ro, which the C linker alone knows the size of:
/// the first place where pointers to functions point to these functions.
uint64_t LayoutBuilder::findRelroStart() const {
  constexpr uint64_t Step = 32;
  constexpr unsigned Enough = 8;
  std::vector<std::pair<uint64_t, uint64_t>> Pointers; ///< offset, target
  uint64_t At = 0;
  for (Sym S : Buckets[RelroRodatas].Symbols) {
    At = llvm::alignTo(At, alignOf(S));
    for (ObjectReloc Rel : L.relocs(S))
      if (Sym Target = L.resolve(S, Rel.symbol());
          Target && Rel.size() == 8 && !Rel.isWeak() &&
          L.kind(Target) == SymKind::Text && Out.Address[Target] &&
          Pointers.size() < Enough)
        Pointers.push_back({At + uint64_t(Rel.offset()),
                            Out.Address[Target] + uint64_t(Rel.addend())});
    At += L.size(S);
  }
  const ImageSection *S = File.section(".data.rel.ro");
  for (uint64_t Start = S ? S->Address : 0;
       S && !Pointers.empty() && Start + At <= S->Address + S->MemSize;
       Start += Step)
    if (llvm::all_of(Pointers, [&](const auto &P) {
          return File.pointerAt(Start + P.first) == P.second;
        }))
      return Start;
  return S ? S->Address : 0;
}

void LayoutBuilder::placeReadOnly() {
  // The C linker puts sections of others in front of Go's.
  uint64_t At = L.Request.External ? M.Rodata : sectionAddress(".rodata");
  if (Minor <= 26 && !IsRelro)
    At = placeBucket(At, Buckets[Types]);
  At = placeBucket(At, Buckets[Strings]);
  if (Minor == 26 && !IsRelro)
    At = placeBucket(At, Buckets[FuncDescs]);
  if (Minor <= 25)
    At = placeBucket(At, Buckets[FuncDatas]);
  At = placeBucket(At, Buckets[GcBitss]);
  At = placeBucket(At, Buckets[Rodatas]);
  if (Fips.RodataStart && R.Reachable.test(Fips.RodataStart)) {
    placeSymbol(Fips.RodataStart, At, 1, Group::Rodata);
    At = placeBucket(At + 1, Buckets[FipsRodatas]);
    placeSymbol(Fips.RodataEnd, At++, 1, Group::Rodata);
  }
  if (const ImageSection *S = File.section(".rodata"); S && !L.Request.External)
    expectEnd(".rodata", At, S->Address + S->MemSize);
  if (!IsRelro)
    return;
  At = sectionAddress(".data.rel.ro");
  if (L.Request.External)
    At = Minor >= 27 ? findRelroStart() : M.Types;
  if (Minor <= 26) {
    At = placeBucket(At + 1, Buckets[Types]); // no type at offset 0
    At = placeBucket(At, Buckets[FuncDescs]);
  }
  At = placeBucket(At, Buckets[RelroRodatas]);
  if (const ImageSection *S = File.section(".data.rel.ro");
      S && !L.Request.External)
    expectEnd(".data.rel.ro", At, S->Address + S->MemSize);
}

void LayoutBuilder::placeWritable() {
  auto PlaceWithFips = [&](uint64_t At, BucketId Plain, BucketId InFips,
                           Sym Start, Sym End) {
    At = placeBucket(At, Buckets[Plain]);
    if (!Start || !R.Reachable.test(Start))
      return At;
    placeSymbol(Start, At, 1, Buckets[Plain].In);
    At = placeBucket(At + 1, Buckets[InFips]);
    placeSymbol(End, At, 1, Buckets[Plain].In);
    return At + 1;
  };
  expectEnd(".noptrdata",
            PlaceWithFips(M.Noptrdata, NoptrDatas, FipsNoptrDatas,
                          Fips.NoptrDataStart, Fips.NoptrDataEnd),
            M.Enoptrdata);
  expectEnd(
      ".data",
      PlaceWithFips(M.Data, Datas, FipsDatas, Fips.DataStart, Fips.DataEnd),
      M.Edata);
  Out.IsBssRight = expectEnd(".bss", placeBucket(M.Bss, Buckets[Bsss]), M.Ebss);
  uint64_t At = placeBucket(M.Noptrbss, Buckets[NoptrBsss]);
  if (Minor >= 27)
    At = placeBucket(At, Buckets[GcMasks]);
  Out.IsNoptrBssRight =
      expectEnd(".noptrbss", placeBucket(At, Buckets[Counters]), M.Enoptrbss);
}

//===----------------------------------------------------------------------===//
// Funcdata
//===----------------------------------------------------------------------===//

void LayoutBuilder::placeFuncData126() {
  constexpr size_t InlineTreeIndex = 3, ArgMapIndex = 0, ArgInfoIndex = 5;
  llvm::BitVector Seen(L.numSymbols());
  std::vector<Sym> Order, Mine;
  ObjectFuncInfo Info;
  for (size_t I = 0; I < Text.Functions.size(); ++I) {
    Sym S = Text.Functions[I];
    if (L.isMade(S) || !funcInfoOf(L, S, Info))
      continue;
    Mine.clear();
    for (ObjectAux A : L.auxs(S))
      if (A.is(AuxKind::Funcdata))
        Mine.push_back(L.resolve(S, A.symbol()));
    if (Info.NumInlined) {
      Mine.resize(std::max(Mine.size(), InlineTreeIndex + 1));
      Mine[InlineTreeIndex] = Text.InlineTrees[I];
    }
    for (size_t J = 0; J < Mine.size(); ++J) {
      Sym D = Mine[J];
      bool IsMissing = (J == ArgMapIndex || J == ArgInfoIndex) && D &&
                       L.isFromAssembly(S) && L.data(D).empty();
      if (!D || IsMissing || Seen.test(D))
        continue;
      Seen.set(D);
      Order.push_back(D);
    }
  }
  llvm::stable_sort(Order,
                    [&](Sym X, Sym Y) { return alignOf(X) > alignOf(Y); });
  uint64_t At = M.Gofunc;
  for (Sym S : Order) {
    At = llvm::alignTo(At, alignOf(S));
    placeSymbol(S, At, L.size(S), Group::FuncData);
    At += L.size(S);
  }
  // Funcdata is not laid out again with other read-only data.
  for (BucketId B : {Types, Rodatas, RelroRodatas})
    llvm::erase_if(Buckets[B].Symbols, [&](Sym S) { return Seen.test(S); });
}

//===----------------------------------------------------------------------===//
// Types of Go 1.27
//===----------------------------------------------------------------------===//

/// The string of a type descriptor (decodesym.go decodetypeStr): its first
/// character is a star that is not meant when tflag says so.
StringRef LayoutBuilder::typeString(Sym S) const {
  constexpr unsigned TflagAt = 20, StrAt = 40, ExtraStar = 2;
  StringRef Data = L.data(S);
  for (ObjectReloc Rel : L.relocs(S)) {
    if (Rel.offset() != StrAt || !Rel.size())
      continue;
    StringRef Name = nameText(L.data(L.resolve(S, Rel.symbol())));
    if (Data.size() > TflagAt && (Data[TflagAt] & ExtraStar))
      Name = Name.drop_front(1);
    return Name;
  }
  return "";
}

/// Whether the bytes of S that no relocation touches lie at Address.
bool LayoutBuilder::looksLike(Sym S, uint64_t Address) const {
  std::optional<StringRef> Found = File.bytesAt(Address, L.size(S));
  constexpr unsigned HashAt = 16, HashSize = 4;
  StringRef Data = L.data(S);
  return Found && Data.size() >= HashAt + HashSize &&
         Data.substr(HashAt, HashSize) == Found->substr(HashAt, HashSize);
}

/// Types with the typelink flag come first, by string. The linker's sort is
/// not stable, so types of one string ("*atomic.Bool" of two packages) are
/// told by their hash in the program.
void LayoutBuilder::orderTypelinks(std::vector<Sym> &Linked, uint64_t At) {
  std::vector<std::pair<StringRef, Sym>> Keys;
  for (Sym S : Linked)
    Keys.push_back({typeString(S), S});
  llvm::stable_sort(Keys, llvm::less_first());
  for (size_t I = 0; I < Keys.size(); ++I) {
    At = llvm::alignTo(At, alignOf(Keys[I].second));
    for (size_t J = I; J < Keys.size() && Keys[J].first == Keys[I].first; ++J)
      if (looksLike(Keys[J].second, At)) {
        std::swap(Keys[I], Keys[J]);
        break;
      }
    Linked[I] = Keys[I].second;
    At += L.size(Linked[I]);
  }
}

void LayoutBuilder::placeTypes127() {
  std::vector<Sym> Linked, Others;
  for (Sym S : Buckets[Types].Symbols) // in order of size already
    (L.isFlag(S, 4) ? Linked : Others).push_back(S);
  uint64_t At = M.Types + 8; // no type at offset 0
  orderTypelinks(Linked, At);
  At = placeBucket(At, {Group::Type, true, Linked});
  At = placeBucket(At, {Group::Type, false, Others});
  At = placeBucket(At, Buckets[Itabs]);
  expectEnd(".go.type", At, M.Etypes);
  StringRef Section = IsRelro ? ".data.rel.ro.go.func" : ".go.func";
  if (const ImageSection *S = File.section(Section))
    expectEnd(Section, placeBucket(S->Address, Buckets[FuncDescs]),
              S->Address + S->MemSize);
}

//===----------------------------------------------------------------------===//
// All of it
//===----------------------------------------------------------------------===//

Layout LayoutBuilder::run() {
  for (const ArchLayout &A : Archs)
    if (A.Name == L.Request.Goarch)
      Arch = &A;
  IsRelro = L.Request.Buildmode != "exe"; // ld/data.go UseRelro
  ZeroBase = L.lookup("runtime.zerobase", 0);
  Out.TextStart = M.Text;
  L.made(Own.ModuleData).Size = M.Size;
  for (const ImageSection &S : File.sections())
    if (S.isAlloc() && S.MemSize) {
      uint64_t Begin = S.Address, End = S.Address + S.MemSize;
      // Offsets count in Go's part of a section that it shares with C's.
      for (uint64_t GoBegin : {M.Rodata, M.Types})
        if (L.Request.External && GoBegin >= S.Address && GoBegin < End) {
          Begin = GoBegin;
          break;
        }
      Out.Sections.push_back({Begin, End});
    }
  llvm::sort(Out.Sections);
  collect();
  Out.Address.assign(L.numSymbols(), 0);
  placeFixed();
  placeText();
  for (Bucket &B : Buckets)
    sortBucket(B);
  fixFilledSizes();
  if (Minor >= 26)
    placeFuncData126();
  placeReadOnly();
  if (Minor >= 27)
    placeTypes127();
  placeWritable();
  if (Go.Pcln)
    if (auto PcTab = File.addressOf(Go.Pcln->PcTab.Offset))
      placePcData(L, Text, *PcTab, Out);
  for (const HostSection &H : Host)
    if (uint64_t At = Out.Address[H.Section])
      for (HostSection::Inner I : H.Symbols)
        Out.Address[I.Symbol] = At + I.Offset;
  return std::move(Out);
}

Layout goslim::layOut(Loader &L, const Reachability &R, const TextOrder &Text,
                      const FipsSymbols &Fips, const LinkerSymbols &Own,
                      llvm::ArrayRef<HostSection> Host, const Image &File,
                      const GoImage &Go) {
  return LayoutBuilder(L, R, Text, Fips, Own, Host, File, Go).run();
}
