//===- goslim/GoObject/GoObject.h - one goobj file --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A view of an object file of Go 1.20 to 1.27, in place: nothing is copied and
// nothing is decoded before it is asked for. Format: src/cmd/internal/goobj/
// objfile.go; all numbers little-endian, offsets from the start of the object.
//
//   header    magic[8] "\0go120ld", fingerprint[8], flags u32, offsets u32[19]
//   strings   (a string reference is length u32, offset u32)
//   blocks    Autolib PkgIdx File Symdef Hashed64def Hasheddef Nonpkgdef
//             Nonpkgref RefFlags Hash64 Hash RelocIdx AuxIdx DataIdx Reloc Aux
//             Data RefName
//
// parse() checks the blocks and the index tables once; after that every
// accessor stays inside the object for every index below its count.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_GOOBJECT_GOOBJECT_H
#define GOSLIM_GOOBJECT_GOOBJECT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Error.h"
#include <array>
#include <cstdint>

namespace goslim {

/// A reference to a symbol: Package is an index into the object's packages or
/// one of the special values; {0, 0} is nil.
struct SymRef {
  uint32_t Package = 0, Symbol = 0;
  static constexpr uint32_t None = 0x7fffffff, Hashed64 = None - 1,
                            Hashed = None - 2, Builtin = None - 3,
                            Self = None - 4;
  bool isNil() const { return Package == 0 && Symbol == 0; }
};

/// A row of Symdef, Hashed64def, Hasheddef, Nonpkgdef or Nonpkgref (21 bytes).
class ObjectSymbol {
public:
  static constexpr unsigned Size = 21;
  static constexpr uint16_t StaticAbi = 0xffff;
  explicit ObjectSymbol(const char *Row) : Row(Row) {}
  uint32_t nameSize() const { return llvm::support::endian::read32le(Row); }
  uint32_t nameOffset() const {
    return llvm::support::endian::read32le(Row + 4);
  }
  uint16_t abi() const { return llvm::support::endian::read16le(Row + 8); }
  uint8_t type() const { return uint8_t(Row[10]); }
  uint8_t flag() const { return uint8_t(Row[11]); }
  uint8_t flag2() const { return uint8_t(Row[12]); }
  uint32_t size() const { return llvm::support::endian::read32le(Row + 13); }
  uint32_t align() const { return llvm::support::endian::read32le(Row + 17); }

