//===- ModuleData.cpp - runtime.firstmoduledata ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// moduledata has no magic, but its first word points to pclntab and its second
// into it: that pair is searched for in writable bytes (or among relocations,
// where a position-independent program keeps its pointers) unless .go.module
// says where it is. Layouts are rows of word numbers (src/runtime/symtab.go,
// type moduledata); one is believed only when every range in it makes sense.
//===----------------------------------------------------------------------===//
#include "Internal.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace llvm;

namespace goslim {
namespace {

using Field = uint64_t ModuleData::*;
using SliceField = ModuleData::Slice ModuleData::*;

/// Words that no release moved.
constexpr std::pair<Field, unsigned> FixedFields[] = {
    {&ModuleData::FindFunc, 19},   {&ModuleData::Text, 22},
    {&ModuleData::Etext, 23},      {&ModuleData::Noptrdata, 24},
    {&ModuleData::Enoptrdata, 25}, {&ModuleData::Data, 26},
    {&ModuleData::Edata, 27},      {&ModuleData::Bss, 28},
    {&ModuleData::Ebss, 29},       {&ModuleData::Noptrbss, 30},
    {&ModuleData::Enoptrbss, 31},
};
constexpr unsigned FuncNamesWord = 1, FtabWord = 16, MinPcWord = 20,
                   MaxPcWord = 21;

/// Word numbers that differ; 0 = the release has no such field.
constexpr Field MovingFields[] = {
    &ModuleData::Gcdata,      &ModuleData::Gcbss,  &ModuleData::Types,
    &ModuleData::TypeDescLen, &ModuleData::Etypes, &ModuleData::ItabOffset,
    &ModuleData::ItabSize,    &ModuleData::Rodata, &ModuleData::Gofunc,
    &ModuleData::Epclntab};
constexpr SliceField SliceFields[] = {
    &ModuleData::TextSectMap, &ModuleData::TypeLinks, &ModuleData::ItabLinks,
    &ModuleData::InitTasks};
struct Layout {
  unsigned FirstMinor, LastMinor;
  uint8_t Words; ///< size of the whole
  uint8_t At[10];
  uint8_t Slices[4];
};
constexpr Layout Layouts[] = {
    // newest first: the order in which an unknown release is tried
    {27, 27, 71, {35, 36, 37, 38, 39, 40, 41, 42, 43, 44}, {45, 0, 0, 56}},
    {26, 26, 74, {35, 36, 37, 0, 38, 0, 0, 39, 40, 41}, {42, 45, 48, 59}},
    {23, 25, 73, {35, 36, 37, 0, 38, 0, 0, 39, 40, 0}, {41, 44, 47, 58}},
    {21, 22, 74, {35, 36, 37, 0, 38, 0, 0, 39, 40, 0}, {41, 44, 47, 58}},
    {20, 20, 71, {35, 36, 37, 0, 38, 0, 0, 39, 40, 0}, {41, 44, 47, 0}},
    {18, 19, 69, {33, 34, 35, 0, 36, 0, 0, 37, 38, 0}, {39, 42, 45, 0}},
    {16, 17, 67, {33, 34, 35, 0, 36, 0, 0, 0, 0, 0}, {37, 40, 43, 0}},
};

class ModuleReader {
public:
  ModuleReader(const Image &File, const Pclntab &P, unsigned Minor)
      : File(File), P(P), Minor(Minor), PtrSize(P.PtrSize),
        PclnAddress(File.addressOf(P.Header.Offset).value_or(0)) {}

  std::optional<ModuleData> find();
  /// Whether the found one has another release's layout.
  bool IsOtherLayout = false;

private:
  const Image &File;
  const Pclntab &P;
  unsigned Minor, PtrSize;
  uint64_t PclnAddress;

