#include "goslim/Rewrite/RewriteGo.h"
#include "goslim/Policy/PolicyFile.h"
#include <gtest/gtest.h>

using namespace goslim;

namespace {

std::string join(const std::vector<std::string> &Words, const char *Between) {
  std::string Text;
  for (const std::string &Word : Words)
    Text += (Text.empty() ? "" : Between) + Word;
  return Text;
}

/// A go command under a policy, in the module example.com/m, as text.
struct Case {
  explicit Case(const std::string &Toml) {
    PolicySource Source;
    Source.File = "/m/goslim.toml";
    Source.Shown = "goslim.toml";
    Source.ModulePath = "example.com/m";
    Source.Root = "/m";
    Source.Trusted = true;
    Result<Policy> Parsed = parsePolicy(Source, "version = 1\n" + Toml, "");
    if (Parsed)
      P = *Parsed;
    else
      ADD_FAILURE() << Parsed.failure().Message;
    C.HostGoos = "linux";
    C.HostGoarch = "amd64";
    C.Cwd = "/m";
    C.CwdPackage = "example.com/m";
    C.Env = [this](std::string_view Name) -> std::optional<std::string> {
      auto At = Env.find(std::string(Name));
      return At == Env.end() ? std::nullopt : std::optional(At->second);
    };
    C.NeedsCgo = [this]() -> Result<bool> {
      ++Asked;
      return NeedsCgo;
    };
  }

  /// The words, one per line break, then "NAME=value" and findings.
  std::string run(std::vector<std::string> Argv) {
    Result<RewrittenGo> New = rewriteGo(P, parseGoCommand(Argv), C);
    if (!New)
      return "failed: " + New.failure().Message;
    Edits.clear();
    for (const Edit &E : New->Edits)
      Edits += std::string(ruleName(E.Rule)) + ": '" + E.Before + "' -> '" +
               E.After + "'\n";
    std::string Text = join(print(New->Command), "|");
    for (const std::string &Set : New->SetEnv)
      Text += "\nenv " + Set;
    for (const Finding &F : New->Findings)
      Text += "\n" + F.Id +
              (F.Level == Severity::Error ? " error " : " warning ") +
              F.Message + "\nfix: " + F.Fix;
    checkIdempotent(*New);
    return Text;
  }

  void checkIdempotent(const RewrittenGo &New) {
    auto Saved = Env;
    for (const std::string &Set : New.SetEnv)
      Env[Set.substr(0, Set.find('='))] = Set.substr(Set.find('=') + 1);
    Result<RewrittenGo> Again = rewriteGo(P, New.Command, C);
    ASSERT_TRUE(bool(Again));
    EXPECT_EQ(print(New.Command), print(Again->Command));
    EXPECT_TRUE(Again->Edits.empty()) << Again->Edits.front().After;
    EXPECT_TRUE(Again->SetEnv.empty());
    Env = Saved;
  }

  std::string check(std::vector<std::string> Argv) {
    Result<std::vector<Finding>> Found =
        checkGoForToolexec(P, parseGoCommand(Argv), C);
    if (!Found)
      return "failed: " + Found.failure().Message;
    std::string Text;
    for (const Finding &F : *Found)
      Text += F.Message + "\n";
    return Text;
  }

  Policy P;
  GoContext C;
  std::map<std::string, std::string> Env;
  bool NeedsCgo = false;
  unsigned Asked = 0;
  std::string Edits;
};

} // namespace

TEST(RewriteGoTest, noPolicyIsIdentity) {
  Case T("");
  EXPECT_EQ(T.run({"build", "-ldflags", "-X a=b", "."}),
            "build|-ldflags|-X a=b|.");
  GoContext None;
  Result<RewrittenGo> New = rewriteGo(
      Policy(), parseGoCommand(std::vector<std::string>{"build"}), None);
  ASSERT_TRUE(bool(New));
  EXPECT_EQ(join(print(New->Command), "|"), "build");
}

TEST(RewriteGoTest, commandsThatBuildNothingStay) {
  Case T("[policy]\nstrip = \"all\"\n");
  EXPECT_EQ(T.run({"mod", "tidy"}), "mod|tidy");
  EXPECT_EQ(T.run({"list", "-m"}), "list|-m");
  EXPECT_EQ(T.run({"vet", "."}), "vet|."); // links nothing
}

