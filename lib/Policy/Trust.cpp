//===- Trust.cpp - what a file that was merely found may say --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Allow-lists throughout: a variable, a tool flag or a word for the external
// linker that is not known to be harmless is refused, since the next release
// of go or of a linker may give it a meaning. Words of the linker are looked
// at one by one behind -Wl, because a comma can hide a second one.
//===----------------------------------------------------------------------===//
#include "Trust.h"
#include "Document.h"
#include "goslim/Tool/Invocation.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>

using namespace goslim;

const std::string_view goslim::HowToTrust =
    "a file that is merely found may not do this; to trust it, name it with "
    "-config=FILE or GOSLIM_CONFIG";

bool goslim::isHarmlessVariable(std::string_view Name) {
  static constexpr std::string_view Names[] = {
      "CGO_ENABLED", "GO386",     "GOAMD64",  "GOARCH",
      "GOARM",       "GOARM64",   "GODEBUG",  "GOEXPERIMENT",
      "GOFIPS140",   "GOMIPS",    "GOMIPS64", "GOOS",
      "GOPPC64",     "GORISCV64", "GOWASM",   "SOURCE_DATE_EPOCH"};
  return std::find(std::begin(Names), std::end(Names), Name) != std::end(Names);
}

namespace {
/// A word of ld as it stands behind -Wl, without its operand.
bool isHarmlessLinkerWord(std::string_view Word) {
  static constexpr std::string_view Whole[] = {"-s",
                                               "-S",
                                               "--strip-all",
                                               "--strip-debug",
                                               "--gc-sections",
                                               "--no-gc-sections",
                                               "--as-needed",
                                               "--no-as-needed",
                                               "-O1",
                                               "-O2",
                                               "--build-id",
                                               "--no-insert-timestamp",
                                               "--eh-frame-hdr",
                                               "--no-undefined",
                                               "--fatal-warnings",
                                               "-pie",
                                               "-static",
                                               "-Bsymbolic",
                                               "--hash-style=gnu",
                                               "--hash-style=sysv",
                                               "--hash-style=both"};
  static constexpr std::string_view Prefix[] = {
      "--build-id=", "--compress-debug-sections=", "--icf="};
  return std::find(std::begin(Whole), std::end(Whole), Word) !=
             std::end(Whole) ||
         std::any_of(std::begin(Prefix), std::end(Prefix),
                     [&](std::string_view P) { return Word.starts_with(P); });
}

/// "-Wl,a,b,c" is "a b c" for the linker; "-z" takes the next one.
bool isHarmlessWlWord(std::string_view Word) {
  bool IsKeyword = false;
  std::string_view Rest = Word.substr(3); // ",a,b,c"
  while (!Rest.empty()) {
    Rest.remove_prefix(1);
    std::string_view Part = Rest.substr(0, Rest.find(','));
    Rest.remove_prefix(Part.size());
    // "--build-id=@x" and "-z @x": ld reads words from the file x.
    if (Part.empty() || Part.find_first_of("@/\\ \t\n") != Part.npos)
      return false;
    if (IsKeyword)
      IsKeyword = false;
    else if (Part == "-z")
      IsKeyword = true;
    else if (!isHarmlessLinkerWord(Part))
      return false;
  }
  return !IsKeyword;
}

bool isHarmlessExtldWord(std::string_view Word) {
  static constexpr std::string_view Whole[] = {
      "-static", "-static-pie", "-static-libgcc", "-static-libstdc++",
      "-s",      "-pie",        "-no-pie",        "-rdynamic",
      "-O1",     "-O2"};
  if (Word.starts_with("-Wl,"))
    return isHarmlessWlWord(Word);
  return std::find(std::begin(Whole), std::end(Whole), Word) != std::end(Whole);
}

Failure refuse(std::string Message) {
  return {std::move(Message), std::string(HowToTrust)};
}

/// Why an untrusted file may not use Flag, if so.
Result<void> checkUntrustedFlag(ToolKind Tool, const Argument &Flag,
                                const FlagInfo *Info) {
  if (!Info)
    return refuse(fmt::format("{} has no flag -{} that is known to be harmless",
                              toolName(Tool), Flag.Name));
  // This one runs what its words say, so they are looked at.
  if (Tool == ToolKind::Link && Flag.Name == "extldflags" && Flag.Value) {
    Result<std::vector<std::string>> Words = splitQuoted(*Flag.Value);
    if (!Words)
      return fail("-extldflags: {}", Words.failure().Message);
    for (const std::string &Word : *Words)
      if (!isHarmlessExtldWord(Word))
        return refuse(fmt::format("-extldflags: {} is not known to be harmless",
                                  quoteShort(Word)));
    return {};
  }
  if (Info->WritesOrRuns)
    return refuse(fmt::format("-{} writes files or runs a program", Flag.Name));
  return {};
}

/// Mistakes in any file.
Result<void> checkFlagForm(const Argument &Flag, const FlagInfo *Info) {
  if (Flag.Name.find_first_of(" \t\n") != std::string::npos)
    return fail("expected one flag an element, found {}",
                quoteShort(Flag.Words[0]));
  if (Info && Info->TakesValue && !Flag.Value)
    return fail("flag -{} needs a value", Flag.Name);
  for (const std::string &Word : Flag.Words)
    if (Result<std::string> Joined = joinQuoted({&Word, 1}); !Joined)
      return fail("{} holds both kinds of quotes, which go cannot pass on",
                  quoteShort(Word));
  return {};
}
} // namespace

