#include "goslim/Tool/Tool.h"
#include <gtest/gtest.h>

using namespace goslim;

TEST(ToolKindTest, isTheBaseNameWithoutExe) {
  EXPECT_EQ(toolKindOf("/goroot/pkg/tool/linux_amd64/compile"),
            ToolKind::Compile);
  EXPECT_EQ(toolKindOf("link.exe"), ToolKind::Link);
  EXPECT_EQ(toolKindOf("C:\\go\\pkg\\tool\\asm.exe"), ToolKind::Asm);
  for (std::string_view Path :
       {"", "gcc", "/goroot/bin/go", "compile.sh", "recompile", "link/"})
    EXPECT_EQ(toolKindOf(Path), ToolKind::Unknown) << Path;
}

TEST(ToolKindTest, nameIsTheInverse) {
  for (int I = 1; I <= int(ToolKind::Pack); ++I)
    EXPECT_EQ(toolKindOf(toolName(ToolKind(I))), ToolKind(I));
  EXPECT_EQ(toolName(ToolKind::Unknown), "");
}

TEST(ToolKindTest, flagsOfAllReleasesAreKnown) {
  ASSERT_TRUE(findToolFlag(ToolKind::Link, "extldflags"));
  EXPECT_TRUE(findToolFlag(ToolKind::Link, "extldflags")->TakesValue);
  EXPECT_FALSE(findToolFlag(ToolKind::Link, "s")->TakesValue);
  EXPECT_TRUE(findToolFlag(ToolKind::Link, "fipso"));            // 1.24
  EXPECT_TRUE(findToolFlag(ToolKind::Asm, "compiling-runtime")); // up to 1.21
  EXPECT_TRUE(findToolFlag(ToolKind::Compile, "%"));             // first
  EXPECT_TRUE(findToolFlag(ToolKind::Compile, "wb"));            // last
  EXPECT_FALSE(findToolFlag(ToolKind::Compile, "nosuch"));
  EXPECT_FALSE(findToolFlag(ToolKind::Pack, "o"));
  EXPECT_FALSE(findToolFlag(ToolKind::Unknown, "o"));
}

TEST(ToolKindTest, lastWinsUnlessItAccumulates) {
  EXPECT_TRUE(findToolFlag(ToolKind::Link, "X")->Accumulates);
  EXPECT_TRUE(findToolFlag(ToolKind::Link, "L")->Accumulates);
  EXPECT_FALSE(findToolFlag(ToolKind::Link, "r")->Accumulates);
  EXPECT_FALSE(findToolFlag(ToolKind::Link, "extldflags")->Accumulates);
  EXPECT_TRUE(findToolFlag(ToolKind::Compile, "m")->Accumulates);
  EXPECT_TRUE(findGoFlag("ldflags")->Accumulates);
  EXPECT_FALSE(findGoFlag("tags")->Accumulates);
}

TEST(ToolKindTest, goFlagsDifferByVerb) {
  EXPECT_FALSE(findGoFlag("test", "c")->TakesValue);
  EXPECT_TRUE(findGoFlag("vet", "c")->TakesValue);
  EXPECT_FALSE(findGoFlag("build", "c"));
  EXPECT_TRUE(findGoFlag("list", "f")->TakesValue);
  EXPECT_TRUE(findGoFlag("test", "test.timeout"));
  EXPECT_TRUE(findGoFlag("vet", "printf.funcs")->TakesValue); // of the tool
  EXPECT_FALSE(findGoFlag("env", "json"));
  EXPECT_TRUE(findGoFlag("build", "debug-actiongraph")); // undocumented
}

TEST(ToolKindTest, unsafeFlags) {
  for (std::string_view Name :
       {"toolexec", "exec", "vettool", "o", "overlay", "pkgdir", "modfile",
        "cpuprofile", "outputdir", "debug-trace"})
    EXPECT_TRUE(findGoFlag(Name)->WritesOrRuns) << Name;
  for (std::string_view Name : {"tags", "trimpath", "ldflags", "race", "pgo"})
    EXPECT_FALSE(findGoFlag(Name)->WritesOrRuns) << Name;
  for (std::string_view Name : {"extld", "extar", "extldflags", "o", "tmpdir",
                                "capturehostobjs", "fipso", "cpuprofile"})
    EXPECT_TRUE(findToolFlag(ToolKind::Link, Name)->WritesOrRuns) << Name;
  for (std::string_view Name : {"s", "X", "linkmode", "dumpdep", "L"})
    EXPECT_FALSE(findToolFlag(ToolKind::Link, Name)->WritesOrRuns) << Name;
  for (std::string_view Name :
       {"o", "asmhdr", "linkobj", "json", "bench", "traceprofile", "d", "env"})
    EXPECT_TRUE(findToolFlag(ToolKind::Compile, Name)->WritesOrRuns) << Name;
  for (std::string_view Name : {"symabis", "pgoprofile", "embedcfg", "m", "N"})
    EXPECT_FALSE(findToolFlag(ToolKind::Compile, Name)->WritesOrRuns) << Name;
}
