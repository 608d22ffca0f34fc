//===- Report.cpp - goslim report -----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each file is read, attributed and printed in a child of its own (Isolate.h):
// a file that cannot be answered costs its own answer only. Several files give
// several texts, one JSON object a line, or one CSV with a first column "file".
//===----------------------------------------------------------------------===//
#include "goslim/Report/Report.h"
#include "Driver.h"
#include "Isolate.h"
#include "LookAt.h"
#include "goslim/Base/FileIO.h"
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <unistd.h>

using namespace goslim;

namespace {

struct Request {
  ReportOptions Text;
  std::string_view Format;
  std::string Against, Sql; ///< paths, or ""
  std::vector<OwnerRule> Owners;
  bool Several = false, FirstAnswer = true;
  bool BinaryOnly = false, ByOrigin = false;
  SharedRule Shared = SharedRule::Shared;
};

} // namespace

static std::optional<By> groupingOf(std::string_view Name) {
  static constexpr std::pair<std::string_view, By> Names[] = {
      {"package", By::Package}, {"module", By::Module},
      {"section", By::Section}, {"kind", By::Kind},
      {"symbol", By::Symbol},   {"step", By::Step},
      {"owner", By::Owner},     {"object", By::Object},
      {"span", By::Span}};
  for (const auto &[Key, Value] : Names)
    if (Key == Name)
      return Value;
  return std::nullopt;
}

static bool wantsColour(std::string_view When) {
  if (When != "auto")
    return When == "always";
  const char *NoColour = getenv("NO_COLOR"), *Term = getenv("TERM");
  return isatty(STDOUT_FILENO) && !(NoColour && *NoColour) &&
         !(Term && std::string_view(Term) == "dumb");
}

/// Where GitHub and GitLab look, in this folder and those above it up to the
/// one with .git or go.mod. "" = none.
static std::string findCodeOwners() {
  std::string Folder = realPath(".");
  while (!Folder.empty()) {
    for (const char *Name : {"CODEOWNERS", ".github/CODEOWNERS",
                             ".gitlab/CODEOWNERS", "docs/CODEOWNERS"})
      if (fileExists(Folder + "/" + Name))
        return Folder + "/" + Name;
    if (Folder == "/" || fileExists(Folder + "/.git") ||
        fileExists(Folder + "/go.mod"))
      break;
    Folder = parentPath(Folder);
  }
  return "";
}

static Result<std::vector<OwnerRule>> ownerRules(const Options &O) {
  std::string File(O.get("owners"));
  if (File.empty())
    File = findCodeOwners();
  if (File.empty())
    return Failure{"report: --by owner: no CODEOWNERS file was found",
                   "name one with --owners FILE"};
  Result<std::string> Text = readFile(File, 16 << 20);
  if (!Text)
    return Text.failure();
  return parseCodeOwners(*Text);
}

static Result<Request> requestOf(const Options &O) {
  Request R;
  std::optional<By> Group = groupingOf(O.get("by", "package"));
  if (!Group)
    return fail("report: --by: unknown grouping '{}'", O.get("by"));
  R.Text.Group = *Group;
  if (*Group == By::Owner) {
    Result<std::vector<OwnerRule>> Rules = ownerRules(O);
    if (!Rules)
      return Rules.failure();
    R.Owners = std::move(*Rules);
  }
  R.Format = O.get("format", *Group == By::Span ? "csv" : "text");
  for (const char *Form : {"tree", "flags"})
    if (O.has(Form)) {
      if (O.has("format"))
        return fail("report: --{} has no --format", Form);
      R.Format = Form;
    }
  R.Against = O.get("against"), R.Sql = O.get("sql");
  static constexpr std::string_view Comparable[] = {"text", "markdown", "csv",
                                                    "json"};
  if (!R.Against.empty() &&
      (*Group == By::Span ||
       std::ranges::find(Comparable, R.Format) == std::end(Comparable)))
    return Failure{"report: --against has no " + std::string(R.Format) +
                       (*Group == By::Span ? " form by span" : " form"),
                   "use --format text, markdown, csv or json"};
  if (!R.Sql.empty() && O.Operands.size() > 1)
    return fail("report: --sql: expected one file, found {}",
                O.Operands.size());
  if (*Group == By::Span && R.Format != "csv")
    return Failure{"report: --by span has no " + std::string(R.Format) +
                       " form",
                   "use --format csv"};
  std::string_view Top = O.get("top", "30");
  auto [End, Error] =
      std::from_chars(Top.data(), Top.data() + Top.size(), R.Text.Top);
  if (Error != std::errc() || End != Top.data() + Top.size())
    return fail("report: --top: expected a number, found '{}'", Top);
  R.Text.Bytes = O.has("bytes");
  R.Text.Width = terminalWidth();
  R.Text.Colour = wantsColour(O.get("color", "auto"));
  R.BinaryOnly = O.has("binary-only");
  R.ByOrigin = O.get("view") == "origin";
  std::string_view Shared = O.get("shared", "shared");
  R.Shared = Shared == "first"   ? SharedRule::First
             : Shared == "equal" ? SharedRule::Equal
                                 : SharedRule::Shared;
  R.Several = O.Operands.size() > 1;
  return R;
}

