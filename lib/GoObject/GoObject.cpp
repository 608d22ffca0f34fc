//===- GoObject.cpp - one goobj file --------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All checks are here, once per object: that blocks are in order and inside,
// that their sizes are whole rows, and that the three index tables ascend and
// end inside their blocks. The accessors in the header rely on it.
//===----------------------------------------------------------------------===//
#include "goslim/GoObject/GoObject.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;
using namespace llvm::support::endian;

namespace {
/// Name and row size of each block; 1 = bytes.
struct BlockShape {
  const char *Name;
  unsigned RowSize;
};
constexpr BlockShape Shapes[] = {
    {"Autolib", 16},   {"PkgIdx", 8},       {"File", 8},
    {"Symdef", 21},    {"Hashed64def", 21}, {"Hasheddef", 21},
    {"Nonpkgdef", 21}, {"Nonpkgref", 21},   {"RefFlags", 10},
    {"Hash64", 8},     {"Hash", 16},        {"RelocIdx", 4},
    {"AuxIdx", 4},     {"DataIdx", 4},      {"Reloc", 23},
    {"Aux", 9},        {"Data", 1},         {"RefName", 16}};
constexpr unsigned HeaderSize = 8 + 8 + 4 + 4 * GoObject::NumBlocks;
} // namespace

template <typename... Args>
static llvm::Error malformed(uint64_t Offset, fmt::format_string<Args...> Text,
                             Args &&...A) {
  return llvm::createStringError(
      fmt::format("goobj at offset {:#x}: {}", Offset,
                  fmt::format(Text, std::forward<Args>(A)...)));
}

llvm::Error GoObject::readHeader() {
  static constexpr StringRef Magic("\0go120ld", 8);
  if (B.size() < HeaderSize)
    return malformed(0, "expected a header of {} bytes, found {}", HeaderSize,
                     B.size());
  if (!B.starts_with(Magic))
    return malformed(
        0, "expected magic \"\\0go120ld\" (Go 1.20 to 1.27), found {:016x}",
        read64be(B.data()));
  ObjectFlags = read32le(B.data() + 16);
  uint32_t Least = HeaderSize;
  for (unsigned K = 0; K != NumBlocks; ++K) {
    uint32_t At = Offsets[K] = read32le(B.data() + 20 + 4 * K);
    if (At < Least || At > B.size())
      return malformed(20 + 4 * K,
                       "expected the offset of {} between {:#x} and {:#x}, "
                       "found {:#x}",
                       K == End ? "the end" : Shapes[K].Name, Least, B.size(),
                       At);
    if (K && (At - Least) % Shapes[K - 1].RowSize)
      return malformed(Offsets[K - 1],
                       "expected rows of {} bytes in {}, found {} bytes",
                       Shapes[K - 1].RowSize, Shapes[K - 1].Name, At - Least);
    Least = At;
  }
  return llvm::Error::success();
}

llvm::Error GoObject::checkCounts() {
  NumSymdef = count(Symdef, ObjectSymbol::Size);
  NumHashed64 = count(Hashed64def, ObjectSymbol::Size);
  NumHashed = count(Hasheddef, ObjectSymbol::Size);
  NumNonpkgdef = count(Nonpkgdef, ObjectSymbol::Size);
  NumNonpkgref = count(Nonpkgref, ObjectSymbol::Size);
  NumDefs = NumSymdef + NumHashed64 + NumHashed + NumNonpkgdef;
  if (count(Hash64, 8) != NumHashed64)
    return malformed(Offsets[Hash64], "expected {} short hashes, found {}",
                     NumHashed64, count(Hash64, 8));
  if (count(Hash, HashSize) != NumHashed)
    return malformed(Offsets[Hash], "expected {} hashes, found {}", NumHashed,
                     count(Hash, HashSize));
  return llvm::Error::success();
}

