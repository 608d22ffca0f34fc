#include "goslim/Rewrite/RewriteTool.h"
#include "goslim/Policy/PolicyFile.h"
#include "goslim/Tool/ImportConfig.h"
#include "goslim/Tool/Quoted.h"
#include <gtest/gtest.h>

using namespace goslim;

namespace {

std::vector<std::string> split(std::string_view Text) {
  std::vector<std::string> Words;
  while (!Text.empty()) {
    size_t Bar = Text.find('|');
    Words.emplace_back(Text.substr(0, Bar));
    Text.remove_prefix(Bar == Text.npos ? Text.size() : Bar + 1);
  }
  return Words;
}

std::string join(const std::vector<std::string> &Words) {
  std::string Text;
  for (const std::string &Word : Words)
    Text += (Text.empty() ? "" : "|") + Word;
  return Text;
}

void expectStart(const std::string &Text, const std::string &Start) {
  EXPECT_EQ(Text.substr(0, Start.size()), Start);
}

Policy parse(const std::string &Toml) {
  PolicySource Source;
  Source.File = "/m/goslim.toml";
  Source.Shown = "goslim.toml";
  Source.ModulePath = "example.com/m";
  Source.Root = "/m";
  Source.Trusted = true;
  Result<Policy> Parsed = parsePolicy(Source, "version = 1\n" + Toml, "");
  if (Parsed)
    return *Parsed;
  ADD_FAILURE() << Parsed.failure().Message;
  return {};
}

/// An importcfg.link with these build settings, one a line.
std::string importcfg(const std::string &Settings, bool Cgo = false) {
  std::string Info = "path\texample.com/m\nmod\texample.com/m\t(devel)\t\n";
  std::string_view Rest = Settings;
  while (!Rest.empty()) {
    size_t End = Rest.find('\n');
    Info += "build\t" + std::string(Rest.substr(0, End)) + "\n";
    Rest.remove_prefix(End == Rest.npos ? Rest.size() : End + 1);
  }
  return "packagefile example.com/m=/w/b001/_pkg_.a\n" +
         std::string(Cgo ? "packagefile runtime/cgo=/c/aa/aa-d\n" : "") +
         "modinfo " +
         goQuote(std::string(ModInfoStart) + Info + std::string(ModInfoEnd)) +
         "\n";
}

constexpr const char *Base = "-buildmode=exe\n-compiler=gc\nCGO_ENABLED=1\n"
                             "CGO_CFLAGS=-g\nCGO_CPPFLAGS=\nCGO_CXXFLAGS=\n"
                             "CGO_LDFLAGS=\nGOARCH=amd64\nGOOS=linux";

struct Case {
  explicit Case(const std::string &Toml) : P(parse(Toml)) {
    C.ImportPath = "example.com/m/cmd/app";
    C.GoVersion = "go1.26.8";
    C.Goos = "linux";
    C.Goarch = "amd64";
    C.Goroot = "/go";
    C.Gomodcache = "/mc";
    C.Cwd = "/m";
  }

  std::string run(ToolKind Tool, std::string_view Line) {
    RewrittenInvocation New =
        rewriteTool(P, parseInvocation(Tool, split(Line)), C);
    std::string Text = join(print(New.Call));
    for (const std::string &Set : New.SetEnv)
      Text += "\nenv " + Set;
    for (const Finding &F : New.Findings)
      Text += "\n" + F.Id + " " + F.Message;
    Edits.clear();
    for (const Edit &E : New.Edits)
      Edits += std::string(ruleName(E.Rule)) + ": '" + E.Before + "' -> '" +
               E.After + "'\n";
    Settings.clear();
    if (New.Importcfg)
      readSettings(*New.Importcfg);
    checkIdempotent(New);
    return Text;
  }
  std::string link(std::string_view User, const char *Head = "-o|/w/a.out|"
                                                             "-importcfg|"
                                                             "/w/cfg|") {
    return run(ToolKind::Link,
               Head + std::string("-buildmode=exe|-buildid=a/b|") +
                   std::string(User) + "-extld=gcc|/w/b001/_pkg_.a");
  }

