//===- Tables.cpp - pclntab of all but ELF -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Enough of it to align by tables and functions, and to know the names of the
// source files: the header (runtime/symtab.go pcHeader, Go 1.18 to 1.27) and
// functab. Offsets that lead outside end the reading. ELF has GoImage for it.
//===----------------------------------------------------------------------===//
#include "Program.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

using namespace goslim;
using llvm::StringRef;
using namespace llvm::support::endian;

static constexpr uint64_t HeaderSize = 8 + 8 * 8;

/// Where it begins in a section's bytes, or npos: magic of Go 1.18 or 1.20,
/// two zeros, the instruction quantum, pointers of 8 bytes.
static size_t findHeader(StringRef Bytes) {
  for (uint8_t Magic : {0xf1, 0xf0}) {
    const char Head[] = {char(Magic), '\xff', '\xff', '\xff', 0, 0};
    StringRef Wanted(Head, sizeof(Head));
    for (size_t At = Bytes.find(Wanted); At != StringRef::npos;
         At = Bytes.find(Wanted, At + 1))
      if (At % 8 == 0 && Bytes.size() - At > HeaderSize && Bytes[At + 7] == 8 &&
          (Bytes[At + 6] == 1 || Bytes[At + 6] == 4))
        return At;
  }
  return StringRef::npos;
}

static void readFiles(StringRef Table, uint64_t Number, Pclntab &Out) {
  while (Number-- && !Table.empty()) {
    auto [Name, Rest] = Table.split('\0');
    Out.Files.push_back(Name);
    Table = Rest;
  }
}

static void readFunctions(Program &P, StringRef Rows, StringRef Funcs,
                          StringRef Names, uint64_t Count) {
  const ImageSection *Text = nullptr;
  for (const ImageSection &S : P.Other->Sections)
    if (!Text && (S.Flags & llvm::ELF::SHF_EXECINSTR))
      Text = &S;
  if (!Text || Rows.size() < Count * 8 + 4)
    return;
  uint32_t First = read32le(Rows.data());
  uint32_t Last = read32le(Rows.data() + Count * 8);
  for (uint64_t I = 0; I < Count; ++I) {
    uint32_t Entry = read32le(Rows.data() + I * 8);
    uint32_t Func = read32le(Rows.data() + I * 8 + 4);
    uint32_t Next = read32le(Rows.data() + I * 8 + 8);
    if (Func > Funcs.size() || Funcs.size() - Func < 8 || Next < Entry)
      return;
    uint32_t Name = read32le(Funcs.data() + Func + 4);
    if (Name >= Names.size())
      return;
    if (P.Format == "Wasm") {
      // Its number, before Go 1.26 with a block of it behind. Names in section
      // "name" have '_' for what is no letter.
      uint32_t Number = Entry - First;
      if (Last - First > P.Code.size())
        Number >>= 16;
      if (Number < P.Code.size())
        P.Code[Number].Name = Names.substr(Name).split('\0').first;
      continue;
    }
    P.Code.push_back({Names.substr(Name).split('\0').first,
                      Text->Address + Entry, Next - Entry});
  }
}

/// Where the last function's record ends, in Funcs (runtime/runtime2.go _func,
/// Go 1.20 to 1.27): 0 = not told.
static uint64_t endOfFunctions(StringRef Rows, StringRef Funcs,
                               uint64_t Count) {
  constexpr uint64_t FixedSize = 44, PcDataAt = 28, FuncDataAt = 43;
  uint64_t Last = 0;
  for (uint64_t I = 0; I < Count; ++I)
    Last = std::max<uint64_t>(Last, read32le(Rows.data() + I * 8 + 4));
  if (Last > Funcs.size() || Funcs.size() - Last < FixedSize)
    return 0;
  const char *Func = Funcs.data() + Last;
  uint64_t End =
      Last + FixedSize +
      4 * (uint64_t(read32le(Func + PcDataAt)) + uint8_t(Func[FuncDataAt]));
  return End <= Funcs.size() ? End : 0;
}

void goslim::readTables(Program &P) {
  for (const ImageSection &S : P.Other->Sections) {
    if (S.Flags & llvm::ELF::SHF_EXECINSTR)
      continue;
    StringRef Bytes = P.bytes().substr(S.Offset, S.Size);
    size_t At = findHeader(Bytes);
    if (At == StringRef::npos)
      continue;
    StringRef T = Bytes.drop_front(At);
    auto Word = [&](unsigned I) { return read64le(T.data() + 8 + I * 8); };
    uint64_t Functions = Word(0), Files = Word(1), Names = Word(3),
             Units = Word(4), FileNames = Word(5), Pc = Word(6), Rows = Word(7);
    uint64_t Ends[] = {HeaderSize, Names, Units, FileNames, Pc, Rows, T.size()};
    for (unsigned I = 1; I < std::size(Ends); ++I)
      if (Ends[I] < Ends[I - 1] || Ends[I] > T.size())
        return;
    if (Functions > (T.size() - Rows) / 8)
      return;
    Pclntab Table;
    uint64_t Begin = S.Offset + At, RowsSize = Functions * 8 + 4;
    Table.Whole = {Begin, T.size()};
    Table.Header = {Begin, Names};
    Table.FuncNames = {Begin + Names, Units - Names};
    Table.CuTab = {Begin + Units, FileNames - Units};
    Table.FileTab = {Begin + FileNames, Pc - FileNames};
    Table.PcTab = {Begin + Pc, Rows - Pc};
    Table.FuncTab = {Begin + Rows, RowsSize};
    if (T.size() - Rows < RowsSize)
      return;
    // What lies behind, a part of PE and Wasm that has no name, is no table.
    uint64_t End = endOfFunctions(T.substr(Rows), T.substr(Rows), Functions);
    if (End < RowsSize)
      End = T.size() - Rows;
    Table.Whole.Size = Rows + End;
    Table.Funcs = {Begin + Rows + RowsSize, End - RowsSize};
    readFiles(T.slice(FileNames, Pc), Files, Table);
    if (P.Code.empty() || P.Format == "Wasm")
      readFunctions(P, T.substr(Rows, RowsSize), T.substr(Rows),
                    T.slice(Names, Units), Functions);
    P.Go.Pcln = std::move(Table);
    return;
  }
}
