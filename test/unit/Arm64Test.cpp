//===- Arm64Test.cpp - what an instruction of arm64 refers to -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The words are what `llvm-mc -triple=aarch64 --show-encoding` makes of the
// text beside them.
#include "../../lib/Verify/Arm64.h"
#include <gtest/gtest.h>
#include <vector>

using namespace goslim;

static constexpr uint32_t Nop = 0xd503201f;

/// The reference of the instruction at Index, code at 0x400ff8.
static std::optional<uint64_t> reference(std::vector<uint32_t> Words,
                                         size_t Index) {
  std::string Code(reinterpret_cast<const char *>(Words.data()),
                   Words.size() * 4);
  return arm64Reference(Code, Index * 4, 0x400ff8);
}

TEST(Arm64, branches) {
  EXPECT_EQ(reference({0x94000004}, 0), 0x400ff8u + 16);     // bl #16
  EXPECT_EQ(reference({Nop, 0x17fffffe}, 1), 0x400ffcu - 8); // b #-8
  EXPECT_EQ(reference({0x10000081}, 0), 0x400ff8u + 16);     // adr x1, #16
  EXPECT_EQ(reference({0x30ffffe1}, 0), 0x400ff8u - 3);      // adr x1, #-3
}

TEST(Arm64, halves) {
  constexpr uint32_t Adrp = 0xb0000001; // adrp x1, #4096
  constexpr uint32_t Add = 0x9100c021;  // add x1, x1, #48
  constexpr uint32_t Ldr = 0xf9401022;  // ldr x2, [x1, #32]
  constexpr uint32_t Ldrb = 0x39401022; // ldrb w2, [x1, #4]
  constexpr uint32_t LdrQ = 0x3dc00820; // ldr q0, [x1, #32]
  constexpr uint32_t Str = 0xf9001021;  // str x1, [x1, #32]
  for (auto [Lower, Offset] :
       {std::pair(Add, 48), {Ldr, 32}, {Ldrb, 4}, {LdrQ, 32}, {Str, 32}}) {
    EXPECT_EQ(reference({Adrp, Lower}, 0), 0x401000u + unsigned(Offset));
    EXPECT_EQ(reference({Adrp, Lower}, 1), 0x401000u + unsigned(Offset));
    EXPECT_EQ(reference({Adrp, Nop, Nop, Lower}, 3),
              0x401000u + unsigned(Offset));
  }
  // A store leaves the base as it is, an add does not.
  EXPECT_EQ(reference({Adrp, Str, Ldr}, 2), 0x401020u);
  EXPECT_EQ(reference({Adrp, Add, Ldr}, 2), std::nullopt);
}

TEST(Arm64, noSecondHalf) {
  constexpr uint32_t Adrp = 0xb0000001, Other = 0xb0000002; // adrp x2, #4096
  constexpr uint32_t Ldr = 0xf9401022;                      // of x1
  EXPECT_EQ(reference({Adrp}, 0), std::nullopt);
  EXPECT_EQ(reference({Adrp, Adrp, Ldr}, 0), std::nullopt);
  EXPECT_EQ(reference({Other, Ldr}, 1), std::nullopt);
  EXPECT_EQ(reference({Nop}, 0), std::nullopt);
  std::vector<uint32_t> Far(70, Nop);
  Far.front() = Adrp, Far.back() = Ldr;
  EXPECT_EQ(reference(Far, 0), std::nullopt);
  EXPECT_EQ(reference(Far, 69), std::nullopt);
}

TEST(Arm64, withoutAddress) {
  EXPECT_EQ(withoutAddress(0x94000004), 0x94000000u);
  EXPECT_EQ(withoutAddress(0xb0000001), withoutAddress(0x90000001));
  EXPECT_NE(withoutAddress(0xb0000001), withoutAddress(0xb0000002));
  EXPECT_EQ(withoutAddress(Nop), Nop);
}
