//===- GoImageTest.cpp - build info and pclntab, byte by byte -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Real programs are in test/GoImage. Here: both forms of build info, both
// layouts of pclntab in both byte orders and widths, and one lie each.
//===----------------------------------------------------------------------===//
#include "goslim/GoImage/GoImage.h"
#include "TinyElf.h"
#include <functional>
#include <gtest/gtest.h>

using namespace goslim;
using llvm::StringRef;

namespace {

GoImage imageOf(const TinyElf &Elf, StringRef Body) {
  // What is read points into its file, which lives as long as the program.
  static std::vector<std::unique_ptr<Image>> Files;
  Files.push_back(llvm::cantFail(parseImage(Elf.make(Body))));
  return readGoImage(*Files.back());
}

std::string notesOf(const GoImage &Go) {
  std::string Out;
  for (const std::string &Note : Go.Notes)
    Out += Note + "\n";
  return Out;
}

//===----------------------------------------------------------------------===//
// Build info: segments must be writable and not executable.
//===----------------------------------------------------------------------===//

const std::string ModText = "path\texample.com/app\nbuild\tGOARCH=amd64\n";

std::string inlineBuildInfo(StringRef Version, uint64_t ModLength) {
  ByteWriter W;
  W.text("\xff Go buildinf:").num(8, 1).num(2, 1).padTo(32);
  W.num(Version.size(), 1).text(Version).num(ModLength, 1);
  return W.text("0123456789abcdef")
      .text(ModText)
      .text("fedcba9876543210")
      .Bytes;
}

GoImage buildInfoOf(StringRef Body, TinyElf Elf = {}) {
  return readGoIdentity(*llvm::cantFail(parseImage(Elf.make(Body, 6))));
}

TEST(BuildInfo, InlineStrings) {
  GoImage Go = buildInfoOf(inlineBuildInfo("go1.26.8", ModText.size() + 32));
  ASSERT_TRUE(Go.BuildInfo) << notesOf(Go);
  EXPECT_EQ(Go.BuildInfo->Version, "go1.26.8");
  EXPECT_EQ(Go.BuildInfo->Info.Path, "example.com/app");
  EXPECT_EQ(Go.BuildInfo->Info.setting("GOARCH"), "amd64");
  EXPECT_EQ(Go.BuildInfo->Where.Offset, TinyElf::BodyAt);
  EXPECT_EQ(Go.minorVersion(), 26u);
}

TEST(BuildInfo, LengthsThatLeaveTheFile) {
  GoImage Go = buildInfoOf(inlineBuildInfo("go1.26.8", 0x7f));
  EXPECT_FALSE(Go.BuildInfo);
  EXPECT_EQ(notesOf(Go), "build info module info length at offset 0x129: "
                         "expected at most 0x48 bytes, found 0x7f\n");
  std::string Body = inlineBuildInfo("go1.26.8", 0);
  Body[32] = 0x7f;
  EXPECT_EQ(notesOf(buildInfoOf(Body)),
            "build info version length at offset 0x120: expected at most 0x51 "
            "bytes, found 0x7f\n");
  // A number that does not end.
  Body = inlineBuildInfo("", 0).substr(0, 32) + std::string(12, '\xff');
  EXPECT_EQ(notesOf(buildInfoOf(Body)),
            "build info version length at offset 0x120: expected at most 0x2 "
            "bytes, found no number\n");
}

TEST(BuildInfo, NoVersion) {
  EXPECT_EQ(notesOf(buildInfoOf(inlineBuildInfo("", 0))),
            "build info version length at offset 0x120: expected a version, "
            "found nothing\n");
}

TEST(BuildInfo, PointersInBothOrdersAndWidths) {
  for (bool Is64 : {false, true})
    for (bool IsLittle : {false, true}) {
      TinyElf Elf{Is64, IsLittle};
      unsigned P = Is64 ? 8 : 4;
      uint64_t Base = TinyElf::Base + TinyElf::BodyAt;
      ByteWriter W(IsLittle);
      W.text("\xff Go buildinf:").num(P, 1).num(IsLittle ? 0 : 1, 1);
      W.num(Base + 32, P).num(Base + 48, P).padTo(32);
      W.num(Base + 64, P).num(7, P).padTo(48);
      W.num(Base + 80, P).num(ModText.size() + 32, P).padTo(64);
      W.text("go1.17.").padTo(80);
      W.text("0123456789abcdef").text(ModText).text("fedcba9876543210");
      GoImage Go = buildInfoOf(W.Bytes, Elf);
      ASSERT_TRUE(Go.BuildInfo) << notesOf(Go);
      EXPECT_EQ(Go.BuildInfo->Version, "go1.17.");
      EXPECT_EQ(Go.BuildInfo->Info.Path, "example.com/app");
      EXPECT_EQ(Go.minorVersion(), 17u);
    }
}

TEST(BuildInfo, PointerSizeOfAnotherMachine) {
  ByteWriter W;
  W.text("\xff Go buildinf:").num(4, 1).num(0, 1).padTo(32);
  EXPECT_EQ(notesOf(buildInfoOf(W.Bytes)),
            "build info header at offset 0x100: expected pointers of 8 bytes "
            "in the file's byte order, found 4 (little)\n");
}

TEST(BuildInfo, MinorVersions) {
  auto Minor = [](const char *Version) {
    GoImage Go;
    Go.BuildInfo.emplace();
    Go.BuildInfo->Version = Version;
    return Go.minorVersion();
  };
  EXPECT_EQ(Minor("go1.26.8"), 26u);
  EXPECT_EQ(Minor("go1.27rc1"), 27u);
  EXPECT_EQ(Minor("devel go1.28-0123abc Thu"), 28u);
  EXPECT_EQ(Minor("go1.24.4 X:boringcrypto"), 24u);
  EXPECT_EQ(Minor("unknown"), 0u);
  EXPECT_EQ(Minor("go1.99999999999"), 0u);
  EXPECT_EQ(GoImage().minorVersion(), 0u);
}

//===----------------------------------------------------------------------===//
// pclntab with two functions; found by its magic, there are no sections.
//===----------------------------------------------------------------------===//

struct Table {
  TinyElf Elf;
  bool Is118 = true; ///< else the layout of Go 1.16
  unsigned P = 8;
  uint64_t Text = 0x401000, Names = 0, Cu = 0, Files = 0, Pcs = 0, Func = 0,
           First = 0, Second = 0; ///< offsets, filled by make()

