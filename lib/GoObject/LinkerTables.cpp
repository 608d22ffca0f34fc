//===- LinkerTables.cpp - numbers by Go version ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A version's tables are lists of names in the order of their numbers, for the
// known versions generated, for others read from the sources of the toolchain.
// What a name means to us is told by two maps; all other names mean nothing.
//===----------------------------------------------------------------------===//
#include "LinkerTableText.h"
#include "llvm/ADT/StringSwitch.h"

using namespace goslim;
using llvm::StringRef;

static SymKind symKindOf(StringRef Name) {
  return llvm::StringSwitch<SymKind>(Name)
      .Case("STEXT", SymKind::Text)
      .Case("STEXTFIPS", SymKind::TextFips)
      .Case("SRODATA", SymKind::Rodata)
      .Case("SRODATAFIPS", SymKind::RodataFips)
      .Case("SNOPTRDATA", SymKind::NoptrData)
      .Case("SNOPTRDATAFIPS", SymKind::NoptrDataFips)
      .Case("SDATA", SymKind::Data)
      .Case("SDATAFIPS", SymKind::DataFips)
      .Case("SBSS", SymKind::Bss)
      .Case("SNOPTRBSS", SymKind::NoptrBss)
      .Case("STLSBSS", SymKind::TlsBss)
      .Case("SDWARFCUINFO", SymKind::DwarfCuInfo)
      .Case("SDWARFCONST", SymKind::DwarfConst)
      .Case("SDWARFFCN", SymKind::DwarfFcn)
      .Case("SDWARFABSFCN", SymKind::DwarfAbsFcn)
      .Case("SDWARFTYPE", SymKind::DwarfType)
      .Case("SDWARFVAR", SymKind::DwarfVar)
      .Case("SDWARFRANGE", SymKind::DwarfRange)
      .Case("SDWARFLOC", SymKind::DwarfLoc)
      .Case("SDWARFLINES", SymKind::DwarfLines)
      .Case("SDWARFADDR", SymKind::DwarfAddr)
      .Case("SLIBFUZZER_8BIT_COUNTER", SymKind::LibfuzzerCounter)
      .Case("SCOVERAGE_COUNTER", SymKind::CoverageCounter)
      .Case("SCOVERAGE_AUXVAR", SymKind::CoverageAuxVar)
      .Case("SSEHUNWINDINFO", SymKind::SehUnwindInfo)
      .Default(SymKind::Unknown);
}

static RelocKind relocKindOf(StringRef Name) {
  return llvm::StringSwitch<RelocKind>(Name)
      .Case("R_ADDR", RelocKind::Addr)
      .Case("R_ADDROFF", RelocKind::AddrOff)
      .Case("R_CALL", RelocKind::Call)
      .Case("R_CALLARM64", RelocKind::CallArm64)
      .Case("R_CALLIND", RelocKind::CallInd)
      .Case("R_PCREL", RelocKind::Pcrel)
      .Case("R_TLS_LE", RelocKind::TlsLe)
      .Case("R_TLS_IE", RelocKind::TlsIe)
      .Case("R_GOTPCREL", RelocKind::GotPcrel)
      .Case("R_ADDRARM64", RelocKind::AddrArm64)
      .Case("R_ARM64_PCREL_LDST8", RelocKind::Arm64PcrelLdst8)
      .Case("R_ARM64_PCREL_LDST16", RelocKind::Arm64PcrelLdst16)
      .Case("R_ARM64_PCREL_LDST32", RelocKind::Arm64PcrelLdst32)
      .Case("R_ARM64_PCREL_LDST64", RelocKind::Arm64PcrelLdst64)
      .Case("R_ARM64_TLS_LE", RelocKind::Arm64TlsLe)
      .Case("R_ARM64_TLS_IE", RelocKind::Arm64TlsIe)
      .Case("R_ARM64_GOTPCREL", RelocKind::Arm64GotPcrel)
      .Case("R_SIZE", RelocKind::Size)
      .Case("R_USETYPE", RelocKind::UseType)
      .Case("R_USEIFACE", RelocKind::UseIface)
      .Case("R_USEIFACEMETHOD", RelocKind::UseIfaceMethod)
      .Case("R_USENAMEDMETHOD", RelocKind::UseNamedMethod)
      .Case("R_USEGENERICIFACEMETHOD", RelocKind::UseNamedMethod)
      .Case("R_METHODOFF", RelocKind::MethodOff)
      .Case("R_KEEP", RelocKind::Keep)
      .Case("R_DWARFSECREF", RelocKind::DwarfSecRef)
      .Case("R_INITORDER", RelocKind::InitOrder)
      .Default(RelocKind::Other);
}

