//===- Ledger.cpp - a session's records read back ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A ledger must be readable after a crash: each line of steps.jsonl stands
// alone, a damaged one is counted and skipped, a missing file is an empty one.
// Cached steps are not in steps.jsonl, since go runs nothing for them; they are
// found in what each link read. $WORK is gone by now, so "fresh" is decided by
// the path alone.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/Ledger.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Json.h"
#include "goslim/Tool/ImportConfig.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"

using namespace goslim;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

static Error makeError(const llvm::Twine &Message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Message);
}

//===----------------------------------------------------------------------===//
// Records
//===----------------------------------------------------------------------===//

static std::string text(const Object &O, StringRef Key) {
  return O.getString(Key).value_or("").str();
}

static uint64_t number(const Object &O, StringRef Key) {
  const Value *V = O.get(Key);
  return V ? V->getAsUINT64().value_or(0) : 0;
}

static std::vector<std::string> texts(const Object &O, StringRef Key) {
  std::vector<std::string> Out;
  if (const Array *Items = O.getArray(Key))
    for (const Value &Item : *Items)
      if (std::optional<StringRef> Text = Item.getAsString())
        Out.push_back(Text->str());
  return Out;
}

static std::optional<RuleId> ruleOf(StringRef Name) {
  for (unsigned I = 0; I < NumRules; ++I)
    if (StringRef(ruleName(RuleId(I))) == Name)
      return RuleId(I);
  return std::nullopt;
}

static std::vector<Edit> edits(const Object &O) {
  std::vector<Edit> Out;
  if (const Array *Items = O.getArray("edits"))
    for (const Value &Item : *Items)
      if (const Object *E = Item.getAsObject())
        if (std::optional<RuleId> Rule = ruleOf(text(*E, "rule")))
          Out.push_back({*Rule, text(*E, "before"), text(*E, "after")});
  return Out;
}

static Finding finding(const Object &O) {
  Finding F;
  F.Id = text(O, "id");
  F.Level = text(O, "level") == "warning" ? Severity::Warning : Severity::Error;
  F.Message = text(O, "message");
  F.Fix = text(O, "fix");
  F.Where.File = text(O, "file");
  F.Where.Line = number(O, "line");
  F.Where.Column = number(O, "column");
  return F;
}

static Expected<Object> parseObject(StringRef Json) {
  Expected<Value> Parsed = llvm::json::parse(Json);
  if (!Parsed)
    return Parsed.takeError();
  if (Object *O = Parsed->getAsObject())
    return std::move(*O);
  return makeError("expected a JSON object");
}

Expected<StepRecord> goslim::parseStepRecord(StringRef Json) {
  Expected<Object> O = parseObject(Json);
  if (!O)
    return O.takeError();
  if (!O->getString("tool"))
    return makeError("missing 'tool'");
  StepRecord S;
  S.Tool = toolKindOf(text(*O, "tool"));
  S.Package = text(*O, "package");
  S.StartUnixMs = number(*O, "start_ms");
  S.Status.WallUs = number(*O, "wall_us");
  S.Status.UserUs = number(*O, "user_us");
  S.Status.SystemUs = number(*O, "sys_us");
  S.Status.MaxRss = number(*O, "maxrss");
  S.Status.ExitCode = O->getInteger("exit").value_or(0);
  S.Status.Signal = O->getInteger("signal").value_or(0);
  S.Args = texts(*O, "args");
  S.Run = texts(*O, "run");
  S.Edits = edits(*O);
  if (const Array *Items = O->getArray("findings"))
    for (const Value &Item : *Items)
      if (const Object *F = Item.getAsObject())
        S.Findings.push_back(finding(*F));
  S.InFiles = number(*O, "in_files");
  S.InBytes = number(*O, "in_bytes");
  S.Out = text(*O, "out");
  S.OutBytes = number(*O, "out_bytes");
  S.BuildId = text(*O, "buildid");
  S.Importcfg = text(*O, "importcfg");
  return S;
}

std::string goslim::toJsonLine(const Finding &F) {
  std::string Out = "{\"id\":";
  appendJsonString(Out, F.Id);
  Out += F.Level == Severity::Error ? ",\"level\":\"error\""
                                    : ",\"level\":\"warning\"";
  auto Add = [&](const char *Key, const std::string &Text) {
    if (Text.empty())
      return;
    Out += Key;
    appendJsonString(Out, Text);
  };
  Add(",\"message\":", F.Message);
  Add(",\"fix\":", F.Fix);
  Add(",\"file\":", F.Where.File);
  if (F.Where.Line)
    Out += ",\"line\":" + llvm::utostr(F.Where.Line) +
           ",\"column\":" + llvm::utostr(F.Where.Column);
  return Out + "}\n";
}

