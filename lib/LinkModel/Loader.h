//===- Loader.h - all symbols of a link, numbered ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A replay of cmd/link/internal/loader and ld/lib.go (loadlib): libraries in
// the order in which they import each other, objects in that order, then every
// symbol under the number the linker gives it, with its rules for duplicates.
// The number decides ties in the layout of data, so it must be exact.
//
//   pass 1  package symbols of all objects
//   pass 2  per object: short hashed, hashed, and named non-package symbols
//   pass 3  references to named symbols, and what the linker makes itself
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LIB_LINKMODEL_LOADER_H
#define GOSLIM_LIB_LINKMODEL_LOADER_H

#include "goslim/GoObject/Archive.h"
#include "goslim/GoObject/GoObject.h"
#include "goslim/LinkModel/LinkModel.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/CachedHashString.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"
#include <deque>

namespace goslim {

/// A member of an archive that is the C compiler's.
struct HostFile {
  llvm::StringRef Name, Bytes;
};

/// A package, in load order.
struct Library {
  std::string Path; ///< import path; "main"
  std::vector<uint32_t> Objects, Imports;
  bool IsRuntimeDep = false;
  llvm::StringRef Cgo; ///< directives in JSON, or ""
  std::vector<HostFile> HostObjects;
};

struct LoadedObject {
  GoObject Object;
  uint32_t Library = 0;
  std::vector<Sym> Global;             ///< by local index, definitions first
  std::vector<uint32_t> PackageObject; ///< by PkgIdx: index into Objects
};

/// What the linker itself makes, or remakes, with contents of its own.
struct MadeSymbol {
  llvm::StringRef Name;
  uint16_t Abi = 0;
  SymKind Kind = SymKind::Unknown;
  uint64_t Size = 0;
  uint32_t Align = 0;
  std::string Data; ///< "" = not replayed
  struct Address {
    uint32_t Offset;
    Sym Target;
  };
  std::vector<Address> Addresses; ///< pointers in Data
  uint32_t OriginObject = ~0u;    ///< of the definition that it took over
  bool IsUnnamed = false;
  bool IsHost = false;     ///< a section of a C object
  uint32_t HostObject = 0; ///< which, counted over all libraries
  bool HasRelocs = false;  ///< of such a section: Addresses are none
  bool isRelocated() const { return IsHost ? HasRelocs : !Addresses.empty(); }
};

class Loader {
public:
  Loader(const LinkRequest &R) : Request(R), Tables(*R.Tables) {}
  llvm::Error load();

  const LinkRequest &Request;
  const LinkerTables &Tables;
  std::vector<Library> Libraries; ///< load order; [0] is main
  std::vector<LoadedObject> Objects;
  std::vector<uint32_t> Postorder; ///< Libraries, imports first

  uint32_t numSymbols() const { return Symbols.size(); }
  bool isMade(Sym S) const { return Symbols.Where[S].Object == MadeObject; }
  MadeSymbol &made(Sym S) { return Made[Symbols.Where[S].Local]; }
  const MadeSymbol &made(Sym S) const { return Made[Symbols.Where[S].Local]; }
  const LoadedObject &object(Sym S) const {
    return Objects[Symbols.Where[S].Object];
  }
  uint32_t objectIndex(Sym S) const { return Symbols.Where[S].Object; }
  uint32_t local(Sym S) const { return Symbols.Where[S].Local; }
  /// Of a symbol that is not made.
  ObjectSymbol row(Sym S) const { return object(S).Object.symbol(local(S)); }

  llvm::StringRef name(Sym S) const {
    return isMade(S) ? made(S).Name : object(S).Object.name(local(S));
  }
  SymKind kind(Sym S) const {
    return isMade(S) ? made(S).Kind : Symbols.Kind[S];
  }
  /// Of the largest of its definitions where they may differ.
  uint64_t size(Sym S) const {
    return isMade(S) ? made(S).Size : Symbols.Size[S];
  }
  uint32_t align(Sym S) const; ///< 0 = by size
  /// Package that defines S, as an index into Libraries; ~0u for made ones.
  uint32_t library(Sym S) const {
    uint32_t O = isMade(S) ? made(S).OriginObject : Symbols.Where[S].Object;
    return O == ~0u ? ~0u : Objects[O].Library;
  }
  llvm::StringRef data(Sym S) const {
    return isMade(S) ? llvm::StringRef(made(S).Data)
                     : object(S).Object.data(local(S));
  }
  RowRange<ObjectReloc> relocs(Sym S) const {
    return isMade(S) ? RowRange<ObjectReloc>(nullptr, 0)
                     : object(S).Object.relocs(local(S));
  }
  RowRange<ObjectAux> auxs(Sym S) const {
    return isMade(S) ? RowRange<ObjectAux>(nullptr, 0)
                     : object(S).Object.auxs(local(S));
  }
  /// What a reference in the object that defines S means; 0 = nothing.
  Sym resolve(Sym S, SymRef R) const { return resolve(object(S), R); }
  Sym resolve(const LoadedObject &O, SymRef R) const;

