//===- Verify.cpp - goslim verify -----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds that share nothing: the same environment twice, then everything
// varied at once, then, on a difference, halves of the variations until the
// guilty ones are known. What a PASS claims is what was varied; it says so.
//===----------------------------------------------------------------------===//
#include "Attest.h"
#include "Driver.h"
#include "Go.h"
#include "Progress.h"
#include "VerifyOutcome.h"
#include "Workshop.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/Manifest/BuildFacts.h"
#include "goslim/Report/Comparison.h"
#include "goslim/Verify/BuildPlan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"
#include <deque>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

extern char **environ;

using namespace goslim;
using llvm::StringRef;

namespace {

struct Choice {
  const Variation *V;
  std::string Value;
};

using Verdict = Outcome::Verdict;

/// One package for one target.
struct Job {
  std::string Package, Target;
  std::string Name; ///< "": the only one; else a folder's name
};

class Verifier {
public:
  Verifier(const Options &O, Workshop &W, Progress &Shown,
           std::vector<Choice> Choices, const Job &J)
      : O(O), W(W), Shown(Shown), J(J), Choices(std::move(Choices)) {}
  /// Asks go what there is. Before any run(): runProgram has the signals of the
  /// whole process.
  void prepare();
  /// On any thread.
  Outcome run();

private:
  const Options &O;
  Workshop &W;
  Progress &Shown;
  const Job &J;
  std::vector<Choice> Choices;
  Surroundings Around;
  BuildPlan Base;
  std::vector<Choice> Usable;
  Outcome Out;
  bool IsReady = false;
  unsigned Number = 0; ///< of the build
  unsigned Reused = 0;

  /// This job's own place in a folder of all.
  std::string placeIn(const std::string &Folder) const {
    return J.Name.empty() ? Folder : Folder + "/" + J.Name;
  }
  Result<void> look();
  Verdict verify();
  Result<Workshop::Made> build(const BuildPlan &P, const std::string &Name);
  BuildPlan varied(const std::vector<unsigned> &Which) const;
  void blame(const Workshop::Made &First, const std::vector<unsigned> &All,
             const Workshop::Made &AllVaried);
  void explain(const Workshop::Made &A, const Workshop::Made &B);
  void compareInputs(const BuildPlan &Other);
};

} // namespace

//===----------------------------------------------------------------------===//
// The plan
//===----------------------------------------------------------------------===//

/// Variables besides moduleEnvironment() that reach a build; everything else is
/// left out.
static constexpr StringRef Passed[] = {"GOPATH",
                                       "GOFLAGS",
                                       "GOAUTH",
                                       "GOEXPERIMENT",
                                       "GOOS",
                                       "GOARCH",
                                       "GOAMD64",
                                       "GOARM",
                                       "GOARM64",
                                       "GO386",
                                       "GOMIPS",
                                       "GOMIPS64",
                                       "GOPPC64",
                                       "GORISCV64",
                                       "GOWASM",
                                       "GOFIPS140",
                                       "GODEBUG",
                                       "CGO_ENABLED",
                                       "AR",
                                       "CGO_CFLAGS",
                                       "CGO_CPPFLAGS",
                                       "CGO_CXXFLAGS",
                                       "CGO_FFLAGS",
                                       "CGO_LDFLAGS",
                                       "PKG_CONFIG",
                                       "GOWORK",
                                       "PKG_CONFIG_PATH",
                                       "SOURCE_DATE_EPOCH"};

/// Lines that a go command prints; Failure: what it said.
static Result<std::vector<std::string>>
ask(const std::string &Go, std::vector<std::string> Args,
    const std::vector<std::string> *Env = nullptr) {
  std::string Output, Errors;
  SpawnOptions Options;
  Options.Stdout = &Output, Options.Stderr = &Errors, Options.Env = Env;
  Result<ChildStatus> Status = runProgram(Go, Args, Options);
  if (!Status)
    return Status.failure();
  if (Status->ExitCode != 0 || Status->Signal != 0)
    return fail("{}", StringRef(Errors).rtrim().str());
  std::vector<std::string> Lines;
  llvm::SmallVector<StringRef> Split;
  StringRef(Output).split(Split, '\n');
  for (StringRef Line : Split)
    Lines.push_back(Line.str());
  return Lines;
}

static std::string otherCompiler(StringRef Current) {
  std::string Path = environment("PATH").value_or("");
  for (const char *Name : {"clang", "clang-22", "gcc"})
    if (!Current.contains(Name))
      if (std::string Found = findProgram(Name, Path); !Found.empty())
        return Found;
  return "";
}

