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

/// Where in the file raw ranges lie.
static bool mapRanges(const Image &File, const ImageSection &S,
                      const std::vector<DebugRange> &Raw,
                      std::vector<Context::DebugClaim> &Out) {
  if (!S.isCompressed()) {
    for (const DebugRange &R : Raw)
      if (R.End <= S.Size)
        Out.push_back(
            {{S.Offset + R.Begin, R.End - R.Begin}, R.Package, R.Object});
    return true;
  }
  constexpr uint64_t ChdrSize = 24; // Elf64_Chdr: type, reserved, size, align
  constexpr uint64_t Zlib = 1;      // ELFCOMPRESS_ZLIB
  if (File.bits() != 64 || S.Size < ChdrSize ||
      File.readUint(S.Offset, 4).value_or(0) != Zlib)
    return false;
  std::vector<uint64_t> Offsets;
  for (const DebugRange &R : Raw) {
    Offsets.push_back(R.Begin);
    Offsets.push_back(R.End);
  }
  auto Bits = deflatePositions(
      File.bytes().substr(S.Offset + ChdrSize, S.Size - ChdrSize), Offsets);
  if (!Bits)
    return false;
  for (size_t I = 0; I < Raw.size(); ++I) {
    uint64_t Begin = (*Bits)[2 * I] / 8, End = (*Bits)[2 * I + 1] / 8;
    if (End > Begin)
      Out.push_back({{S.Offset + ChdrSize + Begin, End - Begin},
                     Raw[I].Package,
                     Raw[I].Object});
  }
  return true;
}

/// What the C linker's map says of a debug section.
void Context::addCDebug(StringRef Section,
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

void Context::readDebug() {
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
  DebugPackages Found = readDebugPackages(
      Sections,
      {[&](StringRef Name) { return Packages.ofPath(Name); },
       [&](StringRef Name) { return Packages.ofSymbol(Name); }, OfAddress});
  for (const ImageSection &S : File.sections()) {
    if (!StringRef(S.Name).starts_with(".debug_"))
      continue;
    std::vector<DebugRange> Ranges;
    for (const auto &P : Parts)
      if (P.Name == S.Name)
        Ranges = std::move(Found.*P.To);
    addCDebug(S.Name, Ranges);
    std::vector<DebugRange> Raw = merged(std::move(Ranges));
    if (Raw.empty() || !mapRanges(File, S, Raw, DebugClaims))
      continue;
    for (const DebugRange &R : Raw)
      if (R.Package != NoPackage)
        RawDebug[R.Package] += R.End - R.Begin;
  }
  llvm::sort(DebugClaims, [](const DebugClaim &X, const DebugClaim &Y) {
    return X.Where.Offset < Y.Where.Offset;
  });
}

void goslim::claimDebug(Context &C, const Region &R, std::vector<Claim> &Out) {
  if (R.Rest.What != Kind::Debug)
    return;
  if (!C.HasReadDebug)
    C.readDebug();
  auto First =
      llvm::lower_bound(C.DebugClaims, R.Offset,
                        [](const Context::DebugClaim &D, uint64_t Offset) {
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
