//===- ResidueTest.cpp ------------------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which words in a program's data are paths of the build machine, whose they
// are, and what a rule says of them. The programs are ELF files of one or two
// sections made here; real ones are in test/Rules.
//===----------------------------------------------------------------------===//
#include "goslim/Rules/Residue.h"
#include "llvm/BinaryFormat/ELF.h"
#include <cstring>
#include <gtest/gtest.h>

using namespace goslim;
using llvm::StringRef;

namespace {

struct Section {
  std::string Name, Bytes;
  uint32_t Type = llvm::ELF::SHT_PROGBITS;
  uint64_t Flags = llvm::ELF::SHF_ALLOC;
};

/// An ELF64 file with these sections behind the header, and .shstrtab.
std::unique_ptr<Image> makeImage(std::vector<Section> Sections) {
  using namespace llvm::ELF;
  Sections.insert(Sections.begin(), {"", "", SHT_NULL, 0});
  Sections.push_back({".shstrtab", "", SHT_STRTAB, 0});
  std::string Names;
  std::vector<Elf64_Shdr> Headers(Sections.size());
  for (size_t I = 0; I < Sections.size(); ++I) {
    Headers[I].sh_name = Names.size();
    Names += Sections[I].Name + '\0';
  }
  Sections.back().Bytes = Names;
  std::string File(sizeof(Elf64_Ehdr), '\0');
  for (size_t I = 1; I < Sections.size(); ++I) {
    Headers[I].sh_type = Sections[I].Type;
    Headers[I].sh_flags = Sections[I].Flags;
    Headers[I].sh_offset = File.size();
    Headers[I].sh_size = Sections[I].Bytes.size();
    Headers[I].sh_addralign = 1;
    if (Sections[I].Flags & SHF_ALLOC)
      Headers[I].sh_addr = 0x400000 + File.size();
    File += Sections[I].Bytes;
  }
  File.resize((File.size() + 7) & ~size_t(7));
  Elf64_Ehdr Header = {};
  memcpy(Header.e_ident, ElfMagic, 4);
  Header.e_ident[EI_CLASS] = ELFCLASS64;
  Header.e_ident[EI_DATA] = ELFDATA2LSB;
  Header.e_ident[EI_VERSION] = Header.e_version = EV_CURRENT;
  Header.e_type = ET_EXEC;
  Header.e_machine = EM_X86_64;
  Header.e_shoff = File.size();
  Header.e_ehsize = sizeof(Elf64_Ehdr);
  Header.e_shentsize = sizeof(Elf64_Shdr);
  Header.e_shnum = Headers.size();
  Header.e_shstrndx = Headers.size() - 1;
  memcpy(File.data(), &Header, sizeof(Header));
  File.append(reinterpret_cast<const char *>(Headers.data()),
              Headers.size() * sizeof(Elf64_Shdr));
  llvm::Expected<std::unique_ptr<Image>> Out =
      Image::parse(llvm::MemoryBuffer::getMemBufferCopy(File, "test"));
  if (!Out) {
    ADD_FAILURE() << llvm::toString(Out.takeError());
    return nullptr;
  }
  return std::move(*Out);
}

/// Words with a NUL behind each.
std::string strings(std::initializer_list<const char *> Words) {
  std::string Out;
  for (const char *Word : Words)
    Out += Word + std::string(1, '\0');
  return Out;
}

/// Paths found when .rodata holds Data.
std::string found(StringRef Data, std::vector<std::string> Roots = {}) {
  std::unique_ptr<Image> File = makeImage({{".rodata", Data.str()}});
  std::string Out;
  if (File)
    for (const PathResidue &R : findAbsolutePaths(*File, {}, {}, Roots))
      Out += R.Table + ":" + R.Path + " ";
  return Out;
}
#define C_STRING(Text) StringRef("x\0" Text "\0y", sizeof(Text) + 3)

TEST(Residue, WhatAProgramMaySpeakOf) {
  for (StringRef Data :
       {C_STRING("/etc/passwd"), C_STRING("/usr/lib/go"), C_STRING("/home/"),
        C_STRING("/root/.ssh/config"), C_STRING("/tmp/x.sock"),
        C_STRING("/usr/include/stdio.h"), C_STRING("/usr/lib/gcc/x/y.h"),
        C_STRING("/x.c"), C_STRING("//a/b.c"), C_STRING("a/b/c.c"),
        C_STRING("https://home/x/y.c"), C_STRING("/_/example.com/m/x.c"),
        C_STRING("/tmp/go-build/cgo.c"), C_STRING("/a/b/image.png"),
        StringRef("say /path/to/file.go now"), StringRef("/home/%s/x"),
        StringRef("/"), StringRef("")})
    EXPECT_EQ(found(Data), "") << Data.str();
}

TEST(Residue, SourcesOfC) {
  EXPECT_EQ(found(C_STRING("/home/me/m/x.c")), "string data:/home/me/m/x.c ");
  EXPECT_EQ(found(C_STRING("/build/lib-1.0/src/y.cpp")),
            "string data:/build/lib-1.0/src/y.cpp ");
  EXPECT_EQ(found(C_STRING("/tmp/go-build123/b001/x.h")),
            "string data:/tmp/go-build123/b001/x.h ");
  EXPECT_EQ(found(C_STRING("/usr/src/lib/z.s")),
            "string data:/usr/src/lib/z.s ");
}

TEST(Residue, RootsOfThisBuild) {
  std::vector<std::string> Roots = {"/w/proj", "/app/", "", "/", "rel"};
  // Go strings lie side by side without an end.
  EXPECT_EQ(found("abc/w/proj/datadef", Roots), "string data:/w/proj/datadef ");
  EXPECT_EQ(found(C_STRING("/w/proj"), Roots), "string data:/w/proj ");
  EXPECT_EQ(found("/w/project/x", Roots), "");
  EXPECT_EQ(found("/w/proj/data", {}), "");
  // "/app" alone proves nothing.
  EXPECT_EQ(found(C_STRING("/app/config.json"), Roots), "");
  EXPECT_EQ(found(C_STRING("/app/main.go"), Roots),
            "string data:/app/main.go ");
  EXPECT_EQ(found("x/y", Roots), "");
}

TEST(Residue, OneFolderIsOneGroup) {
  std::unique_ptr<Image> File = makeImage(
      {{".rodata", strings({"/home/a/x.c", "/home/a/y.c", "/home/b/z.c"})}});
  ASSERT_TRUE(File);
  std::vector<PathResidue> Found = findAbsolutePaths(*File, {}, {});
  ASSERT_EQ(Found.size(), 2u);
  EXPECT_EQ(Found[0].Count, 2u);
  EXPECT_EQ(Found[0].Offset, File->section(".rodata")->Offset);
}

TEST(Residue, OwnerByTheFolder) {
  Attribution A;
  A.Modules = {{"", ""},
               {"example.com/m", ""},
               {"std", "go1.26"},
               {"github.com/BurntSushi/toml", "v1.0.0"}};
  A.Packages = {{"example.com/m/internal/sync", 1},
                {"github.com/BurntSushi/toml", 3},
                {"internal/poll", 2},
                {"net", 2}};
  std::unique_ptr<Image> File = makeImage(
      {{".debug_str",
        strings({"/x/go/src/net/a.go", "/x/m/internal/sync", "/z/poll/poll.c",
                 "/g/pkg/mod/github.com/!burnt!sushi/toml@v1.0.0/d.go"}),
        llvm::ELF::SHT_PROGBITS, 0}});
  ASSERT_TRUE(File);
  std::string Owners;
  for (const PathResidue &R : findAbsolutePaths(*File, {}, A))
    Owners += R.Path + "=" + R.Package + "\n";
  EXPECT_EQ(Owners, "/z/poll/poll.c=\n"
                    "/x/m/internal/sync=example.com/m/internal/sync\n"
                    "/g/pkg/mod/github.com/!burnt!sushi/toml@v1.0.0/d.go="
                    "github.com/BurntSushi/toml\n"
                    "/x/go/src/net/a.go=net\n");
}

TEST(Residue, DebugStrings) {
  std::unique_ptr<Image> File =
      makeImage({{".debug_line_str",
                  strings({"/home/me/m", "/usr/include", "/_/m/x.c",
                           "a/home/x/y", "/", "/abc", "/\x01/\x02"}),
                  llvm::ELF::SHT_PROGBITS, 0}});
  ASSERT_TRUE(File);
  std::vector<PathResidue> Found = findAbsolutePaths(*File, {}, {});
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Table, "debug info");
  EXPECT_EQ(Found[0].Path, "/home/me/m");
}

