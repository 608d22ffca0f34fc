//===- BuildPlan.cpp - one isolated build ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/BuildPlan.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Tool/GoCommand.h"
#include "goslim/Tool/Quoted.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// The script
//===----------------------------------------------------------------------===//

std::string goslim::copyTreeLine(StringRef From, StringRef To,
                                 StringRef Without) {
  std::string Option =
      Without.empty() ? "" : " --exclude=" + shellWord(Without);
  return fmt::format(
      "mkdir -p {0}\n(cd {1} && tar -cf -{2} .) | (cd {0} && tar "
      "-xf -)\n",
      shellQuote(To), shellQuote(From), Option);
}

std::string goslim::removeTreeCommand(StringRef Folder) {
  return fmt::format(
      "rm -rf {0} 2>/dev/null || {{ chmod -R u+w {0}; rm -rf {0}; }}",
      shellQuote(Folder));
}

void goslim::placeBeside(BuildPlan &P,
                         const std::vector<std::string> &Folders) {
  std::string Root = P.Sources; // then the nearest that holds all
  for (const std::string &Folder : Folders)
    while (!isWithin(Folder, Root))
      Root = parentPath(Root);
  if (Folders.empty())
    return;
  size_t Skip = Root == "/" ? 1 : Root.size() + 1;
  auto Below = [&](const std::string &Path) {
    return Path.size() > Skip ? Path.substr(Skip) : "."; // "." = Root itself
  };
  P.Place = Below(P.Sources);
  for (const std::string &Folder : Folders)
    P.Beside.push_back({Folder, Below(Folder)});
}

/// All but what go's output is for; More: flags of ours.
static std::string scriptTo(const BuildPlan &P, StringRef Name,
                            StringRef More) {
  std::string Out = fmt::format("#!/bin/sh\n# goslim verify: {}\nset -eu\n",
                                std::string_view(Name));
  Out += removeTreeCommand(P.Folder) + "\n";
  Out +=
      fmt::format("mkdir -p {0}\numask {1}\n", shellQuote(P.Folder), P.Umask);
  std::string Start = P.SourceFolder + (P.Place.empty() ? "" : "/" + P.Place);
  Out += copyTreeLine(P.Sources, Start);
  for (const auto &[From, Place] : P.Beside)
    Out += copyTreeLine(From, P.SourceFolder + "/" + Place);
  std::string Goroot = P.Goroot;
  if (P.CopyGoroot) {
    Goroot = P.Folder + "/goroot-copy";
    Out += copyTreeLine(P.Goroot, Goroot, "");
  }
  std::string Env = "env -i";
  for (const auto &[Key, Value] : P.Environment) {
    bool IsOwn = StringRef(Value).starts_with("./");
    std::string Path = IsOwn ? P.Folder + Value.substr(1) : Value;
    if (IsOwn)
      Out += fmt::format("mkdir -p {}\n", shellQuote(Path));
    Env += fmt::format(" \\\n  {}", shellQuote(Key + "=" + Path));
  }
  Out += fmt::format(
      "cd {}\n",
      shellQuote(P.Subfolder.empty() ? Start : Start + "/" + P.Subfolder));
  for (const std::string &Line : P.Prepare)
    Out += fmt::format("{} \\\n  {}\n", Env, Line);
  if (P.DelaySeconds)
    Out += fmt::format("sleep {}\n", P.DelaySeconds);
  Out += fmt::format("mkdir -p \"$(dirname {})\"\n", shellQuote(P.Output));
  Out += Env + fmt::format(" \\\n  {} build{} -o {}",
                           shellQuote(Goroot + "/bin/go"),
                           std::string_view(More), shellQuote(P.Output));
  for (const std::string &Flag : P.Flags)
    Out += " " + shellQuote(Flag);
  if (!P.Toolexec.empty())
    Out += " " + shellQuote("-toolexec=" + P.Toolexec);
  return Out + fmt::format(" -- {}", shellQuote(P.Package));
}

