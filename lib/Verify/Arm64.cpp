//===- Arm64.cpp - what an instruction of arm64 refers to -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Arm64.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace goslim;
using llvm::StringRef;

static constexpr uint64_t Size = 4; ///< of an instruction

namespace {
enum class Form : uint8_t { Other, Branch, Adr, Adrp, Lower };
struct FormRow {
  uint32_t Mask, Value, Fixed; ///< Fixed: bits that are no address
  Form What;
};
} // namespace

static constexpr FormRow Forms[] = {
    {0x7c000000, 0x14000000, 0xfc000000, Form::Branch}, // b, bl
    {0x9f000000, 0x10000000, 0x9f00001f, Form::Adr},
    {0x9f000000, 0x90000000, 0x9f00001f, Form::Adrp},
    {0x7f800000, 0x11000000, 0xffc003ff, Form::Lower},  // add immediate
    {0x3b000000, 0x39000000, 0xffc003ff, Form::Lower}}; // load, store + offset

static const FormRow *formOf(uint32_t Word) {
  for (const FormRow &Row : Forms)
    if ((Word & Row.Mask) == Row.Value)
      return &Row;
  return nullptr;
}

static bool is(uint32_t Word, Form What) {
  const FormRow *Row = formOf(Word);
  return Row && Row->What == What;
}

uint32_t goslim::withoutAddress(uint32_t Word) {
  const FormRow *Row = formOf(Word);
  return Row ? Word & Row->Fixed : Word;
}

static uint32_t wordAt(StringRef Code, uint64_t At) {
  return llvm::support::endian::read32le(Code.data() + At);
}

/// immhi:immlo of adr and adrp.
static int64_t immediateOf(uint32_t Word) {
  return llvm::SignExtend64<21>((Word >> 5 & 0x7ffff) << 2 | (Word >> 29 & 3));
}

static uint64_t pageOf(uint32_t Adrp, uint64_t Address) {
  return (Address & ~uint64_t(0xfff)) + (uint64_t(immediateOf(Adrp)) << 12);
}

/// What an add, load or store adds to its base.
static uint64_t lowerOf(uint32_t Word) {
  uint64_t Immediate = Word >> 10 & 0xfff;
  if ((Word & 0x7f800000) == 0x11000000)
    return Immediate;
  bool IsQuad = (Word & 0xc4800000) == 0x04800000; // 16 bytes of a vector
  return Immediate << (IsQuad ? 4 : Word >> 30);
}

static uint32_t baseOf(uint32_t Lower) { return Lower >> 5 & 31; }
static uint32_t targetOf(uint32_t Word) { return Word & 31; }

/// Loads and adds make their target anew, stores do not.
static bool changes(uint32_t Word, uint32_t Register) {
  bool IsStore = (Word & 0x3b000000) == 0x39000000 && !(Word & 0x00c00000);
  return is(Word, Form::Lower) && !IsStore && targetOf(Word) == Register;
}

std::optional<uint64_t> goslim::arm64Reference(StringRef Code, uint64_t At,
                                               uint64_t Address) {
  constexpr uint64_t Far = 64 * Size; ///< between both halves
  if (At + Size > Code.size())
    return std::nullopt;
  uint32_t Word = wordAt(Code, At);
  uint64_t Here = Address + At;
  const FormRow *Row = formOf(Word);
  switch (Row ? Row->What : Form::Other) {
  case Form::Branch:
    return Here + uint64_t(llvm::SignExtend64<28>((Word & 0x3ffffff) << 2));
  case Form::Adr:
    return Here + uint64_t(immediateOf(Word));
  case Form::Adrp:
    for (uint64_t Next = At + Size;
         Next + Size <= Code.size() && Next - At <= Far; Next += Size) {
      uint32_t Other = wordAt(Code, Next);
      if (is(Other, Form::Lower) && baseOf(Other) == targetOf(Word))
        return pageOf(Word, Here) + lowerOf(Other);
      if (is(Other, Form::Adrp) && targetOf(Other) == targetOf(Word))
        return std::nullopt;
    }
    return std::nullopt;
  case Form::Lower:
    for (uint64_t Before = At; Before >= Size && At - Before < Far;) {
      Before -= Size;
      uint32_t Other = wordAt(Code, Before);
      if (is(Other, Form::Adrp) && targetOf(Other) == baseOf(Word))
        return pageOf(Other, Address + Before) + lowerOf(Word);
      if (changes(Other, baseOf(Word)))
        return std::nullopt;
    }
    return std::nullopt;
  case Form::Other:
    return std::nullopt;
  }
  return std::nullopt;
}
