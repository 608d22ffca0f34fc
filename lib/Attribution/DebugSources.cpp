//===- DebugSources.cpp - claims on debug sections ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// DWARF is read decompressed. What a range of raw bytes costs in a compressed
// section is the range of bits that it came from (Deflate.h); rounding to bytes
// goes with the running sum, so that the section still adds up.
//===----------------------------------------------------------------------===//
#include "DebugInfo.h"
#include "Deflate.h"
#include "Sources.h"
#include "llvm/ADT/STLExtras.h"

using namespace goslim;
using llvm::StringRef;

namespace {

constexpr uint64_t MaxRaw = uint64_t(1) << 30; ///< of one section

struct SectionBytes {
  std::vector<uint8_t> Owned;
  StringRef text() const {
    return {reinterpret_cast<const char *>(Owned.data()), Owned.size()};
  }
};

} // namespace

static SectionBytes load(const Image &File, StringRef Name) {
  SectionBytes Out;
  const ImageSection *S = File.section(Name);
  if (!S || S->isNoBits())
    return Out;
  if (llvm::Expected<std::vector<uint8_t>> Bytes = File.contents(*S, MaxRaw))
    Out.Owned = std::move(*Bytes);
  else
    llvm::consumeError(Bytes.takeError());
  return Out;
}

/// Neighbours of one package in one range.
static std::vector<DebugRange> merged(std::vector<DebugRange> In) {
  std::vector<DebugRange> Out;
  for (const DebugRange &R : In)
    if (!Out.empty() && Out.back().End == R.Begin &&
        Out.back().Package == R.Package && Out.back().Object == R.Object)
      Out.back().End = R.End;
    else
      Out.push_back(R);
  return Out;
}

namespace {

/// Where in a section's bytes in the file decompressed ones lie, in bits.
class Places {
public:
  /// nullopt: compressed in a way that is not read here.
  static std::optional<Places> of(const Image &File, const ImageSection &S,
                                  std::vector<uint64_t> Raw);
  uint64_t bit(uint64_t RawOffset) const {
    return Bits[size_t(llvm::lower_bound(Raw, RawOffset) - Raw.begin())];
  }

private:
  std::vector<uint64_t> Raw, Bits; ///< sorted
};

} // namespace

std::optional<Places> Places::of(const Image &File, const ImageSection &S,
                                 std::vector<uint64_t> Raw) {
  llvm::sort(Raw);
  Raw.erase(std::unique(Raw.begin(), Raw.end()), Raw.end());
  Places Out;
  if (!S.isCompressed()) {
    for (uint64_t Offset : Raw)
      Out.Bits.push_back(Offset * 8);
  } else {
    constexpr uint64_t ChdrSize = 24; // Elf64_Chdr: type, reserved, size, align
    constexpr uint64_t Zlib = 1;      // ELFCOMPRESS_ZLIB
    if (File.bits() != 64 || S.Size < ChdrSize ||
        File.readUint(S.Offset, 4).value_or(0) != Zlib)
      return std::nullopt;
    auto Bits = deflatePositions(
        File.bytes().substr(S.Offset + ChdrSize, S.Size - ChdrSize), Raw);
    if (!Bits)
      return std::nullopt;
    Out.Bits = std::move(*Bits);
    for (uint64_t &Bit : Out.Bits)
      Bit += ChdrSize * 8;
  }
  Out.Raw = std::move(Raw);
  return Out;
}

/// What the C linker's map says of a debug section.
void ClaimContext::addCDebug(StringRef Section,
                             std::vector<DebugRange> &Ranges) const {
  if (!Model)
    return;
  const LinkMap &Map = Model->map();
  for (const LinkMap::Piece &P : Map.Pieces)
    if (!Map.Sections[P.Section].Address &&
        Map.Sections[P.Section].Name == Section)
      Ranges.push_back({P.Address, P.Address + P.Size,
                        Objects[P.Object + 1].Package, P.Object + 1});
  llvm::stable_sort(Ranges, [](const DebugRange &X, const DebugRange &Y) {
    return X.Begin < Y.Begin;
  });
}

/// Of a section what the compiler writes for a package with debug data only.
/// Line tables, frames and addresses are there without as well.
static std::vector<DebugRange> neededByOne(DebugPackages &Found, StringRef Name,
                                           std::vector<DebugRange> All) {
  if (Name == ".debug_info")
    return std::move(Found.Needed.Ranges);
  if (Name == ".debug_line" || Name == ".debug_frame" || Name == ".debug_addr")
    return {};
  llvm::erase_if(All, [](const DebugRange &R) { return R.IsOfUnit; });
  return All;
}

