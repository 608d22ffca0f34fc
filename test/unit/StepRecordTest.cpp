#include "goslim/Record/StepRecord.h"
#include "goslim/Base/FileIO.h"
#include <gtest/gtest.h>
#include <unistd.h>

using namespace goslim;

TEST(StepRecordTest, emptyFieldsAreLeftOut) {
  StepRecord Step;
  Step.Tool = ToolKind::Compile;
  EXPECT_EQ(toJsonLine(Step),
            "{\"tool\":\"compile\",\"package\":\"\",\"pid\":" +
                std::to_string(::getpid()) + "}\n");
}

TEST(StepRecordTest, writesEveryField) {
  StepRecord Step;
  Step.Tool = ToolKind::Link;
  Step.Package = "a [a.test]";
  Step.StartUnixMs = 1;
  Step.Status = {.ExitCode = 2,
                 .Signal = 3,
                 .WallUs = 4,
                 .UserUs = 5,
                 .SystemUs = 6,
                 .MaxRss = 7};
  Step.Args = {"-o", "a\"b"};
  Step.Run = {"-s"};
  Step.Edits = {{RuleId::Strip, "", "-s"}};
  Finding F;
  F.Id = "GS101";
  F.Level = Severity::Warning;
  F.Where = {"goslim.toml", 3, 1};
  F.Message = "m";
  F.Fix = "f";
  Step.Findings = {F};
  Step.InFiles = 8;
  Step.InBytes = 9;
  Step.Out = "out";
  Step.OutBytes = 10;
  Step.BuildId = "x/y";
  Step.Importcfg = "link-1.importcfg";
  EXPECT_EQ(
      toJsonLine(Step),
      "{\"tool\":\"link\",\"package\":\"a [a.test]\",\"pid\":" +
          std::to_string(::getpid()) +
          ",\"start_ms\":1,\"wall_us\":4,\"user_us\":5,\"sys_us\":6,"
          "\"maxrss\":7,\"exit\":2,\"signal\":3,\"args\":[\"-o\",\"a\\\"b\"],"
          "\"run\":[\"-s\"],\"edits\":[{\"rule\":\"strip\",\"after\":\"-s\"}],"
          "\"in_files\":8,\"in_bytes\":9,\"out\":\"out\",\"out_bytes\":10,"
          "\"buildid\":\"x/y\",\"importcfg\":\"link-1.importcfg\","
          "\"findings\":[{\"id\":\"GS101\",\"level\":\"warning\","
          "\"message\":\"m\",\"fix\":\"f\",\"file\":\"goslim.toml\","
          "\"line\":3,\"column\":1}]}\n");
}

TEST(StepRecordTest, failureToAppendIsReported) {
  Session S;
  S.Folder = "/no/such/folder";
  EXPECT_EQ(appendStep(S, StepRecord()).failure().Message,
            "/no/such/folder/steps.jsonl: no such file or directory");
}
