//===- goslim/Verify/BuildPlan.h - one isolated build -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A build that shares nothing with another one: its own copy of the sources,
// its own empty GOCACHE, an environment of few variables. It is a shell script;
// what verify runs is what it hands out to be run by hand.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_VERIFY_BUILDPLAN_H
#define GOSLIM_VERIFY_BUILDPLAN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>
#include <vector>

namespace goslim {

struct BuildPlan {
  std::string Goroot;       ///< of the toolchain that go has chosen
  std::string Sources;      ///< root of the module or workspace
  std::string Subfolder;    ///< of Sources, where go is started; "" = there
  std::string Folder;       ///< of this build; emptied first. Sources go to src
  std::string SourceFolder; ///< below Folder
  /// Where in SourceFolder Sources go, and other trees; "" = SourceFolder.
  std::string Place;
  std::vector<std::pair<std::string, std::string>> Beside; ///< from, place
  std::string Output;                                      ///< the program
  std::vector<std::string> Flags;
  std::string Package;
  /// All that go gets to see; GOCACHE and the like are relative to Folder when
  /// they begin with "./".
  std::map<std::string, std::string> Environment;
  std::string Umask = "022";
  unsigned DelaySeconds = 0;
  bool CopyGoroot = false;
  std::string Toolexec;             ///< words for -toolexec, or ""
  std::vector<std::string> Prepare; ///< shell lines run in the copy first
};

/// Puts folders that Sources name by relative paths ("../lib") where the copy
/// will look for them. Absolute, clean; none within Sources.
void placeBeside(BuildPlan &P, const std::vector<std::string> &Folders);

/// A shell line that copies a tree, but for what lies at Without ("" = all).
std::string copyTreeLine(llvm::StringRef From, llvm::StringRef To,
                         llvm::StringRef Without = "./.git");

/// A shell command that removes a tree, also one with read-only folders, as
/// module caches are; chmod only sees what rm could not remove.
std::string removeTreeCommand(llvm::StringRef Folder);

/// The script. Pure: same plan, same text.
std::string scriptOf(const BuildPlan &P, llvm::StringRef Name);
/// The same preparations, but go only says what it would hash, into P.Output
/// (go build -n, GODEBUG=gocachehash=1).
std::string hashScriptOf(const BuildPlan &P);

/// What is known of the machine, to say whether a variation can be made.
struct Surroundings {
  std::string ModuleCache, Proxy; ///< as go has them
  std::string Wrap;               ///< goslim-wrap, or ""
  std::string OtherCompiler;      ///< a C compiler that is not CC, or ""
  bool IsGit = false, UsesCgo = false, HasModules = false;
};

struct Variation {
  llvm::StringRef Name;
  llvm::StringRef Value; ///< what is to stand behind "="; "" = nothing
  bool Default;          ///< part of a run that names none
  /// Changes the plan, or says why it cannot ("" = done). Value is what stands
  /// behind "=" in --vary NAME=VALUE.
  std::string (*Apply)(BuildPlan &P, const Surroundings &S,
                       llvm::StringRef Value);
};
llvm::ArrayRef<Variation> variations();

/// What differs(set) says of subsets of [0, Count), of which the whole differs.
struct Guilt {
  std::vector<unsigned> Members; ///< each alone, or together when Interacting
  bool Interacting = false;
};
/// All that are guilty, by halving: log2(Count) + 1 calls for each.
std::vector<Guilt>
findGuilty(unsigned Count,
           llvm::function_ref<bool(const std::vector<unsigned> &)> Differs);

} // namespace goslim

#endif // GOSLIM_VERIFY_BUILDPLAN_H
