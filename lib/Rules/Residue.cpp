//===- Residue.cpp - what should not be in the file -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Asks the linked bytes whether the flags did what they are for. Flags are not
// enough: an external linker brings symbols and debug sections of its own, and
// C code holds paths that -trimpath never sees. One finding a table, with its
// owners, so that a program built without -trimpath gives one line, not one a
// package.
//===----------------------------------------------------------------------===//
#include "goslim/Rules/Residue.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <set>

using namespace goslim;
using llvm::StringRef;

template <typename T>
static Finding makeFinding(StringRef Id, const Rule<T> &R, std::string Message,
                           StringRef Fix) {
  Severity Level = R.How == Mode::Require ? Severity::Error : Severity::Warning;
  return {Id.str(), Level, R.Where, std::move(Message), Fix.str()};
}

/// "a, b, c and 4 more".
static std::string firstFew(llvm::ArrayRef<std::string> Names) {
  constexpr size_t Few = 4;
  std::string Out = llvm::join(Names.take_front(Few), ", ");
  if (Names.size() > Few)
    Out += " and " + std::to_string(Names.size() - Few) + " more";
  return Out;
}

//===----------------------------------------------------------------------===//
// Linkage
//===----------------------------------------------------------------------===//

static void checkStatic(std::vector<Finding> &Out, const Image &File,
                        const Rule<bool> &R) {
  llvm::Expected<Image::Dynamic> Dynamic = File.dynamic();
  if (!Dynamic)
    return llvm::consumeError(Dynamic.takeError());
  if (Dynamic->Interpreter)
    Out.push_back(
        makeFinding("GS201", R,
                    "static: asked for, found the dynamic loader " +
                        Dynamic->Interpreter->str() + " in the program",
                    "build with CGO_ENABLED=0, or link C code with "
                    "-ldflags='-linkmode=external -extldflags=-static'"));
  if (Dynamic->Needed.empty())
    return;
  std::vector<std::string> Names;
  for (StringRef Name : Dynamic->Needed)
    Names.push_back(Name.str());
  Out.push_back(makeFinding(
      "GS202", R, "static: asked for, the program needs " + firstFew(Names),
      "link with -extldflags=-static; each C library must be there as lib*.a"));
}

//===----------------------------------------------------------------------===//
// Symbols and debug information
//===----------------------------------------------------------------------===//

static bool isDebugSection(StringRef Name) {
  for (StringRef Prefix : {".debug_", ".zdebug_", ".stab", ".gdb_index"})
    if (Name.starts_with(Prefix))
      return true;
  return false;
}

/// What is left although the team asks for less; "" = nothing.
static void addStripFindings(std::vector<Finding> &Out, const Rule<Strip> &R,
                             StringRef Debug, StringRef Symbols) {
  bool All = *R.Value == Strip::All;
  StringRef Asked = All ? "strip: asked for all (-s -w), found "
                        : "strip: asked for debug (-w), found ";
  if (!Debug.empty())
    Out.push_back(makeFinding("GS301", R, (Asked + Debug).str(),
                              "have the external linker strip: -ldflags='-s -w "
                              "-extldflags=-Wl,--strip-debug'"));
  if (All && !Symbols.empty())
    Out.push_back(makeFinding(
        "GS302", R, (Asked + Symbols).str(),
        "have the external linker strip: -ldflags='-s -w -extldflags=-s'"));
}

