//===- UserFlags.cpp - the user's part of a tool's line -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// cmd/go writes its own flags in one fixed order and the user's behind them
// (work/gc.go gc, asmArgs, ld; 1.21 to 1.27). So the tables below are read in
// step with the line: the first flag that does not come in their order is the
// user's. That tells go's own -s -w (of go run and go test) from the user's.
//===----------------------------------------------------------------------===//
#include "UserFlags.h"
#include <algorithm>
#include <span>

namespace goslim::rewrite {
namespace {

/// A flag of go's own; Value: how its value begins.
struct OwnFlag {
  std::string_view Name, Value = {};
  std::string_view After = {}; ///< only directly behind this flag
};

constexpr OwnFlag CompileFlags[] = {
    {"o"},          {"trimpath"}, {"p"},         {"lang"},
    {"std"},        {"+"},        {"complete"},  {"installsuffix"},
    {"buildid"},    {"dwarf"},    {"goversion"}, {"coveragecfg"},
    {"pgoprofile"}, {"symabis"},  {"c"},         {"shared"},
    {"dynlink"},    {"race"},     {"msan"},      {"asan"},
    {"linkshared"},
};
constexpr OwnFlag AsmFlags[] = {
    {"p"},          {"trimpath"},   {"I"},
    {"I"},          {"D", "GOOS_"}, {"D", "GOARCH_"},
    {"shared"},     {"dynlink"},    {"D", "GOBUILDMODE_"},
    {"linkshared"},
};
constexpr OwnFlag LinkFlags[] = {
    {"o"},
    {"importcfg"},
    {"installsuffix"},
    {"s"},
    {"w"},
    {"pluginpath"},
    {"fipso"},
    {"X", "cmd/internal/objabi.buildID="},
    {"X", "runtime.godebugDefault="},
    {"buildmode"},
    {"buildid"},
    {"race"},
    {"msan"},
    {"asan"},
    {"linkshared"},
    {"w", "", "linkshared"},
};

/// What go itself puts behind the user's flags.
constexpr OwnFlag CompileTail[] = {
    {"nolocalimports"}, {"D"},    {"importcfg"},
    {"embedcfg"},       {"pack"}, {"asmhdr"},
};
constexpr OwnFlag AsmTail[] = {
    {"std"},
    {"compiling-runtime"},
    {"D", "GO386_"},
    {"D", "GOAMD64_"},
    {"D", "GOARM"},
    {"D", "GOMIPS"},
    {"D", "GOPPC64"},
    {"D", "GORISCV64"},
    {"gensymabis"},
    {"o"},
    {"D", "GOBUILDMODE_"},
};

struct Shape {
  ToolKind Tool;
  std::span<const OwnFlag> Own, Tail;
};
constexpr Shape Shapes[] = {
    {ToolKind::Compile, CompileFlags, CompileTail},
    {ToolKind::Asm, AsmFlags, AsmTail},
    {ToolKind::Link, LinkFlags, {}},
};

bool is(const Argument &Arg, const OwnFlag &Own) {
  return Arg.Name == Own.Name &&
         (Own.Value.empty() ||
          (Arg.Value && Arg.Value->starts_with(Own.Value)));
}

} // namespace

FlagSpan userFlags(const Invocation &Call) {
  const std::vector<Argument> &Args = Call.Args;
  size_t Operands = 0;
  while (Operands < Args.size() && Args[Operands].isFlag())
    ++Operands;
  const Shape *Of =
      std::find_if(std::begin(Shapes), std::end(Shapes),
                   [&](const Shape &S) { return S.Tool == Call.Tool; });
  if (Of == std::end(Shapes))
    return {Operands, Operands};

  FlagSpan Span;
  auto Next = Of->Own.begin();
  while (Span.Begin < Operands) {
    const Argument &Arg = Args[Span.Begin];
    auto Found = std::find_if(Next, Of->Own.end(), [&](const OwnFlag &Own) {
      return is(Arg, Own) &&
             (Own.After.empty() ||
              (Span.Begin > 0 && Args[Span.Begin - 1].Name == Own.After));
    });
    if (Found == Of->Own.end())
      break;
    Next = Found + 1;
    ++Span.Begin;
  }
  Span.End = Span.Begin;
  while (Span.End < Operands &&
         std::none_of(
             Of->Tail.begin(), Of->Tail.end(),
             [&](const OwnFlag &T) { return is(Args[Span.End], T); }))
    ++Span.End;
  // go adds -extld where the user gave none.
  if (Call.Tool == ToolKind::Link && Span.End > Span.Begin &&
      Args[Span.End - 1].Name == "extld")
    --Span.End;
  return Span;
}

} // namespace goslim::rewrite
