//===- LinkDone.cpp - what happens after a link -----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A process of its own, started by goslim-wrap beside the linker, so that
// whatever LLVM does to an output it cannot read costs a manifest and never a
// build: every failure here but a finding in mode "require" ends with a code
// that the wrapper ignores. Looks at the output before go writes the content ID
// into it; nothing that is recorded depends on it.
//===----------------------------------------------------------------------===//
#include "LinkDone.h"
#include "Driver.h"
#include "LookAt.h"
#include "PublishManifest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Json.h"
#include "goslim/Manifest/BuildFacts.h"
#include "goslim/Manifest/Ledger.h"
#include "goslim/Rules/Residue.h"
#include "goslim/Tool/GoCommand.h"
#include "goslim/Verify/FileKind.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Parallel.h"
#include "llvm/Support/raw_ostream.h"
#include <climits>
#include <cstdlib>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace goslim;
using llvm::StringRef;

namespace {
/// One link: what is known before its output is opened.
struct LinkStep {
  std::string Name; ///< "link-4711", in the session's folder
  Session Build;
  Policy Team;
  StepRecord Step;
  std::vector<LinkArchive> Archives;
  bool UsesCgo = false;
};

/// A replay that was begun before there was a program.
struct Early {
  Replay Link;
  std::shared_ptr<const SymbolLabels> Labels;
  std::string GoVersion; ///< that it was loaded with
};
} // namespace

static std::string environmentValue(StringRef Name) {
  const char *Value = ::getenv(Name.str().c_str());
  return Value ? Value : "";
}

static llvm::Error failure(const Failure &F) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), F.Message);
}

static llvm::Expected<LinkStep> readLinkStep(const Options &O) {
  LinkStep L;
  L.Name = O.get("step");
  Result<Session> Build = openSession(std::string(O.get("session")));
  if (!Build)
    return failure(Build.failure());
  L.Build = std::move(*Build);
  Result<Policy> Team = sessionPolicy(L.Build);
  if (!Team)
    return failure(Team.failure());
  L.Team = std::move(*Team);
  Result<std::string> Text =
      readFile(L.Build.Folder + "/" + L.Name + ".json", 64 << 20);
  if (!Text)
    return failure(Text.failure());
  llvm::Expected<StepRecord> Step = parseStepRecord(*Text);
  if (!Step)
    return Step.takeError();
  L.Step = std::move(*Step);
  if (Result<std::string> Importcfg =
          readFile(L.Build.Folder + "/" + L.Step.Importcfg))
    L.Archives = linkArchives(*Importcfg, L.Step.Out);
  L.UsesCgo = llvm::any_of(L.Archives, [](const LinkArchive &Archive) {
    return Archive.Package == "runtime/cgo";
  });
  return L;
}

//===----------------------------------------------------------------------===//
// The manifest
//===----------------------------------------------------------------------===//

/// The words that the user gave with -gcflags or -asmflags.
static std::vector<std::string> givenWords(const Session &S, StringRef Name) {
  std::vector<std::string> Out;
  for (const Argument &Flag : goFlags(S, environmentValue("GOFLAGS")))
    if (Flag.Name == Name)
      if (Result<PatternFlags> Value =
              parsePatternFlags(Flag.Value.value_or("")))
        llvm::append_range(Out, Value->Words);
  return Out;
}

/// Flags that the wrapper adds to each compile or asm line. go shows us only
/// the lines that were not cached, so they are taken from the rule.
static void addPackageFlags(std::vector<ManifestEdit> &Out, const LinkStep &L,
                            RuleId Id, const Rule<WordLists> &R) {
  if (!R.Value || R.How != Mode::Rewrite)
    return;
  StringRef Name = ruleName(Id);
  std::vector<std::string> Given = givenWords(L.Build, Name);
  for (const std::string &Word : R.Value->Add)
    if (!llvm::is_contained(Given, Word))
      Out.push_back({Name.str(), "", "", Word});
}