static ReportedFile reported(const Looked &P) {
  return {*P.File, P.Go, P.Spans};
}

static llvm::Expected<std::unique_ptr<Looked>> open(const std::string &Path,
                                                    const Request &R) {
  llvm::Expected<std::unique_ptr<Looked>> Out = lookAt(Path, [&](Looked &To) {
    if (!R.BinaryOnly)
      To.Link = replayLink(*To.File, readGoFrame(*To.File));
  });
  if (!Out)
    return Out.takeError();
  Looked &P = **Out;
  if (!R.BinaryOnly)
    P.Spans.NoReplay = P.Link.Why;
  shareOut(P.Spans, R.Shared);
  if (R.ByOrigin)
    viewByOrigin(P.Spans, *P.File, P.Go);
  assignOwners(P.Spans, P.Go, R.Owners);
  return Out;
}

static void print(const ReportedFile &F, const Request &R,
                  llvm::raw_ostream &OS) {
  CsvOptions Csv{R.FirstAnswer, R.Several};
  auto Gap = [&] { OS << (R.FirstAnswer ? "" : "\n"); };
  if (R.Format == "json")
    reportJson(OS, F.File, F.Go, F.Spans, R.Text.Group, R.Several ? 0 : 2);
  else if (R.Format == "text")
    Gap(), reportText(OS, F.File, F.Go, F.Spans, R.Text);
  else if (R.Format == "tree")
    Gap(), reportTree(OS, F.File, F.Go, F.Spans, R.Text);
  else if (R.Format == "flags")
    Gap(), reportFlags(OS, F.File, F.Go, F.Spans, R.Text);
  else if (R.Format == "markdown")
    Gap(), reportMarkdown(OS, F.File, F.Go, F.Spans, R.Text);
  else if (R.Format == "html")
    reportHtml(OS, F.File, F.Go, F.Spans);
  else if (R.Format == "svg")
    reportSvg(OS, F.File, F.Go, F.Spans);
  else if (R.Format == "gsa-json")
    reportGsaJson(OS, F.File, F.Go, F.Spans);
  else if (R.Format == "bloaty-csv")
    reportBloatyCsv(OS, F.File, F.Spans);
  else if (R.Text.Group == By::Span)
    reportSpansCsv(OS, F.File, F.Spans, Csv);
  else
    reportRowsCsv(OS, F.File, F.Spans, R.Text.Group, Csv);
}

static int answer(const std::string &Path, const Request &R,
                  llvm::raw_ostream &OS) {
  llvm::Expected<std::unique_ptr<Looked>> New = open(Path, R);
  if (!New)
    return printError(New.takeError());
  if (!R.Sql.empty()) {
    if (llvm::Error E = writeSqlite(R.Sql, reported(**New)))
      return printError(std::move(E));
    return ExitClean;
  }
  if (R.Against.empty()) {
    print(reported(**New), R, OS);
    // The process ends here (runIsolated): taking apart millions of small
    // things would cost more than printing them did.
    (void)New->release();
    return ExitClean;
  }
  llvm::Expected<std::unique_ptr<Looked>> Old = open(R.Against, R);
  if (!Old)
    return printError(Old.takeError());
  OS << (R.FirstAnswer ? "" : "\n");
  reportChanges(OS, reported(**Old), reported(**New), R.Format, R.Text);
  return ExitClean;
}

int goslim::runReport(const Options &O) {
  Result<Request> R = requestOf(O);
  if (!R)
    return printError(R.failure());
  int Worst = ExitClean;
  for (const std::string &Path : O.Operands) {
    int Code = runIsolated(
        Path, [&](llvm::raw_ostream &OS) { return answer(Path, *R, OS); });
    if (Code == ExitClean)
      R->FirstAnswer = false;
    Worst = std::max(Worst, Code);
  }
  return Worst;
}
