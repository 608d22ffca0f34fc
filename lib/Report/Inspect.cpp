//===- Inspect.cpp - goslim inspect, as text and as JSON ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text has two columns beside each fact: what the bytes show, and what
// build info says; a row where they disagree is marked. JSON has the same facts
// with stable keys (schema goslim-inspect/1; keys are only ever added).
//===----------------------------------------------------------------------===//
#include "InspectFacts.h"
#include "Render.h"
#include "goslim/Report/Report.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace goslim {
namespace {

/// One line of text at most MaxLength long: DefaultGODEBUG and -ldflags can be
/// a kilobyte, with tabs and line ends. JSON has all of it.
std::string firstWords(StringRef Text, size_t MaxLength) {
  SmallVector<StringRef> Words;
  SplitString(Text, Words);
  std::string Out = join(Words, " ");
  if (Out.size() > MaxLength)
    Out.replace(MaxLength - 3, Out.npos, "...");
  return Out;
}

std::string size(uint64_t Bytes) {
  if (Bytes < 1024)
    return formatv("{0} bytes", Bytes).str();
  if (Bytes < 1024 * 1024)
    return formatv("{0:F1} KiB", Bytes / 1024.0).str();
  return formatv("{0:F1} MiB", Bytes / 1048576.0).str();
}

/// The four hashes of an executable's Go build ID
/// (src/cmd/go/internal/work/buildid.go).
constexpr std::pair<StringRef, StringRef> BuildIdParts[] = {
    {"link_action", "link action"},
    {"main_action", "main action"},
    {"main_content", "main content"},
    {"content", "content"}};

SmallVector<StringRef, 4> partsOf(StringRef BuildId) {
  SmallVector<StringRef, 4> Parts;
  BuildId.split(Parts, '/');
  if (Parts.size() != std::size(BuildIdParts))
    Parts.clear();
  return Parts;
}

class TextWriter {
public:
  TextWriter(raw_ostream &OS, const GoImage &Go, const InspectFacts &F)
      : OS(OS), Go(Go), F(F) {}

  void write() {
    OS << printable(F.Name) << "\n\n";
    writeFacts();
    writeGo();
    writeDynamic();
    writeNotes();
  }

private:
  raw_ostream &OS;
  const GoImage &Go;
  const InspectFacts &F;
  static constexpr unsigned LabelWidth = 16, FoundWidth = 44;

  void row(StringRef Label, const Twine &Found, const Twine &Claimed = "",
           bool Differs = false) {
    std::string Left = printable(Found.str()), Right = printable(Claimed.str());
    OS << left_justify(Label, LabelWidth);
    if (Right.empty())
      OS << Left;
    else
      OS << left_justify(Left, FoundWidth) << "  " << Right;
    OS << (Differs ? "  <- differs\n" : "\n");
  }

  void fact(StringRef Label, const Twine &Found, const Twine &Claimed) {
    row(Label, Found, Claimed, F.differs(Label));
  }

  void writeFacts() {
    bool HasClaims = !F.Claims.Target.empty();
    row("", "in the file", HasClaims ? "build info says" : "");
    row("format", Twine(F.Format) + " " + Twine(F.Bits) + "-bit " +
                      (F.IsLittleEndian ? "little endian, " : "big endian, ") +
                      size(F.FileSize));
    StringRef Arch = F.Arch.empty() ? "unknown machine" : F.Arch;
    fact("target", F.Os.empty() ? Twine(Arch) : Twine(F.Os) + "/" + Arch,
         F.Claims.Target);
    fact("build mode", F.Type,
         F.Claims.BuildMode.empty() ? "" : "-buildmode=" + F.Claims.BuildMode);
    if (!F.Linkage.empty())
      fact("linkage", F.Linkage, "");
    if (!F.Packer.empty())
      row("packed with", F.Packer);
    if (Go.isGo())
      fact("cgo", cgoText(),
           F.Claims.Cgo.empty() ? "" : "CGO_ENABLED=" + F.Claims.Cgo);
    std::string LdFlags =
        F.Claims.HidesLdFlags ? "(go hides -ldflags under -trimpath)"
        : F.Claims.LdFlags.empty()
            ? ""
            : "-ldflags=\"" + firstWords(F.Claims.LdFlags, 60) + "\"";
    fact("symbols",
         F.Symbols ? Twine(*F.Symbols) + (F.Format == "ELF"
                                              ? " in .symtab"
                                              : " of functions and data")
         : F.HasSectionHeaders ? Twine("none: stripped")
                               : Twine("no section headers"),
         LdFlags);
    fact("DWARF",
         F.DwarfSize ? size(F.DwarfSize) + (F.DwarfCompression == "none"
                                                ? std::string(", uncompressed")
                                                : ", compressed with " +
                                                      F.DwarfCompression.str())
                     : "none",
         "");
    if (!Go.isGo())
      return;
    fact("paths", pathsText(),
         F.Claims.Trimpath.empty() ? "" : "-trimpath=" + F.Claims.Trimpath);
    for (StringRef Path : F.AbsoluteExamples)
      row("", Path);
  }