  void readSettings(const std::string &Text) {
    Result<ImportConfig> Config = parseImportConfig(Text);
    ASSERT_TRUE(bool(Config));
    Result<std::string> Marked = goUnquote(Config->modinfo()->Value);
    ASSERT_TRUE(bool(Marked));
    Result<ModInfo> Info =
        parseModInfo(std::string_view(*Marked).substr(16, Marked->size() - 32));
    ASSERT_TRUE(bool(Info));
    for (const auto &[Key, Value] : Info->Settings)
      Settings += Key + "=" + Value + "\n";
  }

  void checkIdempotent(const RewrittenInvocation &New) {
    ToolContext Next = C;
    if (New.Importcfg)
      Next.Importcfg = *New.Importcfg;
    RewrittenInvocation Again = rewriteTool(P, New.Call, Next);
    EXPECT_EQ(join(print(New.Call)), join(print(Again.Call)));
    if (New.SetEnv.empty() || New.Importcfg) {
      EXPECT_TRUE(Again.Edits.empty()) << Again.Edits.front().After;
    }
    EXPECT_FALSE(Again.Importcfg);
  }

  Policy P;
  ToolContext C;
  std::string Edits, Settings;
};

} // namespace

TEST(RewriteToolTest, noPolicyIsIdentity) {
  Case T("");
  T.C.Importcfg = importcfg(Base);
  EXPECT_EQ(T.link("-X|a=b|"),
            "-o|/w/a.out|-importcfg|/w/cfg|-buildmode=exe|-buildid=a/b|-X|a=b|"
            "-extld=gcc|/w/b001/_pkg_.a");
  EXPECT_EQ(T.Edits, "");
  RewrittenInvocation None =
      rewriteTool(Policy(), parseInvocation(ToolKind::Link, split("-s|x.a")),
                  ToolContext());
  EXPECT_EQ(join(print(None.Call)), "-s|x.a");
}

TEST(RewriteToolTest, otherToolsStay) {
  Case T("[policy]\nstrip = \"all\"\ntrimpath = true\n");
  EXPECT_EQ(T.run(ToolKind::Cgo, "-trimpath|/x=>|--|-g|a.go"),
            "-trimpath|/x=>|--|-g|a.go");
  EXPECT_EQ(T.run(ToolKind::Vet, "vet.cfg"), "vet.cfg");
}

TEST(RewriteToolTest, linkFlagsAndTheirRecord) {
  Case T("[policy]\nstrip = \"all\"\nbuildid = \"empty\"\n"
         "vars = { set = { \"main.v\" = \"a b\" } }\n");
  T.C.Importcfg = importcfg(Base);
  EXPECT_EQ(T.link(""),
            "-o|/w/a.out|-importcfg|/w/cfg.goslim|-buildmode=exe|-buildid=a/b|"
            "-s|-w|-buildid=|-X|main.v=a b|-extld=gcc|/w/b001/_pkg_.a");
  EXPECT_EQ(T.Edits,
            "strip: '' -> '-s'\nstrip: '' -> '-w'\n"
            "strip: 'cfg' -> 'cfg.goslim'\n"
            "buildid: '' -> '-buildid='\nvars: '' -> '-X main.v=a b'\n");
  EXPECT_EQ(T.Settings,
            "-buildmode=exe\n-compiler=gc\n-ldflags=-s -w -buildid= -X "
            "'main.v=a b'\nCGO_ENABLED=1\nCGO_CFLAGS=-g\nCGO_CPPFLAGS=\n"
            "CGO_CXXFLAGS=\nCGO_LDFLAGS=\nGOARCH=amd64\nGOOS=linux\n");
}