TEST(RewriteGoTest, stripAndTrimpathAsAPersonWouldWriteThem) {
  Case T("[policy]\nstrip = \"all\"\ntrimpath = true\n");
  EXPECT_EQ(T.run({"build", "./cmd/a"}),
            "build|-trimpath|-ldflags=-s -w|./cmd/a");
  EXPECT_EQ(T.Edits, "strip: '' -> '-s'\nstrip: '' -> '-w'\n"
                     "trimpath: '' -> '-trimpath'\n");
  EXPECT_EQ(T.run({"build", "-trimpath", "-ldflags=-w -s", "."}),
            "build|-trimpath|-ldflags=-w -s|.");
  EXPECT_EQ(T.run({"build", "-trimpath=false", "."}),
            "build|-trimpath|-ldflags=-s -w|.");
  // -s leaves DWARF out, too, unless -w=0 keeps it.
  EXPECT_EQ(T.run({"build", "-trimpath", "-ldflags=-s"}),
            "build|-trimpath|-ldflags=-s");
  EXPECT_EQ(T.run({"build", "-trimpath", "-ldflags=-s -w=0"}),
            "build|-trimpath|-ldflags=-s -w=0 -w");
}

TEST(RewriteGoTest, mergesWithTheUsersLdflags) {
  Case T("[policy]\nstrip = \"debug\"\n"
         "vars = { set = { \"main.version\" = \"1.2\" }, forbid = "
         "[\"main.date\"] }\n");
  EXPECT_EQ(
      T.run({"build", "-ldflags", "-X main.version=dev -X main.date=now", "."}),
      "build|-ldflags=-X main.version=dev -w -X=main.version=1.2|.");
  EXPECT_EQ(T.Edits, "strip: '' -> '-w'\n"
                     "vars: '-X main.date=now' -> ''\n"
                     "vars: '' -> '-X=main.version=1.2'\n");
  // The same variable once more: the last wins, as in the linker.
  EXPECT_EQ(T.run({"build", "-ldflags=-w -X main.version=1.2"}),
            "build|-ldflags=-w -X main.version=1.2");
  EXPECT_EQ(
      T.run({"build", "-ldflags=-X 'open"}),
      "failed: invalid value \"-X 'open\" for flag -ldflags: unterminated "
      "' string");
}

TEST(RewriteGoTest, commandLineReplacesGoflagsWholly) {
  Case T("[policy]\nstrip = \"all\"\ntags = { require = [\"netgo\"] }\n");
  T.Env["GOFLAGS"] = "-ldflags=-X=main.v=1 -tags=a -trimpath";
  // Only GOFLAGS has it: brought along.
  EXPECT_EQ(T.run({"build"}), "build|-tags=a,netgo|-ldflags=-X=main.v=1 -s -w");
  // Both: the command line's alone counts for go.
  EXPECT_EQ(T.run({"build", "-ldflags=-X main.v=2", "-tags", "b"}),
            "build|-ldflags=-X main.v=2 -s -w|-tags=b,netgo");
  T.Env["GOFLAGS"] = "'-ldflags=-s -w' -tags=netgo";
  EXPECT_EQ(T.run({"build"}), "build");
  T.Env["GOFLAGS"] = "tags";
  EXPECT_EQ(T.run({"build"}), "failed: parsing $GOFLAGS: non-flag \"tags\"");
}

TEST(RewriteGoTest, chdirStaysFirst) {
  Case T("[policy]\nstrip = \"all\"\n");
  EXPECT_EQ(T.run({"-C", "d", "build"}), "-C|d|build|-ldflags=-s -w");
  EXPECT_EQ(T.run({"build", "-C", "d", "-v", "."}),
            "build|-C|d|-v|-ldflags=-s -w|.");
}

TEST(RewriteGoTest, aFlagWithoutItsValueStaysAnError) {
  Case T("[policy]\nstrip = \"all\"\n");
  EXPECT_EQ(T.run({"build", "-v", "-o"}), "build|-v|-ldflags=-s -w|-o");
  EXPECT_EQ(T.run({"build", "-C"}), "build|-C");
  EXPECT_EQ(T.run({"build", "-ldflags=-X a=b -o"}),
            "build|-ldflags=-X a=b -s -w -o");
}