static std::vector<StringRef> words(StringRef Text, char Separator = ' ') {
  std::vector<StringRef> Out;
  while (!Text.empty()) {
    StringRef Word;
    std::tie(Word, Text) = Text.split(Separator);
    if (!Word.empty())
      Out.push_back(Word);
  }
  return Out;
}

static void setFlag(LinkerTables &T, StringRef Name, uint8_t Bit) {
  static constexpr std::pair<StringRef, uint8_t LinkerTables::*> Flags[] = {
      {"SymFlagUsedInIface", &LinkerTables::UsedInIface},
      {"SymFlagItab", &LinkerTables::Itab},
      {"SymFlagDict", &LinkerTables::Dict},
      {"SymFlagPkgInit", &LinkerTables::PkgInit},
      {"SymFlagLinkname", &LinkerTables::Linkname},
      {"SymFlagLinknameStd", &LinkerTables::LinknameStd},
      {"SymFlagABIWrapper", &LinkerTables::AbiWrapper},
      {"SymFlagWasmExport", &LinkerTables::WasmExport}};
  for (const auto &[Flag, Member] : Flags)
    if (Flag == Name)
      T.*Member = Bit;
}

LinkerTables goslim::tablesFromText(const TableText &Text) {
  LinkerTables T;
  T.Minor = Text.Minor;
  T.SymKindNames = words(Text.SymKinds);
  for (StringRef Name : T.SymKindNames)
    T.SymKinds.push_back(symKindOf(Name));
  T.RelocNames = words(Text.Relocs);
  T.RelocNames.insert(T.RelocNames.begin(), ""); // R_ADDR is 1
  for (StringRef Name : T.RelocNames)
    T.Relocs.push_back(relocKindOf(Name));
  for (StringRef Word : words(Text.Builtins, ';')) {
    auto [Name, Abi] = Word.rsplit(',');
    T.Builtins.push_back({Name, uint16_t(Abi == "1")});
  }
  T.RuntimePackages = words(Text.RuntimePackages);
  T.AuxNames = words(Text.Aux);
  std::vector<StringRef> Flags = words(Text.Flags2);
  for (size_t I = 0; I < Flags.size() && I < 8; ++I)
    setFlag(T, Flags[I], uint8_t(1u << I));
  return T;
}

// clang-format off
static const TableText Known[] = {
#include "KnownTables.inc"
    {0, "", "", "", "", "", ""}};
// clang-format on

const LinkerTables *goslim::linkerTables(unsigned Minor) {
  static const std::vector<LinkerTables> All = [] {
    std::vector<LinkerTables> Tables;
    for (const TableText &Text : Known)
      Tables.push_back(tablesFromText(Text));
    return Tables;
  }();
  for (const LinkerTables &T : All)
    if (T.Minor == Minor)
      return &T;
  return nullptr;
}

StringRef goslim::symKindName(SymKind K) {
  static constexpr StringRef Names[] = {
      "unknown",           "text",
      "text (FIPS)",       "rodata",
      "rodata (FIPS)",     "noptrdata",
      "noptrdata (FIPS)",  "data",
      "data (FIPS)",       "bss",
      "noptrbss",          "tlsbss",
      "DWARF unit",        "DWARF constant",
      "DWARF function",    "DWARF abstract function",
      "DWARF type",        "DWARF variable",
      "DWARF ranges",      "DWARF locations",
      "DWARF lines",       "DWARF addresses",
      "libfuzzer counter", "coverage counter",
      "coverage variable", "SEH unwind info"};
  return Names[unsigned(K)];
}
