//===- HashLog.cpp - what go hashed ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/HashLog.h"
#include "goslim/Tool/Quoted.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <algorithm>

using namespace goslim;
using llvm::StringRef;

namespace {
struct Log {
  std::vector<StringRef> Actions; ///< in the order of their first line
  llvm::StringMap<std::vector<std::string>> Lines;
};
} // namespace

/// "import P ID" (compile), "packagefile P=ID" (link), "packagemain ID".
static bool isOutcome(StringRef Line) {
  if (Line.starts_with("packagefile ") || Line.starts_with("packagemain "))
    return true;
  return Line.consume_front("import ") && !Line.starts_with("\"");
}

static Log read(StringRef Text) {
  Log Out;
  while (!Text.empty()) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    size_t End = Line.find("]: \"");
    if (!Line.consume_front("HASH[") || End == StringRef::npos)
      continue;
    StringRef Action = Line.take_front(End - 5);
    if (!Action.starts_with("build ") && !Action.starts_with("link "))
      continue;
    Result<std::string> Value =
        goUnquote(std::string_view(Line.drop_front(End - 5 + 3)));
    if (!Value)
      continue;
    std::string Word = StringRef(*Value).rtrim('\n').str();
    if (isOutcome(Word))
      continue;
    auto [It, IsNew] = Out.Lines.try_emplace(Action);
    if (IsNew)
      Out.Actions.push_back(Action);
    It->second.push_back(std::move(Word));
  }
  return Out;
}

static std::vector<std::string> without(const std::vector<std::string> &All,
                                        const std::vector<std::string> &Other) {
  llvm::StringSet<> Known;
  for (const std::string &Line : Other)
    Known.insert(Line);
  std::vector<std::string> Out;
  for (const std::string &Line : All)
    if (!Known.contains(Line))
      Out.push_back(Line);
  return Out;
}

std::vector<ActionInputs> goslim::differingInputs(StringRef A, StringRef B) {
  Log X = read(A), Y = read(B);
  std::vector<ActionInputs> Out;
  for (StringRef Action : X.Actions) {
    ActionInputs D;
    D.Action = Action;
    D.Only[0] = without(X.Lines[Action], Y.Lines[Action]);
    D.Only[1] = without(Y.Lines[Action], X.Lines[Action]);
    if (!D.Only[0].empty() || !D.Only[1].empty())
      Out.push_back(std::move(D));
  }
  return Out;
}

std::pair<std::string, std::string>
goslim::aroundDifference(StringRef A, StringRef B, size_t Most) {
  constexpr size_t Lead = 32, Before = 24;
  size_t At = size_t(
      std::mismatch(A.begin(), A.end(), B.begin(), B.end()).first - A.begin());
  auto Cut = [&](StringRef Text) {
    if (Text.size() <= Most)
      return Text.str();
    size_t From = At > Lead + Before ? At - Before : 0;
    std::string Out = From ? Text.take_front(Lead).str() + "..." : "";
    StringRef Rest = Text.drop_front(From);
    Out += Rest.take_front(Most);
    return Rest.size() > Most ? Out + "..." : Out;
  };
  return {Cut(A), Cut(B)};
}