  std::string make() {
    P = Elf.Is64 ? 8 : 4;
    ByteWriter W(Elf.IsLittle);
    uint64_t HeaderSize = 8 + (Is118 ? 8 : 7) * P;
    Names = HeaderSize;
    Cu = Names + 24;
    Files = Cu + 8;
    Pcs = Files + 16;
    Func = Pcs + 8;
    uint64_t RowSize = Is118 ? 8 : 2 * P;
    First = 2 * RowSize + (Is118 ? 8 : P);
    uint64_t FuncSize = Is118 ? 44 + 4 : P + 36 + 4;
    FuncSize = (FuncSize + P - 1) / P * P;
    Second = First + FuncSize;
    W.u32(Is118 ? 0xfffffff1 : 0xfffffffa).num(0, 2).num(1, 1).num(P, 1);
    W.num(2, P).num(1, P);
    if (Is118)
      W.num(Text, P);
    for (uint64_t At : {Names, Cu, Files, Pcs, Func})
      W.num(At, P);
    W.text(StringRef("main.main\0runtime.exit\0", 23)).padTo(Cu);
    W.u32(0).u32(8).padTo(Files);
    W.text(StringRef("/x/a.go\0b_x.s\0", 14)).padTo(Pcs);
    // At 1: value -1+1 = file 0; at 3: -1+2 = file 1.
    W.num(0, 1).num(2, 1).num(16, 1).num(4, 1).num(16, 1).padTo(Func);
    auto Entry = [&](uint64_t Offset) {
      return Is118 ? Offset : Text + Offset;
    };
    unsigned Width = Is118 ? 4 : P;
    W.num(Entry(0), Width).num(First, Width);
    W.num(Entry(0x40), Width).num(Second, Width);
    W.num(Entry(0x60), Width).padTo(Func + First);
    addFunc(W, Entry(0), 0, 1, 10);
    W.padTo(Func + Second);
    addFunc(W, Entry(0x40), 10, 3, 20);
    W.padTo(Func + Second + FuncSize);
    return W.Bytes;
  }