TEST(RewriteToolTest, goesOwnFlagBehindGivesWay) {
  Case T("[policy]\nldflags = { add = [\"-extld=clang\"] }\n");
  T.C.Importcfg = importcfg(Base);
  EXPECT_EQ(T.link("-s|"),
            "-o|/w/a.out|-importcfg|/w/cfg|-buildmode=exe|-buildid=a/b|"
            "-s|-extld=clang|/w/b001/_pkg_.a");
  EXPECT_EQ(T.Edits, "ldflags: '-extld=gcc' -> '-extld=clang'\n");
}

TEST(RewriteToolTest, usersPartOfTheRecordStays) {
  Case T("[policy]\nstrip = \"debug\"\nvars = { forbid = [\"main.d\"] }\n");
  T.C.Importcfg =
      importcfg("-ldflags=\"./...=-X a=b -X main.d=1\"\n" + std::string(Base));
  EXPECT_EQ(T.link("-X|a=b|-X|main.d=1|"),
            "-o|/w/a.out|-importcfg|/w/cfg.goslim|-buildmode=exe|-buildid=a/b|"
            "-X|a=b|-w|-extld=gcc|/w/b001/_pkg_.a");
  expectStart(T.Settings, "-ldflags=./...=-X a=b -w\n");
  // The last -ldflags was for other packages: only this program's are true.
  T.C.Importcfg = importcfg("-ldflags=\"./other=-r /x\"\n" + std::string(Base));
  T.link("-X|a=b|");
  expectStart(T.Settings, "-ldflags=-X a=b -w\n");
}

TEST(RewriteToolTest, goesOwnStripIsNotTheUsers) {
  Case T("[policy]\nldflags = { forbid = [\"-s\", \"-w\"] }\n");
  T.C.Importcfg = importcfg(Base);
  const char *Run = "-o|/w/a.out|-importcfg|/w/cfg|-s|-w|";
  EXPECT_EQ(T.link("", Run),
            "-o|/w/a.out|-importcfg|/w/cfg|-s|-w|-buildmode=exe|-buildid=a/b|"
            "-extld=gcc|/w/b001/_pkg_.a");
  EXPECT_EQ(T.link("-s|-race|", Run),
            "-o|/w/a.out|-importcfg|/w/cfg.goslim|-s|-w|-buildmode=exe|"
            "-buildid=a/b|-race|-extld=gcc|/w/b001/_pkg_.a");
}

TEST(RewriteToolTest, nothingBehindAnUnknownFlag) {
  Case T("[policy]\nstrip = \"all\"\n");
  EXPECT_EQ(T.run(ToolKind::Link, "-o|a|-buildmode=exe|-buildid=x|-v|-new|m.a"),
            "-o|a|-buildmode=exe|-buildid=x|-v|-s|-w|-new|m.a");
  EXPECT_EQ(T.run(ToolKind::Link, "-o|a|-buildmode=exe|-buildid=x|-new=1|m.a"),
            "-o|a|-buildmode=exe|-buildid=x|-new=1|-s|-w|m.a");
}

TEST(RewriteToolTest, staticLinksExternallyOnlyWithCgo) {
  Case T("[policy]\nstatic = true\n");
  T.C.Importcfg = importcfg(Base);
  T.link("");
  EXPECT_EQ(T.Edits, "");
  T.C.Importcfg = importcfg(Base, true);
  EXPECT_EQ(T.link("-extldflags|-lm|"),
            "-o|/w/a.out|-importcfg|/w/cfg.goslim|-buildmode=exe|-buildid=a/b|"
            "-extldflags|-lm -static|-linkmode=external|-extld=gcc|"
            "/w/b001/_pkg_.a");
  expectStart(
      T.Settings,
      "-buildmode=exe\n-compiler=gc\n-ldflags=-extldflags '-lm -static' "
      "-linkmode=external");
  EXPECT_EQ(T.run(ToolKind::Link, "-importcfg|c|-buildmode=pie|m.a"),
            "-importcfg|c.goslim|-buildmode=pie|-linkmode=external|"
            "-extldflags=-static-pie|m.a");
}

