//===- Prove.cpp - is it so? ----------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over the placements. The archive's bytes are walked from relocation
// to relocation: what lies between must be equal, what a relocation wrote must
// be what the replay says its target's address makes of it.
//===----------------------------------------------------------------------===//
#include "Prove.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Parallel.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;
using namespace llvm::support::endian;

namespace {

enum class Verdict { Right, Wrong, Open };

class Prover {
public:
  Prover(const Loader &L, const Reachability &R, const Layout &Where,
         const Image &File)
      : L(L), R(R), Where(Where), File(File),
        IsRelocated(!File.relativeRelocations().empty()),
        IsAmd64(L.Request.Goarch == "amd64") {
    Unreachable = L.lookup("runtime.unreachableMethod", 1);
    MapInitNoop = L.lookup("runtime.mapinitnoop", 1);
  }
  /// Open: nothing to compare with.
  Verdict check(const Placement &P, GroupProof &Proof);

private:
  Verdict checkMade(const Placement &P, StringRef Found);
  Verdict checkReloc(const Placement &P, ObjectReloc Rel, StringRef Found,
                     StringRef Data);
  Verdict compare(uint64_t Expected, StringRef Found, unsigned Size) const;
  Verdict checkArm64(RelocKind K, const Placement &P, ObjectReloc Rel,
                     uint64_t Target, StringRef Found, StringRef Data) const;
  Verdict checkTls(RelocKind K, ObjectReloc Rel, StringRef Found,
                   StringRef Data);
  uint64_t sectionStart(Sym S, uint64_t Target) const;
  bool bytesEqual(StringRef Data, StringRef Found, uint64_t Begin,
                  uint64_t End) const;
  void explain(GroupProof &Proof, const Placement &P, StringRef Why,
               uint64_t Offset);

  const Loader &L;
  const Reachability &R;
  const Layout &Where;
  const Image &File;
  bool IsRelocated, IsAmd64;
  std::optional<int32_t> TlsOffset; ///< of g, as the C linker chose it
  Sym Unreachable = 0, MapInitNoop = 0;
  std::vector<ObjectReloc> Sorted;
};

} // namespace

/// [Begin, End) of the symbol: the archive's bytes, zeros behind them.
bool Prover::bytesEqual(StringRef Data, StringRef Found, uint64_t Begin,
                        uint64_t End) const {
  uint64_t DataEnd = std::min<uint64_t>(End, Data.size());
  if (Begin < DataEnd &&
      Data.slice(Begin, DataEnd) != Found.slice(Begin, DataEnd))
    return false;
  uint64_t ZerosFrom = std::max(Begin, DataEnd);
  return ZerosFrom >= End ||
         Found.slice(ZerosFrom, End).find_first_not_of('\0') == StringRef::npos;
}

Verdict Prover::compare(uint64_t Expected, StringRef Found,
                        unsigned Size) const {
  bool Equal = Size == 8   ? read64le(Found.data()) == Expected
               : Size == 4 ? read32le(Found.data()) == uint32_t(Expected)
                           : true;
  if (Size != 8 && Size != 4)
    return Verdict::Open;
  return Equal ? Verdict::Right : Verdict::Wrong;
}

/// Where offsets to S count from: the start of text, or of its section.
uint64_t Prover::sectionStart(Sym S, uint64_t Target) const {
  SymKind Kind = L.kind(S);
  if (Kind == SymKind::Text || Kind == SymKind::TextFips)
    return Where.TextStart;
  auto It = llvm::upper_bound(
      Where.Sections, Target,
      [](uint64_t At, const auto &Range) { return At < Range.second; });
  return It != Where.Sections.end() && It->first <= Target ? It->first : 0;
}