TEST(Residue, OnlyWhatIsAskedIsChecked) {
  std::unique_ptr<Image> File =
      makeImage({{".rodata", strings({"/home/me/x.c"})},
                 {".debug_info", "abc", llvm::ELF::SHT_PROGBITS, 0},
                 {".symtab", std::string(24, 0), llvm::ELF::SHT_SYMTAB, 0}});
  ASSERT_TRUE(File);
  auto Ids = [&](const Rules &R) {
    std::string Out;
    for (const Finding &F : checkResidue(*File, {}, {}, R))
      Out += F.Id + (F.Level == Severity::Error ? "! " : " ");
    return Out;
  };
  Rules R;
  EXPECT_EQ(Ids(R), "");
  R.StripRule.Value = Strip::Debug;
  EXPECT_EQ(Ids(R), "GS301 ");
  R.StripRule.Value = Strip::All;
  R.StripRule.How = Mode::Require;
  EXPECT_EQ(Ids(R), "GS301! GS302! ");
  R.StripRule.Value.reset();
  R.TrimpathRule.Value = true;
  EXPECT_EQ(Ids(R), "GS303 ");
  R.TrimpathRule.Value = false;
  EXPECT_EQ(Ids(R), "");
}

TEST(Residue, MessageNamesOwnersTableAndRule) {
  std::unique_ptr<Image> File =
      makeImage({{".rodata", strings({"/home/me/x.c"})}});
  ASSERT_TRUE(File);
  Rules R;
  R.TrimpathRule.Value = true;
  R.TrimpathRule.Where = {"goslim.toml", 4, 1};
  std::vector<Finding> Found = checkResidue(*File, {}, {}, R);
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Message, "trimpath: asked for, found 1 absolute path in "
                              "string data: /home/me/x.c");
  EXPECT_EQ(Found[0].Where.Line, 4u);
  EXPECT_NE(Found[0].Fix, "");
}

} // namespace