  void addFunc(ByteWriter &W, uint64_t Entry, unsigned Name, unsigned PcFile,
               unsigned Line) {
    W.num(Entry, Is118 ? 4 : P).u32(Name).u32(0).u32(0).u32(0).u32(PcFile);
    W.u32(0).u32(1).u32(0); // pcln, npcdata, cuOffset
    if (Is118)
      W.u32(Line);
    W.num(0, 3).num(0, 1); // nfuncdata
    W.u32(0);              // one pcdata
  }
};

/// Notes after Change was made to a table that is right otherwise.
std::string
notesAfter(std::function<void(const Table &, ByteWriter &)> Change) {
  Table T;
  ByteWriter W;
  W.Bytes = T.make();
  Change(T, W);
  GoImage Go = imageOf(T.Elf, W.Bytes);
  EXPECT_FALSE(Go.Pcln);
  // There is no moduledata in these files.
  std::string Notes = notesOf(Go);
  size_t Line = Notes.find("expected moduledata that points to it");
  if (Line != std::string::npos)
    Notes.erase(0, Notes.find('\n', Line) + 1);
  return Notes;
}

TEST(Pclntab, ReadsEveryLayout) {
  for (bool Is64 : {false, true})
    for (bool IsLittle : {false, true})
      for (bool Is118 : {false, true}) {
        Table T;
        T.Elf = {Is64, IsLittle};
        T.Is118 = Is118;
        GoImage Go = imageOf(T.Elf, T.make());
        ASSERT_TRUE(Go.Pcln) << notesOf(Go);
        const Pclntab &P = *Go.Pcln;
        ASSERT_EQ(P.Functions.size(), 2u);
        const GoFunction &F = P.Functions[0], &G = P.Functions[1];
        EXPECT_EQ(F.Name, "main.main");
        EXPECT_EQ(F.File, "/x/a.go");
        EXPECT_EQ(F.Entry, T.Text);
        EXPECT_EQ(F.Size, 0x40u);
        EXPECT_EQ(F.StartLine, Is118 ? 10 : 0);
        EXPECT_FALSE(F.isAssembly());
        EXPECT_EQ(G.Name, "runtime.exit");
        EXPECT_EQ(G.File, "b_x.s");
        EXPECT_TRUE(G.isAssembly());
        EXPECT_EQ(G.Entry, T.Text + 0x40);
        EXPECT_EQ(G.Size, 0x20u);
        EXPECT_EQ(F.Func.Offset, TinyElf::BodyAt + T.Func + T.First);
        EXPECT_EQ(F.Func.end(), G.Func.Offset);
        EXPECT_EQ(F.NameBytes.Size, 10u);
        EXPECT_EQ(P.Files.size(), 2u);
        EXPECT_EQ(P.Whole.end(), P.Funcs.end());
      }
}

TEST(Pclntab, HeaderThatLies) {
  // Found by its section the same header would be named; the scan for a magic
  // takes it for other bytes, and then nothing looks like a Go program.
  Table T;
  for (unsigned Word = 0; Word != 8; ++Word) {
    if (Word == 1 || Word == 2) // number of files (unused), start of text
      continue;
    ByteWriter W;
    W.Bytes = T.make();
    W.patch(8 + Word * 8, 0x7fffffffffffffff, 8);
    GoImage Go = imageOf(T.Elf, W.Bytes);
    EXPECT_FALSE(Go.isGo()) << Word;
    EXPECT_EQ(notesOf(Go), "") << Word;
  }
}

TEST(Pclntab, RowsThatLie) {
  EXPECT_EQ(notesAfter([](auto &T, auto &W) { W.patch(T.Func + 8, 0x70, 4); }),
            "functab row at offset 0x188: expected ascending addresses, found "
            "0x401060 after 0x401070\n");
  EXPECT_EQ(notesAfter([](auto &T, auto &W) { W.patch(T.Func + 4, 1, 4); }),
            "functab row at offset 0x180: expected the offset of a function "
            "behind 0x18, found 0x1\n");
  EXPECT_EQ(
      notesAfter([](auto &T, auto &W) { W.patch(T.Func + 12, 0x7ffffff0, 4); }),
      "functab row at offset 0x188: expected the offset of a function behind "
      "0x48, found 0x7ffffff0\n");
  EXPECT_EQ(notesAfter([](auto &T, auto &W) {
              W.patch(T.Func + T.First + 4, 0x999, 4);
            }),
            "functab row at offset 0x180: expected a name inside 0x18 bytes, "
            "found 0x999\n");
  EXPECT_EQ(notesAfter([](auto &T, auto &W) {
              W.patch(T.Func + T.First + 28, 0xffffffff, 4);
            }),
            "functab row at offset 0x180: expected the function's data inside "
            "pclntab, found its end at 0x400000040\n");
}

TEST(Pclntab, AFileThatIsNotKnownIsNoFailure) {
  Table T;
  ByteWriter W;
  W.Bytes = T.make();
  W.patch(T.Func + T.First + 20, 0x5555, 4); // pcfile
  GoImage Go = imageOf(T.Elf, W.Bytes);
  ASSERT_TRUE(Go.Pcln);
  EXPECT_EQ(Go.Pcln->Functions[0].File, "");
}

TEST(Pclntab, WithoutTextStartNeedsModuledata) {
  EXPECT_EQ(notesAfter([](auto &, auto &W) { W.patch(24, 0, 8); }),
            "pclntab at offset 0x100: expected the address of text in "
            "moduledata, found none\n");
}

} // namespace
