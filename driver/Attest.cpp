//===- Attest.cpp - goslim attest -----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Provenance is only written of a link that goslim saw, for the very bytes
// that go gave their build ID; facts need nothing but the file. `attest verify`
// asks of statements: who signed, for what bytes, under what policy; a release
// archive is what the programs in it are.
//===----------------------------------------------------------------------===//
#include "Attest.h"
#include "Isolate.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Manifest/BuildFacts.h"
#include "goslim/Record/LinkRecord.h"
#include "goslim/Report/Report.h"
#include "goslim/Verify/FileKind.h"
#include "goslim/Verify/ReleaseArchive.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static BuildWitness witnessOf(const PublishedFacts &F, const LinkRecord &R) {
  BuildWitness W;
  W.BuildId = F.BuildId, W.PolicySha256 = R.Policy;
  W.TaintedBy = taintedBy(F.Info, !R.Overlay.empty(), true);
  bool UsesCgo = llvm::any_of(R.Archives, [](const LinkRecord::Archive &A) {
    return A.Package == "runtime/cgo";
  });
  W.LinkFlags = linkFlagsForManifest(R.Args, UsesCgo);
  for (StringRef Word : R.Env)
    W.Environment[Word.split('=').first.str()] =
        withoutPaths(Word.split('=').second);
  return W;
}

static llvm::Expected<llvm::json::Object>
provenanceOf(const Options &O, const std::string &Path,
             const PublishedFacts &F) {
  if (F.IsAltered)
    return llvm::createStringError(
        Path + ": its bytes are not those that go gave a build ID: changed "
               "after the build (strip, sign, pack)");
  for (FoundLink &Found : findLinkRecords(linkKey(F.BuildId, F.Sha256))) {
    if (!Found.Record)
      continue;
    Result<BuildClaim> C = buildClaim(O, F, false);
    if (!C)
      return llvm::createStringError(C.failure().Message);
    return provenance(*C, witnessOf(F, *Found.Record));
  }
  return llvm::createStringError(
      Path + ": goslim did not see the link of this program, so how it was "
             "built cannot be attested; build it with goslim build or go "
             "build -toolexec goslim-wrap, or attest --type facts");
}

static llvm::Expected<llvm::json::Object> factsOf(const std::string &Path) {
  if (isOtherFormat(Path)) {
    llvm::Expected<OtherProgram> P = readOtherProgram(Path, /*Hashes=*/true);
    if (!P)
      return P.takeError();
    return facts(provenAttributes(*P));
  }
  llvm::Expected<std::unique_ptr<Image>> File = Image::open(Path);
  if (!File)
    return File.takeError();
  llvm::Expected<std::vector<std::string>> Names =
      provenAttributes(**File, readGoImage(**File));
  if (!Names)
    return Names.takeError();
  return facts(*Names);
}

static int write(const Options &O, const std::string &Path) {
  Result<Sealer> Seal = Sealer::open(O);
  if (!Seal)
    return printError(Seal.failure());
  llvm::Expected<PublishedFacts> F = readPublished(Path);
  if (!F)
    return printError(F.takeError());
  bool IsFacts = O.get("type") == "facts";
  llvm::Expected<llvm::json::Object> P =
      IsFacts ? factsOf(Path) : provenanceOf(O, Path, *F);
  if (!P) {
    printError(P.takeError());
    return IsFacts ? ExitError : ExitUnverified;
  }
  Statement S{{{std::string(fileName(Path)), F->Sha256}},
              (IsFacts ? FactsType : ProvenanceType).str(),
              std::move(*P)};
  Result<void> Done = Seal->add(S);
  if (Done)
    Done = Seal->write(std::string(O.get("output")));
  return Done ? ExitClean : printError(Done.failure());
}

//===----------------------------------------------------------------------===//
// Checking
//===----------------------------------------------------------------------===//

namespace {

struct Demand {
  std::vector<Key> Keys;
  std::string PolicySha256, Builder;
  bool AllowUnsigned = false, AllowTainted = false;
};

/// What came of one statement: rows for people, what is wrong with it.
struct Check {
  std::vector<std::pair<const char *, std::string>> Rows;
  std::vector<std::string> Wrong;
  bool NeedsKey = false; ///< nothing is wrong but that nobody could tell
};

} // namespace

