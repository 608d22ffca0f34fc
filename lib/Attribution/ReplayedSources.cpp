//===- ReplayedSources.cpp - claims from the replay of the link -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A placement that the program itself has proven is the strongest claim there
// is. A group with a failed proof claims nothing at all: its bytes go to the
// next best source, and a note says so. What belongs to no single package
// carries the set of its users.
//===----------------------------------------------------------------------===//
#include "Sources.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

void ClaimContext::readModel() {
  if (!Model)
    return;
  for (const std::string &Path : Model->packages()) {
    ModelPackage.push_back(Packages.ofPath(Path));
    StringRef Last = StringRef(Path).substr(StringRef(Path).rfind('/') + 1);
    bool IsPlain =
        Path != "type" && Path != "go" && llvm::all_of(Last, [](char C) {
          return llvm::isAlnum(C) || C == '_' || C == '-';
        });
    ModelPrefix.push_back(IsPlain ? Path + "." : "");
  }
  for (const EmbeddedFile &F : Model->embeds())
    if (F.Content)
      EmbedPaths.try_emplace(F.Content, F.Path);
  for (unsigned G = 0; G < NumGroups; ++G) {
    const GroupProof &P = Model->proof(Group(G));
    if (P.Failed)
      Notes.push_back(fmt::format(
          "link replay: group {} is not proven ({} of {} symbols differ; first "
          "{}) and not used",
          std::string_view(groupName(Group(G))), P.Failed, P.Symbols,
          P.FirstFailure));
  }
  for (const std::string &Note : Model->notes())
    Notes.push_back("link replay: " + Note);
}

void ClaimContext::setUsers(Claim &C, uint32_t Set) const {
  llvm::ArrayRef<uint32_t> Users = Model->userSets()[Set];
  if (Users.size() == 1)
    C.Package = ModelPackage[Users[0]];
  else
    C.Users = Set;
}

static Kind kindOfGroup(Group G) {
  static constexpr Kind Kinds[NumGroups] = {
      Kind::Code,        Kind::Type,      Kind::String,      Kind::FuncData,
      Kind::FuncData,    Kind::GcData,    Kind::Rodata,      Kind::Itab,
      Kind::Data,        Kind::Data,      Kind::Bss,         Kind::Bss,
      Kind::LinkerTable, Kind::BuildInfo, Kind::LinkerTable, Kind::Pclntab};
  return Kinds[unsigned(G)];
}

/// Its own name; of a table's row the function's, or the table's where several
/// functions have it.
static StringRef symbolName(const LinkModel &M, const Placement &P) {
  StringRef Name = M.name(P.Symbol);
  switch (P.In) {
  case Group::PcData: {
    Sym Function = M.functionOf(P.Symbol);
    return Function ? M.name(Function) : "pctab";
  }
  case Group::FuncData:
    return Name.empty() ? "funcdata" : Name;
  default:
    return Name;
  }
}

/// A symbol is the package's that its name says, as it is without a replay: a
/// function that one package hands to another by go:linkname is the other's.
static uint32_t packageByName(ClaimContext &C, Sym S, StringRef Name) {
  // Nearly always it is whoever defines it.
  if (uint32_t Owner = C.Model->owner(S); Owner != LinkModel::Nobody)
    if (StringRef Prefix = C.ModelPrefix[Owner];
        !Prefix.empty() && Name.starts_with(Prefix))
      return C.ModelPackage[Owner];
  return Name.contains(':') ? NoPackage : C.Packages.ofSymbol(Name);
}

static Claim labelOf(ClaimContext &C, const Placement &P) {
  const LinkModel &M = *C.Model;
  StringRef Name = M.name(P.Symbol);
  Claim Label = makeLabel(kindOfGroup(P.In),
                          P.Proven ? Evidence::Replayed : Evidence::Table,
                          symbolName(M, P));
  if (P.In != Group::Text && P.In != Group::PcData)
    Label.What = kindOfSymbol(Name, Label.What);
  if (Name == "go:buildid")
    Label.What = Kind::Note;
  // A short file may be one with a pointer mask. A []byte's can be written to.
  if (auto It = C.EmbedPaths.find(P.Symbol);
      It != C.EmbedPaths.end() &&
      (P.In == Group::String || P.In == Group::NoptrData))
    Label.What = Kind::Embed, Label.Symbol = It->second;
  if (M.isFromC(P.Symbol)) {
    C.setObject(Label, M.cObject(P.Symbol));
    return Label;
  }
  Label.By = P.In == Group::PcData || M.isMadeByLinker(P.Symbol) ? Step::Link
             : M.isFromAssembly(P.Symbol) ? Step::Asm
                                          : Step::Compile;
  Label.Package = packageByName(C, P.Symbol, Name);
  if (Label.Package != NoPackage)
    return Label;
  if (uint32_t Owner = M.owner(P.Symbol); Owner != LinkModel::Nobody)
    Label.Package = C.ModelPackage[Owner];
  else
    C.setUsers(Label, M.userSet(P.Symbol));
  return Label;
}