/// What policy changed, as flags of go, in either mode; a manifest does not
/// say in which one, nor by which verb, the same program was made.
static std::vector<ManifestEdit> editsOf(const LinkStep &L, const Rules &R) {
  std::vector<ManifestEdit> Out;
  bool Trimmed = false;
  for (const Edit &E : L.Step.Edits)
    // The wrapper's trimpath is several edits of files and variables.
    if (E.Rule == RuleId::Trimpath)
      Trimmed = true;
    else
      Out.push_back({std::string(ruleName(E.Rule)), "", E.Before, E.After});
  if (Trimmed)
    Out.push_back({"trimpath", "", "", "-trimpath"});
  if (L.Build.How == SessionMode::Toolexec) {
    addPackageFlags(Out, L, RuleId::Gcflags, R.GcflagsRule);
    addPackageFlags(Out, L, RuleId::Asmflags, R.AsmflagsRule);
  }
  for (const ManifestEdit &E : readSessionEdits(L.Build))
    Out.push_back({E.Rule, "", E.Before, E.After});
  for (ManifestEdit &E : Out) {
    E.Before = withoutPaths(E.Before);
    E.After = withoutPaths(E.After);
  }
  return Out;
}

/// `go build x.go y.go`: go names the program after the first file.
static std::string nameOfFiles(const Session &S) {
  for (const std::string &Word : S.GoArgv)
    if (StringRef Name = fileName(Word); Name.consume_back(".go"))
      return Name.str();
  return "";
}

/// Adds what only the build knows.
static void complete(Manifest &M, const LinkStep &L) {
  const StepRecord &Step = L.Step;
  if (M.ImportPath.empty()) {
    M.ImportPath = Step.Package;
    for (ManifestStep &S : M.Steps)
      if (S.Tool == "link" && S.Package.empty())
        S.Package = M.ImportPath;
  }
  M.Name = programName(M.ImportPath);
  if (M.ImportPath == "command-line-arguments")
    if (std::string Name = nameOfFiles(L.Build); !Name.empty())
      M.Name = Name;
  if (M.Goos.empty())
    M.Goos = environmentValue("GOOS");
  if (M.Goarch.empty())
    M.Goarch = environmentValue("GOARCH");
  M.LinkFlags =
      linkFlagsForManifest(Step.Run.empty() ? Step.Args : Step.Run, L.UsesCgo);
  if (!overlayOf(L.Build, environmentValue("GOFLAGS")).empty())
    M.TaintedBy.push_back("overlay");
  // What build info says was read from the program itself and stays.
  for (auto &[Name, Value] :
       environmentForManifest(environmentValue, M.Goarch, L.UsesCgo))
    M.Environment.try_emplace(Name, Value);
}

static Context contextOf(const LinkStep &L, const Manifest &M) {
  Context C;
  C.Package = M.ImportPath;
  C.Goos = M.Goos;
  C.Goarch = M.Goarch;
  C.Buildmode = M.Buildmode;
  if (!L.Build.GoArgv.empty())
    C.Command = parseGoCommand(std::span(L.Build.GoArgv).subspan(1)).Verb;
  if (StringRef(L.Step.Package).ends_with(".test"))
    C.Command = "test";
  auto IsSet = [&](const char *Key) {
    auto Found = M.Settings.find(Key);
    return Found != M.Settings.end() && Found->second == "true";
  };
  C.Race = IsSet("-race");
  C.Msan = IsSet("-msan");
  C.Asan = IsSet("-asan");
  C.Cover = IsSet("-cover");
  return C;
}

