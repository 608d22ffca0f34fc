//===- Program.cpp - a file, ready to be compared -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Program.h"
#include "goslim/Base/Digest.h"
#include "goslim/Tool/ImportConfig.h"
#include "goslim/Verify/FileKind.h"
#include "goslim/Verify/Published.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Endian.h"

using namespace goslim;
using llvm::StringRef;

static constexpr uint64_t MaxDebug = uint64_t(1) << 30; ///< of one section

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

namespace {

/// Lays parts out so that they cover the file.
class PartBuilder {
public:
  explicit PartBuilder(Program &P) : P(P) {}
  void add(const ImageSection &S);
  void addGapTo(uint64_t End, StringRef Next);

private:
  Program &P;
  uint64_t At = 0;

  StringRef decompressed(const ImageSection &S);
  void cutTables(const ImageSection &S, const Part &Whole);
};

} // namespace

static bool isDebugName(StringRef Name) {
  return Name.starts_with(".debug_") || Name.starts_with(".zdebug_") ||
         Name.starts_with("__DWARF,") || Name == ".gdb_index";
}

/// ".zdebug_*" and its like: "ZLIB", the size in 8 bytes big endian, zlib.
static std::vector<uint8_t> unpackZdebug(StringRef Bytes) {
  constexpr size_t HeaderSize = 12;
  constexpr uint64_t MaxYield = 1032; // bytes that deflate makes of one
  std::vector<uint8_t> Out;
  if (!Bytes.starts_with("ZLIB") || Bytes.size() < HeaderSize)
    return Out;
  uint64_t Size = llvm::support::endian::read64be(Bytes.data() + 4);
  if (Size > MaxDebug || Size / MaxYield > Bytes.size() ||
      !llvm::compression::zlib::isAvailable())
    return Out;
  Out.resize(Size);
  size_t Given = Size;
  if (llvm::Error E = llvm::compression::zlib::decompress(
          llvm::arrayRefFromStringRef(Bytes.drop_front(HeaderSize)), Out.data(),
          Given)) {
    llvm::consumeError(std::move(E));
    Given = 0;
  }
  Out.resize(Given);
  return Out;
}

/// Empty = as it stands in the file.
StringRef PartBuilder::decompressed(const ImageSection &S) {
  std::vector<uint8_t> Bytes;
  if (P.Elf && S.isCompressed()) {
    if (llvm::Expected<std::vector<uint8_t>> Read =
            P.Elf->contents(S, MaxDebug))
      Bytes = std::move(*Read);
    else
      llvm::consumeError(Read.takeError());
  } else if (!P.Elf) {
    Bytes = unpackZdebug(P.bytes().substr(S.Offset, S.Size));
  }
  if (Bytes.empty())
    return "";
  P.Decompressed.push_back(std::move(Bytes));
  return llvm::toStringRef(P.Decompressed.back());
}

void PartBuilder::addGapTo(uint64_t End, StringRef Next) {
  if (End <= At)
    return;
  Part Gap;
  Gap.Name = At == 0 ? "headers" : ("before " + Next).str();
  Gap.Where = {At, End - At};
  Gap.Bytes = P.bytes().substr(At, End - At);
  Gap.IsGap = true;
  P.Parts.push_back(std::move(Gap));
  At = End;
}

/// pclntab is several tables, each of which moves in its own way.
void PartBuilder::cutTables(const ImageSection &S, const Part &Whole) {
  const Pclntab &T = *P.Go.Pcln;
  std::pair<FileRange, const char *> Tables[] = {
      {T.Header, "pclntab: header"},   {T.FuncNames, "pclntab: funcnametab"},
      {T.CuTab, "pclntab: cutab"},     {T.FileTab, "pclntab: filetab"},
      {T.PcTab, "pclntab: pctab"},     {T.FuncTab, "pclntab: functab"},
      {T.Funcs, "pclntab: functions"}, {T.GoFunc, "pclntab: funcdata"},
      {T.FindFunc, "findfunctab"}};
  llvm::sort(Tables, [](const auto &X, const auto &Y) {
    return X.first.Offset < Y.first.Offset;
  });
  uint64_t From = S.Offset, End = S.Offset + S.Size;
  unsigned Rests = 0;
  auto Add = [&](FileRange R, std::string Name) {
    Part Piece = Whole;
    Piece.Name = std::move(Name), Piece.Where = R;
    Piece.Bytes = P.bytes().substr(R.Offset, R.Size);
    Piece.Address = S.Address + (R.Offset - S.Offset);
    Piece.IsGap = Piece.Bytes.find_first_not_of('\0') == StringRef::npos;
    P.Parts.push_back(std::move(Piece));
  };
  for (const auto &[R, Name] : Tables) {
    if (!R.Size || R.Offset < From || R.end() > End)
      continue;
    if (R.Offset > From)
      Add({From, R.Offset - From},
          S.Name.str() + (Rests++ ? " #" + std::to_string(Rests) : ""));
    Add(R, Name);
    From = R.end();
  }
  if (From < End)
    Add({From, End - From},
        S.Name.str() + (Rests ? " #" + std::to_string(Rests + 1) : ""));
}