  std::string cgoText() const {
    switch (F.Cgo) {
    case CgoSign::None:
      return "no sign of C code";
    case CgoSign::Claimed:
      return "no sign of C code in the bytes";
    case CgoSign::DynamicImports:
      return "imports from C libraries";
    case CgoSign::Functions:
      break;
    }
    if (F.CgoPackages.empty())
      return "functions of cgo";
    constexpr size_t MaxShown = 3;
    ArrayRef<std::string> All = F.CgoPackages;
    std::string Text = "C called by " + join(All.take_front(MaxShown), ", ");
    if (All.size() > MaxShown)
      Text += " and " + std::to_string(All.size() - MaxShown) + " more";
    return Text;
  }

  std::string pathsText() const {
    if (!F.isTrimmed())
      return "no table of source files";
    if (*F.isTrimmed())
      return "trimmed: no absolute path in " + std::to_string(F.SourceFiles);
    return std::to_string(F.AbsoluteFiles) + " of " +
           std::to_string(F.SourceFiles) + " source paths absolute";
  }

  void writeGo() {
    OS << '\n';
    if (!Go.BuildInfo) {
      row("go",
          Go.isGo() ? "a Go program without build info" : "not a Go program");
    } else {
      const ModInfo &Info = Go.BuildInfo->Info;
      row("go", Go.BuildInfo->Version);
      if (!Info.Path.empty())
        row("program", Info.Path);
      if (Info.Main)
        row("module", Info.Main->Path + " " + Info.Main->Version);
      if (!Info.Path.empty())
        row("dependencies", Twine(Info.Deps.size()) + " modules");
      for (const auto &[Key, Value] : Info.Settings)
        row(&Key == &Info.Settings.front().first ? "settings" : "",
            firstWords(Key + "=" + Value, 100));
    }
    if (!Go.BuildId.Go.empty())
      row("Go build ID", Go.BuildId.Go);
    else if (Go.isGo())
      row("Go build ID", "none");
    SmallVector<StringRef, 4> Parts = partsOf(Go.BuildId.Go);
    for (size_t I = 0; I != Parts.size(); ++I)
      row("  " + BuildIdParts[I].second.str(), Parts[I]);
    if (!Go.BuildId.Gnu.empty())
      row("GNU build ID", Go.BuildId.Gnu);
  }

  void writeDynamic() {
    if (!F.Dynamic.Interpreter && F.Dynamic.Needed.empty())
      return;
    OS << '\n';
    if (F.Dynamic.Interpreter)
      row("loader", *F.Dynamic.Interpreter);
    for (StringRef Library : F.Dynamic.Needed)
      row("needs", Library);
    for (StringRef Path : F.Dynamic.RunPath)
      row("run path", Path);
    for (auto [Library, Version] : F.Newest)
      row("binds", Version + " of " + Library);
    if (!F.OldestSystems.empty())
      row("starts on", F.OldestSystems + " and newer");
  }

  void writeNotes() {
    if (!F.Differences.empty() || !Go.Notes.empty())
      OS << '\n';
    for (const InspectFacts::Difference &D : F.Differences)
      row("differs",
          D.Fact + ": " + D.Found + ", but build info says " + D.Claimed);
    for (const std::string &Note : Go.Notes)
      row("note", Note);
  }
};

/// null for what is not known or not claimed.
template <class T> json::Value orNull(const std::optional<T> &Value) {
  return Value ? json::Value(*Value) : json::Value(nullptr);
}
json::Value claim(const std::string &Text) {
  return Text.empty() ? json::Value(nullptr) : json::Value(utf8(Text));
}

class JsonWriter {
public:
  JsonWriter(raw_ostream &OS, const GoImage &Go, const InspectFacts &F,
             unsigned Indent)
      : J(OS, Indent), Go(Go), F(F) {}

  void write() {
    J.object([&] {
      J.attribute("schema", "goslim-inspect/1");
      writeFile();
      writeLinkage();
      writeGo();
      writeBuildId();
      writeStripping();
      writePaths();
      writeCgo();
      writeDifferences();
      attributeTexts(J, "notes", Go.Notes);
    });
  }

private:
  json::OStream J;
  const GoImage &Go;
  const InspectFacts &F;

  void writeFile() {
    J.attributeObject("file", [&] {
      J.attribute("name", utf8(F.Name));
      J.attribute("size", F.FileSize);
      J.attribute("format", F.Format);
      J.attribute("bits", F.Bits);
      J.attribute("endian", F.IsLittleEndian ? "little" : "big");
      J.attribute("arch", F.Arch);
      J.attribute("os", F.Os);
      J.attribute("type", F.Type);
      J.attribute("section_headers", F.HasSectionHeaders);
      J.attribute("packer", F.Packer);
      J.attribute("target_claimed", claim(F.Claims.Target));
    });
  }

