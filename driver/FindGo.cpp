//===- FindGo.cpp - the real go, never ourselves
//---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As ccache finds the compiler: the first go on PATH that is not this very
// file, through whatever links. A go that is a script may call go again, and
// so us; that is noticed by a counter in the environment, which all processes
// below inherit. Going through the shim a few levels deep is normal (a test
// that runs make that runs go).
//===----------------------------------------------------------------------===//
#include "Go.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include <cstdlib>
#include <sys/stat.h>

using namespace goslim;

static constexpr const char *DepthVariable = "GOSLIM_DEPTH";
static constexpr unsigned MaxDepth = 8;

/// Links, symbolic and hard, are the same file.
static bool isOurselves(const std::string &Path) {
  struct stat Theirs, Ours;
  return ::stat(Path.c_str(), &Theirs) == 0 &&
         ::stat(ownPath().c_str(), &Ours) == 0 &&
         Theirs.st_dev == Ours.st_dev && Theirs.st_ino == Ours.st_ino;
}

static Result<void> countDepth(const std::string &Go) {
  unsigned Depth = 0;
  if (std::optional<std::string> Text = environment(DepthVariable))
    Depth = unsigned(std::strtoul(Text->c_str(), nullptr, 10));
  if (Depth >= MaxDepth) {
    Failure F = fail("recursive invocation: {} runs goslim again, {} levels "
                     "deep",
                     Go, Depth);
    F.Note = "set GOSLIM_GO to bin/go of the Go toolchain";
    return F;
  }
  ::setenv(DepthVariable, std::to_string(Depth + 1).c_str(), 1);
  return {};
}

static Result<std::string> searchGo() {
  if (std::optional<std::string> Named = environment("GOSLIM_GO")) {
    std::string Path = findProgram(*Named, environment("PATH").value_or(""));
    if (Path.empty())
      return fail("GOSLIM_GO={}: not an executable file", *Named);
    if (isOurselves(Path))
      return Failure{fmt::format("GOSLIM_GO={}: is goslim itself", *Named),
                     "set it to bin/go of the Go toolchain"};
    return Path;
  }
  std::string Path = environment("PATH").value_or("");
  for (size_t Start = 0; Start <= Path.size();) {
    size_t End = std::min(Path.find(':', Start), Path.size());
    std::string Folder = Path.substr(Start, End - Start);
    Start = End + 1;
    // Like go's own LookPath: nothing is run from the current folder just
    // because it lies there.
    if (Folder.empty() || Folder[0] != '/')
      continue;
    std::string Found = findProgram(Folder + "/go", "");
    if (!Found.empty() && !isOurselves(Found))
      return Found;
  }
  return Failure{"no go command on PATH besides goslim itself",
                 "install Go, or set GOSLIM_GO to its go command"};
}

Result<std::string> goslim::findRealGo() {
  Result<std::string> Go = searchGo();
  if (!Go)
    return Go;
  if (Result<void> Counted = countDepth(*Go); !Counted)
    return Counted.failure();
  return Go;
}
