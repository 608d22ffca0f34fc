//===- VerifyPublished.cpp - goslim verify --published --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Someone else's program, built again from what it says about itself: the
// toolchain through GOTOOLCHAIN, sources through the module proxy, whose sums
// go checks. What build info leaves out is tried in a small space; the command
// that came nearest is printed for anyone to run.
//===----------------------------------------------------------------------===//
#include "Attest.h"
#include "Go.h"
#include "Isolate.h"
#include "Workshop.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/Report/Comparison.h"
#include "goslim/Tool/Quoted.h"
#include "goslim/Verify/BuildPlan.h"
#include "goslim/Verify/FileKind.h"
#include "goslim/Verify/Published.h"
#include "goslim/Verify/ReleaseArchive.h"
#include "goslim/Verify/StringFlags.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace goslim;
using llvm::StringRef;

namespace {

enum class Verdict { Reproduced, Different, Cannot };

struct Answer {
  Verdict Is = Verdict::Cannot;
  std::string Why;     ///< of Cannot
  std::string Stamp;   ///< VCS revision that was taken from the file
  std::string Command; ///< that came nearest
  std::string Linker;  ///< its -ldflags
  std::string Output;  ///< what it made
  Equality Level = Equality::Different;
  std::string Comparison;
  std::string Sha256; ///< of what was built
  std::vector<std::string> Normalisers;
};

/// One file.
class Rebuilder {
public:
  Rebuilder(Workshop &W, StringRef Source) : W(W), Source(Source.str()) {}
  Answer run(const std::string &File, const PublishedFacts &F);

private:
  Workshop &W;
  std::string Source; ///< --source: a folder, MODULE@VERSION, or ""
  std::string Folder; ///< of the sources; "" = go install
  std::map<std::string, std::string> Environment;
  unsigned Number = 0;

  Result<void> findSources(const Recipe &R);
  Result<std::string> download(const std::string &Module);
  void setEnvironment(const Recipe &R);
  std::vector<std::string> words(const Recipe &R, const std::string &Linker,
                                 const std::string &Output) const;
  Result<Workshop::Made> build(const Recipe &R, const std::string &Linker);
  bool tryFlags(const std::string &File, Recipe &R, const std::string &Linker,
                Answer &Best);
  void tryStrings(const std::string &File, Recipe &R, Answer &Best);
};

} // namespace

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

void Rebuilder::setEnvironment(const Recipe &R) {
  Environment = moduleEnvironment();
  if (!Environment.count("GOMODCACHE"))
    Environment["GOMODCACHE"] = goEnvironment("GOPATH").value_or(
                                    environment("HOME").value_or("") + "/go") +
                                "/pkg/mod";
  for (const auto &[Key, Value] : R.Environment)
    Environment[Key] = Value;
  Environment["GOTOOLCHAIN"] = R.Toolchain;
  Environment["GOENV"] = "off", Environment["GOFLAGS"] = "";
  Environment["GOWORK"] = "off";
  Environment["HOME"] = W.folder() + "/home";
  Environment["GOCACHE"] = W.folder() + "/gocache";
  Environment["GOPATH"] = W.folder() + "/gopath";
}

/// The folder of MODULE@VERSION in the module cache; go checks its sum.
Result<std::string> Rebuilder::download(const std::string &Module) {
  Result<std::string> Go = findRealGo();
  if (!Go)
    return Go;
  std::vector<std::string> Env;
  for (const auto &[Key, Value] : Environment)
    if (Key != "GOOS" && Key != "GOARCH")
      Env.push_back(Key + "=" + Value);
  std::string Output, Errors;
  SpawnOptions Options;
  Options.Env = &Env, Options.Stdout = &Output, Options.Stderr = &Errors;
  Options.Cwd = W.folder();
  Result<ChildStatus> Status = runProgram(
      *Go, std::vector<std::string>{"mod", "download", "-json", Module},
      Options);
  if (!Status)
    return Status.failure();
  llvm::Expected<llvm::json::Value> Json = llvm::json::parse(Output);
  if (!Json) {
    llvm::consumeError(Json.takeError());
    return fail("{}: {}", Module, StringRef(Errors).trim().str());
  }
  const llvm::json::Object *O = Json->getAsObject();
  if (!O || !O->getString("Dir"))
    return fail("{}: {}", Module,
                O ? O->getString("Error").value_or("no folder").str() : "");
  return O->getString("Dir")->str();
}

