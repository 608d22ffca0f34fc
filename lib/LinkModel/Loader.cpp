//===- Loader.cpp - all symbols of a link, numbered -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/lib.go: loadlib, loadobjfile, ldobj, addImports, postorder.
// loader/loader.go: Preload, LoadSyms, preloadSyms, addSym, loadObjRefs.
//===----------------------------------------------------------------------===//
#include "Loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Parallel.h"
#include <fmt/format.h>
#include <thread>

using namespace goslim;
using llvm::StringRef;

std::string goslim::pathToPrefix(StringRef Path) {
  size_t Slash = Path.rfind('/');
  size_t DotsFrom = Slash == StringRef::npos ? 0 : Slash + 1;
  std::string Out;
  for (size_t I = 0; I < Path.size(); ++I) {
    unsigned char C = static_cast<unsigned char>(Path[I]);
    if (C <= ' ' || (C == '.' && I >= DotsFrom) || C == '%' || C == '"' ||
        C >= 0x7f)
      Out += fmt::format("%{:02x}", C);
    else
      Out += char(C);
  }
  return Out;
}

StringRef goslim::nameText(StringRef Bytes) {
  uint64_t Size = 0;
  unsigned I = 1;
  for (unsigned Shift = 0; I < Bytes.size() && Shift < 32; Shift += 7) {
    uint8_t Byte = uint8_t(Bytes[I++]);
    Size |= uint64_t(Byte & 0x7f) << Shift;
    if (!(Byte & 0x80))
      break;
  }
  return Bytes.substr(I, Size);
}

//===----------------------------------------------------------------------===//
// Libraries
//===----------------------------------------------------------------------===//

static bool isRuntimeDep(const LinkerTables &T, StringRef Path) {
  return llvm::any_of(T.RuntimePackages, [&](StringRef Pattern) {
    if (Pattern.consume_back("/..."))
      return Path.starts_with(Pattern) &&
             Path.substr(Pattern.size()).starts_with("/");
    return Path == Pattern;
  });
}

uint32_t Loader::addLibrary(StringRef Path) {
  auto [It, New] = LibraryByPath.try_emplace(Path, uint32_t(Libraries.size()));
  if (New) {
    Library L;
    L.Path = Path.str();
    L.IsRuntimeDep = isRuntimeDep(Tables, Path);
    Libraries.push_back(std::move(L));
  }
  return It->second;
}

llvm::Error Loader::loadMember(uint32_t Index, const LinkInput &In,
                               const ArchiveMember &M) {
  using Kind = ArchiveMember::Kind;
  if (M.Name.size() < 16 && !M.Name.ends_with(".o") &&
      !M.Name.ends_with(".syso") && !M.Name.empty())
    return llvm::Error::success();
  if (M.What == Kind::GoObject && !M.Cgo.empty())
    Libraries[Index].Cgo = M.Cgo;
  if (M.What == Kind::HostObject)
    Libraries[Index].HostObjects.push_back({M.Name, M.Bytes});
  if (M.What != Kind::GoObject)
    return llvm::Error::success();
  if (minorVersionOf(M.Header) != Tables.Minor)
    return llvm::createStringError(
        fmt::format("{}: expected objects of go1.{}, found \"{}\"", In.Name,
                    Tables.Minor, std::string_view(M.Header)));
  llvm::Expected<GoObject> Object = GoObject::parse(M.object());
  if (!Object)
    return llvm::createStringError(
        fmt::format("{}({}): {}", In.Name, std::string_view(M.Name),
                    llvm::toString(Object.takeError())));
  uint32_t Number = uint32_t(Objects.size());
  ObjectByPrefix.try_emplace(pathToPrefix(In.ImportPath), Number);
  Libraries[Index].Objects.push_back(Number);
  LoadedObject O;
  O.Object = *Object, O.Library = Index;
  Objects.push_back(std::move(O));
  for (uint32_t I = 0; I != Object->numAutolib(); ++I) {
    StringRef Path = Object->autolib(I);
    if (Path == "unsafe")
      continue;
    uint32_t Import = addLibrary(Path);
    Libraries[Index].Imports.push_back(Import);
  }
  return llvm::Error::success();
}