TEST(RewriteToolTest, trimpathAtLink) {
  Case T("[policy]\ntrimpath = true\n");
  T.C.Importcfg = importcfg("-ldflags=\"-X a=b\"\n" + std::string(Base));
  EXPECT_EQ(T.link("-X|a=b|"),
            "-o|/w/a.out|-importcfg|/w/cfg.goslim|-buildmode=exe|-buildid=a/b|"
            "-X|a=b|-extld=gcc|/w/b001/_pkg_.a\nenv GOROOT=");
  EXPECT_EQ(T.Settings, "-buildmode=exe\n-compiler=gc\n-trimpath=true\n"
                        "CGO_ENABLED=1\nGOARCH=amd64\nGOOS=linux\n");
  EXPECT_EQ(T.Edits, "trimpath: '' -> 'GOROOT='\n"
                     "trimpath: 'cfg' -> 'cfg.goslim'\n");
  T.C.GoVersion = "go1.22.12";
  EXPECT_NE(T.link("").find("env GOROOT_FINAL=$GOROOT"), std::string::npos);
  // go did it itself.
  T.C.Importcfg = importcfg("-trimpath=true\nGOOS=linux");
  T.link("");
  EXPECT_EQ(T.Edits, "");
}

TEST(RewriteToolTest, trimpathByWhereThePackageIs) {
  Case T("[policy]\ntrimpath = true\n");
  auto Compile = [&](const char *Import, const std::string &Folder) {
    T.C.ImportPath = Import;
    return T.run(ToolKind::Compile, "-o|/w/b1/_pkg_.a|-trimpath|/w/b1=>|-p|p|"
                                    "-pack|/w/b1/gen.go|" +
                                        Folder + "/a.go");
  };
  auto Expect = [](const std::string &Folder, const std::string &To) {
    return "-o|/w/b1/_pkg_.a|-trimpath|" + Folder + "=>" + To +
           ";/w/b1=>|-p|p|-pack|/w/b1/gen.go|" + Folder + "/a.go";
  };
  EXPECT_EQ(Compile("example.com/m/x", "/m/x"),
            Expect("/m/x", "example.com/m/x"));
  EXPECT_EQ(T.Edits, "trimpath: '' -> '-trimpath=.=>example.com/m/x'\n");
  EXPECT_EQ(Compile("net/http", "/go/src/net/http"),
            Expect("/go/src/net/http", "net/http"));
  EXPECT_EQ(Compile("github.com/BurntSushi/toml/x",
                    "/mc/github.com/!burnt!sushi/toml@v1.0.0/x"),
            Expect("/mc/github.com/!burnt!sushi/toml@v1.0.0/x",
                   "github.com/BurntSushi/toml@v1.0.0/x"));
  EXPECT_EQ(Compile("example.com/m/x_test", "/m/x"),
            Expect("/m/x", "example.com/m/x"));
  T.C.VendorModules = "# a.b/c v1.2.3 => ../c\n## explicit\na.b/c/d\n"
                      "# a.b/e => ../e\na.b/e\n";
  EXPECT_EQ(Compile("a.b/c/d", "/m/vendor/a.b/c/d"),
            Expect("/m/vendor/a.b/c/d", "a.b/c@v1.2.3/d"));
  EXPECT_EQ(Compile("a.b/e", "/m/vendor/a.b/e"),
            Expect("/m/vendor/a.b/e", "a.b/e"));
}

