//===- BuildInfo.cpp - build info that tells the truth --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In pure toolexec mode cmd/go records only its own flags. The link is given a
// copy of importcfg.link whose modinfo line says what really happened, in the
// words cmd/go uses: -ldflags is the text of the last -ldflags value, and
// under -trimpath neither it nor the CGO_*FLAGS are recorded, as they may hold
// paths (cmd/go/internal/load/pkg.go setBuildInfo, 1.21 to 1.27).
//===----------------------------------------------------------------------===//
#include "BuildInfo.h"
#include "PatternValues.h"
#include "goslim/Tool/GoCommand.h"
#include "goslim/Tool/Quoted.h"

namespace goslim::rewrite {
namespace {

using Setting = std::optional<std::string>;

Setting settingOf(const ModInfo &Info, std::string_view Key) {
  for (const auto &[Name, Value] : Info.Settings)
    if (Name == Key)
      return Value;
  return std::nullopt;
}

bool change(ModInfo &Info, std::string_view Key, Setting Value) {
  if (settingOf(Info, Key) == Value)
    return false;
  Info.setSetting(Key, std::move(Value));
  return true;
}

/// -ldflags as the driver would have given it. The recorded text may belong to
/// another pattern than the one that gave this program its words; then the
/// words themselves are what is true of it.
Result<Setting> ldflagsSetting(const ModInfo &Info, const LinkWords &Words) {
  PatternFlags New;
  New.Words = Words.After;
  if (Setting Old = settingOf(Info, "-ldflags")) {
    Result<PatternFlags> Parsed = parsePatternFlags(*Old);
    if (Parsed && Parsed->Words == Words.Before)
      New.Pattern = Parsed->Pattern;
  }
  if (New.Words.empty())
    return Setting();
  Result<std::string> Text = print(New);
  if (!Text)
    return fail("build info cannot record -ldflags: {}",
                Text.failure().Message);
  return Setting(*Text);
}

/// -gcflags and -asmflags: the last of the values the driver would have given.
Result<Setting> toolSetting(const ModInfo &Info, const Rules &R, ToolKind Tool,
                            std::string_view Key) {
  Setting Old = settingOf(Info, Key);
  ValueRules Values;
  Values.Flag = Key.substr(1);
  Values.General = "all";
  Values.Base = toolDemands(R, Tool);
  Values.Command = {"all"};
  if (Values.Base.empty())
    return Old;
  std::vector<std::string> Given;
  if (Old)
    Given.push_back(*Old);
  Result<MergedValues> Merged =
      mergeValues(Values, Given, Applied::RewriteRules,
                  [](std::string_view Typed) { return std::string(Typed); });
  if (!Merged)
    return Merged.failure();
  if (!Merged->Changed)
    return Old;
  if (Merged->Values.empty() || Merged->Values.back().empty())
    return Setting();
  return Setting(Merged->Values.back());
}

std::optional<RuleId> changeTrimpath(ModInfo &Info) {
  bool Changed = change(Info, "-trimpath", "true");
  for (std::string_view Key : {"-ldflags", "CGO_CFLAGS", "CGO_CPPFLAGS",
                               "CGO_CXXFLAGS", "CGO_LDFLAGS"})
    Changed |= change(Info, Key, std::nullopt);
  return Changed ? std::optional(RuleId::Trimpath) : std::nullopt;
}

} // namespace

bool LinkConfig::trimmed() const {
  return Info && Info->setting("-trimpath") == "true";
}

Result<LinkConfig> readLinkConfig(std::string_view Text) {
  LinkConfig Out;
  Result<ImportConfig> Config = parseImportConfig(Text);
  if (!Config)
    return fail("importcfg.link: {}", Config.failure().Message);
  Out.Config = std::move(*Config);
  for (const ImportConfig::Line &Line : Out.Config.Lines) {
    Out.UsesCgo |= Line.Key == "runtime/cgo";
    Out.Covered |= Line.Key == "runtime/coverage";
  }
  const ImportConfig::Line *Line = Out.Config.modinfo();
  if (!Line)
    return Out;
  Result<std::string> Marked = goUnquote(Line->Value);
  if (!Marked)
    return fail("importcfg.link: modinfo: {}", Marked.failure().Message);
  std::string_view Inner = *Marked;
  if (!Inner.starts_with(ModInfoStart) || !Inner.ends_with(ModInfoEnd) ||
      Inner.size() < ModInfoStart.size() + ModInfoEnd.size())
    return fail("importcfg.link: modinfo: expected text between markers");
  Inner.remove_prefix(ModInfoStart.size());
  Inner.remove_suffix(ModInfoEnd.size());
  Result<ModInfo> Info = parseModInfo(Inner);
  if (!Info)
    return fail("importcfg.link: {}", Info.failure().Message);
  Out.Info = std::move(*Info);
  return Out;
}

Result<std::optional<RuleId>> updateBuildInfo(ModInfo &Info, const Rules &R,
                                              const LinkWords &Words,
                                              bool Trimmed) {
  std::optional<RuleId> By;
  if (!Trimmed && Words.Before != Words.After) {
    Result<Setting> New = ldflagsSetting(Info, Words);
    if (!New)
      return New.failure();
    if (change(Info, "-ldflags", *New))
      By = RuleId::Ldflags;
  }
  if (Trimmed)
    By = changeTrimpath(Info);
  static constexpr struct {
    ToolKind Tool;
    std::string_view Key;
    RuleId Rule;
  } Tools[] = {{ToolKind::Compile, "-gcflags", RuleId::Gcflags},
               {ToolKind::Asm, "-asmflags", RuleId::Asmflags}};
  for (const auto &[Tool, Key, Rule] : Tools) {
    Result<Setting> New = toolSetting(Info, R, Tool, Key);
    if (!New)
      return New.failure();
    if (change(Info, Key, *New) && !By)
      By = Rule;
  }
  return By;
}

std::string printLinkConfig(LinkConfig Config) {
  for (ImportConfig::Line &Line : Config.Config.Lines)
    if (Line.Verb == "modinfo")
      Line.Text =
          "modinfo " + goQuote(std::string(ModInfoStart) + print(*Config.Info) +
                               std::string(ModInfoEnd));
  return print(Config.Config);
}

} // namespace goslim::rewrite