  bool isDupok() const { return flag() & 1; }
  bool isLocal() const { return flag() & 2; }
  bool isTypelink() const { return flag() & 4; }
  bool isLeaf() const { return flag() & 8; }
  bool isNoSplit() const { return flag() & 16; }
  bool isReflectMethod() const { return flag() & 32; }
  bool isGoType() const { return flag() & 64; }

private:
  const char *Row;
};

/// A row of Reloc (23 bytes).
class ObjectReloc {
public:
  static constexpr unsigned Size = 23;
  static constexpr uint16_t Weak = 0x8000;
  explicit ObjectReloc(const char *Row) : Row(Row) {}
  int32_t offset() const {
    return int32_t(llvm::support::endian::read32le(Row));
  }
  uint8_t size() const { return uint8_t(Row[4]); } ///< bytes; 0 = a marker
  uint16_t type() const { return llvm::support::endian::read16le(Row + 5); }
  bool isWeak() const { return type() & Weak; }
  int64_t addend() const {
    return int64_t(llvm::support::endian::read64le(Row + 7));
  }
  SymRef symbol() const {
    return {llvm::support::endian::read32le(Row + 15),
            llvm::support::endian::read32le(Row + 19)};
  }

private:
  const char *Row;
};

enum class AuxKind : uint8_t {
  Gotype,
  FuncInfo,
  Funcdata,
  DwarfInfo,
  DwarfLoc,
  DwarfRanges,
  DwarfLines,
  Pcsp,
  Pcfile,
  Pcline,
  Pcinline,
  Pcdata
  // 12 and up differ by version: LinkerTables::AuxNames.
};

/// A row of Aux (9 bytes).
class ObjectAux {
public:
  static constexpr unsigned Size = 9;
  explicit ObjectAux(const char *Row) : Row(Row) {}
  uint8_t type() const { return uint8_t(Row[0]); }
  bool is(AuxKind K) const { return type() == uint8_t(K); }
  SymRef symbol() const {
    return {llvm::support::endian::read32le(Row + 1),
            llvm::support::endian::read32le(Row + 5)};
  }

private:
  const char *Row;
};

/// Rows of one kind, by value: for (ObjectReloc R : Object.relocs(I)).
template <typename Row> class RowRange {
public:
  class iterator {
  public:
    explicit iterator(const char *At) : At(At) {}
    Row operator*() const { return Row(At); }
    iterator &operator++() {
      At += Row::Size;
      return *this;
    }
    bool operator!=(const iterator &O) const { return At != O.At; }

  private:
    const char *At;
  };
  RowRange(const char *First, uint32_t Count) : First(First), Count(Count) {}
  iterator begin() const { return iterator(First); }
  iterator end() const { return iterator(First + size_t(Count) * Row::Size); }
  uint32_t size() const { return Count; }
  Row operator[](uint32_t I) const {
    return Row(First + size_t(I) * Row::Size);
  }

private:
  const char *First;
  uint32_t Count;
};

/// FuncInfo (src/cmd/internal/goobj/funcinfo.go, Go 1.20 to 1.27), in place.
struct ObjectFuncInfo {
  static constexpr unsigned NodeSize = 24;
  uint32_t Args = 0, Locals = 0;
  uint8_t FuncId = 0, Flag = 0;
  int32_t StartLine = 0;
  uint32_t NumFiles = 0, NumInlined = 0;
  llvm::StringRef Files, Inlined; ///< u32 each; NodeSize each
  uint32_t file(uint32_t I) const {
    return llvm::support::endian::read32le(Files.data() + 4 * size_t(I));
  }
  /// The I-th inlined call.
  struct Node {
    int32_t Parent;
    uint32_t File;
    int32_t Line;
    SymRef Func;
    int32_t ParentPc;
  };
  Node inlined(uint32_t I) const;

  /// nullopt-like: false when Bytes are too short for what they announce.
  static bool parse(llvm::StringRef Bytes, ObjectFuncInfo &Out);
};

class GoObject {
public:
  enum Block : unsigned {
    Autolib,
    PkgIdx,
    File,
    Symdef,
    Hashed64def,
    Hasheddef,
    Nonpkgdef,
    Nonpkgref,
    RefFlags,
    Hash64,
    Hash,
    RelocIdx,
    AuxIdx,
    DataIdx,
    Reloc,
    Aux,
    Data,
    RefName,
    End,
    NumBlocks
  };
  enum Flags : uint32_t {
    Shared = 1,
    FromAssembly = 4,
    Unlinkable = 8,
    Std = 16
  };
  static constexpr unsigned HashSize = 16;

  /// Bytes begin with the magic. An Error gives the offset in the object,
  /// expected and found.
  static llvm::Expected<GoObject> parse(llvm::StringRef Bytes);

  uint32_t flags() const { return ObjectFlags; }
  uint64_t fingerprint() const {
    return llvm::support::endian::read64le(B.data() + 8);
  }
  llvm::StringRef block(Block K) const {
    return B.slice(Offsets[K], Offsets[K + 1]);
  }

  uint32_t numAutolib() const { return count(Autolib, 16); }
  llvm::StringRef autolib(uint32_t I) const { return stringAt(Autolib, 16, I); }
  uint32_t numPackages() const { return count(PkgIdx, 8); }
  llvm::StringRef package(uint32_t I) const { return stringAt(PkgIdx, 8, I); }
  uint32_t numFiles() const { return count(File, 8); }
  llvm::StringRef file(uint32_t I) const { return stringAt(File, 8, I); }