/// Page addresses and immediates in instructions (arm64/asm.go archreloc).
Verdict Prover::checkArm64(RelocKind K, const Placement &P, ObjectReloc Rel,
                           uint64_t Target, StringRef Found,
                           StringRef Data) const {
  uint64_t Pc = P.Address + uint64_t(Rel.offset());
  auto Instruction = [&](StringRef Bytes, unsigned I) {
    return read32le(Bytes.data() + Rel.offset() + 4 * I);
  };
  if (K == RelocKind::CallArm64) {
    uint32_t Branch = uint32_t((Target - Pc) >> 2) & 0x3ffffff;
    return Instruction(Found, 0) ==
                   ((Instruction(Data, 0) & ~0x3ffffffu) | Branch)
               ? Verdict::Right
               : Verdict::Wrong;
  }
  if (Rel.size() != 8)
    return Verdict::Open;
  // ADRP: 21 bits of pages, low two at bit 29, the rest at bit 5.
  uint64_t Pages = (Target >> 12) - (Pc >> 12);
  uint32_t Adrp =
      (uint32_t(Pages & 3) << 29) | (uint32_t((Pages >> 2) & 0x7ffff) << 5);
  uint32_t Low = uint32_t(Target & 0xfff);
  unsigned Shift = K == RelocKind::Arm64PcrelLdst16   ? 1
                   : K == RelocKind::Arm64PcrelLdst32 ? 2
                   : K == RelocKind::Arm64PcrelLdst64 ? 3
                                                      : 0;
  uint32_t Second = (Low >> Shift) << 10;
  constexpr uint32_t AdrpBits = 0x60ffffe0, LowBits = 0x3ffc00;
  bool Right =
      (Instruction(Found, 0) & AdrpBits) == Adrp &&
      (Instruction(Found, 0) & ~AdrpBits) ==
          (Instruction(Data, 0) & ~AdrpBits) &&
      (Instruction(Found, 1) & LowBits) == Second &&
      (Instruction(Found, 1) & ~LowBits) == (Instruction(Data, 1) & ~LowBits);
  return Right ? Verdict::Right : Verdict::Wrong;
}

/// amd64 only: g lies at -8 of the thread pointer, or where the C linker has
/// put it among C's own per-thread data: at one place for all. Internal links
/// of position independent programs turn the load from the GOT into a load of
/// that constant (amd64/asm.go tlsIEtoLE), in the three bytes before it.
Verdict Prover::checkTls(RelocKind K, ObjectReloc Rel, StringRef Found,
                         StringRef Data) {
  size_t At = size_t(Rel.offset());
  if (!IsAmd64 || Rel.size() != 4)
    return Verdict::Open;
  int32_t Value = int32_t(read32le(Found.data() + At));
  if (L.Request.External && K == RelocKind::TlsLe && !TlsOffset)
    TlsOffset = Value < 0 && Value % 8 == 0 ? Value : -8;
  if (Value != TlsOffset.value_or(-8))
    return K == RelocKind::TlsLe && Rel.addend() ? Verdict::Open
                                                 : Verdict::Wrong;
  if (K == RelocKind::TlsLe)
    return Verdict::Right;
  if (At < 3 || Data.size() < At)
    return Verdict::Wrong;
  uint8_t Op[3] = {uint8_t(Data[At - 3]), uint8_t(Data[At - 2]),
                   uint8_t(Data[At - 1])};
  uint8_t Register = Op[2] >> 3;
  Op[0] = Op[0] == 0x4c ? 0x49 : Op[0] == 0x44 ? 0x41 : Op[0];
  Op[1] = Op[1] == 0x8b ? 0xc7 : 0x81;
  Op[2] = 0xc0 | Register;
  for (unsigned I = 0; I != 3; ++I)
    if (uint8_t(Found[At - 3 + I]) != Op[I])
      return Verdict::Wrong;
  return Verdict::Right;
}