void ClaimContext::claimDebugSection(const ImageSection &S,
                                     llvm::ArrayRef<DebugRange> All,
                                     llvm::ArrayRef<DebugRange> Alone) {
  std::vector<uint64_t> Offsets;
  for (llvm::ArrayRef<DebugRange> Ranges : {All, Alone})
    for (const DebugRange &R : Ranges) {
      Offsets.push_back(R.Begin);
      Offsets.push_back(R.End);
    }
  std::optional<Places> Where;
  if (!Offsets.empty())
    Where = Places::of(File, S, std::move(Offsets));
  if (!Where)
    return;
  for (const DebugRange &R : All) {
    uint64_t Begin = Where->bit(R.Begin) / 8, End = Where->bit(R.End) / 8;
    if (End > Begin && End <= S.Size)
      DebugClaims.push_back(
          {{S.Offset + Begin, End - Begin}, R.Package, R.Object});
    if (R.Package != NoPackage)
      Debug[R.Package].Raw += R.End - R.Begin;
  }
  for (const DebugRange &R : Alone) {
    DebugBytes &D = Debug[R.Package];
    D.RawAlone += R.End - R.Begin;
    D.BitsAlone += Where->bit(R.End) - Where->bit(R.Begin);
  }
}

void ClaimContext::readDebug() {
  HasReadDebug = true;
  if (!Go.isGo() || !File.isLittleEndian() || !File.section(".debug_info"))
    return;
  struct {
    StringRef Name;
    StringRef DebugSections::*From;
    std::vector<DebugRange> DebugPackages::*To;
  } Parts[] = {
      {".debug_info", &DebugSections::Info, &DebugPackages::Info},
      {".debug_line", &DebugSections::Line, &DebugPackages::Line},
      {".debug_frame", &DebugSections::Frame, &DebugPackages::Frame},
      {".debug_loc", &DebugSections::Loc, &DebugPackages::Loc},
      {".debug_loclists", &DebugSections::LocLists, &DebugPackages::LocLists},
      {".debug_ranges", &DebugSections::Ranges, &DebugPackages::Ranges},
      {".debug_rnglists", &DebugSections::RngLists, &DebugPackages::RngLists},
      {".debug_addr", &DebugSections::Addr, &DebugPackages::Addr}};
  std::vector<SectionBytes> Bytes;
  DebugSections Sections;
  for (const auto &P : Parts)
    Bytes.push_back(load(File, P.Name));
  for (size_t I = 0; I < std::size(Parts); ++I)
    Sections.*Parts[I].From = Bytes[I].text();
  SectionBytes Abbrev = load(File, ".debug_abbrev");
  Sections.Abbrev = Abbrev.text();
  auto OfAddress = [&](uint64_t Address) -> uint32_t {
    const GoFunction *F = Go.Pcln ? Go.Pcln->functionAt(Address) : nullptr;
    return F ? FunctionPackage[size_t(F - Go.Pcln->Functions.data())]
             : DebugNames::None;
  };
  static_assert(DebugNames::None == NoPackage);
  std::vector<std::pair<StringRef, uint32_t>> UnseenTypes;
  if (Model)
    for (const LinkModel::DebugType &T : Model->debugTypes())
      UnseenTypes.emplace_back(T.Name, T.Package == LinkModel::Nobody
                                           ? DebugNames::None
                                           : ModelPackage[T.Package]);
  llvm::sort(UnseenTypes);
  DebugPackages Found = readDebugPackages(
      Sections, {[&](StringRef Name) { return Packages.ofPath(Name); },
                 [&](StringRef Name) { return Packages.ofSymbol(Name); },
                 OfAddress, std::move(UnseenTypes)});
  for (const ImageSection &S : File.sections()) {
    if (!StringRef(S.Name).starts_with(".debug_"))
      continue;
    std::vector<DebugRange> Ranges, Alone;
    for (const auto &P : Parts)
      if (P.Name == S.Name) {
        Ranges = std::move(Found.*P.To);
        Alone = neededByOne(Found, S.Name, Ranges);
      }
    addCDebug(S.Name, Ranges);
    claimDebugSection(S, merged(std::move(Ranges)), merged(std::move(Alone)));
  }
  for (const auto &[Package, More] : Found.Needed.Growth)
    if (DebugBytes &D = Debug[Package]; D.RawAlone >= More)
      D.RawAlone -= More;
  llvm::sort(DebugClaims, [](const DebugClaim &X, const DebugClaim &Y) {
    return X.Where.Offset < Y.Where.Offset;
  });
}

void goslim::claimDebug(ClaimContext &C, const Region &R,
                        std::vector<Claim> &Out) {
  if (R.Rest.What != Kind::Debug)
    return;
  if (!C.HasReadDebug)
    C.readDebug();
  auto First =
      llvm::lower_bound(C.DebugClaims, R.Offset,
                        [](const ClaimContext::DebugClaim &D, uint64_t Offset) {
                          return D.Where.end() <= Offset;
                        });
  for (; First != C.DebugClaims.end() && First->Where.Offset < R.end();
       ++First) {
    Claim Label = makeLabel(Kind::Debug, Evidence::Table, "", First->Package);
    if (First->Object)
      Label.Object = First->Object, Label.By = Step::Cgo;
    claimBytes(R, First->Where, Label, Out);
  }
}
