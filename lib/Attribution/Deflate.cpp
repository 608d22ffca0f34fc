//===- Deflate.cpp - where in a zlib stream a byte is ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Deflate is sequential, so what a range of bytes costs is a range of bits. The
// codes are decoded for their lengths only: no byte is ever put together.
//===----------------------------------------------------------------------===//
#include "Deflate.h"
#include <array>

using namespace goslim;

namespace {

constexpr unsigned MaxBits = 15, FastBits = 10, NumLengths = 288,
                   NumDistances = 30;

/// A canonical Huffman code.
class Code {
public:
  /// False when the lengths are no code.
  bool build(llvm::ArrayRef<uint8_t> Lengths);

  std::array<uint16_t, size_t(1) << FastBits> Fast = {}; ///< symbol<<4 | length
  std::array<uint16_t, MaxBits + 1> Count = {};
  std::array<uint16_t, NumLengths> Symbols = {};
};

class Decoder {
public:
  Decoder(llvm::StringRef In, llvm::ArrayRef<uint64_t> Offsets)
      : In(In), Offsets(Offsets) {}
  std::optional<std::vector<uint64_t>> run();

private:
  llvm::StringRef In;
  llvm::ArrayRef<uint64_t> Offsets;
  uint64_t Bit = 16; ///< behind the zlib header
  uint64_t Out = 0;  ///< bytes so far
  std::vector<uint64_t> Positions;
  Code Lengths, Distances;

  uint64_t end() const { return uint64_t(In.size()) * 8; }
  bool isDone() const { return Positions.size() == Offsets.size(); }
  uint32_t peek(unsigned Bits) const;
  /// -1: no such code, or the end.
  int decode(const Code &C);
  bool take(unsigned Bits, uint32_t &Value);
  /// Bytes that the bits from Begin to here stand for.
  void emit(uint64_t Begin, uint64_t Bytes);
  bool storedBlock(), codedBlock(), readCodes();
  void fixedCodes();
};

} // namespace

bool Code::build(llvm::ArrayRef<uint8_t> Of) {
  Count.fill(0), Fast.fill(0);
  for (uint8_t L : Of)
    ++Count[L];
  Count[0] = 0;
  int Left = 1;
  std::array<uint16_t, MaxBits + 2> First = {}, Next = {};
  uint16_t CodeAt = 0;
  for (unsigned L = 1; L <= MaxBits; ++L) {
    Left = 2 * Left - Count[L];
    if (Left < 0)
      return false; // more codes than bits
    First[L + 1] = uint16_t(First[L] + Count[L]);
    CodeAt = uint16_t((CodeAt + Count[L - 1]) << 1);
    Next[L] = CodeAt;
  }
  std::array<uint16_t, MaxBits + 2> At = First;
  for (unsigned S = 0; S < Of.size(); ++S) {
    unsigned L = Of[S];
    if (!L)
      continue;
    Symbols[At[L]++] = uint16_t(S);
    uint16_t Canonical = Next[L]++;
    if (L > FastBits)
      continue;
    unsigned Reversed = 0;
    for (unsigned B = 0; B < L; ++B)
      Reversed |= ((Canonical >> B) & 1u) << (L - 1 - B);
    for (unsigned I = Reversed; I < Fast.size(); I += 1u << L)
      Fast[I] = uint16_t(S << 4 | L);
  }
  return true;
}

/// The next bits, zeros behind the end.
uint32_t Decoder::peek(unsigned Bits) const {
  uint64_t Byte = Bit / 8;
  uint64_t Word = 0;
  for (unsigned I = 0; I < 5 && Byte + I < In.size(); ++I)
    Word |= uint64_t(uint8_t(In[Byte + I])) << (8 * I);
  return uint32_t(Word >> (Bit % 8)) & ((1u << Bits) - 1);
}

bool Decoder::take(unsigned Bits, uint32_t &Value) {
  if (Bits > end() - Bit)
    return false;
  Value = peek(Bits);
  Bit += Bits;
  return true;
}

int Decoder::decode(const Code &C) {
  if (uint16_t Entry = C.Fast[peek(FastBits)]) {
    Bit += Entry & 15;
    return Bit <= end() ? Entry >> 4 : -1;
  }
  uint32_t Bits = peek(MaxBits);
  int Canonical = 0, First = 0, Index = 0;
  for (unsigned L = 1; L <= MaxBits; ++L) {
    Canonical |= int(Bits & 1);
    Bits >>= 1;
    int Count = C.Count[L];
    if (Canonical - Count < First) {
      Bit += L;
      return Bit <= end() ? C.Symbols[size_t(Index + (Canonical - First))] : -1;
    }
    Index += Count;
    First = (First + Count) << 1;
    Canonical <<= 1;
  }
  return -1;
}