Expected<Finding> goslim::parseFinding(StringRef Json) {
  Expected<Object> O = parseObject(Json);
  if (!O)
    return O.takeError();
  if (!O->getString("id"))
    return makeError("missing 'id'");
  return finding(*O);
}

//===----------------------------------------------------------------------===//
// What a link read
//===----------------------------------------------------------------------===//

/// "$WORK/" of an output "$WORK/b001/exe/a.out", or "".
static StringRef workFolder(StringRef Output) {
  for (StringRef Rest = Output; !Rest.empty();) {
    auto [Folder, Element] = Rest.rsplit('/');
    if (Folder.size() == Rest.size())
      break;
    if (Element.size() >= 4 && Element[0] == 'b' &&
        llvm::all_of(Element.drop_front(), llvm::isDigit))
      return Output.take_front(Folder.size() + 1);
    Rest = Folder;
  }
  return "";
}

std::vector<LinkArchive> goslim::linkArchives(StringRef Importcfg,
                                              StringRef Output) {
  std::vector<LinkArchive> Out;
  Result<ImportConfig> Config = parseImportConfig(Importcfg);
  if (!Config)
    return Out;
  StringRef Work = workFolder(Output);
  for (const ImportConfig::Line &Line : Config->Lines) {
    if (Line.Verb != "packagefile")
      continue;
    StringRef File = Line.Value;
    bool Fresh =
        Work.empty() ? File.ends_with("/_pkg_.a") : File.starts_with(Work);
    Out.push_back({Line.Key, Line.Value, !Fresh});
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// The session
//===----------------------------------------------------------------------===//

static void readSteps(StringRef Text, Ledger &L) {
  while (!Text.empty()) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    if (Line.trim().empty())
      continue;
    Expected<StepRecord> Step = parseStepRecord(Line);
    if (Step) {
      L.Steps.push_back({std::move(*Step), false});
    } else {
      llvm::consumeError(Step.takeError());
      ++L.BadLines;
    }
  }
  llvm::stable_sort(L.Steps, [](const LedgerStep &A, const LedgerStep &B) {
    return A.Record.StartUnixMs < B.Record.StartUnixMs;
  });
}

/// A package that was compiled in this build is not cached, whatever another
/// link of the same build (a test variant) says.
static void addCached(Ledger &L) {
  llvm::StringSet<> Known;
  for (const LedgerStep &S : L.Steps)
    if (S.Record.Tool == ToolKind::Compile)
      Known.insert(StringRef(S.Record.Package).split(' ').first);
  std::vector<LedgerStep> Cached;
  for (const LedgerStep &S : L.Steps) {
    if (S.Record.Tool != ToolKind::Link || S.Record.Importcfg.empty())
      continue;
    Result<std::string> Text =
        readFile(L.Build.Folder + "/" + S.Record.Importcfg);
    if (!Text)
      continue;
    for (LinkArchive &Archive : linkArchives(*Text, S.Record.Out)) {
      if (!Archive.Cached || !Known.insert(Archive.Package).second)
        continue;
      LedgerStep Step;
      Step.Cached = true;
      Step.Record.Tool = ToolKind::Compile;
      Step.Record.Package = std::move(Archive.Package);
      Step.Record.OutBytes =
          std::max<int64_t>(0, fileSize(Archive.File)); // 0: trimmed since
      Step.Record.Out = std::move(Archive.File);
      Cached.push_back(std::move(Step));
    }
  }
  llvm::sort(Cached, [](const LedgerStep &A, const LedgerStep &B) {
    return A.Record.Package < B.Record.Package;
  });
  llvm::append_range(L.Steps, Cached);
}

Expected<Ledger> goslim::readLedger(const std::string &SessionFolder) {
  Result<Session> Build = openSession(SessionFolder);
  if (!Build)
    return makeError(Build.failure().Message);
  Ledger L;
  L.Build = std::move(*Build);
  L.Build.Folder = SessionFolder;
  std::string Steps = SessionFolder + "/steps.jsonl";
  if (fileExists(Steps)) {
    Result<std::string> Text = readFile(Steps);
    if (!Text)
      return makeError(Text.failure().Message);
    readSteps(*Text, L);
  }
  addCached(L);
  return L;
}