/// "./cmd/x" of the folder where goslim was started, as it is in the copy.
Result<void> Verifier::look() {
  Result<std::string> Go = findRealGo();
  if (!Go)
    return Go.failure();
  Result<std::vector<std::string>> Env =
      ask(*Go, {"env", "GOROOT", "GOVERSION", "GOMOD", "GOWORK", "GOMODCACHE",
                "GOPROXY", "CC", "GOOS", "GOARCH"});
  if (!Env)
    return Env.failure();
  const std::vector<std::string> &E = *Env;
  std::string Root = !E[3].empty() && E[3] != "off" ? E[3] : E[2];
  if (Root.empty() || Root == "/dev/null")
    return fail("expected a module, found none in this folder or above it");
  Root = realPath(std::string(parentPath(Root)));
  if (isWithin(W.folder(), Root))
    return fail("expected a work folder outside of the sources, found {} in {}",
                W.folder(), Root);
  std::string Here = realPath(".");
  Base = {};
  Base.Goroot = E[0], Base.Sources = Root, Base.Package = J.Package;
  Base.Subfolder = Here == Root ? "" : Here.substr(Root.size() + 1);
  Base.Folder = placeIn(W.folder() + "/build");
  Base.SourceFolder = Base.Folder + "/src";
  for (const auto &[Name, Value] : O.Given)
    if (Name == "flag")
      Base.Flags.push_back(Value);
  Base.Environment = moduleEnvironment();
  for (StringRef Name : Passed)
    if (std::optional<std::string> Value = goEnvironment(Name))
      Base.Environment[Name.str()] = *Value;
  Base.Environment["GOTOOLCHAIN"] = "local";
  Base.Environment["GOENV"] = "off";
  Base.Environment["GOMODCACHE"] = E[4];
  Base.Environment["HOME"] = "./home";
  Base.Environment["TMPDIR"] = "./tmp";
  Base.Environment["GOCACHE"] = "./gocache";
  if (O.get("tier") == "quick")
    Base.Environment["GOCACHE"] = W.folder() + "/gocache";
  Out.GoVersion = E[1];
  Out.Target = E[7] + "/" + E[8];
  if (!J.Target.empty()) {
    auto [Os, Arch] = StringRef(J.Target).split('/');
    if (J.Target != Out.Target)
      Base.Environment.try_emplace("CGO_ENABLED", "0");
    Base.Environment["GOOS"] = Os.str(),
    Base.Environment["GOARCH"] = Arch.str();
    Out.Target = J.Target;
  }
  Around.ModuleCache = E[4], Around.Proxy = E[5].empty() ? "off" : E[5];
  Around.IsGit = fileExists(Root + "/.git");
  Around.OtherCompiler = otherCompiler(E[6]);
  std::string Wrap = std::string(parentPath(ownPath())) + "/goslim-wrap";
  Around.Wrap = fileExists(Wrap) ? Wrap : "";
  std::vector<std::string> ForTarget; // the first of a name counts
  for (const auto &[Key, Value] : Base.Environment)
    if (Key == "GOOS" || Key == "GOARCH" || Key == "CGO_ENABLED")
      ForTarget.push_back(Key + "=" + Value);
  for (char **Word = environ; *Word; ++Word)
    ForTarget.push_back(*Word);
  Result<std::vector<std::string>> Deps = ask(
      *Go,
      {"list", "-deps", "-f",
       "{{if .CgoFiles}}cgo{{end}}{{with .Module}}{{if not .Main}}{{\"\\n\"}}"
       "mod{{end}}{{with .Replace}}{{if not .Version}}{{\"\\n\"}}"
       "{{.Path}} {{.Dir}}{{end}}{{end}}{{end}}",
       "--", J.Package},
      &ForTarget);
  if (!Deps)
    return Deps.failure();
  std::set<std::string> Beside;
  for (StringRef Line : *Deps) {
    Around.UsesCgo |= Line == "cgo";
    Around.HasModules |= Line == "mod";
    // A module replaced by a folder out of the tree, named from it.
    if (Line.starts_with("."))
      if (std::string Folder = realPath(Line.split(' ').second.str());
          !Folder.empty() && !isWithin(Folder, Root))
        Beside.insert(Folder);
  }
  placeBeside(Base, {Beside.begin(), Beside.end()});
  return {};
}