  std::optional<ModuleData> tryAll(uint64_t Address);
  std::optional<ModuleData> tryLayout(uint64_t Address, const Layout &L) const;
  bool startsHere(uint64_t Address) const;
  bool isPlausible(const ModuleData &M, const Layout &L) const;
  std::optional<ModuleData> scan(FileRange Area);
};

/// The two pointers that every layout begins with, and the table of rows.
bool ModuleReader::startsHere(uint64_t Address) const {
  auto Is = [&](unsigned Word, uint64_t Value) {
    return File.pointerAt(Address + Word * PtrSize) == Value;
  };
  return Is(0, PclnAddress) &&
         Is(FuncNamesWord,
            PclnAddress + (P.FuncNames.Offset - P.Header.Offset)) &&
         Is(FtabWord, PclnAddress + (P.FuncTab.Offset - P.Header.Offset));
}

bool ModuleReader::isPlausible(const ModuleData &M, const Layout &L) const {
  const std::pair<uint64_t, uint64_t> Ranges[] = {
      {M.Text, M.Etext}, {M.Noptrdata, M.Enoptrdata}, {M.Data, M.Edata},
      {M.Bss, M.Ebss},   {M.Noptrbss, M.Enoptrbss},   {M.Types, M.Etypes}};
  for (auto [Start, End] : Ranges)
    if (Start > End)
      return false;
  auto MinPc = File.pointerAt(M.Address + MinPcWord * PtrSize);
  auto MaxPc = File.pointerAt(M.Address + MaxPcWord * PtrSize);
  if (!MinPc || !MaxPc || *MinPc < M.Text || *MaxPc < *MinPc ||
      *MaxPc > M.Etext || !File.bytesAt(M.Text, M.Etext - M.Text))
    return false;
  if (M.Types == M.Etypes || !File.bytesAt(M.Types, M.Etypes - M.Types))
    return false;
  // A pointer to read-only data, in every layout but the oldest.
  auto IsInFile = [&](uint64_t Address) { return File.offsetOf(Address); };
  if (!IsInFile(M.FindFunc) || !IsInFile(M.Gcdata) || !IsInFile(M.Gcbss) ||
      (L.FirstMinor >= 18 && (!IsInFile(M.Rodata) || !M.Gofunc)))
    return false;
  if (L.FirstMinor >= 26 &&
      (M.Epclntab < M.FindFunc || M.Epclntab < PclnAddress))
    return false;
  uint64_t TypesSize = M.Etypes - M.Types;
  if (M.TypeDescLen > TypesSize || M.ItabOffset > TypesSize ||
      M.ItabSize > TypesSize - M.ItabOffset)
    return false;
  auto Fits = [&](const ModuleData::Slice &S, unsigned Size) {
    return S.Count == 0 || (S.Count <= File.size() / Size &&
                            File.bytesAt(S.Address, S.Count * Size));
  };
  return Fits(M.TypeLinks, 4) && Fits(M.ItabLinks, PtrSize) &&
         Fits(M.InitTasks, PtrSize) && Fits(M.TextSectMap, 3 * PtrSize) &&
         M.TextSectMap.Count != 0 && M.TextSectMap.Count < 1 << 12;
}

std::optional<ModuleData> ModuleReader::tryLayout(uint64_t Address,
                                                  const Layout &L) const {
  ModuleData M;
  M.Address = Address;
  M.Layout = L.LastMinor;
  M.Size = L.Words * PtrSize;
  bool IsComplete = true;
  auto Read = [&](unsigned Word) -> uint64_t {
    auto Value = File.pointerAt(Address + Word * PtrSize);
    IsComplete &= Value.has_value();
    return Value.value_or(0);
  };
  for (auto [Member, Word] : FixedFields)
    M.*Member = Read(Word);
  for (size_t I = 0; I != std::size(MovingFields); ++I)
    if (L.At[I])
      M.*MovingFields[I] = Read(L.At[I]);
  for (size_t I = 0; I != std::size(SliceFields); ++I)
    if (unsigned Word = L.Slices[I]) {
      M.*SliceFields[I] = {Read(Word), Read(Word + 1)};
      // length and capacity: equal in what the linker makes
      IsComplete &= Read(Word + 2) == (M.*SliceFields[I]).Count;
    }
  if (!IsComplete || !isPlausible(M, L))
    return std::nullopt;
  return M;
}

std::optional<ModuleData> ModuleReader::tryAll(uint64_t Address) {
  if (!startsHere(Address))
    return std::nullopt;
  for (const Layout &L : Layouts)
    if (L.FirstMinor <= Minor && Minor <= L.LastMinor)
      if (auto M = tryLayout(Address, L))
        return M;
  IsOtherLayout = true;
  for (const Layout &L : Layouts)
    if (auto M = tryLayout(Address, L))
      return M;
  return std::nullopt;
}

/// Every word of Area that points to pclntab.
std::optional<ModuleData> ModuleReader::scan(FileRange Area) {
  std::optional<uint64_t> Address = File.addressOf(Area.Offset);
  if (!Address)
    return std::nullopt;
  Words W(File.bytes().substr(Area.Offset, Area.Size), File.isLittleEndian());
  for (uint64_t At = alignTo(*Address, PtrSize) - *Address; W.has(At, PtrSize);
       At += PtrSize)
    if (W.uintptr(At, PtrSize) == PclnAddress)
      if (auto M = tryAll(*Address + At))
        return M;
  return std::nullopt;
}

std::optional<ModuleData> ModuleReader::find() {
  if (!PclnAddress)
    return std::nullopt;
  for (StringRef Name : {".go.module", ".data.rel.ro.go.module"})
    if (const ImageSection *S = File.section(Name))
      if (auto M = tryAll(S->Address))
        return M;
  for (const RelativeRelocation &R : File.relativeRelocations())
    if (R.Value == PclnAddress)
      if (auto M = tryAll(R.Address))
        return M;
  for (const ImageSegment &S : File.segments())
    if (S.Type == ELF::PT_LOAD && (S.Flags & ELF::PF_W))
      if (auto M = scan({S.Offset, S.FileSize}))
        return M;
  return std::nullopt;
}

} // namespace

void readModuleData(const Image &File, GoImage &Go) {
  if (!Go.Pcln)
    return;
  unsigned Minor = Go.minorVersion();
  ModuleReader Reader(File, *Go.Pcln, Minor);
  Go.Module = Reader.find();
  if (!Go.Module)
    return addNote(Go, "pclntab", Go.Pcln->Header.Offset,
                   "expected moduledata that points to it, found none");
  if (Reader.IsOtherLayout && Minor)
    addNote(Go, "moduledata", File.offsetOf(Go.Module->Address).value_or(0),
            "expected the layout of Go 1." + Twine(Minor) +
                ", found that of another release");
}

} // namespace goslim