llvm::Error Loader::loadLibrary(uint32_t Index) {
  const LinkInput *In = InputByPath.lookup(Libraries[Index].Path);
  if (!In)
    return llvm::createStringError(
        fmt::format("expected an archive of package {} among the inputs, found "
                    "none",
                    Libraries[Index].Path));
  llvm::Expected<std::vector<ArchiveMember>> Members = readArchive(In->Bytes);
  if (!Members)
    return llvm::createStringError(
        fmt::format("{}: {}", In->Name, llvm::toString(Members.takeError())));
  for (const ArchiveMember &M : *Members)
    if (llvm::Error E = loadMember(Index, *In, M))
      return E;
  return llvm::Error::success();
}

llvm::Error Loader::loadLibraries() {
  for (const LinkInput &In : Request.Archives)
    InputByPath.try_emplace(In.ImportPath, &In);
  addLibrary("main");
  uint32_t Next = 0;
  auto LoadNew = [&]() -> llvm::Error {
    for (; Next < Libraries.size(); ++Next)
      if (llvm::Error E = loadLibrary(Next))
        return E;
    return llvm::Error::success();
  };
  if (llvm::Error E = LoadNew())
    return E;
  if (Request.Race)
    addLibrary("runtime/race");
  if (Request.Msan)
    addLibrary("runtime/msan");
  if (Request.Asan)
    addLibrary("runtime/asan");
  addLibrary("runtime");
  if (llvm::Error E = LoadNew())
    return E;
  if (Request.External && !LibraryByPath.contains("runtime/cgo")) {
    addLibrary("runtime/cgo"); // -linkmode=external without any cgo
    if (llvm::Error E = LoadNew())
      return E;
  }
  return llvm::Error::success();
}

void Loader::visitLibrary(uint32_t Index, std::vector<uint8_t> &Marks) {
  // Deep import chains are some hundreds of packages: the stack holds them.
  if (Marks[Index])
    return;
  Marks[Index] = 1;
  for (uint32_t Import : Libraries[Index].Imports)
    visitLibrary(Import, Marks);
  Postorder.push_back(Index);
}

