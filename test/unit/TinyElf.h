//===- TinyElf.h - the smallest ELF files, made in memory -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// File header, program headers, and one loaded stretch of bytes: no section
// headers, as after sstrip. Numbers are written in the wanted byte order.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_TEST_UNIT_TINYELF_H
#define GOSLIM_TEST_UNIT_TINYELF_H

#include "goslim/Image/Image.h"
#include <string>

namespace goslim {

class ByteWriter {
public:
  explicit ByteWriter(bool IsLittle = true) : IsLittle(IsLittle) {}
  std::string Bytes;

  ByteWriter &num(uint64_t Value, unsigned Size) {
    for (unsigned I = 0; I != Size; ++I)
      Bytes += char(Value >> 8 * (IsLittle ? I : Size - 1 - I));
    return *this;
  }
  ByteWriter &u32(uint64_t Value) { return num(Value, 4); }
  ByteWriter &text(llvm::StringRef Text) {
    Bytes += Text;
    return *this;
  }
  ByteWriter &padTo(uint64_t Offset) {
    Bytes.resize(std::max<size_t>(Bytes.size(), Offset));
    return *this;
  }
  void patch(uint64_t At, uint64_t Value, unsigned Size) {
    ByteWriter W(IsLittle);
    Bytes.replace(At, Size, W.num(Value, Size).Bytes);
  }

private:
  bool IsLittle;
};

struct TinyElf {
  bool Is64 = true, IsLittle = true;
  uint16_t Type = 2, Machine = 62;           ///< ET_EXEC, EM_X86_64
  static constexpr uint64_t Base = 0x400000; ///< address of file offset 0
  static constexpr uint64_t BodyAt = 0x100;  ///< where Body starts

  /// Header, one PT_LOAD (flags Flags) over the whole file, then Body.
  std::string make(llvm::StringRef Body, uint32_t Flags = 7) const {
    ByteWriter W(IsLittle);
    unsigned P = Is64 ? 8 : 4;
    W.text("\x7f"
           "ELF")
        .num(Is64 ? 2 : 1, 1)
        .num(IsLittle ? 1 : 2, 1)
        .num(1, 1)
        .padTo(16);
    W.num(Type, 2).num(Machine, 2).u32(1);
    W.num(Base, P).num(Is64 ? 64 : 52, P).num(0, P).u32(0);
    W.num(Is64 ? 64 : 52, 2).num(Is64 ? 56 : 32, 2).num(1, 2);
    W.num(Is64 ? 64 : 40, 2).num(0, 2).num(0, 2);
    uint64_t Size = BodyAt + Body.size();
    W.u32(1);
    if (Is64)
      W.u32(Flags).num(0, 8).num(Base, 8).num(Base, 8).num(Size, 8).num(Size,
                                                                        8);
    else
      W.u32(0).u32(Base).u32(Base).u32(Size).u32(Size).u32(Flags);
    W.num(0x1000, P);
    W.padTo(BodyAt).text(Body);
    return W.Bytes;
  }
};

inline llvm::Expected<std::unique_ptr<Image>> parseImage(std::string Bytes) {
  return Image::parse(
      llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(Bytes), "f"));
}

} // namespace goslim

#endif // GOSLIM_TEST_UNIT_TINYELF_H
