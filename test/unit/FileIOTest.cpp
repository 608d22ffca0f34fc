#include "goslim/Base/FileIO.h"
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace goslim;

namespace {
class FileIOTest : public testing::Test {
protected:
  void SetUp() override {
    std::string Template = testing::TempDir() + "/goslim-fileio-XXXXXX";
    ASSERT_TRUE(::mkdtemp(Template.data()));
    Folder = Template;
  }
  void TearDown() override {
    // Only what the tests made.
    std::string Command = "rm -rf '" + Folder + "'";
    EXPECT_EQ(::system(Command.c_str()), 0);
  }
  std::string path(const std::string &Name) { return Folder + "/" + Name; }
  size_t entries() {
    size_t Count = 0;
    DIR *Open = ::opendir(Folder.c_str());
    while (dirent *Entry = ::readdir(Open))
      Count += Entry->d_name[0] != '.' || strlen(Entry->d_name) > 2;
    ::closedir(Open);
    return Count;
  }
  std::string Folder;
};
} // namespace

TEST_F(FileIOTest, writesAndReads) {
  ASSERT_TRUE(bool(writeFileAtomic(path("a/b/f"), "one")));
  ASSERT_TRUE(bool(writeFileAtomic(path("a/b/f"), "two", /*Sync=*/false)));
  Result<std::string> Text = readFile(path("a/b/f"));
  ASSERT_TRUE(bool(Text));
  EXPECT_EQ(*Text, "two");
  EXPECT_EQ(fileSize(path("a/b/f")), 3);
  EXPECT_EQ(fileSize(path("a")), -1);
  EXPECT_TRUE(fileExists(path("a")));
  EXPECT_FALSE(fileExists(path("x")));
}

TEST_F(FileIOTest, failuresNameTheFile) {
  EXPECT_EQ(readFile(path("x")).failure().Message,
            path("x") + ": no such file or directory");
  EXPECT_EQ(readFile(Folder).failure().Message,
            Folder + ": not a regular file");
  ASSERT_TRUE(bool(writeFileAtomic(path("f"), "12345")));
  EXPECT_EQ(readFile(path("f"), 4).failure().Message,
            path("f") + ": 5 bytes, expected at most 4");
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(readFile(path("fifo")).failure().Message,
            path("fifo") + ": not a regular file");
  EXPECT_EQ(writeFileAtomic(path("f/g"), "").failure().Message,
            path("f") + ": not a directory");
}

TEST_F(FileIOTest, readsFilesWithoutSize) {
  Result<std::string> Text = readFile("/proc/self/stat");
  ASSERT_TRUE(bool(Text));
  EXPECT_GT(Text->size(), 20u);
}

TEST_F(FileIOTest, atomicWriteFollowsSymlinkAndLeavesNoOtherFile) {
  ASSERT_TRUE(bool(writeFileAtomic(path("f"), "old")));
  ASSERT_EQ(::symlink("f", path("l").c_str()), 0);
  ASSERT_TRUE(bool(writeFileAtomic(path("l"), "new")));
  EXPECT_EQ(*readFile(path("f")), "new");
  struct stat Info;
  ASSERT_EQ(::lstat(path("l").c_str(), &Info), 0);
  EXPECT_TRUE(S_ISLNK(Info.st_mode));
  EXPECT_EQ(entries(), 2u);
}

TEST_F(FileIOTest, atomicWriteFailureKeepsOldFile) {
  ASSERT_EQ(::mkdir(path("d").c_str(), 0700), 0);
  EXPECT_FALSE(bool(writeFileAtomic(path("d"), "x")));
  EXPECT_TRUE(fileExists(path("d")));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(FileIOTest, doesNotReplaceDevices) {
  ASSERT_TRUE(bool(writeFileAtomic("/dev/null", "x")));
  struct stat Info;
  ASSERT_EQ(::stat("/dev/null", &Info), 0);
  EXPECT_TRUE(S_ISCHR(Info.st_mode));
}

TEST_F(FileIOTest, firstWriterWins) {
  ASSERT_TRUE(bool(createFileOnce(path("s/once"), "first")));
  ASSERT_TRUE(bool(createFileOnce(path("s/once"), "second")));
  EXPECT_EQ(*readFile(path("s/once")), "first");
}

TEST_F(FileIOTest, parallelFirstWritersAgree) {
  for (int I = 0; I < 8; ++I)
    if (::fork() == 0) {
      std::string Text(100000, char('a' + I));
      ::_exit(createFileOnce(path("once"), Text) ? 0 : 1);
    }
  int Status;
  while (::wait(&Status) > 0)
    EXPECT_EQ(Status, 0);
  Result<std::string> Text = readFile(path("once"));
  ASSERT_TRUE(bool(Text));
  EXPECT_EQ(*Text, std::string(100000, (*Text)[0]));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(FileIOTest, parallelAppendsDoNotMix) {
  for (int I = 0; I < 8; ++I)
    if (::fork() == 0) {
      std::string Line(5000, char('a' + I));
      Line += '\n';
      bool Good = true;
      for (int J = 0; J < 50; ++J)
        Good &= bool(appendToFile(path("log"), Line));
      ::_exit(Good ? 0 : 1);
    }
  int Status;
  while (::wait(&Status) > 0)
    EXPECT_EQ(Status, 0);
  Result<std::string> Text = readFile(path("log"));
  ASSERT_EQ(Text->size(), 8u * 50 * 5001);
  for (size_t I = 0; I < Text->size(); I += 5001)
    EXPECT_EQ(Text->substr(I, 5000), std::string(5000, (*Text)[I]));
}

TEST_F(FileIOTest, paths) {
  EXPECT_EQ(absolutePath("a/../b/./c", "/r"), "/r/b/c");
  EXPECT_EQ(absolutePath("/x//y/", "/r"), "/x/y");
  EXPECT_EQ(absolutePath("../../..", "/r"), "/");
  EXPECT_EQ(absolutePath("", "/r/s"), "/r/s");
  EXPECT_EQ(parentPath("/x"), "/");
  EXPECT_EQ(parentPath("/x/y"), "/x");
  EXPECT_EQ(parentPath("x"), ".");
  EXPECT_EQ(fileName("/x/y"), "y");
  EXPECT_EQ(fileName("y"), "y");
  EXPECT_TRUE(isWithin("/a/b", "/a"));
  EXPECT_TRUE(isWithin("/a", "/a"));
  EXPECT_TRUE(isWithin("/a", "/"));
  EXPECT_FALSE(isWithin("/ab", "/a"));
  EXPECT_FALSE(isWithin("/a", "/a/b"));
  EXPECT_EQ(realPath(path("no")), "");
  EXPECT_EQ(realPath(Folder + "/."), realPath(Folder));
}
