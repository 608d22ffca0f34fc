//===- GoCommand.cpp - a go command line, parsed --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows cmd/go: main.go handleChdirFlag for -C, package flag for most verbs,
// and for test the loop of test/testflag.go testFlags, which takes flags
// behind the packages and leaves the rest to the test binary.
//===----------------------------------------------------------------------===//
#include "goslim/Tool/GoCommand.h"
#include "Flags.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>

namespace goslim {

static bool isAnyOf(std::string_view Word,
                    std::initializer_list<std::string_view> List) {
  return std::find(List.begin(), List.end(), Word) != List.end();
}

static bool takesBuildFlags(std::string_view Verb) {
  return isAnyOf(Verb, {"build", "install", "run", "test", "vet", "fix", "list",
                        "get", "generate", "clean"});
}

/// A "-C dir" in the place where go looks for it.
static void takeChdir(std::span<const std::string> Argv, size_t &At,
                      std::vector<Argument> &Out) {
  static constexpr FlagInfo Chdir = {"C", true, false, true};
  if (At != Argv.size() && isFlagWord(Argv[At]) &&
      splitFlag(Argv[At]).Name == "C")
    Out.push_back(takeFlag(Argv, At, &Chdir));
}

/// testFlags() from where the package list is complete: nothing that follows
/// is a package.
static std::vector<Argument> takeTestArgs(std::span<const std::string> Argv,
                                          size_t At) {
  std::vector<Argument> Out;
  bool MayBeValue = false; // of the test binary's flag just seen
  while (At != Argv.size()) {
    const std::string &Word = Argv[At];
    bool WasMayBeValue = std::exchange(MayBeValue, false);
    bool IsFlag = isFlagWord(Word);
    if (Word == "-args" || Word == "--args" || Word == "--" ||
        (!IsFlag && !WasMayBeValue))
      break;
    if (!IsFlag) {
      Out.push_back(makeOperand(Argv[At++]));
      continue;
    }
    Argument Flag = splitFlag(Word);
    if (const FlagInfo *Info = findGoFlag("test", Flag.Name)) {
      Out.push_back(takeFlag(Argv, At, Info));
    } else {
      MayBeValue = !Flag.Value;
      Out.push_back(std::move(Flag));
      ++At;
    }
  }
  while (At != Argv.size())
    Out.push_back(makeOperand(Argv[At++]));
  return Out;
}

static void takeTest(GoCommand &Command, std::span<const std::string> Argv,
                     size_t At) {
  while (At != Argv.size() && isFlagWord(Argv[At])) {
    const FlagInfo *Info = findGoFlag("test", splitFlag(Argv[At]).Name);
    if (!Info)
      break; // the test binary's: from here on there are no packages
    Command.Flags.push_back(takeFlag(Argv, At, Info));
  }
  while (At != Argv.size() && Argv[At] != "--" && !isFlagWord(Argv[At]))
    Command.Operands.push_back(Argv[At++]);
  Command.After = takeTestArgs(Argv, At);
}

GoCommand parseGoCommand(std::span<const std::string> Argv) {
  GoCommand Command;
  size_t At = 0;
  takeChdir(Argv, At, Command.Before);
  if (At != Argv.size() && !Argv[At].empty() && !Argv[At].starts_with('-'))
    Command.Verb = Argv[At++];
  if (!Command.Verb.empty() && Command.Before.empty())
    takeChdir(Argv, At, Command.Flags);
  if (Command.Verb == "test") {
    takeTest(Command, Argv, At);
    return Command;
  }
  while (takesBuildFlags(Command.Verb) && At != Argv.size() &&
         isFlagWord(Argv[At])) {
    const FlagInfo *Info = findGoFlag(Command.Verb, splitFlag(Argv[At]).Name);
    Command.Flags.push_back(takeFlag(Argv, At, Info));
  }
  Command.Operands.assign(Argv.begin() + At, Argv.end());
  return Command;
}

std::vector<std::string> print(const GoCommand &Command) {
  std::vector<std::string> Words;
  auto Append = [&](const std::vector<Argument> &Args) {
    for (const Argument &Arg : Args)
      Words.insert(Words.end(), Arg.Words.begin(), Arg.Words.end());
  };
  Append(Command.Before);
  if (!Command.Verb.empty())
    Words.push_back(Command.Verb);
  Append(Command.Flags);
  Words.insert(Words.end(), Command.Operands.begin(), Command.Operands.end());
  Append(Command.After);
  return Words;
}

/// go test knows -test.run as another name of -run.
static std::string_view plainName(std::string_view Name) {
  return Name.starts_with("test.") ? Name.substr(5) : Name;
}

const Argument *GoCommand::last(std::string_view Name) const {
  auto LastIn = [&](const std::vector<Argument> &Args) -> const Argument * {
    for (auto It = Args.rbegin(); It != Args.rend(); ++It)
      if (It->isFlag() &&
          (It->Name == Name || (Verb == "test" && findGoFlag(Verb, It->Name) &&
                                plainName(It->Name) == plainName(Name))))
        return &*It;
    return nullptr;
  };
  // In After there are also flags of the test binary.
  if (findGoFlag(Verb, Name))
    if (const Argument *Arg = LastIn(After))
      return Arg;
  return LastIn(Flags);
}

Argument *GoCommand::last(std::string_view Name) {
  return const_cast<Argument *>(std::as_const(*this).last(Name));
}

std::string_view GoCommand::value(std::string_view Name) const {
  const Argument *Arg = last(Name);
  return Arg && Arg->Value ? std::string_view(*Arg->Value) : "";
}

bool GoCommand::isSet(std::string_view Name) const {
  const Argument *Arg = last(Name);
  return Arg && !(Arg->Value && isFalse(*Arg->Value));
}

std::string_view GoCommand::chdir() const {
  const Argument *Arg = !Before.empty()  ? &Before[0]
                        : !Flags.empty() ? &Flags[0]
                                         : nullptr;
  return Arg && Arg->Name == "C" && Arg->Value ? std::string_view(*Arg->Value)
                                               : "";
}

std::vector<std::string> GoCommand::packages() const {
  auto Begin = Operands.begin();
  if (Begin != Operands.end() && *Begin == "--")
    ++Begin;
  if (Verb != "run" || Begin == Operands.end())
    return {Begin, Operands.end()};
  // run.go: all leading .go files, or one package; the rest is the program's.
  auto End = std::find_if(Begin, Operands.end(), [](const std::string &Word) {
    return !Word.ends_with(".go");
  });
  return {Begin, End == Begin ? Begin + 1 : End};
}

bool GoCommand::builds() const {
  if (Verb == "list")
    return isSet("export") || isSet("compiled") || isSet("test");
  return isAnyOf(Verb, {"build", "install", "run", "test", "vet", "fix"});
}

static std::string_view trimSpaces(std::string_view Text) {
  constexpr std::string_view Spaces = " \t\n\r\v\f";
  size_t Begin = Text.find_first_not_of(Spaces);
  if (Begin == std::string_view::npos)
    return {};
  return Text.substr(Begin, Text.find_last_not_of(Spaces) - Begin + 1);
}

/// cmd/go/internal/load/flag.go PerPackageFlag.set, with its messages.
Result<PatternFlags> parsePatternFlags(std::string_view Value) {
  PatternFlags Flags;
  Value = trimSpaces(Value);
  if (!Value.empty() && Value[0] != '-') {
    size_t Equal = Value.find('=');
    if (Equal == std::string_view::npos)
      return fail("missing =<value> in <pattern>=<value>");
    if (Equal == 0)
      return fail("missing <pattern> in <pattern>=<value>");
    if (Value[0] == '\'' || Value[0] == '"')
      return fail("parameter may not start with quote character {}", Value[0]);
    Flags.Pattern = trimSpaces(Value.substr(0, Equal));
    Value.remove_prefix(Equal + 1);
  }
  Result<std::vector<std::string>> Words = splitQuoted(Value);
  if (!Words)
    return Words.failure();
  Flags.Words = std::move(*Words);
  return Flags;
}

Result<std::string> print(const PatternFlags &Flags) {
  Result<std::string> Text = joinQuoted(Flags.Words);
  if (!Text)
    return Text;
  std::string Out = Flags.Pattern.empty() ? *Text : Flags.Pattern + "=" + *Text;
  Result<PatternFlags> Back = parsePatternFlags(Out);
  if (!Back || Back->Pattern != Flags.Pattern || Back->Words != Flags.Words)
    return fail("'{}' does not mean the same to go, the first word must begin "
                "with '-' and need no quotes",
                Out);
  return Out;
}

Result<std::vector<Argument>> parseGoFlags(std::string_view GoFlags) {
  Result<std::vector<std::string>> Words = splitQuoted(GoFlags);
  if (!Words)
    return fail("parsing $GOFLAGS: {}", Words.failure().Message);
  std::vector<Argument> Flags;
  for (const std::string &Word : *Words) {
    if (!isFlagWord(Word))
      return fail("parsing $GOFLAGS: non-flag {}", goQuote(Word));
    Flags.push_back(splitFlag(Word));
  }
  return Flags;
}

} // namespace goslim
