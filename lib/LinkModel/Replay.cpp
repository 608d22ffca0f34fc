//===- Replay.cpp - from a file to its link -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns a LinkRecord into what LinkModel wants: archives from GOCACHE, the
// tables of their Go version, and of the flags those that move something.
//===----------------------------------------------------------------------===//
#include "goslim/LinkModel/Replay.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/GoObject/Archive.h"
#include "goslim/Record/EmbedRecord.h"
#include "goslim/Tool/ImportConfig.h"
#include "goslim/Tool/Invocation.h"
#include "goslim/Tool/Quoted.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

static StringRef environmentOf(const LinkRecord &R, StringRef Name) {
  for (StringRef Word : R.Env)
    if (auto [Key, Value] = Word.split('='); Key == Name)
      return Value;
  return "";
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static std::string openArchives(const LinkRecord &R, Replay &Out,
                                LinkRequest &Q) {
  std::vector<std::string> Files = resolveArchives(R);
  size_t Missing = llvm::count(Files, "");
  if (Missing || Files.empty())
    return fmt::format("{} of {} archives of its link are no longer in the "
                       "build cache; build it again with goslim",
                       Missing, Files.size());
  for (size_t I = 0; I < Files.size(); ++I) {
    auto Buffer = llvm::MemoryBuffer::getFile(Files[I], false, false);
    if (!Buffer)
      return fmt::format("{}: {}", Files[I], Buffer.getError().message());
    Q.Archives.push_back(
        {R.Archives[I].Package, (*Buffer)->getBuffer(), Files[I]});
    Out.Archives.push_back(std::move(*Buffer));
  }
  return "";
}

/// What goslim-wrap kept of the compiles: the one file of each variable.
static void findEmbeddedVariables(LinkRequest &Q) {
  if (!hasEmbedRecords())
    return;
  for (LinkInput &In : Q.Archives) {
    llvm::Expected<std::vector<ArchiveMember>> Members = readArchive(In.Bytes);
    if (!Members || Members->empty()) {
      llvm::consumeError(Members.takeError());
      continue; // the loader says what is wrong with it
    }
    Result<EmbedRecord> R = findEmbedRecord(Members->front().BuildId);
    if (!R)
      continue;
    llvm::Expected<llvm::json::Value> Config = llvm::json::parse(R->Config);
    if (!Config) {
      llvm::consumeError(Config.takeError());
      continue;
    }
    const llvm::json::Object *Top = Config->getAsObject();
    const llvm::json::Object *Patterns =
        Top ? Top->getObject("Patterns") : nullptr;
    for (const EmbedRecord::Variable &V : R->Variables) {
      const llvm::json::Array *Files =
          Patterns ? Patterns->getArray(V.Pattern) : nullptr;
      if (Files && Files->size() == 1)
        if (std::optional<StringRef> File = Files->front().getAsString())
          In.Embeds.emplace_back(V.Name, *File);
    }
  }
}

/// GOROOT/pkg/tool/linux_amd64/link: the toolchain of the linker itself.
static std::string toolchainOf(const LinkRecord &R) {
  StringRef Tool = R.Tool;
  for (int I = 0; I < 4; ++I)
    Tool = Tool.substr(0, Tool.rfind('/'));
  return Tool.str();
}

static std::string findTables(const LinkRecord &R, Replay &Out,
                              LinkRequest &Q) {
  llvm::Expected<std::vector<ArchiveMember>> Members =
      readArchive(Q.Archives[0].Bytes);
  if (!Members)
    return Q.Archives[0].Name + ": " + llvm::toString(Members.takeError());
  unsigned Minor = 0;
  for (const ArchiveMember &M : *Members)
    if (M.What == ArchiveMember::Kind::GoObject)
      Minor = minorVersionOf(M.Header);
  // Only a test can make a known version unknown.
  const char *Forgotten = ::getenv("GOSLIM_TEST_FORGET_TABLES");
  Q.Tables = linkerTables(Minor);
  if (Q.Tables && !Forgotten)
    return "";
  llvm::Expected<LinkerTables> Read = readLinkerTables(toolchainOf(R), Minor);
  if (!Read)
    return fmt::format("objects of go1.{} are not known and its sources did "
                       "not help: {}",
                       Minor, llvm::toString(Read.takeError()));
  Out.Tables = std::move(*Read);
  Q.Tables = &*Out.Tables;
  return "";
}

//===----------------------------------------------------------------------===//
// Flags
//===----------------------------------------------------------------------===//

/// What the linker itself sets like -X, in front of the user's (ld/main.go).
static void addOwnStrings(const LinkRecord &R, StringRef GoVersion,
                          LinkRequest &Q) {
  auto Add = [&](StringRef Name, StringRef Value) {
    Q.StringVars.push_back({Name.str(), Value.str()});
  };
  for (const std::string &Text : R.Config) {
    Result<ImportConfig> Line = parseImportConfig(Text);
    if (!Line || !Line->modinfo())
      continue;
    if (Result<std::string> Info = goUnquote(Line->modinfo()->Value))
      Add("runtime.modinfo", *Info);
  }
  if (!GoVersion.empty())
    Add("runtime.buildVersion", GoVersion);
  // cmd/go clears it under -trimpath: GOROOT_FINAL up to Go 1.22, then GOROOT.
  StringRef Final = environmentOf(R, "GOROOT_FINAL");
  StringRef Goroot = Final.empty() ? environmentOf(R, "GOROOT") : Final;
  if (!Goroot.empty() && Goroot != "$GOROOT")
    Add("runtime.defaultGOROOT", Goroot);
}

static std::string applyFlags(const LinkRecord &R, LinkRequest &Q) {
  Invocation Call = parseInvocation(ToolKind::Link, R.Args);
  for (const Argument &Arg : Call.Args)
    if (Arg.Name == "X" && Arg.Value) {
      auto [Name, Value] = StringRef(*Arg.Value).split('=');
      Q.StringVars.push_back({Name.str(), Value.str()});
    }
  for (const char *Name : {"randlayout", "linkshared"})
    if (Call.last(Name) && Call.value(Name) != "0")
      return fmt::format("linked with -{}, which is not replayed", Name);
  if (std::string_view Mode = Call.value("buildmode"); !Mode.empty())
    Q.Buildmode = Mode;
  Q.Race = Call.isSet("race"), Q.Msan = Call.isSet("msan");
  Q.Asan = Call.isSet("asan");
  if (Call.last("pruneweakmap"))
    Q.PruneWeakMap = Call.isSet("pruneweakmap");
  (void)!StringRef(Call.value("funcalign")).getAsInteger(10, Q.Funcalign);
  return "";
}

/// Whether what was loaded into memory lies where the map says: programs of
/// one build ID may have been linked with different C libraries.
static bool mapFits(const LinkMap &Map, const Image &File) {
  for (const LinkMap::Section &M : Map.Sections) {
    const ImageSection *S = File.section(M.Name);
    if (M.Address && (!S || S->Address != M.Address || S->MemSize != M.Size))
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Replaying
//===----------------------------------------------------------------------===//

static Replay load(const LinkRecord &R, const ReplayFacts &Facts,
                   const LinkMap &Map) {
  Replay Out;
  LinkRequest Q;
  Q.Goos = environmentOf(R, "GOOS"), Q.Goarch = environmentOf(R, "GOARCH");
  Q.External = Facts.External, Q.Map = Map;
  if (Q.Goarch != "amd64" && Q.Goarch != "arm64")
    Out.Why = fmt::format("links for GOARCH={} are not replayed", Q.Goarch);
  if (Out.Why.empty())
    Out.Why = openArchives(R, Out, Q);
  if (Out.Why.empty())
    Out.Why = findTables(R, Out, Q);
  if (Out.Why.empty() && Facts.NamesEmbeds)
    findEmbeddedVariables(Q);
  addOwnStrings(R, Facts.GoVersion, Q);
  if (Out.Why.empty())
    Out.Why = applyFlags(R, Q);
  if (!Out.Why.empty())
    return Out;
  llvm::Expected<std::unique_ptr<LinkModel>> Model =
      LinkModel::load(std::move(Q));
  if (Model)
    Out.Model = std::move(*Model);
  else
    Out.Why = llvm::toString(Model.takeError());
  return Out;
}

Replay goslim::loadLink(const LinkRecord &R, const ReplayFacts &Facts) {
  return load(R, Facts, {});
}

void goslim::placeLink(Replay &R, const Image &File, const GoImage &Go) {
  if (!R.Model)
    return;
  if (llvm::Error E = R.Model->place(File, Go)) {
    R.Why = llvm::toString(std::move(E));
    R.Model.reset();
  }
}

static uint64_t provenBytes(const Replay &R) {
  uint64_t Sum = 0;
  for (unsigned G = 0; R.Model && G < NumGroups; ++G)
    if (const GroupProof &P = R.Model->proof(Group(G)); !P.Failed)
      Sum += P.Bytes;
  return Sum;
}

static bool isWhole(const Replay &R) {
  for (unsigned G = 0; R.Model && G < NumGroups; ++G)
    if (R.Model->proof(Group(G)).Failed)
      return false;
  return R.Model != nullptr;
}

Replay goslim::replayLink(const Image &File, const GoImage &Go,
                          bool NamesEmbeds) {
  Replay Best;
  if (!Go.isGo())
    return Best;
  std::string Key = linkKey(Go.BuildId.Go, "");
  if (Key.empty())
    Key = sha256Hex(File.bytes());
  ReplayFacts Facts = {isLinkedByC(File),
                       Go.BuildInfo ? Go.BuildInfo->Version : "", NamesEmbeds};
  std::vector<FoundLink> Found = findLinkRecords(Key);
  if (Found.empty())
    Best.Why = "goslim has not seen its link; delete the file and build it "
               "with goslim to know where every byte is from";
  for (FoundLink &F : Found) {
    if (!F.Record) {
      if (Best.Why.empty())
        Best.Why = "record of its link: " + F.Record.failure().Message;
      continue;
    }
    LinkMap None;
    Replay Next = load(*F.Record, Facts,
                       mapFits(F.Record->Map, File) ? F.Record->Map : None);
    placeLink(Next, File, Go);
    if (!Best.Model && !Next.Model && Best.Why.empty())
      Best.Why = Next.Why;
    if (provenBytes(Next) > provenBytes(Best))
      Best = std::move(Next);
    if (isWhole(Best))
      break;
  }
  return Best;
}
