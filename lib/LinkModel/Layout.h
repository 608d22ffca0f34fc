//===- Layout.h - where each symbol lies ------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/data.go and ld/symtab.go: the order of text, the groups of data, and the
// rule inside a group: by size, then by number. That much follows from the
// archives (LayoutPlan). Section starts are taken from the program (moduledata,
// section headers), and addresses follow.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_LINKMODEL_LAYOUT_H
#define GOSLIM_LIB_LINKMODEL_LAYOUT_H

#include "Deadcode.h"
#include "HostObjects.h"
#include <array>

namespace goslim {

/// Functions in the order of text, and who owns each: the library at whose
/// turn it was laid down.
struct TextOrder {
  std::vector<Sym> Functions;
  std::vector<uint32_t> Libraries; ///< by function; ~0u = none
  std::vector<Sym> InlineTrees; ///< by function, of what it inlines; 0 = none
};
TextOrder orderText(const Loader &L, const Reachability &R,
                    const FipsSymbols &Fips, llvm::ArrayRef<HostSection> Host);

/// Sets -X variables and makes the other symbols of the linker that take part
/// in the layout (ld/data.go addstrdata, ld/lib.go linksetup, ...).
struct LinkerSymbols {
  Sym ModuleData = 0, LastModuleData = 0, TextSectionMap = 0, FindFuncTab = 0,
      GcData = 0, GcBss = 0, BuildInfo = 0, BuildInfoRef = 0, Text = 0;
};
LinkerSymbols makeLinkerSymbols(Loader &L, Reachability &R);
/// ld/pcln.go genInlTreeSym: each function with inlined calls gets a tree, made
/// in the order of text.
void makeInlineTrees(Loader &L, Reachability &R, TextOrder &Text);

/// What differs between architectures (cmd/link/internal/ARCH/l.go).
struct ArchLayout {
  llvm::StringRef Name;
  uint32_t FuncAlign, MinAlign, MaxAlign, MinLC;
};
const ArchLayout &archLayout(const Loader &L);
/// symalign: what S asks for, or what its size does. Bytes, a power of two.
uint32_t alignOf(const Loader &L, const ArchLayout &Arch, Sym S);

/// A group and its symbols.
struct Bucket {
  Group In;
  bool HasCarrier = false; ///< an empty symbol aligned to a pointer in front
  std::vector<Sym> Symbols;
};

/// In which order the linker lays out what is reachable.
struct LayoutPlan {
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
  std::vector<Sym> FuncData; ///< since Go 1.26, in pclntab
  std::vector<Sym> PcData;   ///< pctab
  /// Whose a table in pctab is; 0 = several functions'.
  llvm::DenseMap<Sym, Sym> PcFunctions;
};
LayoutPlan planLayout(const Loader &L, const Reachability &R,
                      const TextOrder &Text, const FipsSymbols &Fips);
/// Puts B in order once more, when the size of one of the linker's own symbols
/// in it has become known.
void sortBucket(const Loader &L, Bucket &B);
/// ld/data.go UseRelro.
bool usesRelro(const Loader &L);

/// Where symbols start and what is known of the program's frame.
struct Layout {
  std::vector<Placement> Placements; ///< in the order of groups
  std::vector<uint64_t> Address;     ///< by symbol; 0 = not placed
  uint64_t TextStart = 0;            ///< R_ADDROFF into text counts from here
  /// Sections by address: R_ADDROFF into one counts from its start.
  std::vector<std::pair<uint64_t, uint64_t>> Sections;
  std::vector<std::string> Notes; ///< groups whose end is not where it should
  bool IsBssRight = false, IsNoptrBssRight = false; ///< end where they should
};

/// A layout with memory for all of Plan, which takes a while to get.
Layout emptyLayout(const Loader &L, const TextOrder &Text,
                   const LayoutPlan &Plan);
/// Fills in Empty. Plan is not needed afterwards, but for PcFunctions.
Layout layOut(Layout Empty, Loader &L, const Reachability &R,
              const TextOrder &Text, const FipsSymbols &Fips,
              const LinkerSymbols &Own, LayoutPlan &Plan,
              llvm::ArrayRef<HostSection> Host, const Image &File,
              const GoImage &Go);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_LAYOUT_H
