//===- RewriteFuzz.cpp - any policy on any command ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Input: goslim.toml, a line "---", then "go" or a tool's name, the words one
// a line, and for go behind another "---" the environment. Whatever they are,
// a rewrite must be stable when it is done again, and operands stay as and
// where they are.
//===----------------------------------------------------------------------===//
#include "Argv.h"
#include "goslim/Policy/PolicyFile.h"
#include "goslim/Rewrite/RewriteGo.h"
#include "goslim/Rewrite/RewriteTool.h"
#include "goslim/Tool/ImportConfig.h"
#include "goslim/Tool/Quoted.h"
#include <map>

using namespace goslim;

static std::string_view takeSection(std::string_view &Text) {
  constexpr std::string_view Mark = "\n---\n";
  size_t At = Text.find(Mark);
  std::string_view Section = Text.substr(0, At);
  Text.remove_prefix(At == Text.npos ? Text.size() : At + Mark.size());
  return Section;
}

static std::vector<std::string> wordsOf(std::string_view Text) {
  return argvOf(reinterpret_cast<const uint8_t *>(Text.data()), Text.size());
}

static std::vector<std::string> operandsOf(const Invocation &Call) {
  std::vector<std::string> Out;
  for (const Argument &Arg : Call.Args)
    if (!Arg.isFlag())
      Out.insert(Out.end(), Arg.Words.begin(), Arg.Words.end());
  return Out;
}

/// No flag follows an operand in a line that a tool accepts; where one does,
/// nobody can tell what an unknown flag's value is.
static bool isOrderly(const Invocation &Call) {
  for (const std::string &Word : operandsOf(Call))
    if (Word.starts_with('-'))
      return false;
  return true;
}

static bool hasOrderlyValues(const GoCommand &Command,
                             const std::string &GoFlags) {
  std::vector<Argument> All = Command.Flags;
  All.insert(All.end(), Command.After.begin(), Command.After.end());
  if (Result<std::vector<Argument>> FromEnv = parseGoFlags(GoFlags))
    All.insert(All.end(), FromEnv->begin(), FromEnv->end());
  for (const Argument &Arg : All)
    for (ToolKind Tool : {ToolKind::Link, ToolKind::Compile, ToolKind::Asm})
      if (Result<PatternFlags> Flags =
              parsePatternFlags(Arg.Value.value_or("")))
        if (!isOrderly(parseInvocation(Tool, Flags->Words)))
          return false;
  return true;
}

static void checkGo(const Policy &P, const std::vector<std::string> &Argv,
                    std::string_view Environment) {
  std::map<std::string, std::string> Env;
  for (const std::string &Line : wordsOf(Environment))
    if (size_t Equal = Line.find('='); Equal != Line.npos)
      Env[Line.substr(0, Equal)] = Line.substr(Equal + 1);
  GoContext C;
  C.HostGoos = "linux";
  C.HostGoarch = "amd64";
  C.Cwd = "/m/cmd";
  C.CwdPackage = "example.com/m/cmd";
  C.Env = [&](std::string_view Name) -> std::optional<std::string> {
    auto At = Env.find(std::string(Name));
    return At == Env.end() ? std::nullopt : std::optional(At->second);
  };
  C.NeedsCgo = [&]() -> Result<bool> { return Env.count("NEEDSCGO") != 0; };
  GoCommand Command = parseGoCommand(Argv);
  (void)checkGoForToolexec(P, Command, C);
  Result<RewrittenGo> New = rewriteGo(P, Command, C);
  if (!New || !hasOrderlyValues(Command, Env["GOFLAGS"]))
    return;
  check(New->Command.Operands == Command.Operands);
  check(!New->Edits.empty() ||
        (print(New->Command) == Argv && New->SetEnv.empty()));
  for (const std::string &Set : New->SetEnv)
    Env[Set.substr(0, Set.find('='))] = Set.substr(Set.find('=') + 1);
  // What is printed is what go will parse.
  Result<RewrittenGo> Again =
      rewriteGo(P, parseGoCommand(print(New->Command)), C);
  check(bool(Again));
  check(print(Again->Command) == print(New->Command));
  check(Again->Edits.empty() && Again->SetEnv.empty());
}

static void checkTool(const Policy &P, ToolKind Tool,
                      const std::vector<std::string> &Argv) {
  ToolContext C;
  C.ImportPath = "example.com/m/cmd/x";
  C.GoVersion = "go1.26.8";
  C.Goos = "linux";
  C.Goarch = "amd64";
  C.Goroot = "/go";
  C.Gomodcache = "/mc";
  C.Cwd = "/m/cmd/x";
  if (Tool == ToolKind::Link)
    C.Importcfg =
        "packagefile runtime/cgo=/x\nmodinfo " +
        goQuote(std::string(ModInfoStart) +
                "path\tx\nbuild\t-ldflags=\"-X a=b\"\nbuild\tGOOS=linux\n" +
                std::string(ModInfoEnd)) +
        "\n";
  (void)saltText(P, Tool, C);
  Invocation Call = parseInvocation(Tool, Argv);
  RewrittenInvocation New = rewriteTool(P, Call, C);
  check(operandsOf(New.Call) == operandsOf(Call));
  if (!isOrderly(Call))
    return;
  check(!New.Edits.empty() || print(New.Call) == Argv);
  bool Unrecorded = !New.SetEnv.empty() && !New.Importcfg;
  if (New.Importcfg)
    C.Importcfg = *New.Importcfg;
  RewrittenInvocation Again =
      rewriteTool(P, parseInvocation(Tool, print(New.Call)), C);
  check(print(Again.Call) == print(New.Call));
  check(Unrecorded || Again.Edits.empty());
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  std::string_view Text = textOf(Data, Size);
  std::string_view Toml = takeSection(Text);
  std::vector<std::string> Argv = wordsOf(takeSection(Text));
  if (Argv.empty())
    return 0;
  std::string Program = Argv.front();
  Argv.erase(Argv.begin());
  PolicySource Source;
  Source.File = "/m/goslim.toml";
  Source.Root = "/m";
  Source.ModulePath = "example.com/m";
  Source.Trusted = true;
  Result<Policy> P = parsePolicy(Source, Toml, "");
  if (!P)
    return 0;
  ToolKind Tool = toolKindOf(Program);
  if (Tool == ToolKind::Unknown)
    checkGo(*P, Argv, Text);
  else
    checkTool(*P, Tool, Argv);
  return 0;
}