/// The rules whose residue is looked for. In mode "warn" a build may lack the
/// very flag, which the check of the flags has said already.
static Rules rulesFor(const LinkStep &L, const Manifest &M) {
  Rules R = resolve(L.Team, contextOf(L, M));
  auto Has = [&](const char *Flag) {
    return llvm::is_contained(M.LinkFlags, Flag);
  };
  auto Trimpath = M.Settings.find("-trimpath");
  bool Stripped =
      R.StripRule.Value == Strip::All ? Has("-s") : Has("-s") || Has("-w");
  if (R.StripRule.How == Mode::Warn && !Stripped)
    R.StripRule.Value.reset();
  if (R.TrimpathRule.How == Mode::Warn &&
      (Trimpath == M.Settings.end() || Trimpath->second != "true"))
    R.TrimpathRule.Value.reset();
  return R;
}

/// Folders of this machine that must not be in a trimmed program. GOROOT
/// itself may be spoken of ("/usr/local/go"), what is below its src may not.
static std::vector<std::string> machineRoots(const LinkStep &L) {
  std::vector<std::string> Roots = {L.Build.StartDir, L.Build.PolicyRoot};
  for (const char *Name : {"GOMODCACHE", "GOCACHE", "GOPATH", "HOME"})
    Roots.push_back(environmentValue(Name));
  if (std::string Goroot = environmentValue("GOROOT"); !Goroot.empty()) {
    Roots.push_back(Goroot + "/src");
    Roots.push_back(Goroot + "/pkg");
  }
  StringRef Out = L.Step.Out;
  if (size_t At = Out.find("/go-build"); At != StringRef::npos)
    Roots.push_back(Out.take_front(Out.find('/', At + 1)).str());
  return Roots;
}

//===----------------------------------------------------------------------===//
// Files in the session
//===----------------------------------------------------------------------===//

static std::string archiveLines(const LinkStep &L, const Attribution &A) {
  std::vector<uint64_t> Sums(A.Packages.size());
  for (const Span &S : A.Spans)
    if (S.Package != NoPackage)
      Sums[S.Package] += S.Size;
  std::map<std::string, uint64_t> Bytes;
  for (size_t I = 0; I < Sums.size(); ++I)
    Bytes[A.Packages[I].Path] = Sums[I];
  std::string Out;
  for (const LinkArchive &Archive : L.Archives)
    Out += fmt::format("{}\t{}\t{}\t{}\n", Archive.Package,
                       Bytes[Archive.Package], int(Archive.Cached),
                       std::max<int64_t>(0, fileSize(Archive.File)));
  return Out;
}

/// A manifest must not depend on which compiles goslim saw.
constexpr bool NamesEmbeds = false;

static bool isLinkedByGo(const LinkRecord &R) {
  Invocation Call = parseInvocation(ToolKind::Link, R.Args);
  return Call.value("linkmode") != "external" &&
         llvm::none_of(R.Archives, [](const LinkRecord::Archive &A) {
           return A.Package == "runtime/cgo";
         });
}

/// Leaves the linker, which has work for one core most of the time, that core.
class OneCoreLess {
public:
  OneCoreLess() {
    unsigned Cores = Given.compute_thread_count();
    llvm::parallel::strategy.ThreadsRequested = std::max(Cores, 2u) - 1;
  }
  ~OneCoreLess() { llvm::parallel::strategy = Given; }

private:
  llvm::ThreadPoolStrategy Given = llvm::parallel::strategy;
};

/// Asks the system now for the memory that taking Model's program apart will
/// want: clean pages are half of that work.
static void fetchMemory(const LinkModel &Model) {
#ifdef __GLIBC__
  constexpr size_t BytesPerSymbol = 256; // two spans, and claims on the way
  size_t Planned = 0;
  Model.forEachPlanned([&](Sym, Group) { ++Planned; });
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
  size_t Size = Planned * BytesPerSymbol;
  void *Memory = ::malloc(Size);
  for (size_t At = 0; Memory && At < Size; At += 4096)
    static_cast<volatile char *>(Memory)[At] = 0;
  ::free(Memory);
#else
  (void)Model;
#endif
}