  void versions(StringRef Key, ArrayRef<std::pair<StringRef, StringRef>> Rows) {
    J.attributeArray(Key, [&] {
      for (auto [Library, Version] : Rows)
        J.object([&] {
          J.attribute("library", utf8(Library));
          J.attribute("version", utf8(Version));
        });
    });
  }

  void writeLinkage() {
    J.attributeObject("linkage", [&] {
      bool IsElf = F.Format == "ELF"; // of others it is not known
      J.attribute("kind", IsElf ? json::Value(F.Linkage) : nullptr);
      J.attribute("pie", IsElf ? json::Value(F.IsPie) : nullptr);
      J.attribute("build_mode", IsElf ? json::Value(F.BuildMode) : nullptr);
      J.attribute("build_mode_claimed", claim(F.Claims.BuildMode));
      J.attribute("interpreter", F.Dynamic.Interpreter
                                     ? json::Value(utf8(*F.Dynamic.Interpreter))
                                     : json::Value(nullptr));
      attributeTexts(J, "needed", F.Dynamic.Needed);
      attributeTexts(J, "run_path", F.Dynamic.RunPath);
      versions("versions", F.Dynamic.Versions);
      versions("newest_versions", F.Newest);
      J.attribute("oldest_systems", F.OldestSystems);
    });
  }

  void writeGo() {
    if (!Go.BuildInfo)
      return J.attribute("go", nullptr);
    const ModInfo &Info = Go.BuildInfo->Info;
    J.attributeObject("go", [&] {
      J.attribute("version", utf8(Go.BuildInfo->Version));
      J.attribute("path", utf8(Info.Path));
      J.attributeObject("module", [&] {
        J.attribute("path", Info.Main ? utf8(Info.Main->Path) : "");
        J.attribute("version", Info.Main ? utf8(Info.Main->Version) : "");
      });
      J.attribute("dependencies", int64_t(Info.Deps.size()));
      J.attributeObject("settings", [&] {
        for (const auto &[Key, Value] : Info.Settings)
          J.attribute(utf8(Key), utf8(Value));
      });
    });
  }

  void writeBuildId() {
    J.attributeObject("build_id", [&] {
      J.attribute("go", utf8(Go.BuildId.Go));
      SmallVector<StringRef, 4> Parts = partsOf(Go.BuildId.Go);
      for (size_t I = 0; I != Parts.size(); ++I)
        J.attribute(BuildIdParts[I].first, utf8(Parts[I]));
      J.attribute("gnu", Go.BuildId.Gnu);
    });
  }

  void writeStripping() {
    J.attributeObject("symbols", [&] {
      J.attribute("stripped", !F.Symbols.has_value());
      J.attribute("count", F.Symbols ? int64_t(*F.Symbols) : 0);
      J.attribute("ldflags_claimed", claim(F.Claims.LdFlags));
    });
    J.attributeObject("dwarf", [&] {
      J.attribute("present", F.DwarfSize != 0);
      J.attribute("size", F.DwarfSize);
      J.attribute("compression", F.DwarfCompression);
    });
  }

  void writePaths() {
    J.attributeObject("paths", [&] {
      J.attribute("trimmed", orNull(F.isTrimmed()));
      J.attribute("trimpath_claimed", claim(F.Claims.Trimpath));
      J.attribute("files", F.SourceFiles);
      J.attribute("absolute", F.AbsoluteFiles);
      attributeTexts(J, "examples", F.AbsoluteExamples);
    });
  }

  void writeCgo() {
    J.attributeObject("cgo", [&] {
      J.attribute("strength", cgoSignName(F.Cgo));
      J.attribute("enabled_claimed", claim(F.Claims.Cgo));
      J.attribute("dynamic_imports", !F.Dynamic.Needed.empty());
      J.attribute("functions", F.Cgo == CgoSign::Functions);
      attributeTexts(J, "packages", F.CgoPackages);
    });
  }

  void writeDifferences() {
    J.attributeArray("differences", [&] {
      for (const InspectFacts::Difference &D : F.Differences)
        J.object([&] {
          J.attribute("fact", D.Fact);
          J.attribute("found", utf8(D.Found));
          J.attribute("claimed", utf8(D.Claimed));
        });
    });
  }
};

} // namespace

static void print(raw_ostream &OS, const GoImage &Go, const InspectFacts &F,
                  bool Json, unsigned Indent) {
  if (Json) {
    JsonWriter(OS, Go, F, Indent).write();
    OS << '\n';
  } else {
    TextWriter(OS, Go, F).write();
  }
}

Error inspect(raw_ostream &OS, const Image &File, const GoImage &Go, bool Json,
              unsigned Indent) {
  Expected<InspectFacts> F = inspectFacts(File, Go);
  if (!F)
    return F.takeError();
  print(OS, Go, *F, Json, Indent);
  return Error::success();
}

void inspect(raw_ostream &OS, const OtherProgram &Other, bool Json,
             unsigned Indent) {
  print(OS, Other.Go, inspectFacts(Other), Json, Indent);
}

} // namespace goslim
