//===- StepRecord.cpp - one step of a build -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A step becomes one line of JSON in one write, so that parallel steps cannot
// mix. What is empty or zero is left out: a line is mostly the flags.
//===----------------------------------------------------------------------===//
#include "goslim/Record/StepRecord.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Json.h"
#include <unistd.h>

namespace goslim {

namespace {
/// One JSON object being written.
class Object {
public:
  explicit Object(std::string &Out) : Out(Out) { Out += '{'; }
  void text(std::string_view Key, std::string_view Value) {
    if (Value.empty())
      return;
    key(Key);
    appendJsonString(Out, Value);
  }
  void requiredText(std::string_view Key, std::string_view Value) {
    key(Key);
    appendJsonString(Out, Value);
  }
  void number(std::string_view Key, uint64_t Value) {
    if (Value == 0)
      return;
    key(Key);
    fmt::format_to(std::back_inserter(Out), "{}", Value);
  }
  /// An array, each element written by Write.
  template <typename T, typename Fn>
  void list(std::string_view Key, const std::vector<T> &Values, Fn Write) {
    if (Values.empty())
      return;
    key(Key);
    char Separator = '[';
    for (const T &Value : Values) {
      Out += Separator;
      Separator = ',';
      Write(Value);
    }
    Out += ']';
  }
  void texts(std::string_view Key, const std::vector<std::string> &Values) {
    list(Key, Values,
         [this](const std::string &Value) { appendJsonString(Out, Value); });
  }
  void close() { Out += '}'; }

private:
  void key(std::string_view Key) {
    if (Out.back() != '{')
      Out += ',';
    appendJsonString(Out, Key);
    Out += ':';
  }
  std::string &Out;
};
} // namespace

static void appendEdit(std::string &Out, const Edit &E) {
  Object O(Out);
  O.text("rule", ruleName(E.Rule));
  O.text("before", E.Before);
  O.text("after", E.After);
  O.close();
}

static void appendFinding(std::string &Out, const Finding &F) {
  Object O(Out);
  O.text("id", F.Id);
  O.text("level", F.Level == Severity::Error ? "error" : "warning");
  O.text("message", F.Message);
  O.text("fix", F.Fix);
  O.text("file", F.Where.File);
  O.number("line", F.Where.Line);
  O.number("column", F.Where.Column);
  O.close();
}

std::string toJsonLine(const StepRecord &Step) {
  std::string Out;
  Object O(Out);
  O.requiredText("tool", toolName(Step.Tool));
  O.requiredText("package", Step.Package);
  O.number("pid", uint64_t(::getpid()));
  O.number("start_ms", Step.StartUnixMs);
  O.number("wall_us", Step.Status.WallUs);
  O.number("user_us", Step.Status.UserUs);
  O.number("sys_us", Step.Status.SystemUs);
  O.number("maxrss", Step.Status.MaxRss);
  O.number("exit", uint64_t(Step.Status.ExitCode));
  O.number("signal", uint64_t(Step.Status.Signal));
  O.texts("args", Step.Args);
  O.texts("run", Step.Run);
  O.list("edits", Step.Edits, [&](const Edit &E) { appendEdit(Out, E); });
  O.number("in_files", Step.InFiles);
  O.number("in_bytes", Step.InBytes);
  O.text("out", Step.Out);
  O.number("out_bytes", Step.OutBytes);
  O.text("buildid", Step.BuildId);
  O.text("importcfg", Step.Importcfg);
  O.list("findings", Step.Findings,
         [&](const Finding &F) { appendFinding(Out, F); });
  O.close();
  Out += '\n';
  return Out;
}

Result<void> appendStep(const Session &S, const StepRecord &Step) {
  return appendToFile(S.Folder + "/steps.jsonl", toJsonLine(Step));
}

} // namespace goslim