TEST(RewriteGoTest, tagsAreASet) {
  Case T("[policy]\ntags = { require = [\"netgo\"], forbid = [\"debug\"] }\n");
  EXPECT_EQ(T.run({"build", "-tags", "x debug"}), "build|-tags=x,netgo");
  EXPECT_EQ(T.run({"build", "-tags=netgo"}), "build|-tags=netgo");
  EXPECT_EQ(T.Edits, "");
  EXPECT_EQ(T.run({"vet"}), "vet|-tags=netgo");
  Case F("[policy]\ntags = { forbid = [\"debug\"] }\n");
  EXPECT_EQ(F.run({"build", "-tags=debug", "."}), "build|.");
  F.Env["GOFLAGS"] = "-tags=debug";
  EXPECT_EQ(F.run({"build", "."}), "build|-tags=|.");
}

TEST(RewriteGoTest, testFlagsBehindThePackagesCount) {
  Case T("[policy]\ntags = { require = [\"netgo\"] }\n");
  EXPECT_EQ(T.run({"test", "./...", "-tags", "a", "-args", "-tags=b"}),
            "test|./...|-tags=a,netgo|-args|-tags=b");
}

TEST(RewriteGoTest, testsAndRunsAreExcluded) {
  Case T("[policy]\nstrip = \"all\"\ntrimpath = true\n");
  EXPECT_EQ(T.run({"test", "./..."}), "test|./...");
  EXPECT_EQ(T.run({"run", "."}), "run|-trimpath|.");
}

TEST(RewriteGoTest, staticTakesCgoAwayWhereItCan) {
  Case T("[policy]\nstatic = true\n");
  EXPECT_EQ(T.run({"build"}), "build\nenv CGO_ENABLED=0");
  EXPECT_EQ(T.Edits, "static: '' -> 'CGO_ENABLED=0'\n");
  EXPECT_EQ(T.Asked, 1u);
  T.NeedsCgo = true;
  EXPECT_EQ(T.run({"build", "-ldflags=-extldflags -lm"}),
            "build|-ldflags=-extldflags '-lm -static' -linkmode=external");
  T.Asked = 0;
  T.Env["CGO_ENABLED"] = "1";
  EXPECT_EQ(T.run({"build"}),
            "build|-ldflags=-linkmode=external -extldflags=-static");
  T.Env["CGO_ENABLED"] = "0";
  EXPECT_EQ(T.run({"build"}), "build");
  EXPECT_EQ(T.Asked, 0u);
}

TEST(RewriteGoTest, staticSaysWhereItCannotBe) {
  Case T("[policy]\nstatic = true\n");
  T.Env = {{"GOOS", "darwin"}, {"CGO_ENABLED", "1"}};
  EXPECT_EQ(T.run({"build"}),
            "build\nGS103 error static: asked for a program without dynamic "
            "loader, but with cgo there is none on darwin\n"
            "fix: set CGO_ENABLED=0, or static = false for this GOOS");
  T.Env = {{"CGO_ENABLED", "0"}};
  EXPECT_EQ(T.run({"build", "-buildmode=pie"}),
            "build|-buildmode=pie\nGS103 error static: asked for a program "
            "without dynamic loader, but -buildmode=pie without cgo needs one\n"
            "fix: use -buildmode=exe, or CGO_ENABLED=1 for a static PIE");
  T.Env.clear();
  EXPECT_EQ(T.run({"build", "-buildmode=pie"}),
            "build|-buildmode=pie|-ldflags=-linkmode=external "
            "-extldflags=-static-pie");
}

TEST(RewriteGoTest, environment) {
  Case T("[policy]\nenv = { CGO_ENABLED = \"0\", GOAMD64 = \"v3\" }\n");
  T.Env["CGO_ENABLED"] = "1";
  EXPECT_EQ(T.run({"build"}), "build\nenv CGO_ENABLED=0\nenv GOAMD64=v3");
  EXPECT_EQ(T.Edits, "env: 'CGO_ENABLED=1' -> 'CGO_ENABLED=0'\n"
                     "env: '' -> 'GOAMD64=v3'\n");
}

TEST(RewriteGoTest, environmentCanChangeWhichOverridesHold) {
  Case T("[policy]\nenv = { GOOS = \"windows\" }\n"
         "[[override]]\nmatch = { goos = \"windows\" }\nstrip = \"all\"\n");
  EXPECT_EQ(T.run({"build"}), "build|-ldflags=-s -w\nenv GOOS=windows");
  Case Loop("[policy]\nenv = { GOOS = \"windows\" }\n"
            "[[override]]\nmatch = { goos = \"windows\" }\n"
            "env = { GOOS = \"linux\" }\n");
  EXPECT_EQ(Loop.run({"build"}),
            "failed: goslim.toml:6:1: env: GOOS or GOARCH never settle: with "
            "their new values other overrides match and set them again");
}