Verdict Prover::checkReloc(const Placement &P, ObjectReloc Rel, StringRef Found,
                           StringRef Data) {
  StringRef Field = Found.substr(size_t(Rel.offset()), Rel.size());
  RelocKind K = L.Tables.relocKind(Rel.type());
  if (K == RelocKind::TlsLe || K == RelocKind::TlsIe)
    return checkTls(K, Rel, Found, Data);
  Sym S = L.resolve(P.Symbol, Rel.symbol());
  bool IsDead = S && !R.Reachable.test(S);
  if (IsDead && K == RelocKind::MethodOff)
    return compare(~0ull, Field, Rel.size());
  if (IsDead && Rel.isWeak()) {
    if (K == RelocKind::AddrOff)
      return compare(0, Field, Rel.size()) == Verdict::Right ? Verdict::Right
                                                             : Verdict::Open;
    S = K == RelocKind::Addr ? Unreachable : MapInitNoop;
  }
  uint64_t Target = S && S < Where.Address.size() ? Where.Address[S] : 0;
  if (!Target)
    return Verdict::Open;
  uint64_t Sum = Target + uint64_t(Rel.addend());
  switch (K) {
  case RelocKind::Addr:
    if (IsRelocated && Rel.size() == 8) {
      auto Word = File.pointerAt(P.Address + uint64_t(Rel.offset()));
      return Word && *Word == Sum ? Verdict::Right : Verdict::Wrong;
    }
    return compare(Sum, Field, Rel.size());
  case RelocKind::Call:
  case RelocKind::Pcrel:
    return compare(Sum - (P.Address + uint64_t(Rel.offset()) + Rel.size()),
                   Field, Rel.size());
  case RelocKind::AddrOff:
  case RelocKind::MethodOff:
    return compare(Sum - sectionStart(S, Target), Field, Rel.size());
  case RelocKind::CallArm64:
  case RelocKind::AddrArm64:
  case RelocKind::Arm64PcrelLdst8:
  case RelocKind::Arm64PcrelLdst16:
  case RelocKind::Arm64PcrelLdst32:
  case RelocKind::Arm64PcrelLdst64:
    return checkArm64(K, P, Rel, Sum, Found, Data);
  default:
    return Verdict::Open;
  }
}

void Prover::explain(GroupProof &Proof, const Placement &P, StringRef Why,
                     uint64_t Offset) {
  if (Proof.FirstFailure.empty())
    Proof.FirstFailure =
        fmt::format("{} at {:#x}, size {:#x}: {} at offset {:#x}",
                    std::string_view(L.name(P.Symbol)), P.Address, P.Size,
                    std::string_view(Why), Offset);
}

Verdict Prover::checkMade(const Placement &P, StringRef Found) {
  const MadeSymbol &M = L.made(P.Symbol);
  if (M.Data.empty())
    return Verdict::Open;
  std::string Expected = M.Data;
  Expected.resize(P.Size);
  for (const MadeSymbol::Address &A : M.Addresses) {
    uint64_t Target = Where.Address[A.Target];
    if (!Target || A.Offset + 8 > Expected.size())
      return Verdict::Open;
    if (IsRelocated) {
      auto Word = File.pointerAt(P.Address + A.Offset);
      if (!Word || *Word != Target)
        return Verdict::Wrong;
      Target = read64le(Found.data() + A.Offset); // as it lies in the file
    }
    write64le(Expected.data() + A.Offset, Target);
  }
  return Found == Expected ? Verdict::Right : Verdict::Wrong;
}

Verdict Prover::check(const Placement &P, GroupProof &Proof) {
  std::optional<StringRef> Found = File.bytesAt(P.Address, P.Size);
  if (!Found)
    return Verdict::Open;
  if (L.isMade(P.Symbol))
    return checkMade(P, *Found);
  StringRef Data = L.data(P.Symbol);
  Sorted.clear();
  for (ObjectReloc Rel : L.relocs(P.Symbol))
    if (Rel.size() && Rel.offset() >= 0 &&
        uint64_t(Rel.offset()) + Rel.size() <= P.Size)
      Sorted.push_back(Rel);
  auto ByOffset = [](ObjectReloc X, ObjectReloc Y) {
    return X.offset() < Y.offset();
  };
  if (!llvm::is_sorted(Sorted, ByOffset))
    llvm::stable_sort(Sorted, ByOffset);
  uint64_t At = 0;
  for (ObjectReloc Rel : Sorted) {
    uint64_t Begin = uint64_t(Rel.offset());
    // The instruction before a rewritten TLS load is the relocation's, too.
    if (L.Tables.relocKind(Rel.type()) == RelocKind::TlsIe && IsAmd64)
      Begin -= std::min<uint64_t>(3, Begin - At);
    if (Begin > At && !bytesEqual(Data, *Found, At, Begin)) {
      explain(Proof, P, "its bytes differ", At);
      return Verdict::Wrong;
    }
    At = std::max(At, uint64_t(Rel.offset()) + Rel.size());
    switch (checkReloc(P, Rel, *Found, Data)) {
    case Verdict::Right:
      ++Proof.Relocs;
      break;
    case Verdict::Open:
      ++Proof.OpenRelocs;
      break;
    case Verdict::Wrong:
      explain(Proof, P,
              fmt::format(
                  "relocation {} to {} does not fit",
                  std::string_view(L.Tables.relocName(Rel.type())),
                  std::string_view(L.name(L.resolve(P.Symbol, Rel.symbol())))),
              Begin);
      return Verdict::Wrong;
    }
  }
  if (!bytesEqual(Data, *Found, At, P.Size)) {
    explain(Proof, P, "its bytes differ", At);
    return Verdict::Wrong;
  }
  return Verdict::Right;
}