llvm::Error GoObject::checkIndex(Block K, Block Rows, unsigned RowSize) {
  if (count(K, 4) != NumDefs + 1)
    return malformed(Offsets[K], "expected {} entries in {}, found {}",
                     NumDefs + 1, Shapes[K].Name, count(K, 4));
  uint32_t Most = count(Rows, RowSize), Least = 0;
  const char *Entry = B.data() + Offsets[K];
  for (uint32_t I = 0; I <= NumDefs; ++I, Entry += 4) {
    uint32_t Row = read32le(Entry);
    if (Row < Least || Row > Most)
      return malformed(Offsets[K] + 4 * uint64_t(I),
                       "expected an index between {} and {} in {}, found {}",
                       Least, Most, Shapes[K].Name, Row);
    Least = Row;
  }
  return llvm::Error::success();
}

llvm::Expected<GoObject> GoObject::parse(StringRef Bytes) {
  GoObject O;
  O.B = Bytes;
  if (llvm::Error E = O.readHeader())
    return E;
  if (llvm::Error E = O.checkCounts())
    return E;
  if (llvm::Error E = O.checkIndex(RelocIdx, Reloc, ObjectReloc::Size))
    return E;
  if (llvm::Error E = O.checkIndex(AuxIdx, Aux, ObjectAux::Size))
    return E;
  if (llvm::Error E = O.checkIndex(DataIdx, Data, 1))
    return E;
  return O;
}

GoObject::RefFlag GoObject::refFlag(uint32_t I) const {
  const char *Row = B.data() + Offsets[RefFlags] + size_t(I) * 10;
  return {{read32le(Row), read32le(Row + 4)}, uint8_t(Row[8]), uint8_t(Row[9])};
}

GoObject::RefNameRow GoObject::refName(uint32_t I) const {
  const char *Row = B.data() + Offsets[RefName] + size_t(I) * 16;
  return {{read32le(Row), read32le(Row + 4)},
          stringOf(read32le(Row + 12), read32le(Row + 8))};
}

int64_t GoObject::localIndex(SymRef R) const {
  uint64_t First, Count;
  switch (R.Package) {
  case SymRef::Self:
    First = 0, Count = NumSymdef;
    break;
  case SymRef::Hashed64:
    First = NumSymdef, Count = NumHashed64;
    break;
  case SymRef::Hashed:
    First = uint64_t(NumSymdef) + NumHashed64, Count = NumHashed;
    break;
  case SymRef::None:
    First = uint64_t(NumSymdef) + NumHashed64 + NumHashed;
    Count = uint64_t(NumNonpkgdef) + NumNonpkgref;
    break;
  default:
    return -1;
  }
  return R.Symbol < Count ? int64_t(First + R.Symbol) : -1;
}

//===----------------------------------------------------------------------===//
// FuncInfo
//===----------------------------------------------------------------------===//

bool ObjectFuncInfo::parse(StringRef Bytes, ObjectFuncInfo &Out) {
  if (Bytes.size() < 24)
    return false;
  const char *P = Bytes.data();
  Out.Args = read32le(P), Out.Locals = read32le(P + 4);
  Out.FuncId = uint8_t(P[8]), Out.Flag = uint8_t(P[9]);
  Out.StartLine = int32_t(read32le(P + 12));
  Out.NumFiles = read32le(P + 16);
  uint64_t Inlined = 20 + 4 * uint64_t(Out.NumFiles);
  if (Inlined + 4 > Bytes.size())
    return false;
  Out.Files = Bytes.substr(20, 4 * size_t(Out.NumFiles));
  Out.NumInlined = read32le(P + Inlined);
  if (uint64_t(Out.NumInlined) * NodeSize > Bytes.size() - Inlined - 4)
    return false;
  Out.Inlined =
      Bytes.substr(size_t(Inlined) + 4, NodeSize * size_t(Out.NumInlined));
  return true;
}

ObjectFuncInfo::Node ObjectFuncInfo::inlined(uint32_t I) const {
  const char *P = Inlined.data() + size_t(I) * NodeSize;
  return {int32_t(read32le(P)),
          read32le(P + 4),
          int32_t(read32le(P + 8)),
          {read32le(P + 12), read32le(P + 16)},
          int32_t(read32le(P + 20))};
}
