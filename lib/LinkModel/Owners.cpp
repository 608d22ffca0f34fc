//===- Owners.cpp - whose symbol is it ------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Owners first, by definition and by name. Then users spread along references:
// from each owned symbol to what it refers to, and on through symbols without
// an owner, until nothing changes. Sets are interned, so that the thousands of
// symbols of one set share it and a union is looked up, not made.
//===----------------------------------------------------------------------===//
#include "Owners.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <numeric>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// The part before the first dot behind the last slash.
static StringRef prefixOf(StringRef Name) {
  StringRef Head = Name.substr(0, Name.find_first_of("[(\"{ "));
  size_t Slash = Head.rfind('/');
  size_t Dot = Head.find('.', Slash == StringRef::npos ? 0 : Slash);
  return Dot == StringRef::npos ? StringRef() : Head.substr(0, Dot);
}

static bool isComposite(StringRef Type) {
  static constexpr StringRef Starts[] = {"[",       "map[",     "func(",
                                         "chan ",   "struct {", "interface {",
                                         "<-chan ", "chan<- ",  "noalg."};
  return llvm::any_of(Starts, [&](StringRef S) { return Type.starts_with(S); });
}

StringRef goslim::packageInName(StringRef Name) {
  if (Name.consume_front("go:itab."))
    Name = Name.substr(0, Name.find(','));
  else if (Name.consume_front("type:")) {
    if (!Name.consume_front(".eq.") && !Name.consume_front(".hash.") &&
        !Name.consume_front(".gcmask.") && Name.starts_with("."))
      return "";
  } else if (Name.starts_with("go:")) {
    return "";
  }
  while (Name.consume_front("*"))
    ;
  return isComposite(Name) ? StringRef() : prefixOf(Name);
}

uint32_t Owners::ownerOf(const Loader &L, Sym S) const {
  if (L.isMade(S)) {
    StringRef Name = L.name(S);
    // What -X sets is the variable's.
    if (Name.consume_back(".str"))
      if (Sym Variable = L.lookup(Name, 0))
        return L.library(Variable);
    return L.library(S);
  }
  const GoObject &O = L.object(S).Object;
  uint32_t Local = L.local(S);
  bool IsHashed = Local >= O.numSymdef() &&
                  Local < O.numSymdef() + O.numHashed64() + O.numHashed();
  // Named after whichever object came first; but an itab's name is its content.
  if (IsHashed && !L.name(S).starts_with("go:itab."))
    return Nobody;
  if (!L.row(S).isDupok())
    return L.library(S);
  StringRef Package = packageInName(L.name(S));
  return Package.empty() ? Nobody : L.libraryOfPrefix(Package);
}

//===----------------------------------------------------------------------===//
// Sets
//===----------------------------------------------------------------------===//

uint32_t Owners::intern(std::vector<uint32_t> Set) {
  StringRef Key(reinterpret_cast<const char *>(Set.data()),
                Set.size() * sizeof(uint32_t));
  auto [It, New] = Interned.try_emplace(Key, uint32_t(Sets.size()));
  if (New)
    Sets.push_back(std::move(Set));
  return It->second;
}

uint32_t Owners::single(uint32_t Library) {
  auto [It, New] = Singles.try_emplace(Library, 0);
  if (New)
    It->second = intern({Library});
  return It->second;
}

uint32_t Owners::unite(uint32_t A, uint32_t B) {
  if (A == B || !B)
    return A;
  if (!A)
    return B;
  auto Key = std::minmax(A, B);
  auto [It, New] = United.try_emplace({Key.first, Key.second}, 0);
  if (New) {
    std::vector<uint32_t> Out;
    std::set_union(Sets[A].begin(), Sets[A].end(), Sets[B].begin(),
                   Sets[B].end(), std::back_inserter(Out));
    It->second = intern(std::move(Out));
  }
  return It->second;
}

/// Calls Use with whatever S refers to and may not be its package's own.
template <typename Function>
static void forEachShared(const Loader &L, Sym S, Function Use) {
  // What a package defines by number is its own: no need to look it up.
  auto MayBeShared = [](SymRef To) {
    return To.Package == SymRef::Hashed64 || To.Package == SymRef::Hashed ||
           To.Package == SymRef::None;
  };
  for (ObjectReloc Rel : L.relocs(S))
    if (MayBeShared(Rel.symbol()) && Rel.size() && !Rel.isWeak())
      Use(L.resolve(S, Rel.symbol()));
  for (ObjectAux A : L.auxs(S))
    if (MayBeShared(A.symbol()) && !A.is(AuxKind::Gotype))
      Use(L.resolve(S, A.symbol()));
  if (L.isMade(S))
    for (const MadeSymbol::Address &A : L.made(S).Addresses)
      Use(A.Target);
}

/// Sets of those who refer to a symbol themselves. Made when all are known: a
/// set that grew by one user at a time would be thousands of sets.
void Owners::findDirectUsers(const Loader &L, const Reachability &R) {
  std::vector<std::pair<Sym, uint32_t>> Uses;
  std::vector<uint32_t> Last(L.numSymbols(), Nobody);
  std::vector<uint32_t> End(L.numSymbols() + 1); // of each one's users
  for (Sym S = 1; S < L.numSymbols(); ++S)
    if (R.Reachable.test(S) && Owner[S] != Nobody)
      forEachShared(L, S, [&](Sym Target) {
        if (!Target || Owner[Target] != Nobody || !R.Reachable.test(Target) ||
            Last[Target] == Owner[S])
          return;
        Last[Target] = Owner[S];
        Uses.emplace_back(Target, Owner[S]);
        ++End[Target + 1];
      });
  // In their order by symbol, by counting.
  std::partial_sum(End.begin(), End.end(), End.begin());
  std::vector<uint32_t> Users(Uses.size());
  for (auto [Target, User] : Uses)
    Users[End[Target]++] = User;
  for (Sym S = 1, Begin = 0; S < L.numSymbols(); Begin = End[S], ++S) {
    std::vector<uint32_t> Set(Users.begin() + Begin, Users.begin() + End[S]);
    if (Set.empty())
      continue;
    llvm::sort(Set);
    Set.erase(llvm::unique(Set), Set.end());
    SetOf[S] = intern(std::move(Set));
  }
}

void Owners::spread(const Loader &L, const Reachability &R) {
  findDirectUsers(L, R);
  std::vector<Sym> Work;
  for (Sym S = 1; S < L.numSymbols(); ++S)
    if (SetOf[S])
      Work.push_back(S);
  while (!Work.empty()) {
    Sym S = Work.back();
    Work.pop_back();
    forEachShared(L, S, [&](Sym Target) {
      if (!Target || Owner[Target] != Nobody || !R.Reachable.test(Target))
        return;
      uint32_t New = unite(SetOf[Target], SetOf[S]);
      if (New == SetOf[Target])
        return;
      SetOf[Target] = New;
      Work.push_back(Target);
    });
  }
}

void Owners::find(const Loader &L, const Reachability &R,
                  const TextOrder &Text) {
  Sets.assign(1, {});
  Owner.assign(L.numSymbols(), Nobody);
  SetOf.assign(L.numSymbols(), 0);
  for (Sym S = 1; S < L.numSymbols(); ++S)
    if (R.Reachable.test(S))
      Owner[S] = ownerOf(L, S);
  // A tree of inlined calls is its function's.
  for (size_t I = 0; I < Text.InlineTrees.size(); ++I)
    if (Sym Tree = Text.InlineTrees[I])
      Owner[Tree] = Owner[Text.Functions[I]];
  spread(L, R);
}
