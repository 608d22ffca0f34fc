//===- PublishManifest.cpp - putting manifests into their place -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The manifests of a session's links go where policy says. Three rules: bytes
// that are there already are not written again (a build tool that looks at
// times must see nothing); a policy that was only found in a folder does not
// reach out of it, through no symbolic link either; and when two programs want
// one path the first by import path has it, in whatever order links end.
//===----------------------------------------------------------------------===//
#include "PublishManifest.h"
#include "RestoreManifest.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Json.h"
#include "goslim/Manifest/Ledger.h"
#include "goslim/Policy/PolicyFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include <fcntl.h>
#include <set>
#include <sys/file.h>
#include <unistd.h>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// edits.jsonl
//===----------------------------------------------------------------------===//

void goslim::writeSessionEdits(const Session &S, std::string_view Where,
                               std::span<const Edit> Edits) {
  std::string Text;
  for (const Edit &E : Edits) {
    const std::pair<const char *, std::string_view> Members[] = {
        {"{\"rule\":", ruleName(E.Rule)},
        {",\"where\":", Where},
        {",\"before\":", E.Before},
        {",\"after\":", E.After}};
    for (const auto &[Key, Value] : Members) {
      Text += Key;
      appendJsonString(Text, Value);
    }
    Text += "}\n";
  }
  if (!Text.empty())
    (void)!writeFileAtomic(S.Folder + "/edits.jsonl", Text, false);
}

