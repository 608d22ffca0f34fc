#include "goslim/Tool/GoCommand.h"
#include "Words.h"
#include "goslim/Tool/Quoted.h"
#include <gtest/gtest.h>

using namespace goslim;

using List = std::vector<std::string>;

static GoCommand parse(std::string_view Line) {
  List Argv = *splitQuoted(Line);
  GoCommand Command = parseGoCommand(Argv);
  EXPECT_EQ(print(Command), Argv) << Line;
  return Command;
}

TEST(GoCommandTest, build) {
  GoCommand C = parse("build -C dir -o out -tags=a,b --trimpath -ldflags '-s "
                      "-w' ./cmd/a ./b/...");
  EXPECT_EQ(C.Verb, "build");
  EXPECT_EQ(C.chdir(), "dir");
  EXPECT_EQ(C.value("o"), "out");
  EXPECT_EQ(C.value("tags"), "a,b");
  EXPECT_EQ(C.value("ldflags"), "-s -w");
  EXPECT_TRUE(C.isSet("trimpath"));
  EXPECT_FALSE(C.isSet("race"));
  EXPECT_EQ(C.packages(), (List{"./cmd/a", "./b/..."}));
  EXPECT_TRUE(C.builds());
}

TEST(GoCommandTest, flagsEnd) {
  GoCommand C = parse("build -v -- -x ./a");
  EXPECT_EQ(C.Flags.size(), 1u);
  EXPECT_EQ(C.packages(), (List{"-x", "./a"}));
  C = parse("build ./a -v"); // go takes -v for a package, too
  EXPECT_FALSE(C.isSet("v"));
  EXPECT_EQ(parse("build").packages(), List{});
}

TEST(GoCommandTest, runStopsAtTheProgram) {
  GoCommand C = parse("run -race -exec 'sudo -E' ./cmd/x -race=0 y");
  EXPECT_TRUE(C.isSet("race"));
  EXPECT_EQ(C.value("exec"), "sudo -E");
  EXPECT_EQ(C.packages(), List{"./cmd/x"});
  EXPECT_EQ(parse("run a.go b.go c d.go").packages(), (List{"a.go", "b.go"}));
  EXPECT_EQ(parse("run x@latest -h").packages(), List{"x@latest"});
  EXPECT_EQ(parse("run").packages(), List{});
}

TEST(GoCommandTest, testTakesFlagsBehindThePackages) {
  GoCommand C = parse("test -v ./a ./b -run X -ldflags=-s -count 1 foo -race");
  EXPECT_EQ(C.packages(), (List{"./a", "./b"}));
  EXPECT_EQ(C.value("run"), "X");
  EXPECT_EQ(C.value("ldflags"), "-s");
  EXPECT_EQ(C.value("count"), "1");
  EXPECT_FALSE(C.isSet("race")); // behind a positional argument
  EXPECT_TRUE(C.isSet("v"));
  // A later flag wins over an earlier one.
  EXPECT_EQ(parse("test -tags=a . -tags=b").value("tags"), "b");
  // The one to change is the one that counts.
  C = parse("test -tags=a . -tags=b");
  *C.last("tags") = makeFlag("tags", "c");
  EXPECT_EQ(print(C), (List{"test", "-tags=a", ".", "-tags=c"}));
}

TEST(GoCommandTest, testLeavesTheRestToTheTestBinary) {
  // golang.org/issue/40763: the word behind an unknown flag may be its value.
  GoCommand C = parse("test . -custom value -race -other=1 value -v");
  EXPECT_TRUE(C.isSet("race"));
  EXPECT_FALSE(C.isSet("v"));
  EXPECT_EQ(C.packages(), List{"."});
  EXPECT_EQ(C.last("custom"), nullptr); // not go's
  // An unknown flag ends the search for packages.
  C = parse("test -custom ./a -v");
  EXPECT_EQ(C.packages(), List{});
  EXPECT_TRUE(C.isSet("v"));
  C = parse("test ./a -args -race");
  EXPECT_FALSE(C.isSet("race"));
  C = parse("test ./a -- -race");
  EXPECT_FALSE(C.isSet("race"));
  C = parse("test -- ./a");
  EXPECT_EQ(C.packages(), List{});
  C = parse("test -test.v=true -test.timeout 3s ./a");
  EXPECT_EQ(C.value("test.timeout"), "3s");
  EXPECT_EQ(C.value("timeout"), "3s"); // two names of one flag
  EXPECT_EQ(parse("test -test.run a -run b .").value("test.run"), "b");
}

TEST(GoCommandTest, chdir) {
  EXPECT_EQ(parse("-C d build ./a").chdir(), "d");
  EXPECT_EQ(parse("-C d build ./a").Verb, "build");
  EXPECT_EQ(parse("build --C=d ./a").chdir(), "d");
  EXPECT_EQ(parse("test -C d ./a").chdir(), "d");
  EXPECT_EQ(parse("env -C d GOOS").chdir(), "d");
  // Not in the first place: an error of go's, which will say so.
  EXPECT_EQ(parse("build -v -C d").chdir(), "");
  EXPECT_EQ(parse("build -C").chdir(), "");
}

TEST(GoCommandTest, otherVerbsAreOpaque) {
  for (std::string_view Line :
       {"tool compile -o x -V=full", "mod tidy -v", "env -w X=y",
        "version -m x", "help build", "work use .", "doc -all x",
        "telemetry off", "nosuch -v"}) {
    GoCommand C = parse(Line);
    EXPECT_TRUE(C.Flags.empty()) << Line;
    EXPECT_FALSE(C.builds()) << Line;
  }
  EXPECT_EQ(parse("tool compile -x").Operands, (List{"compile", "-x"}));
  EXPECT_EQ(parse("").Verb, "");
  EXPECT_EQ(parse("-h").Verb, "");
}

