//===- ImageTest.cpp - reading by offset and by address -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TinyElf.h"
#include "llvm/Support/Compression.h"
#include <gtest/gtest.h>

using namespace goslim;
using llvm::StringRef;

namespace {

std::string messageOf(llvm::Expected<std::unique_ptr<Image>> File) {
  return File ? "" : llvm::toString(File.takeError());
}

struct Layout {
  bool Is64, IsLittle;
};
class EveryLayout : public testing::TestWithParam<Layout> {};

TEST_P(EveryLayout, TranslatesAddressesThroughSegments) {
  TinyElf Elf{GetParam().Is64, GetParam().IsLittle};
  auto File = llvm::cantFail(parseImage(Elf.make("hello")));
  EXPECT_EQ(File->bits(), Elf.Is64 ? 64u : 32u);
  EXPECT_EQ(File->isLittleEndian(), Elf.IsLittle);
  EXPECT_EQ(File->bytesAt(Elf.Base + Elf.BodyAt, 5), StringRef("hello"));
  EXPECT_EQ(File->offsetOf(Elf.Base + Elf.BodyAt), Elf.BodyAt);
  EXPECT_EQ(File->addressOf(Elf.BodyAt), Elf.Base + Elf.BodyAt);
  // One byte too many, one address too low, and sums that would wrap.
  EXPECT_FALSE(File->bytesAt(Elf.Base + Elf.BodyAt, 6));
  EXPECT_FALSE(File->bytesAt(Elf.Base - 1, 1));
  EXPECT_FALSE(File->bytesAt(Elf.Base + 1, ~0ull));
  EXPECT_FALSE(File->addressOf(File->size()));
}

TEST_P(EveryLayout, ReadsNumbersInTheFilesOrder) {
  TinyElf Elf{GetParam().Is64, GetParam().IsLittle};
  std::string Body = ByteWriter(Elf.IsLittle).num(0x0102030405060708, 8).Bytes;
  auto File = llvm::cantFail(parseImage(Elf.make(Body)));
  EXPECT_EQ(File->readUint(Elf.BodyAt, 8), 0x0102030405060708u);
  EXPECT_EQ(File->readUint(Elf.BodyAt, 2), Elf.IsLittle ? 0x0708u : 0x0102u);
  EXPECT_FALSE(File->readUint(File->size() - 1, 2));
  EXPECT_FALSE(File->readUint(~0ull, 1));
  EXPECT_FALSE(File->readUint(0, 3));
}

INSTANTIATE_TEST_SUITE_P(Image, EveryLayout,
                         testing::Values(Layout{true, true},
                                         Layout{true, false},
                                         Layout{false, true},
                                         Layout{false, false}));

TEST(Image, AFileWithoutSectionHeadersIsAState) {
  auto File = llvm::cantFail(parseImage(TinyElf().make("x")));
  EXPECT_TRUE(File->sections().empty());
  EXPECT_EQ(File->section(".text"), nullptr);
  EXPECT_TRUE(llvm::cantFail(File->symbols()).empty());
}

TEST(Image, SaysWhatAFileIsThatIsNotElf) {
  auto Says = [](StringRef Bytes) {
    return messageOf(parseImage(Bytes.str()));
  };
  StringRef Prefix = "f: file header at offset 0x0: expected ELF, found ";
  EXPECT_EQ(Says(""), Prefix.str() + "an empty file");
  EXPECT_EQ(Says("#!/bin/sh\n"), Prefix.str() + "a script");
  EXPECT_EQ(Says("hello\n"), Prefix.str() + "text");
  EXPECT_EQ(Says(StringRef("\0\1\2\3", 4)), Prefix.str() + "unknown bytes");
  EXPECT_EQ(Says("!<arch>\n"),
            Prefix.str() + "an ar archive (not supported yet)");
  EXPECT_EQ(Says(StringRef("\0asm\1\0\0\0", 8)),
            Prefix.str() + "Wasm (not supported yet)");
  EXPECT_EQ(Says(StringRef("\xcf\xfa\xed\xfe\7\0\0\1\3\0\0\0\2\0\0\0\0\0\0\0\0"
                           "\0\0\0\0\0\0\0\0\0\0\0",
                           32)),
            Prefix.str() + "Mach-O (not supported yet)");
}

TEST(Image, EveryTruncationIsAnError) {
  std::string Whole = TinyElf().make("body");
  for (size_t Size = 0; Size != Whole.size(); ++Size)
    EXPECT_NE(messageOf(parseImage(Whole.substr(0, Size))), "") << Size;
}

TEST(Image, FindsRelocatedPointers) {
  // A dynamic table with DT_RELA of one row: the word at Base+BodyAt becomes
  // 0x1234, though the file has a zero there.
  constexpr uint64_t RelaAt = TinyElf::BodyAt + 8, DynAt = RelaAt + 24;
  ByteWriter W;
  W.num(0, 8);
  W.num(TinyElf::Base + TinyElf::BodyAt, 8).num(8, 8).num(0x1234, 8);
  W.num(7, 8).num(TinyElf::Base + RelaAt, 8); // DT_RELA
  W.num(8, 8).num(24, 8);                     // DT_RELASZ
  W.num(0, 8).num(0, 8);
  TinyElf Elf;
  Elf.Type = 3; // ET_DYN
  std::string Bytes = Elf.make(W.Bytes);
  // A second program header behind the first: PT_DYNAMIC.
  ByteWriter Phdr;
  Phdr.u32(2).u32(6).num(DynAt, 8).num(TinyElf::Base + DynAt, 8).num(0, 8);
  Phdr.num(48, 8).num(48, 8).num(8, 8);
  Bytes.replace(64 + 56, Phdr.Bytes.size(), Phdr.Bytes);
  Bytes[56] = 2; // e_phnum
  auto File = llvm::cantFail(parseImage(Bytes));
  EXPECT_EQ(File->relativeRelocations().size(), 1u);
  EXPECT_EQ(File->pointerAt(TinyElf::Base + TinyElf::BodyAt), 0x1234u);
  EXPECT_EQ(File->pointerAt(TinyElf::Base + RelaAt + 8), 8u);
  EXPECT_FALSE(File->pointerAt(TinyElf::Base - 8));
}

/// A file whose section 1 holds Body and is SHF_COMPRESSED.
std::string compressedFile(StringRef Body) {
  std::string Bytes = TinyElf().make(Body);
  ByteWriter W;
  W.Bytes = Bytes;
  W.patch(40, Bytes.size(), 8); // e_shoff
  W.patch(60, 2, 2);            // e_shnum; no names
  W.padTo(W.Bytes.size() + 64);
  W.u32(0).u32(1).num(0x800, 8).num(0, 8);
  W.num(TinyElf::BodyAt, 8).num(Body.size(), 8).num(0, 8).num(1, 8).num(0, 8);
  return W.Bytes;
}

std::string compressed(uint32_t Type, uint64_t Declared, StringRef Text) {
  llvm::SmallVector<uint8_t> Data;
  llvm::compression::zlib::compress(
      llvm::ArrayRef(Text.bytes_begin(), Text.size()), Data);
  ByteWriter W;
  W.u32(Type).u32(0).num(Declared, 8).num(1, 8);
  W.text(StringRef(reinterpret_cast<char *>(Data.data()), Data.size()));
  return W.Bytes;
}

std::string contentsOf(StringRef Body, uint64_t Limit) {
  auto File = llvm::cantFail(parseImage(compressedFile(Body)));
  auto Bytes = File->contents(File->sections()[1], Limit);
  if (!Bytes)
    return llvm::toString(Bytes.takeError());
  return std::string(Bytes->begin(), Bytes->end());
}

TEST(Image, Decompresses) {
  EXPECT_EQ(contentsOf(compressed(1, 5, "hello"), 100), "hello");
  EXPECT_EQ(contentsOf(compressed(1, 0, ""), 100), "");
}

TEST(Image, ADecompressionBombIsRefusedBeforeItIsAllocated) {
  std::string Zeros(100000, 0);
  // The limit is the caller's.
  EXPECT_EQ(
      contentsOf(compressed(1, 100000, Zeros), 4096),
      "f: section decompressed size at offset 0x108: expected at most 0x1000 "
      "bytes, found 0x186a0");
  // And no stream of 13 bytes holds an exabyte, whatever the limit.
  EXPECT_EQ(
      contentsOf(compressed(1, uint64_t(1) << 60, "hello"), ~0ull),
      "f: section decompressed size at offset 0x108: expected at most 0x3468 "
      "bytes, found 0x1000000000000000");
}

TEST(Image, CompressionHeadersThatLie) {
  EXPECT_EQ(contentsOf(compressed(7, 5, "hello"), 100),
            "f: section ch_type at offset 0x100: expected 1 (zlib) or 2 "
            "(zstd), found "
            "7");
  EXPECT_EQ(
      contentsOf(compressed(1, 9, "hello"), 100),
      "f: section decompressed size at offset 0x108: expected 0x5, found 0x9");
  EXPECT_EQ(contentsOf("short", 100),
            "f: section compression header at offset 0x100: "
            "expected 0x18 bytes, found 0x5");
  EXPECT_EQ(
      contentsOf(compressed(1, 5, "hello").substr(0, 28), 100),
      "f: section compressed data at offset 0x118: expected a valid stream, "
      "found zlib error: Z_DATA_ERROR");
}

} // namespace
