//===- PatternValues.cpp - policy in -ldflags=PATTERN=... values ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three steps: a general value is put in front when there is none, each value
// is brought to what the rules for its packages demand, and overrides whose
// packages would end up with other words than theirs get a value of their own.
//===----------------------------------------------------------------------===//
#include "PatternValues.h"
#include "PackageScope.h"
#include "goslim/Tool/GoCommand.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>

namespace goslim::rewrite {
namespace {

struct Item {
  std::string Text;    ///< as given; used when the words stay the same
  std::string Pattern; ///< as typed
  std::string Import;  ///< for comparison; "" = the command's packages
  std::vector<std::string> Before, After;
  bool Given = true;
};

class Merger {
public:
  Merger(const ValueRules &Rules, Applied What) : Rules(Rules), What(What) {}

  Result<void> read(const std::vector<std::string> &Values,
                    const AsImport &Import);
  void addGeneral();
  void applyToItems();
  void applyNarrower();
  Result<MergedValues> finish();

private:
  Overlap itemIn(const Item &I, std::string_view Pattern) const;
  Overlap inItem(std::string_view Pattern, const Item &I) const;
  const FlagDemands &demandsFor(const Item &I);
  std::vector<std::string> apply(const FlagDemands &D,
                                 const std::vector<std::string> &Words);

  const ValueRules &Rules;
  Applied What;
  std::vector<Item> Items;
  MergedValues Out;
};

Result<void> Merger::read(const std::vector<std::string> &Values,
                          const AsImport &Import) {
  for (const std::string &Value : Values) {
    Result<PatternFlags> Parsed = parsePatternFlags(Value);
    if (!Parsed)
      return fail("invalid value {} for flag -{}: {}", goQuote(Value),
                  Rules.Flag, Parsed.failure().Message);
    Item I;
    I.Text = Value;
    I.Pattern = Parsed->Pattern;
    if (!I.Pattern.empty())
      I.Import = Import(I.Pattern);
    I.Before = std::move(Parsed->Words);
    Items.push_back(std::move(I));
  }
  return {};
}

Overlap Merger::itemIn(const Item &I, std::string_view Pattern) const {
  if (I.Import.empty())
    return overlap(Rules.Command, Pattern, Rules.ModulePath);
  return overlap(I.Import, Pattern, Rules.ModulePath);
}

Overlap Merger::inItem(std::string_view Pattern, const Item &I) const {
  if (!I.Import.empty())
    return overlap(Pattern, I.Import, Rules.ModulePath);
  // Only what the command names is linked.
  if (Rules.General.empty())
    return Overlap::Whole;
  return overlap(Pattern, Rules.Command, Rules.ModulePath);
}

void Merger::addGeneral() {
  for (const Item &I : Items) {
    bool Covers = I.Import == "all" || I.Import == "...";
    if (Rules.General.empty())
      Covers |=
          I.Pattern.empty() ||
          overlap(Rules.Command, I.Import, Rules.ModulePath) == Overlap::Whole;
    if (Covers)
      return;
  }
  Item General;
  General.Pattern = General.Import = Rules.General;
  General.Given = false;
  Items.insert(Items.begin(), std::move(General));
}

/// The rules of the narrowest override that I's packages all lie in.
const FlagDemands &Merger::demandsFor(const Item &I) {
  const FlagDemands *D = &Rules.Base;
  for (const PatternDemands &N : Rules.Narrower) {
    Overlap In = itemIn(I, N.Pattern);
    if (In == Overlap::Whole)
      D = &N.Demands;
    else if (In == Overlap::Part && inItem(N.Pattern, I) != Overlap::Whole)
      Out.Unclear.push_back(N.Pattern);
  }
  return *D;
}

std::vector<std::string> Merger::apply(const FlagDemands &D,
                                       const std::vector<std::string> &Words) {
  Invocation Call = parseInvocation(D.Tool, Words);
  size_t Size = Call.Args.size();
  AppliedFlags New = applyDemands(D, std::move(Call.Args), 0, Size, What);
  for (Edit &E : New.Edits)
    if (std::none_of(Out.Edits.begin(), Out.Edits.end(), [&](const Edit &Old) {
          return Old.Rule == E.Rule && Old.Before == E.Before &&
                 Old.After == E.After;
        }))
      Out.Edits.push_back(std::move(E));
  for (Unmet &U : New.NotMet)
    if (std::none_of(Out.NotMet.begin(), Out.NotMet.end(),
                     [&](const Unmet &Old) {
                       return Old.By.Rule == U.By.Rule && Old.Text == U.Text;
                     }))
      Out.NotMet.push_back(std::move(U));
  Call.Args = std::move(New.Args);
  return print(Call);
}

void Merger::applyToItems() {
  for (Item &I : Items)
    I.After = apply(demandsFor(I), I.Before);
}

void Merger::applyNarrower() {
  for (const PatternDemands &N : Rules.Narrower) {
    auto From = std::find_if(Items.rbegin(), Items.rend(), [&](const Item &I) {
      return inItem(N.Pattern, I) == Overlap::Whole;
    });
    if (From == Items.rend())
      continue; // no package of it gets any words
    std::vector<std::string> Words = From->Before;
    if (From->Import != N.Pattern) {
      std::vector<std::string> After = apply(N.Demands, Words);
      if (After == From->After)
        continue;
      Item Own;
      Own.Pattern = Own.Import = N.Pattern;
      Own.Before = std::move(Words);
      Own.After = std::move(After);
      Own.Given = false;
      Items.insert(From.base(), std::move(Own));
    }
  }
}

Result<MergedValues> Merger::finish() {
  for (const Item &I : Items) {
    if (I.Given && I.Before == I.After) {
      Out.Values.push_back(I.Text);
      continue;
    }
    // An added general value without words says nothing.
    if (!I.Given && I.After.empty() && I.Pattern == Rules.General)
      continue;
    Out.Changed = true;
    Result<std::string> Text = print(PatternFlags{I.Pattern, I.After});
    if (!Text)
      return fail("-{}: {}", Rules.Flag, Text.failure().Message);
    Out.Values.push_back(std::move(*Text));
  }
  return std::move(Out);
}

} // namespace

Result<MergedValues> mergeValues(const ValueRules &Rules,
                                 const std::vector<std::string> &Values,
                                 Applied What, const AsImport &Import) {
  Merger M(Rules, What);
  if (Result<void> Read = M.read(Values, Import); !Read)
    return Read.failure();
  M.addGeneral();
  M.applyToItems();
  M.applyNarrower();
  return M.finish();
}

std::string shownValues(std::string_view Flag,
                        const std::vector<std::string> &Values) {
  if (Values.empty())
    return fmt::format("no -{}", Flag);
  std::string Text;
  for (const std::string &Value : Values)
    Text += fmt::format("{}-{}=\"{}\"", Text.empty() ? "" : " ", Flag, Value);
  return Text;
}

} // namespace goslim::rewrite