TEST(GoCommandTest, whatBuilds) {
  for (std::string_view Line :
       {"build", "install a@v1", "run .", "test", "vet", "fix",
        "list -export .", "list -compiled=true", "list -test ./..."})
    EXPECT_TRUE(parse(Line).builds()) << Line;
  for (std::string_view Line : {"list ./...", "list -export=false", "get x",
                                "generate", "clean", "fmt", ""})
    EXPECT_FALSE(parse(Line).builds()) << Line;
}

TEST(GoCommandTest, arityDependsOnTheVerb) {
  EXPECT_EQ(parse("vet -c 3 ./a").packages(), List{"./a"});
  EXPECT_EQ(parse("vet -printf.funcs f,g ./a").packages(), List{"./a"});
  EXPECT_EQ(parse("test -c ./a").packages(), List{"./a"});
  EXPECT_EQ(parse("list -f {{.}} ./a").packages(), List{"./a"});
  EXPECT_EQ(parse("list -json=Dir -m all").packages(), List{"all"});
}

TEST(GoCommandTest, printUndoesParse) {
  RandomWords Random({"-", "--", "=", "v", "C", "o", "-o", "-v", "-C", "-tags",
                      "-args", "-run", "-new", "a.go", "./x", "build", "test",
                      "run", "vet"});
  const List Verbs = {"build", "test", "run", "vet", "list", "mod", "-C"};
  for (unsigned I = 0; I != 20000; ++I) {
    List Argv = Random.list(10);
    if (!Argv.empty() && Random.pick(8))
      Argv[0] = Verbs[Random.pick(Verbs.size())];
    ASSERT_EQ(print(parseGoCommand(Argv)), Argv);
  }
}

TEST(PatternFlagsTest, parse) {
  EXPECT_EQ(parsePatternFlags(" -s -w ")->Words, (List{"-s", "-w"}));
  EXPECT_EQ(parsePatternFlags("-s")->Pattern, "");
  EXPECT_EQ(parsePatternFlags("")->Words, List{});
  EXPECT_EQ(parsePatternFlags("all=-N -l")->Pattern, "all");
  EXPECT_EQ(parsePatternFlags("all=-N -l")->Words, (List{"-N", "-l"}));
  EXPECT_EQ(parsePatternFlags("./... ='-X=a b'")->Pattern, "./...");
  EXPECT_EQ(parsePatternFlags("all=")->Words, List{});
  EXPECT_EQ(parsePatternFlags("N").failure().Message,
            "missing =<value> in <pattern>=<value>");
  EXPECT_EQ(parsePatternFlags("=-N").failure().Message,
            "missing <pattern> in <pattern>=<value>");
  EXPECT_EQ(parsePatternFlags("'-X=a b'").failure().Message,
            "parameter may not start with quote character '");
  EXPECT_EQ(parsePatternFlags("-X 'a").failure().Message,
            "unterminated ' string");
}

TEST(PatternFlagsTest, print) {
  EXPECT_EQ(*print(PatternFlags{"", {"-X", "main.v=a b"}}), "-X 'main.v=a b'");
  EXPECT_EQ(*print(PatternFlags{"all", {"-X=main.v=a b"}}),
            "all='-X=main.v=a b'");
  EXPECT_EQ(*print(PatternFlags{}), "");
  EXPECT_EQ(*print(PatternFlags{"all", {}}), "all=");
  EXPECT_EQ(print(PatternFlags{"", {"-X=main.v=a b"}}).failure().Message,
            "''-X=main.v=a b'' does not mean the same to go, the first word "
            "must begin with '-' and need no quotes");
  EXPECT_FALSE(bool(print(PatternFlags{"", {"a=b"}})));
  EXPECT_FALSE(bool(print(PatternFlags{"-x", {"-s"}})));
  EXPECT_FALSE(bool(print(PatternFlags{"", {"-X", "a='\" b"}})));
}

TEST(PatternFlagsTest, parseUndoesPrint) {
  RandomWords Random({"-X", "=", "a", " ", "'", "\"", "all", "-s", "./..."});
  for (unsigned I = 0; I != 20000; ++I) {
    PatternFlags Flags = {Random.pick(2) ? Random.word() : "", Random.list(4)};
    Result<std::string> Text = print(Flags);
    if (!Text)
      continue;
    Result<PatternFlags> Back = parsePatternFlags(*Text);
    ASSERT_TRUE(bool(Back));
    ASSERT_EQ(Back->Pattern, Flags.Pattern);
    ASSERT_EQ(Back->Words, Flags.Words);
  }
}

TEST(GoFlagsTest, parse) {
  Result<std::vector<Argument>> Flags =
      parseGoFlags("-v --tags=a,b '-ldflags=-s -w'");
  ASSERT_TRUE(bool(Flags));
  ASSERT_EQ(Flags->size(), 3u);
  EXPECT_EQ((*Flags)[1].Name, "tags");
  EXPECT_EQ(*(*Flags)[2].Value, "-s -w");
  EXPECT_TRUE(parseGoFlags("")->empty());
  EXPECT_EQ(parseGoFlags("-tags x").failure().Message,
            "parsing $GOFLAGS: non-flag \"x\"");
  EXPECT_EQ(parseGoFlags("'-x").failure().Message,
            "parsing $GOFLAGS: unterminated ' string");
}