TEST(RewriteGoTest, gcflagsGoToAllPackages) {
  Case T("[policy]\ngcflags = { add = [\"-l\"], forbid = [\"-N\"] }\n");
  EXPECT_EQ(T.run({"build"}), "build|-gcflags=all=-l");
  EXPECT_EQ(T.run({"build", "-gcflags=all=-N -m"}), "build|-gcflags=all=-m -l");
  // What is meant for the command's packages hides the general value there.
  EXPECT_EQ(T.run({"build", "-gcflags=-m"}),
            "build|-gcflags=all=-l|-gcflags=-m -l");
}

TEST(RewriteGoTest, ldflagsAddAndForbid) {
  Case T("[policy]\nldflags = { add = [\"-extldflags=-Wl,-z,now\", "
         "\"-newflag\"], forbid = [\"-checklinkname=0\", \"-r\"] }\n");
  EXPECT_EQ(T.run({"build", "-ldflags=-checklinkname=0 -r /x -r=/y "
                            "-extldflags=-lm"}),
            "build|-ldflags=-extldflags '-lm -Wl,-z,now' -newflag");
  EXPECT_EQ(T.run({"build", "-ldflags=-checklinkname=1"}),
            "build|-ldflags=-checklinkname=1 -extldflags=-Wl,-z,now -newflag");
}

TEST(RewriteGoTest, contradictionsInPolicyDoNotGoBackAndForth) {
  Case T("[policy]\nstrip = \"all\"\n"
         "ldflags = { add = [\"-s=false\"], forbid = [\"-w\", \"-X\"] }\n"
         "vars = { set = { \"a.b\" = \"c\" } }\n");
  // Of two demands the later rule's stands; run() checks that it stays so.
  T.run({"build", "-ldflags=-s -w -X a.b=d"});
}

TEST(RewriteGoTest, whatGoCannotReadBackIsRefused) {
  Case T("[policy]\nldflags = { forbid = [\"-r\"] }\n");
  EXPECT_EQ(T.run({"build", "-ldflags=-r /x '-L=a b'"}),
            "failed: -ldflags: ''-L=a b'' does not mean the same to go, the "
            "first word must begin with '-' and need no quotes");
}

TEST(RewriteGoTest, requireNamesWhatWasFoundAndTheFix) {
  Case T("[policy]\nmode = \"require\"\nstrip = \"all\"\ntrimpath = true\n"
         "static = true\ntags = { require = [\"netgo\"], forbid = [\"d\"] }\n"
         "env = { GOAMD64 = \"v3\" }\n");
  EXPECT_EQ(
      T.run({"build", "-ldflags=-X a=b", "-tags=d"}),
      "build|-ldflags=-X a=b|-tags=d\n"
      "GS101 error strip: asked for all (-s -w), found -ldflags=\"-X a=b\"\n"
      "fix: give go -ldflags=\"-X a=b -s -w -linkmode=external "
      "-extldflags=-static\"\n"
      "GS102 error trimpath: asked for true, found no -trimpath\n"
      "fix: give go -trimpath\n"
      "GS103 error static: asked for a program without dynamic loader "
      "(-linkmode=external -extldflags=-static), found -ldflags=\"-X a=b\"\n"
      "fix: set CGO_ENABLED=0, or give go -ldflags=\"-X a=b -s -w "
      "-linkmode=external -extldflags=-static\"\n"
      "GS105 error tags: asked for netgo, forbids d, found -tags=d\n"
      "fix: give go -tags=netgo\n"
      "GS110 error env: asked for GOAMD64=v3, found it not set\n"
      "fix: set GOAMD64=v3 in the environment of go");
  T.Env = {{"CGO_ENABLED", "0"}, {"GOAMD64", "v3"}};
  EXPECT_EQ(T.run({"build", "-ldflags=-s -w", "-tags=netgo", "-trimpath"}),
            "build|-ldflags=-s -w|-tags=netgo|-trimpath");
  Case W("[policy]\nmode = \"warn\"\nvars = { forbid = [\"main.d\"] }\n");
  EXPECT_EQ(W.run({"build", "-ldflags=-X main.d=1"}),
            "build|-ldflags=-X main.d=1\n"
            "GS106 warning vars: forbids -X main.d=1, found -ldflags=\"-X "
            "main.d=1\"\nfix: give go -ldflags=\"\"");
}

