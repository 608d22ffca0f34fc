//===- LinkModel.cpp - the link, replayed ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes in the linker's own order (ld/main.go). Each one's result is
// frozen for those behind it.
//===----------------------------------------------------------------------===//
#include "goslim/LinkModel/LinkModel.h"
#include "CObjects.h"
#include "DebugTypes.h"
#include "Embeds.h"
#include "Pcln.h"
#include "Prove.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <thread>

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
  std::vector<HostSection> Host;
  InitTasks Tasks;
  FipsSymbols Fips;
  Reachability Live;
  TextOrder Text;
  LinkerSymbols Own;
  LayoutPlan Plan;
  Layout Where;
  Proofs Proof;
  Owners Who;
  FileTables Files;
  std::vector<EmbeddedFile> Embeds;
  std::vector<CObject> CObjects;
  std::vector<std::string> Packages;
  std::jthread Owning; ///< finds Who and Files, which nobody else may touch yet
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
  llvm::Expected<CgoExports> Exports = applyCgoDirectives(I.L);
  if (!Exports)
    return Exports.takeError();
  llvm::Expected<std::vector<HostSection>> Host =
      loadHostObjects(I.L, Exports->ByName);
  if (!Host)
    return Host.takeError();
  I.Host = std::move(*Host);
  I.CObjects = nameCObjects(I.L, *Exports, I.R.Map);
  I.Fips = makeFipsSymbols(I.L);
  I.Tasks = makeInitTasks(I.L);
  I.Live = findReachable(I.L, I.Tasks, I.Fips, Exports->Roots);
  I.Embeds = findEmbeds(I.L, I.Live);
  I.Text = orderText(I.L, I.Live, I.Fips, I.Host);
  for (const Library &Lib : I.L.Libraries)
    I.Packages.push_back(Lib.Path);
  I.Own = makeLinkerSymbols(I.L, I.Live);
  makeInlineTrees(I.L, I.Live, I.Text);
  // Numbers, names and references are frozen for good: whose the symbols are
  // can be found out beside what place does.
  I.Owning = std::jthread([&I] {
    I.Who.find(I.L, I.Live, I.Text);
    I.Files = replayFiles(I.L, I.Text, I.Who);
  });
  I.Plan = planLayout(I.L, I.Live, I.Text, I.Fips);
  I.Where = emptyLayout(I.L, I.Text, I.Plan);
  return M;
}

void LinkModel::finishLoading() {
  if (I->Owning.joinable())
    I->Owning.join();
}

void LinkModel::forEachPlanned(llvm::function_ref<void(Sym, Group)> Use) const {
  for (Sym S : I->Text.Functions)
    Use(S, Group::Text);
  for (const Bucket &B : I->Plan.Buckets)
    for (Sym S : B.Symbols)
      Use(S, B.In);
  for (Sym S : I->Plan.FuncData)
    Use(S, Group::FuncData);
  for (Sym S : I->Plan.PcData)
    Use(S, Group::PcData);
}

bool goslim::isLinkedByC(const Image &File) {
  return File.section(".eh_frame") != nullptr;
}

/// Groups are laid out by address: only they, a handful, need sorting.
static void sortByAddress(std::vector<Placement> &Placements) {
  auto IsBefore = [](const Placement &X, const Placement &Y) {
    return X.Address < Y.Address;
  };
  if (llvm::is_sorted(Placements, IsBefore))
    return;
  std::vector<llvm::ArrayRef<Placement>> Runs;
  for (llvm::ArrayRef<Placement> Left = Placements; !Left.empty();) {
    auto End = std::is_sorted_until(Left.begin(), Left.end(), IsBefore);
    Runs.push_back(Left.take_front(size_t(End - Left.begin())));
    Left = Left.drop_front(Runs.back().size());
  }
  llvm::stable_sort(Runs, [&](const auto &X, const auto &Y) {
    return IsBefore(X.front(), Y.front());
  });
  std::vector<Placement> Sorted;
  Sorted.reserve(Placements.size());
  for (llvm::ArrayRef<Placement> Run : Runs)
    llvm::append_range(Sorted, Run);
  // Where groups overlap, which a damaged program may make them do.
  if (!llvm::is_sorted(Sorted, IsBefore))
    llvm::stable_sort(Sorted, IsBefore);
  Placements = std::move(Sorted);
}

llvm::Error LinkModel::place(const Image &File, const GoImage &Go) {
  if (!Go.Module)
    return llvm::createStringError(
        "expected moduledata in the program, found none");
  I->Where = layOut(std::move(I->Where), I->L, I->Live, I->Text, I->Fips,
                    I->Own, I->Plan, I->Host, File, Go);
  prove(I->L, I->Live, I->Where, File, Go, I->Proof);
  sortByAddress(I->Where.Placements);
  finishLoading();
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
bool LinkModel::isFromC(Sym S) const {
  return I->L.isMade(S) && I->L.made(S).IsHost;
}
bool LinkModel::isMadeByLinker(Sym S) const { return I->L.isMade(S); }

llvm::ArrayRef<std::string> LinkModel::packages() const { return I->Packages; }
uint32_t LinkModel::owner(Sym S) const { return I->Who.owner(S); }
uint32_t LinkModel::userSet(Sym S) const { return I->Who.userSet(S); }
llvm::ArrayRef<std::vector<uint32_t>> LinkModel::userSets() const {
  return I->Who.Sets;
}
llvm::ArrayRef<CObject> LinkModel::cObjects() const { return I->CObjects; }
uint32_t LinkModel::cObject(Sym S) const { return I->L.made(S).HostObject; }
const LinkMap &LinkModel::map() const { return I->R.Map; }
llvm::ArrayRef<EmbeddedFile> LinkModel::embeds() const { return I->Embeds; }
llvm::ArrayRef<uint32_t> LinkModel::fileUsers() const {
  return I->Files.FileUsers;
}
llvm::ArrayRef<LinkModel::UnitFiles> LinkModel::unitFiles() const {
  return I->Files.Units;
}

/// ld/symtab.go genelfsym, shouldBeInSymbolTable: functions (those of ABI0 get
/// ".abi0"), and named data that is not local to a file of Go; types, strings
/// and the like are hidden in containers. The linker's own some forty symbols
/// (runtime.text, runtime.etext, ...) are as long in all programs.
uint64_t LinkModel::symbolTableSize() const {
  constexpr uint64_t Row = 24;
  if (I->R.External)
    return 0;
  constexpr uint64_t Own = 2000;
  uint64_t Size = Own;
  for (const Placement &P : I->Where.Placements) {
    switch (P.In) {
    case Group::Text:
    case Group::Rodata:
    case Group::Itab:
    case Group::NoptrData:
    case Group::Data:
    case Group::Bss:
    case Group::NoptrBss:
    case Group::ModuleData:
      break;
    default:
      continue;
    }
    StringRef Name = I->L.name(P.Symbol);
    bool IsText = P.In == Group::Text;
    bool IsHidden = I->L.isStatic(P.Symbol) && !I->L.isFromAssembly(P.Symbol);
    if (Name.empty() || Name.starts_with(".") || (!IsText && IsHidden))
      continue;
    Size += Row + Name.size() + 1;
    if (IsText && !I->L.isMade(P.Symbol) && I->L.row(P.Symbol).abi() == 0)
      Size += StringRef(".abi0").size();
  }
  return Size;
}

Sym LinkModel::functionOf(Sym PcTable) const {
  return I->Plan.PcFunctions.lookup(PcTable);
}

std::vector<LinkModel::DebugType> LinkModel::debugTypes() const {
  return findDebugTypes(I->L, I->Live, I->Text);
}