std::vector<ManifestEdit> goslim::readSessionEdits(const Session &S) {
  std::vector<ManifestEdit> Out;
  Result<std::string> Text = readFile(S.Folder + "/edits.jsonl");
  if (!Text)
    return Out; // toolexec mode, or nothing was changed
  llvm::SmallVector<StringRef> Lines;
  StringRef(*Text).split(Lines, '\n', -1, false);
  for (StringRef Line : Lines) {
    llvm::Expected<llvm::json::Value> Parsed = llvm::json::parse(Line);
    if (!Parsed) {
      llvm::consumeError(Parsed.takeError());
      continue;
    }
    const llvm::json::Object *O = Parsed->getAsObject();
    auto Get = [&](StringRef Key) {
      return O ? O->getString(Key).value_or("").str() : "";
    };
    if (!Get("rule").empty())
      Out.push_back({Get("rule"), Get("where"), Get("before"), Get("after")});
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// One file
//===----------------------------------------------------------------------===//

static Finding warning(const Policy &P, StringRef Id, std::string Message,
                       StringRef Fix) {
  return {Id.str(), Severity::Warning, P.Manifest.Where, std::move(Message),
          Fix.str()};
}

Finding goslim::notWritten(const Policy &P, const std::string &Why,
                           StringRef Fix) {
  return warning(P, "GS402", "manifest not written: " + Why, Fix);
}

/// Whether Path is where a policy like P may write.
static bool mayWrite(const Policy &P, const std::string &Path) {
  if (P.Trusted)
    return true;
  if (!isWithin(Path, P.Root))
    return false;
  std::string Folder(parentPath(Path)), Real;
  while ((Real = realPath(Folder)).empty() && Folder.size() > 1)
    Folder = parentPath(Folder);
  return isWithin(Real, realPath(P.Root));
}

Result<std::string> goslim::placeOf(Policy P, const Manifest &M) {
  // {path} ourselves, the rest with the checks of the policy's own function.
  std::string Flat = manifestPath("{path}", M);
  std::string &Pattern = P.Manifest.Path;
  for (size_t At; (At = Pattern.find("{path}")) != std::string::npos;)
    Pattern.replace(At, 6, Flat);
  return manifestFile(P, M.Name, M.Goos, M.Goarch);
}

std::optional<Finding> goslim::putManifest(const Policy &P,
                                           const std::string &Path,
                                           std::string_view Toml) {
  if (!mayWrite(P, Path))
    return notWritten(P, Path + " is outside of " + P.Root,
                      "a policy that is to write elsewhere must be named with "
                      "--config or GOSLIM_CONFIG");
  if (Result<std::string> Old = readFile(Path); Old && *Old == Toml)
    return std::nullopt;
  if (Result<void> Written = writeFileAtomic(Path, Toml); !Written)
    return notWritten(P, Written.failure().Message, "");
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// A session's programs
//===----------------------------------------------------------------------===//

namespace {
struct Program {
  std::string Link; ///< "link-N"
  std::string ImportPath, Path, Toml;
  std::vector<Finding> Findings;
  bool Refused = false;           ///< an Error among them: not to be published
  std::optional<Finding> NoPlace; ///< why Path is ""
};
} // namespace

std::string goslim::printLines(std::span<const Finding> Findings) {
  std::string Text;
  for (const Finding &F : Findings)
    Text += toJsonLine(F);
  return Text;
}

std::vector<Finding> goslim::readFindings(const std::string &File) {
  std::vector<Finding> Out;
  Result<std::string> Text = readFile(File);
  if (!Text)
    return Out;
  llvm::SmallVector<StringRef> Lines;
  StringRef(*Text).split(Lines, '\n', -1, false);
  for (StringRef Line : Lines) {
    llvm::Expected<Finding> F = parseFinding(Line);
    if (F)
      Out.push_back(std::move(*F));
    else
      llvm::consumeError(F.takeError());
  }
  return Out;
}

bool goslim::hasError(std::span<const Finding> Findings) {
  return llvm::any_of(
      Findings, [](const Finding &F) { return F.Level == Severity::Error; });
}

static std::vector<Finding> findingsOf(const Session &S, StringRef Link) {
  return readFindings(S.Folder + "/" + Link.str() + ".findings.jsonl");
}

std::vector<std::string> goslim::linksWith(const Session &S, StringRef Suffix) {
  std::vector<std::string> Out;
  std::error_code EC;
  for (llvm::sys::fs::directory_iterator It(S.Folder, EC), End;
       It != End && !EC; It.increment(EC)) {
    StringRef Name = fileName(It->path());
    if (Name.starts_with("link-") && Name.consume_back(Suffix))
      Out.push_back(Name.str());
  }
  llvm::sort(Out);
  return Out;
}

/// By path, then import path: the first of a path has it.
static std::vector<Program> programsOf(const Session &S, const Policy &P) {
  std::vector<Program> Out;
  for (std::string &Link : linksWith(S, ".manifest.toml")) {
    std::string File = S.Folder + "/" + Link + ".manifest.toml";
    Result<std::string> Toml = readFile(File);
    if (!Toml)
      continue;
    llvm::Expected<Manifest> M = parseManifest(File, *Toml);
    if (!M) {
      llvm::consumeError(M.takeError());
      continue;
    }
    Program New;
    New.ImportPath = M->ImportPath;
    Result<std::string> Place = placeOf(P, *M);
    if (Place)
      New.Path = std::move(*Place);
    else
      New.NoPlace = notWritten(P, Place.failure().Message, "");
    New.Toml = std::move(*Toml);
    New.Findings = findingsOf(S, Link);
    New.Refused = hasError(New.Findings);
    New.Link = std::move(Link);
    Out.push_back(std::move(New));
  }
  llvm::sort(Out, [](const Program &A, const Program &B) {
    return std::tie(A.Path, A.ImportPath, A.Link) <
           std::tie(B.Path, B.ImportPath, B.Link);
  });
  return Out;
}

/// The programs that want Mine's path, Mine among them.
static std::vector<const Program *> rivals(const std::vector<Program> &All,
                                           const Program &Mine) {
  std::vector<const Program *> Out;
  for (const Program &P : All)
    if (P.Path == Mine.Path &&
        (Out.empty() || Out.back()->ImportPath != P.ImportPath))
      Out.push_back(&P);
  return Out;
}

static std::optional<Finding> rivalry(const Policy &P,
                                      llvm::ArrayRef<const Program *> Rivals) {
  if (Rivals.size() < 2)
    return std::nullopt;
  std::vector<std::string> Names;
  for (const Program *R : Rivals)
    Names.push_back(R->ImportPath);
  return warning(P, "GS401",
                 "manifest.path gives " + llvm::join(Names, " and ") +
                     " one file, " + std::string(fileName(Rivals[0]->Path)) +
                     ": written for " + Names[0] + " only",
                 "use {path}, the import path, in manifest.path");
}

//===----------------------------------------------------------------------===//
// Publishing
//===----------------------------------------------------------------------===//

namespace {
/// Held by one process of a build; gone with it.
class SessionLock {
public:
  explicit SessionLock(const Session &S)
      : Fd(::open((S.Folder + "/publish.lock").c_str(),
                  O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
    if (Fd >= 0)
      ::flock(Fd, LOCK_EX);
  }
  SessionLock(const SessionLock &) = delete;
  ~SessionLock() {
    if (Fd >= 0)
      ::close(Fd);
  }

private:
  int Fd;
};
} // namespace

PublishResult goslim::publishOne(const Session &S, const Policy &P,
                                 std::string_view Name) {
  PublishResult Out;
  SessionLock Lock(S);
  std::vector<Program> All = programsOf(S, P);
  auto Mine =
      llvm::find_if(All, [&](const Program &X) { return X.Link == Name; });
  if (Mine == All.end())
    return Out;
  if (Mine->NoPlace)
    return Out.Findings.push_back(*Mine->NoPlace), Out;
  std::vector<const Program *> Rivals = rivals(All, *Mine);
  if (std::optional<Finding> F = rivalry(P, Rivals))
    Out.Findings.push_back(std::move(*F));
  if (Rivals[0]->ImportPath != Mine->ImportPath)
    return Out;
  if (std::optional<Finding> F = putManifest(P, Mine->Path, Mine->Toml))
    Out.Findings.push_back(std::move(*F));
  else
    Out.Manifests.push_back(Mine->Path);
  return Out;
}

/// Links whose analysis left nothing at all: it was killed, or crashed.
static void addUnfinished(const Session &S, const Policy &P,
                          PublishResult &Out) {
  std::vector<std::string> Ended = linksWith(S, ".findings.jsonl");
  for (const std::string &Link : linksWith(S, ".json"))
    if (!llvm::is_contained(Ended, Link))
      Out.Findings.push_back(
          notWritten(P, "the analysis of a program came to no end",
                     "GOSLIM_LOG=FILE says more"));
}

PublishResult goslim::publishManifests(const Session &S) {
  PublishResult Out;
  for (const std::string &Link : linksWith(S, ".findings.jsonl"))
    llvm::append_range(Out.Findings, findingsOf(S, Link));
  Result<Policy> P = sessionPolicy(S);
  if (!P || P->empty())
    return Out;
  addUnfinished(S, *P, Out);
  std::set<std::string> Done;
  std::vector<Program> All = programsOf(S, *P);
  for (const Program &Mine : All) {
    if (Mine.NoPlace)
      Out.Findings.push_back(*Mine.NoPlace);
    if (Mine.NoPlace || !Done.insert(Mine.Path).second || Mine.Refused)
      continue;
    if (std::optional<Finding> F = rivalry(*P, rivals(All, Mine)))
      Out.Findings.push_back(std::move(*F));
    if (std::optional<Finding> F = putManifest(*P, Mine.Path, Mine.Toml))
      Out.Findings.push_back(std::move(*F));
    else
      Out.Manifests.push_back(Mine.Path);
  }
  restoreManifests(S, *P, Done, Out);
  llvm::sort(Out.Manifests);
  return Out;
}
