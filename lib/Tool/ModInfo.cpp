//===- ModInfo.cpp - the build information of a program -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// runtime/debug/mod.go ParseBuildInfo and BuildInfo.String, with two
// differences: lines of unknown kind are kept rather than dropped, and
// settings can be changed so that the text equals what cmd/go itself would
// have written had it been given the flags.
//===----------------------------------------------------------------------===//
#include "goslim/Tool/ImportConfig.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>
#include <iterator>

namespace goslim {

const std::string_view ModInfoStart(
    "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6", 16);
const std::string_view ModInfoEnd(
    "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2", 16);

static bool mustQuote(std::string_view Text, std::string_view Chars) {
  return Text.find_first_of(Chars) != std::string_view::npos;
}
static bool mustQuoteKey(std::string_view Key) {
  return Key.empty() || mustQuote(Key, "= \t\r\n\"`");
}
static bool mustQuoteValue(std::string_view Value) {
  return mustQuote(Value, " \t\r\n\"`");
}

static std::vector<std::string_view> splitTabs(std::string_view Text) {
  std::vector<std::string_view> Columns;
  while (true) {
    size_t Tab = Text.find('\t');
    Columns.push_back(Text.substr(0, Tab));
    if (Tab == std::string_view::npos)
      return Columns;
    Text.remove_prefix(Tab + 1);
  }
}

/// Length of the quoted string that Text starts with, or npos.
static size_t quotedLength(std::string_view Text) {
  char Quote = Text[0];
  for (size_t I = 1; I < Text.size(); ++I) {
    if (Text[I] == Quote)
      return I + 1;
    if (Text[I] == '\\' && Quote == '"')
      ++I;
  }
  return std::string_view::npos;
}

/// "..." or `...` (cmd/go writes only the first).
static Result<std::string> unquoteSetting(std::string_view Text) {
  if (Text[0] == '"')
    return goUnquote(Text);
  std::string_view Inside = Text.substr(1, Text.size() - 2);
  if (Text.size() < 2 || Text.back() != '`' || mustQuote(Inside, "`"))
    return fail("expected a string in back quotes");
  std::string Out(Inside);
  std::erase(Out, '\r');
  return Out;
}

static bool startsQuoted(std::string_view Text) {
  return !Text.empty() && (Text[0] == '"' || Text[0] == '`');
}

static Result<std::pair<std::string, std::string>>
parseSetting(std::string_view Text) {
  std::string Key;
  if (Text.empty())
    return fail("build line missing '='");
  if (startsQuoted(Text)) {
    size_t Length = quotedLength(Text);
    Result<std::string> Unquoted = fail("");
    if (Length != std::string_view::npos)
      Unquoted = unquoteSetting(Text.substr(0, Length));
    if (!Unquoted)
      return fail("invalid quoted key in build line");
    Key = *Unquoted;
    Text.remove_prefix(Length);
    if (!Text.starts_with('='))
      return fail("build line missing '=' after quoted key");
  } else {
    size_t Equal = Text.find('=');
    if (Equal == std::string_view::npos)
      return fail("build line missing '=' after key");
    Key = Text.substr(0, Equal);
    if (mustQuoteKey(Key))
      return fail("build line with missing or unquoted key");
    Text.remove_prefix(Equal);
  }
  Text.remove_prefix(1);
  if (!startsQuoted(Text)) {
    if (mustQuoteValue(Text))
      return fail("unquoted value in build line");
    return std::pair(std::move(Key), std::string(Text));
  }
  Result<std::string> Value = unquoteSetting(Text);
  if (!Value)
    return fail("invalid quoted value in build line");
  return std::pair(std::move(Key), std::move(*Value));
}

namespace {
/// One line after the other, into Info; Last is the module that a "=>" line
/// belongs to.
struct Reader {
  ModInfo Info;
  bool LastIsMain = false, HasLast = false;

