//===- CheckKeys.cpp - a document against the table of keys ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks the tree beside the rows of policyKeys(). Everything that can be said
// from the table alone (unknown keys, wrong types, values not listed) is found
// here, so that reading the tree afterwards needs no error handling.
//===----------------------------------------------------------------------===//
#include "CheckKeys.h"
#include "PolicyKeys.h"
#include "goslim/Policy/Suggest.h"

using namespace goslim;

namespace {
using TableNames = std::vector<std::string_view>;

struct Checker {
  std::vector<Problem> &Problems;

  void add(Position At, Failure Why) {
    Problems.push_back({At, std::move(Why)});
  }
  void checkTable(const Node &N, const TableNames &Tables,
                  const std::string &Path);
  void checkValue(const Node &N, const PolicyKey &Key, const std::string &Path);
  void checkRule(const Node &N, const PolicyKey &Key, const std::string &Path);
  void checkText(const Node &N, const PolicyKey &Key, const std::string &Path);
  void checkTexts(const Node &N, const PolicyKey &Key, const std::string &Path);
  void checkNamed(const Node &N, const std::string &Path);
  void wrongType(const Node &N, std::string_view Expected,
                 const std::string &Path) {
    add(N.At, fail("{}: expected {}, found {}", Path, Expected, describe(N)));
  }
};

const PolicyKey *findKey(const TableNames &Tables, std::string_view Name) {
  for (const PolicyKey &Key : allKeys())
    if (Key.Name == Name)
      for (std::string_view Table : Tables)
        if (Key.Table == Table)
          return &Key;
  return nullptr;
}

TableNames namesOf(const TableNames &Tables) {
  TableNames Names;
  for (std::string_view Table : Tables)
    for (const PolicyKey &Key : allKeys())
      if (Key.Table == Table)
        Names.push_back(Key.Name);
  return Names;
}

/// "none", "debug" or "all".
std::string orList(const TableNames &Words, std::string_view Quote) {
  std::string Out;
  for (size_t I = 0; I < Words.size(); ++I)
    Out += fmt::format("{}{}{}{}",
                       I == 0                  ? ""
                       : I + 1 == Words.size() ? " or "
                                               : ", ",
                       Quote, Words[I], Quote);
  return Out;
}

Failure unknownKey(std::string_view Name, const TableNames &Known,
                   const std::string &Path) {
  std::string Where =
      Path.empty() ? "at the top level" : fmt::format("in [{}]", Path);
  std::string Guess = suggestion(Name, Known);
  if (Guess.empty())
    Guess = ", expected " + orList(Known, "");
  std::string Shown = quoteShort(Name);
  Shown.front() = Shown.back() = '\'';
  return fail("unknown key {} {}{}", Shown, Where, Guess);
}

void Checker::checkTable(const Node &N, const TableNames &Tables,
                         const std::string &Path) {
  for (const Node &Child : N.Children) {
    const PolicyKey *Key = findKey(Tables, Child.Key);
    if (!Key) {
      add(Child.KeyAt, unknownKey(Child.Key, namesOf(Tables), Path));
      continue;
    }
    std::string Sub = Path.empty() ? Child.Key : Path + "." + Child.Key;
    if (isPlainRule(*Key))
      checkRule(Child, *Key, Sub);
    else
      checkValue(Child, *Key, Sub);
  }
}

void Checker::checkText(const Node &N, const PolicyKey &Key,
                        const std::string &Path) {
  if (N.Text.find('\0') != std::string::npos)
    return add(N.At, fail("{}: a NUL byte cannot be passed on", Path));
  if (allowsOther(Key))
    return;
  TableNames Allowed = allowedValues(Key);
  for (std::string_view Value : Allowed)
    if (Value == N.Text)
      return;
  add(N.At, fail("{}: expected {}, found {}{}", Path, orList(Allowed, "\""),
                 quoteShort(N.Text), suggestion(N.Text, Allowed)));
}

void Checker::checkTexts(const Node &N, const PolicyKey &Key,
                         const std::string &Path) {
  for (const Node &Item : N.Children) {
    if (Item.What != Node::Kind::String)
      wrongType(Item, "a string", Path);
    else
      checkText(Item, Key, Path);
  }
}

void Checker::checkNamed(const Node &N, const std::string &Path) {
  for (const Node &Item : N.Children) {
    std::string Sub = fmt::format("{}.{}", Path, Item.Key);
    if (Item.What != Node::Kind::String)
      wrongType(Item, "a string", Sub);
    else if ((Item.Text + Item.Key).find('\0') != std::string::npos)
      add(Item.At, fail("{}: a NUL byte cannot be passed on", Path));
  }
}

/// { value = ..., mode = "..." }
void Checker::checkRule(const Node &N, const PolicyKey &Key,
                        const std::string &Path) {
  bool Named = Key.Type == keytype::Named;
  if (N.What != Node::Kind::Table ||
      (Named && !wrappedVariables(N) && !N.find("mode")))
    return checkValue(N, Key, Path);
  static constexpr std::string_view Known[] = {"value", "mode"};
  for (const Node &Child : N.Children) {
    const PolicyKey *ModeKey = findKey({"policy"}, "mode");
    std::string Sub = Path + "." + Child.Key;
    if (Child.Key == "mode")
      checkValue(Child, *ModeKey, Sub);
    else if (Child.Key == "value")
      checkValue(Child, Key, Sub);
    else if (!Named || wrappedVariables(N))
      add(Child.KeyAt, unknownKey(Child.Key, {Known[0], Known[1]}, Path));
    else if (Child.What != Node::Kind::String)
      wrongType(Child, "a string", Sub);
  }
}

void Checker::checkValue(const Node &N, const PolicyKey &Key,
                         const std::string &Path) {
  using namespace keytype;
  if (Key.Type == Integer) {
    if (N.What != Node::Kind::Integer)
      wrongType(N, "an integer", Path);
  } else if (Key.Type == Boolean) {
    if (N.What != Node::Kind::Boolean)
      wrongType(N, "true or false", Path);
  } else if (Key.Type == String) {
    if (N.What != Node::Kind::String)
      wrongType(
          N, allowsOther(Key) ? "a string" : orList(allowedValues(Key), "\""),
          Path);
    else
      checkText(N, Key, Path);
  } else if (Key.Type == Strings || Key.Type == OneOrMore) {
    if (N.What == Node::Kind::Array)
      checkTexts(N, Key, Path);
    else if (Key.Type == OneOrMore && N.What == Node::Kind::String)
      checkText(N, Key, Path);
    else
      wrongType(N,
                fmt::format("{} {}", Key.Type[0] == 'a' ? "an" : "a", Key.Type),
                Path);
  } else if (Key.Type == List) {
    if (N.What != Node::Kind::Array)
      return wrongType(N, fmt::format("[[{}]]", Key.Name), Path);
    for (const Node &Item : N.Children) {
      if (Item.What != Node::Kind::Table)
        wrongType(Item, "a table", Path);
      else
        checkTable(Item, {Key.Name, "policy"}, Path);
    }
  } else if (N.What != Node::Kind::Table) {
    wrongType(N, "a table", Path);
  } else if (Key.Type == Named) {
    checkNamed(N, Path);
  } else if (Key.Type == Tables) {
    for (const Node &Item : N.Children) {
      std::string Sub = Path + "." + Item.Key;
      if (Item.What != Node::Kind::Table)
        wrongType(Item, "a table", Sub);
      else
        checkTable(Item, {Key.Name, "policy"}, Sub);
    }
  } else {
    std::string Sub = subTable(Key);
    checkTable(N, {Sub}, Path);
  }
}
} // namespace

const Node *goslim::wrappedVariables(const Node &N) {
  const Node *Value = N.find("value");
  return Value && Value->What == Node::Kind::Table ? Value : nullptr;
}

void goslim::checkKeys(const Node &Root, std::vector<Problem> &Problems) {
  Checker{Problems}.checkTable(Root, {""}, "");
}