static StringRef textAt(const llvm::json::Object &O,
                        std::initializer_list<StringRef> Path) {
  const llvm::json::Object *Here = &O;
  for (StringRef Key : llvm::ArrayRef(Path).drop_back())
    if (!(Here = Here->getObject(Key)))
      return "";
  return Here->getString(*(Path.end() - 1)).value_or("");
}

static void checkSignature(const Attestation &A, const Demand &D, Check &C) {
  if (D.Keys.empty()) {
    C.NeedsKey = !D.AllowUnsigned;
    C.Rows.push_back(
        {"signature", A.Signed.Signatures.empty() ? "none" : "not checked"});
  } else if (const Key *By = A.signer(D.Keys)) {
    C.Rows.push_back(
        {"signature", fmt::format("{} key {}", By->kind(), By->id())});
  } else {
    C.Wrong.push_back(A.Signed.Signatures.empty()
                          ? "signature: expected one, found none"
                          : "signature: made by none of the keys given");
  }
}

/// What a statement of a build or of a check has to say.
static void checkBuild(const Statement &S, const Demand &D, Check &C) {
  const llvm::json::Object &P = S.Predicate;
  bool IsSummary = S.PredicateType == SummaryType;
  StringRef Builder = IsSummary ? textAt(P, {"verifier", "id"})
                                : textAt(P, {"runDetails", "builder", "id"});
  StringRef Policy = IsSummary
                         ? textAt(P, {"policy", "digest", "sha256"})
                         : textAt(P, {"buildDefinition", "externalParameters",
                                      "policy", "digest", "sha256"});
  C.Rows.push_back({IsSummary ? "verifier" : "builder", Builder.str()});
  if (!D.Builder.empty() && Builder != D.Builder)
    C.Wrong.push_back(
        fmt::format("builder: expected {}, found {}", D.Builder,
                    Builder.empty() ? "none" : std::string_view(Builder)));
  if (!Policy.empty())
    C.Rows.push_back({"policy", Policy.str()});
  if (!D.PolicySha256.empty() && Policy != D.PolicySha256)
    C.Wrong.push_back(
        fmt::format("policy: expected {}, found {}", D.PolicySha256,
                    Policy.empty() ? "none" : std::string_view(Policy)));
  if (StringRef Is = textAt(P, {"verificationResult"}); !Is.empty()) {
    C.Rows.push_back({"result", Is.str()});
    if (Is != "PASSED")
      C.Wrong.push_back("result: expected PASSED, found " + Is.str());
  }
  if (StringRef Is =
          textAt(P, {"buildDefinition", "internalParameters", "equality"});
      !Is.empty())
    C.Rows.push_back({"rebuilt", Is.str()});
  const llvm::json::Object *Build = P.getObject("buildDefinition");
  const llvm::json::Object *In =
      Build ? Build->getObject("internalParameters") : nullptr;
  const llvm::json::Array *Tainted = In ? In->getArray("taintedBy") : nullptr;
  if (!Tainted)
    return;
  for (const llvm::json::Value &V : *Tainted) {
    std::string By = V.getAsString().value_or("something").str();
    if (D.AllowTainted)
      C.Rows.push_back({"tainted", By});
    else
      C.Wrong.push_back("tainted by " + By);
  }
}

static Check check(const Attestation &A, const Demand &D) {
  Check C;
  checkSignature(A, D, C);
  if (A.Says.PredicateType == ProvenanceType ||
      A.Says.PredicateType == SummaryType)
    checkBuild(A.Says, D, C);
  else if (!D.PolicySha256.empty() || !D.Builder.empty())
    C.Wrong.push_back("says nothing of a builder or a policy");
  return C;
}

static const char *typeWords(const Statement &S) {
  if (S.PredicateType == FactsType)
    return "facts";
  if (S.PredicateType == SummaryType)
    return "verification summary";
  if (S.PredicateType != ProvenanceType)
    return "of a type that goslim does not know";
  return textAt(S.Predicate, {"buildDefinition", "buildType"}) ==
                 RebuildTypeName
             ? "rebuild"
             : "provenance";
}

