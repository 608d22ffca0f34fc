//===- PolicyTemplate.cpp - what `goslim init` writes ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The template and the JSON Schema, both from the table of keys, so that
// neither can say what the parser does not. In the template prose begins with
// "# " and TOML that is switched off with "#" alone: a test switches all of it
// on and parses it again.
//===----------------------------------------------------------------------===//
#include "PolicyKeys.h"
#include "goslim/Base/Json.h"
#include <algorithm>

using namespace goslim;

namespace {
constexpr size_t LineWidth = 78;

/// Text as comment lines, each Indent blanks in.
std::string comment(std::string_view Text, size_t Indent = 0) {
  std::string Lead = "#" + std::string(Indent, ' '), Out, Line = Lead;
  while (!Text.empty()) {
    size_t End = std::min(Text.find(' '), Text.size());
    if (Line.size() > Lead.size() && Line.size() + 1 + End > LineWidth) {
      Out += Line + "\n";
      Line = Lead;
    }
    Line += ' ';
    Line += Text.substr(0, End);
    Text.remove_prefix(std::min(End + 1, Text.size()));
  }
  return Out + Line + "\n";
}

/// A comment and "key = default" for each row of Table.
std::string keysOf(std::string_view Table) {
  std::string Out;
  for (const PolicyKey &Key : allKeys())
    if (Key.Table == Table && !Key.Default.empty())
      Out += fmt::format("{}{} = {}\n\n", comment(Key.Help), Key.Name,
                         Key.Default);
  return Out;
}

std::string_view helpOf(std::string_view Table, std::string_view Name) {
  for (const PolicyKey &Key : allKeys())
    if (Key.Table == Table && Key.Name == Name)
      return Key.Help;
  return {};
}

/// "package: Import paths ...", one comment a key.
std::string listOf(std::string_view Table) {
  std::string Out;
  for (const PolicyKey &Key : allKeys())
    if (Key.Table == Table)
      Out += comment(fmt::format("{}: {}", Key.Name, Key.Help), 2);
  return Out;
}

// ---- JSON Schema

std::string quoted(std::string_view Text) {
  std::string Out;
  appendJsonString(Out, Text);
  return Out;
}

std::string schemaOfTables(const std::vector<std::string> &Tables,
                           std::string_view Required = "");

std::string schemaOfText(const PolicyKey &Key) {
  std::string Out = "\"type\":\"string\"";
  if (allowsOther(Key))
    return Out;
  Out += ",\"enum\":[";
  for (std::string_view Value : allowedValues(Key))
    Out += (Out.ends_with('[') ? "" : ",") + quoted(Value);
  return Out + "]";
}

/// The members of Key's schema, without braces.
std::string schemaOfValue(const PolicyKey &Key) {
  using namespace keytype;
  std::string Text = schemaOfText(Key);
  std::string Array = fmt::format("\"type\":\"array\",\"items\":{{{}}}", Text);
  if (Key.Type == Integer || Key.Type == Boolean)
    return fmt::format("\"type\":{}", quoted(Key.Type));
  if (Key.Type == String)
    return Text;
  if (Key.Type == Strings)
    return Array;
  if (Key.Type == OneOrMore)
    return fmt::format("\"anyOf\":[{{{}}},{{{}}}]", Text, Array);
  if (Key.Type == Named)
    return "\"type\":\"object\",\"additionalProperties\":{\"type\":"
           "\"string\"}";
  if (Key.Type == List)
    return fmt::format(
        "\"type\":\"array\",\"items\":{{{}}}",
        schemaOfTables({std::string(Key.Name), "policy"}, "\"match\""));
  if (Key.Type == Tables)
    return fmt::format("\"type\":\"object\",\"additionalProperties\":{{{}}}",
                       schemaOfTables({std::string(Key.Name), "policy"}));
  return schemaOfTables({subTable(Key)});
}

std::string schemaOfKey(const PolicyKey &Key) {
  std::string Value = schemaOfValue(Key);
  if (isPlainRule(Key))
    Value = fmt::format(
        "\"anyOf\":[{{{}}},{{\"type\":\"object\",\"properties\":{{"
        "\"value\":{{{}}},\"mode\":{{\"enum\":[\"rewrite\",\"require\","
        "\"warn\",\"off\"]}}}}{}}}]",
        Value, Value,
        // env = { GOOS = "linux", mode = "warn" }
        Key.Type == keytype::Named ? "" : ",\"additionalProperties\":false");
  return fmt::format("{}:{{\"description\":{},{}}}", quoted(Key.Name),
                     quoted(Key.Help), Value);
}

std::string schemaOfTables(const std::vector<std::string> &Tables,
                           std::string_view Required) {
  std::string Out = "\"type\":\"object\",\"properties\":{";
  for (const PolicyKey &Key : allKeys())
    if (std::find(Tables.begin(), Tables.end(), Key.Table) != Tables.end())
      Out += (Out.ends_with('{') ? "" : ",") + schemaOfKey(Key);
  Out += "},\"additionalProperties\":false";
  if (!Required.empty())
    Out += fmt::format(",\"required\":[{}]", Required);
  return Out;
}
} // namespace

std::string goslim::policyTemplate() {
  std::string Out = comment(
      "goslim.toml: what the builds of this module must look like. Made by "
      "`goslim init`; each key is shown with its default, so nothing is asked "
      "yet. `goslim policy` prints what holds and where it comes from.");
  Out += "\n" + keysOf("") + comment(helpOf("", "policy")) + "[policy]\n" +
         keysOf("policy");
  Out += comment(helpOf("", "profile")) + listOf("profile");
  Out += "#[profile.release]\n"
         "#inherits = \"policy\"\n"
         "#strip = \"all\"\n"
         "#trimpath = true\n\n";
  Out += comment(helpOf("", "override")) +
         comment(helpOf("override", "match")) + listOf("override.match") +
         "#[[override]]\n"
         "#match = { package = \"./cmd/debug/...\", goos = \"windows\" }\n"
         "#strip = \"none\"\n\n";
  Out += comment(helpOf("", "manifest")) + "[manifest]\n" + keysOf("manifest");
  Out.pop_back(); // one line break at the end
  return Out;
}

std::string goslim::policySchema() {
  return fmt::format(
      "{{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"title\":"
      "\"goslim.toml\",{}}}\n",
      schemaOfTables({""}, "\"version\""));
}
