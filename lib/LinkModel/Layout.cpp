//===- Layout.cpp - where each symbol lies --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// data.go: allocateDataSections lays the groups out one behind the other, each
// in its planned order.
//===----------------------------------------------------------------------===//
#include "Layout.h"
#include "Pcln.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

namespace {

class LayoutBuilder {
public:
  LayoutBuilder(Layout Empty, Loader &L, const Reachability &R,
                const TextOrder &Text, const FipsSymbols &Fips,
                const LinkerSymbols &Own, LayoutPlan &Plan,
                llvm::ArrayRef<HostSection> Host, const Image &File,
                const GoImage &Go)
      : L(L), R(R), Text(Text), Fips(Fips), Own(Own), Plan(Plan),
        Buckets(Plan.Buckets), Host(Host), File(File), Go(Go), M(*Go.Module),
        Minor(L.Tables.Minor), IsRelro(usesRelro(L)), Arch(archLayout(L)),
        Out(std::move(Empty)) {}
  Layout run();

private:
  using BucketId = LayoutPlan::BucketId;
  using enum LayoutPlan::BucketId;
  uint32_t alignOf(Sym S) const { return goslim::alignOf(L, Arch, S); }
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
  void placePcData();
  void placeWritable();
  void fixFilledSizes();
  uint64_t gcProgramSize(uint64_t Address) const;
  bool expectEnd(StringRef What, uint64_t At, uint64_t End);

  Loader &L;
  const Reachability &R;
  const TextOrder &Text;
  const FipsSymbols &Fips;
  const LinkerSymbols &Own;
  LayoutPlan &Plan;
  std::array<Bucket, LayoutPlan::NumBuckets> &Buckets;
  llvm::ArrayRef<HostSection> Host;
  const Image &File;
  const GoImage &Go;
  const ModuleData &M;
  unsigned Minor;
  bool IsRelro;
  const ArchLayout &Arch;
  uint64_t TextEnd = 0; ///< of the last function
  Layout Out;
  llvm::DenseMap<Sym, uint64_t> SizeAtPlacing; ///< of those filled late
};

} // namespace

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
      L.Request.Funcalign ? L.Request.Funcalign : Arch.FuncAlign;
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
                                   At - Out.TextStart + Arch.MinLC);
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

void LayoutBuilder::placeFuncData126() {
  uint64_t At = M.Gofunc;
  for (Sym S : Plan.FuncData) {
    At = llvm::alignTo(At, alignOf(S));
    placeSymbol(S, At, L.size(S), Group::FuncData);
    At += L.size(S);
  }
}

void LayoutBuilder::placePcData() {
  std::optional<uint64_t> Begin;
  if (Go.Pcln)
    Begin = File.addressOf(Go.Pcln->PcTab.Offset);
  if (!Begin)
    return;
  uint64_t At = *Begin + 1; // offset 0 means none
  for (Sym S : Plan.PcData) {
    placeSymbol(S, At, L.size(S), Group::PcData);
    At += L.size(S);
  }
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
  placeFixed();
  placeText();
  if (Minor <= 25) // findfunctab and moduledata lie among others
    for (BucketId B : {Rodatas, NoptrDatas})
      sortBucket(L, Buckets[B]);
  fixFilledSizes();
  placeReadOnly();
  if (Minor >= 27)
    placeTypes127();
  placePcData(); // as programs have it, so that little is left to sort
  if (Minor >= 26)
    placeFuncData126();
  placeWritable();
  for (const HostSection &H : Host)
    if (uint64_t At = Out.Address[H.Section])
      for (HostSection::Inner I : H.Symbols)
        Out.Address[I.Symbol] = At + I.Offset;
  return std::move(Out);
}

Layout goslim::emptyLayout(const Loader &L, const TextOrder &Text,
                           const LayoutPlan &Plan) {
  constexpr size_t Marks = 16;
  Layout Out;
  Out.Address.assign(L.numSymbols(), 0);
  size_t Count =
      Text.Functions.size() + Plan.FuncData.size() + Plan.PcData.size() + Marks;
  for (const Bucket &B : Plan.Buckets)
    Count += B.Symbols.size();
  Out.Placements.resize(Count);
  Out.Placements.clear();
  return Out;
}

Layout goslim::layOut(Layout Empty, Loader &L, const Reachability &R,
                      const TextOrder &Text, const FipsSymbols &Fips,
                      const LinkerSymbols &Own, LayoutPlan &Plan,
                      llvm::ArrayRef<HostSection> Host, const Image &File,
                      const GoImage &Go) {
  return LayoutBuilder(std::move(Empty), L, R, Text, Fips, Own, Plan, Host,
                       File, Go)
      .run();
}