void Decoder::emit(uint64_t Begin, uint64_t Bytes) {
  while (!isDone() && Offsets[Positions.size()] < Out + Bytes) {
    uint64_t Inside = Offsets[Positions.size()] - Out;
    Positions.push_back(Begin + (Bit - Begin) * Inside / Bytes);
  }
  Out += Bytes;
}

bool Decoder::storedBlock() {
  Bit = (Bit + 7) / 8 * 8;
  uint32_t Size, Inverse;
  if (!take(16, Size) || !take(16, Inverse) || Size != (~Inverse & 0xffff) ||
      uint64_t(Size) * 8 > end() - Bit)
    return false;
  uint64_t Begin = Bit;
  Bit += uint64_t(Size) * 8;
  if (Size)
    emit(Begin, Size);
  return true;
}

void Decoder::fixedCodes() {
  std::array<uint8_t, NumLengths> L;
  for (unsigned I = 0; I < NumLengths; ++I)
    L[I] = I < 144 ? 8 : I < 256 ? 9 : I < 280 ? 7 : 8;
  (void)Lengths.build(L);
  std::array<uint8_t, NumDistances> D;
  D.fill(5);
  (void)Distances.build(D);
}

bool Decoder::readCodes() {
  static constexpr uint8_t Order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                        11, 4,  12, 3, 13, 2, 14, 1, 15};
  uint32_t NumL, NumD, NumC;
  if (!take(5, NumL) || !take(5, NumD) || !take(4, NumC))
    return false;
  NumL += 257, NumD += 1, NumC += 4;
  if (NumL > 286 || NumD > NumDistances)
    return false;
  std::array<uint8_t, 320> L = {};
  for (uint32_t I = 0, V; I < NumC; ++I) {
    if (!take(3, V))
      return false;
    L[Order[I]] = uint8_t(V);
  }
  if (!Lengths.build(llvm::ArrayRef(L.data(), 19)))
    return false;
  L.fill(0);
  for (uint32_t I = 0; I < NumL + NumD;) {
    int S = decode(Lengths);
    if (S < 0)
      return false;
    if (S < 16) {
      L[I++] = uint8_t(S);
      continue;
    }
    uint32_t Extra = 0;
    if ((S == 16 && !I) || !take(S == 16 ? 2 : S == 17 ? 3 : 7, Extra))
      return false;
    uint8_t Value = S == 16 ? L[I - 1] : 0;
    uint32_t Repeat = Extra + (S == 18 ? 11 : 3);
    if (Repeat > NumL + NumD - I)
      return false;
    while (Repeat--)
      L[I++] = Value;
  }
  return Lengths.build(llvm::ArrayRef(L.data(), NumL)) &&
         Distances.build(llvm::ArrayRef(L.data() + NumL, NumD));
}

bool Decoder::codedBlock() {
  static constexpr uint16_t Base[29] = {
      3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
      31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  static constexpr uint8_t Extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
                                        1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
                                        4, 4, 4, 4, 5, 5, 5, 5, 0};
  while (!isDone()) {
    uint64_t Begin = Bit;
    int S = decode(Lengths);
    if (S < 0)
      return false;
    if (S == 256)
      return true;
    if (S < 256) {
      emit(Begin, 1);
      continue;
    }
    uint32_t More, Far;
    if (S - 257 >= 29 || !take(Extra[S - 257], More))
      return false;
    int D = decode(Distances);
    if (D < 0 || D >= int(NumDistances) ||
        !take(D < 4 ? 0 : unsigned(D / 2 - 1), Far))
      return false;
    emit(Begin, Base[S - 257] + More);
  }
  return true;
}

std::optional<std::vector<uint64_t>> Decoder::run() {
  uint32_t IsLast = 0, Kind;
  while (!isDone() && !IsLast) {
    if (!take(1, IsLast) || !take(2, Kind))
      return std::nullopt;
    if (Kind == 1)
      fixedCodes();
    bool IsRight = Kind == 0   ? storedBlock()
                   : Kind == 1 ? codedBlock()
                   : Kind == 2 ? readCodes() && codedBlock()
                               : false;
    if (!IsRight)
      return std::nullopt;
  }
  // The end of the bytes is a place, too.
  while (!isDone() && Offsets[Positions.size()] == Out)
    Positions.push_back(Bit);
  return isDone() ? std::optional(std::move(Positions)) : std::nullopt;
}

std::optional<std::vector<uint64_t>>
goslim::deflatePositions(llvm::StringRef Zlib,
                         llvm::ArrayRef<uint64_t> Offsets) {
  if (Zlib.size() < 6)
    return std::nullopt;
  return Decoder(Zlib, Offsets).run();
}
