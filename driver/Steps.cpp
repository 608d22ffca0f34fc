//===- Steps.cpp - goslim steps --------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shows the ledger of one build. Which one: the newest of the module the user
// stands in, so that another project's build in another terminal does not get
// in between; outside a module the newest of all. Text and JSON render one
// Summary, a pure function of the ledger.
//===----------------------------------------------------------------------===//
#include "Driver.h"
#include "Go.h"
#include "PublishManifest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Manifest/Ledger.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;
using llvm::raw_ostream;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Which build
//===----------------------------------------------------------------------===//

static bool belongsTo(const Session &S, const std::string &Root) {
  return S.PolicyRoot == Root || isWithin(S.StartDir, Root) ||
         isWithin(realPath(S.StartDir), Root);
}

/// Of the module or folder the user stands in, newest first.
static std::vector<Session> sessionsHere() {
  std::string Here = realPath(".");
  std::string Root = findModule(Here).Root;
  std::vector<Session> All, Ours;
  for (const std::string &Folder : listSessions())
    if (Result<Session> S = openSession(Folder)) {
      if (belongsTo(*S, Root.empty() ? Here : Root))
        Ours.push_back(*S);
      All.push_back(std::move(*S));
    }
  return Ours.empty() ? All : Ours;
}

//===----------------------------------------------------------------------===//
// The summary
//===----------------------------------------------------------------------===//

namespace {
struct Summary {
  const Ledger *Source = nullptr;
  std::vector<const StepRecord *> Ran;    ///< by wall time, longest first
  std::vector<const StepRecord *> Cached; ///< by package
  uint64_t WallUs = 0, CpuUs = 0;         ///< first start to last end; sum
  uint64_t CachedBytes = 0;
  unsigned Failed = 0;
  std::vector<Finding> Findings;
};
} // namespace

static uint64_t cpuUs(const StepRecord &S) {
  return S.Status.UserUs + S.Status.SystemUs;
}
static bool failed(const StepRecord &S) {
  return S.Status.ExitCode != 0 || S.Status.Signal != 0;
}

/// What link-done found, from link-N.findings.jsonl beside the importcfg.
static void addLinkFindings(Summary &Sum, const StepRecord &Link) {
  StringRef Base = Link.Importcfg;
  if (!Base.consume_back(".importcfg"))
    return;
  llvm::append_range(Sum.Findings,
                     readFindings(Sum.Source->Build.Folder + "/" + Base.str() +
                                  ".findings.jsonl"));
}