TEST(RewriteToolTest, trimpathOfReplacedModules) {
  Case T("[policy]\ntrimpath = true\n");
  T.C.GoMod = "module example.com/m // main\nrequire example.com/m/r v0.1.0\n"
              "require (\n\trsc.io/quote v1.5.2 // indirect\n)\n"
              "replace example.com/m/r => ./r\n"
              "replace (\n\trsc.io/quote v1.5.2 => rsc.io/quote v1.5.1\n)\n";
  T.C.ImportPath = "rsc.io/quote/x";
  T.run(ToolKind::Compile, "-trimpath|/w=>|/mc/rsc.io/quote@v1.5.1/x/q.go");
  EXPECT_EQ(T.Edits, "trimpath: '' -> '-trimpath=.=>rsc.io/quote@v1.5.2/x'\n");
  T.C.ImportPath = "example.com/m/r/a";
  T.run(ToolKind::Compile, "-trimpath|/w=>|/m/r/a/q.go");
  EXPECT_EQ(T.Edits,
            "trimpath: '' -> '-trimpath=.=>example.com/m/r@v0.1.0/a'\n");
  T.C.ImportPath = "example.com/m/other";
  T.run(ToolKind::Compile, "-trimpath|/w=>|/m/other/q.go");
  EXPECT_EQ(T.Edits, "trimpath: '' -> '-trimpath=.=>example.com/m/other'\n");
}

TEST(RewriteToolTest, trimpathAlreadyThereOrOverlaid) {
  Case T("[policy]\ntrimpath = true\n");
  T.C.ImportPath = "example.com/m/x";
  T.run(ToolKind::Compile, "-trimpath|/m/x=>example.com/m/x;/w=>|/m/x/a.go");
  EXPECT_EQ(T.Edits, "");
  EXPECT_EQ(T.run(ToolKind::Compile, "-trimpath=/o/b.go=>/m/x/b.go;/w=>|"
                                     "/m/x/a.go|/o/b.go"),
            "-trimpath=/m/x=>example.com/m/x;/o/b.go=>example.com/m/x/b.go;"
            "/w=>|/m/x/a.go|/o/b.go");
  // asm runs in the package's folder.
  T.C.Cwd = "/m/x";
  EXPECT_EQ(T.run(ToolKind::Asm, "-p|p|-trimpath|/w=>|-I|/w|-o|a.o|./a.s"),
            "-p|p|-trimpath|/m/x=>example.com/m/x;/w=>|-I|/w|-o|a.o|./a.s");
}

TEST(RewriteToolTest, trimpathThatOnlyGoCanDo) {
  Case T("[policy]\ntrimpath = true\n");
  T.C.ImportPath = "example.com/m/c";
  EXPECT_EQ(
      T.run(ToolKind::Compile, "-trimpath|/w=>|/w/_cgo_gotypes.go|/w/a.go"),
      "-trimpath|/w=>|/w/_cgo_gotypes.go|/w/a.go\n"
      "GS102 trimpath: asked for true, but the C code of package "
      "example.com/m/c can only be trimmed by go");
  EXPECT_EQ(T.run(ToolKind::Compile, "-trimpath|/w=>|/w/a.cover.go"),
            "-trimpath|/w=>|/w/a.cover.go\n"
            "GS102 trimpath: asked for true, but all files of package "
            "example.com/m/c are generated, which leaves its folder unknown");
  // Covered packages are mostly for tests; only a program's link is refused.
  std::string Covered = "-trimpath|/w=>|-coveragecfg=/w/c|/w/a.cover.go";
  EXPECT_EQ(T.run(ToolKind::Compile, Covered), Covered);
  T.C.Importcfg = "packagefile runtime/coverage=/x\n";
  std::string Refused = "GS102 trimpath: asked for true, but what is built for "
                        "coverage can only be trimmed by go";
  EXPECT_NE(T.link("").find(Refused), std::string::npos);
  T.C.ImportPath = "example.com/m/c.test";
  EXPECT_EQ(T.link("").find(Refused), std::string::npos);
  T.C.ImportPath = "example.com/m/c";
  // go's own -trimpath; the standard library; a test's main package.
  EXPECT_EQ(
      T.run(ToolKind::Compile, "-trimpath|/m/c=>x;/w=>|/w/_cgo_gotypes.go"),
      "-trimpath|/m/c=>x;/w=>|/w/_cgo_gotypes.go");
  T.C.ImportPath = "net";
  EXPECT_EQ(T.run(ToolKind::Compile, "-trimpath|/w=>|-std|/w/_cgo_gotypes.go"),
            "-trimpath|/go/src/net=>net;/w=>|-std|/w/_cgo_gotypes.go");
  T.C.ImportPath = "example.com/m/c.test";
  EXPECT_EQ(T.run(ToolKind::Compile, "-trimpath|/w=>|/w/_testmain.go"),
            "-trimpath|/w=>|/w/_testmain.go");
}

