//===- AbsolutePaths.cpp - paths of the build machine -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables of file names are read entry by entry. Data is scanned once for "/":
// at each, a few bytes decide whether it can begin a path that counts, so that
// 100 MB take some ten milliseconds. What counts is narrow, since a program may
// well speak of "/etc/passwd" or "/usr/lib": see startsSuspect and isCSource.
// go's own stand-ins, "/_/MODULE" and "/tmp/go-build", are no residue.
//===----------------------------------------------------------------------===//
#include "PathOwner.h"
#include "goslim/Rules/Residue.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <map>

using namespace goslim;
using llvm::ArrayRef;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// What a path looks like
//===----------------------------------------------------------------------===//

static bool isPathChar(char C) {
  return llvm::isAlnum(C) || StringRef("/._-+@~!=,%#").contains(C);
}

static bool isAbsolute(StringRef Path) {
  return Path.starts_with("/") ||
         (Path.size() > 3 && llvm::isAlpha(Path[0]) && Path[1] == ':' &&
          (Path[2] == '\\' || Path[2] == '/'));
}

/// What go and the C compiler put in place of a folder when they trim.
static bool isStandIn(StringRef Path) {
  if (Path.starts_with("/_/"))
    return true;
  return Path.consume_front("/tmp/go-build") &&
         (Path.empty() || !llvm::isDigit(Path[0]));
}

/// Headers and libraries of the system, the same on every machine; but for a
/// GOROOT ("/usr/lib/go-1.26/src").
static bool isSystemPath(StringRef Path) {
  if (Path.contains("/src/"))
    return false;
  for (StringRef Prefix :
       {"/usr/include", "/usr/lib", "/usr/local/include", "/lib", "/etc/",
        "/proc/", "/sys/", "/dev/", "/usr/share/", "/usr/bin/", "/bin/"})
    if (Path.starts_with(Prefix))
      return true;
  return false;
}

static bool hasSourceSuffix(StringRef Path) {
  for (StringRef Suffix :
       {".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".inc", ".s",
        ".S", ".m", ".mm", ".go", ".rs", ".f90"})
    if (Path.ends_with(Suffix))
      return true;
  return false;
}

/// The beginning of a path of someone's machine, whatever follows.
static bool startsSuspect(StringRef Path) {
  for (StringRef Prefix : {"/home/", "/root/", "/Users/", "/builds/",
                           "/var/folders/", "/tmp/go-build"})
    if (Path.starts_with(Prefix))
      return !isStandIn(Path) && Path.size() > Prefix.size();
  return false;
}

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

namespace {
class Collector {
public:
  Collector(const Image &File, const GoImage &Go, const Attribution &A,
            ArrayRef<std::string> Roots)
      : File(File), Go(Go), Owner(Go, A) {
    // A root of one element ("/app") is too common a word by itself.
    for (StringRef Root : Roots) {
      Root = Root.rtrim('/');
      if (Root.count('/') >= 1 && isAbsolute(Root))
        this->Roots.push_back({Root.str(), Root.count('/') < 2});
    }
  }

  void pclntab();
  void buildInfo();
  void runPath();
  void debugInfo();
  void stringData();
  std::vector<PathResidue> take();

private:
  struct Root {
    std::string Path;
    bool Short;
  };
  void add(StringRef Table, StringRef Path, uint64_t Offset,
           std::string Package);
  bool underRoot(StringRef Text) const;
  void scanStrings(const ImageSection &S, StringRef Bytes);
  void scanData(const ImageSection &S);

  const Image &File;
  const GoImage &Go;
  PathOwner Owner;
  std::vector<Root> Roots;
  /// By table, package and folder.
  std::map<std::tuple<std::string, std::string, std::string>, PathResidue>
      Found;
};
} // namespace

void Collector::add(StringRef Table, StringRef Path, uint64_t Offset,
                    std::string Package) {
  StringRef Folder = Path.take_front(Path.find_last_of("/\\"));
  PathResidue &R = Found[{Table.str(), Package, Folder.str()}];
  if (!R.Path.empty()) {
    ++R.Count;
    return;
  }
  R = {Path.str(), std::move(Package), Table.str(), Offset, 1};
}