void PartBuilder::add(const ImageSection &S) {
  if (!S.Size || S.isNoBits() || S.Offset < At)
    return;
  addGapTo(S.Offset, S.Name);
  Part Whole;
  Whole.Name = S.Name.str();
  Whole.Where = {S.Offset, S.Size};
  Whole.Bytes = P.bytes().substr(S.Offset, S.Size);
  Whole.Address = S.isAlloc() ? S.Address : 0;
  Whole.IsCode = S.isAlloc() && (S.Flags & llvm::ELF::SHF_EXECINSTR);
  Whole.IsWritable = S.Flags & llvm::ELF::SHF_WRITE;
  Whole.IsDebug = isDebugName(S.Name);
  Whole.IsSymbols = S.Name == ".symtab" || S.Name == ".strtab" ||
                    (P.Format == "Wasm" && S.Name == "name");
  if (Whole.IsDebug)
    if (StringRef Raw = decompressed(S); !Raw.empty())
      Whole.Bytes = Raw;
  if (P.Go.Pcln && P.Go.Pcln->Whole.Offset >= S.Offset &&
      P.Go.Pcln->Whole.Offset < S.Offset + S.Size)
    cutTables(S, Whole);
  else
    P.Parts.push_back(std::move(Whole));
  At = S.Offset + S.Size;
}

static void addParts(Program &P) {
  std::vector<ImageSection> Order(
      P.Elf ? std::vector<ImageSection>(P.Elf->sections()) : P.Other->Sections);
  llvm::stable_sort(Order, [](const ImageSection &X, const ImageSection &Y) {
    return X.Offset < Y.Offset;
  });
  P.Decompressed.reserve(Order.size()); // what points into it stays
  PartBuilder Builder(P);
  for (const ImageSection &S : Order)
    Builder.add(S);
  Builder.addGapTo(P.bytes().size(), "the end");
}

//===----------------------------------------------------------------------===//
// Identity
//===----------------------------------------------------------------------===//

StringRef goslim::goBuildIdInText(StringRef Text) {
  constexpr StringRef Prefix("\xff Go build ID: \"");
  size_t At = Text.find(Prefix);
  if (At == StringRef::npos)
    return "";
  return Text.substr(At + Prefix.size()).take_until([](char C) {
    return C == '"';
  });
}

/// PE and Mach-O have it at the beginning of the code, Wasm in a section of its
/// own.
static void readIdInText(Program &P) {
  for (const ImageSection &S : P.Other->Sections) {
    bool IsPlace = P.Format == "Wasm" ? S.Name == "go:buildid"
                                      : S.Flags & llvm::ELF::SHF_EXECINSTR;
    if (!IsPlace)
      continue;
    StringRef Text =
        P.bytes().substr(S.Offset, std::min<uint64_t>(S.Size, 512));
    P.Go.BuildId.Go = goBuildIdInText(Text);
    return;
  }
}

static std::vector<FileRange> placesOf(StringRef Id, StringRef Bytes) {
  std::vector<FileRange> Out;
  if (!Id.empty())
    for (size_t At = Bytes.find(Id); At != StringRef::npos;
         At = Bytes.find(Id, At + Id.size()))
      Out.push_back({At, Id.size()});
  return Out;
}

static void addMarks(Program &P) {
  for (FileRange Where : placesOf(P.Go.BuildId.Go, P.bytes()))
    P.Marks.push_back({"go-build-id", Where});
  if (P.Elf)
    for (const Image::Note &N : P.Elf->notes())
      if (N.Name == "GNU" && N.Type == llvm::ELF::NT_GNU_BUILD_ID)
        P.Marks.push_back({"gnu-build-id", N.Desc});
  if (P.Other)
    llvm::append_range(P.Marks, P.Other->Marks);
  llvm::stable_sort(P.Marks, [](const auto &X, const auto &Y) {
    return X.Where.Offset < Y.Where.Offset;
  });
}

