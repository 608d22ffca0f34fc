//===- GoFlags.cpp - a go command's flags as go sees them -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// go test also takes flags behind its packages, and those count as the ones
// before do; both lists are searched, the later one last.
//===----------------------------------------------------------------------===//
#include "GoFlags.h"
#include <algorithm>

namespace goslim::rewrite {

bool GoFlags::takes(std::string_view Name) const {
  return findGoFlag(Command.Verb, Name);
}

static void collect(const std::vector<Argument> &Args, std::string_view Name,
                    std::vector<std::string> &Out) {
  for (const Argument &Arg : Args)
    if (Arg.Name == Name)
      Out.push_back(Arg.Value.value_or("true"));
}

std::vector<std::string> GoFlags::values(std::string_view Name) const {
  std::vector<std::string> Out;
  if (!takes(Name))
    return Out;
  collect(Command.Flags, Name, Out);
  collect(Command.After, Name, Out);
  if (Out.empty())
    collect(FromEnv, Name, Out);
  return Out;
}

std::optional<std::string> GoFlags::value(std::string_view Name) const {
  std::vector<std::string> All = values(Name);
  if (All.empty())
    return std::nullopt;
  return All.back();
}

bool GoFlags::isTrue(std::string_view Name) const {
  std::optional<std::string> Value = value(Name);
  static constexpr std::string_view True[] = {"1",    "t",    "T",
                                              "true", "TRUE", "True"};
  return Value &&
         std::find(std::begin(True), std::end(True), *Value) != std::end(True);
}

bool GoFlags::isTyped(std::string_view Name) const {
  return takes(Name) && Command.last(Name);
}

/// Takes the flags of that name out of Args; First: where the first one was.
static std::vector<Argument> takeOut(std::vector<Argument> &Args,
                                     std::string_view Name, size_t &First) {
  std::vector<Argument> Old, Rest;
  First = Args.size();
  for (Argument &Arg : Args) {
    if (Arg.Name != Name) {
      Rest.push_back(std::move(Arg));
      continue;
    }
    First = std::min(First, Rest.size());
    Old.push_back(std::move(Arg));
  }
  First = std::min(First, Rest.size());
  Args = std::move(Rest);
  return Old;
}

/// The end of Args, but not behind a flag that would take the next word for its
/// value: "go build -o" has to stay an error.
static size_t endOf(const std::vector<Argument> &Args, std::string_view Verb) {
  size_t At = Args.size();
  while (At > 0 && Args[At - 1].isFlag() && !Args[At - 1].Value) {
    const FlagInfo *Info = findGoFlag(Verb, Args[At - 1].Name);
    if (Info && !Info->TakesValue)
      break;
    --At;
  }
  return At;
}

void GoFlags::set(std::string_view Name, std::vector<Argument> New) {
  size_t InFlags, InAfter;
  std::vector<Argument> Old = takeOut(Command.Flags, Name, InFlags);
  bool WasInFlags = !Old.empty();
  for (Argument &Arg : takeOut(Command.After, Name, InAfter))
    Old.push_back(std::move(Arg));
  bool WasInAfter = !WasInFlags && !Old.empty();
  for (Argument &Arg : New)
    for (const Argument &Typed : Old)
      if (Typed.Value == Arg.Value)
        Arg = Typed;
  std::vector<Argument> &Into = WasInAfter ? Command.After : Command.Flags;
  size_t At = WasInAfter   ? InAfter
              : WasInFlags ? InFlags
                           : endOf(Into, Command.Verb);
  Into.insert(Into.begin() + ptrdiff_t(At), New.begin(), New.end());
}

void GoFlags::setValues(std::string_view Name,
                        const std::vector<std::string> &Values) {
  std::vector<Argument> New;
  for (const std::string &Value : Values)
    New.push_back(makeFlag(Name, Value));
  set(Name, std::move(New));
}

} // namespace goslim::rewrite
