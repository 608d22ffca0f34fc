//===- LinkMapTest.cpp ----------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Record/LinkMap.h"
#include <gtest/gtest.h>

using namespace goslim;

// What each linker printed for one program, cut to the lines that differ.

static constexpr std::string_view Gnu = R"(Archive member included

Discarded input sections

 .text          0x0000000000000000       0x99 /tmp/go-link-1/000009.o

Linker script and memory map

LOAD /tmp/go-link-1/go.o
                0x0000000000400000                . = 0x400000

.plt            0x0000000000401000       0x20
 .plt           0x0000000000401000       0x20 /usr/lib/crt1.o

.text           0x0000000000401020      0x100
 *(.text.unlikely)
 .text          0x0000000000401020       0x20 /tmp/go-link-1/go.o
                0x0000000000401020                main.main
 *fill*         0x0000000000401040       0x10
 .text          0x0000000000401050        0x8 /tmp/go-link-1/000003.o
 .text.startup.a_long_name
                0x0000000000401058        0x8 /tmp/go-link-1/000003.o
                0x0000000000401058                f
 .text          0x0000000000401060       0x10 /usr/lib/libc.a(malloc.o)
 .text          0x0000000000401070        0x0 /usr/lib/empty.o

.debug_info     0x0000000000000000      0x900
 .debug_info    0x0000000000000000      0x800 /tmp/go-link-1/go.o
 .debug_info    0x0000000000000800      0x100 /tmp/go-link-1/000003.o
                                        0x120 (size before relaxing)
OUTPUT(a.out elf64-x86-64)
)";

static constexpr std::string_view Gold = R"(
Memory map

** file header  0x0000000000400000       0x40
.rodata         0x0000000000402000      0x100
 ** merge strings
                0x0000000000402000       0x30
 .rodata        0x0000000000402030       0x10 /tmp/go-link-1/000003.o
)";

static constexpr std::string_view Lld =
    R"(             VMA              LMA     Size Align Out     In      Symbol
          2002e0           2002e0       1c     1 .interp
          2002e0           2002e0       1c     1         <internal>:(.interp)
          401020           401020      100    16 .text
          401020           401020       20    16         /tmp/go-link-1/go.o:(.text)
          401020           401020       20     1                 main.main
          401050           401050       1a    16         /tmp/go-link-1/000003.o:(.text)
          402000           402000       30     1 .rodata
          402000           402000       30     1         <internal>:(.rodata.str1.1)
)";

static constexpr std::string_view Mold =
    R"(               VMA       Size Align Out     In      Symbol
          0x401020        256    16 .text
          0x401020         32    16         /tmp/go-link-1/go.o:(.text)
          0x401050         26    16         /usr/lib/libm.a(sin.o):(.text)
)";

TEST(LinkMap, ReadsGnuLd) {
  EXPECT_EQ(print(parseLinkMap(Gnu)), "object\t\"$WORK/000003.o\"\n"
                                      "object\t\"/usr/lib/libc.a(malloc.o)\"\n"
                                      "section\t401020\t100\t\".text\"\n"
                                      "piece\t401050\t10\t0\n"
                                      "piece\t401060\t10\t1\n"
                                      "section\t0\t900\t\".debug_info\"\n"
                                      "piece\t800\t100\t0\n");
}

TEST(LinkMap, ReadsGoldLldAndMold) {
  EXPECT_EQ(print(parseLinkMap(Gold)), "object\t\"(merged constants)\"\n"
                                       "object\t\"/tmp/go-link-1/000003.o\"\n"
                                       "section\t402000\t100\t\".rodata\"\n"
                                       "piece\t402000\t30\t0\n"
                                       "piece\t402030\t10\t1\n");
  EXPECT_EQ(print(parseLinkMap(Lld)), "object\t\"$WORK/000003.o\"\n"
                                      "object\t\"(merged constants)\"\n"
                                      "section\t401020\t100\t\".text\"\n"
                                      "piece\t401050\t1a\t0\n"
                                      "section\t402000\t30\t\".rodata\"\n"
                                      "piece\t402000\t30\t1\n");
  EXPECT_EQ(print(parseLinkMap(Mold)), "object\t\"/usr/lib/libm.a(sin.o)\"\n"
                                       "section\t401020\t100\t\".text\"\n"
                                       "piece\t401050\t1a\t0\n");
}

TEST(LinkMap, LeavesOutWhatIsNoMap) {
  for (std::string_view Text :
       {"", "x", "memory map", "VMA\nzz 1 2 .text", "memory map\n.text 0x1\n"})
    EXPECT_EQ(print(parseLinkMap(Text)), "") << Text;
}

namespace {

/// The line that asks for a map, or "".
std::string asked(std::vector<std::string> Words,
                  std::string_view Config = "packagefile runtime/cgo=x\n",
                  std::string_view Goos = "linux",
                  std::string_view File = "/c/m") {
  std::optional<Invocation> Call =
      askForLinkMap(parseInvocation(ToolKind::Link, Words), Config, Goos, File);
  std::string Out;
  if (Call)
    for (const std::string &Word : print(*Call))
      Out += Word + "|";
  return Out;
}

} // namespace

TEST(LinkMap, IsAskedForWhereItIsKnown) {
  EXPECT_EQ(asked({"-o", "a", "-extld=gcc", "main.a"}),
            "-extldflags=-Wl,-Map=/c/m|-o|a|-extld=gcc|main.a|");
  EXPECT_EQ(asked({"-extldflags", "-static", "-extld=/usr/bin/clang-22", "m"}),
            "-extldflags=-static -Wl,-Map=/c/m|-extld=/usr/bin/clang-22|m|");
  EXPECT_NE(asked({"-extld=x86_64-linux-gnu-g++", "m"}), "");
  EXPECT_EQ(asked({"-extld=zig", "m"}), "");
  EXPECT_EQ(asked({"-extld=zig-cc", "m"}), "");
  EXPECT_EQ(asked({"m"}), "");
  EXPECT_EQ(asked({"-extld=gcc", "-linkmode=internal", "m"}), "");
  EXPECT_EQ(asked({"-extld=gcc", "-extldflags=-Wl,-Map,x", "m"}), "");
  EXPECT_EQ(asked({"-extld=gcc", "-extldflags='", "m"}), "");
  EXPECT_EQ(asked({"-extld=gcc", "m"}, "packagefile fmt=x\n"), "");
  EXPECT_EQ(
      asked({"-extld=gcc", "m"}, "packagefile runtime/cgo=x\n", "windows"), "");
  EXPECT_EQ(asked({"-extld=gcc", "m"}, "packagefile runtime/cgo=x\n", "linux",
                  "/a b/m"),
            "");
}