/// What can be done of the replay while the linker runs. Where the C linker may
/// take part, its map must be there first: then it is nothing.
static Early loadBeside(const std::string &SessionFolder,
                        const std::string &Step) {
  Early Out;
  Result<std::string> Text =
      readFile(SessionFolder + "/" + Step + ".link", 64 << 20);
  Result<LinkRecord> R = Text ? parseLinkRecord(*Text) : Text.failure();
  // What it would be placed on is not taken apart.
  static constexpr StringRef OtherFormats[] = {"windows", "darwin", "ios", "js",
                                               "wasip1"};
  if (!R || !isLinkedByGo(*R) ||
      llvm::is_contained(OtherFormats, environmentValue("GOOS")))
    return Out;
  OneCoreLess Polite;
  Out.GoVersion = environmentValue("GOVERSION");
  Out.Link = loadLink(*R, {false, Out.GoVersion, NamesEmbeds});
  if (Out.Link.Model) {
    Out.Labels = labelSymbols(*Out.Link.Model);
    fetchMemory(*Out.Link.Model);
  }
  return Out;
}

/// The whole of it, once the program is there.
static void relink(Looked &P, Early E) {
  const Image &File = *P.File;
  GoImage Go = readGoFrame(File);
  bool Fits = E.Link.Model && Go.BuildInfo && !isLinkedByC(File) &&
              Go.BuildInfo->Version == E.GoVersion;
  if (!Fits) {
    P.Link = replayLink(File, Go, NamesEmbeds);
    return;
  }
  placeLink(E.Link, File, Go);
  P.Link = std::move(E.Link);
  P.Labels = std::move(E.Labels);
}

/// Leaves M, when the team wants it, and findings where the driver looks.
static Result<void> keep(const LinkStep &L, const Manifest &M, const Context &C,
                         std::vector<Finding> &Findings) {
  std::string Base = L.Build.Folder + "/" + L.Name;
  Result<void> Written;
  if (!L.Team.empty() && wantsManifest(L.Team, C)) {
    std::string Toml = toToml(M, L.Team.Manifest.Records);
    Written = writeFileAtomic(Base + ".manifest.toml", Toml, false);
    bool Accepted = !hasError(Findings);
    keepLink(L.Build, L.Team, goBuildIdOfLink(L.Step),
             {Accepted ? Toml : "", Findings});
    if (Accepted && L.Build.How == SessionMode::Toolexec)
      llvm::append_range(Findings,
                         publishOne(L.Build, L.Team, L.Name).Findings);
  }
  if (Written)
    Written =
        writeFileAtomic(Base + ".findings.jsonl", printLines(Findings), false);
  return Written;
}

/// PE, Mach-O and Wasm are not taken apart: what the link was given is kept.
static llvm::Error analyseOther(const LinkStep &L,
                                std::vector<Finding> &Findings) {
  llvm::Expected<OtherProgram> P =
      readOtherProgram(L.Step.Out, /*Hashes=*/false);
  if (!P)
    return P.takeError();
  Manifest M = makeManifest(*P);
  complete(M, L);
  Context C = contextOf(L, M);
  M.Edits = editsOf(L, resolve(L.Team, C));
  const std::optional<GoBuildInfo> &Info = P->Go.BuildInfo;
  Findings = checkResidue(
      {P->DebugSize, P->Symbols, P->SourceFiles, Info ? &Info->Info : nullptr},
      rulesFor(L, M));
  Result<void> Kept = keep(L, M, C, Findings);
  return Kept ? llvm::Error::success() : failure(Kept.failure());
}

