//===- Origin.cpp - whose source made the code ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The owner of code is the function that it lies in; its origin is the function
// that it was written in, which may have been inlined there. pclntab tells:
// PCDATA_InlTreeIndex gives for each pc a row of the function's inline tree,
// and the row names the innermost function (runtime/symtab.go, symtabinl.go; Go
// 1.20 to 1.27: _func of 44 bytes, rows of 16).
//===----------------------------------------------------------------------===//
#include "goslim/Attribution/Attribution.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace goslim;
using llvm::StringRef;

namespace {

/// Code from here to the next one, or the function's end, was written in a
/// function of this name; "" = in the function itself.
struct Piece {
  uint64_t Offset; ///< from the function's entry
  StringRef Name;
};

class InlineTrees {
public:
  InlineTrees(const Image &File, const GoImage &Go)
      : File(File), Go(Go), Quantum(Go.Pcln->MinLC) {}
  /// Empty when nothing is inlined in F, or its tables are damaged.
  std::vector<Piece> piecesOf(const GoFunction &F) const;

private:
  const Image &File;
  const GoImage &Go;
  unsigned Quantum; ///< bytes that a step of pc counts

  StringRef nameOfRow(uint64_t Tree, int64_t Row) const;
};

} // namespace

static bool readVarint(StringRef &Data, uint32_t &Value) {
  Value = 0;
  for (unsigned Shift = 0; Shift < 32 && !Data.empty(); Shift += 7) {
    uint8_t Byte = uint8_t(Data[0]);
    Data = Data.drop_front();
    Value |= uint32_t(Byte & 0x7f) << Shift;
    if (!(Byte & 0x80))
      return true;
  }
  return false;
}

StringRef InlineTrees::nameOfRow(uint64_t Tree, int64_t Row) const {
  constexpr unsigned RowSize = 16, NameAt = 4;
  if (Row < 0)
    return "";
  std::optional<uint64_t> At =
      File.offsetOf(Tree + uint64_t(Row) * RowSize + NameAt);
  std::optional<uint64_t> Name = At ? File.readUint(*At, 4) : std::nullopt;
  const FileRange &Names = Go.Pcln->FuncNames;
  if (!Name || *Name >= Names.Size)
    return "";
  StringRef Text = File.bytes().substr(Names.Offset, Names.Size).substr(*Name);
  return Text.substr(0, Text.find('\0'));
}

std::vector<Piece> InlineTrees::piecesOf(const GoFunction &F) const {
  constexpr unsigned FixedSize = 44, NumPcDataAt = 28, NumFuncDataAt = 43,
                     IndexTable = 2, TreeTable = 3;
  constexpr uint32_t Missing = ~0u;
  auto Read = [&](uint64_t At, unsigned Size) {
    return At + Size <= F.Func.Size
               ? File.readUint(F.Func.Offset + At, Size).value_or(0)
               : 0;
  };
  uint64_t NumPcData = Read(NumPcDataAt, 4),
           NumFuncData = Read(NumFuncDataAt, 1);
  if (NumPcData <= IndexTable || NumFuncData <= TreeTable || NumPcData > 64)
    return {};
  uint64_t Index = Read(FixedSize + 4 * IndexTable, 4);
  uint64_t Tree = Read(FixedSize + 4 * (NumPcData + TreeTable), 4);
  const FileRange &PcTab = Go.Pcln->PcTab;
  if (!Index || Index >= PcTab.Size || Tree == Missing || !Go.Module->Gofunc)
    return {};
  Tree += Go.Module->Gofunc;
  // Steps of a value (zigzag, from -1) and a distance; a zero step ends them.
  StringRef Steps = File.bytes().substr(PcTab.Offset, PcTab.Size).substr(Index);
  std::vector<Piece> Out;
  int64_t Value = -1;
  uint64_t Pc = 0;
  for (bool IsFirst = true; Pc < F.Size && Out.size() <= F.Size;
       IsFirst = false) {
    uint32_t Step, Distance;
    if (!readVarint(Steps, Step) || (!Step && !IsFirst) ||
        !readVarint(Steps, Distance))
      break;
    Value += int32_t(Step & 1 ? ~(Step >> 1) : Step >> 1);
    Out.push_back({Pc, nameOfRow(Tree, Value)});
    Pc += uint64_t(Distance) * Quantum;
  }
  if (Pc < F.Size)
    Out.push_back({Pc, ""});
  return Out;
}

/// Cuts S, which lies in F, at its pieces.
static void splitCode(const Span &S, const GoFunction &F,
                      llvm::ArrayRef<Piece> Pieces,
                      llvm::function_ref<void(Span &, StringRef)> Name,
                      std::vector<Span> &Out) {
  for (size_t I = 0; I < Pieces.size(); ++I) {
    uint64_t Begin = std::max(S.Address, F.Entry + Pieces[I].Offset);
    uint64_t End = S.Address + S.MemSize;
    if (I + 1 < Pieces.size())
      End = std::min(End, F.Entry + Pieces[I + 1].Offset);
    if (Begin >= End)
      continue;
    Span Part = S;
    Part.Offset += Begin - S.Address, Part.Size = End - Begin;
    Part.Address = Begin, Part.MemSize = End - Begin;
    if (!Pieces[I].Name.empty())
      Name(Part, Pieces[I].Name);
    Out.push_back(Part);
  }
}

void goslim::viewByOrigin(Attribution &A, const Image &File,
                          const GoImage &Go) {
  if (!Go.Pcln || !Go.Module)
    return;
  llvm::StringMap<uint32_t> PackageByPath;
  for (uint32_t I = 0; I < A.Packages.size(); ++I)
    PackageByPath[A.Packages[I].Path] = I;
  auto Name = [&](Span &S, StringRef Function) {
    std::string Path = packageOfSymbol(Function);
    if (Path == "main" && Go.BuildInfo && !Go.BuildInfo->Info.Path.empty())
      Path = Go.BuildInfo->Info.Path;
    S.Symbol = Function;
    if (auto It = PackageByPath.find(Path); It != PackageByPath.end())
      S.Package = It->second, S.Users = 0, S.By = Step::Compile;
  };
  InlineTrees Trees(File, Go);
  std::vector<Span> Out;
  Out.reserve(A.Spans.size() + Go.Pcln->Functions.size());
  for (const Span &S : A.Spans) {
    bool IsCode = S.What == Kind::Code && S.Size && S.Size == S.MemSize;
    const GoFunction *F = IsCode ? Go.Pcln->functionAt(S.Address) : nullptr;
    std::vector<Piece> Pieces;
    if (F && S.Address + S.MemSize <= F->Entry + F->Size)
      Pieces = Trees.piecesOf(*F);
    if (Pieces.empty())
      Out.push_back(S);
    else
      splitCode(S, *F, Pieces, Name, Out);
  }
  A.Spans = std::move(Out);
}
