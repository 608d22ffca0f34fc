//===- RestoreManifest.cpp - manifests of up-to-date programs ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When the program that is there was linked from these very inputs, go runs no
// link, and there is nothing to make a manifest from. The link that did make
// it left a copy in goslim's cache, under the two action IDs in front of the
// program's build ID: what go itself compares to find it up to date.
//===----------------------------------------------------------------------===//
#include "RestoreManifest.h"
#include "Go.h"
#include "PublishManifest.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/GoImage/GoImage.h"
#include "goslim/Manifest/BuildFacts.h"
#include "goslim/Manifest/Ledger.h"
#include "goslim/Tool/GoCommand.h"
#include "goslim/Verify/FileKind.h"
#include "goslim/Verify/Published.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// The copies
//===----------------------------------------------------------------------===//

std::string goslim::goBuildIdOfLink(const StepRecord &Link) {
  std::string Id(
      parseInvocation(ToolKind::Link, Link.Run.empty() ? Link.Args : Link.Run)
          .value("buildid"));
  return StringRef(Id).count('/') == 3 ? Id : "";
}

/// The part of a build ID that the inputs alone decide: the action IDs of the
/// link and of the main package.
static std::string actionIds(StringRef BuildId) {
  auto [Link, Rest] = BuildId.split('/');
  return (Link + "/" + Rest.split('/').first).str();
}

static std::string copyPath(StringRef Key, StringRef Suffix) {
  return cacheFolder() + "/manifests/" + sha256Hex(Key) + Suffix.str();
}

/// A manifest's text also depends on what is recorded and on what policy had
/// to change.
static std::string manifestCopy(const Session &S, const Policy &P,
                                StringRef BuildId) {
  std::string Key = actionIds(BuildId) + "\nreplayed\n"; // since it is so
  for (Record R : P.Manifest.Records)
    Key += char('0' + unsigned(R));
  for (const ManifestEdit &E : readSessionEdits(S))
    Key += "\n" + E.Rule + "\t" + E.Before + "\t" + E.After;
  return copyPath(Key, ".toml");
}

/// Findings depend on the whole policy.
static std::string findingsCopy(const Session &S, StringRef BuildId) {
  std::string Key = actionIds(BuildId) + "\n" + S.Profile + "\n";
  if (Result<std::string> Text = readFile(S.Folder + "/policy.toml"))
    Key += *Text;
  return copyPath(Key, ".findings.jsonl");
}

/// Copies that were of no use for a month.
static void collectOldCopies() {
  constexpr auto MaxAge = std::chrono::hours(24 * 30);
  std::error_code EC;
  for (llvm::sys::fs::directory_iterator It(cacheFolder() + "/manifests", EC),
       End;
       It != End && !EC; It.increment(EC)) {
    llvm::ErrorOr<llvm::sys::fs::basic_file_status> Status = It->status();
    if (Status &&
        std::chrono::system_clock::now() - Status->getLastModificationTime() >
            MaxAge)
      ::unlink(It->path().c_str());
  }
}

void goslim::keepLink(const Session &S, const Policy &P,
                      std::string_view BuildId, const KeptLink &Link) {
  // Only a driver brings one back.
  if (BuildId.empty() || S.How != SessionMode::Driver)
    return;
  std::string Findings = findingsCopy(S, BuildId);
  if (!Link.Findings.empty() || fileExists(Findings))
    (void)!writeFileAtomic(Findings, printLines(Link.Findings), false);
  if (Link.Toml.empty())
    return;
  std::string Path = manifestCopy(S, P, BuildId);
  bool New = !fileExists(Path);
  (void)!writeFileAtomic(Path, Link.Toml, false);
  if (New)
    collectOldCopies();
}

/// Also says that the file is still of use.
static std::string readCopy(const std::string &Path) {
  Result<std::string> Text = readFile(Path);
  if (!Text)
    return "";
  ::utimensat(AT_FDCWD, Path.c_str(), nullptr, 0);
  return *Text;
}

KeptLink goslim::keptLink(const Session &S, const Policy &P,
                          std::string_view BuildId) {
  KeptLink Out;
  if (StringRef(BuildId).count('/') != 3)
    return Out;
  std::string Findings = findingsCopy(S, BuildId);
  readCopy(Findings);
  Out.Findings = readFindings(Findings);
  if (!hasError(Out.Findings))
    Out.Toml = readCopy(manifestCopy(S, P, BuildId));
  return Out;
}

//===----------------------------------------------------------------------===//
// Where go put the programs
//===----------------------------------------------------------------------===//

/// "./cmd/app" as go names its program when started in a folder that is
/// package Here.
static std::string nameOfPackage(StringRef Operand, StringRef Here) {
  Operand = Operand.split('@').first.rtrim('/');
  if (Operand == "." || Operand.empty())
    return programName(Here);
  if (Operand.starts_with("../"))
    return ""; // its import path is not known from here
  Operand.consume_front("./");
  return programName(Operand);
}