std::vector<PathResidue> Collector::take() {
  std::vector<PathResidue> Out;
  for (auto &[Key, Residue] : Found)
    Out.push_back(std::move(Residue));
  return Out;
}

/// Text is what follows some "/" on. A Go string has no end that can be seen
/// in the data, so a short root needs a source file's name behind it.
bool Collector::underRoot(StringRef Text) const {
  for (const Root &R : Roots) {
    StringRef Rest = Text;
    if (!Rest.consume_front(R.Path))
      continue;
    if (!R.Short && (Rest.empty() || Rest[0] == '/' || !isPathChar(Rest[0])))
      return true;
    if (Rest.starts_with("/") && hasSourceSuffix(Rest.take_while(isPathChar)))
      return true;
  }
  return false;
}

void Collector::pclntab() {
  if (!Go.Pcln)
    return;
  for (StringRef Path : Go.Pcln->Files)
    if (isAbsolute(Path) && !isStandIn(Path))
      add("pclntab file table", Path, Path.data() - File.bytes().data(),
          Owner.ofGoFile(Path));
}

void Collector::buildInfo() {
  if (!Go.BuildInfo)
    return;
  const ModInfo &Info = Go.BuildInfo->Info;
  uint64_t Offset = Go.BuildInfo->Where.Offset;
  for (const ModInfo::Module &Dep : Info.Deps)
    if (isAbsolute(Dep.ReplacePath))
      add("build info", Dep.ReplacePath, Offset, "");
  for (const auto &[Key, Value] : Info.Settings) {
    StringRef Text = Value;
    for (size_t At = Text.find('/'); At != StringRef::npos;
         At = Text.find('/', At + 1)) {
      StringRef Path = Text.drop_front(At).take_while(isPathChar);
      bool Starts = At == 0 || !isPathChar(Text[At - 1]) ||
                    Text[At - 1] == '=' || llvm::isAlpha(Text[At - 1]);
      if (Starts && (startsSuspect(Path) || underRoot(Path))) {
        add("build info", Path, Offset, "");
        At += Path.size() - 1;
      }
    }
  }
}

void Collector::runPath() {
  llvm::Expected<Image::Dynamic> Dynamic = File.dynamic();
  if (!Dynamic)
    return llvm::consumeError(Dynamic.takeError());
  for (StringRef Entry : Dynamic->RunPath) {
    llvm::SmallVector<StringRef> Folders;
    Entry.split(Folders, ':', -1, false);
    for (StringRef Folder : Folders)
      if (startsSuspect(Folder) || underRoot(Folder))
        add("run path", Folder, Folder.data() - File.bytes().data(), "");
  }
}

/// Strings that end with NUL and begin with a path: file and folder names.
void Collector::scanStrings(const ImageSection &S, StringRef Bytes) {
  const char *Begin = Bytes.begin();
  for (const char *P = Begin; P < Bytes.end(); ++P) {
    P = static_cast<const char *>(memchr(P, '/', Bytes.end() - P));
    if (!P)
      return;
    if (P != Begin && P[-1] != 0)
      continue;
    StringRef Path = StringRef(P, Bytes.end() - P).take_while(isPathChar);
    const char *End = P + Path.size();
    bool Plausible = End < Bytes.end() && *End == 0 && Path.count('/') >= 2 &&
                     Path.size() >= 8;
    if (Plausible && !isStandIn(Path) && !isSystemPath(Path))
      add("debug info", Path,
          S.isCompressed() ? S.Offset : S.Offset + (P - Begin),
          hasSourceSuffix(Path) ? Owner.ofPath(Path) : Owner.ofFolder(Path));
    P = End;
  }
}