std::vector<WordProblem>
goslim::checkToolWords(ToolKind Tool, std::span<const std::string> Words,
                       bool Trusted) {
  std::vector<WordProblem> Out;
  size_t Index = 0;
  bool SawUnknown = false;
  for (const Argument &Arg : parseInvocation(Tool, Words).Args) {
    size_t At = Index;
    Index += Arg.Words.size();
    if (!Arg.isFlag()) {
      // Behind a flag that we do not know it may be that flag's value.
      if (!SawUnknown)
        Out.push_back({At, fail("expected a flag, found {}",
                                quoteShort(Arg.Words.empty() ? std::string()
                                                             : Arg.Words[0]))});
      continue;
    }
    const FlagInfo *Info = findToolFlag(Tool, Arg.Name);
    SawUnknown |= !Info;
    Result<void> Form = checkFlagForm(Arg, Info);
    if (Form && !Trusted)
      Form = checkUntrustedFlag(Tool, Arg, Info);
    if (!Form)
      Out.push_back({At, Form.failure()});
  }
  return Out;
}

namespace {
/// One element of a manifest path.
Result<void> checkElement(std::string_view Element, bool Trusted) {
  std::string Rest; // without the placeholders
  for (size_t I = 0; I < Element.size();) {
    if (Element[I] != '{') {
      Rest += Element[I++];
      continue;
    }
    size_t End = Element.find('}', I);
    std::string_view Name =
        Element.substr(I, End == Element.npos ? End : End + 1 - I);
    if (Name != "{name}" && Name != "{path}" && Name != "{goos}" &&
        Name != "{goarch}")
      return fail(
          "expected {{name}}, {{path}}, {{goos}} or {{goarch}}, found {}",
          quoteShort(Name));
    I += Name.size();
  }
  if (Trusted)
    return {};
  if (Rest.find_first_not_of('.') == Rest.npos && !Rest.empty())
    return refuse(fmt::format("{} may lead out of the policy's folder",
                              quoteShort(Element)));
  if (Element.starts_with("."))
    return refuse(fmt::format("{} is hidden", quoteShort(Element)));
  return {};
}
} // namespace

Result<void> goslim::checkManifestPath(std::string_view Path, bool Trusted) {
  if (Path.empty() || Path.ends_with('/'))
    return fail("expected the path of a file, found {}", quoteShort(Path));
  if (!Trusted && Path.starts_with('/'))
    return refuse(fmt::format("{} is an absolute path", quoteShort(Path)));
  if (!Trusted && !Path.ends_with(".toml"))
    return refuse(
        fmt::format("{} does not end in \".toml\"", quoteShort(Path)));
  for (std::string_view Rest = Path; !Rest.empty();) {
    std::string_view Element = Rest.substr(0, Rest.find('/'));
    Rest.remove_prefix(std::min(Element.size() + 1, Rest.size()));
    if (Result<void> R = checkElement(Element, Trusted); !R)
      return R;
  }
  return {};
}
