//===- Dump.cpp - goslim dump ---------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the link reads, as it was read: members, symbols, relocations, cgo
// directives of package archives and objects. The letters and the columns are
// those of go tool nm.
//===----------------------------------------------------------------------===//
#include "Driver.h"
#include "Isolate.h"
#include "goslim/Base/FileIO.h"
#include "goslim/GoObject/Archive.h"
#include "goslim/GoObject/GoObject.h"
#include "goslim/GoObject/LinkerTables.h"
#include "goslim/LinkModel/Replay.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;
using llvm::StringRef;

namespace {

struct DumpOptions {
  bool Members = false, Relocs = false, Cgo = false;
};

/// One object of an archive, with the tables of its version.
struct Member {
  const char *FileBegin;
  GoObject Object;
  const LinkerTables *Tables; ///< null: version not known
};

} // namespace

/// cmd/internal/objfile/goobj.go: lower case is for static symbols.
static char letterOf(const Member &Of, ObjectSymbol S) {
  char Letter = '?';
  switch (Of.Tables ? Of.Tables->symKind(S.type()) : SymKind::Unknown) {
  case SymKind::Text:
  case SymKind::TextFips:
    Letter = 'T';
    break;
  case SymKind::Rodata:
  case SymKind::RodataFips:
    Letter = 'R';
    break;
  case SymKind::NoptrData:
  case SymKind::NoptrDataFips:
  case SymKind::Data:
  case SymKind::DataFips:
    Letter = 'D';
    break;
  case SymKind::Bss:
  case SymKind::NoptrBss:
  case SymKind::TlsBss:
    Letter = 'B';
    break;
  default:
    break;
  }
  return S.abi() == ObjectSymbol::StaticAbi && Letter != '?' ? char(Letter + 32)
                                                             : Letter;
}

static std::string targetName(const Member &Of, SymRef R) {
  if (int64_t Local = Of.Object.localIndex(R); Local >= 0)
    return Of.Object.name(uint32_t(Local)).str();
  if (R.Package == SymRef::Builtin && Of.Tables &&
      R.Symbol < Of.Tables->Builtins.size())
    return Of.Tables->Builtins[R.Symbol].Name.str();
  if (R.Package < Of.Object.numPackages())
    return (Of.Object.package(R.Package) + "#" + llvm::Twine(R.Symbol)).str();
  return "";
}

static void printRelocs(const Member &Of, uint32_t I, llvm::raw_ostream &OS) {
  for (ObjectReloc R : Of.Object.relocs(I)) {
    StringRef Name = Of.Tables ? Of.Tables->relocName(R.type()) : "";
    OS << "    " << llvm::format_hex(uint64_t(uint32_t(R.offset())), 6) << ' ';
    if (Name.empty())
      OS << "reloc " << (R.type() & ~ObjectReloc::Weak);
    else
      OS << Name;
    OS << (R.isWeak() ? " weak" : "") << " size " << unsigned(R.size()) << ' '
       << targetName(Of, R.symbol());
    if (R.addend())
      OS << (R.addend() > 0 ? "+" : "") << R.addend();
    OS << '\n';
  }
}

static void printSymbols(const Member &Of, const DumpOptions &O,
                         llvm::raw_ostream &OS) {
  const GoObject &Object = Of.Object;
  for (uint32_t I = 0; I < Object.numSymbols(); ++I) {
    ObjectSymbol S = Object.symbol(I);
    if (I >= Object.numDefs()) {
      OS << llvm::format("%8s %10s U ", "", "") << Object.name(S) << '\n';
      continue;
    }
    StringRef Data = Object.data(I);
    uint64_t Offset = Data.empty() ? 0 : uint64_t(Data.data() - Of.FileBegin);
    OS << llvm::format("%8llx %10u %c ", (unsigned long long)Offset,
                       unsigned(S.size()), letterOf(Of, S))
       << Object.name(S) << '\n';
    if (O.Relocs)
      printRelocs(Of, I, OS);
  }
}

static StringRef memberKindName(ArchiveMember::Kind K) {
  static constexpr StringRef Names[] = {"package data", "go object",
                                        "host object", "sentinel", "other"};
  return Names[unsigned(K)];
}