std::string goslim::scriptOf(const BuildPlan &P, StringRef Name) {
  return scriptTo(P, Name, "") +
         fmt::format("\nsha256sum {}\n", shellQuote(P.Output));
}

std::string goslim::hashScriptOf(const BuildPlan &P) {
  BuildPlan Q = P;
  Q.DelaySeconds = 0;
  std::string &Debug = Q.Environment["GODEBUG"];
  Debug += (Debug.empty() ? "" : ",") + std::string("gocachehash=1");
  return scriptTo(Q, "what go hashes", " -n") +
         fmt::format(" >{} 2>&1\n", shellQuote(P.Output));
}

//===----------------------------------------------------------------------===//
// Variations
//===----------------------------------------------------------------------===//

static std::string varyPath(BuildPlan &P, const Surroundings &, StringRef) {
  P.SourceFolder = P.Folder + "/another/place/that is much longer/sources";
  return "";
}

static std::string varyModuleCache(BuildPlan &P, const Surroundings &S,
                                   StringRef) {
  if (!S.HasModules)
    return "no modules besides the main one";
  P.Environment["GOMODCACHE"] = "./modules";
  P.Environment["GOPROXY"] =
      "file://" + S.ModuleCache + "/cache/download," + S.Proxy;
  return "";
}

static std::string varyHome(BuildPlan &P, const Surroundings &, StringRef) {
  P.Environment["HOME"] = "./home of another";
  return "";
}

static std::string varyTmpdir(BuildPlan &P, const Surroundings &, StringRef) {
  P.Environment["TMPDIR"] = "./another tmp";
  P.Environment["GOTMPDIR"] = "./go tmp";
  return "";
}

static std::string varyGoroot(BuildPlan &P, const Surroundings &, StringRef) {
  P.CopyGoroot = true;
  return "";
}

static std::string varyEnv(BuildPlan &P, const Surroundings &, StringRef) {
  P.Environment["GOSLIM_VERIFY_JUNK"] = "x";
  P.Environment["BUILD_NUMBER"] = "4711";
  P.Environment["USER"] = "another";
  P.Environment["HOSTNAME"] = "elsewhere";
  return "";
}

static std::string varyLocale(BuildPlan &P, const Surroundings &, StringRef) {
  P.Environment["LC_ALL"] = "tr_TR.UTF-8";
  P.Environment["LANG"] = "tr_TR.UTF-8";
  return "";
}

static std::string varyTimezone(BuildPlan &P, const Surroundings &, StringRef) {
  P.Environment["TZ"] = "Pacific/Kiritimati";
  return "";
}

static std::string varyUmask(BuildPlan &P, const Surroundings &, StringRef) {
  P.Umask = "077";
  return "";
}

static std::string varyCpus(BuildPlan &P, const Surroundings &, StringRef) {
  P.Environment["GOMAXPROCS"] = "1";
  P.Flags.push_back("-p=1");
  return "";
}

static std::string varyTime(BuildPlan &P, const Surroundings &,
                            StringRef Value) {
  P.DelaySeconds = 2;
  if (!Value.empty() && Value.getAsInteger(10, P.DelaySeconds))
    return "expected seconds, found '" + Value.str() + "'";
  return "";
}

static std::string varyWrapper(BuildPlan &P, const Surroundings &S, StringRef) {
  if (S.Wrap.empty())
    return "goslim-wrap is not beside goslim";
  if (S.Wrap.find_first_of(" '\"") != std::string::npos)
    return "the path of goslim-wrap needs quotes";
  P.Toolexec = S.Wrap;
  P.Environment["GOSLIM_CACHE"] = "./goslim";
  return "";
}

