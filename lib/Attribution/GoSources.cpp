//===- GoSources.cpp - claims from Go's own tables ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything here stands on tables that the Go linker wrote and the runtime
// reads, so it holds for stripped programs too. A pclntab row, its _func and
// its name are charged to the function's package; the tables that functions
// share (pctab, filetab, funcdata, ...) stay rows of their own.
//===----------------------------------------------------------------------===//
#include "Sources.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace goslim;
using llvm::StringRef;

Claim goslim::makeLabel(Kind What, Evidence Why, StringRef Symbol,
                        uint32_t Package, Step By) {
  Claim C;
  C.What = What, C.Why = Why, C.Symbol = Symbol;
  C.Package = Package, C.By = By;
  return C;
}

void goslim::claimAddresses(const Region &R, uint64_t Address, uint64_t Size,
                            Claim What, std::vector<Claim> &Out) {
  if (!R.InMemory || !Size)
    return;
  Size = std::min(Size, UINT64_MAX - Address); // sizes may lie
  if (Address > R.Address + (R.Size - 1) || Address + Size <= R.Address)
    return;
  uint64_t Skip = Address < R.Address ? R.Address - Address : 0;
  What.Offset = R.Offset + (Address + Skip - R.Address);
  What.Size = Size - Skip; // the partition cuts it at the region's end
  Out.push_back(What);
}

