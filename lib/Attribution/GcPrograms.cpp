//===- GcPrograms.cpp - the garbage collector's maps of data --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// runtime.gcdata and runtime.gcbss say which words of .data and .bss hold
// pointers, as a program of literal bits and repetitions
// (cmd/internal/gcprog, Go 1.20 to 1.27). moduledata knows where they begin,
// and they end with their stop code.
//===----------------------------------------------------------------------===//
#include "Sources.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/LEB128.h"

using namespace goslim;
using llvm::StringRef;

/// Reads a varint at At, and moves it behind; nullopt outside.
static std::optional<uint64_t> readVarint(StringRef Bytes, uint64_t &At) {
  unsigned Size = 0;
  const char *Error = nullptr;
  uint64_t Value = llvm::decodeULEB128(Bytes.bytes_begin() + At, &Size,
                                       Bytes.bytes_end(), &Error);
  if (Error)
    return std::nullopt;
  At += Size;
  return Value;
}

std::optional<uint64_t>
goslim::readGcProgram(StringRef Bytes, uint64_t MaxBits,
                      llvm::function_ref<void(uint64_t, uint64_t)> OnPiece) {
  uint64_t At = 0, Bit = 0;
  while (At < Bytes.size() && Bit <= MaxBits) {
    uint8_t Code = uint8_t(Bytes[At]);
    OnPiece(At++, Bit);
    if (!Code)
      return At;
    uint64_t Bits = Code & 0x7f;
    if (Code & 0x80) {
      std::optional<uint64_t> Length = Bits ? Bits : readVarint(Bytes, At);
      std::optional<uint64_t> Times = readVarint(Bytes, At);
      if (!Length || !Times || (*Times && *Length > MaxBits / *Times))
        return std::nullopt;
      Bit += *Length * *Times;
      continue;
    }
    for (uint64_t Left = Bits; Left; Left -= std::min<uint64_t>(Left, 8)) {
      OnPiece(At++, Bit);
      Bit += std::min<uint64_t>(Left, 8);
    }
  }
  return std::nullopt;
}

/// Which words of .data and .bss hold pointers. Each byte is charged to the
/// variable that its first word is of.
void goslim::claimGcPrograms(ClaimContext &C, const Region &R,
                             std::vector<Claim> &Out) {
  if (!C.Go.Module || !R.InMemory || !R.FileBacked)
    return;
  const ModuleData &M = *C.Go.Module;
  uint64_t Word = C.File.bits() / 8;
  struct {
    uint64_t Address, Data, End;
    StringRef Name;
  } Programs[] = {{M.Gcdata, M.Data, M.Edata, "runtime.gcdata"},
                  {M.Gcbss, M.Bss, M.Ebss, "runtime.gcbss"}};
  for (const auto &G : Programs) {
    if (!G.Address || G.Address < R.Address || G.Address - R.Address >= R.Size)
      continue;
    uint64_t Offset = R.Offset + (G.Address - R.Address);
    std::vector<Claim> Pieces;
    Claim Label = makeLabel(Kind::GcData, Evidence::Table, G.Name);
    std::optional<uint64_t> Size = readGcProgram(
        C.File.bytes().slice(Offset, R.end()), (G.End - G.Data) / Word + 1,
        [&](uint64_t At, uint64_t Bit) {
          setOwnerAt(C, G.Data + Bit * Word, Label); // else as before it
          Label.Offset = Offset + At;
          if (Pieces.empty() || Pieces.back().Package != Label.Package ||
              Pieces.back().Users != Label.Users)
            Pieces.push_back(Label);
        });
    if (!Size)
      continue;
    for (size_t I = 0; I < Pieces.size(); ++I)
      Pieces[I].Size =
          (I + 1 < Pieces.size() ? Pieces[I + 1].Offset : Offset + *Size) -
          Pieces[I].Offset;
    llvm::append_range(Out, Pieces);
  }
}