  /// Symbols are counted through all five blocks: definitions first.
  uint32_t numSymdef() const { return NumSymdef; }
  uint32_t numHashed64() const { return NumHashed64; }
  uint32_t numHashed() const { return NumHashed; }
  uint32_t numNonpkgdef() const { return NumNonpkgdef; }
  uint32_t numNonpkgref() const { return NumNonpkgref; }
  uint32_t numDefs() const { return NumDefs; }
  uint32_t numSymbols() const { return NumDefs + NumNonpkgref; }
  ObjectSymbol symbol(uint32_t I) const {
    return ObjectSymbol(B.data() + Offsets[Symdef] +
                        size_t(I) * ObjectSymbol::Size);
  }
  /// "" also when the reference lies outside of the object.
  llvm::StringRef name(ObjectSymbol S) const {
    return stringOf(S.nameOffset(), S.nameSize());
  }
  llvm::StringRef name(uint32_t I) const { return name(symbol(I)); }

  /// I counts from the first symbol of the block.
  uint64_t hash64(uint32_t I) const {
    return llvm::support::endian::read64le(B.data() + Offsets[Hash64] +
                                           size_t(I) * 8);
  }
  llvm::StringRef hash(uint32_t I) const {
    return B.substr(Offsets[Hash] + size_t(I) * HashSize, HashSize);
  }

  /// Of definition I (below numDefs()).
  RowRange<ObjectReloc> relocs(uint32_t I) const {
    uint32_t First = index(RelocIdx, I);
    return {B.data() + Offsets[Reloc] + size_t(First) * ObjectReloc::Size,
            index(RelocIdx, I + 1) - First};
  }
  RowRange<ObjectAux> auxs(uint32_t I) const {
    uint32_t First = index(AuxIdx, I);
    return {B.data() + Offsets[Aux] + size_t(First) * ObjectAux::Size,
            index(AuxIdx, I + 1) - First};
  }
  /// May be shorter than the symbol: the rest is zero.
  llvm::StringRef data(uint32_t I) const {
    uint32_t First = index(DataIdx, I);
    return B.substr(Offsets[Data] + First, index(DataIdx, I + 1) - First);
  }

  /// Flags that this object has about symbols of other packages.
  struct RefFlag {
    SymRef Symbol;
    uint8_t Flag, Flag2;
  };
  uint32_t numRefFlags() const { return count(RefFlags, 10); }
  RefFlag refFlag(uint32_t I) const;

  /// Names of symbols of other packages, for tools only.
  struct RefNameRow {
    SymRef Symbol;
    llvm::StringRef Name;
  };
  uint32_t numRefNames() const { return count(RefName, 16); }
  RefNameRow refName(uint32_t I) const;

  /// The definition or reference of this object that R means, as a number for
  /// symbol(); nullopt-like -1 for other packages, builtins and nil.
  int64_t localIndex(SymRef R) const;

private:
  llvm::StringRef B;
  uint32_t ObjectFlags = 0;
  std::array<uint32_t, NumBlocks> Offsets = {};
  uint32_t NumSymdef = 0, NumHashed64 = 0, NumHashed = 0, NumNonpkgdef = 0,
           NumNonpkgref = 0, NumDefs = 0;

  uint32_t count(Block K, unsigned RowSize) const {
    return (Offsets[K + 1] - Offsets[K]) / RowSize;
  }
  uint32_t index(Block K, uint32_t I) const {
    return llvm::support::endian::read32le(B.data() + Offsets[K] +
                                           size_t(I) * 4);
  }
  llvm::StringRef stringOf(uint32_t Offset, uint32_t Size) const {
    return Offset <= B.size() && Size <= B.size() - Offset
               ? B.substr(Offset, Size)
               : llvm::StringRef();
  }
  llvm::StringRef stringAt(Block K, unsigned RowSize, uint32_t I) const {
    const char *Row = B.data() + Offsets[K] + size_t(I) * RowSize;
    return stringOf(llvm::support::endian::read32le(Row + 4),
                    llvm::support::endian::read32le(Row));
  }
  llvm::Error readHeader(), checkCounts(),
      checkIndex(Block K, Block Rows, unsigned RowSize);
};

} // namespace goslim

#endif // GOSLIM_GOOBJECT_GOOBJECT_H