void goslim::claimBytes(const Region &R, FileRange Where, Claim What,
                        std::vector<Claim> &Out) {
  if (!overlaps(R, Where))
    return;
  What.Offset = Where.Offset, What.Size = Where.Size;
  Out.push_back(What);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

void ClaimContext::readFunctions() {
  if (!Go.Pcln)
    return;
  llvm::ArrayRef<GoFunction> Functions = Go.Pcln->Functions;
  FunctionPackage.reserve(Functions.size());
  for (const GoFunction &F : Functions)
    FunctionPackage.push_back(Packages.ofSymbol(F.Name));
  // Now that packages are known, assembly with bare names ("memeqbody") finds
  // its own by the folder of its source file.
  for (size_t I = 0; I < Functions.size(); ++I)
    if (FunctionPackage[I] == NoPackage && Functions[I].isAssembly()) {
      FunctionPackage[I] = Packages.ofFile(Functions[I].File);
      NakedNames.try_emplace(Functions[I].Name, FunctionPackage[I]);
    }
  if (!Functions.empty()) {
    TextBegin = Functions.front().Entry;
    TextEnd = Functions.back().Entry + Functions.back().Size;
  }
  for (const GoFunction &F : Functions)
    HasC |= F.Name.starts_with("runtime/cgo.");
}

Claim ClaimContext::labelOf(const GoFunction &F) const {
  uint32_t Package = FunctionPackage[size_t(&F - Go.Pcln->Functions.data())];
  Step By = F.isAssembly() ? Step::Asm : Step::Compile;
  // Internal linking of cgo objects: rows with neither package nor file.
  if (Package == NoPackage && F.File.empty() && !F.Name.contains(':'))
    By = Step::Cgo;
  return makeLabel(Kind::Code, Evidence::Table, F.Name, Package, By);
}

uint8_t goslim::codePad(const Image &File) {
  return File.arch() == "amd64" || File.arch() == "386" ? 0xCC : 0;
}

/// How many bytes at the end of a function are what the linker puts between
/// functions. Never a whole function, nor more than an alignment's worth:
/// longer runs are code that looks like it.
static uint64_t paddingAfter(StringRef Code, uint8_t Pad) {
  constexpr uint64_t MaxAlign = 64;
  uint64_t N = 0;
  while (N + 1 < Code.size() && uint8_t(Code[Code.size() - 1 - N]) == Pad)
    ++N;
  return N < MaxAlign ? N : 0;
}

static llvm::ArrayRef<GoFunction> functionsIn(const ClaimContext &C,
                                              const Region &R) {
  if (!C.Go.Pcln || !R.InMemory || !R.FileBacked)
    return {};
  llvm::ArrayRef<GoFunction> All = C.Go.Pcln->Functions;
  const GoFunction *First = llvm::lower_bound(
      All, R.Address,
      [](const GoFunction &F, uint64_t Address) { return F.Entry < Address; });
  const GoFunction *Last = std::lower_bound(
      First, All.end(), R.Address + (R.Size - 1),
      [](const GoFunction &F, uint64_t Address) { return F.Entry <= Address; });
  return llvm::ArrayRef(First, Last);
}

void goslim::claimFunctions(ClaimContext &C, const Region &R,
                            std::vector<Claim> &Out) {
  uint8_t PadByte = codePad(C.File);
  constexpr uint64_t Chunk = 1 << 20; // text is read once: let it go again
  uint64_t Read = R.Offset;
  StringRef Bytes = C.File.bytes();
  for (const GoFunction &F : functionsIn(C, R)) {
    if (F.Entry - R.Address > Read - R.Offset + Chunk) {
      C.File.release({Read, Chunk});
      Read += Chunk;
    }
    uint64_t Offset = R.Offset + (F.Entry - R.Address);
    uint64_t Size = std::min(F.Size, R.end() - Offset);
    Claim Code = C.labelOf(F);
    uint64_t Pad = paddingAfter(Bytes.substr(Offset, Size), PadByte);
    Code.Offset = Offset, Code.Size = Size - Pad;
    Out.push_back(Code);
    if (!Pad)
      continue;
    // Inferred: now and then (17 of 6087 functions of a web server) the last
    // byte of code looks the same.
    Claim Padding = makeLabel(Kind::Padding, Evidence::Inferred);
    Padding.Offset = Code.end(), Padding.Size = Pad;
    Out.push_back(Padding);
  }
}

//===----------------------------------------------------------------------===//
// pclntab
//===----------------------------------------------------------------------===//

void goslim::claimPclntabRows(ClaimContext &C, const Region &R,
                              std::vector<Claim> &Out) {
  if (!C.Go.Pcln || !overlaps(R, C.Go.Pcln->Whole))
    return;
  for (const GoFunction &F : C.Go.Pcln->Functions) {
    if (!overlaps(R, F.Row) && !overlaps(R, F.Func))
      continue;
    Claim Label = C.labelOf(F);
    Label.What = Kind::Pclntab, Label.By = Step::Link;
    claimBytes(R, F.Row, Label, Out);
    claimBytes(R, F.Func, Label, Out);
  }
}

/// Names are told apart by their NULs rather than taken from the functions:
/// the table holds the names of functions that only exist inlined, too.
void goslim::claimFunctionNames(ClaimContext &C, const Region &R,
                                std::vector<Claim> &Out) {
  if (!C.Go.Pcln || !overlaps(R, C.Go.Pcln->FuncNames))
    return;
  FileRange Table = C.Go.Pcln->FuncNames;
  uint64_t At = std::max(Table.Offset, R.Offset);
  StringRef Left = C.File.bytes().slice(At, std::min(Table.end(), R.end()));
  while (!Left.empty()) {
    size_t Nul = Left.find('\0');
    if (Nul == StringRef::npos)
      return;
    if (Nul > 0) {
      StringRef Name = Left.substr(0, Nul);
      uint32_t Package = C.Packages.ofSymbol(Name);
      if (Package == NoPackage)
        if (auto It = C.NakedNames.find(Name); It != C.NakedNames.end())
          Package = It->second;
      Claim Label = makeLabel(Kind::Pclntab, Evidence::Table, Name, Package);
      Label.Offset = At, Label.Size = Nul + 1;
      Out.push_back(Label);
    }
    At += Nul + 1;
    Left = Left.substr(Nul + 1);
  }
}

void goslim::claimPclntabRest(ClaimContext &C, const Region &R,
                              std::vector<Claim> &Out) {
  if (!C.Go.Pcln)
    return;
  const Pclntab &P = *C.Go.Pcln;
  struct {
    FileRange Where;
    Kind What;
    StringRef Name;
  } Tables[] = {{P.Header, Kind::Pclntab, "header"},
                {P.FuncNames, Kind::Pclntab, "funcnametab"},
                {P.CuTab, Kind::Pclntab, "cutab"},
                {P.FileTab, Kind::Pclntab, "filetab"},
                {P.PcTab, Kind::Pclntab, "pctab"},
                {P.FindFunc, Kind::LinkerTable, "findfunctab"},
                {P.GoFunc, Kind::FuncData, "funcdata"},
                {P.FuncTab, Kind::Pclntab, "functab"},
                {P.Funcs, Kind::Pclntab, "functab"},
                {P.Whole, Kind::Pclntab, "pclntab"}};
  // Sub-tables may lie in each other (functab and its rows), so the narrower
  // one is asked for first, each on its own.
  for (const auto &T : Tables)
    if (overlaps(R, T.Where)) {
      claimBytes(R, T.Where, makeLabel(T.What, Evidence::Table, T.Name), Out);
      if (T.Where.Offset <= R.Offset && T.Where.end() >= R.end())
        return;
    }
}

//===----------------------------------------------------------------------===//
// Types, moduledata, build info
//===----------------------------------------------------------------------===//

void goslim::claimTypes(ClaimContext &C, const Region &R,
                        std::vector<Claim> &Out) {
  if (!R.InMemory)
    return;
  const std::vector<GoTypeSpan> &Types = C.Go.Types;
  auto First = llvm::lower_bound(Types, R.Address,
                                 [](const GoTypeSpan &T, uint64_t Address) {
                                   return T.Address < Address;
                                 });
  for (; First != Types.end() && First->Address - R.Address < R.Size; ++First)
    claimAddresses(R, First->Address, First->Size,
                   makeLabel(First->IsItab ? Kind::Itab : Kind::Type,
                             Evidence::Table, First->Name,
                             C.Packages.ofPath(First->Package), Step::Compile),
                   Out);
}

void goslim::claimTypeNames(ClaimContext &C, const Region &R,
                            std::vector<Claim> &Out) {
  Claim Label = makeLabel(Kind::Type, Evidence::Table);
  Label.By = Step::Compile;
  auto First = llvm::lower_bound(
      C.Go.TypeNames, R.Offset,
      [](const FileRange &F, uint64_t Offset) { return F.Offset < Offset; });
  for (; First != C.Go.TypeNames.end() && overlaps(R, *First); ++First)
    claimBytes(R, *First, Label, Out);
}

/// cmd/link/internal/ld/pcln.go findfunctab: 4 bytes per 4096 of text, one per
/// 256.
static uint64_t findFuncSize(const ModuleData &M) {
  uint64_t Text = M.Etext > M.Text ? M.Etext - M.Text : 0;
  return llvm::divideCeil(Text, 4096) * 4 + llvm::divideCeil(Text, 256);
}

/// A bucket of 4096 bytes of text has 4 bytes, then one for each 256. Each is
/// charged to the function that lies where its part begins.
void goslim::claimFindFunc(ClaimContext &C, const Region &R,
                           std::vector<Claim> &Out) {
  if (!C.Go.Module || !C.Go.Pcln || !R.InMemory)
    return;
  const ModuleData &M = *C.Go.Module;
  const std::vector<GoFunction> &Functions = C.Go.Pcln->Functions;
  uint64_t Size = findFuncSize(M);
  if (!M.FindFunc || Size > C.File.size() || M.FindFunc < R.Address ||
      M.FindFunc - R.Address >= R.Size)
    return;
  constexpr uint64_t Bucket = 4096, Part = 256, Head = 4, Row = Head + 16;
  size_t Next = 0; // function behind the one that lies there
  uint64_t Begin = 0;
  uint32_t Package = NoPackage;
  auto Finish = [&](uint64_t End) {
    if (Package != NoPackage)
      claimAddresses(
          R, M.FindFunc + Begin, End - Begin,
          makeLabel(Kind::LinkerTable, Evidence::Table, "findfunctab", Package),
          Out);
    Begin = End;
  };
  for (uint64_t At = 0; At < Size; At += At % Row ? 1 : Head) {
    uint64_t InRow = At % Row;
    uint64_t Address =
        M.Text + At / Row * Bucket + (InRow ? (InRow - Head) * Part : 0);
    while (Next < Functions.size() && Functions[Next].Entry <= Address)
      ++Next;
    uint32_t There = Next ? C.FunctionPackage[Next - 1] : NoPackage;
    if (There != Package)
      Finish(At), Package = There;
  }
  Finish(Size);
}

/// One row of a table that the linker makes of addresses: whose the type or
/// itab is that it leads to.
static void claimLinkRow(ClaimContext &C, const Region &R, uint64_t At,
                         uint64_t Size, uint64_t Target, StringRef Name,
                         std::vector<Claim> &Out) {
  Claim Label = makeLabel(Kind::LinkerTable, Evidence::Table, Name);
  if (!setOwnerAt(C, Target, Label)) {
    auto It = llvm::lower_bound(C.Go.Types, Target,
                                [](const GoTypeSpan &T, uint64_t Address) {
                                  return T.Address < Address;
                                });
    if (It == C.Go.Types.end() || It->Address != Target)
      return;
    Label.Package = C.Packages.ofPath(It->Package);
  }
  claimAddresses(R, At, Size, Label, Out);
}

void goslim::claimLinkRows(ClaimContext &C, const Region &R,
                           std::vector<Claim> &Out) {
  if (!C.Go.Module || !R.InMemory)
    return;
  const ModuleData &M = *C.Go.Module;
  struct {
    uint64_t Address, Count, Unit, Base;
    StringRef Name;
  } Tables[] = {
      {M.TypeLinks.Address, M.TypeLinks.Count, 4, M.Types, "typelinks"},
      {M.ItabLinks.Address, M.ItabLinks.Count, C.File.bits() / 8, 0,
       "itablinks"}};
  for (const auto &T : Tables) {
    if (!T.Address || T.Count > C.File.size() / T.Unit ||
        T.Address < R.Address || T.Address - R.Address >= R.Size)
      continue;
    for (uint64_t I = 0; I < T.Count; ++I) {
      uint64_t At = T.Address + I * T.Unit;
      std::optional<uint64_t> Value;
      if (T.Unit != 4)
        Value = C.File.pointerAt(At);
      else if (std::optional<uint64_t> Offset = C.File.offsetOf(At))
        Value = C.File.readUint(*Offset, 4);
      if (!Value)
        break;
      claimLinkRow(C, R, At, T.Unit, T.Base + *Value, T.Name, Out);
    }
  }
}

void goslim::claimModuleRanges(ClaimContext &C, const Region &R,
                               std::vector<Claim> &Out) {
  if (!C.Go.Module || !R.InMemory)
    return;
  const ModuleData &M = *C.Go.Module;
  uint64_t Ptr = C.File.bits() / 8;
  struct {
    uint64_t Address, Size, Unit;
    Kind What;
    StringRef Name;
  } Ranges[] = {
      {M.Address, M.Size, 1, Kind::LinkerTable, "moduledata"},
      {M.TypeLinks.Address, M.TypeLinks.Count, 4, Kind::LinkerTable,
       "typelinks"},
      {M.ItabLinks.Address, M.ItabLinks.Count, Ptr, Kind::LinkerTable,
       "itablinks"},
      {M.InitTasks.Address, M.InitTasks.Count, Ptr, Kind::LinkerTable,
       "init order"},
      {M.TextSectMap.Address, M.TextSectMap.Count, 3 * Ptr, Kind::LinkerTable,
       "text sections"},
      {M.FindFunc, findFuncSize(M), 1, Kind::LinkerTable, "findfunctab"},
  };
  for (const auto &G : Ranges)
    if (G.Address && G.Size <= C.File.size()) // a lying count
      claimAddresses(R, G.Address, G.Size * G.Unit,
                     makeLabel(G.What, Evidence::Table, G.Name), Out);
}

/// The linker keeps all types together from moduledata.types on. Its etypes is
/// no end of them up to Go 1.26: strings and all other read-only data come
/// before it. What lies before the last type that was found is types' anyway.
void goslim::claimTypeGroup(ClaimContext &C, const Region &R,
                            std::vector<Claim> &Out) {
  if (!C.Go.Module || !C.Go.Module->Types || C.Go.Types.empty())
    return;
  uint64_t Begin = C.Go.Module->Types, End = Begin;
  // Backwards over itabs, which are another group's.
  for (const GoTypeSpan &T : llvm::reverse(C.Go.Types))
    if (!T.IsItab) {
      End = T.Address + T.Size;
      break;
    }
  if (!C.Go.TypeNames.empty())
    if (std::optional<uint64_t> Last =
            C.File.addressOf(C.Go.TypeNames.back().end() - 1))
      End = std::max(End, *Last + 1);
  if (End > Begin && End <= C.Go.Module->Etypes)
    claimAddresses(
        R, Begin, End - Begin,
        makeLabel(Kind::Type, Evidence::Inferred, "", NoPackage, Step::Compile),
        Out);
}

void goslim::claimBuildInfo(ClaimContext &C, const Region &R,
                            std::vector<Claim> &Out) {
  if (C.Go.BuildInfo)
    claimBytes(R, C.Go.BuildInfo->Where,
               makeLabel(Kind::BuildInfo, Evidence::Table), Out);
}