BuildPlan Verifier::varied(const std::vector<unsigned> &Which) const {
  BuildPlan P = Base;
  for (unsigned I : Which)
    (void)Usable[I].V->Apply(P, Around, Usable[I].Value);
  return P;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

Result<Workshop::Made> Verifier::build(const BuildPlan &P,
                                       const std::string &Name) {
  ++Number;
  Shown.begin(J.Name.empty() ? Name : J.Name + ", " + Name);
  BuildPlan Mine = P;
  Mine.Output = fmt::format("{}/{}/{}", placeIn(W.folder() + "/out"), Number,
                            fileName(P.Package == "." || P.Package == "./..."
                                         ? std::string_view("program")
                                         : std::string_view(P.Package)));
  Result<Workshop::Made> Made = W.run(scriptOf(Mine, Name), Mine.Output);
  Shown.end(Made ? Made->Seconds : 0);
  if (Made)
    Reused += Made->Seconds == 0;
  return Made;
}

void Verifier::explain(const Workshop::Made &A, const Workshop::Made &B) {
  if (llvm::Expected<Comparison> C = compareFiles(A.Output, B.Output)) {
    C->Files[0].Path = "first build", C->Files[1].Path = "second build";
    llvm::raw_string_ostream OS(Out.Comparison);
    reportComparison(OS, *C, false, 0);
  } else {
    Out.Comparison = llvm::toString(C.takeError()) + "\n";
  }
  std::string Folder = placeIn(std::string(O.get("report", "goslim-verify")));
  for (const auto &[Name, Made] :
       {std::pair<const char *, const Workshop::Made &>("build-a.sh", A),
        {"build-b.sh", B}}) {
    std::string File = Folder + "/" + Name;
    if (Result<void> Written = writeFileAtomic(File, Made.Script, false);
        !Written)
      printError(Written.failure());
    ::chmod(File.c_str(), 0755);
    Out.Scripts.push_back(File);
  }
}

/// Go's own words for what it is given otherwise: both builds again, but for
/// the building. Best effort: nothing of the verdict hangs on it.
void Verifier::compareInputs(const BuildPlan &Other) {
  std::string Logs[2];
  BuildPlan Plans[2] = {Base, Other};
  for (unsigned I = 0; I < 2; ++I) {
    Plans[I].Output =
        fmt::format("{}/hashes-{}", placeIn(W.folder() + "/out"), I);
    Result<Workshop::Made> Made =
        W.run(hashScriptOf(Plans[I]), Plans[I].Output);
    Result<std::string> Text =
        Made ? readFile(Plans[I].Output) : Result<std::string>(Made.failure());
    if (!Text)
      return;
    Logs[I] = std::move(*Text);
  }
  Out.Inputs = differingInputs(Logs[0], Logs[1]);
  std::string Folder = W.folder() + "/";
  for (ActionInputs &I : Out.Inputs) // our folder is the same in both
    for (std::vector<std::string> &Lines : I.Only)
      for (std::string &Line : Lines)
        for (size_t At; (At = Line.find(Folder)) != std::string::npos;)
          Line.replace(At, Folder.size(), ".../");
  Out.HasInputs = true;
}

/// All variations together made a difference: which of them?
void Verifier::blame(const Workshop::Made &First,
                     const std::vector<unsigned> &All,
                     const Workshop::Made &AllVaried) {
  std::map<std::vector<unsigned>, Workshop::Made> Made = {{All, AllVaried}};
  Shown.expect(llvm::Log2_32_Ceil(unsigned(All.size())) + 2);
  auto Differs = [&](const std::vector<unsigned> &Which) {
    if (auto It = Made.find(Which); It != Made.end())
      return It->second.Sha256 != First.Sha256;
    std::string Name;
    for (unsigned I : Which)
      Name += (Name.empty() ? "" : ", ") + Usable[I].V->Name.str();
    Result<Workshop::Made> M = build(varied(Which), Name);
    if (!M) {
      Out.Why = M.failure().Message;
      return false;
    }
    Made[Which] = *M;
    return M->Sha256 != First.Sha256;
  };
  std::vector<Guilt> Found = findGuilty(unsigned(All.size()), Differs);
  for (const Guilt &G : Found) {
    std::string Name;
    for (unsigned I : G.Members)
      Name += (Name.empty() ? "" : " with ") + Usable[I].V->Name.str();
    Out.Guilty.push_back(Name);
  }
  // The pair to show: the first guilty one alone against nothing varied.
  if (!Differs(Found[0].Members))
    return;
  explain(First, Made[Found[0].Members]);
  compareInputs(varied(Found[0].Members));
}

void Verifier::prepare() {
  Out.Package = J.Package, Out.Target = J.Target;
  if (Result<void> Looked = look(); !Looked) {
    Out.Why = Looked.failure().Message;
    return;
  }
  for (const Choice &C : Choices) {
    BuildPlan P = Base;
    std::string Why = C.V->Apply(P, Around, C.Value);
    if (Why.empty())
      Usable.push_back(C);
    else
      Out.Skipped.push_back({C.V->Name.str(), Why});
  }
  IsReady = true;
}

Outcome Verifier::run() {
  if (!IsReady)
    return Out;
  Out.Is = verify();
  Out.Builds = Number, Out.Reused = Reused;
  if (!J.Name.empty() && !O.has("keep")) // one beside the other is much
    W.remove(Base.Folder);
  return Out;
}

Verdict Verifier::verify() {
  Result<Workshop::Made> First = build(Base, "first");
  Result<Workshop::Made> Second = First ? build(Base, "the same again") : First;
  if (!First || !Second) {
    Out.Why = (First ? Second : First).failure().Message;
    return Verdict::Unverified;
  }
  Out.Sha256 = First->Sha256, Out.Program = First->Output;
  if (First->Sha256 != Second->Sha256) {
    Out.Guilty = {"nothing: two equal builds differ"};
    explain(*First, *Second);
    return Verdict::Fail;
  }
  std::vector<unsigned> All;
  for (unsigned I = 0; I < Usable.size(); ++I) {
    All.push_back(I);
    Out.Varied.push_back(Usable[I].V->Name.str());
  }
  if (All.empty())
    return Verdict::Pass;
  Result<Workshop::Made> Third = build(varied(All), "everything varied");
  if (!Third) {
    Out.Why = Third.failure().Message;
    return Verdict::Unverified;
  }
  if (Third->Sha256 == First->Sha256)
    return Verdict::Pass;
  blame(*First, All, *Third);
  return Verdict::Fail;
}

//===----------------------------------------------------------------------===//
// The command
//===----------------------------------------------------------------------===//

/// "--vary name,+name=value,-name": plain names are all there is, signs change
/// the default.
static Result<std::vector<Choice>> chosen(StringRef Text) {
  llvm::SmallVector<StringRef> Words;
  Text.split(Words, ',', -1, false);
  bool OnlyNamed = llvm::any_of(
      Words, [](StringRef W) { return W[0] != '+' && W[0] != '-'; });
  std::map<StringRef, std::string> On; // by name: value
  for (const Variation &V : variations())
    if (V.Default && !OnlyNamed)
      On[V.Name] = "";
  for (StringRef Word : Words) {
    bool Off = Word.consume_front("-");
    (void)Word.consume_front("+");
    auto [Name, Value] = Word.split('=');
    auto It = llvm::find_if(
        variations(), [Is = Name](const Variation &V) { return V.Name == Is; });
    if (It == variations().end()) {
      std::vector<std::string> Known;
      for (const Variation &V : variations())
        Known.push_back(V.Name.str());
      return fail("verify: --vary: expected one of {}; found '{}'",
                  llvm::join(Known, ", "), std::string_view(Name));
    }
    if (Off)
      On.erase(It->Name);
    else
      On[It->Name] = Value.str();
  }
  std::vector<Choice> Out;
  for (const Variation &V : variations())
    if (auto It = On.find(V.Name); It != On.end())
      Out.push_back({&V, It->second});
  return Out;
}

/// How many builds may run at once: go uses all processors for one, but not all
/// of the time (two at once took 36 s on two processors, one after the other
/// 50), and the linker of a large program some GiB.
static Result<unsigned> buildsAtOnce(std::string_view Asked) {
  constexpr unsigned Most = 64, Enough = 8;
  constexpr uint64_t KibEach = 3 << 20;
  unsigned Number = 0;
  if (!Asked.empty()) {
    if (StringRef(Asked).getAsInteger(10, Number) || !Number || Number > Most)
      return fail("verify: --jobs: expected a number from 1 to {}, found '{}'",
                  Most, Asked);
    return Number;
  }
  Number = std::min(std::thread::hardware_concurrency(), Enough);
  Result<std::string> Memory = readFile("/proc/meminfo", 1 << 20);
  uint64_t Kib = 0;
  StringRef Line = Memory ? StringRef(*Memory) : StringRef();
  Line = Line.split("MemAvailable:").second.ltrim();
  if (!Line.consumeInteger(10, Kib))
    Number = unsigned(std::min<uint64_t>(Number, Kib / KibEach));
  return std::clamp(Number, 1u, Most);
}

/// Each package for each target. Names are of what differs among them.
static std::vector<Job> jobsOf(const std::vector<std::string> &Packages,
                               llvm::ArrayRef<StringRef> Targets) {
  std::vector<Job> Out;
  std::set<std::string> Names;
  for (const std::string &Package : Packages)
    for (StringRef Target : Targets) {
      Job J{Package, Target.str(), ""};
      if (Packages.size() > 1)
        J.Name = StringRef(Package).ltrim("./").str();
      if (Packages.size() > 1 && J.Name.empty())
        J.Name = "main";
      if (Targets.size() > 1)
        J.Name += (J.Name.empty() ? "" : ".") + Target.str();
      for (char &C : J.Name)
        if (!llvm::isAlnum(C) && C != '.')
          C = '-';
      for (unsigned I = 2; !J.Name.empty() && !Names.insert(J.Name).second; ++I)
        J.Name += fmt::format("-{}", I);
      Out.push_back(std::move(J));
    }
  return Out;
}

static Result<void> attest(Sealer &Seal, const Options &O, const Outcome &R) {
  llvm::Expected<PublishedFacts> F = readPublished(R.Program);
  if (!F)
    return fail("{}", llvm::toString(F.takeError()));
  RebuildWitness W;
  W.Equality = equalityName(Equality::Identical);
  W.Sha256 = R.Sha256, W.Varied = R.Varied, W.Builds = R.Builds;
  W.SharedCache = O.get("tier") == "quick";
  return Seal.addRebuild(O, programName(F->Info.Path), *F, W);
}

int goslim::runVerify(const Options &O) {
  for (const char *Name : {"sign", "cosign"})
    if (O.has(Name) && !O.has("attest"))
      return printError(
          fail("verify: --{}: expected --attest FILE, too; found none", Name));
  Result<Sealer> Seal = O.has("attest") ? Sealer::open(O) : Sealer();
  if (!Seal)
    return printError(Seal.failure());
  if (O.has("published"))
    return verifyPublished(O, *Seal);
  Result<std::vector<Choice>> Choices = chosen(StringRef(O.get("vary")));
  if (!Choices)
    return printError(Choices.failure());
  std::string Named(O.get("work"));
  if (O.has("resume") && Named.empty())
    return printError(fail("verify: --resume needs the --work DIR of the run "
                           "to go on with"));
  llvm::SmallVector<StringRef> Targets;
  StringRef(O.get("target")).split(Targets, ',', -1, false);
  for (StringRef T : Targets)
    if (T.count('/') != 1)
      return printError(fail("verify: --target: expected GOOS/GOARCH, found "
                             "'{}'",
                             std::string_view(T)));
  if (Targets.empty())
    Targets.push_back("");
  Result<std::unique_ptr<Workshop>> W =
      Workshop::open(Named, O.has("keep"), O.has("resume"));
  if (!W) {
    Failure F = W.failure();
    F.Message = "verify: " + F.Message;
    return printError(F);
  }
  Result<unsigned> AtOnce = buildsAtOnce(O.get("jobs"));
  if (!AtOnce)
    return printError(AtOnce.failure());
  std::vector<Job> Jobs = jobsOf(O.Operands, Targets);
  Progress Shown(std::min<size_t>(*AtOnce, Jobs.size()), 3 * Jobs.size());
  llvm::DefaultThreadPool Pool(llvm::hardware_concurrency(*AtOnce));
  std::deque<Verifier> Verifiers;
  for (const Job &J : Jobs)
    Verifiers.emplace_back(O, **W, Shown, *Choices, J).prepare();
  std::vector<std::shared_future<Outcome>> Running;
  for (Verifier &V : Verifiers)
    Running.push_back(Pool.async([&] { return V.run(); }));
  std::vector<Outcome> All;
  int Code = ExitClean;
  for (const std::shared_future<Outcome> &Next : Running) {
    All.push_back(Next.get());
    if (O.get("format") != "json")
      Shown.print([&] {
        printOutcome(All.back(), O.get("tier") == "quick", All.size() == 1);
      });
    Verdict Is = All.back().Is;
    if (Is == Verdict::Fail)
      Code = ExitFindings;
    else if (Is == Verdict::Unverified && Code == ExitClean)
      Code = ExitUnverified;
  }
  if (O.get("format") == "json")
    printOutcomesJson(All);
  for (const Outcome &R : All)
    if (R.Is == Verdict::Pass && O.has("attest"))
      if (Result<void> Done = attest(*Seal, O, R); !Done)
        return printError(Done.failure());
  if (O.has("attest"))
    if (Result<void> Done = Seal->keep(std::string(O.get("attest"))); !Done)
      return printError(Done.failure());
  if (O.has("keep"))
    fmt::print(stderr, "goslim: note: builds are kept in {}\n", (*W)->folder());
  return Code;
}
