//===- Wasm.cpp - the frame of a WebAssembly module -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// WebAssembly core specification, 5.5 (binary format); what of it cmd/link
// writes (cmd/link/internal/wasm/asm.go, Go 1.21 to 1.27). LLVM's own reader
// ends the process on a damaged number, so numbers are read with DataExtractor.
//===----------------------------------------------------------------------===//
#include "Wasm.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/DataExtractor.h"

using namespace goslim;
using namespace llvm;

namespace {

constexpr uint64_t HeaderSize = 8; // "\0asm", version 1
constexpr uint64_t MaxMemory = uint64_t(256) << 20;
enum SectionId : uint8_t { Custom, Import = 2, Code = 10, Data = 11 };
constexpr const char *SectionNames[] = {
    "custom", "type",  "import", "function", "table", "memory",    "global",
    "export", "start", "elem",   "code",     "data",  "datacount", "tag"};

struct Raw {
  uint8_t Id;
  FileRange Where; ///< of the contents; of a custom one behind its name
  StringRef Name;
};

class Reader {
public:
  Reader(StringRef Bytes) : Bytes(Bytes), Input(Bytes, true, 4) {}
  Expected<OtherImage> read();

private:
  StringRef Bytes;
  DataExtractor Input;
  std::vector<Raw> Sections;
  std::vector<FileRange> Functions; ///< of this module, in their order
  uint64_t NumImported = 0;
  std::vector<StringRef> Names; ///< by function of this module
  std::string Memory;           ///< as data segments fill it
  uint64_t MemoryBegin = 0;

  /// DataExtractor over one section, so that nothing reads beyond it.
  DataExtractor within(const Raw &S) const {
    return DataExtractor(Bytes.take_front(S.Where.end()), true, 4);
  }
  Error readSections();
  Error readImports(const Raw &S);
  Error readCode(const Raw &S);
  Error readNames(const Raw &S);
  Error readData(const Raw &S);
  Error readProducers(const Raw &S, std::string &GoVersion);
};

} // namespace

/// Bytes behind their number.
static StringRef text(DataExtractor &In, DataExtractor::Cursor &C) {
  return In.getBytes(C, In.getULEB128(C));
}

static Error damaged(const Raw &S, Error E) {
  return createStringError(Twine("section ") + S.Name + " at offset 0x" +
                           utohexstr(S.Where.Offset, /*LowerCase=*/true) +
                           ": " + toString(std::move(E)));
}

Error Reader::readSections() {
  DataExtractor::Cursor C(HeaderSize);
  while (C && C.tell() < Bytes.size()) {
    Raw S;
    S.Id = Input.getU8(C);
    uint64_t Size = Input.getULEB128(C), Begin = C.tell();
    if (!C)
      break;
    if (S.Id >= std::size(SectionNames) || Size > Bytes.size() - Begin) {
      cantFail(C.takeError());
      return createStringError("section at offset 0x" + utohexstr(Begin, true) +
                               ": expected a known kind and at most " +
                               Twine(Bytes.size() - Begin) +
                               " bytes, found kind " + Twine(unsigned(S.Id)) +
                               " of " + Twine(Size) + " bytes");
    }
    S.Name = SectionNames[S.Id];
    uint64_t End = Begin + Size;
    if (S.Id == Custom) {
      S.Name = text(Input, C);
      if (C && C.tell() > End) {
        cantFail(C.takeError());
        return createStringError("section at offset 0x" +
                                 utohexstr(Begin, true) +
                                 ": expected its name inside, found it longer");
      }
    }
    S.Where = {C.tell(), End - C.tell()};
    Sections.push_back(S);
    if (C)
      C.seek(End);
  }
  return C.takeError();
}

Error Reader::readImports(const Raw &S) {
  DataExtractor In = within(S);
  DataExtractor::Cursor C(S.Where.Offset);
  auto SkipLimits = [&] {
    bool HasMaximum = In.getU8(C) & 1;
    (void)In.getULEB128(C);
    if (HasMaximum)
      (void)In.getULEB128(C);
  };
  for (uint64_t Count = In.getULEB128(C); C && Count; --Count) {
    (void)text(In, C); // module
    (void)text(In, C); // name
    switch (In.getU8(C)) {
    case 0:
      ++NumImported;
      (void)In.getULEB128(C);
      break;
    case 1:
      (void)In.getU8(C);
      SkipLimits();
      break;
    case 2:
      SkipLimits();
      break;
    case 3:
      (void)In.getU16(C);
      break;
    default:
      // Functions keep the numbers that they have here.
      return C.takeError();
    }
  }
  return C.takeError();
}

Error Reader::readCode(const Raw &S) {
  DataExtractor In = within(S);
  DataExtractor::Cursor C(S.Where.Offset);
  for (uint64_t Count = In.getULEB128(C); C && Count; --Count) {
    uint64_t Size = In.getULEB128(C), Begin = C.tell();
    (void)In.getBytes(C, Size);
    if (C)
      Functions.push_back({Begin, Size});
  }
  Names.resize(Functions.size());
  return C.takeError();
}

