//===- EmbedRecord.cpp - what a compile embedded --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Record/EmbedRecord.h"
#include "Cut.h"
#include "Store.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Tool/Quoted.h"
#include <cctype>
#include <optional>

namespace goslim {

static constexpr std::string_view Head = "goslim-embed\t1";

//===----------------------------------------------------------------------===//
// Go source
//===----------------------------------------------------------------------===//

static std::string_view trim(std::string_view Text) {
  constexpr std::string_view Space = " \t\r";
  size_t Begin = Text.find_first_not_of(Space);
  if (Begin == Text.npos)
    return {};
  return Text.substr(Begin, Text.find_last_not_of(Space) - Begin + 1);
}

/// Up to the first white space, which is taken off as well.
static std::string_view takeWord(std::string_view &Text) {
  std::string_view Word = Text.substr(0, Text.find_first_of(" \t"));
  Text = trim(Text.substr(Word.size()));
  return Word;
}

/// The only pattern of a go:embed line, or none (go/build/read.go,
/// parseGoEmbed: words, "..." or `...`).
static std::optional<std::string> onlyPattern(std::string_view Text) {
  Text = trim(Text);
  if (Text.starts_with('`') && Text.find('`', 1) == Text.size() - 1)
    return std::string(Text.substr(1, Text.size() - 2));
  if (Text.starts_with('"')) {
    Result<std::string> Pattern = goUnquote(Text);
    return Pattern ? std::optional(std::move(*Pattern)) : std::nullopt;
  }
  if (Text.empty() || Text.find_first_of(" \t\"`") != Text.npos)
    return std::nullopt;
  return std::string(Text);
}

std::vector<EmbedRecord::Variable> scanEmbeds(std::string_view Source) {
  constexpr std::string_view Mark = "//go:embed";
  std::vector<EmbedRecord::Variable> Out;
  std::optional<std::string> Pattern;
  unsigned Lines = 0; ///< of go:embed, above the next declaration
  for (size_t At = 0; At < Source.size();) {
    // Files without any are searched, not split.
    if (!Lines) {
      At = Source.find(Mark, At);
      if (At == Source.npos)
        break;
      size_t Begin = Source.rfind('\n', At) + 1; // npos + 1 == 0
      if (!trim(Source.substr(Begin, At - Begin)).empty()) {
        At += Mark.size();
        continue;
      }
    }
    size_t End = std::min(Source.find('\n', At), Source.size());
    std::string_view Line = trim(Source.substr(At, End - At));
    At = End + 1;
    if (Line.starts_with(Mark) && Line.size() > Mark.size() &&
        std::isspace(static_cast<unsigned char>(Line[Mark.size()]))) {
      ++Lines;
      Pattern = onlyPattern(Line.substr(Mark.size()));
      continue;
    }
    if (Line.empty() || Line.starts_with("//"))
      continue;
    std::string_view Name = takeWord(Line);
    if (Name == "var")
      Name = takeWord(Line);
    if (Lines == 1 && Pattern && takeWord(Line) != "embed.FS")
      Out.push_back({std::string(Name), std::move(*Pattern)});
    Lines = 0, Pattern.reset();
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::string print(const EmbedRecord &R) {
  std::string Out = fmt::format("{}\n", Head);
  for (const EmbedRecord::Variable &V : R.Variables)
    Out += fmt::format("var {} {}\n", goQuote(V.Name), goQuote(V.Pattern));
  return Out + "config\n" + R.Config;
}

/// "var" and two quoted words.
static Result<EmbedRecord::Variable> parseVariable(std::string_view Line) {
  size_t Between = Line.find("\" \"");
  if (!Line.starts_with("var \"") || Between == Line.npos)
    return fail("expected var \"NAME\" \"PATTERN\" or config, found '{}'",
                Line);
  Result<std::string> Name = goUnquote(Line.substr(4, Between + 1 - 4)),
                      Pattern = goUnquote(Line.substr(Between + 2));
  if (!Name || !Pattern)
    return fail("expected two quoted words, found '{}'", Line);
  return EmbedRecord::Variable{std::move(*Name), std::move(*Pattern)};
}

Result<EmbedRecord> parseEmbedRecord(std::string_view Text) {
  EmbedRecord R;
  if (std::string_view First = cut(Text, '\n'); First != Head)
    return fail("line 1: expected 'goslim-embed 1', found '{}'", First);
  for (unsigned Number = 2; !Text.empty(); ++Number) {
    std::string_view Line = cut(Text, '\n');
    if (Line == "config") {
      R.Config = Text;
      return R;
    }
    Result<EmbedRecord::Variable> V = parseVariable(Line);
    if (!V)
      return fail("line {}: {}", Number, V.failure().Message);
    R.Variables.push_back(std::move(*V));
  }
  return fail("expected a line 'config', found the end");
}

//===----------------------------------------------------------------------===//
// The store
//===----------------------------------------------------------------------===//

static std::string keyOf(std::string_view BuildId) {
  return sha256Hex(BuildId.substr(0, BuildId.find('/')));
}

Result<void> keepEmbedRecord(std::string_view BuildId, const EmbedRecord &R) {
  return keepText("embeds", keyOf(BuildId), print(R));
}

bool hasEmbedRecords() { return hasStore("embeds"); }

Result<EmbedRecord> findEmbedRecord(std::string_view BuildId) {
  for (const Kept &K : findTexts("embeds", keyOf(BuildId))) {
    Result<std::string> Text = readFile(K.Path, 64 << 20);
    if (!Text)
      return Text.failure();
    markUsed(K);
    return parseEmbedRecord(*Text);
  }
  return fail("no record of what this compile embedded");
}

} // namespace goslim
