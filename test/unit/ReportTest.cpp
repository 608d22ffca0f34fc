// Report: renderers on attributions made by hand; what only a real program
// shows is in test/Report/*.test.
#include "goslim/Report/Report.h"
#include <gtest/gtest.h>

using namespace goslim;

namespace {

/// The smallest file that is an Image: an ELF header and nothing else.
std::unique_ptr<Image> emptyImage() {
  std::string Bytes(64, '\0');
  Bytes.replace(0, 7,
                "\x7f"
                "ELF\2\1\1");
  Bytes[16] = 2, Bytes[18] = 62, Bytes[20] = 1; // ET_EXEC, x86-64
  Bytes[52] = 64, Bytes[54] = 56, Bytes[58] = 64;
  llvm::Expected<std::unique_ptr<Image>> File =
      Image::parse(llvm::MemoryBuffer::getMemBufferCopy(Bytes, "dir/app"));
  if (File)
    return std::move(*File);
  ADD_FAILURE() << llvm::toString(File.takeError());
  return nullptr;
}

struct ReportTest : testing::Test {
  std::unique_ptr<Image> File = emptyImage();
  GoImage Go;
  Attribution A;
  uint64_t At = 0;

  void SetUp() override {
    ASSERT_TRUE(File);
    A.FileSize = 64;
    A.Modules = {{}, {"m\"1", "v1"}, {"std", "go1.26"}};
    A.Packages = {{"m\"1/p,q", 1}, {"runtime", 2}, {"strange", 0}};
    add(10, 0, Kind::Code, Evidence::Table, Step::Compile, "m.F\n");
    add(20, 1, Kind::Code, Evidence::Table, Step::Asm, "runtime.gogo");
    add(4, 2, Kind::Data, Evidence::Symbol, Step::Compile, "strange.x");
    add(20, NoPackage, Kind::Rodata, Evidence::None, Step::Link, "");
    add(10, NoPackage, Kind::Header, Evidence::Table, Step::Link, "");
    Span Bss;
    Bss.Address = 0x1000, Bss.MemSize = 100, Bss.Package = 1;
    Bss.What = Kind::Bss, Bss.Why = Evidence::Symbol, Bss.By = Step::Compile;
    A.Spans.push_back(Bss);
    llvm::cantFail(checkPartition(A));
  }

  void add(uint64_t Size, uint32_t Package, Kind What, Evidence Why, Step By,
           llvm::StringRef Symbol) {
    Span S;
    S.Offset = At, S.Size = Size, S.Package = Package, S.What = What;
    S.Why = Why, S.By = By, S.Symbol = Symbol;
    A.Spans.push_back(S);
    At += Size;
  }

  std::string rows(By G) {
    std::string Text;
    uint64_t Sum = 0;
    for (const ReportRow &R : groupRows(*File, A, G)) {
      Text += (R.IsRest ? "[" + R.Name + "]" : R.Name) + "=" +
              std::to_string(R.Size) +
              (R.Memory ? "/" + std::to_string(R.Memory) : "") + " ";
      Sum += R.Size;
    }
    EXPECT_EQ(Sum, A.FileSize);
    return Text;
  }
};

} // namespace

TEST_F(ReportTest, groupings) {
  EXPECT_EQ(rows(By::Package),
            "runtime=20/100 [read-only data, owner unknown]=20 [headers]=10 "
            "m\"1/p,q=10 strange=4 ");
  EXPECT_EQ(rows(By::Module),
            "std=20/100 [read-only data, owner unknown]=20 [headers]=10 "
            "m\"1=10 [module unknown]=4 ");
  EXPECT_EQ(rows(By::Kind), "code=30 rodata=20 header=10 data=4 bss=0/100 ");
  EXPECT_EQ(rows(By::Step), "asm=20 [step unknown]=20 compile=14/100 link=10 ");
}

TEST_F(ReportTest, csvQuoting) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  reportSpansCsv(OS, *File, A);
  EXPECT_TRUE(llvm::StringRef(Text).contains(
      "\n0,10,0,0,,code,compile,\"m\"\"1/p,q\",\"m\"\"1\",\"m.F\n\",table,\n"));
  // A step that nothing is known about is left out.
  EXPECT_TRUE(
      llvm::StringRef(Text).contains("\n34,20,0,0,,rodata,,,,,none,\n"));
  EXPECT_TRUE(llvm::StringRef(Text).ends_with(
      "\n0,0,4096,100,,bss,compile,runtime,std,,symbol,\n"));
}

TEST_F(ReportTest, textTopAndBytes) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  ReportOptions O;
  O.Top = 1, O.Bytes = true;
  reportText(OS, *File, Go, A, O);
  EXPECT_EQ(Text, "app: ELF amd64, not a Go program, stripped\n"
                  "64 bytes, 100 B in memory\n"
                  "\n"
                  "bytes     file  memory  package   module\n"
                  "   20   31.2 %     100  runtime   std go1.26\n"
                  "   44   68.8 %       0  (4 more)\n"
                  "   64  100.0 %     100  total\n"
                  "\n"
                  "evidence: table 62.5 %, symbol 6.2 %, none 31.2 %\n"
                  "note: read from the file alone; 20 B have no known owner\n");
}

TEST_F(ReportTest, hostileNamesInJson) {
  A.Packages[0].Path = "a\xff\"\n";
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  reportJson(OS, *File, Go, A, By::Package, 0);
  EXPECT_TRUE(
      llvm::StringRef(Text).contains("\"path\":\"a\xEF\xBF\xBD\\\"\\n\""));
  EXPECT_EQ(llvm::StringRef(Text).count('\n'), 1u);
}
