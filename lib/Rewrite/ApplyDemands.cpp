//===- ApplyDemands.cpp - a list of flags brought to what is asked --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Banned flags go first, then each wanted flag that is not already in effect
// is added at the end of the range. "In effect" follows the tools: the last
// flag wins, -X by variable, -L and the like accumulate, -s covers -w, and
// -extldflags holds the wanted words among others.
//===----------------------------------------------------------------------===//
#include "FlagDemands.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>
#include <fmt/format.h>

namespace goslim::rewrite {
namespace {

/// Go's strconv.ParseBool; a bare flag is true.
bool isTrue(const std::optional<std::string> &Value) {
  if (!Value)
    return true;
  static constexpr std::string_view True[] = {"1",    "t",    "T",
                                              "TRUE", "true", "True"};
  return std::find(std::begin(True), std::end(True), *Value) != std::end(True);
}

bool isBoolean(ToolKind Tool, const Argument &Flag) {
  const FlagInfo *Info = findToolFlag(Tool, Flag.Name);
  return Info && !Info->TakesValue && !Info->Accumulates;
}

/// The part of an argument list that policy may touch.
class FlagRange {
public:
  FlagRange(ToolKind Tool, std::vector<Argument> Args, size_t Begin, size_t End)
      : Tool(Tool), Args(std::move(Args)), Begin(Begin), End(End) {}

  bool has(const Argument &Wanted) const;
  void add(const Argument &Wanted, const RuleRef &By, std::vector<Edit> &Edits);
  /// Removes the flags that Ban means and Keep does not ask for.
  std::vector<std::string> banned(const BannedFlag &Ban,
                                  const std::vector<WantedFlag> &Keep) const;
  void remove(const BannedFlag &Ban, const std::vector<WantedFlag> &Keep,
              std::vector<Edit> &Edits);
  std::vector<Argument> take() { return std::move(Args); }

private:
  const Argument *last(std::string_view Name) const;
  bool bans(const BannedFlag &Ban, const Argument &Arg,
            const std::vector<WantedFlag> &Keep) const;
  size_t insertPosition() const;
  bool mergeExtldflags(const Argument &Wanted, const RuleRef &By,
                       std::vector<Edit> &Edits);