TEST(RewriteGoTest, packageOverrides) {
  Case T("[policy]\nstrip = \"all\"\n"
         "[[override]]\nmatch = { package = \"./cmd/debug/...\" }\n"
         "strip = \"none\"\n");
  EXPECT_EQ(T.run({"build", "./cmd/debug/x"}), "build|./cmd/debug/x");
  EXPECT_EQ(T.run({"build", "./cmd/a"}), "build|-ldflags=-s -w|./cmd/a");
  EXPECT_EQ(T.run({"build", "./..."}),
            "build|-ldflags=-s -w|-ldflags=example.com/m/cmd/debug/...=|./...");
  EXPECT_EQ(T.run({"build", "./cmd/a", "./cmd/debug/x"}),
            "build|-ldflags=-s -w|-ldflags=example.com/m/cmd/debug/...=|"
            "./cmd/a|./cmd/debug/x");
  T.C.Cwd = "/m/cmd/debug/x";
  T.C.CwdPackage = "example.com/m/cmd/debug/x";
  EXPECT_EQ(T.run({"build"}), "build");
  EXPECT_EQ(T.run({"build", "../../a"}), "build|-ldflags=-s -w|../../a");
  EXPECT_EQ(T.run({"build", "main.go"}), "build|-ldflags=-s -w|main.go");
}

TEST(RewriteGoTest, packageOverridesUnderUserPatterns) {
  Case T(
      "[policy]\nstrip = \"all\"\n"
      "[[override]]\nmatch = { package = \"./cmd/...\" }\nstrip = \"debug\"\n"
      "[[override]]\nmatch = { package = \"./cmd/x\" }\nstrip = \"none\"\n");
  // Wider patterns first: go takes the last one that matches.
  EXPECT_EQ(T.run({"build", "./..."}),
            "build|-ldflags=-s -w|-ldflags=example.com/m/cmd/...=-w|"
            "-ldflags=example.com/m/cmd/x=|./...");
  EXPECT_EQ(
      T.run({"build", "-ldflags=-X a=b", "-ldflags=./cmd/x=-X c=d", "./..."}),
      "build|-ldflags=-X a=b -s -w|"
      "-ldflags=example.com/m/cmd/...=-X a=b -w|"
      "-ldflags=./cmd/x=-X c=d|./...");
}

TEST(RewriteGoTest, packageOverridesInWhatGoTakesOnce) {
  Case T("[policy]\ntrimpath = true\n"
         "[[override]]\nmatch = { package = \"./cmd/debug/...\" }\n"
         "trimpath = false\n");
  EXPECT_EQ(T.run({"build", "./cmd/debug/..."}), "build|./cmd/debug/...");
  EXPECT_EQ(T.run({"build", "./cmd/a"}), "build|-trimpath|./cmd/a");
  std::string Refused =
      "\nGS102 error trimpath: holds differently for the packages of "
      "example.com/m/cmd/debug/..., but go takes it once for a whole command\n"
      "fix: build these packages separately";
  EXPECT_EQ(T.run({"build", "./..."}), "build|-trimpath|./..." + Refused);
  EXPECT_NE(T.run({"build", "./cmd/a", "./cmd/debug/x"}).find("separately"),
            std::string::npos);
}

TEST(RewriteGoTest, toolexecRequiresWhatOnlyGoCanDo) {
  Case T("[policy]\nstrip = \"all\"\ntrimpath = true\nstatic = true\n"
         "tags = { require = [\"netgo\"] }\nenv = { GOAMD64 = \"v3\" }\n");
  T.Env = {{"CGO_ENABLED", "1"}};
  EXPECT_EQ(T.check({"build"}),
            "tags: asked for netgo, found no -tags\n"
            "env: asked for GOAMD64=v3, found it not set\n");
  T.Env = {{"CGO_ENABLED", "1"}, {"GOAMD64", "v3"}, {"GOFLAGS", "-tags=netgo"}};
  EXPECT_EQ(T.check({"build"}), "");
  Case R("[policy]\nmode = \"require\"\nstrip = \"all\"\ntrimpath = true\n");
  EXPECT_EQ(R.check({"build", "-trimpath"}),
            "strip: asked for all (-s -w), found no -ldflags\n");
}