/// Go's own linker leaves neither when asked to, so no real program here has
/// them.
TEST(Residue, OfOtherFormatsIsToldFromFacts) {
  Rules R;
  R.StripRule.Value = Strip::All, R.TrimpathRule.Value = true;
  std::vector<std::string> Files = {"example.com/m/main.go", "C:/src/x.go",
                                    "/_/cgo.go"};
  OtherResidue P;
  P.DebugSize = 42, P.Symbols = 1234, P.SourceFiles = Files;
  std::vector<Finding> Found = checkResidue(P, R);
  ASSERT_EQ(Found.size(), 3u);
  EXPECT_EQ(Found[0].Id, "GS301");
  EXPECT_EQ(Found[0].Message,
            "strip: asked for all (-s -w), found DWARF, 42 bytes");
  EXPECT_EQ(Found[1].Id, "GS302");
  EXPECT_EQ(Found[1].Message,
            "strip: asked for all (-s -w), found 1234 symbols");
  EXPECT_EQ(Found[2].Id, "GS303");
  EXPECT_EQ(Found[2].Message, "trimpath: asked for, found 1 absolute path in "
                              "pclntab file table: C:/src/x.go");
  R.StripRule.Value = Strip::Debug, R.TrimpathRule.Value = false;
  EXPECT_EQ(checkResidue(P, R).size(), 1u);
}