static ExitCode worse(ExitCode A, ExitCode B) {
  return A == ExitFindings || B == ExitClean ? A : B;
}

static void printVerdict(ExitCode Code, const std::string &Shown,
                         const std::string &Sha256, const std::string &Rows) {
  fmt::print("{}  {}\n  sha256     {}\n{}",
             Code == ExitClean      ? "VERIFIED"
             : Code == ExitFindings ? "FAILED"
                                    : "NOT VERIFIED",
             Shown, Sha256, Rows);
}

/// Whether somebody can run it, so that a statement has to be about it.
static bool isRunnable(const PackedFile &M) {
  constexpr unsigned AnyExecute = 0111;
  if (M.Kind != 'f')
    return false;
  if (M.Mode & AnyExecute)
    return true;
  llvm::file_magic Magic = llvm::identify_magic(M.Bytes);
  return Magic != llvm::file_magic::unknown &&
         Magic != llvm::file_magic::archive; // a static library
}

/// One program; prints.
static ExitCode checkProgram(const std::string &Program,
                             const std::string &Sha256,
                             const std::vector<Attestation> &All,
                             const Demand &D) {
  ExitCode Code = ExitFindings;
  std::string Text;
  for (const Attestation &A : All) {
    if (!A.Says.isAbout(Sha256))
      continue;
    Check C = check(A, D);
    Text += fmt::format("  {:<10} {}\n", "statement", typeWords(A.Says));
    for (const auto &[Name, Value] : C.Rows)
      Text += fmt::format("  {:<10} {}\n", Name, Value);
    for (const std::string &Wrong : C.Wrong)
      Text += fmt::format("  {:<10} {}\n", "failed", Wrong);
    if (!C.Wrong.empty())
      continue;
    if (!C.NeedsKey)
      Code = ExitClean;
    else if (Code != ExitClean)
      Code = ExitUnverified;
  }
  if (Text.empty())
    Text = "  failed     no statement is about these bytes\n";
  if (Code == ExitUnverified)
    Text += "  because    without --key nobody knows who says so\n";
  printVerdict(Code, Program, Sha256, Text);
  return Code;
}

/// A release archive that no statement is about: is as good as the worst that
/// can be run in it. Adds those to Subjects; prints.
static llvm::Expected<ExitCode>
checkArchive(const std::string &Path, const std::vector<Attestation> &All,
             const Demand &D, std::vector<Statement::Subject> &Subjects) {
  llvm::Expected<ReleaseArchive> A = readReleaseArchive(Path);
  if (!A)
    return A.takeError();
  unsigned Programs = 0, Others = 0;
  ExitCode Code = ExitClean;
  for (const PackedFile &M : A->Members) {
    if (!isRunnable(M)) {
      Others += M.Kind != 'd';
      continue;
    }
    ++Programs;
    std::string Sha256 = sha256Hex(M.Bytes);
    Code = worse(Code, checkProgram(Path + ": " + M.Name, Sha256, All, D));
    Subjects.push_back({M.Name, Sha256});
  }
  std::string Rows =
      fmt::format("  holds      {}; {}, not checked\n",
                  counted(Programs, "program"), counted(Others, "other file"));
  if (!Programs) {
    Code = ExitFindings;
    Rows += "  failed     no statement is about these bytes\n";
  } else if (Code != ExitClean) {
    Rows += "  because    not all programs in it are verified, see above\n";
  }
  printVerdict(Code, Path, A->Sha256, Rows);
  return Code;
}

/// One operand; adds to Subjects what is looked at; prints.
static llvm::Expected<ExitCode>
checkFile(const std::string &Path, const std::vector<Attestation> &All,
          const Demand &D, std::vector<Statement::Subject> &Subjects) {
  Result<std::string> Bytes = readFile(Path);
  if (!Bytes)
    return llvm::createStringError(Bytes.failure().Message);
  std::string Sha256 = sha256Hex(*Bytes);
  Subjects.push_back({std::string(fileName(Path)), Sha256});
  bool IsKnown = llvm::any_of(
      All, [&](const Attestation &A) { return A.Says.isAbout(Sha256); });
  llvm::Expected<FileKind> Kind = kindOfFile(Path);
  if (!Kind)
    return Kind.takeError();
  if (*Kind == FileKind::Release && !IsKnown)
    return checkArchive(Path, All, D, Subjects);
  return checkProgram(Path, Sha256, All, D);
}

