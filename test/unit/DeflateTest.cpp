//===- DeflateTest.cpp ----------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "../../lib/Attribution/Deflate.h"
#include <gtest/gtest.h>
#include <zlib.h>

using namespace goslim;

namespace {

std::string text(size_t Size) {
  std::string Out;
  uint32_t Seed = 1;
  while (Out.size() < Size) {
    Seed = Seed * 1664525 + 1013904223;
    Out += "word" + std::to_string(Seed >> 22) + (Seed & 64 ? "\n" : " ");
  }
  Out.resize(Size);
  return Out;
}

std::string compressed(const std::string &Text, int Level, int Strategy) {
  z_stream Z = {};
  EXPECT_EQ(deflateInit2(&Z, Level, Z_DEFLATED, 15, 8, Strategy), Z_OK);
  std::string Out(deflateBound(&Z, Text.size()), '\0');
  Z.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(Text.data()));
  Z.avail_in = uInt(Text.size());
  Z.next_out = reinterpret_cast<Bytef *>(Out.data());
  Z.avail_out = uInt(Out.size());
  EXPECT_EQ(deflate(&Z, Z_FINISH), Z_STREAM_END);
  Out.resize(Z.total_out);
  deflateEnd(&Z);
  return Out;
}

/// How many bytes zlib gets out of the first Size bytes of a stream.
uint64_t bytesFrom(const std::string &Stream, uint64_t Size) {
  z_stream Z = {};
  EXPECT_EQ(inflateInit(&Z), Z_OK);
  std::string Out(1 << 20, '\0');
  Z.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(Stream.data()));
  Z.avail_in = uInt(Size);
  Z.next_out = reinterpret_cast<Bytef *>(Out.data());
  Z.avail_out = uInt(Out.size());
  inflate(&Z, Z_SYNC_FLUSH);
  uint64_t Got = Z.total_out;
  inflateEnd(&Z);
  return Got;
}

void check(const std::string &Text, int Level, int Strategy) {
  std::string Stream = compressed(Text, Level, Strategy);
  std::vector<uint64_t> Offsets;
  for (uint64_t I = 0; I <= Text.size(); I += 977)
    Offsets.push_back(I);
  Offsets.push_back(Text.size());
  auto Bits = deflatePositions(Stream, Offsets);
  ASSERT_TRUE(Bits);
  ASSERT_EQ(Bits->size(), Offsets.size());
  for (size_t I = 0; I + 1 < Offsets.size(); ++I) {
    // zlib has all bytes before the place, and has this one when it has seen
    // the longest code that may begin there (48 bits).
    EXPECT_LE(bytesFrom(Stream, (*Bits)[I] / 8), Offsets[I] + 258);
    EXPECT_GE(bytesFrom(Stream, (*Bits)[I] / 8 + 7), Offsets[I]);
  }
  EXPECT_LE(Bits->back(), Stream.size() * 8);
  EXPECT_GE(Bits->back(), (Stream.size() - 5) * 8 - 16);
}

} // namespace

TEST(Deflate, PlacesAreWhereZlibSeesThem) {
  check(text(100000), 6, Z_DEFAULT_STRATEGY); // dynamic codes
  check(text(100000), 9, Z_DEFAULT_STRATEGY);
  check(text(50000), 6, Z_FIXED);
  check(text(50000), 0, Z_DEFAULT_STRATEGY); // stored
  check(text(50000), 6, Z_HUFFMAN_ONLY);
}

TEST(Deflate, AStoredByteIsAByte) {
  std::string Stream = compressed("hello", 0, Z_DEFAULT_STRATEGY);
  auto Bits = deflatePositions(Stream, {0, 1, 4, 5});
  ASSERT_TRUE(Bits);
  EXPECT_EQ(*Bits, (std::vector<uint64_t>{56, 64, 88, 96}));
}

TEST(Deflate, DamagedStreamsHaveNoPlaces) {
  std::string Stream = compressed(text(5000), 6, Z_DEFAULT_STRATEGY);
  EXPECT_FALSE(deflatePositions(Stream.substr(0, 40), {4999}));
  EXPECT_FALSE(deflatePositions("", {0}));
  EXPECT_FALSE(deflatePositions(Stream, {6000})); // behind the end
  Stream[2] = 7;                                  // a block of no kind
  EXPECT_FALSE(deflatePositions(Stream, {1}));
}