std::string Program::contentId() const {
  StringRef Id = Go.BuildId.Go;
  if (Id.count('/') != 3)
    return "";
  std::vector<FileRange> Left; ///< out of the hash
  if (File)                    // marks speak of other offsets
    Left = placesOf(Id, fileBytes());
  else
    for (const OtherImage::Mark &M : Marks) {
      // The host's own ID since Go 1.24, which derives it from Go's.
      bool IsHostId = M.Name == "gnu-build-id" || M.Name == "macho-uuid";
      if (M.Name == "go-build-id" || M.Name == "macho-signature" ||
          (IsHostId && Go.minorVersion() >= 24))
        Left.push_back(M.Where);
    }
  std::string Zeroed = fileBytes().str();
  for (FileRange Where : Left)
    std::fill_n(Zeroed.begin() + ptrdiff_t(Where.Offset), Where.Size, 0);
  return goHashString(Zeroed);
}

bool Program::isAltered() const {
  std::string Id = contentId();
  return !Id.empty() && !StringRef(Go.BuildId.Go).ends_with("/" + Id);
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

static void addCode(Program &P) {
  if (P.Elf && P.Go.Pcln) {
    for (const GoFunction &F : P.Go.Pcln->Functions)
      P.Code.push_back({F.Name, F.Entry, F.Size});
    return;
  }
  if (!P.Other)
    return;
  auto SectionOf = [&](uint64_t Address) -> const ImageSection * {
    for (const ImageSection &S : P.Other->Sections)
      if (Address >= S.Address && Address - S.Address < S.Size)
        return &S;
    return nullptr;
  };
  llvm::ArrayRef<ImageSymbol> All = P.Other->Symbols;
  if (P.Format == "Wasm") { // with sizes, and maybe without names
    for (const ImageSymbol &F : All)
      P.Code.push_back({F.Name, F.Address, F.Size});
    return;
  }
  for (size_t I = 0; I < All.size(); ++I) {
    const ImageSection *In = SectionOf(All[I].Address);
    uint64_t End = In ? In->Address + In->Size : 0;
    if (I + 1 < All.size())
      End = std::min(End, All[I + 1].Address);
    // Functions have no others between them, data has.
    if (End > All[I].Address)
      P.Code.push_back({All[I].Name, All[I].Address, End - All[I].Address,
                        bool(In->Flags & llvm::ELF::SHF_EXECINSTR)});
  }
}

/// It begins with the address of pclntab (runtime/symtab.go moduledata, Go 1.18
/// to 1.27).
static void findModuleData(Program &P) {
  if (P.Go.Module)
    P.ModuleData = P.Go.Module->Address;
  const Part *Header = P.part("pclntab: header");
  if (P.ModuleData || !Header)
    return;
  constexpr uint64_t Word = 8;
  for (const Part &In : P.Parts)
    if (In.IsWritable)
      for (uint64_t At = -In.Address % Word; At + Word <= In.Bytes.size();
           At += Word)
        if (llvm::support::endian::read64le(In.Bytes.data() + At) ==
            Header->Address) {
          P.ModuleData = In.Address + At;
          return;
        }
}

static void findRecord(Program &P) {
  std::string Key = linkKey(P.Go.BuildId.Go, "");
  if (Key.empty())
    Key = sha256Hex(P.fileBytes());
  for (FoundLink &F : findLinkRecords(Key))
    if (F.Record && !P.Record)
      P.Record = std::move(*F.Record);
}

/// Wasm has no .go.buildinfo: its settings are what runtime.modinfo holds, and
/// its version is the producer's.
static std::optional<GoBuildInfo> infoInData(const Program &P) {
  StringRef All = P.bytes(), Start(ModInfoStart);
  size_t At = All.find(Start);
  if (P.Other->GoVersion.empty() && At == StringRef::npos)
    return std::nullopt;
  GoBuildInfo Out;
  Out.Version = P.Other->GoVersion;
  if (At == StringRef::npos)
    return Out;
  At += Start.size();
  size_t End = All.find(StringRef(ModInfoEnd), At);
  if (End != StringRef::npos)
    if (Result<ModInfo> Info = parseModInfo(All.slice(At, End)))
      Out.Info = std::move(*Info);
  return Out;
}

llvm::Expected<std::unique_ptr<Program>> Program::open(StringRef Path) {
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> File = openFile(Path);
  if (!File)
    return File.takeError();
  return read(std::move(*File), Path);
}

llvm::Expected<std::unique_ptr<Program>>
Program::read(std::unique_ptr<llvm::MemoryBuffer> Bytes, StringRef Path) {
  auto P = std::make_unique<Program>();
  P->Path = Path.str();
  llvm::Expected<std::optional<OtherImage>> Other =
      readOtherImage(Bytes->getMemBufferRef());
  if (!Other)
    return llvm::createStringError(Path + ": " +
                                   llvm::toString(Other.takeError()));
  if (*Other) {
    P->Other = std::move(*Other);
    P->Bytes = std::move(Bytes);
    P->Format = P->Other->Format, P->Arch = P->Other->Arch;
    if (!P->Other->Flat.empty()) {
      P->File = std::move(P->Bytes);
      P->Bytes = llvm::MemoryBuffer::getMemBuffer(P->Other->Flat, "", false);
    }
    readIdInText(*P);
    P->Go.BuildInfo =
        P->Format == "Wasm" ? infoInData(*P) : findInlineBuildInfo(P->bytes());
  } else if (!Bytes->getBuffer().starts_with("\177ELF")) {
    return llvm::createStringError(
        Path + ": file header: expected ELF, PE, Mach-O or Wasm, found none");
  } else {
    llvm::Expected<std::unique_ptr<Image>> File =
        Image::parse(std::move(Bytes));
    if (!File)
      return File.takeError();
    P->Elf = std::move(*File);
    P->Format = "ELF", P->Arch = P->Elf->arch().str();
    P->Go = readGoImage(*P->Elf);
  }
  addMarks(*P);
  addCode(*P);
  if (P->Other)
    readTables(*P);
  addParts(*P);
  findModuleData(*P);
  findRecord(*P);
  return P;
}

bool goslim::isReadOnlyData(StringRef PartName) {
  return PartName.contains("rodata") || PartName.contains("rdata") ||
         PartName.starts_with("data"); // of Wasm, where all lies together
}

void Program::forgetSymbols() {
  Other->Symbols.clear();
  Code.clear();
  readTables(*this);
}

static void sortByAddress(std::vector<CodePiece> &Pieces) {
  llvm::stable_sort(Pieces, [](const CodePiece &X, const CodePiece &Y) {
    return X.Address < Y.Address;
  });
}

/// What runtime/debug.ReadBuildInfo reads lies among data without names, and is
/// known by its markers.
static void addModInfo(Program &P) {
  constexpr uint64_t DataAlignment = 32; // ld/data.go symalign, large symbols
  if (llvm::any_of(P.Names, [](const CodePiece &C) {
        return C.Name == ModInfoSymbol && C.IsSized;
      }))
    return;
  for (const Part &In : P.Parts) {
    size_t Begin = In.Address && isReadOnlyData(In.Name)
                       ? In.Bytes.find(StringRef(ModInfoStart))
                       : StringRef::npos;
    size_t End = Begin == StringRef::npos
                     ? Begin
                     : In.Bytes.find(StringRef(ModInfoEnd), Begin);
    if (End == StringRef::npos)
      continue;
    // With the padding behind it, which goes with it, too.
    for (End += ModInfoEnd.size(); End < In.Bytes.size() &&
                                   (In.Address + End) % DataAlignment &&
                                   !In.Bytes[End];)
      ++End;
    P.Names.push_back({ModInfoSymbol, In.Address + Begin, End - Begin});
    return; // Wasm has its build info in such a part, too
  }
}

llvm::Error Program::addLabels() {
  if (!Names.empty())
    return llvm::Error::success();
  if (!Elf) {
    Names = Code;
    addModInfo(*this);
    sortByAddress(Names);
    return llvm::Error::success();
  }
  llvm::Expected<Attribution> A = attribute(*Elf, Go);
  if (!A)
    return A.takeError();
  Labels = std::move(*A);
  for (const Span &S : Labels->Spans)
    if (S.Size && S.Address && !S.Symbol.empty() && S.What != Kind::Padding &&
        S.What != Kind::Code && S.What != Kind::Pclntab &&
        S.What != Kind::LinkerTable) // tables have names, no symbols
      Names.push_back({S.Symbol, S.Address, S.Size});
  llvm::append_range(Names, Code);
  addModInfo(*this);
  sortByAddress(Names);
  return llvm::Error::success();
}

const Part *Program::part(StringRef Name) const {
  for (const Part &P : Parts)
    if (P.Name == Name)
      return &P;
  return nullptr;
}

const Span *Program::labelAt(uint64_t Offset) const {
  if (!Labels)
    return nullptr;
  auto It = llvm::partition_point(Labels->Spans, [&](const Span &S) {
    return S.Size && S.Offset + S.Size <= Offset;
  });
  return It != Labels->Spans.end() && It->Size && It->Offset <= Offset
             ? &*It
             : nullptr;
}

const CodePiece *Program::codeAt(uint64_t Address) const {
  auto Next =
      llvm::upper_bound(Code, Address, [](uint64_t At, const CodePiece &P) {
        return At < P.Address;
      });
  if (Next == Code.begin() || Address - Next[-1].Address >= Next[-1].Size)
    return nullptr;
  return &Next[-1];
}
