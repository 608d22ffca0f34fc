//===- Frame.cpp - the file cut into regions ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The same Partition that sorts out claims sorts out sections: headers first,
// then sections, then segments. A second one, over addresses, sees to it that
// no byte of memory is counted twice when sections of an odd file overlap.
//===----------------------------------------------------------------------===//
#include "Frame.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace goslim;
using namespace llvm::ELF;
using llvm::StringRef;

static Claim rangeOf(uint64_t Offset, uint64_t Size, size_t Index) {
  Claim C;
  C.Offset = Offset, C.Size = Size, C.Package = uint32_t(Index);
  return C;
}

static Region header(FileRange Where) {
  Region R;
  R.Offset = Where.Offset, R.Size = Where.Size;
  R.Rest.What = Kind::Header, R.Rest.Why = Evidence::Table;
  return R;
}

static Region ofSection(const ImageSection &S, uint32_t Index, bool HasMemory) {
  Region R;
  R.Offset = S.Offset, R.Size = S.Size, R.Section = Index;
  R.InMemory = HasMemory && S.isAlloc();
  R.Address = S.Address;
  R.Executable = S.Flags & SHF_EXECINSTR;
  R.Writable = S.Flags & SHF_WRITE;
  R.Rest = restOfSection(S);
  if (S.isNoBits()) {
    R.FileBacked = false;
    R.PerThread = S.Flags & SHF_TLS;
    R.Offset = S.Address, R.Size = S.MemSize;
  }
  return R;
}

static Region ofSegment(const ImageSegment &S, bool HasSections) {
  Region R;
  R.Offset = S.Offset, R.Size = S.FileSize, R.Address = S.Address;
  R.IsGap = HasSections;
  R.InMemory = !HasSections;
  R.Executable = S.Flags & PF_X, R.Writable = S.Flags & PF_W;
  R.Rest.What = R.Executable ? Kind::Code
                : R.Writable ? Kind::Data
                             : Kind::Rodata;
  return R;
}

namespace {

/// Everything that wants a place, before overlaps are sorted out.
struct Candidates {
  std::vector<Region> All;
  std::vector<Claim> Headers, Sections, Segments; ///< Package = index in All

  void add(std::vector<Claim> &Layer, const Region &R) {
    if (R.FileBacked)
      Layer.push_back(rangeOf(R.Offset, R.Size, All.size()));
    All.push_back(R);
  }
};

} // namespace

static Candidates collect(const Image &File) {
  Candidates C;
  for (FileRange H :
       {File.fileHeader(), File.programHeaders(), File.sectionHeaders()})
    C.add(C.Headers, header(H));
  // An object file has no addresses yet.
  bool HasMemory = File.fileType() != ET_REL, HasSections = false;
  llvm::ArrayRef<ImageSection> Sections = File.sections();
  for (uint32_t I = 1; I < Sections.size(); ++I) {
    HasSections |= Sections[I].isAlloc();
    C.add(C.Sections, ofSection(Sections[I], I, HasMemory));
  }
  for (const ImageSegment &S : File.segments()) {
    if (S.Type != PT_LOAD)
      continue;
    C.add(C.Segments, ofSegment(S, HasSections));
    if (!HasSections && S.MemSize > S.FileSize &&
        S.Address <= UINT64_MAX - S.FileSize) {
      Region Tail;
      Tail.FileBacked = false, Tail.InMemory = true;
      Tail.Address = Tail.Offset = S.Address + S.FileSize;
      Tail.Size = S.MemSize - S.FileSize;
      Tail.Rest.What = Kind::Bss;
      C.add(C.Segments, Tail);
    }
  }
  return C;
}

/// The part of R that starts Skip bytes in.
static Region part(const Region &R, uint64_t Skip, uint64_t Size) {
  Region P = R;
  P.Offset += Skip, P.Size = Size, P.Address += Skip;
  return P;
}

static std::vector<Region> cutFile(const Image &File, Candidates &C,
                                   std::vector<uint64_t> &Cuts) {
  Partition P(0, File.size());
  P.add(C.Headers);
  P.add(C.Sections);
  P.add(C.Segments);
  Region Gap;
  Gap.IsGap = true;
  P.fill([&](Claim &Hole, const Claim *) {
    Hole.Package = uint32_t(C.All.size());
  });
  C.All.push_back(Gap);

  llvm::sort(Cuts);
  std::vector<Region> Result;
  for (const Claim &Cell : P.cells()) {
    const Region &Whole = C.All[Cell.Package];
    Region R = part(Whole, Cell.Offset - Whole.Offset, Cell.Size);
    if (!R.IsGap)
      for (auto It = llvm::upper_bound(Cuts, R.Offset);
           It != Cuts.end() && *It < R.end(); ++It) {
        uint64_t Skip = *It - R.Offset;
        Result.push_back(part(R, 0, Skip));
        R = part(R, Skip, R.Size - Skip);
      }
    Result.push_back(R);
  }
  return Result;
}

/// Leaves each address to one region: file bytes before memory-only ones, then
/// the lower start. Regions are split where they lose a part.
static void shareOutMemory(Frame &F, std::vector<Region> MemoryOnly) {
  std::vector<Claim> FileLayer, MemoryLayer;
  for (const Region &R : F.File)
    if (R.InMemory)
      FileLayer.push_back(rangeOf(R.Address, R.Size, &R - F.File.data()));
  for (const Region &R : MemoryOnly)
    if (!R.PerThread)
      MemoryLayer.push_back(
          rangeOf(R.Address, R.Size, F.File.size() + (&R - MemoryOnly.data())));
  Partition P(0, UINT64_MAX);
  P.add(FileLayer);
  P.add(MemoryLayer);

  std::vector<llvm::SmallVector<Claim, 1>> Owned(F.File.size());
  for (const Claim &Cell : P.cells())
    if (Cell.Package < F.File.size()) {
      Owned[Cell.Package].push_back(Cell);
    } else {
      const Region &Whole = MemoryOnly[Cell.Package - F.File.size()];
      F.Memory.push_back(part(Whole, Cell.Offset - Whole.Address, Cell.Size));
    }
  for (const Region &R : MemoryOnly)
    if (R.PerThread && R.Size)
      F.Memory.push_back(R);

  std::vector<Region> Split;
  for (const Region &R : F.File) {
    if (!R.InMemory) {
      Split.push_back(R);
      continue;
    }
    uint64_t Done = 0;
    auto Lost = [&](uint64_t To) {
      if (Done == To)
        return;
      Split.push_back(part(R, Done, To - Done));
      Split.back().InMemory = false;
    };
    for (const Claim &Cell : Owned[size_t(&R - F.File.data())]) {
      uint64_t Skip = Cell.Offset - R.Address;
      Lost(Skip);
      Split.push_back(part(R, Skip, Cell.Size));
      Done = Skip + Cell.Size;
    }
    Lost(R.Size);
  }
  F.File = std::move(Split);
}

Frame goslim::layOutFrame(const Image &File, std::vector<uint64_t> Cuts) {
  Candidates C = collect(File);
  std::vector<Region> MemoryOnly;
  for (const Region &R : C.All)
    if (!R.FileBacked && R.InMemory)
      MemoryOnly.push_back(R);
  Frame F;
  F.File = cutFile(File, C, Cuts);
  shareOutMemory(F, std::move(MemoryOnly));
  return F;
}
