//===- Loader.cpp - all symbols of a link, numbered -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ld/lib.go: loadlib, loadobjfile, ldobj, addImports, postorder.
// loader/loader.go: LoadSyms, loadObjRefs. Numbers are given in Numbering.cpp.
//===----------------------------------------------------------------------===//
#include "Loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Parallel.h"
#include <fmt/format.h>

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
// References
//===----------------------------------------------------------------------===//

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
      Symbols.UsedInIface[S] = true;
  }
  if (llvm::Error E = findPackages(O))
    return E;
  for (uint32_t I = 0; I != O.Object.numRefFlags(); ++I) {
    GoObject::RefFlag F = O.Object.refFlag(I);
    if (F.Flag2 & Tables.UsedInIface)
      Symbols.UsedInIface[resolve(O, F.Symbol)] = true;
  }
  return llvm::Error::success();
}

llvm::Error Loader::findReferences() {
  for (uint32_t I = 0; I != Tables.Builtins.size(); ++I)
    Builtins.push_back(lookup(Tables.Builtins[I].Name, Tables.Builtins[I].Abi));
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
  numberSymbols();
  if (llvm::Error E = findReferences())
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

uint32_t Loader::align(Sym S) const {
  return isMade(S) && made(S).Align ? made(S).Align : Symbols.MaxAlign[S];
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
    M.OriginObject = Symbols.Where[S].Object;
  Place At = {MadeObject, uint32_t(Made.size())};
  Made.push_back(std::move(M));
  if (S) {
    Symbols.Where[S] = At;
    return S;
  }
  S = Symbols.append(At);
  if (Abi <= 1)
    ByName[Abi][llvm::CachedHashStringRef(Name)] = S;
  return S;
}

Sym Loader::makeUnnamed(SymKind Kind, uint64_t Size, uint32_t Align) {
  MadeSymbol M;
  M.Kind = Kind, M.Size = Size, M.Align = Align, M.IsUnnamed = true;
  Made.push_back(std::move(M));
  return Symbols.append({MadeObject, uint32_t(Made.size() - 1)});
}