static Result<Demand> demandOf(const Options &O) {
  Demand D;
  for (const auto &[Name, Value] : O.Given) {
    if (Name != "key")
      continue;
    Result<Key> K = Key::readPublic(Value);
    if (!K)
      return K.failure();
    D.Keys.push_back(std::move(*K));
  }
  if (std::string Policy(O.get("policy")); !Policy.empty()) {
    Result<std::string> Text = readFile(Policy);
    if (!Text)
      return Text.failure();
    D.PolicySha256 = sha256Hex(*Text);
  }
  D.Builder = O.get("builder");
  llvm::SmallVector<StringRef> Allowed;
  StringRef(O.get("allow")).split(Allowed, ',', -1, false);
  for (StringRef Word : Allowed) {
    if (Word != "unsigned" && Word != "tainted")
      return fail("attest: --allow: expected unsigned or tainted, found '{}'",
                  std::string_view(Word));
    (Word == "unsigned" ? D.AllowUnsigned : D.AllowTainted) = true;
  }
  return D;
}

/// The verification summary of this run.
static Result<void> summarize(const Options &O, const Demand &D,
                              std::vector<Statement::Subject> Subjects,
                              const std::string &Used, bool Passed) {
  Result<Sealer> Seal = Sealer::open(O);
  Result<std::string> Now = timestamp();
  if (!Seal || !Now)
    return Seal ? Now.failure() : Seal.failure();
  CheckedClaim C;
  C.Verifier = O.get("verifier", std::string_view(AnyBuilder));
  C.Resource = O.get("resource", fmt::format("file:{}", Subjects.front().Name));
  C.Time = *Now, C.PolicySha256 = D.PolicySha256;
  C.Inputs = {sha256Hex(Used)}, C.Passed = Passed;
  if (Result<void> Added =
          Seal->add({std::move(Subjects), SummaryType.str(), summary(C)});
      !Added)
    return Added;
  return Seal->write(std::string(O.get("summary")));
}

static int verifyStatements(const Options &O) {
  constexpr uint64_t MaxStatements = uint64_t(64) << 20;
  if (O.Operands.size() < 3)
    return printError(fail("attest verify: expected a file of statements and "
                           "at least one program"));
  Result<Demand> D = demandOf(O);
  if (!D)
    return printError(D.failure());
  Result<std::string> Text = readFile(O.Operands[1], MaxStatements);
  if (!Text)
    return printError(Text.failure());
  llvm::Expected<std::vector<Attestation>> All =
      parseAttestations(O.Operands[1], *Text);
  if (!All)
    return printError(All.takeError());
  std::vector<Statement::Subject> Subjects;
  ExitCode Code = ExitClean;
  for (const std::string &Path : llvm::ArrayRef(O.Operands).drop_front(2)) {
    llvm::Expected<ExitCode> Is = checkFile(Path, *All, *D, Subjects);
    if (!Is)
      return printError(Is.takeError());
    Code = worse(Code, *Is);
  }
  if (O.has("summary"))
    if (Result<void> Done =
            summarize(O, *D, std::move(Subjects), *Text, Code == ExitClean);
        !Done)
      return printError(Done.failure());
  return Code;
}

int goslim::runAttest(const Options &O) {
  bool Verifies = O.Operands[0] == "verify";
  if (!Verifies && O.Operands.size() != 1)
    return printError(
        fail("attest: expected one program, found {}", O.Operands.size()));
  // The limits go by the largest.
  auto File = std::ranges::max_element(
      O.Operands, {}, [](const std::string &Path) { return fileSize(Path); });
  IsolateLimits Limits;
  if (Verifies)
    Limits.FixedBytes = IsolateLimits::ArchiveBytes;
  return runIsolated(
      *File,
      [&](llvm::raw_ostream &) {
        int Code = Verifies ? verifyStatements(O) : write(O, O.Operands[0]);
        fflush(stdout);
        return Code;
      },
      Limits);
}