static Summary summarize(const Ledger &L) {
  Summary Sum;
  Sum.Source = &L;
  uint64_t End = 0;
  for (const LedgerStep &Step : L.Steps) {
    const StepRecord &S = Step.Record;
    (Step.Cached ? Sum.Cached : Sum.Ran).push_back(&S);
    if (Step.Cached) {
      Sum.CachedBytes += S.OutBytes;
      continue;
    }
    Sum.CpuUs += cpuUs(S);
    Sum.Failed += failed(S);
    End = std::max(End, S.StartUnixMs * 1000 + S.Status.WallUs);
    llvm::append_range(Sum.Findings, S.Findings);
    addLinkFindings(Sum, S);
  }
  if (!Sum.Ran.empty())
    Sum.WallUs = End - Sum.Ran.front()->StartUnixMs * 1000;
  llvm::sort(Sum.Ran, [](const StepRecord *A, const StepRecord *B) {
    return std::tuple(B->Status.WallUs, A->Package, A->Tool, A->StartUnixMs) <
           std::tuple(A->Status.WallUs, B->Package, B->Tool, B->StartUnixMs);
  });
  return Sum;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static std::string time(uint64_t Us) {
  return Us < 1000000 ? fmt::format("{:.1f} ms", double(Us) / 1e3)
                      : fmt::format("{:.2f} s", double(Us) / 1e6);
}

static std::string bytes(uint64_t Size) {
  if (Size < 1024)
    return fmt::format("{} B", Size);
  if (Size < 1024 * 1024)
    return fmt::format("{:.1f} KiB", double(Size) / 1024);
  return fmt::format("{:.1f} MiB", double(Size) / (1024 * 1024));
}

/// "strip: + -s", "env: CGO_ENABLED=1 -> CGO_ENABLED=0".
static std::string editText(std::string_view Rule, const std::string &Before,
                            const std::string &After) {
  if (Before.empty())
    return fmt::format("{}: + {}", Rule, After);
  if (After.empty())
    return fmt::format("{}: - {}", Rule, Before);
  return fmt::format("{}: {} -> {}", Rule, Before, After);
}

static void printHead(raw_ostream &OS, const Summary &Sum) {
  const Session &Build = Sum.Source->Build;
  std::string Command = llvm::join(Build.GoArgv, " ");
  OS << (Command.empty() ? "go" : Command) << "\n  in " << Build.StartDir
     << "\n  " << counted(Sum.Ran.size(), "step") << " in " << time(Sum.WallUs)
     << ", cpu " << time(Sum.CpuUs);
  if (Sum.Failed)
    OS << ", " << Sum.Failed << " failed";
  OS << "\n  " << counted(Sum.Cached.size(), "package")
     << " from the build cache, " << bytes(Sum.CachedBytes) << '\n';
  if (unsigned Bad = Sum.Source->BadLines)
    OS << "  " << counted(Bad, "damaged record") << " skipped\n";
}

static void printStep(raw_ostream &OS, const StepRecord &S) {
  OS << fmt::format("{:>10} {:>10} {:>11} {:>11}  {} {}", time(S.Status.WallUs),
                    time(cpuUs(S)), bytes(S.Status.MaxRss), bytes(S.OutBytes),
                    toolName(S.Tool), S.Package);
  if (S.Status.Signal)
    OS << " (killed by signal " << S.Status.Signal << ')';
  else if (S.Status.ExitCode)
    OS << " (exit " << S.Status.ExitCode << ')';
  OS << '\n';
}

static void printSteps(raw_ostream &OS, const Summary &Sum, size_t Top) {
  if (Sum.Ran.empty()) {
    OS << "\nnothing had to be run: everything was up to date\n";
    return;
  }
  OS << fmt::format("\n{:>10} {:>10} {:>11} {:>11}  {}\n", "wall", "cpu",
                    "memory", "output", "step");
  size_t Shown = Top ? std::min(Top, Sum.Ran.size()) : Sum.Ran.size();
  for (size_t I = 0; I < Shown; ++I)
    printStep(OS, *Sum.Ran[I]);
  uint64_t Rest = 0;
  for (size_t I = Shown; I < Sum.Ran.size(); ++I)
    Rest += Sum.Ran[I]->Status.WallUs;
  if (Shown < Sum.Ran.size())
    OS << fmt::format("{:>10} {:>34}  ({} more)\n", time(Rest), "",
                      Sum.Ran.size() - Shown);
}

static void printChanges(raw_ostream &OS, const Summary &Sum) {
  // The same edits on 300 compile lines are one thing to say.
  std::map<std::pair<std::string, std::string>, unsigned> Changes;
  for (const StepRecord *S : Sum.Ran)
    for (const Edit &E : S->Edits)
      ++Changes[{std::string(toolName(S->Tool)),
                 editText(ruleName(E.Rule), E.Before, E.After)}];
  for (const ManifestEdit &E : readSessionEdits(Sum.Source->Build))
    ++Changes[{E.Where, editText(E.Rule, E.Before, E.After)}];
  if (!Changes.empty())
    OS << "\nflags changed by policy:\n";
  for (const auto &[What, Count] : Changes)
    OS << "  " << What.first << ' ' << What.second
       << (Count > 1 ? " (" + counted(Count, "step") + ")" : "") << '\n';
}

static void printText(raw_ostream &OS, const Summary &Sum, bool All,
                      size_t Top) {
  printHead(OS, Sum);
  printSteps(OS, Sum, All ? 0 : Top);
  if (All && !Sum.Cached.empty()) {
    OS << "\nfrom the build cache:\n";
    for (const StepRecord *S : Sum.Cached)
      OS << fmt::format("{:>45}  {}\n", bytes(S->OutBytes), S->Package);
  }
  printChanges(OS, Sum);
  if (!Sum.Findings.empty())
    OS << "\nfindings:\n";
  for (const Finding &F : Sum.Findings)
    OS << "  " << F.Message << " [" << F.Id << "]\n";
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static void words(llvm::json::OStream &J, StringRef Name,
                  const std::vector<std::string> &Values) {
  J.attributeArray(Name, [&] {
    for (const std::string &Value : Values)
      J.value(llvm::json::fixUTF8(Value));
  });
}

static void jsonEdit(llvm::json::OStream &J, StringRef Rule, StringRef Before,
                     StringRef After) {
  J.object([&] {
    J.attribute("rule", Rule);
    J.attribute("before", Before);
    J.attribute("after", After);
  });
}

static void jsonStep(llvm::json::OStream &J, const StepRecord &S, bool Cached) {
  J.object([&] {
    J.attribute("tool", StringRef(toolName(S.Tool)));
    J.attribute("package", S.Package);
    J.attribute("cached", Cached);
    J.attribute("output_bytes", S.OutBytes);
    if (Cached)
      return;
    J.attribute("start_ms", S.StartUnixMs);
    J.attribute("wall_us", S.Status.WallUs);
    J.attribute("user_us", S.Status.UserUs);
    J.attribute("system_us", S.Status.SystemUs);
    J.attribute("max_rss", S.Status.MaxRss);
    J.attribute("exit", S.Status.ExitCode);
    J.attribute("signal", S.Status.Signal);
    J.attribute("input_files", S.InFiles);
    J.attribute("input_bytes", S.InBytes);
    words(J, "args", S.Args);
    words(J, "run", S.Run.empty() ? S.Args : S.Run);
    J.attributeArray("edits", [&] {
      for (const Edit &E : S.Edits)
        jsonEdit(J, ruleName(E.Rule), E.Before, E.After);
    });
  });
}

static void printJson(raw_ostream &OS, const Summary &Sum) {
  const Session &Build = Sum.Source->Build;
  llvm::json::OStream J(OS, 2);
  J.object([&] {
    J.attribute("schema", "goslim-steps/1");
    J.attribute("session", llvm::json::fixUTF8(Build.Folder));
    J.attribute("mode",
                Build.How == SessionMode::Driver ? "driver" : "toolexec");
    J.attribute("start_dir", llvm::json::fixUTF8(Build.StartDir));
    words(J, "go", Build.GoArgv);
    J.attributeObject("totals", [&] {
      J.attribute("ran", int64_t(Sum.Ran.size()));
      J.attribute("failed", Sum.Failed);
      J.attribute("cached", int64_t(Sum.Cached.size()));
      J.attribute("cached_bytes", Sum.CachedBytes);
      J.attribute("wall_us", Sum.WallUs);
      J.attribute("cpu_us", Sum.CpuUs);
      J.attribute("damaged", Sum.Source->BadLines);
    });
    J.attributeArray("steps", [&] {
      for (const StepRecord *S : Sum.Ran)
        jsonStep(J, *S, false);
      for (const StepRecord *S : Sum.Cached)
        jsonStep(J, *S, true);
    });
    J.attributeArray("edits", [&] {
      for (const ManifestEdit &E : readSessionEdits(Build))
        jsonEdit(J, E.Rule, E.Before, E.After);
    });
    J.attributeArray("findings", [&] {
      for (const Finding &F : Sum.Findings)
        J.object([&] {
          J.attribute("id", F.Id);
          J.attribute("level",
                      F.Level == Severity::Error ? "error" : "warning");
          J.attribute("message", F.Message);
          J.attribute("fix", F.Fix);
        });
    });
  });
  OS << '\n';
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

static int listBuilds(raw_ostream &OS, const std::vector<Session> &Sessions) {
  for (const Session &S : Sessions)
    OS << S.Folder << "  " << llvm::join(S.GoArgv, " ") << "  in " << S.StartDir
       << '\n';
  return ExitClean;
}

int goslim::runSteps(const Options &O) {
  raw_ostream &OS = llvm::outs();
  std::string Folder(O.get("session"));
  if (Folder.empty()) {
    std::vector<Session> Sessions = sessionsHere();
    if (Sessions.empty())
      return printError(Failure{
          fmt::format("{}/sessions: no recorded build", cacheFolder()),
          "build with 'goslim build', or 'go build -toolexec goslim-wrap'"});
    if (O.has("list"))
      return listBuilds(OS, Sessions);
    Folder = Sessions.front().Folder;
  }
  llvm::Expected<Ledger> L = readLedger(Folder);
  if (!L)
    return printError(L.takeError());
  Summary Sum = summarize(*L);
  unsigned Top = 20;
  if (StringRef(O.get("top", "20")).getAsInteger(10, Top))
    return printError(Failure{
        fmt::format("--top: expected a number, found '{}'", O.get("top"))});
  if (O.get("format", "text") == "json")
    printJson(OS, Sum);
  else
    printText(OS, Sum, O.has("all"), Top);
  return ExitClean;
}