static std::string installFolder() {
  if (std::optional<std::string> Bin = goEnvironment("GOBIN"))
    return *Bin;
  std::string Path = goEnvironment("GOPATH").value_or("");
  if (Path.empty())
    Path = environment("HOME").value_or("") + "/go";
  return StringRef(Path).split(':').first.str() + "/bin";
}

static void addFolder(std::vector<std::string> &Out,
                      const std::string &Folder) {
  constexpr size_t MaxFiles = 64;
  std::error_code EC;
  for (llvm::sys::fs::directory_iterator It(Folder, EC), End;
       It != End && !EC && Out.size() < MaxFiles; It.increment(EC))
    Out.push_back(It->path());
}

/// Files that S's go command may have found up to date. Too many do no harm:
/// only those that a manifest was kept for are looked at further.
static std::vector<std::string> outputsOf(const Session &S) {
  std::vector<std::string> Out;
  if (S.GoArgv.size() < 2)
    return Out;
  GoCommand Command = parseGoCommand(std::span(S.GoArgv).subspan(1));
  bool Install = Command.Verb == "install";
  if (!Install && Command.Verb != "build")
    return Out;
  std::string Folder = Install ? installFolder() : S.StartDir;
  bool Many = false; // go build PACKAGE... without -o writes nothing
  if (std::string_view O = Command.value("o"); !O.empty()) {
    Folder = absolutePath(O, S.StartDir);
    Many = O.ends_with('/') || llvm::sys::fs::is_directory(Folder);
    if (!Many)
      return {Folder};
  }
  std::vector<std::string> Packages = Command.packages();
  if (Packages.empty())
    Packages.push_back(".");
  GoModule Module = findModule(S.StartDir);
  std::string Here =
      Module.Path +
      S.StartDir.substr(std::min(Module.Root.size(), S.StartDir.size()));
  for (const std::string &Package : Packages)
    if (StringRef(Package).contains("..."))
      addFolder(Out, Folder);
    else if (std::string Name = nameOfPackage(Package, Here); !Name.empty())
      Out.push_back(Folder + "/" + Name);
  return Out;
}

/// Action IDs of the programs that were linked in this very build.
static std::set<std::string> linkedNow(const Session &S) {
  std::set<std::string> Out;
  for (const std::string &Link : linksWith(S, ".json")) {
    Result<std::string> Text = readFile(S.Folder + "/" + Link + ".json");
    if (!Text)
      continue;
    llvm::Expected<StepRecord> Step = parseStepRecord(*Text);
    if (Step)
      Out.insert(actionIds(goBuildIdOfLink(*Step)));
    else
      llvm::consumeError(Step.takeError());
  }
  return Out;
}

/// Puts one kept manifest into its place.
static void restoreOne(const Policy &P, const KeptLink &Link,
                       const std::set<std::string> &Done, PublishResult &Out) {
  llvm::Expected<Manifest> M = parseManifest("cache", Link.Toml);
  if (!M)
    return llvm::consumeError(M.takeError()); // of an older goslim
  Result<std::string> Path = placeOf(P, *M);
  if (!Path || Done.count(*Path))
    return;
  if (std::optional<Finding> F = putManifest(P, *Path, Link.Toml))
    Out.Findings.push_back(std::move(*F));
  else
    Out.Manifests.push_back(std::move(*Path));
}

/// Of PE, Mach-O and Wasm: go, too, looks for it in the first 32 KiB only
/// (cmd/internal/buildid/buildid.go, readSize).
static std::string buildIdInText(const std::string &Output) {
  constexpr uint64_t Most = 32 << 10;
  auto Head = llvm::MemoryBuffer::getFileSlice(Output, Most, 0);
  return Head ? goBuildIdInText((*Head)->getBuffer()).str() : "";
}

/// "" when there is none.
static std::string buildIdOf(const std::string &Output) {
  if (isOtherFormat(Output))
    return buildIdInText(Output);
  llvm::Expected<std::unique_ptr<Image>> File = Image::open(Output);
  if (!File) {
    llvm::consumeError(File.takeError());
    return "";
  }
  return readGoIdentity(**File).BuildId.Go;
}

void goslim::restoreManifests(const Session &S, const Policy &P,
                              const std::set<std::string> &Done,
                              PublishResult &Out) {
  std::set<std::string> Linked = linkedNow(S);
  for (const std::string &Output : outputsOf(S)) {
    std::string BuildId = buildIdOf(Output);
    if (BuildId.empty() || Linked.count(actionIds(BuildId)))
      continue;
    KeptLink Link = keptLink(S, P, BuildId);
    llvm::append_range(Out.Findings, Link.Findings);
    if (!Link.Toml.empty())
      restoreOne(P, Link, Done, Out);
  }
}