  ToolKind Tool;
  std::vector<Argument> Args;
  size_t Begin, End;
};

/// Also among go's own flags around the range: what is in effect is in effect.
const Argument *FlagRange::last(std::string_view Name) const {
  for (size_t I = Args.size(); I > 0; --I)
    if (Args[I - 1].Name == Name)
      return &Args[I - 1];
  return nullptr;
}

bool holdsWords(const Argument &Flag, const Argument &Wanted) {
  Result<std::vector<std::string>> Have = splitQuoted(Flag.Value.value_or(""));
  Result<std::vector<std::string>> Need =
      splitQuoted(Wanted.Value.value_or(""));
  if (!Have || !Need)
    return false;
  return std::all_of(Need->begin(), Need->end(), [&](const std::string &Word) {
    return std::find(Have->begin(), Have->end(), Word) != Have->end();
  });
}

bool FlagRange::has(const Argument &Wanted) const {
  const Argument *Last = last(Wanted.Name);
  if (Tool == ToolKind::Link && Wanted.Name == "w" && !Last)
    // Every linker leaves DWARF out under -s unless -w=0 asks for it.
    if (const Argument *S = last("s"))
      return isTrue(Wanted.Value) && isTrue(S->Value);
  if (!Last)
    return false;
  if (Tool == ToolKind::Link && Wanted.Name == "extldflags")
    return holdsWords(*Last, Wanted);
  if (Tool == ToolKind::Link && Wanted.Name == "X") {
    const std::string_view Name = variableOf(Wanted);
    for (size_t I = Args.size(); I > 0; --I)
      if (Args[I - 1].Name == "X" && variableOf(Args[I - 1]) == Name)
        return Args[I - 1].Value == Wanted.Value;
    return false;
  }
  if (isBoolean(Tool, Wanted))
    return isTrue(Last->Value) == isTrue(Wanted.Value);
  const FlagInfo *Info = findToolFlag(Tool, Wanted.Name);
  if (Info && !Info->Accumulates)
    return Last->Value == Wanted.Value;
  for (size_t I = 0; I < Args.size(); ++I)
    if (Args[I].Name == Wanted.Name &&
        (Args[I].Value == Wanted.Value ||
         // Unknown: what looks like its value may be an operand behind it.
         (!Info && Args[I].Words.front() == Wanted.Words.front())))
      return true;
  return false;
}

/// As far back as the range ends, but before an operand (it ends the flags)
/// and not behind an unknown flag whose value the next word might be.
size_t FlagRange::insertPosition() const {
  size_t At = Begin;
  while (At < End && Args[At].isFlag())
    ++At;
  while (At > 0) {
    const Argument &Before = Args[At - 1];
    const FlagInfo *Info = findToolFlag(Tool, Before.Name);
    if (Before.Value || (Info && !Info->TakesValue))
      break;
    --At;
  }
  return At;
}

bool FlagRange::mergeExtldflags(const Argument &Wanted, const RuleRef &By,
                                std::vector<Edit> &Edits) {
  const Argument *Last = last(Wanted.Name);
  if (!Last)
    return false;
  Result<std::vector<std::string>> Words =
      splitQuoted(Last->Value.value_or(""));
  Result<std::vector<std::string>> Need =
      splitQuoted(Wanted.Value.value_or(""));
  if (!Words || !Need)
    return false;
  for (const std::string &Word : *Need)
    if (std::find(Words->begin(), Words->end(), Word) == Words->end())
      Words->push_back(Word);
  Result<std::string> Joined = joinQuoted(*Words);
  if (!Joined)
    return false;
  Argument &Old = Args[size_t(Last - Args.data())];
  Argument New = valueFlag(Wanted.Name, *Joined);
  Edits.push_back({By.Rule, shown(Old), shown(New)});
  Old = std::move(New);
  return true;
}

void FlagRange::add(const Argument &Wanted, const RuleRef &By,
                    std::vector<Edit> &Edits) {
  if (Tool == ToolKind::Link && Wanted.Name == "extldflags" &&
      mergeExtldflags(Wanted, By, Edits))
    return;
  size_t At = insertPosition();
  // One of go's own behind the range would win (-extld), and is what go leaves
  // out when a user gives the flag.
  std::string Before;
  const FlagInfo *Info = findToolFlag(Tool, Wanted.Name);
  if (const Argument *Last = last(Wanted.Name);
      Last && Info && !Info->Accumulates && size_t(Last - Args.data()) >= At) {
    size_t Old = size_t(Last - Args.data());
    Before = shown(*Last);
    Args.erase(Args.begin() + ptrdiff_t(Old));
    End -= Old < End;
  }
  Args.insert(Args.begin() + ptrdiff_t(At), Wanted);
  ++End;
  Edits.push_back({By.Rule, Before, shown(Wanted)});
}

bool FlagRange::bans(const BannedFlag &Ban, const Argument &Arg,
                     const std::vector<WantedFlag> &Keep) const {
  if (Arg.Name != Ban.Name)
    return false;
  if (Ban.Variable) {
    if (variableOf(Arg) != *Ban.Value)
      return false;
  } else if (Ban.Value && *Ban.Value != Arg.Value.value_or("")) {
    bool SameBoolean = isBoolean(Tool, Arg) && !Arg.Value &&
                       isTrue(Ban.Value) && Ban.Value != "";
    if (!SameBoolean)
      return false;
  }
  // What another rule asks for stays, or the two would undo each other.
  return std::none_of(Keep.begin(), Keep.end(), [&](const WantedFlag &W) {
    if (W.Flag.Name != Arg.Name)
      return false;
    return W.Flag.Value == Arg.Value ||
           (Arg.Name == "extldflags" && holdsWords(Arg, W.Flag));
  });
}

std::vector<std::string>
FlagRange::banned(const BannedFlag &Ban,
                  const std::vector<WantedFlag> &Keep) const {
  std::vector<std::string> Found;
  for (size_t I = Begin; I < End; ++I)
    if (bans(Ban, Args[I], Keep))
      Found.push_back(shown(Args[I]));
  return Found;
}

void FlagRange::remove(const BannedFlag &Ban,
                       const std::vector<WantedFlag> &Keep,
                       std::vector<Edit> &Edits) {
  for (size_t I = Begin; I < End;) {
    if (!bans(Ban, Args[I], Keep)) {
      ++I;
      continue;
    }
    Edits.push_back({Ban.By.Rule, shown(Args[I]), ""});
    Args.erase(Args.begin() + ptrdiff_t(I));
    --End;
  }
}

/// How a rule that is not met is put: all its missing flags in one phrase.
std::string askedText(const RuleRef &By, const std::vector<std::string> &Flags,
                      const FlagDemands &D) {
  if (By.Rule == RuleId::Static)
    return "asked for a program without dynamic loader (" +
           joinShown(Flags, " ") + ")";
  if (By.Rule != RuleId::Strip)
    return "asked for " + joinShown(Flags, " ");
  bool All =
      std::any_of(D.Wanted.begin(), D.Wanted.end(), [](const WantedFlag &W) {
        return W.By.Rule == RuleId::Strip && W.Flag.Name == "s";
      });
  return All ? "asked for all (-s -w)" : "asked for debug (-w)";
}

bool changes(const RuleRef &By, Applied What) {
  return What == Applied::AllRules ||
         (What == Applied::RewriteRules && By.How == Mode::Rewrite);
}

/// The unmet demands, collected rule by rule.
void noteMissing(const FlagDemands &D, const FlagRange &Range,
                 std::vector<Unmet> &NotMet, Applied What) {
  for (size_t I = 0; I < D.Wanted.size();) {
    const RuleRef &By = D.Wanted[I].By;
    std::vector<std::string> Missing;
    for (; I < D.Wanted.size() && D.Wanted[I].By.Rule == By.Rule; ++I)
      if (!Range.has(D.Wanted[I].Flag))
        Missing.push_back(shown(D.Wanted[I].Flag));
    if (!Missing.empty() && !changes(By, What) && By.How != Mode::Off)
      NotMet.push_back({By, askedText(By, Missing, D)});
  }
  for (const BannedFlag &Ban : D.Banned)
    if (!changes(Ban.By, What) && Ban.By.How != Mode::Off)
      for (const std::string &Found : Range.banned(Ban, D.Wanted))
        NotMet.push_back({Ban.By, "forbids " + Found});
}

} // namespace

AppliedFlags applyDemands(const FlagDemands &D, std::vector<Argument> Args,
                          size_t Begin, size_t End, Applied What) {
  FlagRange Range(D.Tool, std::move(Args), Begin, End);
  AppliedFlags Out;
  for (const BannedFlag &Ban : D.Banned)
    if (changes(Ban.By, What))
      Range.remove(Ban, D.Wanted, Out.Edits);
  // What is missing is settled before anything is added: -s would cover -w,
  // but "-s -w" is what people write and what a plain build records.
  std::vector<const WantedFlag *> Missing;
  for (const WantedFlag &Wanted : D.Wanted)
    if (changes(Wanted.By, What) && !Range.has(Wanted.Flag))
      Missing.push_back(&Wanted);
  for (const WantedFlag *Wanted : Missing)
    Range.add(Wanted->Flag, Wanted->By, Out.Edits);
  noteMissing(D, Range, Out.NotMet, What);
  Out.Args = Range.take();
  return Out;
}

} // namespace goslim::rewrite