static void proveSome(Prover &Check, const Layout &Where,
                      llvm::MutableArrayRef<Placement> Some,
                      const llvm::BitVector &Out, Proofs &Proof) {
  for (Placement &P : Some) {
    if (Out.test(unsigned(P.In)))
      continue;
    GroupProof &Group = Proof[unsigned(P.In)];
    ++Group.Symbols;
    Group.Bytes += P.Size;
    Verdict V = Check.check(P, Group);
    P.Proven = V == Verdict::Right ||
               (P.In == goslim::Group::Bss && Where.IsBssRight) ||
               (P.In == goslim::Group::NoptrBss && Where.IsNoptrBssRight);
    if (V == Verdict::Wrong) {
      ++Group.Failed;
      Group.FailedBytes += P.Size;
    }
  }
}

/// Adds what was found in placements behind those of Sum.
static void addProofs(Proofs &Sum, const Proofs &More) {
  for (unsigned G = 0; G < NumGroups; ++G) {
    GroupProof &To = Sum[G];
    const GroupProof &From = More[G];
    To.Symbols += From.Symbols, To.Failed += From.Failed;
    To.Bytes += From.Bytes, To.FailedBytes += From.FailedBytes;
    To.Relocs += From.Relocs, To.OpenRelocs += From.OpenRelocs;
    if (To.FirstFailure.empty())
      To.FirstFailure = From.FirstFailure;
  }
}

/// On all processors: a symbol's proof asks nothing of another's, but where the
/// C linker chose the offset of g, which the first symbol shows to the others.
static void proveOnce(const Loader &L, const Reachability &R,
                      const Layout &Where, llvm::MutableArrayRef<Placement> All,
                      const Image &File, const llvm::BitVector &Removed,
                      Proofs &Out) {
  constexpr size_t Several = 16384;
  size_t Step = L.Request.External ? std::max(All.size(), Several) : Several;
  std::vector<Proofs> Parts(llvm::divideCeil(All.size(), Step));
  llvm::parallelFor(0, Parts.size(), [&](size_t I) {
    Prover Check(L, R, Where, File);
    proveSome(Check, Where,
              All.slice(I * Step, std::min(Step, All.size() - I * Step)),
              Removed, Parts[I]);
  });
  for (const Proofs &Part : Parts)
    addProofs(Out, Part);
}

/// A group that is laid out wrongly makes every reference to it look wrong. So
/// the worst one, by the share of its symbols that fail, is taken out, and the
/// others are proven anew without it.
void goslim::prove(const Loader &L, const Reachability &R, Layout &Where,
                   const Image &File, const GoImage &, Proofs &Out) {
  llvm::BitVector Removed(NumGroups);
  while (true) {
    for (unsigned G = 0; G < NumGroups; ++G)
      if (!Removed.test(G))
        Out[G] = {};
    proveOnce(L, R, Where, Where.Placements, File, Removed, Out);
    unsigned Worst = NumGroups;
    double WorstShare = 0;
    for (unsigned G = 0; G < NumGroups; ++G)
      if (double Share = Out[G].Symbols && !Removed.test(G)
                             ? double(Out[G].Failed) / Out[G].Symbols
                             : 0;
          Share > WorstShare)
        Worst = G, WorstShare = Share;
    if (Worst == NumGroups)
      return;
    Removed.set(Worst);
    for (Placement &P : Where.Placements)
      if (unsigned(P.In) == Worst)
        P.Proven = false, Where.Address[P.Symbol] = 0;
  }
}
