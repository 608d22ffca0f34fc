//===- Pclntab.cpp - Go's function table ----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table is found by its section name or, without section headers, by its
// magic; the header's offsets give the sub-tables, which must come in order and
// inside the file. One pass over functab then yields every function. Names and
// paths are views into the file: a program has tens of thousands of them.
//===----------------------------------------------------------------------===//
#include "Internal.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <array>

using namespace llvm;

namespace goslim {
namespace {

/// What differs between the layouts; src/runtime/symtab.go, runtime2.go.
struct Format {
  uint32_t Magic;
  unsigned FirstMinor;  ///< Go 1.FirstMinor introduced it
  bool HasTextStart;    ///< word 2 of the header; offsets, not pointers
  unsigned StartLineAt; ///< in _func, 0 = none
  unsigned FixedSize;   ///< of _func behind its entry field
};
constexpr Format Formats[] = {
    {0xfffffff1, 20, true, 36, 40},
    {0xfffffff0, 18, true, 0, 36},
    {0xfffffffa, 16, false, 0, 36},
};
constexpr uint32_t LeastMagic = 0xfffffff0;
constexpr uint32_t Magic12 = 0xfffffffb; ///< Go 1.2 to 1.15

const Format *formatOf(uint32_t Magic) {
  for (const Format &F : Formats)
    if (F.Magic == Magic)
      return &F;
  return nullptr;
}

bool hasHeaderShape(const Words &W, uint64_t At) {
  if (!W.has(At, 8))
    return false;
  uint8_t MinLC = W.u8(At + 6), PtrSize = W.u8(At + 7);
  return W.u8(At + 4) == 0 && W.u8(At + 5) == 0 &&
         (MinLC == 1 || MinLC == 2 || MinLC == 4) &&
         (PtrSize == 4 || PtrSize == 8);
}

uint64_t headerSize(const Format &F, unsigned PtrSize) {
  return 8 + (F.HasTextStart ? 8 : 7) * PtrSize;
}

/// Fills the ranges from the header at Area.Offset; the reason when it cannot
/// be a header.
std::string parseHeader(const Image &File, FileRange Area, Pclntab &Out) {
  Words W(File.bytes().substr(Area.Offset, Area.Size), File.isLittleEndian());
  if (!hasHeaderShape(W, 0))
    return "expected a header of pclntab, found other bytes";
  const Format *F = formatOf(W.u32(0));
  if (W.u32(0) == Magic12)
    return "the layout of Go 1.15 and older is not read";
  if (!F)
    return "expected a magic of Go 1.16 to 1.27, found " + hexOf(W.u32(0));
  unsigned PtrSize = W.u8(7);
  if (PtrSize != File.bits() / 8)
    return "expected pointers of " + std::to_string(File.bits() / 8) +
           " bytes, found " + std::to_string(PtrSize);
  uint64_t Size = headerSize(*F, PtrSize);
  if (!W.has(0, Size))
    return "expected a header of " + hexOf(Size) + " bytes, found " +
           hexOf(W.size());
  auto Word = [&](unsigned I) { return W.uintptr(8 + I * PtrSize, PtrSize); };
  Out.Magic = F->Magic;
  Out.MinLC = W.u8(6);
  Out.PtrSize = PtrSize;
  Out.Header = {Area.Offset, Size};
  Out.Whole = Area;
  FileRange *Tables[] = {&Out.FuncNames, &Out.CuTab, &Out.FileTab, &Out.PcTab,
                         &Out.FuncTab};
  static const char *const Names[] = {"function names", "cutab", "filetab",
                                      "pctab", "functab"};
  unsigned FirstOffset = F->HasTextStart ? 3 : 2;
  uint64_t Least = Size;
  for (unsigned I = 0; I != 5; ++I) {
    uint64_t At = Word(FirstOffset + I);
    if (At < Least || At > Area.Size)
      return std::string("expected the offset of ") + Names[I] + " between " +
             hexOf(Least) + " and " + hexOf(Area.Size) + ", found " + hexOf(At);
    Tables[I]->Offset = Area.Offset + At;
    if (I != 0)
      Tables[I - 1]->Size = At - Least;
    Least = At;
  }
  uint64_t Count = Word(0), RowSize = F->HasTextStart ? 8 : 2 * PtrSize;
  uint64_t Room = Area.end() - Out.FuncTab.Offset;
  uint64_t EndSize = F->HasTextStart ? 4 : PtrSize;
  if (Count > Room / RowSize || Room - Count * RowSize < EndSize)
    return "expected at most " + std::to_string(Room / RowSize) +
           " functions, found " + std::to_string(Count);
  Out.FuncTab.Size = Count * RowSize + EndSize;
  uint64_t FuncsAt = alignTo(Out.FuncTab.end() - Area.Offset, PtrSize);
  FuncsAt = std::min(FuncsAt, Area.Size);
  Out.Funcs = {Area.Offset + FuncsAt, Area.Size - FuncsAt};
  return "";
}

/// A header in the loaded bytes of S.
std::optional<FileRange> scanSegment(const Image &File, const ImageSegment &S) {
  Words W(File.bytes().substr(S.Offset, S.FileSize), File.isLittleEndian());
  for (uint64_t At = alignTo(S.Offset, 4) - S.Offset; W.has(At, 8); At += 4) {
    if (W.u32(At) < LeastMagic || !hasHeaderShape(W, At))
      continue;
    FileRange Area{S.Offset + At, S.FileSize - At};
    Pclntab Trial;
    if (parseHeader(File, Area, Trial).empty())
      return Area;
  }
  return std::nullopt;
}

/// Nothing points to the header from outside, and the C linker merges its
/// section with others in a position-independent program. Code is looked
/// through last: it is most of the file, and seldom holds read-only data.
std::optional<FileRange> scanForHeader(const Image &File) {
  for (bool IsCode : {false, true})
    for (const ImageSegment &S : File.segments())
      if (S.Type == ELF::PT_LOAD && bool(S.Flags & ELF::PF_X) == IsCode)
        if (auto Area = scanSegment(File, S))
          return Area;
  return std::nullopt;
}

} // namespace

void readPclntabHeader(const Image &File, GoImage &Go) {
  std::optional<FileRange> Area;
  for (StringRef Name : {".gopclntab", ".data.rel.ro.gopclntab"})
    if (const ImageSection *S = File.section(Name); S && S->Size)
      Area = FileRange{S->Offset, S->Size};
  bool HasSection = Area.has_value();
  if (!Area)
    Area = scanForHeader(File);
  if (!Area)
    return;
  Pclntab Out;
  std::string Why = parseHeader(File, *Area, Out);
  if (!Why.empty())
    return addNote(Go, "pclntab", Area->Offset, Why);
  if (!HasSection)
    Out.Whole.Size = 0; // its end is known once its rows are read
  Go.Pcln = std::move(Out);
}

namespace {

/// The rows of one program's pclntab.
class FunctionReader {
public:
  FunctionReader(const Image &File, const GoImage &Go, Pclntab &P)
      : File(File), Go(Go), P(P), F(*formatOf(P.Magic)), Names(at(P.FuncNames)),
        Cus(at(P.CuTab)), Files(at(P.FileTab)), Pcs(at(P.PcTab)),
        Table({P.FuncTab.Offset, P.Funcs.end() - P.FuncTab.Offset}, File),
        TableAddress(File.addressOf(P.FuncTab.Offset).value_or(0)) {}

