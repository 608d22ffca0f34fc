// Attribution: checkPartition refuses everything that is no partition, and
// packages and modules are found from names, files and build info.
#include "goslim/Attribution/Attribution.h"
#include "../../lib/Attribution/PackageTable.h"
#include <gtest/gtest.h>

using namespace goslim;

namespace {

Span span(uint64_t Offset, uint64_t Size, uint64_t Address = 0,
          uint64_t MemSize = 0) {
  Span S;
  S.Offset = Offset, S.Size = Size, S.Address = Address, S.MemSize = MemSize;
  return S;
}

std::string check(std::vector<Span> Spans, uint64_t FileSize) {
  Attribution A;
  A.FileSize = FileSize;
  A.Spans = std::move(Spans);
  llvm::Error E = checkPartition(A);
  std::string Text = E ? llvm::toString(std::move(E)) : "";
  size_t Colon = Text.rfind(": ");
  return Colon == std::string::npos ? Text : Text.substr(Colon + 2);
}

GoImage goImage() {
  GoImage Go;
  Go.BuildInfo.emplace();
  Go.BuildInfo->Version = "go1.26.8";
  ModInfo &Info = Go.BuildInfo->Info;
  Info.Path = "example.com/app/cmd/app";
  ModInfo::Module Main, Dep, Nested, Local;
  Main.Path = "example.com/app", Main.Version = "(devel)";
  Dep.Path = "example.com/dep", Dep.Version = "v1.0.0";
  Nested.Path = "example.com/dep/v2/sub", Nested.Version = "v0.1.0";
  Nested.HasReplace = true, Nested.ReplacePath = "example.com/fork";
  Nested.ReplaceVersion = "v0.2.0";
  Local.Path = "nodots", Local.Version = "v0.0.0", Local.HasReplace = true;
  Local.ReplacePath = "/home/someone/nodots";
  Info.Main = Main;
  Info.Deps = {Dep, Nested, Local};
  return Go;
}

} // namespace

TEST(CheckPartitionTest, acceptsPartitions) {
  EXPECT_EQ(check({}, 0), "");
  EXPECT_EQ(check({span(0, 4), span(4, 6, 100, 6)}, 10), "");
  EXPECT_EQ(check({span(0, 4, 100, 4), span(0, 0, 200, 5)}, 4), "");
  // Per-thread data has no address, so it cannot overlap.
  EXPECT_EQ(check({span(0, 0, 0, 8), span(0, 0, 0, 9)}, 0), "");
}

TEST(CheckPartitionTest, refusesTheRest) {
  EXPECT_EQ(check({span(0, 4)}, 5), "4 of 5 bytes have a label");
  EXPECT_EQ(check({span(0, 4), span(5, 1)}, 6), "leaves a gap before it");
  EXPECT_EQ(check({span(0, 4), span(3, 1)}, 4), "overlaps the one before");
  EXPECT_EQ(check({span(0, 4), span(4, ~0ull)}, 8), "ends beyond the file");
  EXPECT_EQ(check({span(0, 4, 8, 3)}, 4), "file and memory sizes differ");
  EXPECT_EQ(check({span(0, 0)}, 0), "empty");
  EXPECT_EQ(check({span(0, 0, 9, 1), span(0, 4)}, 4),
            "file bytes after memory-only spans");
  EXPECT_EQ(check({span(0, 0, 9, 1), span(0, 0, 8, 1)}, 0),
            "memory-only spans are not sorted");
  EXPECT_EQ(check({span(0, 4, 8, 4), span(4, 4, 10, 4)}, 8),
            "its memory is counted twice");
  EXPECT_EQ(check({span(0, 0, ~0ull, 2)}, 0), "ends beyond the address space");
  Span S = span(0, 1);
  S.Package = 3;
  EXPECT_EQ(check({S}, 1), "no such package");
}