  Result<void> readModule(std::string_view Text, bool IsMain);
  Result<void> readReplace(std::string_view Text);
  Result<void> readLine(std::string_view Line);
};
} // namespace

Result<void> Reader::readModule(std::string_view Text, bool IsMain) {
  std::vector<std::string_view> Columns = splitTabs(Text);
  if (Columns.size() != 2 && Columns.size() != 3)
    return fail("expected 2 or 3 columns, found {}", Columns.size());
  ModInfo::Module M;
  M.Path = Columns[0];
  M.Version = Columns[1];
  if (Columns.size() == 3)
    M.Sum = Columns[2];
  if (IsMain)
    Info.Main = std::move(M);
  else
    Info.Deps.push_back(std::move(M));
  LastIsMain = IsMain;
  HasLast = true;
  return {};
}

Result<void> Reader::readReplace(std::string_view Text) {
  std::vector<std::string_view> Columns = splitTabs(Text);
  if (Columns.size() != 3)
    return fail("expected 3 columns for replacement, found {}", Columns.size());
  if (!HasLast)
    return fail("replacement with no module on previous line");
  ModInfo::Module &M = LastIsMain ? *Info.Main : Info.Deps.back();
  M.HasReplace = true;
  M.ReplacePath = Columns[0];
  M.ReplaceVersion = Columns[1];
  M.ReplaceSum = Columns[2];
  HasLast = false;
  return {};
}

Result<void> Reader::readLine(std::string_view Line) {
  size_t Tab = std::min(Line.find('\t'), Line.size());
  std::string_view Kind = Line.substr(0, Tab);
  std::string_view Text = Line.substr(std::min(Tab + 1, Line.size()));
  if (Tab == Line.size())
    Kind = {}; // all kinds end in a tab
  if (Kind == "path") {
    Info.Path = Text;
  } else if (Kind == "mod" || Kind == "dep") {
    return readModule(Text, Kind == "mod");
  } else if (Kind == "=>") {
    return readReplace(Text);
  } else if (Kind == "build") {
    Result<std::pair<std::string, std::string>> Setting = parseSetting(Text);
    if (!Setting)
      return Setting.failure();
    Info.Settings.push_back(std::move(*Setting));
  } else if (!Line.empty()) { // Go writes an empty line behind "=>"
    Info.Unknown.emplace_back(Line);
  }
  return {};
}

Result<ModInfo> parseModInfo(std::string_view Text) {
  Reader R;
  for (unsigned Number = 1;; ++Number) {
    size_t End = Text.find('\n');
    if (End == std::string_view::npos)
      return std::move(R.Info);
    if (Result<void> Done = R.readLine(Text.substr(0, End)); !Done)
      return fail("build info line {}: {}", Number, Done.failure().Message);
    Text.remove_prefix(End + 1);
  }
}

/// Go cannot tell a main module without any column from none.
static bool isNone(const ModInfo::Module &M) {
  return !M.HasReplace && M.Path.empty() && M.Version.empty() && M.Sum.empty();
}

static void printModule(std::string &Out, std::string_view Word,
                        const ModInfo::Module &M) {
  Out += fmt::format("{}\t{}\t{}", Word, M.Path, M.Version);
  if (M.HasReplace) // Go ends the inner line, then the outer one
    Out += fmt::format("\n=>\t{}\t{}\t{}\n\n", M.ReplacePath, M.ReplaceVersion,
                       M.ReplaceSum);
  else
    Out += fmt::format("\t{}\n", M.Sum);
}

std::string print(const ModInfo &Info) {
  std::string Out;
  if (!Info.Path.empty())
    Out += fmt::format("path\t{}\n", Info.Path);
  if (Info.Main && !isNone(*Info.Main))
    printModule(Out, "mod", *Info.Main);
  for (const ModInfo::Module &M : Info.Deps)
    printModule(Out, "dep", M);
  for (const auto &[Key, Value] : Info.Settings)
    Out += fmt::format("build\t{}={}\n", mustQuoteKey(Key) ? goQuote(Key) : Key,
                       mustQuoteValue(Value) ? goQuote(Value) : Value);
  for (const std::string &Line : Info.Unknown)
    Out += Line + "\n";
  return Out;
}

std::string_view ModInfo::setting(std::string_view Key) const {
  for (const auto &[Name, Value] : Settings)
    if (Name == Key)
      return Value;
  return {};
}

/// Where cmd/go appends Key: load/pkg.go setBuildInfo, the same order in 1.21
/// to 1.27. GO<ARCH> (GOAMD64 and so on) comes behind GOOS.
static unsigned appendOrder(std::string_view Key) {
  static constexpr std::string_view Order[] = {
      "-asan",          "-asmflags",   "-buildmode",  "-compiler",
      "-gccgoflags",    "-gcflags",    "-ldflags",    "-cover",
      "-msan",          "-race",       "-tags",       "-trimpath",
      "DefaultGODEBUG", "CGO_ENABLED", "CGO_CFLAGS",  "CGO_CPPFLAGS",
      "CGO_CXXFLAGS",   "CGO_LDFLAGS", "GOARCH",      "GOEXPERIMENT",
      "GOFIPS140",      "GOOS",        "GO<ARCH>",    "vcs",
      "vcs.revision",   "vcs.time",    "vcs.modified"};
  auto It = std::find(std::begin(Order), std::end(Order), Key);
  if (It == std::end(Order) && Key.starts_with("GO"))
    It = std::find(std::begin(Order), std::end(Order), "GO<ARCH>");
  return unsigned(It - std::begin(Order));
}

void ModInfo::setSetting(std::string_view Key,
                         std::optional<std::string> Value) {
  auto It = std::find_if(Settings.begin(), Settings.end(),
                         [&](const auto &S) { return S.first == Key; });
  if (It != Settings.end()) {
    if (Value)
      It->second = std::move(*Value);
    else
      Settings.erase(It);
    return;
  }
  if (!Value)
    return;
  bool Sorted = Key == "-pgo" ||
                std::any_of(Settings.begin(), Settings.end(),
                            [](const auto &S) { return S.first == "-pgo"; });
  if (Key == "-pgo")
    std::sort(Settings.begin(), Settings.end(),
              [](const auto &A, const auto &B) { return A.first < B.first; });
  It = std::find_if(Settings.begin(), Settings.end(), [&](const auto &S) {
    return Sorted ? S.first > Key : appendOrder(S.first) > appendOrder(Key);
  });
  Settings.emplace(It, std::string(Key), std::move(*Value));
}

} // namespace goslim