static std::string varyVcs(BuildPlan &P, const Surroundings &S, StringRef) {
  if (!S.IsGit)
    return "the sources are in no git repository";
  // Varied, it would prove nothing. The last flag counts, GOFLAGS come first.
  std::string Stamp;
  if (auto It = P.Environment.find("GOFLAGS"); It != P.Environment.end())
    if (Result<std::vector<Argument>> Flags = parseGoFlags(It->second))
      for (const Argument &Flag : *Flags)
        if (Flag.Name == "buildvcs")
          Stamp = Flag.Value.value_or("");
  for (StringRef Flag : P.Flags)
    if (auto [Name, Value] = Flag.ltrim('-').split('='); Name == "buildvcs")
      Stamp = Value.str();
  if (Stamp == "false")
    return "-buildvcs=false leaves the stamp out";
  P.Prepare.push_back(
      "sh -c 'git init -q . && git add -A && git -c user.name=x -c "
      "user.email=x@example.com commit -q -m x'");
  return "";
}

static std::string varyModmode(BuildPlan &P, const Surroundings &S, StringRef) {
  if (!S.HasModules)
    return "no modules besides the main one";
  P.Prepare.push_back(fmt::format("'{}/bin/go' mod vendor", P.Goroot));
  P.Flags.push_back("-mod=vendor");
  return "";
}

static std::string varyCc(BuildPlan &P, const Surroundings &S,
                          StringRef Value) {
  if (!S.UsesCgo)
    return "no C in the program";
  if (Value.empty() && S.OtherCompiler.empty())
    return "no second C compiler";
  P.Environment["CC"] = Value.empty() ? S.OtherCompiler : Value.str();
  return "";
}

static std::string varyToolchain(BuildPlan &P, const Surroundings &,
                                 StringRef Value) {
  if (!Value.starts_with("go1."))
    return "expected toolchain=go1.N.M, found '" + Value.str() + "'";
  P.Environment["GOTOOLCHAIN"] = Value.str();
  return "";
}

llvm::ArrayRef<Variation> goslim::variations() {
  static constexpr Variation Table[] = {
      {"path", "", true, varyPath}, // deeper and longer
      {"gomodcache", "", true, varyModuleCache},
      {"home", "", true, varyHome},
      {"tmpdir", "", true, varyTmpdir},
      {"goroot", "", true, varyGoroot},
      {"env", "", true, varyEnv},
      {"locale", "", true, varyLocale},
      {"timezone", "", true, varyTimezone},
      {"umask", "", true, varyUmask},
      {"cpus", "", true, varyCpus},
      {"time", "", true, varyTime}, // time=SECONDS
      {"wrapper", "", true, varyWrapper},
      {"vcs", "", false, varyVcs},         // a git repository around it
      {"modmode", "", false, varyModmode}, // vendored
      {"cc", "PROGRAM", false, varyCc},
      {"toolchain", "go1.N.M", false, varyToolchain}};
  return Table;
}

//===----------------------------------------------------------------------===//
// Bisection
//===----------------------------------------------------------------------===//

std::vector<Guilt> goslim::findGuilty(
    unsigned Count,
    llvm::function_ref<bool(const std::vector<unsigned> &)> Differs) {
  std::vector<Guilt> Out;
  std::vector<unsigned> Left;
  for (unsigned I = 0; I < Count; ++I)
    Left.push_back(I);
  // Invariant: Left as a whole differs.
  while (!Left.empty()) {
    std::vector<unsigned> In = Left;
    while (In.size() > 1) {
      std::vector<unsigned> Half(In.begin(), In.begin() + long(In.size() / 2));
      if (Differs(Half))
        In = Half;
      else // believed, and checked when one is left
        In.erase(In.begin(), In.begin() + long(In.size() / 2));
    }
    if (Left.size() > 1 && !Differs(In)) {
      Out.push_back({Left, true}); // only some together make a difference
      return Out;
    }
    Out.push_back({In, false});
    Left.erase(std::find(Left.begin(), Left.end(), In[0]));
    if (Left.empty() || !Differs(Left))
      return Out;
  }
  return Out;
}
