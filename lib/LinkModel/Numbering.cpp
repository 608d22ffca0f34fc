//===- Numbering.cpp - every symbol gets its number -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// loader/loader.go: Preload, LoadSyms, preloadSyms, addSym, checkHash. Numbers
// are given in the order of the objects, but which of several definitions stays
// does not depend on them. So symbols named by their contents are merged beside
// those that have names, both without numbers, and then put in line.
//===----------------------------------------------------------------------===//
#include "Loader.h"
#include "llvm/Support/Parallel.h"
#include <thread>

using namespace goslim;
using llvm::StringRef;

/// What several objects may define, in the order in which it was seen first.
struct Loader::Merged {
  SymbolTable Symbols;         ///< numbered from 0
  std::vector<uint32_t> Begin; ///< by object: the first that it brought
  std::vector<Sym> Final;      ///< by index in Symbols
};

/// Symbols that are named by the hash of their contents, each content once.
struct Loader::Contents : Merged {
  using Key = std::pair<uint64_t, uint64_t>;
  struct KeyInfo {
    static Key getEmptyKey() { return {~0ull, ~0ull}; }
    static Key getTombstoneKey() { return {~0ull, ~0ull - 1}; }
    static unsigned getHashValue(const Key &K) {
      return unsigned(K.first ^ (K.first >> 32));
    }
    static bool isEqual(const Key &X, const Key &Y) { return X == Y; }
  };
  /// Indices into Symbols. Short hashes have 0 as their second word.
  llvm::DenseMap<Key, uint32_t, KeyInfo> Long, Short;
};

void Loader::SymbolTable::reserve(size_t Count) {
  Where.reserve(Count), Size.reserve(Count), MaxAlign.reserve(Count);
  Kind.reserve(Count), UsedInIface.reserve(Count);
}

Sym Loader::SymbolTable::append(Place P, uint32_t SizeOfIt, SymKind KindOfIt) {
  Where.push_back(P), Size.push_back(SizeOfIt), MaxAlign.push_back(0);
  Kind.push_back(KindOfIt), UsedInIface.push_back(false);
  return size() - 1;
}

void Loader::SymbolTable::note(Sym S, ObjectSymbol Row, uint8_t UsedBit) {
  MaxAlign[S] = std::max(MaxAlign[S], Row.align());
  if (Row.flag2() & UsedBit)
    UsedInIface[S] = true;
}

/// From's symbols [First, Last) behind the others. The number of the first.
Sym Loader::SymbolTable::append(const SymbolTable &From, uint32_t First,
                                uint32_t Last) {
  Sym Next = size();
  auto Add = [&](auto &To, const auto &Of) {
    To.insert(To.end(), Of.begin() + First, Of.begin() + Last);
  };
  Add(Where, From.Where), Add(Size, From.Size), Add(MaxAlign, From.MaxAlign);
  Add(Kind, From.Kind), Add(UsedInIface, From.UsedInIface);
  return Next;
}

//===----------------------------------------------------------------------===//
// By contents
//===----------------------------------------------------------------------===//

uint32_t Loader::findContent(uint32_t Object, uint32_t Local,
                             Contents &C) const {
  const GoObject &O = Objects[Object].Object;
  ObjectSymbol Row = O.symbol(Local);
  SymKind Kind = Tables.symKind(Row.type());
  Place Here = {Object, Local};
  uint32_t I = Local - O.numSymdef();
  bool IsShort = I < O.numHashed64();
  Contents::Key Key;
  if (IsShort) {
    Key = {O.hash64(I), 0};
  } else {
    const char *Hash = O.hash(I - O.numHashed64()).data();
    Key = {llvm::support::endian::read64le(Hash),
           llvm::support::endian::read64le(Hash + 8)};
  }
  uint32_t Index = C.Symbols.size();
  // Our map reserves two keys; nobody finds a hash of all ones.
  if (Key.first != ~0ull || Key.second < ~0ull - 1)
    Index = (IsShort ? C.Short : C.Long).try_emplace(Key, Index).first->second;
  if (Index == C.Symbols.size())
    C.Symbols.append(Here, Row.size(), Kind);
  else if (Row.size() > C.Symbols.Size[Index])
    // The same bytes with more zeros behind: the larger one stays.
    C.Symbols.replace(Index, Here, Row.size(), Kind);
  C.Symbols.note(Index, Row, Tables.UsedInIface);
  return Index;
}

/// Leaves in Global, for the time being, each one's index into C.Symbols.
void Loader::findContents(Contents &C) {
  size_t Count = 0;
  for (const LoadedObject &O : Objects)
    Count += O.Object.numHashed();
  C.Long.reserve(unsigned(Count / 2));
  for (uint32_t N = 0; N != Objects.size(); ++N) {
    C.Begin.push_back(C.Symbols.size());
    const GoObject &O = Objects[N].Object;
    for (uint32_t I = O.numSymdef(), End = endHashed(O); I != End; ++I)
      Objects[N].Global[I] = findContent(N, I, C);
  }
  C.Begin.push_back(C.Symbols.size());
}

