#include "goslim/Tool/Invocation.h"
#include "Words.h"
#include <gtest/gtest.h>

using namespace goslim;

using List = std::vector<std::string>;

static List operands(const Invocation &Call) {
  List Out;
  for (const Argument &Arg : Call.Args)
    if (!Arg.isFlag())
      Out.push_back(Arg.Words[0]);
  return Out;
}

TEST(InvocationTest, compileLineOfGo) {
  List Argv = {"-o",           "$WORK/b001/_pkg_.a",
               "-trimpath",    "$WORK/b001=>",
               "-p",           "main",
               "-lang=go1.21", "-complete",
               "-buildid",     "x/x",
               "-goversion",   "go1.26.8",
               "-c=4",         "-m=2",
               "-m",           "-importcfg",
               "cfg",          "-pack",
               "./a.go",       "./b.go"};
  Invocation Call = parseInvocation(ToolKind::Compile, Argv);
  EXPECT_EQ(print(Call), Argv);
  EXPECT_EQ(Call.value("p"), "main");
  EXPECT_EQ(Call.value("lang"), "go1.21");
  EXPECT_EQ(Call.last("o")->Words, (List{"-o", "$WORK/b001/_pkg_.a"}));
  EXPECT_TRUE(Call.isSet("pack"));
  EXPECT_TRUE(Call.isSet("m"));
  EXPECT_FALSE(Call.isSet("race"));
  EXPECT_EQ(Call.value("race"), "");
  EXPECT_EQ(Call.last("race"), nullptr);
  EXPECT_EQ(operands(Call), (List{"./a.go", "./b.go"}));
}

TEST(InvocationTest, lastOneWins) {
  Invocation Call = parseInvocation(ToolKind::Link,
                                    List{"-s", "-s=false", "-w=0", "-buildid=a",
                                         "--buildid", "-b", "main.a"});
  EXPECT_FALSE(Call.isSet("s"));
  EXPECT_FALSE(Call.isSet("w"));
  EXPECT_EQ(Call.value("buildid"), "-b");
  EXPECT_EQ(operands(Call), List{"main.a"});
}

TEST(InvocationTest, endsOfFlags) {
  // cgo: everything behind "--" is for the C compiler and the file list.
  List Argv = {"-objdir", "d", "--", "-I", "x", "a.go"};
  EXPECT_EQ(operands(parseInvocation(ToolKind::Cgo, Argv)),
            (List{"--", "-I", "x", "a.go"}));
  for (std::string_view Operand : {"-", "---x", "-=x", "--=x", ""}) {
    List Words = {std::string(Operand), "-s"};
    Invocation Call = parseInvocation(ToolKind::Link, Words);
    EXPECT_EQ(operands(Call), Words) << Operand;
  }
}

TEST(InvocationTest, valueMissingAtTheEnd) {
  Invocation Call = parseInvocation(ToolKind::Link, List{"-o"});
  ASSERT_EQ(Call.Args.size(), 1u);
  EXPECT_FALSE(Call.Args[0].Value);
  EXPECT_EQ(print(Call), List{"-o"});
}

TEST(InvocationTest, unknownFlagTakesAValueOnlyIfFlagsFollow) {
  Invocation Call = parseInvocation(
      ToolKind::Link, List{"-new", "v", "-newbool", "-s", "-open", "main.a"});
  EXPECT_EQ(Call.value("new"), "v");
  EXPECT_TRUE(Call.isSet("s"));
  EXPECT_FALSE(Call.last("open")->Value);
  EXPECT_EQ(operands(Call), List{"main.a"});
  Call = parseInvocation(ToolKind::Cgo, List{"-new", "a", "--", "-s"});
  EXPECT_EQ(operands(Call), (List{"a", "--", "-s"}));
}

TEST(InvocationTest, otherTools) {
  Invocation Call =
      parseInvocation(ToolKind::Covdata, List{"percent", "-i=x", "-o", "y"});
  EXPECT_EQ(operands(Call), List{"percent"});
  EXPECT_EQ(Call.value("o"), "y");
  List Pack = {"c", "x.a", "-o"};
  EXPECT_EQ(operands(parseInvocation(ToolKind::Pack, Pack)), Pack);
  List Gcc = {"-###", "-x", "c", "-c", "-"};
  EXPECT_EQ(operands(parseInvocation(ToolKind::Unknown, Gcc)), Gcc);
}

TEST(InvocationTest, makesFlagsOfOneWord) {
  EXPECT_EQ(makeFlag("s").Words, List{"-s"});
  EXPECT_FALSE(makeFlag("s").Value);
  EXPECT_EQ(makeFlag("buildid", "").Words, List{"-buildid="});
  EXPECT_EQ(makeFlag("X", "main.v=1").Words, List{"-X=main.v=1"});
  EXPECT_EQ(*makeFlag("X", "main.v=1").Value, "main.v=1");
}

TEST(InvocationTest, printUndoesParse) {
  RandomWords Random({"-", "--", "=", "o", "X", "p", "s", "w", "V", "-o", "-X",
                      "-s", "-pack", "-new", "a.go", "main.v=1", "-buildid",
                      "-objdir"});
  for (unsigned I = 0; I != 20000; ++I) {
    List Argv = Random.list(10);
    ToolKind Tool = ToolKind(Random.pick(size_t(ToolKind::Pack) + 1));
    Invocation Call = parseInvocation(Tool, Argv);
    ASSERT_EQ(print(Call), Argv);
    for (const Argument &Arg : Call.Args)
      if (Arg.isFlag()) {
        ASSERT_EQ(Call.last(Arg.Name)->Name, Arg.Name);
      }
  }
}