void Loader::orderLibraries() {
  std::vector<uint8_t> Marks(Libraries.size());
  for (uint32_t I = 0; I != Libraries.size(); ++I)
    visitLibrary(I, Marks);
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// Symbols that are named by the hash of their contents, each content once.
/// They are found without numbers, beside the numbering of the others.
struct Loader::Contents {
  struct Entry {
    uint32_t Object, Local; ///< where it is taken from
    Sym S = 0;              ///< given when its turn comes
  };
  std::vector<Entry> Unique;

  using Key = std::pair<uint64_t, uint64_t>;
  struct KeyInfo {
    static Key getEmptyKey() { return {~0ull, ~0ull}; }
    static Key getTombstoneKey() { return {~0ull, ~0ull - 1}; }
    static unsigned getHashValue(const Key &K) {
      return unsigned(K.first ^ (K.first >> 32));
    }
    static bool isEqual(const Key &X, const Key &Y) { return X == Y; }
  };
  struct Known {
    uint32_t Index, Size; ///< in Unique; of what is taken
  };
  /// Short hashes have 0 as their second word.
  llvm::DenseMap<Key, Known, KeyInfo> Long, Short;
};

uint32_t Loader::findContent(uint32_t Object, uint32_t Local,
                             Contents &C) const {
  const GoObject &O = Objects[Object].Object;
  uint32_t I = Local - O.numSymdef(), Size = O.symbol(Local).size();
  bool IsShort = I < O.numHashed64();
  Contents::Key Key;
  if (IsShort) {
    Key = {O.hash64(I), 0};
  } else {
    const char *Hash = O.hash(I - O.numHashed64()).data();
    Key = {llvm::support::endian::read64le(Hash),
           llvm::support::endian::read64le(Hash + 8)};
  }
  uint32_t Next = uint32_t(C.Unique.size());
  // Our map reserves two keys; nobody finds a hash of all ones.
  bool IsReserved = Key.first == ~0ull && Key.second >= ~0ull - 1;
  if (!IsReserved) {
    auto [It, New] = (IsShort ? C.Short : C.Long)
                         .try_emplace(Key, Contents::Known{Next, Size});
    if (!New) {
      // The same bytes with more zeros behind: the larger one stays.
      Contents::Known &Old = It->second;
      if (Size > Old.Size) {
        C.Unique[Old.Index] = {Object, Local, 0};
        Old.Size = Size;
      }
      return Old.Index;
    }
  }
  C.Unique.push_back({Object, Local, 0});
  return Next;
}

/// Leaves in Global, for the time being, each one's index into C.Unique.
void Loader::findContents(Contents &C) {
  size_t Count = 0;
  for (const LoadedObject &O : Objects)
    Count += O.Object.numHashed();
  C.Long.reserve(unsigned(Count / 2));
  for (uint32_t N = 0; N != Objects.size(); ++N) {
    const GoObject &O = Objects[N].Object;
    uint32_t End = O.numSymdef() + O.numHashed64() + O.numHashed();
    for (uint32_t I = O.numSymdef(); I != End; ++I)
      Objects[N].Global[I] = findContent(N, I, C);
  }
}

static bool isDataKind(SymKind K) {
  return K == SymKind::NoptrData || K == SymKind::NoptrDataFips ||
         K == SymKind::Data || K == SymKind::DataFips || K == SymKind::Bss ||
         K == SymKind::NoptrBss;
}
static bool isTextKind(SymKind K) {
  return K == SymKind::Text || K == SymKind::TextFips;
}

/// The table in addSym (Go 1.24; before, the last two rows did not fix sizes,
/// which only matters to programs that declare a variable twice).
void Loader::mergeNamed(Sym Old, uint32_t Object, uint32_t Local) {
  const GoObject &O = Objects[Object].Object;
  ObjectSymbol New = O.symbol(Local);
  uint64_t OldSize = size(Old), NewSize = New.size();
  if (New.isDupok()) {
    if (OldSize < NewSize)
      Where[Old] = {Object, Local};
    return;
  }
  ObjectSymbol Was = row(Old);
  if (Was.isDupok()) // stays, as the linker has it
    return;
  SymKind OldKind = Tables.symKind(Was.type());
  SymKind NewKind = Tables.symKind(New.type());
  bool OldIsBss = isDataKind(OldKind) && data(Old).empty();
  bool NewHasContent = !O.data(Local).empty();
  bool NewIsBss = isDataKind(NewKind) && !NewHasContent;
  if ((isTextKind(NewKind) && OldIsBss) || (NewHasContent && OldIsBss) ||
      (NewIsBss && OldIsBss && NewSize > OldSize)) {
    Where[Old] = {Object, Local};
    if (OldSize > NewSize)
      FixedSizes[Old] = OldSize;
  } else if (NewIsBss && NewSize > OldSize) {
    FixedSizes[Old] = NewSize;
  }
}

Sym Loader::addNamed(uint32_t Object, uint32_t Local) {
  const GoObject &O = Objects[Object].Object;
  ObjectSymbol Row = O.symbol(Local);
  StringRef Name = O.name(Row);
  if (Name.empty() || Row.abi() == ObjectSymbol::StaticAbi || Row.abi() > 1)
    return append(Object, Local);
  bool IsPackageSymbol = Local < O.numSymdef();
  auto [It, New] =
      ByName[Row.abi()].try_emplace(llvm::CachedHashStringRef(Name), 0);
  if (New || IsPackageSymbol)
    return It->second = append(Object, Local);
  mergeNamed(It->second, Object, Local);
  return It->second;
}

void Loader::numberRange(uint32_t Object, uint32_t First, uint32_t Last,
                         Contents *Hashed) {
  LoadedObject &O = Objects[Object];
  bool IsRuntime = Libraries[O.Library].Path == "runtime";
  for (uint32_t I = First; I != Last; ++I) {
    Sym S = 0;
    if (Hashed) {
      Contents::Entry &E = Hashed->Unique[O.Global[I]];
      S = E.S = E.S ? E.S : append(E.Object, E.Local);
    } else {
      S = addNamed(Object, I);
    }
    O.Global[I] = S;
    if (S >= MaxAlign.size()) {
      MaxAlign.resize(size_t(S) + 1 + S / 2);
      UsedInIface.resize(unsigned(MaxAlign.size()));
    }
    ObjectSymbol Row = O.Object.symbol(I);
    MaxAlign[S] = std::max(MaxAlign[S], Row.align());
    if (Row.flag2() & Tables.UsedInIface)
      UsedInIface.set(S);
    if (Hashed || Row.abi() > 1)
      continue;
    StringRef Name = O.Object.name(Row);
    if (Name.starts_with("runtime.") ||
        (IsRuntime && Name.starts_with("type:")))
      if (auto It =
              BuiltinIndex[Row.abi()].find(llvm::CachedHashStringRef(Name));
          It != BuiltinIndex[Row.abi()].end())
        Builtins[It->second] = S;
  }
}

llvm::Error Loader::findPackages(LoadedObject &O) {
  uint32_t Count = O.Object.numPackages();
  O.PackageObject.assign(Count, ~0u);
  for (uint32_t I = 1; I < Count; ++I) {
    StringRef Package = O.Object.package(I);
    auto It = ObjectByPrefix.find(Package);
    if (It == ObjectByPrefix.end())
      return llvm::createStringError(
          fmt::format("{}: expected package {} among the inputs, found none",
                      Libraries[O.Library].Path, std::string_view(Package)));
    O.PackageObject[I] = It->second;
  }
  return llvm::Error::success();
}

/// What there is of the names that O refers to.
void Loader::lookUpReferences(LoadedObject &O) const {
  uint32_t Defs = O.Object.numDefs();
  for (uint32_t I = 0; I != O.Object.numNonpkgref(); ++I) {
    ObjectSymbol Row = O.Object.symbol(Defs + I);
    O.Global[Defs + I] = lookup(O.Object.name(Row), Row.abi());
  }
}

llvm::Error Loader::loadReferences(LoadedObject &O) {
  uint32_t Defs = O.Object.numDefs();
  for (uint32_t I = 0; I != O.Object.numNonpkgref(); ++I) {
    ObjectSymbol Row = O.Object.symbol(Defs + I);
    Sym &S = O.Global[Defs + I];
    if (!S) // an object before this one may have made it
      S = lookup(O.Object.name(Row), Row.abi());
    if (!S)
      S = make(O.Object.name(Row), Row.abi(), SymKind::Unknown, 0);
    if (Row.flag2() & Tables.UsedInIface)
      UsedInIface.set(S);
  }
  if (llvm::Error E = findPackages(O))
    return E;
  for (uint32_t I = 0; I != O.Object.numRefFlags(); ++I) {
    GoObject::RefFlag F = O.Object.refFlag(I);
    if (F.Flag2 & Tables.UsedInIface)
      UsedInIface.set(resolve(O, F.Symbol));
  }
  return llvm::Error::success();
}

llvm::Error Loader::numberSymbols() {
  Builtins.assign(Tables.Builtins.size(), 0);
  for (uint32_t I = 0; I != Tables.Builtins.size(); ++I)
    if (Tables.Builtins[I].Abi <= 1)
      BuiltinIndex[Tables.Builtins[I].Abi].try_emplace(
          llvm::CachedHashStringRef(Tables.Builtins[I].Name), I);
  size_t Package = 0, Others = 0;
  for (LoadedObject &O : Objects) {
    O.Global.assign(O.Object.numSymbols(), 0);
    Package += O.Object.numSymdef();
    Others += O.Object.numSymbols() - O.Object.numSymdef();
  }
  Where.reserve(Package + Others);
  Where.assign(1, {MadeObject, 0});
  Made.emplace_back();
  ByName[0].reserve(unsigned(Package / 2)),
      ByName[1].reserve(unsigned(Package));
  Contents Hashed;
  std::thread Finding([&] { findContents(Hashed); });
  for (uint32_t N = 0; N != Objects.size(); ++N)
    numberRange(N, 0, Objects[N].Object.numSymdef(), nullptr);
  Finding.join();
  for (uint32_t N = 0; N != Objects.size(); ++N) {
    const GoObject &O = Objects[N].Object;
    uint32_t EndHashed = O.numSymdef() + O.numHashed64() + O.numHashed();
    numberRange(N, O.numSymdef(), EndHashed, &Hashed);
    numberRange(N, EndHashed, O.numDefs(), nullptr);
  }
  llvm::parallelFor(0, Objects.size(),
                    [&](size_t N) { lookUpReferences(Objects[N]); });
  for (LoadedObject &O : Objects)
    if (llvm::Error E = loadReferences(O))
      return E;
  return llvm::Error::success();
}

llvm::Error Loader::load() {
  if (llvm::Error E = loadLibraries())
    return E;
  if (llvm::Error E = numberSymbols())
    return E;
  orderLibraries();
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Asking
//===----------------------------------------------------------------------===//

Sym Loader::resolve(const LoadedObject &O, SymRef R) const {
  switch (R.Package) {
  case SymRef::Self:
  case SymRef::Hashed64:
  case SymRef::Hashed:
  case SymRef::None: {
    int64_t Local = O.Object.localIndex(R);
    return Local < 0 ? 0 : O.Global[size_t(Local)];
  }
  case SymRef::Builtin:
    return R.Symbol < Builtins.size() ? Builtins[R.Symbol] : 0;
  default:
    break;
  }
  if (R.Package == 0 || R.Package >= O.PackageObject.size())
    return 0;
  const LoadedObject &Other = Objects[O.PackageObject[R.Package]];
  return R.Symbol < Other.Object.numSymdef() ? Other.Global[R.Symbol] : 0;
}

SymKind Loader::kind(Sym S) const {
  return isMade(S) ? made(S).Kind : Tables.symKind(row(S).type());
}

uint64_t Loader::size(Sym S) const {
  if (isMade(S))
    return made(S).Size;
  if (!FixedSizes.empty())
    if (auto It = FixedSizes.find(S); It != FixedSizes.end())
      return It->second;
  return row(S).size();
}

uint32_t Loader::align(Sym S) const {
  uint32_t Own = S < MaxAlign.size() ? MaxAlign[S] : 0;
  return isMade(S) && made(S).Align ? made(S).Align : Own;
}

Sym Loader::lookup(StringRef Name, uint16_t Abi) const {
  if (Abi > 1)
    return 0;
  return ByName[Abi].lookup(llvm::CachedHashStringRef(Name));
}

Sym Loader::make(StringRef Name, uint16_t Abi, SymKind Kind, uint64_t Size) {
  Sym S = lookup(Name, Abi);
  if (S && isMade(S)) {
    made(S).Kind = Kind, made(S).Size = Size;
    return S;
  }
  MadeSymbol M;
  M.Name = Name, M.Abi = Abi, M.Kind = Kind, M.Size = Size;
  if (S)
    M.OriginObject = Where[S].Object;
  Place At = {MadeObject, uint32_t(Made.size())};
  Made.push_back(std::move(M));
  if (S) {
    Where[S] = At;
    return S;
  }
  Where.push_back(At);
  S = Sym(Where.size() - 1);
  if (S >= MaxAlign.size()) {
    MaxAlign.resize(size_t(S) + 1 + S / 2);
    UsedInIface.resize(unsigned(MaxAlign.size()));
  }
  if (Abi <= 1)
    ByName[Abi][llvm::CachedHashStringRef(Name)] = S;
  return S;
}

Sym Loader::makeUnnamed(SymKind Kind, uint64_t Size, uint32_t Align) {
  MadeSymbol M;
  M.Kind = Kind, M.Size = Size, M.Align = Align, M.IsUnnamed = true;
  Where.push_back({MadeObject, uint32_t(Made.size())});
  Made.push_back(std::move(M));
  Sym S = Sym(Where.size() - 1);
  if (S >= MaxAlign.size()) {
    MaxAlign.resize(size_t(S) + 1 + S / 2);
    UsedInIface.resize(unsigned(MaxAlign.size()));
  }
  return S;
}