static llvm::Error dumpArchive(StringRef Bytes, const DumpOptions &O,
                               llvm::raw_ostream &OS) {
  llvm::Expected<std::vector<ArchiveMember>> Members = readArchive(Bytes);
  if (!Members)
    return Members.takeError();
  for (const ArchiveMember &M : *Members) {
    if (O.Members) {
      OS << llvm::format("%8llx %10llu ", (unsigned long long)M.Offset,
                         (unsigned long long)M.Bytes.size())
         << memberKindName(M.What) << ' ' << M.Name
         << (M.Header.empty() ? "" : " ") << M.Header << '\n';
      continue;
    }
    if (M.What != ArchiveMember::Kind::GoObject)
      continue;
    if (O.Cgo) {
      OS << M.Cgo << (M.Cgo.empty() || M.Cgo.ends_with("\n") ? "" : "\n");
      continue;
    }
    llvm::Expected<GoObject> Object = GoObject::parse(M.object());
    if (!Object)
      return llvm::createStringError(M.Name + ": " +
                                     llvm::toString(Object.takeError()));
    printSymbols(
        {Bytes.data(), *Object, linkerTables(minorVersionOf(M.Header))}, O, OS);
  }
  return llvm::Error::success();
}

static int dumpFile(const std::string &Path, const DumpOptions &O,
                    llvm::raw_ostream &OS) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path, false, false);
  if (!Buffer)
    return printError(fail("{}: {}", Path, Buffer.getError().message()));
  if (llvm::Error E = dumpArchive((*Buffer)->getBuffer(), O, OS))
    return printError(fail("{}: {}", Path, llvm::toString(std::move(E))));
  return ExitClean;
}

/// What dead-code elimination left, by the linker's numbers.
static int dumpKept(const std::string &Path, llvm::raw_ostream &OS) {
  llvm::Expected<std::unique_ptr<Image>> File = Image::open(Path);
  if (!File)
    return printError(File.takeError());
  GoImage Go = readGoImage(**File);
  Replay Link = replayLink(**File, Go);
  if (!Link.Model)
    return printError(
        fail("{}: {}", Path,
             Go.isGo() ? Link.Why : "expected a Go program, found none"));
  llvm::DenseMap<Sym, const Placement *> Placed;
  for (const Placement &P : Link.Model->placements())
    Placed[P.Symbol] = &P;
  for (Sym S = 1; S < Link.Model->numSymbols(); ++S) {
    if (!Link.Model->isReachable(S))
      continue;
    if (const Placement *P = Placed.lookup(S))
      OS << llvm::format("%8llx %10llu ", (unsigned long long)P->Address,
                         (unsigned long long)P->Size)
         << groupName(P->In) << ' ';
    else
      OS << llvm::format("%8s %10s - ", "", "");
    OS << Link.Model->name(S) << '\n';
  }
  return ExitClean;
}

/// GOROOT of a release says in VERSION which one it is.
static int dumpLinkerTables(const std::string &Goroot) {
  Result<std::string> Version = readFile(Goroot + "/VERSION");
  if (!Version)
    return printError(Version.failure());
  unsigned Minor = minorVersionOf("go object linux amd64 " +
                                  Version->substr(0, Version->find('\n')));
  llvm::Expected<std::string> Text = printLinkerTables(Goroot, Minor);
  if (!Text)
    return printError(Text.takeError());
  llvm::outs() << *Text;
  return ExitClean;
}

int goslim::runDump(const Options &O) {
  DumpOptions D{O.has("members"), O.has("relocs"), O.has("cgo")};
  int Worst = ExitClean;
  for (const std::string &Path : O.Operands) {
    if (O.has("linker-tables")) {
      Worst = std::max(Worst, dumpLinkerTables(Path));
      continue;
    }
    Worst = std::max(Worst, runIsolated(Path, [&](llvm::raw_ostream &OS) {
                       if (O.Operands.size() > 1)
                         OS << Path << ":\n";
                       return O.has("kept") ? dumpKept(Path, OS)
                                            : dumpFile(Path, D, OS);
                     }));
  }
  return Worst;
}