  /// "" or why the table contradicts itself; At says where.
  std::string read(uint64_t &At);

private:
  /// Numbers of a file range.
  struct Area : Words {
    Area(FileRange R, const Image &File)
        : Words(File.bytes().substr(R.Offset, R.Size), File.isLittleEndian()) {}
  };
  Area at(FileRange R) { return Area(R, File); }

  const Image &File;
  const GoImage &Go;
  Pclntab &P;
  const Format &F;
  Area Names, Cus, Files, Pcs, Table; ///< Table: functab and _funcs
  uint64_t TableAddress;

  uint64_t rowEntry(uint64_t Row) const;
  uint64_t rowFunc(uint64_t Row) const;
  StringRef firstFile(uint64_t Func) const;
  static std::optional<StringRef> stringAt(const Words &Area, uint64_t At);
  void readFiles();
  std::vector<std::array<uint64_t, 3>> TextSections; ///< start, end, address
  void readTextSections();
};

uint64_t FunctionReader::rowEntry(uint64_t Row) const {
  if (!F.HasTextStart) // an address, so relocated in PIE
    return File.pointerAt(TableAddress + Row * 2 * P.PtrSize).value_or(0);
  uint64_t Offset = Table.u32(Row * 8);
  for (auto [Start, End, Address] : TextSections)
    if (Offset >= Start && Offset <= End)
      return Address + (Offset - Start);
  return P.TextStart + Offset;
}

uint64_t FunctionReader::rowFunc(uint64_t Row) const {
  return F.HasTextStart ? Table.u32(Row * 8 + 4)
                        : Table.uintptr((Row * 2 + 1) * P.PtrSize, P.PtrSize);
}

std::optional<StringRef> FunctionReader::stringAt(const Words &Area,
                                                  uint64_t At) {
  if (At >= Area.size())
    return std::nullopt;
  StringRef Rest = Area.Bytes.substr(At, MaxNameLength);
  size_t End = Rest.find('\0');
  if (End == StringRef::npos)
    return std::nullopt;
  return Rest.take_front(End);
}

/// The file of a function's first instruction: pcfile's first value is an
/// index from the unit's place in cutab, which holds offsets into filetab.
StringRef FunctionReader::firstFile(uint64_t Func) const {
  unsigned Entry = F.HasTextStart ? 4 : P.PtrSize;
  uint64_t At = Table.u32(Func + Entry + 16);
  if (At == 0 || At >= Pcs.size())
    return "";
  std::optional<uint64_t> Delta = readVarint(Pcs.Bytes, At);
  if (!Delta)
    return "";
  int64_t Index = -1 + int64_t((*Delta >> 1) ^ (~(*Delta & 1) + 1));
  uint64_t Cu = Table.u32(Func + Entry + 28);
  if (Index < 0 || Index > INT32_MAX || !Cus.has((Cu + Index) * 4, 4))
    return "";
  uint32_t FileAt = Cus.u32((Cu + Index) * 4);
  return stringAt(Files, FileAt).value_or("");
}

void FunctionReader::readFiles() {
  StringRef Rest = Files.Bytes;
  while (!Rest.empty()) {
    auto [Path, Next] = Rest.split('\0');
    if (!Path.empty()) // padding
      P.Files.push_back(Path);
    Rest = Next;
  }
}

/// Only programs whose text was split have more than one (ppc64, arm). Ends
/// are included: the last row of functab is the end of the last section, and
/// elsewhere the next section's start is the same place.
void FunctionReader::readTextSections() {
  if (!Go.Module || Go.Module->TextSectMap.Count < 2)
    return;
  uint64_t At = Go.Module->TextSectMap.Address;
  for (uint64_t I = 0; I != Go.Module->TextSectMap.Count;
       ++I, At += 3 * P.PtrSize) {
    std::array<uint64_t, 3> Row;
    for (unsigned Field = 0; Field != 3; ++Field)
      Row[Field] = File.pointerAt(At + Field * P.PtrSize).value_or(0);
    TextSections.push_back(Row);
  }
}

std::string FunctionReader::read(uint64_t &At) {
  readFiles();
  readTextSections();
  uint64_t RowSize = F.HasTextStart ? 8 : 2 * P.PtrSize;
  uint64_t Count = P.FuncTab.Size / RowSize;
  unsigned Entry = F.HasTextStart ? 4 : P.PtrSize;
  uint64_t Fixed = Entry + F.FixedSize;
  unsigned FuncDataSize = F.HasTextStart ? 4 : P.PtrSize;
  uint64_t LastEnd = P.Funcs.Offset - P.FuncTab.Offset;
  P.Functions.reserve(Count);
  for (uint64_t Row = 0; Row != Count; ++Row) {
    At = P.FuncTab.Offset + Row * RowSize;
    GoFunction Out;
    Out.Entry = rowEntry(Row);
    uint64_t Next = rowEntry(Row + 1);
    if (Next < Out.Entry)
      return "expected ascending addresses, found " + hexOf(Next) + " after " +
             hexOf(Out.Entry);
    Out.Size = Next - Out.Entry;
    Out.Row = {At, RowSize};
    uint64_t Func = rowFunc(Row);
    if (Func < LastEnd || !Table.has(Func, Fixed))
      return "expected the offset of a function behind " + hexOf(LastEnd) +
             ", found " + hexOf(Func);
    uint64_t End = Func + Fixed + 4 * uint64_t(Table.u32(Func + Entry + 24));
    End = FuncDataSize == 4 ? End : alignTo(End, FuncDataSize);
    End += FuncDataSize * uint64_t(Table.u8(Func + Fixed - 1));
    if (End > Table.size())
      return "expected the function's data inside pclntab, found its end at " +
             hexOf(End);
    LastEnd = std::min(alignTo(End, P.PtrSize), Table.size());
    Out.Func = {P.FuncTab.Offset + Func, LastEnd - Func};
    uint64_t Name = Table.u32(Func + Entry);
    std::optional<StringRef> Text = stringAt(Names, Name);
    if (!Text)
      return "expected a name inside " + hexOf(Names.size()) +
             " bytes, found " + hexOf(Name);
    Out.Name = *Text;
    Out.NameBytes = {P.FuncNames.Offset + Name, Text->size() + 1};
    Out.File = firstFile(Func);
    if (F.StartLineAt)
      Out.StartLine = int32_t(Table.u32(Func + F.StartLineAt));
    P.Functions.push_back(Out);
  }
  P.Funcs.Size = P.FuncTab.Offset + LastEnd - P.Funcs.Offset;
  return "";
}

/// The address that entry offsets count from, or nullopt.
std::optional<uint64_t> textStart(const Image &File, const GoImage &Go) {
  const Pclntab &P = *Go.Pcln;
  // Before Go 1.26 word 2 of the header says it.
  if (std::optional<uint64_t> Header = File.addressOf(P.Header.Offset)) {
    std::optional<uint64_t> Start = File.pointerAt(*Header + 8 + 2 * P.PtrSize);
    if (Start && *Start != 0)
      return Start;
  }
  if (Go.Module)
    return Go.Module->Text;
  Expected<std::vector<ImageSymbol>> Symbols = File.symbols();
  if (!Symbols) {
    consumeError(Symbols.takeError());
    return std::nullopt;
  }
  for (const ImageSymbol &S : *Symbols)
    if (S.Name == "runtime.text")
      return S.Address;
  return std::nullopt;
}

/// The file range of [Start, End), or an empty one.
FileRange rangeOf(const Image &File, uint64_t Start, uint64_t End) {
  if (Start && Start < End)
    if (auto Bytes = File.bytesAt(Start, End - Start))
      return {uint64_t(Bytes->data() - File.bytes().data()), Bytes->size()};
  return {};
}

/// go:func.* and findfunctab follow the _funcs from Go 1.26.
void addTail(const Image &File, const GoImage &Go, Pclntab &P) {
  if (Go.Module && Go.Module->Epclntab) {
    P.GoFunc = rangeOf(File, Go.Module->Gofunc, Go.Module->FindFunc);
    P.FindFunc = rangeOf(File, Go.Module->FindFunc, Go.Module->Epclntab);
    // 1.27 puts function descriptors elsewhere but gofunc keeps its meaning;
    // whatever lies before pclntab is not part of it.
    if (P.GoFunc.Offset < P.Funcs.end())
      P.GoFunc = {};
    if (P.FindFunc.Offset < P.Funcs.end())
      P.FindFunc = {};
  }
  if (!P.Whole.Size)
    P.Whole.Size = std::max({P.Funcs.end(), P.GoFunc.end(), P.FindFunc.end()}) -
                   P.Whole.Offset;
}

} // namespace

const GoFunction *Pclntab::functionAt(uint64_t Address) const {
  auto Next = std::upper_bound(
      Functions.begin(), Functions.end(), Address,
      [](uint64_t At, const GoFunction &F) { return At < F.Entry; });
  if (Next == Functions.begin())
    return nullptr;
  const GoFunction &F = Next[-1];
  return Address - F.Entry < F.Size ? &F : nullptr;
}

void readFunctions(const Image &File, GoImage &Go) {
  if (!Go.Pcln)
    return;
  Pclntab &P = *Go.Pcln;
  if (formatOf(P.Magic)->HasTextStart) {
    std::optional<uint64_t> Start = textStart(File, Go);
    if (!Start) {
      addNote(Go, "pclntab", P.Header.Offset,
              "expected the address of text in moduledata, found none");
      Go.Pcln.reset();
      return;
    }
    P.TextStart = *Start;
  }
  uint64_t At = 0;
  std::string Why = FunctionReader(File, Go, P).read(At);
  if (!Why.empty()) {
    addNote(Go, "functab row", At, Why);
    Go.Pcln.reset();
    return;
  }
  addTail(File, Go, P);
}

} // namespace goslim