/// The steps in order; the program is not needed after the third.
static llvm::Error analyse(const LinkStep &L, Early E,
                           std::vector<Finding> &Findings) {
  llvm::Expected<std::unique_ptr<Looked>> P =
      lookAt(L.Step.Out, [&](Looked &To) { relink(To, std::move(E)); });
  if (!P)
    return P.takeError();
  // Taking it apart would cost the build more than writing the manifest does.
  const auto &[File, Go, Link, Labels, Spans] = *P->release();
  Manifest M = makeManifest(*File, Go, Spans);
  complete(M, L);
  Context C = contextOf(L, M);
  M.Edits = editsOf(L, resolve(L.Team, C));
  // From here on M is what is written.
  Findings = checkResidue(*File, Go, Spans, rulesFor(L, M), machineRoots(L));
  Result<void> Written =
      writeFileAtomic(L.Build.Folder + "/" + L.Name + ".archives",
                      archiveLines(L, Spans), false);
  if (Written)
    Written = keep(L, M, C, Findings);
  return Written ? llvm::Error::success() : failure(Written.failure());
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

/// Not analysed: said for the log, ignored by the wrapper.
static int giveUp(llvm::Error E) {
  printError(std::move(E));
  return ExitUnverified;
}

/// Leaves the reason for the driver and `goslim steps`, without the name that
/// the file had in go's work folder.
static llvm::Error sayWhy(const LinkStep &L, llvm::Error E) {
  std::string Why = llvm::toString(std::move(E));
  StringRef Text = Why;
  Text.consume_front(L.Step.Out + ": ");
  Finding F = notWritten(L.Team, L.Step.Package + ": " + Text.str(), "");
  (void)!writeFileAtomic(L.Build.Folder + "/" + L.Name + ".findings.jsonl",
                         toJsonLine(F), false);
  return failure(Failure{Why});
}

/// A line of standard input: what goslim-wrap says (WrapStep.h). "" = the end.
static std::string nextWord() {
  std::string Out;
  for (char C; ::read(STDIN_FILENO, &C, 1) == 1 && C != '\n';)
    Out += C;
  return Out;
}

[[noreturn]] static void stopHere(void *, const char *Reason, bool) {
  // Another thread's or a broken heap's state is not to be trusted any more.
  llvm::errs() << "goslim: error: " << Reason << '\n';
  ::_exit(ExitUnverified);
}

static int linkDone(const Options &O) {
  llvm::install_fatal_error_handler(stopHere);
  rlimit NoCore = {0, 0}, Cpu = {120, 130};
  ::setrlimit(RLIMIT_CORE, &NoCore);
  ::setrlimit(RLIMIT_CPU, &Cpu);
  StringRef Name = O.get("step");
  if (!Name.starts_with("link-") || Name.contains('/'))
    return giveUp(failure(
        fail("--step: expected link-N, found '{}'", std::string_view(Name))));
  Early Begun;
  std::string Word = nextWord();
  if (Word == "recorded") {
    Begun = loadBeside(std::string(O.get("session")), Name.str());
    Word = nextWord();
  }
  if (Word != "linked")
    return ExitUnverified; // it failed, which has been said
  llvm::Expected<LinkStep> L = readLinkStep(O);
  if (!L)
    return giveUp(L.takeError());
  std::vector<Finding> Findings;
  llvm::Error E = isOtherFormat(L->Step.Out)
                      ? analyseOther(*L, Findings)
                      : analyse(*L, std::move(Begun), Findings);
  if (E)
    return giveUp(sayWhy(*L, std::move(E)));
  if (L->Build.How == SessionMode::Driver || !hasError(Findings))
    return ExitClean; // the driver prints when go has ended
  Finding First = *llvm::find_if(
      Findings, [](const Finding &F) { return F.Level == Severity::Error; });
  First.Fix.clear(); // one line: go keeps what a tool prints
  printFinding(First);
  return ExitFindings;
}

/// The wrapper is told how it went, and does not wait until the system has
/// taken back all memory.
int goslim::runLinkDone(const Options &O) {
  int Code = linkDone(O);
  std::string Line = fmt::format("{}\n", Code);
  (void)!::send(STDIN_FILENO, Line.data(), Line.size(), MSG_NOSIGNAL);
  return Code;
}