TEST(RewriteToolTest, compilerAndAssemblerFlags) {
  Case T("[policy]\ngcflags = { add = [\"-l\", \"-N\"], forbid = [\"-m\"] }\n"
         "asmflags = { add = [\"-debug\"] }\n");
  EXPECT_EQ(
      T.run(ToolKind::Compile,
            "-o|x|-trimpath|/w=>|-p|p|-lang=go1.21|-complete|-buildid|a/a|"
            "-goversion|go1.26|-c=4|-shared|-m|-nolocalimports|"
            "-importcfg|c|-pack|a.go"),
      "-o|x|-trimpath|/w=>|-p|p|-lang=go1.21|-complete|-buildid|a/a|"
      "-goversion|go1.26|-c=4|-shared|-l|-N|-nolocalimports|"
      "-importcfg|c|-pack|a.go");
  // Up to Go 1.21 the runtime is told by -+, and not built with -N.
  EXPECT_EQ(T.run(ToolKind::Compile, "-p|runtime|-std|-+|-nolocalimports|a.go"),
            "-p|runtime|-std|-+|-l|-nolocalimports|a.go");
  EXPECT_EQ(T.run(ToolKind::Asm, "-p|p|-trimpath|/w=>|-I|/w|-I|/go|-D|GOOS_a|"
                                 "-D|GOARCH_b|-I|/u|-D|GOAMD64_v1|-o|a.o|a.s"),
            "-p|p|-trimpath|/w=>|-I|/w|-I|/go|-D|GOOS_a|-D|GOARCH_b|-I|/u|"
            "-debug|-D|GOAMD64_v1|-o|a.o|a.s");
  // The link records them, as the driver would have given them.
  T.C.Importcfg = importcfg("-gcflags=-m\n" + std::string(Base));
  T.link("");
  expectStart(
      T.Settings,
      "-asmflags=all=-debug\n-gcflags=-l -N\n-buildmode=exe\n-compiler=gc"
      "\nCGO_ENABLED");
}

TEST(RewriteToolTest, exclusionsAndOverrides) {
  Case T("[policy]\nstrip = \"all\"\n"
         "[[override]]\nmatch = { package = \"./cmd/debug/...\" }\n"
         "strip = \"debug\"\n"
         "[[override]]\nmatch = { buildmode = \"pie\" }\nbuildid = \"x\"\n");
  T.C.ImportPath = "example.com/m/lib.test";
  T.link("");
  EXPECT_EQ(T.Edits, "");
  T.C.ImportPath = "example.com/m/cmd/debug/a";
  T.link("");
  EXPECT_EQ(T.Edits, "strip: '' -> '-w'\n");
  T.C.ImportPath = "example.com/m";
  EXPECT_EQ(T.run(ToolKind::Link, "-buildmode=pie|m.a"),
            "-buildmode=pie|-s|-w|-buildid=x|m.a");
  EXPECT_EQ(T.run(ToolKind::Link, "-buildmode=plugin|m.a"),
            "-buildmode=plugin|m.a");
}

