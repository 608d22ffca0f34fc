#include "goslim/Record/Session.h"
#include "goslim/Base/FileIO.h"
#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

using namespace goslim;

namespace {
class SessionTest : public testing::Test {
protected:
  void SetUp() override {
    std::string Template = testing::TempDir() + "/goslim-session-XXXXXX";
    ASSERT_TRUE(::mkdtemp(Template.data()));
    Cache = Template;
    ::setenv("GOSLIM_CACHE", Cache.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("GOSLIM_CACHE");
    std::string Command = "rm -rf '" + Cache + "'";
    EXPECT_EQ(::system(Command.c_str()), 0);
  }
  std::string folder(const std::string &Id) {
    return cacheFolder() + "/sessions/" + Id;
  }
  void age(const std::string &Folder, time_t Seconds) {
    time_t Then = ::time(nullptr) - Seconds;
    utimbuf Times = {Then, Then};
    ASSERT_EQ(::utime((Folder + "/session").c_str(), &Times), 0);
    ASSERT_EQ(::utime(Folder.c_str(), &Times), 0);
  }
  std::string Cache;
};
} // namespace

TEST_F(SessionTest, cacheFolderFollowsTheEnvironment) {
  EXPECT_EQ(cacheFolder(), Cache);
  ::setenv("GOSLIM_CACHE", "relative", 1);
  ::setenv("XDG_CACHE_HOME", "/xdg", 1);
  EXPECT_EQ(cacheFolder(), "/xdg/goslim");
  ::unsetenv("XDG_CACHE_HOME");
  std::string Home = ::getenv("HOME") ? ::getenv("HOME") : "";
  ::setenv("HOME", (Cache + "/none").c_str(), 1);
  EXPECT_EQ(cacheFolder(), "");
  ::setenv("HOME", Cache.c_str(), 1);
  EXPECT_EQ(cacheFolder(), Cache + "/.cache/goslim");
  ::setenv("HOME", Home.c_str(), 1);
  ::setenv("GOSLIM_CACHE", Cache.c_str(), 1);
}

TEST_F(SessionTest, readsBackWhatWasCreated) {
  Session S;
  S.Folder = folder("a");
  S.How = SessionMode::Driver;
  S.StartDir = "/dir with\ttab\nand \\n newline";
  S.GoArgv = {"go", "build", "", "-ldflags=-X 'a=b\nc'"};
  S.PolicyFile = "/p/goslim.toml";
  S.PolicyRoot = "/p";
  S.ModulePath = "example.com/m";
  S.Profile = "release";
  S.PolicyTrusted = true;
  S.StartUnixMs = 1234567890123;
  ASSERT_TRUE(bool(createSession(S, "version = 1\n")));
  Result<Session> Back = openSession(S.Folder);
  ASSERT_TRUE(bool(Back));
  EXPECT_EQ(Back->Folder, S.Folder);
  EXPECT_EQ(Back->How, S.How);
  EXPECT_EQ(Back->StartDir, S.StartDir);
  EXPECT_EQ(Back->GoArgv, S.GoArgv);
  EXPECT_EQ(Back->PolicyFile, S.PolicyFile);
  EXPECT_EQ(Back->PolicyRoot, S.PolicyRoot);
  EXPECT_EQ(Back->ModulePath, S.ModulePath);
  EXPECT_EQ(Back->Profile, S.Profile);
  EXPECT_EQ(Back->PolicyTrusted, S.PolicyTrusted);
  EXPECT_EQ(Back->StartUnixMs, S.StartUnixMs);
  EXPECT_EQ(*readFile(S.Folder + "/policy.toml"), "version = 1\n");
}

TEST_F(SessionTest, firstCreatorWins) {
  Session S;
  S.Folder = folder("a");
  S.StartDir = "/one";
  ASSERT_TRUE(bool(createSession(S, "")));
  S.StartDir = "/two";
  ASSERT_TRUE(bool(createSession(S, "")));
  EXPECT_EQ(openSession(S.Folder)->StartDir, "/one");
}

TEST_F(SessionTest, parallelCreatorsAgree) {
  Session S;
  S.Folder = folder("a");
  S.PolicyFile = "/p";
  for (int I = 0; I < 16; ++I)
    if (::fork() == 0) {
      S.StartDir = std::string(1, char('a' + I));
      bool Good = bool(createSession(S, S.StartDir));
      // Whoever won, session and policy are of the same process.
      Result<Session> Open = openSession(S.Folder);
      Result<std::string> Text = readFile(S.Folder + "/policy.toml");
      ::_exit(Good && Open && Text && Open->StartDir == *Text ? 0 : 1);
    }
  int Status;
  while (::wait(&Status) > 0)
    EXPECT_EQ(Status, 0);
  EXPECT_EQ(listSessions().size(), 1u);
}

TEST_F(SessionTest, damagedOrForeignSessionsAreRefused) {
  EXPECT_EQ(openSession(folder("none")).failure().Message,
            folder("none") + ": no such file or directory");
  ASSERT_TRUE(bool(writeFileAtomic(folder("bad") + "/session", "no tab\n")));
  EXPECT_EQ(openSession(folder("bad")).failure().Message,
            folder("bad") + "/session: line without a tab: 'no tab'");
  Session S;
  S.Folder = "relative";
  EXPECT_EQ(createSession(S, "").failure().Message,
            "session folder 'relative': expected an absolute path");
  if (::geteuid() == 0) {
    S.Folder = folder("foreign");
    ASSERT_TRUE(bool(createSession(S, "")));
    ASSERT_EQ(::chown(S.Folder.c_str(), 12345, 12345), 0);
    EXPECT_EQ(openSession(S.Folder).failure().Message,
              S.Folder + ": belongs to user 12345, expected 0");
  }
}

TEST_F(SessionTest, collectsOldAndSurplusSessions) {
  for (int I = 0; I < 70; ++I) {
    Session S;
    S.Folder = folder("s" + std::to_string(100 + I));
    ASSERT_TRUE(bool(createSession(S, "")));
    age(S.Folder, 7200 + 10 * (70 - I));
  }
  age(folder("s169"), 8 * 24 * 3600);
  std::vector<std::string> All = listSessions();
  ASSERT_EQ(All.size(), 70u);
  EXPECT_EQ(All.front(), folder("s168"));
  EXPECT_EQ(All.back(), folder("s169"));
  collectOldSessions();
  All = listSessions();
  EXPECT_EQ(All.size(), 64u);
  EXPECT_EQ(All.front(), folder("s168"));
  EXPECT_EQ(All.back(), folder("s105"));
}

TEST_F(SessionTest, collectsWhatKilledProcessesLeft) {
  std::string Left = folder(".s.1.tmp"), Fresh = folder(".s.2.tmp");
  for (const std::string &Folder : {Left, Fresh})
    ASSERT_TRUE(bool(writeFileAtomic(Folder + "/session", "")));
  age(Left, 7200);
  collectOldSessions();
  EXPECT_TRUE(listSessions().empty());
  EXPECT_FALSE(fileExists(Left));
  EXPECT_TRUE(fileExists(Fresh));
}

TEST_F(SessionTest, sessionsInUseAreKept) {
  for (int I = 0; I < 70; ++I) {
    Session S;
    S.Folder = folder("s" + std::to_string(100 + I));
    ASSERT_TRUE(bool(createSession(S, "")));
  }
  collectOldSessions();
  EXPECT_EQ(listSessions().size(), 70u);
}

TEST_F(SessionTest, policyIsTheSnapshot) {
  Session S;
  S.Folder = folder("a");
  Result<Policy> None = sessionPolicy(S);
  ASSERT_TRUE(bool(None));
  EXPECT_TRUE(None->empty());
  S.PolicyFile = "/nowhere/goslim.toml";
  S.PolicyRoot = "/nowhere";
  ASSERT_TRUE(
      bool(createSession(S, "version = 1\n[policy]\nstrip = \"all\"\n")));
  Result<Policy> P = sessionPolicy(S);
  ASSERT_TRUE(bool(P)) << P.failure().Message;
  EXPECT_EQ(P->File, "/nowhere/goslim.toml");
  EXPECT_EQ(P->Base.StripRule.Value, Strip::All);
}