//===----------------------------------------------------------------------===//
// By name
//===----------------------------------------------------------------------===//

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
void Loader::mergeNamed(SymbolTable &Table, uint32_t Index, Place With) const {
  const GoObject &O = Objects[With.Object].Object;
  Place Old = Table.Where[Index];
  const GoObject &OldObject = Objects[Old.Object].Object;
  ObjectSymbol New = O.symbol(With.Local), Was = OldObject.symbol(Old.Local);
  uint32_t OldSize = Table.Size[Index], NewSize = New.size();
  SymKind OldKind = Table.Kind[Index], NewKind = Tables.symKind(New.type());
  if (New.isDupok()) {
    if (OldSize < NewSize)
      Table.replace(Index, With, NewSize, NewKind);
    return;
  }
  if (Was.isDupok()) // stays, as the linker has it
    return;
  bool OldIsBss = isDataKind(OldKind) && OldObject.data(Old.Local).empty();
  bool NewHasContent = !O.data(With.Local).empty();
  bool NewIsBss = isDataKind(NewKind) && !NewHasContent;
  uint32_t Larger = std::max(OldSize, NewSize);
  if ((isTextKind(NewKind) && OldIsBss) || (NewHasContent && OldIsBss) ||
      (NewIsBss && OldIsBss && NewSize > OldSize))
    Table.replace(Index, With, Larger, NewKind);
  else if (NewIsBss)
    Table.Size[Index] = Larger;
}

static bool isNamed(StringRef Name, ObjectSymbol Row) {
  return !Name.empty() && Row.abi() <= 1;
}

/// Symbols of packages have a number each; of a name the last one is found.
void Loader::numberPackage(uint32_t Object) {
  LoadedObject &O = Objects[Object];
  for (uint32_t I = 0; I != O.Object.numSymdef(); ++I) {
    ObjectSymbol Row = O.Object.symbol(I);
    Sym S = O.Global[I] =
        Symbols.append({Object, I}, Row.size(), Tables.symKind(Row.type()));
    Symbols.note(S, Row, Tables.UsedInIface);
    if (StringRef Name = O.Object.name(Row); isNamed(Name, Row))
      ByName[Row.abi()][llvm::CachedHashStringRef(Name)] = S;
  }
}

/// The others: leaves in Global, and in ByName, the number of a package's
/// symbol, or Unnumbered and the index into Named.
void Loader::findNamed(uint32_t Object, Merged &Named) {
  LoadedObject &O = Objects[Object];
  for (uint32_t I = endHashed(O.Object); I != O.Object.numDefs(); ++I) {
    ObjectSymbol Row = O.Object.symbol(I);
    StringRef Name = O.Object.name(Row);
    Sym S = Unnumbered | Named.Symbols.size();
    if (isNamed(Name, Row))
      S = ByName[Row.abi()]
              .try_emplace(llvm::CachedHashStringRef(Name), S)
              .first->second;
    bool IsPackages = !(S & Unnumbered);
    SymbolTable &Table = IsPackages ? Symbols : Named.Symbols;
    uint32_t Index = S & ~Unnumbered;
    if (Index == Table.size())
      Table.append({Object, I}, Row.size(), Tables.symKind(Row.type()));
    else
      mergeNamed(Table, Index, {Object, I});
    Table.note(Index, Row, Tables.UsedInIface);
    O.Global[I] = S;
  }
}

//===----------------------------------------------------------------------===//
// In line
//===----------------------------------------------------------------------===//

/// Behind the packages' symbols: of each object, contents before names.
void Loader::putInLine(Merged &Hashed, Merged &Named) {
  auto Append = [&](Merged &M, uint32_t Object) {
    uint32_t First = M.Begin[Object], Last = M.Begin[Object + 1];
    Sym S = Symbols.append(M.Symbols, First, Last);
    for (uint32_t I = First; I != Last; ++I)
      M.Final.push_back(S++);
  };
  Hashed.Final.reserve(Hashed.Symbols.size());
  Named.Final.reserve(Named.Symbols.size());
  for (uint32_t N = 0; N != Objects.size(); ++N)
    Append(Hashed, N), Append(Named, N);

  auto Finish = [&](Sym &S) {
    if (S & Unnumbered)
      S = Named.Final[S & ~Unnumbered];
  };
  llvm::parallelFor(0, Objects.size(), [&](size_t N) {
    LoadedObject &O = Objects[N];
    uint32_t EndHashed = endHashed(O.Object);
    for (uint32_t I = O.Object.numSymdef(); I != EndHashed; ++I)
      O.Global[I] = Hashed.Final[O.Global[I]];
    for (uint32_t I = EndHashed; I != O.Object.numDefs(); ++I)
      Finish(O.Global[I]);
  });
  llvm::parallelFor(0, std::size(ByName), [&](size_t Abi) {
    for (auto &[Name, S] : ByName[Abi])
      Finish(S);
  });
}

void Loader::numberSymbols() {
  size_t Package = 0, Others = 0;
  for (LoadedObject &O : Objects) {
    O.Global.assign(O.Object.numSymbols(), 0);
    Package += O.Object.numSymdef();
    Others += O.Object.numSymbols() - O.Object.numSymdef();
  }
  Symbols.reserve(Package + Others);
  Symbols.append({MadeObject, 0});
  Made.emplace_back();
  ByName[0].reserve(unsigned(Package / 2)),
      ByName[1].reserve(unsigned(Package));
  Contents Hashed;
  Merged Named;
  {
    std::jthread Finding([&] { findContents(Hashed); });
    for (uint32_t N = 0; N != Objects.size(); ++N)
      numberPackage(N);
    for (uint32_t N = 0; N != Objects.size(); ++N) {
      Named.Begin.push_back(Named.Symbols.size());
      findNamed(N, Named);
    }
    Named.Begin.push_back(Named.Symbols.size());
  }
  putInLine(Hashed, Named);
}
