//===- Internal.h - the parts of readGoImage --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function per structure, run in this order: each may use what the ones
// before it put into the GoImage. None fails; what cannot be understood leaves
// its part absent and a line in Notes.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_GOIMAGE_INTERNAL_H
#define GOSLIM_LIB_GOIMAGE_INTERNAL_H

#include "goslim/GoImage/GoImage.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"

namespace goslim {

/// Longest name, path or type string that is believed.
constexpr uint64_t MaxNameLength = 1 << 16;

void readBuildInfo(const Image &File, GoImage &Go);
void readBuildIds(const Image &File, GoImage &Go);
/// Go.Pcln with Magic, MinLC, PtrSize and the ranges that the header gives.
void readPclntabHeader(const Image &File, GoImage &Go);
void readModuleData(const Image &File, GoImage &Go);
/// TextStart, Files, Functions, and the ranges that moduledata gives; drops
/// Go.Pcln when a row contradicts the header.
void readFunctions(const Image &File, GoImage &Go);
void readTypes(const Image &File, GoImage &Go);

/// A Note "WHAT at offset 0x..: WHY".
void addNote(GoImage &Go, const llvm::Twine &What, uint64_t Offset,
             const llvm::Twine &Why);
std::string hexOf(uint64_t Value);

/// Numbers in a stretch of the file that the caller has bounds-checked.
class Words {
public:
  Words(llvm::StringRef Bytes, bool IsLittle)
      : Bytes(Bytes),
        Order(IsLittle ? llvm::endianness::little : llvm::endianness::big) {}
  uint64_t size() const { return Bytes.size(); }
  bool has(uint64_t At, uint64_t Size) const {
    return Size <= Bytes.size() && At <= Bytes.size() - Size;
  }
  uint8_t u8(uint64_t At) const { return Bytes[At]; }
  uint16_t u16(uint64_t At) const {
    return llvm::support::endian::read<uint16_t>(Bytes.data() + At, Order);
  }
  uint32_t u32(uint64_t At) const {
    return llvm::support::endian::read<uint32_t>(Bytes.data() + At, Order);
  }
  uint64_t uintptr(uint64_t At, unsigned Size) const {
    return Size == 8
               ? llvm::support::endian::read<uint64_t>(Bytes.data() + At, Order)
               : u32(At);
  }
  llvm::StringRef Bytes;

private:
  llvm::endianness Order;
};

/// LEB128 as encoding/binary writes it; nullopt past the end of Bytes or
/// beyond 64 bits. At is moved behind it.
std::optional<uint64_t> readVarint(llvm::StringRef Bytes, uint64_t &At);

} // namespace goslim

#endif // GOSLIM_LIB_GOIMAGE_INTERNAL_H