/// Sub-section 1: number and name of functions.
Error Reader::readNames(const Raw &S) {
  constexpr uint8_t FunctionNames = 1;
  DataExtractor In = within(S);
  DataExtractor::Cursor C(S.Where.Offset);
  while (C && C.tell() < S.Where.end()) {
    uint8_t Id = In.getU8(C);
    uint64_t Size = In.getULEB128(C);
    if (Id != FunctionNames) {
      (void)In.getBytes(C, Size);
      continue;
    }
    for (uint64_t Count = In.getULEB128(C); C && Count; --Count) {
      uint64_t Index = In.getULEB128(C);
      StringRef Name = text(In, C);
      if (C && Index >= NumImported && Index - NumImported < Names.size())
        Names[size_t(Index - NumImported)] = Name;
    }
  }
  return C.takeError();
}

/// Fields ("language") of names ("Go") and versions.
Error Reader::readProducers(const Raw &S, std::string &GoVersion) {
  DataExtractor In = within(S);
  DataExtractor::Cursor C(S.Where.Offset);
  for (uint64_t Fields = In.getULEB128(C); C && Fields; --Fields) {
    (void)text(In, C);
    for (uint64_t Values = In.getULEB128(C); C && Values; --Values) {
      StringRef Name = text(In, C), Version = text(In, C);
      if (C && Name == "Go")
        GoVersion = Version.str();
    }
  }
  return C.takeError();
}

/// cmd/link leaves out runs of zeros, so that one byte more or less makes other
/// segments: what they leave in memory is what can be compared.
Error Reader::readData(const Raw &S) {
  constexpr uint8_t I32Const = 0x41, End = 0x0b;
  DataExtractor In = within(S);
  DataExtractor::Cursor C(S.Where.Offset);
  std::vector<std::pair<uint64_t, StringRef>> Segments;
  uint64_t Low = UINT64_MAX, High = 0;
  for (uint64_t Count = In.getULEB128(C); C && Count; --Count) {
    uint64_t At = C.tell(), Flags = In.getULEB128(C);
    uint8_t Op = In.getU8(C);
    uint64_t Address = uint32_t(In.getSLEB128(C));
    uint8_t Stop = In.getU8(C);
    StringRef Content = text(In, C);
    if (!C)
      break;
    if (Flags || Op != I32Const || Stop != End) {
      cantFail(C.takeError());
      return createStringError(
          "segment at offset 0x" + utohexstr(At, true) +
          ": expected memory 0 at a constant address, found another form");
    }
    Segments.emplace_back(Address, Content);
    Low = std::min(Low, Address);
    High = std::max<uint64_t>(High, Address + Content.size());
  }
  if (Error E = C.takeError())
    return E;
  if (Segments.empty())
    return Error::success();
  if (High - Low > MaxMemory)
    return createStringError("segments: expected at most " + Twine(MaxMemory) +
                             " bytes of memory between them, found " +
                             Twine(High - Low));
  constexpr uint64_t Align = 16; // tables are found at multiples of it
  Low = Low / Align * Align;
  MemoryBegin = Low;
  Memory.resize(High - Low);
  for (const auto &[Address, Content] : Segments)
    llvm::copy(Content, Memory.begin() + ptrdiff_t(Address - Low));
  return Error::success();
}

Expected<OtherImage> Reader::read() {
  if (Error E = readSections())
    return E;
  OtherImage Out;
  Out.Format = "Wasm", Out.Arch = "wasm";
  for (const Raw &S : Sections) {
    Error E = S.Id == Import          ? readImports(S)
              : S.Id == Code          ? readCode(S)
              : S.Id == Data          ? readData(S)
              : S.Name == "name"      ? readNames(S)
              : S.Name == "producers" ? readProducers(S, Out.GoVersion)
                                      : Error::success();
    if (E)
      return damaged(S, std::move(E));
  }
  uint64_t Shift = 0; // what is behind data lies further back than in the file
  for (const Raw &S : Sections) {
    ImageSection I;
    I.Name = S.Name;
    I.Offset = S.Where.Offset + Shift, I.Size = S.Where.Size;
    if (S.Id == Code) {
      I.Address = WasmCode + S.Where.Offset, I.MemSize = I.Size;
      I.Flags = ELF::SHF_ALLOC | ELF::SHF_EXECINSTR;
    }
    if (S.Id == Data && !Memory.empty()) {
      I.Address = MemoryBegin, I.Size = I.MemSize = Memory.size();
      I.Flags = ELF::SHF_ALLOC;
      Out.Flat = Bytes.take_front(S.Where.Offset).str() + Memory +
                 Bytes.drop_front(S.Where.end()).str();
      Shift = Memory.size() - S.Where.Size; // may wrap, and back
    }
    Out.Sections.push_back(I);
  }
  for (size_t I = 0; I < Functions.size(); ++I) {
    ImageSymbol F;
    F.Name = Names[I], F.Address = WasmCode + Functions[I].Offset;
    F.Size = Functions[I].Size;
    Out.Symbols.push_back(F);
  }
  return Out;
}

Expected<OtherImage> goslim::readWasm(MemoryBufferRef Bytes) {
  return Reader(Bytes.getBuffer()).read();
}