static void checkStrip(std::vector<Finding> &Out, const Image &File,
                       const Rule<Strip> &R) {
  std::vector<std::string> Debug;
  uint64_t DebugBytes = 0;
  const ImageSection *Symtab = nullptr;
  for (const ImageSection &S : File.sections()) {
    if (S.Type == llvm::ELF::SHT_SYMTAB)
      Symtab = &S;
    if (!isDebugSection(S.Name))
      continue;
    Debug.push_back(S.Name.str());
    DebugBytes += S.Size;
  }
  auto Bytes = [](uint64_t N) { return ", " + std::to_string(N) + " bytes"; };
  addStripFindings(Out, R,
                   Debug.empty() ? "" : firstFew(Debug) + Bytes(DebugBytes),
                   Symtab ? Symtab->Name.str() + Bytes(Symtab->Size) : "");
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

namespace {
struct TableAdvice {
  StringRef Table, Id, Fix;
};
} // namespace

static const TableAdvice Advice[] = {
    {"build info", "GS303",
     "build with -trimpath, and replace modules by a path relative to go.mod"},
    {"debug info", "GS304",
     "strip = \"debug\" drops it, or compile the C code with "
     "CGO_CFLAGS=-ffile-prefix-map=FOLDER=."},
    {"pclntab file table", "GS303", "build with -trimpath"},
    {"run path", "GS303",
     "take -rpath out of CGO_LDFLAGS or make it relative to $ORIGIN"},
    {"string data", "GS303",
     "for C code move __FILE__ and assert() out of the cgo preamble or add "
     "-ffile-prefix-map=FOLDER=. to CGO_CFLAGS; for a variable change its -X"},
};

/// What was compiled without -trimpath needs no other advice.
static StringRef adviceFor(const TableAdvice &Row,
                           llvm::ArrayRef<PathResidue> Residues) {
  bool Untrimmed = llvm::any_of(Residues, [](const PathResidue &R) {
    return R.Table == "pclntab file table";
  });
  return Untrimmed ? StringRef("build with -trimpath") : Row.Fix;
}

static void checkPaths(std::vector<Finding> &Out, const Rule<bool> &R,
                       llvm::ArrayRef<PathResidue> Residues) {
  for (const TableAdvice &Row : Advice) {
    std::set<std::string> Owners;
    uint64_t Count = 0;
    StringRef Example;
    for (const PathResidue &Residue : Residues) {
      if (Residue.Table != Row.Table)
        continue;
      Count += Residue.Count;
      if (Example.empty())
        Example = Residue.Path;
      if (!Residue.Package.empty())
        Owners.insert(Residue.Package);
    }
    if (!Count)
      continue;
    std::string Message = "trimpath: asked for, found " +
                          std::to_string(Count) + " absolute path" +
                          (Count == 1 ? "" : "s") + " in " + Row.Table.str();
    if (!Owners.empty())
      Message += " of " + firstFew(std::vector(Owners.begin(), Owners.end()));
    Message += (Count == 1 ? ": " : ", such as ") + Example.str();
    Out.push_back(
        makeFinding(Row.Id, R, std::move(Message), adviceFor(Row, Residues)));
  }
}

std::vector<Finding> goslim::checkResidue(const Image &File, const GoImage &Go,
                                          const Attribution &A, const Rules &R,
                                          llvm::ArrayRef<std::string> Roots) {
  std::vector<Finding> Out;
  if (R.StaticRule.Value && *R.StaticRule.Value)
    checkStatic(Out, File, R.StaticRule);
  if (R.StripRule.Value && *R.StripRule.Value != Strip::None)
    checkStrip(Out, File, R.StripRule);
  if (R.TrimpathRule.Value && *R.TrimpathRule.Value)
    checkPaths(Out, R.TrimpathRule, findAbsolutePaths(File, Go, A, Roots));
  return Out;
}

std::vector<Finding> goslim::checkResidue(const OtherResidue &P,
                                          const Rules &R) {
  std::vector<Finding> Out;
  if (R.StripRule.Value && *R.StripRule.Value != Strip::None)
    addStripFindings(
        Out, R.StripRule,
        P.DebugSize ? "DWARF, " + std::to_string(P.DebugSize) + " bytes" : "",
        P.Symbols ? std::to_string(*P.Symbols) + " symbols" : "");
  if (R.TrimpathRule.Value && *R.TrimpathRule.Value)
    checkPaths(Out, R.TrimpathRule, findAbsolutePaths(P));
  return Out;
}
