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
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

void ClaimContext::readModel() {
  if (!Model)
    return;
  if (!Labels)
    Labels = &OwnLabels.emplace(*Model);
  for (const std::string &Path : Model->packages())
    ModelPackage.push_back(Packages.ofPath(Path));
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

static Claim labelOf(ClaimContext &C, const Placement &P) {
  SymbolLabels::Label Known = C.Labels->of(P.Symbol, P.In);
  Claim Label = makeLabel(
      Known.What, P.Proven ? Evidence::Replayed : Evidence::Table, Known.Text);
  // A short file may be one with a pointer mask. A []byte's can be written to.
  if (P.In == Group::String || P.In == Group::NoptrData)
    if (auto It = C.EmbedPaths.find(P.Symbol); It != C.EmbedPaths.end())
      Label.What = Kind::Embed, Label.Symbol = It->second;
  if (Known.By == Step::Cgo) {
    C.setObject(Label, C.Model->cObject(P.Symbol));
    return Label;
  }
  Label.By = Known.By;
  if (Known.IsNamedAfterOther)
    Label.Package = C.Packages.ofSymbol(C.Model->name(P.Symbol));
  if (Label.Package != NoPackage)
    return Label;
  if (Known.Owner != LinkModel::Nobody)
    Label.Package = C.ModelPackage[Known.Owner];
  else
    C.setUsers(Label, Known.Users);
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

llvm::ArrayRef<Placement> goslim::placementsIn(const ClaimContext &C,
                                               const Region &R) {
  if (!C.Model || !R.InMemory || R.PerThread)
    return {};
  return placementsFrom(*C.Model, R.Address)
      .take_while([&](const Placement &P) {
        return P.Address <= R.Address + (R.Size - 1);
      });
}

static bool takesRoom(const Placement &P) {
  return P.In != Group::TlsBss && P.Size;
}

/// The last one in front of Part that its first may have been aligned behind.
static const Placement *placedBefore(const ClaimContext &C, const Region &R,
                                     const Placement *Part) {
  for (const Placement *P = Part; P != C.Model->placements().begin();) {
    --P;
    if (P->Address + P->Size <= R.Address)
      break;
    if (takesRoom(*P))
      return isUsable(*C.Model, *P) ? P : nullptr;
  }
  return nullptr;
}

void goslim::claimReplayed(ClaimContext &C, const Region &R,
                           llvm::ArrayRef<Placement> Part,
                           std::vector<Claim> &Out) {
  constexpr uint64_t MaxAlign = 64;
  const Placement *Before = placedBefore(C, R, Part.begin());
  for (const Placement &P : Part) {
    if (!takesRoom(P))
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
    // GC programs are charged to what they describe (claimGcPrograms).
    if (Claim Label = labelOf(C, P);
        Label.What != Kind::GcData || !C.Model->isMadeByLinker(P.Symbol))
      claimAddresses(R, P.Address, P.Size, Label, Out);
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