Result<void> Rebuilder::findSources(const Recipe &R) {
  if (Source.empty() && R.IsInstalled)
    return {};
  if (Source.empty() && R.Version.empty())
    return Failure{
        fmt::format("the version of its main module {} is not told", R.Module),
        "name the sources with --source DIR or --source MODULE@VERSION"};
  std::string Named = Source.empty() ? R.Module + "@" + R.Version : Source;
  if (llvm::sys::fs::is_directory(Named)) {
    Folder = realPath(Named);
    return {};
  }
  Result<std::string> Found = download(Named);
  if (!Found)
    return Found.failure();
  Folder = *Found;
  return {};
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

std::vector<std::string> Rebuilder::words(const Recipe &R,
                                          const std::string &Linker,
                                          const std::string &Output) const {
  std::vector<std::string> Out = {"go", Folder.empty() ? "install" : "build"};
  if (!Output.empty() && !Folder.empty())
    Out.push_back("-o=" + Output);
  for (const std::string &Flag : R.Flags)
    Out.push_back(Flag);
  if (!Linker.empty())
    Out.push_back("-ldflags=" + Linker);
  Out.push_back(Folder.empty() ? R.Package + "@" + R.Version : R.Package);
  return Out;
}

/// go asks git for the stamp. Sources from a proxy have no repository, so a git
/// of our own says what the program's stamp says (cmd/go/internal/vcs,
/// gitStatus), and since Go 1.24 which tag the version comes from
/// (cmd/go/internal/modfetch/codehost/git.go, Go 1.24 to 1.27).
static std::string gitLines(const Recipe &R, const std::string &Bin,
                            const std::string &Src) {
  return fmt::format("mkdir -p {0} {1}/.git\ncat > {0}/git <<'END'\n#!/bin/sh\n"
                     "case \"$*\" in\n"
                     "*'status --porcelain'*) {2} ;;\n"
                     "*'log -1 --format=%H:%ct'*) echo {3}:$(date -u -d '{4}' "
                     "+%s) ;;\n"
                     "*'log --no-decorate -n1 --format=format:%H %ct %D '*)\n"
                     "  echo {3} $(date -u -d '{4}' +%s) 'HEAD -> main{5}' ;;\n"
                     "*'for-each-ref '*) {7}echo refs/tags/{6} ;;\n"
                     "'tag -l') {7}echo {6} ;;\n"
                     "*'cat-file '*'blob '*:go.mod) cat {1}/go.mod ;;\n"
                     "*) exit 1 ;;\nesac\nEND\nchmod +x {0}/git\n",
                     shellWord(Bin), shellWord(Src),
                     R.Modified ? "echo ' M x'" : ":", R.Revision, R.Time,
                     R.IsTagged ? ", tag: " + R.Tag : "", R.Tag,
                     R.Tag.empty() ? ": " : "");
}

Result<Workshop::Made> Rebuilder::build(const Recipe &R,
                                        const std::string &Linker) {
  std::string Output = fmt::format("{}/out/{}", W.folder(), ++Number);
  std::string Text = "#!/bin/sh\nset -eu\n", Src = W.folder() + "/src";
  Text += fmt::format("rm -rf {0}\nmkdir -p {0} {1} {2}\n", shellWord(Src),
                      shellWord(W.folder() + "/home"),
                      shellWord(W.folder() + "/out"));
  if (!Folder.empty())
    Text += copyTreeLine(Folder, Src) +
            fmt::format("chmod -R u+w {}\n", shellWord(Src));
  std::string Bin = W.folder() + "/bin";
  bool HasStamp = !R.Revision.empty() && !Folder.empty();
  if (HasStamp)
    Text += gitLines(R, Bin, Src);
  Text += fmt::format("cd {}\nenv -i", shellWord(Src));
  for (const auto &[Key, Value] : Environment)
    Text += " \\\n  " +
            shellWord(Key + "=" + (HasStamp && Key == "PATH" ? Bin + ":" : "") +
                      Value);
  Text += " \\\n ";
  for (const std::string &Word : words(R, Linker, Output))
    Text += " " + shellWord(Word);
  Text += "\n";
  if (Folder.empty())
    Text += fmt::format("find {}/bin -type f -exec cp {{}} {} \\;\n",
                        shellWord(Environment.at("GOPATH")), shellWord(Output));
  return W.run(Text, Output);
}

Answer Rebuilder::run(const std::string &File, const PublishedFacts &F) {
  Answer Best;
  llvm::Expected<Recipe> R = recipeOf(F);
  if (!R) {
    Best.Why = llvm::toString(R.takeError());
    return Best;
  }
  setEnvironment(*R);
  if (Result<void> Found = findSources(*R); !Found) {
    Best.Why = Found.failure().Message;
    if (!Found.failure().Note.empty())
      Best.Why += "; " + Found.failure().Note;
    return Best;
  }
  for (const std::string &Linker : R->LinkerFlags) {
    if (!tryFlags(File, *R, Linker, Best))
      return Best;
    if (Best.Level == Equality::Identical)
      return Best;
  }
  tryStrings(File, *R, Best);
  return Best;
}

/// Builds with these flags; what comes nearest to File is the answer. False:
/// that was no build, and Best says why.
bool Rebuilder::tryFlags(const std::string &File, Recipe &R,
                         const std::string &Linker, Answer &Best) {
  Result<Workshop::Made> Made = build(R, Linker);
  if (!Made && !R.Revision.empty()) {
    // A git that is asked for more than ours can say.
    R.Revision.clear();
    R.Flags.push_back("-buildvcs=false");
    Made = build(R, Linker);
  }
  if (!Made) {
    Best.Why = Made.failure().Message;
    return false;
  }
  llvm::Expected<Comparison> C = compareFiles(File, Made->Output);
  if (!C) {
    Best.Why = llvm::toString(C.takeError());
    return false;
  }
  if (Best.Is != Verdict::Cannot && C->Equal >= Best.Level)
    return true;
  Best.Sha256 = C->Files[1].Sha256, Best.Normalisers = C->Normalisers;
  Best.Level = C->Equal, Best.Stamp = R.Revision;
  Best.Linker = Linker, Best.Output = Made->Output;
  Best.Is =
      C->Equal <= Equality::Debug ? Verdict::Reproduced : Verdict::Different;
  Best.Command.clear();
  for (const char *Name : {"GOTOOLCHAIN", "GOOS", "GOARCH", "CGO_ENABLED"})
    if (Environment.count(Name))
      Best.Command += fmt::format("{}={} ", Name, Environment[Name]);
  for (const std::string &Word : words(R, Linker, ""))
    Best.Command += shellWord(Word) + " ";
  Best.Command.pop_back();
  C->Files[0].Path = "published", C->Files[1].Path = "rebuilt";
  Best.Comparison.clear();
  llvm::raw_string_ostream OS(Best.Comparison);
  reportComparison(OS, *C, false, 0);
  return true;
}

/// Values that -X set are in the program; a build with symbols knows which
/// variables there are. A wrong guess costs a link.
void Rebuilder::tryStrings(const std::string &File, Recipe &R, Answer &Best) {
  constexpr size_t MaxBuilds = 12;
  // What cannot be read has been compared already; then there is no search.
  auto OrNone = [](llvm::Expected<std::vector<std::string>> Read) {
    if (!Read)
      llvm::consumeError(Read.takeError());
    return Read ? std::move(*Read) : std::vector<std::string>();
  };
  std::vector<std::string> Values =
      OrNone(valuesOfStringFlags(File, Best.Output));
  if (Values.empty())
    return;
  Result<Workshop::Made> Unstripped = build(R, "");
  if (!Unstripped)
    return;
  std::vector<std::string> Variables =
      OrNone(variablesForStringFlags(Unstripped->Output));
  Result<std::vector<std::string>> Before = splitQuoted(Best.Linker);
  if (!Before)
    return;
  auto Try = [&](llvm::ArrayRef<std::string> Words) {
    Result<std::string> Linker = joinQuoted({Words.data(), Words.size()});
    return Linker && tryFlags(File, R, *Linker, Best);
  };
  for (const std::vector<std::string> &Guess :
       guessStringFlags(Values, Variables, MaxBuilds)) {
    auto Spellings = spellingsOf(*Before, Guess, 2 * MaxBuilds);
    if (!Try(Spellings[0]))
      return;
    if (Best.Level > Equality::Signature)
      continue;
    // These are the values; only the build ID may want other words.
    for (size_t I = 1;
         I < Spellings.size() && Best.Level != Equality::Identical; ++I)
      if (!Try(Spellings[I]))
        return;
    return;
  }
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

namespace {

struct ProgramFile {
  std::string Shown; ///< as messages name it: "app.tar.gz: bin/app"
  std::string Path;
};

struct Checksum {
  std::string Sha256, Name;
};

/// What operands lead to: Go programs in files, folders, release archives, and
/// files that a list of checksums names.
struct Found {
  std::vector<ProgramFile> Programs;
  std::vector<std::string> Wrong; ///< of checksums: what does not agree
  std::string Unpacked;           ///< folder for what archives hold
  unsigned Number = 0;

  /// All of an operand. Files from anywhere are taken apart in a child with
  /// limits, so that we later open only what can be read. The exit code of what
  /// has been said.
  int add(const std::string &Operand);

private:
  std::string print() const;
  void parse(StringRef Text);
  llvm::Error addFile(const std::string &Path, bool IsNamed);
  llvm::Error addArchive(const std::string &Path);
  llvm::Error addFolder(const std::string &Path);
  llvm::Error addChecksums(const std::string &Path,
                           const std::vector<Checksum> &List);
};

} // namespace

/// A member without a program in it is passed over.
llvm::Error Found::addArchive(const std::string &Path) {
  llvm::Expected<ReleaseArchive> A = readReleaseArchive(Path);
  if (!A)
    return A.takeError();
  for (const PackedFile &M : A->Members) {
    std::string Name(fileName(M.Name));
    if (M.Kind != 'f' || M.Bytes.size() < 4096 || Name.empty() || Name == "..")
      continue;
    std::string File = fmt::format("{}/{}/{}", Unpacked, ++Number, Name);
    if (Result<void> Written = writeFileAtomic(File, M.Bytes, false); !Written)
      return llvm::createStringError(Written.failure().Message);
    llvm::Expected<PublishedFacts> F = readPublished(File);
    if (!F)
      llvm::consumeError(F.takeError());
    else if (F->HasInfo)
      Programs.push_back({Path + ": " + M.Name, File});
  }
  return llvm::Error::success();
}

/// "SHA256  NAME" lines, as sha256sum and goreleaser write them; empty when
/// there is a line of another kind.
static std::vector<Checksum> parseChecksums(StringRef Text) {
  constexpr size_t Digits = 64, Gap = 2;
  llvm::SmallVector<StringRef> Lines;
  Text.split(Lines, '\n', -1, false);
  std::vector<Checksum> Out;
  for (StringRef Line : Lines) {
    StringRef Sha256 = Line.take_front(Digits),
              Rest = Line.substr(Digits).rtrim('\r');
    if (!llvm::all_of(Sha256, llvm::isHexDigit) || Rest.size() <= Gap ||
        !(Rest.starts_with("  ") || Rest.starts_with(" *")))
      return {};
    Out.push_back({Sha256.lower(), Rest.drop_front(Gap).str()});
  }
  return Out;
}

llvm::Error Found::addChecksums(const std::string &Path,
                                const std::vector<Checksum> &List) {
  std::string Folder(parentPath(Path));
  unsigned Present = 0;
  for (const auto &[Sha256, Name] : List) {
    std::string File = (Folder == "." ? "" : Folder + "/") + Name;
    if (StringRef(Name).contains('/') || Name == ".." || !fileExists(File))
      continue; // a list names more than was fetched
    ++Present;
    Result<std::string> Bytes = readFile(File);
    if (!Bytes)
      return llvm::createStringError(Bytes.failure().Message);
    if (std::string Is = sha256Hex(*Bytes); Sha256 != Is)
      Wrong.push_back(fmt::format("{}: {} is listed as {}, found {}", Path,
                                  Name, Sha256, Is));
    if (llvm::Error E = addFile(File, false))
      return E;
  }
  if (!Present)
    return llvm::createStringError(
        Path + ": expected one of the files that it names beside it, found "
               "none");
  return llvm::Error::success();
}

llvm::Error Found::addFile(const std::string &Path, bool IsNamed) {
  constexpr uint64_t MaxList = 1 << 20;
  llvm::Expected<FileKind> Kind = kindOfFile(Path);
  if (!Kind)
    llvm::consumeError(Kind.takeError()); // readPublished says it
  else if (*Kind == FileKind::Release)
    return addArchive(Path);
  if (IsNamed && fileSize(Path) < int64_t(MaxList))
    if (Result<std::string> Text = readFile(Path))
      if (std::vector<Checksum> List = parseChecksums(*Text); !List.empty())
        return addChecksums(Path, List);
  llvm::Expected<PublishedFacts> F = readPublished(Path);
  if (!F && IsNamed)
    return F.takeError();
  if (!F)
    llvm::consumeError(F.takeError());
  else if (F->HasInfo || IsNamed)
    Programs.push_back({Path, Path});
  return llvm::Error::success();
}

llvm::Error Found::addFolder(const std::string &Path) {
  std::vector<std::string> Files;
  std::error_code Error;
  for (llvm::sys::fs::recursive_directory_iterator It(Path, Error, false), End;
       It != End && !Error; It.increment(Error))
    if (llvm::sys::fs::is_regular_file(It->path()))
      Files.push_back(It->path());
  llvm::sort(Files);
  for (const std::string &File : Files)
    if (llvm::Error E = addFile(File, false)) // a damaged archive, say
      fmt::print(stderr, "goslim: note: {}\n", llvm::toString(std::move(E)));
  return llvm::Error::success();
}

/// "program\0SHOWN\0PATH\0", "wrong\0TEXT\0": names may hold any other byte.
std::string Found::print() const {
  std::string Out;
  auto Add = [&](StringRef Word) { Out += Word, Out += '\0'; };
  for (const auto &[Shown, Path] : Programs)
    Add("program"), Add(Shown), Add(Path);
  for (const std::string &Text : Wrong)
    Add("wrong"), Add(Text);
  return Out;
}

void Found::parse(StringRef Text) {
  auto Next = [&] {
    auto [Word, Rest] = Text.split('\0');
    Text = Rest;
    return Word.str();
  };
  while (!Text.empty())
    if (Next() == "program") {
      std::string Shown = Next();
      Programs.push_back({std::move(Shown), Next()});
    } else {
      Wrong.push_back(Next());
    }
}

int Found::add(const std::string &Operand) {
  IsolateLimits Limits;
  Limits.FixedBytes = IsolateLimits::ArchiveBytes;
  Limits.CpuSeconds = 600;
  std::string List = fmt::format("{}/list-{}", Unpacked, ++Number);
  int Code = runIsolated(
      Operand,
      [&](llvm::raw_ostream &) -> int {
        Found Mine;
        Mine.Unpacked = fmt::format("{}/{}", Unpacked, Number);
        if (llvm::Error E = llvm::sys::fs::is_directory(Operand)
                                ? Mine.addFolder(Operand)
                                : Mine.addFile(Operand, true))
          return printError(std::move(E));
        Result<void> Written = writeFileAtomic(List, Mine.print(), false);
        return Written ? ExitClean : printError(Written.failure());
      },
      Limits);
  if (Code != ExitClean)
    return Code;
  Result<std::string> Text = readFile(List);
  if (!Text)
    return printError(Text.failure());
  parse(*Text);
  return ExitClean;
}

static const char *verdictWord(Verdict V) {
  static constexpr const char *Words[] = {"REPRODUCED", "DIFFERENT", "CANNOT"};
  return Words[int(V)];
}

static void printAnswer(const std::string &File, const PublishedFacts &F,
                        const Answer &A, bool IsFirst) {
  fmt::print("{}{}  {} {}/{} {}\n", IsFirst ? "" : "\n", verdictWord(A.Is),
             File, F.Info.setting("GOOS"), F.Info.setting("GOARCH"),
             F.GoVersion);
  if (F.Info.Main)
    fmt::print("  module   {}\n",
               StringRef(F.Info.Main->Path + " " + F.Info.Main->Version + " " +
                         F.Info.Main->Sum)
                   .rtrim());
  if (!A.Stamp.empty())
    fmt::print("  vcs      {}: the program's own claim, not checked\n",
               A.Stamp);
  if (A.Is == Verdict::Cannot)
    fmt::print("  because  {}\n", A.Why);
  else
    fmt::print("  level    {}\n  command  {}\n",
               std::string_view(equalityWords(A.Level)), A.Command);
  if (!A.Comparison.empty() && A.Level != Equality::Identical)
    fmt::print("\n{}", A.Comparison);
  fflush(stdout);
}

static RebuildWitness witnessOf(const Answer &A) {
  RebuildWitness W;
  W.Equality = equalityName(A.Level), W.Normalisers = A.Normalisers;
  W.Sha256 = A.Sha256, W.Command = StringRef(A.Command).trim();
  return W;
}

int goslim::verifyPublished(const Options &O, Sealer &Seal) {
  Result<std::unique_ptr<Workshop>> W = Workshop::open(
      std::string(O.get("work")), O.has("keep"), O.has("resume"));
  if (!W)
    return printError(W.failure());
  Found All;
  All.Unpacked = (*W)->folder() + "/unpacked";
  for (const std::string &Operand : O.Operands)
    if (int Failed = All.add(Operand))
      return Failed;
  if (All.Programs.empty() && All.Wrong.empty())
    return printError(fail("verify: --published: expected a Go program, found "
                           "none"));
  int Code = All.Wrong.empty() ? ExitClean : ExitFindings;
  for (const std::string &Wrong : All.Wrong)
    fmt::print("DIFFERENT  {}\n", Wrong);
  bool IsFirst = All.Wrong.empty();
  std::string Table;
  for (const auto &[Shown, Path] : All.Programs) {
    llvm::Expected<PublishedFacts> Facts = readPublished(Path);
    if (!Facts)
      return printError(Facts.takeError());
    Answer A = Rebuilder(**W, StringRef(O.get("source"))).run(Path, *Facts);
    printAnswer(Shown, *Facts, A, IsFirst);
    IsFirst = false;
    Table += fmt::format(
        "{:<12}{:<44}  {}\n", verdictWord(A.Is),
        A.Is == Verdict::Cannot ? "" : std::string_view(equalityWords(A.Level)),
        Shown);
    if (A.Is == Verdict::Reproduced && O.has("attest"))
      if (Result<void> Done = Seal.addRebuild(O, std::string(fileName(Path)),
                                              *Facts, witnessOf(A));
          !Done)
        return printError(Done.failure());
    if (A.Is == Verdict::Different)
      Code = ExitFindings;
    else if (A.Is == Verdict::Cannot && Code == ExitClean)
      Code = ExitUnverified;
  }
  if (All.Programs.size() > 1)
    fmt::print("\n{}", Table);
  if (O.has("attest"))
    if (Result<void> Done = Seal.keep(std::string(O.get("attest"))); !Done)
      return printError(Done.failure());
  return Code;
}