void Collector::debugInfo() {
  uint64_t Limit = 16 * File.size() + (64 << 20);
  for (const ImageSection &S : File.sections()) {
    StringRef Name = S.Name;
    if (!Name.consume_front(".debug_") && !Name.consume_front(".zdebug_"))
      continue;
    // .debug_info holds references to these.
    if (Name != "line" && Name != "line_str" && Name != "str" &&
        Name != "gdb_scripts")
      continue;
    llvm::Expected<std::vector<uint8_t>> Bytes = File.contents(S, Limit);
    if (Bytes)
      scanStrings(S, StringRef(reinterpret_cast<const char *>(Bytes->data()),
                               Bytes->size()));
    else
      llvm::consumeError(Bytes.takeError());
  }
}

/// __FILE__ in C: NUL before and behind, and a source file's name.
static bool isCSource(StringRef Data, size_t At, StringRef Path) {
  size_t End = At + Path.size();
  return (At == 0 || Data[At - 1] == 0) && End < Data.size() &&
         Data[End] == 0 && Path.count('/') >= 2 && hasSourceSuffix(Path) &&
         !isSystemPath(Path) && !isStandIn(Path);
}

/// A file of the module cache, "/pkg/mod/HOST/NAME@v1.2.3/...".
static bool isModuleCacheFile(StringRef Path) {
  size_t At = Path.find("/pkg/mod/");
  return At != StringRef::npos && Path.find("@v", At) != StringRef::npos &&
         hasSourceSuffix(Path);
}

void Collector::scanData(const ImageSection &S) {
  if (S.Offset > File.size() || S.Size > File.size() - S.Offset)
    return;
  StringRef Data = File.bytes().substr(S.Offset, S.Size);
  for (size_t At = Data.find('/'); At != StringRef::npos;
       At = Data.find('/', At + 1)) {
    StringRef Text = Data.drop_front(At).take_front(4096);
    if (Text.size() < 4 || !isPathChar(Text[1]) || Text[1] == '/')
      continue;
    bool Root = underRoot(Text);
    if (!Root && At != 0 && Data[At - 1] != 0 && !startsSuspect(Text))
      continue;
    StringRef Path = Text.take_while(isPathChar);
    bool Counts = Root || isCSource(Data, At, Path) ||
                  (startsSuspect(Path) && isModuleCacheFile(Path));
    if (!Counts || isStandIn(Path))
      continue;
    uint64_t Offset = S.Offset + At;
    std::string Package = Owner.ofOffset(Offset);
    if (Package.empty())
      Package = Owner.ofPath(Path);
    if (Package.empty())
      Package = Owner.onlyCgoPackage();
    add("string data", Path, Offset, std::move(Package));
    At += Path.size() - 1;
  }
}

void Collector::stringData() {
  for (const ImageSection &S : File.sections()) {
    bool Data = S.Type == llvm::ELF::SHT_PROGBITS && S.isAlloc() &&
                !(S.Flags & llvm::ELF::SHF_EXECINSTR);
    // Read as tables above, or without strings.
    bool Table = S.Name.contains("gopclntab") || S.Name == ".go.buildinfo" ||
                 S.Name.starts_with(".eh_frame") || S.Name == ".interp" ||
                 S.Name == ".typelink" || S.Name == ".itablink";
    if (Data && !Table)
      scanData(S);
  }
}

std::vector<PathResidue>
goslim::findAbsolutePaths(const Image &File, const GoImage &Go,
                          const Attribution &A, ArrayRef<std::string> Roots) {
  Collector C(File, Go, A, Roots);
  C.pclntab();
  C.buildInfo();
  C.runPath();
  C.debugInfo();
  C.stringData();
  return C.take();
}

std::vector<PathResidue> goslim::findAbsolutePaths(const OtherResidue &P) {
  std::vector<PathResidue> Out;
  for (const std::string &Path : P.SourceFiles)
    if (isAbsolute(Path) && !isStandIn(Path))
      Out.push_back({Path, "", "pclntab file table"});
  if (P.Info)
    for (const ModInfo::Module &Dep : P.Info->Deps)
      if (isAbsolute(Dep.ReplacePath))
        Out.push_back({Dep.ReplacePath, "", "build info"});
  return Out;
}