TEST(RewriteToolTest, requireFindsAndChangesNothing) {
  Case T("[policy]\nmode = \"require\"\nstrip = \"all\"\ntrimpath = true\n"
         "vars = { forbid = [\"a.b\"] }\n");
  T.C.Importcfg = importcfg(Base);
  EXPECT_EQ(T.link("-X|a.b=c|"),
            "-o|/w/a.out|-importcfg|/w/cfg|-buildmode=exe|-buildid=a/b|-X|"
            "a.b=c|-extld=gcc|/w/b001/_pkg_.a\n"
            "GS101 strip: asked for all (-s -w), found -ldflags=\"-X a.b=c\"\n"
            "GS106 vars: forbids -X a.b=c, found -ldflags=\"-X a.b=c\"\n"
            "GS102 trimpath: asked for true, found no -trimpath");
  EXPECT_EQ(T.run(ToolKind::Compile, "-trimpath|/w=>|/m/a.go"),
            "-trimpath|/w=>|/m/a.go\n"
            "GS102 trimpath: asked for true, found no -trimpath");
}

TEST(RewriteToolTest, checkToolWarnsOfWhatTheDriverShouldHaveDone) {
  Policy P = parse("[policy]\nstrip = \"all\"\n");
  ToolContext C;
  C.ImportPath = "example.com/m";
  C.Goos = "linux";
  auto Check = [&](std::string_view Line) {
    return checkTool(P, parseInvocation(ToolKind::Link, split(Line)), C);
  };
  std::vector<Finding> Found = Check("-o|x|-buildmode=exe|-buildid=a|m.a");
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_EQ(Found[0].Message,
            "strip: asked for all (-s -w), found no -ldflags");
  EXPECT_EQ(Found[0].Level, Severity::Warning);
  EXPECT_TRUE(Check("-o|x|-buildmode=exe|-buildid=a|-s|-w|m.a").empty());
  // go run's programs are excluded; go marks them by stripping them itself.
  EXPECT_TRUE(Check("-o|x|-s|-w|-buildmode=exe|-buildid=a|m.a").empty());
  C.Command = "run";
  EXPECT_TRUE(Check("-o|x|-buildmode=exe|-buildid=a|m.a").empty());
}

TEST(RewriteToolTest, unreadableBuildInfoIsRefused) {
  Case T("[policy]\nstrip = \"all\"\n");
  T.C.Importcfg = "modinfo \"short\"\n";
  EXPECT_NE(T.link("").find("importcfg.link: modinfo: expected text between "
                            "markers"),
            std::string::npos);
}

TEST(RewriteToolTest, saltIsPerTool) {
  ToolContext C;
  C.Goos = "linux";
  C.Goarch = "amd64";
  auto Salts = [&](const std::string &Toml) {
    Policy P = parse(Toml);
    std::string Which;
    for (ToolKind Tool : {ToolKind::Compile, ToolKind::Asm, ToolKind::Link,
                          ToolKind::Cgo, ToolKind::Vet})
      if (!saltText(P, Tool, C).empty())
        Which += std::string(toolName(Tool)) + " ";
    return Which;
  };
  EXPECT_EQ(Salts(""), "");
  EXPECT_EQ(Salts("[policy]\nstrip = \"none\"\nbuildid = \"keep\"\n"), "");
  EXPECT_EQ(Salts("[policy]\nstrip = \"all\"\n"), "link ");
  EXPECT_EQ(Salts("[policy]\nvars = { forbid = [\"a.b\"] }\n"), "link ");
  EXPECT_EQ(Salts("[policy]\ntrimpath = true\n"), "compile asm link ");
  EXPECT_EQ(Salts("[policy]\ngcflags = { add = [\"-l\"] }\n"), "compile link ");
  EXPECT_EQ(Salts("[policy]\nasmflags = { add = [\"-debug\"] }\n"),
            "asm link ");
  // What go decides, and what only checks, changes no output of a tool.
  EXPECT_EQ(Salts("[policy]\ntags = { require = [\"a\"] }\n"
                  "env = { GOAMD64 = \"v3\" }\n"),
            "");
  EXPECT_EQ(Salts("[policy]\nmode = \"require\"\nstrip = \"all\"\n"), "");
  EXPECT_EQ(Salts("[policy]\nstrip = { value = \"all\", mode = \"warn\" }\n"),
            "");
  EXPECT_EQ(Salts("[policy]\nmode = \"require\"\nstrip = \"all\"\n"
                  "[[override]]\nmatch = { package = \"./x\" }\n"
                  "mode = \"rewrite\"\n"),
            "link ");
  EXPECT_EQ(Salts("[[override]]\nmatch = { package = \"./x\" }\n"
                  "strip = \"all\"\n"),
            "link ");
  EXPECT_EQ(Salts("[[override]]\nmatch = { goos = \"windows\" }\n"
                  "strip = \"all\"\n"),
            "");
}

