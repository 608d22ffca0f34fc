//===- Document.cpp - a TOML file as a tree with positions ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only file that includes toml++, without its exceptions and formatters.
// Its tree is copied into ours (a few microseconds for a policy) and its
// errors are put into our words.
//===----------------------------------------------------------------------===//
#include "Document.h"
#include "goslim/Base/Json.h"
#include "goslim/Base/TomlText.h"
#include <algorithm>

#include "goslim/Base/Toml.h"

using namespace goslim;

namespace {
Position toPosition(const toml::source_region &Source) {
  return {unsigned(Source.begin.line), unsigned(Source.begin.column)};
}

// Depth is bounded by toml++ (TOML_MAX_NESTED_VALUES) and checkTomlText.
Node toNode(const toml::node &From) {
  Node To;
  To.At = toPosition(From.source());
  if (const toml::table *Table = From.as_table()) {
    for (auto &&[Key, Value] : *Table) {
      To.Children.push_back(toNode(Value));
      To.Children.back().Key = std::string(Key.str());
      To.Children.back().KeyAt = toPosition(Key.source());
    }
    // toml++ sorts by name.
    std::sort(To.Children.begin(), To.Children.end(),
              [](const Node &A, const Node &B) {
                return A.KeyAt != B.KeyAt ? A.KeyAt < B.KeyAt : A.Key < B.Key;
              });
  } else if (const toml::array *Array = From.as_array()) {
    To.What = Node::Kind::Array;
    for (const toml::node &Item : *Array)
      To.Children.push_back(toNode(Item));
  } else if (const toml::value<std::string> *Text = From.as_string()) {
    To.What = Node::Kind::String;
    To.Text = **Text;
  } else if (const toml::value<int64_t> *Number = From.as_integer()) {
    To.What = Node::Kind::Integer;
    To.Number = **Number;
  } else if (const toml::value<bool> *Truth = From.as_boolean()) {
    To.What = Node::Kind::Boolean;
    To.Number = **Truth;
  } else {
    To.What = From.is_floating_point() ? Node::Kind::Float : Node::Kind::Time;
  }
  return To;
}

bool isConflictMarker(std::string_view Line) {
  return Line.starts_with("<<<<<<<") || Line.starts_with("=======") ||
         Line.starts_with(">>>>>>>") || Line.starts_with("|||||||");
}

std::string_view lineAt(std::string_view Text, unsigned Line) {
  for (; Line > 1; --Line) {
    size_t End = Text.find('\n');
    if (End == Text.npos)
      return {};
    Text.remove_prefix(End + 1);
  }
  return Text.substr(0, Text.find('\n'));
}

Failure explainError(const toml::parse_error &Error, std::string_view Line) {
  if (isConflictMarker(Line))
    return {"git conflict marker",
            "resolve the conflict in this file, both sides are in it"};
  std::string_view Text = Error.description();
  constexpr std::string_view Lead = "Error while parsing ";
  if (Text.starts_with(Lead))
    Text.remove_prefix(Lead.size());
  // toml++ quotes what it saw, line breaks included.
  std::string Out;
  for (char C : Text)
    Out += C == '\n' || C == '\r' || C == '\t' ? ' ' : C;
  // Messages begin in lower case; "UTF-8" and the like do not.
  if (Out.size() > 1 && Out[0] >= 'A' && Out[0] <= 'Z' && Out[1] >= 'a')
    Out[0] = char(Out[0] - 'A' + 'a');
  return {"not valid TOML: " + Out};
}
} // namespace

const Node *Node::find(std::string_view Name) const {
  for (const Node &Child : Children)
    if (Child.Key == Name)
      return &Child;
  return nullptr;
}

Node goslim::parseDocument(std::string_view Text, Problem &Error) {
  if (TomlTextProblem Bad = checkTomlText(Text); Bad.Line) {
    Error = {{Bad.Line, Bad.Column}, {"not valid TOML: " + Bad.Message}};
    return {};
  }
  toml::parse_result Parsed = toml::parse(Text);
  if (Parsed)
    return toNode(Parsed.table());
  Error.At = toPosition(Parsed.error().source());
  Error.Why = explainError(Parsed.error(), lineAt(Text, Error.At.Line));
  return {};
}

std::string goslim::quoteShort(std::string_view Text) {
  constexpr size_t Limit = 60;
  std::string Out;
  if (Text.size() <= Limit) {
    appendJsonString(Out, Text);
    return Out;
  }
  // Not in the middle of a UTF-8 sequence.
  size_t End = Limit;
  while (End > 0 && (static_cast<unsigned char>(Text[End]) & 0xC0) == 0x80)
    --End;
  appendJsonString(Out, Text.substr(0, End));
  Out.insert(Out.size() - 1, "...");
  return Out;
}

std::string goslim::describe(const Node &N) {
  switch (N.What) {
  case Node::Kind::String:
    return "the string " + quoteShort(N.Text);
  case Node::Kind::Integer:
    return fmt::format("the integer {}", N.Number);
  case Node::Kind::Boolean:
    return N.Number ? "the boolean true" : "the boolean false";
  case Node::Kind::Float:
    return "a float";
  case Node::Kind::Time:
    return "a date or time";
  case Node::Kind::Array:
    return "an array";
  case Node::Kind::Table:
    return "a table";
  }
  return "";
}
