//===- Relink.cpp - goslim relink -----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stripped program's twin with symbols and debug data, from the record of its
// link: the same linker, archives and flags but -s and -w. That the twin is one
// is not believed but compared.
//===----------------------------------------------------------------------===//
#include "Driver.h"
#include "Isolate.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include "goslim/GoImage/GoImage.h"
#include "goslim/Record/LinkRecord.h"
#include "goslim/Report/Comparison.h"
#include "goslim/Tool/Invocation.h"
#include "goslim/Verify/FileKind.h"
#include "goslim/Verify/Published.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace goslim;
using llvm::StringRef;

namespace {

/// What is made on the way lies beside the output, so that it need only be
/// renamed.
struct WorkFolder {
  explicit WorkFolder(const std::string &Out)
      : Path(Out + ".relink-" + std::to_string(::getpid())) {}
  ~WorkFolder() { (void)llvm::sys::fs::remove_directories(Path); }
  std::string Path;
};

struct Relinker {
  const std::string &File, &Out;
  std::string BuildId; ///< File's

  /// Nothing, or why it could not be done.
  std::string run();

private:
  std::string tryRecord(const LinkRecord &R);
  std::string link(const LinkRecord &R, const std::string &Folder,
                   const std::string &To);
};

} // namespace

static llvm::Expected<std::string> buildIdOf(const std::string &File) {
  GoImage Go;
  if (isOtherFormat(File)) {
    llvm::Expected<OtherProgram> P = readOtherProgram(File, /*Hashes=*/false);
    if (!P)
      return P.takeError();
    return P->Go.BuildId.Go;
  }
  llvm::Expected<std::unique_ptr<Image>> Elf = Image::open(File);
  if (!Elf)
    return Elf.takeError();
  return readGoFrame(**Elf).BuildId.Go;
}

/// Without -s and -w.
static std::vector<std::string> fullArgs(const LinkRecord &R) {
  Invocation Call = parseInvocation(ToolKind::Link, R.Args);
  llvm::erase_if(Call.Args, [](const Argument &A) {
    return A.Name == "s" || A.Name == "w";
  });
  return print(Call);
}

/// Ours, with what the record says of it.
static std::vector<std::string> environmentOf(const LinkRecord &R) {
  std::vector<std::string> Env;
  for (char **Word = environ; *Word; ++Word) {
    StringRef Name = StringRef(*Word).split('=').first;
    if (llvm::none_of(
            R.Env, [&](StringRef Own) { return Own.split('=').first == Name; }))
      Env.push_back(*Word);
  }
  llvm::append_range(Env, R.Env);
  return Env;
}

static std::string firstLine(StringRef Text) {
  return Text.trim().split('\n').first.str();
}

std::string Relinker::link(const LinkRecord &R, const std::string &Folder,
                           const std::string &To) {
  std::vector<std::string> Files = resolveArchives(R);
  size_t Missing = size_t(llvm::count(Files, ""));
  if (Missing || Files.empty())
    return fmt::format("{} of {} archives of its link are no longer in the "
                       "build cache; build it again with goslim",
                       Missing, Files.size());
  std::string Config, Main;
  for (size_t I = 0; I < Files.size(); ++I)
    if (R.Archives[I].Package == "main")
      Main = Files[I];
    else
      Config +=
          fmt::format("packagefile {}={}\n", R.Archives[I].Package, Files[I]);
  for (const std::string &Line : R.Config)
    Config += Line + "\n";
  std::string ConfigFile = Folder + "/importcfg.link";
  if (Result<void> Written = writeFileAtomic(ConfigFile, Config, false);
      !Written)
    return Written.failure().Message;

  std::vector<std::string> Args = {"-o", To, "-importcfg", ConfigFile};
  llvm::append_range(Args, fullArgs(R));
  Args.push_back(Main);
  std::vector<std::string> Env = environmentOf(R);
  std::string Said;
  SpawnOptions Options;
  Options.Env = &Env, Options.Stdout = Options.Stderr = &Said;
  Result<ChildStatus> Ended = runProgram(R.Tool, Args, Options);
  if (!Ended)
    return Ended.failure().Message;
  if (Ended->ExitCode || Ended->Signal)
    return fmt::format("{}: exit code {}: {}", R.Tool, Ended->ExitCode,
                       firstLine(Said));
  return "";
}

