//===- LinkModel.cpp - the link, replayed ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes in the linker's own order (ld/main.go). Each one's result is
// frozen for those behind it.
//===----------------------------------------------------------------------===//
#include "goslim/LinkModel/LinkModel.h"
#include "Prove.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace goslim;
using llvm::StringRef;

StringRef goslim::groupName(Group G) {
  static constexpr StringRef Names[NumGroups] = {
      "text",       "type",      "string", "funcdesc",
      "funcdata",   "gcbits",    "rodata", "itab",
      "noptrdata",  "data",      "bss",    "noptrbss",
      "moduledata", "buildinfo", "tlsbss", "pcdata"};
  return Names[unsigned(G)];
}

struct LinkModel::Impl {
  explicit Impl(LinkRequest Request) : R(std::move(Request)), L(R) {}
  LinkRequest R;
  Loader L;
  InitTasks Tasks;
  FipsSymbols Fips;
  Reachability Live;
  TextOrder Text;
  Layout Where;
  Proofs Proof;
  llvm::DenseMap<Sym, uint32_t> TextLibrary;
};

LinkModel::LinkModel(std::unique_ptr<Impl> I) : I(std::move(I)) {}
LinkModel::~LinkModel() = default;

llvm::Expected<std::unique_ptr<LinkModel>> LinkModel::load(LinkRequest R) {
  std::unique_ptr<LinkModel> M(
      new LinkModel(std::make_unique<Impl>(std::move(R))));
  Impl &I = *M->I;
  if (llvm::Error E = I.L.load())
    return E;
  // From here on the numbers of all symbols in archives are frozen.
  I.Fips = makeFipsSymbols(I.L);
  I.Tasks = makeInitTasks(I.L);
  I.Live = findReachable(I.L, I.Tasks);
  I.Text = orderText(I.L, I.Live, I.Fips);
  for (size_t N = 0; N < I.Text.Functions.size(); ++N)
    I.TextLibrary[I.Text.Functions[N]] = I.Text.Libraries[N];
  return M;
}

llvm::Error LinkModel::place(const Image &File, const GoImage &Go) {
  if (!Go.Module)
    return llvm::createStringError(
        "expected moduledata in the program, found none");
  LinkerSymbols Own = makeLinkerSymbols(I->L, I->Live, Go);
  I->Where = layOut(I->L, I->Live, I->Text, I->Fips, Own, File, Go);
  prove(I->L, I->Live, I->Where, File, Go, I->Proof);
  llvm::stable_sort(I->Where.Placements,
                    [](const Placement &X, const Placement &Y) {
                      return X.Address < Y.Address;
                    });
  return llvm::Error::success();
}

llvm::ArrayRef<Placement> LinkModel::placements() const {
  return I->Where.Placements;
}
llvm::ArrayRef<std::string> LinkModel::notes() const { return I->Where.Notes; }
const GroupProof &LinkModel::proof(Group G) const {
  return I->Proof[unsigned(G)];
}
uint32_t LinkModel::numSymbols() const { return I->L.numSymbols(); }
StringRef LinkModel::name(Sym S) const { return I->L.name(S); }
SymKind LinkModel::kind(Sym S) const { return I->L.kind(S); }
bool LinkModel::isReachable(Sym S) const {
  return S < I->Live.Reachable.size() && I->Live.Reachable.test(S);
}
bool LinkModel::isFromAssembly(Sym S) const { return I->L.isFromAssembly(S); }
bool LinkModel::isMadeByLinker(Sym S) const { return I->L.isMade(S); }

StringRef LinkModel::package(Sym S) const {
  uint32_t Library = I->L.library(S);
  if (auto It = I->TextLibrary.find(S); It != I->TextLibrary.end())
    Library = It->second;
  return Library == ~0u ? StringRef() : I->L.Libraries[Library].Path;
}

bool LinkModel::isShared(Sym S) const {
  if (I->L.isMade(S))
    return false;
  const GoObject &O = I->L.object(S).Object;
  uint32_t Local = I->L.local(S);
  bool IsHashed = Local >= O.numSymdef() &&
                  Local < O.numSymdef() + O.numHashed64() + O.numHashed();
  return IsHashed || I->L.row(S).isDupok();
}