TEST(RewriteToolTest, saltSeesWhatMattersAndNothingElse) {
  ToolContext C;
  C.Goos = "linux";
  auto Salt = [&](const std::string &Toml, ToolKind Tool) {
    return saltText(parse(Toml), Tool, C);
  };
  std::string A = "[policy]\nstrip = \"all\"\ntrimpath = true\n";
  std::string B =
      "# same\n[policy]\n\n  trimpath = true\nstrip=\"all\"\n"
      "tags = { require = [\"x\"] }\n[manifest]\npath = \"m.toml\"\n";
  EXPECT_EQ(Salt(A, ToolKind::Link), Salt(B, ToolKind::Link));
  std::string Debug = "[policy]\nstrip = \"debug\"\ntrimpath = true\n";
  EXPECT_NE(Salt(A, ToolKind::Link), Salt(Debug, ToolKind::Link));
  EXPECT_EQ(Salt(A, ToolKind::Compile), Salt(Debug, ToolKind::Compile));
  EXPECT_EQ(Salt(A, ToolKind::Link), "goslim-rewrite 1\nmode=rewrite\n"
                                     "strip=all\ntrimpath=true\n");

  // -trimpath also reads the vendored and the replaced modules.
  std::string Before = Salt(A, ToolKind::Compile);
  C.GoMod = "module m\nrequire a v1\nrequire b v1\nreplace b => ./b\n";
  std::string Replaced = Salt(A, ToolKind::Compile);
  EXPECT_NE(Before, Replaced);
  C.GoMod = "module m\nrequire a v2\nrequire b v1\nreplace b => ../c\n";
  EXPECT_EQ(Replaced, Salt(A, ToolKind::Compile));
  C.GoMod = "module m\nrequire a v2\nrequire b v2\nreplace b => ../c\n";
  EXPECT_NE(Replaced, Salt(A, ToolKind::Compile));
  C.GoMod.clear();
  C.VendorModules = "# a v1\na\n";
  EXPECT_NE(Before, Salt(A, ToolKind::Compile));
  EXPECT_EQ(Salt(A, ToolKind::Link).find("modules"), std::string::npos);
}

TEST(RewriteToolTest, saltedVersionLine) {
  EXPECT_EQ(saltVersionLine("compile version go1.26.8\n", "abc"),
            "compile version go1.26.8 +goslim buildID=_/_/_/abc\n");
  // Of a development version go reads only the end: the tool's own must count.
  std::string One =
      saltVersionLine("link version go1.28-devel_x buildID=a/b/c/d\n", "abc");
  std::string Two =
      saltVersionLine("link version go1.28-devel_x buildID=a/b/c/e\n", "abc");
  EXPECT_NE(One.substr(One.rfind('/')), Two.substr(Two.rfind('/')));
  EXPECT_EQ(One.substr(One.rfind('/')).size(), 22u);
  std::string Old =
      saltVersionLine("link version devel go1.24 buildID=x", "abc");
  EXPECT_EQ(Old.find("/abc\n"), Old.npos);
}