/// go writes a program's content ID into it when it is linked. On macOS what
/// is signed must not change.
static std::string giveBuildId(const std::string &To, const LinkRecord &R,
                               StringRef BuildId) {
  std::string Given(parseInvocation(ToolKind::Link, R.Args).value("buildid"));
  Result<std::string> Bytes = readFile(To, uint64_t(4) << 30);
  if (!Bytes)
    return Bytes.failure().Message;
  bool IsMachO = StringRef(*Bytes).starts_with("\xcf\xfa\xed\xfe");
  if (IsMachO || Given.empty() || Given.size() != BuildId.size())
    return "";
  for (size_t At = 0; (At = Bytes->find(Given, At)) != std::string::npos;)
    Bytes->replace(At, Given.size(), BuildId.str());
  if (Result<void> Written = writeFileAtomic(To, *Bytes, false); !Written)
    return Written.failure().Message;
  return "";
}

std::string Relinker::tryRecord(const LinkRecord &R) {
  WorkFolder Work(Out);
  if (Result<void> Made = createFolders(Work.Path); !Made)
    return Made.failure().Message;
  std::string To = Work.Path + "/" + std::string(fileName(Out));
  if (std::string Why = link(R, Work.Path, To); !Why.empty())
    return Why;
  llvm::Expected<Comparison> C = compareFiles(File, To);
  if (!C)
    return llvm::toString(C.takeError());
  if (C->Equal > Equality::Debug)
    return "linking it again gave another program: " +
           equalityWords(C->Equal).str();
  // Only now: of two files with one ID, what differs was changed by someone.
  if (std::string Why = giveBuildId(To, R, BuildId); !Why.empty())
    return Why;
  if (std::error_code Error = llvm::sys::fs::setPermissions(
          To, llvm::sys::fs::perms::all_read | llvm::sys::fs::owner_write |
                  llvm::sys::fs::all_exe))
    return To + ": " + Error.message();
  if (std::error_code Error = llvm::sys::fs::rename(To, Out))
    return Out + ": " + Error.message();
  return "";
}

std::string Relinker::run() {
  std::vector<FoundLink> Found = findLinkRecords(linkKey(BuildId, ""));
  std::string Why = "goslim has not seen its link; delete the file and build "
                    "it with goslim";
  for (size_t I = 0; I < Found.size(); ++I) {
    std::string Next = Found[I].Record ? tryRecord(*Found[I].Record)
                                       : "record of its link: " +
                                             Found[I].Record.failure().Message;
    if (Next.empty())
      return "";
    if (I == 0) // the newest is the likeliest
      Why = Next;
  }
  return Why;
}

static int relink(const std::string &File, const std::string &Out,
                  llvm::raw_ostream &OS) {
  llvm::Expected<std::string> BuildId = buildIdOf(File);
  if (!BuildId)
    return printError(BuildId.takeError());
  if (std::string Why = Relinker{File, Out, *BuildId}.run(); !Why.empty()) {
    printError(fail("{}: {}", File, Why));
    return ExitUnverified;
  }
  int64_t Full = fileSize(Out), Left = fileSize(File);
  OS << fmt::format(
      "{}: {} bytes, linked again with symbols and debug data; the rest is the "
      "same\n{}: {} bytes, {:.1f} % less\n",
      Out, Full, File, Left, 100. * double(Full - Left) / double(Full));
  return ExitClean;
}

int goslim::runRelink(const Options &O) {
  const std::string &File = O.Operands[0];
  std::string Out(O.get("out", File + ".debug"));
  IsolateLimits Limits; // the linker runs in there
  Limits.CpuSeconds = 1200;
  Limits.FixedBytes = uint64_t(16) << 30;
  return runIsolated(
      File, [&](llvm::raw_ostream &OS) { return relink(File, Out, OS); },
      Limits);
}