TEST(PackageTableTest, namesAndModules) {
  PackageTable T(goImage());
  uint32_t Main = T.ofSymbol("main.main");
  uint32_t Http = T.ofSymbol("net/http.(*Client).Do");
  uint32_t Dep = T.ofSymbol("example.com/dep.F[go.shape.int].func1");
  uint32_t Nested = T.ofSymbol("example.com/dep/v2/sub/x.init");
  uint32_t Vendored = T.ofSymbol("vendor/golang.org/x/net/idna.init");
  uint32_t Local = T.ofSymbol("nodots/x.F");
  uint32_t Stranger = T.ofSymbol("example.org/bazel.F");
  EXPECT_EQ(T.ofSymbol("net/http.init.0"), Http);
  EXPECT_EQ(T.ofSymbol("memeqbody"), NoPackage);
  EXPECT_EQ(T.ofPath(""), NoPackage);
  EXPECT_EQ(T.ofFile("/goroot/src/net/http/asm.s"), Http);
  EXPECT_EQ(T.ofFile("example.com/dep@v1.0.0/asm.s"), Dep);
  EXPECT_EQ(T.ofFile("/nowhere/asm.s"), NoPackage);
  EXPECT_EQ(T.ofFile("asm.s"), NoPackage);

  Attribution A;
  std::vector<uint32_t> Final = T.finish(A, std::vector<bool>(16, true));
  auto Module = [&](uint32_t Package) {
    const ModuleInfo &M = A.Modules[A.Packages[Final[Package]].Module];
    return M.Path + " " + M.Version;
  };
  EXPECT_EQ(A.Packages[Final[Main]].Path, "example.com/app/cmd/app");
  EXPECT_EQ(Module(Main), "example.com/app (devel)");
  EXPECT_EQ(Module(Http), "std go1.26.8");
  EXPECT_EQ(Module(Vendored), "std go1.26.8");
  EXPECT_EQ(Module(Dep), "example.com/dep v1.0.0");
  EXPECT_EQ(Module(Nested),
            "example.com/dep/v2/sub v0.1.0 => example.com/fork v0.2.0");
  EXPECT_EQ(Module(Local), "nodots v0.0.0 => (local folder)");
  EXPECT_EQ(Module(Stranger), " ");
  for (size_t I = 1; I < A.Packages.size(); ++I)
    EXPECT_LT(A.Packages[I - 1].Path, A.Packages[I].Path);
  for (size_t I = 2; I < A.Modules.size(); ++I)
    EXPECT_LT(A.Modules[I - 1].Path, A.Modules[I].Path);
}

TEST(PackageTableTest, finishDropsUnusedPackages) {
  PackageTable T(goImage());
  uint32_t Unused = T.ofPath("b"), Used = T.ofPath("a");
  std::vector<bool> IsUsed(2);
  IsUsed[Used] = true;
  Attribution A;
  std::vector<uint32_t> Final = T.finish(A, IsUsed);
  ASSERT_EQ(A.Packages.size(), 1u);
  EXPECT_EQ(A.Packages[0].Path, "a");
  EXPECT_EQ(Final[Unused], NoPackage);
  EXPECT_EQ(A.Modules.size(), 2u); // unknown, std
}

TEST(RestNameTest, saysWhatIsNotKnown) {
  auto Name = [](Kind What, Evidence Why, Step By, llvm::StringRef Symbol) {
    Span S;
    S.What = What, S.Why = Why, S.By = By, S.Symbol = Symbol;
    return restName({}, S).str();
  };
  EXPECT_EQ(Name(Kind::Code, Evidence::Symbol, Step::Cgo, "qsort"), "C code");
  EXPECT_EQ(Name(Kind::Code, Evidence::None, Step::Link, ""),
            "code, owner unknown");
  EXPECT_EQ(Name(Kind::Rodata, Evidence::None, Step::Link, ""),
            "read-only data, owner unknown");
  EXPECT_EQ(Name(Kind::Pclntab, Evidence::Table, Step::Link, "pctab"),
            "pclntab: pctab");
  EXPECT_EQ(Name(Kind::Pclntab, Evidence::Table, Step::Link, "type:.eq.x"),
            "pclntab");
  EXPECT_EQ(Name(Kind::LinkerTable, Evidence::Table, Step::Link, "whatever"),
            "linker tables");
}
