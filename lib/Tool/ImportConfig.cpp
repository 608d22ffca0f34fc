//===- ImportConfig.cpp - importcfg and importcfg.link --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lines are kept as they stand, so that printing gives back every byte; the
// fields beside them are what cmd/link would read. A directive we do not know
// is kept, too: whether it is an error is the tool's business.
//===----------------------------------------------------------------------===//
#include "goslim/Tool/ImportConfig.h"

namespace goslim {

const ImportConfig::Line *ImportConfig::modinfo() const {
  for (auto It = Lines.rbegin(); It != Lines.rend(); ++It)
    if (It->Verb == "modinfo")
      return &*It;
  return nullptr;
}

static std::string_view trim(std::string_view Text) {
  constexpr std::string_view Spaces = " \t\r\n\v\f";
  size_t Begin = Text.find_first_not_of(Spaces);
  if (Begin == std::string_view::npos)
    return {};
  return Text.substr(Begin, Text.find_last_not_of(Spaces) - Begin + 1);
}

static Result<ImportConfig::Line> parseLine(std::string_view Text) {
  ImportConfig::Line Line;
  Line.Text = Text;
  std::string_view Clean = trim(Text);
  if (Clean.empty() || Clean[0] == '#')
    return Line;
  size_t Space = std::min(Clean.find(' '), Clean.size());
  Line.Verb = Clean.substr(0, Space);
  std::string_view Args = trim(Clean.substr(Space));
  if (Line.Verb == "modinfo") {
    Line.Value = Args;
    return Line;
  }
  size_t Equal = Args.find('=');
  if (Equal != std::string_view::npos)
    Line.Key = Args.substr(0, Equal);
  Line.Value = Args.substr(Equal + 1); // npos + 1 == 0
  bool Known = Line.Verb == "packagefile" || Line.Verb == "packageshlib" ||
               Line.Verb == "importmap";
  if (Known && (Line.Key.empty() || Line.Value.empty()))
    return fail("invalid {}: expected '{} A=B', found '{}'", Line.Verb,
                Line.Verb, Clean);
  return Line;
}

Result<ImportConfig> parseImportConfig(std::string_view Text) {
  ImportConfig Config;
  while (true) {
    size_t End = std::min(Text.find('\n'), Text.size());
    Result<ImportConfig::Line> Line = parseLine(Text.substr(0, End));
    if (!Line)
      return fail("line {}: {}", Config.Lines.size() + 1,
                  Line.failure().Message);
    Config.Lines.push_back(std::move(*Line));
    if (End == Text.size())
      return Config;
    Text.remove_prefix(End + 1);
  }
}

std::string print(const ImportConfig &Config) {
  std::string Out;
  for (const ImportConfig::Line &Line : Config.Lines) {
    if (&Line != &Config.Lines.front())
      Out += '\n';
    Out += Line.Text;
  }
  return Out;
}

} // namespace goslim