/// What the rules of the layout leave between two proven neighbours. Charged to
/// the symbol that wants the alignment.
static bool isFiller(const ClaimContext &C, const Region &R, uint64_t Begin,
                     uint64_t End) {
  if (!R.FileBacked)
    return true;
  std::optional<StringRef> Bytes = C.File.bytesAt(Begin, End - Begin);
  if (!Bytes)
    return false;
  char Pad = R.Executable ? char(codePad(C.File)) : '\0';
  return Bytes->find_first_not_of(Pad) == StringRef::npos;
}

/// The linker's own symbols whose contents are not replayed are known by where
/// they lie between proven ones.
static bool isUsable(const LinkModel &M, const Placement &P) {
  return !M.proof(P.In).Failed && (P.Proven || M.isMadeByLinker(P.Symbol));
}

/// Placements from the first that reaches beyond Address on.
static llvm::ArrayRef<Placement> placementsFrom(const LinkModel &M,
                                                uint64_t Address) {
  llvm::ArrayRef<Placement> All = M.placements();
  return All.drop_front(
      size_t(llvm::lower_bound(All, Address,
                               [](const Placement &P, uint64_t At) {
                                 return P.Address + P.Size <= At;
                               }) -
             All.begin()));
}

bool goslim::setOwnerAt(ClaimContext &C, uint64_t Address, Claim &Label) {
  if (!C.Model)
    return false;
  llvm::ArrayRef<Placement> Here = placementsFrom(*C.Model, Address);
  if (Here.empty() || Here[0].Address > Address || !isUsable(*C.Model, Here[0]))
    return false;
  Claim Owner = labelOf(C, Here[0]);
  Label.Package = Owner.Package, Label.Users = Owner.Users;
  return true;
}

void goslim::claimReplayed(ClaimContext &C, const Region &R,
                           std::vector<Claim> &Out) {
  if (!C.Model || !R.InMemory || R.PerThread)
    return;
  constexpr uint64_t MaxAlign = 64;
  const Placement *Before = nullptr;
  for (const Placement &P : placementsFrom(*C.Model, R.Address)) {
    if (P.Address > R.Address + (R.Size - 1))
      break;
    if (P.In == Group::TlsBss || !P.Size)
      continue;
    if (!isUsable(*C.Model, P)) {
      Before = nullptr;
      continue;
    }
    uint64_t End = Before ? Before->Address + Before->Size : 0;
    if (Before && P.Address > End && P.Address - End < MaxAlign &&
        isFiller(C, R, End, P.Address))
      claimAddresses(
          R, End, P.Address - End,
          makeLabel(Kind::Padding, Evidence::Replayed, C.Model->name(P.Symbol)),
          Out);
    claimAddresses(R, P.Address, P.Size, labelOf(C, P), Out);
    Before = &P;
  }
}

/// filetab holds each name once, at its first use; cutab the numbers of a
/// compile unit's files. Both are in the order in which the replay used them.
void goslim::claimFileTables(ClaimContext &C, const Region &R,
                             std::vector<Claim> &Out) {
  if (!C.Model || !C.Go.Pcln || C.Model->proof(Group::Text).Failed)
    return;
  const Pclntab &P = *C.Go.Pcln;
  if (overlaps(R, P.FileTab)) {
    StringRef Left = C.File.bytes().substr(P.FileTab.Offset, P.FileTab.Size);
    llvm::ArrayRef<uint32_t> Users = C.Model->fileUsers();
    // A NUL each, and zeros to the next table.
    bool IsRight = size_t(Left.rtrim('\0').count('\0')) + 1 == Users.size();
    for (uint64_t I = 0, At = P.FileTab.Offset; IsRight && I < Users.size();
         ++I) {
      size_t Size = Left.find('\0') + 1;
      Claim Label = makeLabel(Kind::Pclntab, Evidence::Replayed, "filetab");
      C.setUsers(Label, Users[I]);
      claimBytes(R, {At, Size}, Label, Out);
      At += Size, Left = Left.substr(Size);
    }
  }
  if (overlaps(R, P.CuTab)) {
    uint64_t At = P.CuTab.Offset;
    for (LinkModel::UnitFiles U : C.Model->unitFiles()) {
      uint64_t Size = uint64_t(U.Entries) * 4;
      if (Size > P.CuTab.end() - At)
        break;
      claimBytes(R, {At, Size},
                 makeLabel(Kind::Pclntab, Evidence::Replayed, "cutab",
                           C.ModelPackage[U.Package]),
                 Out);
      At += Size;
    }
  }
}