  /// By name; 0 when there is none.
  Sym lookup(llvm::StringRef Name, uint16_t Abi) const;
  /// Makes a symbol, or takes over the one of that name.
  Sym make(llvm::StringRef Name, uint16_t Abi, SymKind Kind, uint64_t Size);
  Sym makeUnnamed(SymKind Kind, uint64_t Size, uint32_t Align);
  /// Of a package as symbol names have it, or ~0u.
  uint32_t libraryOfPrefix(llvm::StringRef Prefix) const {
    auto It = ObjectByPrefix.find(Prefix);
    return It == ObjectByPrefix.end() ? ~0u : Objects[It->second].Library;
  }
  /// Owns a composed name.
  llvm::StringRef keepName(const llvm::Twine &Name) {
    return Names.emplace_back(Name.str());
  }
  /// Has been given to the linker's own care (cloneToExternal): its text goes
  /// to the tail of its package.
  void markCloned(Sym S) { Cloned.insert(S); }
  bool isCloned(Sym S) const { return Cloned.contains(S); }

  bool isFlag(Sym S, uint8_t Flag) const {
    return !isMade(S) && (row(S).flag() & Flag);
  }
  bool isFlag2(Sym S, uint8_t Bit) const {
    return !isMade(S) && Bit && (row(S).flag2() & Bit);
  }
  bool isGoType(Sym S) const { return isFlag(S, 64); }
  bool isFromAssembly(Sym S) const {
    return !isMade(S) && (object(S).Object.flags() & GoObject::FromAssembly);
  }
  bool isStatic(Sym S) const {
    return !isMade(S) && row(S).abi() == ObjectSymbol::StaticAbi;
  }

  /// Marked so by some object.
  bool isUsedInIface(Sym S) const { return Symbols.UsedInIface[S]; }

private:
  static constexpr uint32_t MadeObject = ~0u;
  /// Bit of a number that has yet to be found.
  static constexpr Sym Unnumbered = Sym(1) << 31;
  struct Place {
    uint32_t Object, Local;
  };
  /// Column by column: what is asked most lies close together.
  struct SymbolTable {
    std::vector<Place> Where;
    std::vector<uint32_t> Size, MaxAlign;
    std::vector<SymKind> Kind;
    std::vector<bool> UsedInIface;

    uint32_t size() const { return uint32_t(Where.size()); }
    void reserve(size_t Count);
    Sym append(Place P, uint32_t SizeOfIt = 0,
               SymKind KindOfIt = SymKind::Unknown);
    Sym append(const SymbolTable &From, uint32_t First, uint32_t Last);
    void replace(Sym S, Place P, uint32_t NewSize, SymKind NewKind) {
      Where[S] = P, Size[S] = NewSize, Kind[S] = NewKind;
    }
    void note(Sym S, ObjectSymbol Row, uint8_t UsedBit);
  };
  SymbolTable Symbols; ///< [0] = no symbol
  std::deque<MadeSymbol> Made;
  std::deque<std::string> Names;
  llvm::DenseSet<Sym> Cloned;
  llvm::DenseMap<llvm::CachedHashStringRef, Sym> ByName[2];
  std::vector<Sym> Builtins;
  llvm::StringMap<uint32_t> LibraryByPath, ObjectByPrefix;
  struct Merged;
  struct Contents;

  uint32_t addLibrary(llvm::StringRef Path);
  llvm::Error loadLibrary(uint32_t Index);
  llvm::Error loadMember(uint32_t Index, const LinkInput &In,
                         const ArchiveMember &M);
  llvm::Error loadLibraries();
  void orderLibraries();
  void visitLibrary(uint32_t Index, std::vector<uint8_t> &Marks);
  static uint32_t endHashed(const GoObject &O) {
    return O.numSymdef() + O.numHashed64() + O.numHashed();
  }
  void numberSymbols();
  void numberPackage(uint32_t Object);
  void findContents(Contents &C);
  uint32_t findContent(uint32_t Object, uint32_t Local, Contents &C) const;
  void findNamed(uint32_t Object, Merged &Named);
  void mergeNamed(SymbolTable &Table, uint32_t Index, Place With) const;
  void putInLine(Merged &Hashed, Merged &Named);
  llvm::Error findReferences();
  void lookUpReferences(LoadedObject &O) const;
  llvm::Error loadReferences(LoadedObject &O);
  llvm::Error findPackages(LoadedObject &O);
  llvm::StringMap<const LinkInput *> InputByPath;
};

/// The text of an internal/abi.Name: a byte of flags, its length as a varint,
/// its bytes. "" when there is none.
llvm::StringRef nameText(llvm::StringRef Bytes);

/// objabi.PathToPrefix: what an import path looks like in symbol names.
std::string pathToPrefix(llvm::StringRef Path);

} // namespace goslim

#endif // GOSLIM_LIB_LINKMODEL_LOADER_H
