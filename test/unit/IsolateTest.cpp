// Isolate: a child that dies in any way costs one line; a child that ends well
// costs nothing. Sources are included because driver/ is no library.
#include "../../driver/Isolate.cpp"
#include "../../driver/Errors.cpp"
#include <atomic>
#include <gtest/gtest.h>
#include <vector>

using namespace goslim;

namespace {

struct IsolateTest : testing::Test {
  int run(llvm::function_ref<int(llvm::raw_ostream &)> Body,
          const IsolateLimits &Limits = {}) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    int Code = runIsolated("FILE", Body, Limits);
    Out = testing::internal::GetCapturedStdout();
    Err = testing::internal::GetCapturedStderr();
    return Code;
  }
  std::string Out, Err;
};

} // namespace

TEST_F(IsolateTest, passesOutputAndCode) {
  std::string Big(1 << 20, 'x');
  EXPECT_EQ(run([&](llvm::raw_ostream &OS) {
              OS << Big;
              fprintf(stderr, "note\n");
              return int(ExitFindings);
            }),
            ExitFindings);
  EXPECT_EQ(Out, Big);
  EXPECT_EQ(Err, "note\n");
}

TEST_F(IsolateTest, deathBySignalIsOneLine) {
  EXPECT_EQ(run([](llvm::raw_ostream &OS) -> int {
              OS << "half an answer";
              OS.flush();
              fprintf(stderr, "glibc says something\n");
              raise(SIGSEGV);
              return 0;
            }),
            ExitError);
  EXPECT_EQ(Out, "");
  EXPECT_EQ(Err, "goslim: error: FILE: analysis stopped: signal 11 "
                 "(Segmentation fault)\n");
}

TEST_F(IsolateTest, fatalErrorOfLlvmIsOneLine) {
  EXPECT_EQ(run([](llvm::raw_ostream &) -> int {
              llvm::report_fatal_error("unaligned data\nstack");
            }),
            ExitError);
  EXPECT_EQ(Err, "goslim: error: FILE: analysis stopped: unaligned data\n");
}

TEST_F(IsolateTest, exitOfALibraryIsNotAnAnswer) {
  EXPECT_EQ(run([](llvm::raw_ostream &) -> int { _exit(0); }), ExitError);
  EXPECT_EQ(Err, "goslim: error: FILE: analysis stopped: unexpected exit code "
                 "0\n");
}

TEST_F(IsolateTest, memoryLimit) {
  if (GOSLIM_SANITIZED)
    GTEST_SKIP() << "no address space limit with sanitizers";
  IsolateLimits Limits;
  Limits.FixedBytes = uint64_t(64) << 20;
  EXPECT_EQ(run(
                [](llvm::raw_ostream &) -> int {
                  std::vector<char> Much(size_t(1) << 30, 1);
                  return Much[12345] - 1;
                },
                Limits),
            ExitError);
  EXPECT_EQ(Err, "goslim: error: FILE: analysis stopped: memory limit of 64 "
                 "MiB reached\n");
}

TEST_F(IsolateTest, timeLimit) {
  IsolateLimits Limits;
  Limits.CpuSeconds = 1;
  EXPECT_EQ(run(
                [](llvm::raw_ostream &) -> int {
                  std::atomic<unsigned> Turns = 0;
                  while (true)
                    ++Turns;
                },
                Limits),
            ExitError);
  EXPECT_EQ(
      Err,
      "goslim: error: FILE: analysis stopped: time limit of 1 s reached\n");
}
