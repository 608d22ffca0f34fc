//===- Explain.cpp - a cause for every differing byte ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Differing bytes are gathered into stretches, and each asks the rules below in
// order: is it derived from other bytes (IDs, signatures)? told by build info?
// an address or offset that points to the same place, which has moved? a file
// name? a string of -X? What no rule knows is charged to the strongest change
// of an input if there is one, else it is a change of code or data by name.
//
// Rules that excuse a byte (moved addresses, paths) hold only where something
// has moved, or all names of a folder changed: a single flipped bit never finds
// an excuse.
//===----------------------------------------------------------------------===//
#include "Explain.h"
#include "Arm64.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Tool/Invocation.h"
#include "goslim/Tool/Quoted.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/LEB128.h"
#include <fmt/format.h>
#include <map>

using namespace goslim;
using llvm::StringRef;
using namespace llvm::support::endian;

namespace {

/// Differing bytes that lie close together.
struct Stretch {
  const PartPair &Pair;
  uint64_t A, SizeA, B, SizeB; ///< in the parts
  uint64_t Bytes;              ///< that differ

  StringRef oldBytes() const { return Pair.A->Bytes.substr(A, SizeA); }
  StringRef newBytes() const { return Pair.B->Bytes.substr(B, SizeB); }
};

struct Answer {
  Cause Why = Cause::Unknown;
  std::string Detail;
};

class Explainer {
public:
  Explainer(const Program &A, const Program &B, llvm::ArrayRef<PartPair> Pairs,
            Comparison &Out);
  void run();

private:
  const Program &A, &B;
  llvm::ArrayRef<PartPair> Pairs;
  Comparison &Out;
  Movement Moved;
  std::vector<KeyChange> Keys;
  std::vector<PathChange> Paths;
  Cause Dominant = Cause::Unknown;
  bool LinkInputsOnly = false; ///< by the build ID: the packages are the same
  bool OnlyTampering = false;  ///< same IDs, other bytes
  bool UsesC = false;
  uint64_t ModInfoAt = 0; ///< address of A's module information; 0 = not known
  struct Line {
    uint64_t Begin, End; ///< of the file
    std::string Key;
  };
  std::vector<Line> LinesA, LinesB; ///< build info, each time it is there
  std::map<std::pair<Cause, std::string>, CompareFinding> Found;
  bool AnyStripped = false;

  void note(Cause Why, std::string Detail, uint64_t Bytes,
            const std::string &Place);
  void runPairs();
  void runPair(const PartPair &P);
  void missing(const PartPair &P);
  void stretch(const Stretch &S);
  Answer answer(const Stretch &S);
  std::optional<Answer> byMark(const Stretch &S) const;
  std::optional<Answer> byBuildInfo(const Stretch &S) const;
  std::optional<Answer> byPath(const Stretch &S) const;
  std::optional<Answer> byString(const Stretch &S) const;
  Answer gorootAnswer() const;
  Answer byLabel(const Stretch &S) const;
  bool isModInfoHeader(const Stretch &S) const;
  bool hasMoved(const Stretch &S) const;
  bool hasSizes(const Part &P, uint64_t At) const;
  bool fieldFollows(const PartPair &P, uint64_t AtA, uint64_t AtB) const;
  bool importFollows(const PartPair &P, uint64_t AtA, uint64_t AtB) const;
  bool operandFollows(const PartPair &P, uint64_t AtA, uint64_t AtB) const;
  bool instructionFollows(const PartPair &P, uint64_t AtA, uint64_t AtB) const;
  void finish();
};

} // namespace

//===----------------------------------------------------------------------===//
// Set-up
//===----------------------------------------------------------------------===//

/// Where each line of the module information lies; the linker stores it twice.
static void readLines(const Program &P, auto &Out) {
  StringRef All = P.bytes();
  StringRef Start(ModInfoStart), End(ModInfoEnd);
  for (size_t At = All.find(Start); At != StringRef::npos;
       At = All.find(Start, At + 1)) {
    uint64_t From = At + Start.size();
    size_t Stop = All.find(End, From);
    if (Stop == StringRef::npos)
      return;
    while (From < Stop) {
      uint64_t Next = std::min<uint64_t>(All.find('\n', From), Stop) + 1;
      StringRef Text = All.slice(From, Next - 1);
      auto [Word, Rest] = Text.split('\t');
      std::string Key = Word.str();
      if (Word == "build")
        Key += " " + Rest.take_until([](char C) { return C == '='; }).str();
      else if (Word == "dep")
        Key += " " + Rest.take_until([](char C) { return C == '\t'; }).str();
      Out.push_back({From, Next, std::move(Key)});
      From = Next;
    }
  }
}

Explainer::Explainer(const Program &A, const Program &B,
                     llvm::ArrayRef<PartPair> Pairs, Comparison &Out)
    : A(A), B(B), Pairs(Pairs), Out(Out), Moved(A, B, Pairs),
      Keys(buildInfoChanges(A, B)), Paths(pathChanges(A, B)),
      Dominant(dominantCause(Keys)) {
  if (auto Text = llvm::find_if(
          A.Names, [](const CodePiece &C) { return C.Name == ModInfoSymbol; });
      Text != A.Names.end())
    ModInfoAt = Text->Address;
  readLines(A, LinesA);
  readLines(B, LinesB);
  const auto &Differs = Out.IdDiffers;
  LinkInputsOnly = Out.HasIds && Differs[0] && !Differs[1] && !Differs[2];
  OnlyTampering =
      Out.HasIds && !Differs[0] && !Differs[1] && !Differs[2] && !Differs[3];
  for (const Program *P : {&A, &B})
    UsesC |= llvm::any_of(P->Code, [](const CodePiece &C) {
      return C.Name.starts_with("_cgo_") || C.Name.starts_with("runtime/cgo");
    });
}

void Explainer::note(Cause Why, std::string Detail, uint64_t Bytes,
                     const std::string &Place) {
  constexpr size_t MaxPlaces = 4;
  CompareFinding &F = Found[{Why, Detail}];
  F.Why = Why, F.Detail = std::move(Detail);
  F.Bytes += Bytes;
  if (F.Places.size() < MaxPlaces)
    F.Places.push_back(Place);
}

//===----------------------------------------------------------------------===//
// Stretches
//===----------------------------------------------------------------------===//

static std::string placeOf(const Part &P, uint64_t At) {
  return fmt::format("{}+{:#x}", P.Name, At);
}

void Explainer::missing(const PartPair &P) {
  const Part &Only = P.A ? *P.A : *P.B;
  const char *Side = P.A ? "first" : "second";
  const Program &Other = P.A ? B : A;
  bool IsAside = Only.IsDebug || Only.IsSymbols;
  if (IsAside && llvm::any_of(Other.Parts, [&](const Part &Q) {
        return Only.IsDebug ? Q.IsDebug : Q.IsSymbols;
      }))
    return note(Only.IsDebug ? Cause::DebugData : Cause::Symbols, "",
                Only.Bytes.size(), placeOf(Only, 0)); // another form of it
  Cause Why = IsAside                             ? Cause::Stripped
              : Only.IsGap                        ? Cause::Follows
              : Only.Name == ".note.go.buildid"   ? Cause::BuildId
              : Only.Name == ".note.gnu.build-id" ? Cause::HostBuildId
                                                  : Cause::Layout;
  AnyStripped |= Why == Cause::Stripped;
  std::string Detail =
      Why == Cause::Stripped
          ? fmt::format("{} only in the {} file",
                        Only.IsDebug ? "debug data" : "symbol table", Side)
      : Why == Cause::Layout
          ? fmt::format("section {} only in the {} file", Only.Name, Side)
          : "";
  note(Why, Detail, Only.Bytes.size(), placeOf(Only, 0));
}

void Explainer::runPair(const PartPair &P) {
  constexpr uint64_t Near = 8;
  for (const Run &R : P.Runs) {
    if (!R.isPaired()) {
      stretch({P, R.A, R.SizeA, R.B, R.SizeB, std::max(R.SizeA, R.SizeB)});
      continue;
    }
    const char *Old = P.A->Bytes.data() + R.A, *New = P.B->Bytes.data() + R.B;
    if (!memcmp(Old, New, R.SizeA))
      continue;
    uint64_t At = 0;
    while (At < R.SizeA) {
      if (Old[At] == New[At]) {
        ++At;
        continue;
      }
      uint64_t Begin = At, End = At + 1, Count = 1;
      for (++At; At < R.SizeA && At - End < Near; ++At)
        if (Old[At] != New[At])
          End = At + 1, ++Count;
      stretch({P, R.A + Begin, End - Begin, R.B + Begin, End - Begin, Count});
      At = End;
    }
  }
}

void Explainer::stretch(const Stretch &S) {
  Answer Why = answer(S);
  note(Why.Why, Why.Detail, S.Bytes, placeOf(*S.Pair.A, S.A));
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

static bool isInFile(const Part &P) { return P.Bytes.size() == P.Where.Size; }

static StringRef markAt(const Program &P, const Part &In, uint64_t At,
                        uint64_t Size) {
  if (!isInFile(In))
    return "";
  uint64_t Begin = In.Where.Offset + At;
  for (const OtherImage::Mark &M : P.Marks)
    if (Begin < M.Where.end() &&
        M.Where.Offset < Begin + std::max<uint64_t>(Size, 1))
      return M.Name;
  return "";
}

std::optional<Answer> Explainer::byMark(const Stretch &S) const {
  StringRef Mark = markAt(A, *S.Pair.A, S.A, S.SizeA);
  if (Mark.empty())
    Mark = markAt(B, *S.Pair.B, S.B, S.SizeB);
  if (Mark.empty())
    return std::nullopt;
  static constexpr std::pair<StringRef, Cause> Table[] = {
      {"go-build-id", Cause::BuildId},    {"gnu-build-id", Cause::HostBuildId},
      {"macho-uuid", Cause::Uuid},        {"macho-signature", Cause::Signature},
      {"pe-timestamp", Cause::Timestamp}, {"pe-checksum", Cause::Checksum}};
  for (const auto &[Name, Why] : Table)
    if (Name == Mark)
      return Answer{Why, ""};
  return std::nullopt;
}

static StringRef keyAt(const auto &Lines, const Part &P, uint64_t At) {
  if (!isInFile(P))
    return "";
  uint64_t Offset = P.Where.Offset + At;
  for (const auto &L : Lines)
    if (Offset >= L.Begin && Offset < L.End)
      return L.Key;
  return "";
}

static std::string quoted(StringRef Text) {
  constexpr size_t Most = 60;
  std::string Out = "\"";
  for (char C : Text.take_front(Most))
    if (uint8_t(C) < 0x20 || uint8_t(C) >= 0x7f)
      Out += fmt::format("\\x{:02x}", uint8_t(C));
    else
      Out += C;
  return Out + (Text.size() > Most ? "...\"" : "\"");
}

static std::string changeText(StringRef Name, StringRef Old, StringRef New) {
  auto Side = [](StringRef Text) {
    return Text.empty() ? std::string("(none)") : quoted(Text);
  };
  return Name.str() + ": " + Side(Old) + " -> " + Side(New);
}

static std::string changeText(const KeyChange &K) {
  StringRef Name = K.Key;
  Name.consume_front("build ");
  return changeText(Name, K.Old, K.New);
}

/// Whether At lies in the frame around the inline build info (debug/buildinfo,
/// Go 1.18 to 1.27), which ELF and Mach-O have in a section of its own.
static bool isInfoFrame(const Part &P, uint64_t At) {
  constexpr uint64_t Most = 64; // the header, the length of the Go version
  StringRef Magic("\xff Go buildinf:");
  return P.Name == ".go.buildinfo" || P.Name == "__DATA,__go_buildinfo" ||
         P.Bytes.slice(At - std::min(At, Most), At).contains(Magic);
}

/// Bytes of build info are those of the keys that changed.
std::optional<Answer> Explainer::byBuildInfo(const Stretch &S) const {
  StringRef Key = keyAt(LinesA, *S.Pair.A, S.A);
  auto Change = [&](StringRef K) {
    return llvm::find_if(Keys, [&](const KeyChange &C) { return C.Key == K; });
  };
  if (Key.empty() || Change(Key) == Keys.end())
    if (StringRef Other = keyAt(LinesB, *S.Pair.B, S.B);
        !Other.empty() && Change(Other) != Keys.end())
      Key = Other;
  if (Key.empty() && !isInfoFrame(*S.Pair.A, S.A))
    return std::nullopt;
  auto It = Change(Key);
  if (It == Keys.end()) {
    if (Keys.empty())
      return std::nullopt;
    It = Keys.begin(); // lengths and the like
  }
  // Without a module: `go build main.go`.
  Cause Why = It->Key == "mod" && Change("path") != Keys.end() ? Cause::MainPath
                                                               : It->Why;
  return Answer{Why, changeText(*It)};
}

/// The text that a stretch lies in: printable bytes around it.
static StringRef textAround(StringRef Bytes, uint64_t At, uint64_t Size) {
  constexpr uint64_t Most = 400;
  auto IsText = [](char C) { return uint8_t(C) >= 0x20 && uint8_t(C) < 0x7f; };
  uint64_t Begin = At, End = std::min<uint64_t>(At + Size, Bytes.size());
  while (Begin && At - Begin < Most && IsText(Bytes[Begin - 1]))
    --Begin;
  while (End < Bytes.size() && End - At < Most && IsText(Bytes[End]))
    ++End;
  return Bytes.slice(Begin, End);
}

std::optional<Answer> Explainer::byPath(const Stretch &S) const {
  if (OnlyTampering)
    return std::nullopt;
  auto Text = [](const PathChange &C) {
    return changeText("source folder", C.Old, C.New);
  };
  bool IsNames = S.Pair.A->Name == "pclntab: filetab";
  auto Trim = llvm::find_if(
      Keys, [](const KeyChange &K) { return K.Why == Cause::Trimpath; });
  if (Trim != Keys.end() && (IsNames || S.Pair.A->IsDebug))
    return Answer{Cause::Trimpath,
                  changeText("-trimpath", Trim->Old, Trim->New)};
  if (IsNames && !Paths.empty())
    return Answer{Cause::Path, Text(Paths.front())};
  StringRef Old = textAround(S.Pair.A->Bytes, S.A, S.SizeA);
  StringRef New = textAround(S.Pair.B->Bytes, S.B, S.SizeB);
  for (const PathChange &C : Paths) {
    if (!Old.contains(C.Old) || !New.contains(C.New) ||
        (C.Old.empty() && C.New.empty()))
      continue;
    if (S.Pair.A->IsDebug)
      return Answer{Cause::Path, Text(C)};
    return Answer{UsesC ? Cause::CFilePath : Cause::PathText,
                  changeText("text", Old, New)};
  }
  return std::nullopt;
}

/// Two absolute paths of a source file that end alike.
static bool arePathsOfOneFile(StringRef Old, StringRef New) {
  auto IsAbsolute = [](StringRef Text) {
    size_t Slash = Text.find('/');
    return Slash != StringRef::npos &&
           (!Slash || !llvm::isAlnum(Text[Slash - 1]) ||
            Text[Slash - 1] == ':');
  };
  auto IsText = [](StringRef Text) {
    return llvm::all_of(Text, [](char C) { return uint8_t(C) >= 0x20; });
  };
  if (!IsAbsolute(Old) || !IsAbsolute(New) || Old == New || !IsText(Old) ||
      !IsText(New))
    return false;
  StringRef X = Old.substr(Old.rfind('/')), Y = New.substr(New.rfind('/'));
  return X.contains('.') && (X == Y || X.starts_with(Y) || Y.starts_with(X));
}

/// "13:59:01", as __TIME__ has it.
static bool isTime(StringRef Text) {
  for (size_t I = 0; I + 8 <= Text.size(); ++I) {
    StringRef T = Text.substr(I, 8);
    bool Fits = true;
    for (size_t J = 0; J < 8; ++J)
      Fits &= J % 3 == 2 ? T[J] == ':' : llvm::isDigit(T[J]);
    if (Fits)
      return true;
  }
  return false;
}

/// Values that -X gives, by name.
static std::map<std::string, std::string> valuesOf(const Program &P) {
  std::map<std::string, std::string> Out;
  std::vector<std::string> Words;
  if (P.Record)
    Words = P.Record->Args;
  else if (P.Go.BuildInfo)
    if (Result<std::vector<std::string>> Flags =
            splitQuoted(P.Go.BuildInfo->Info.setting("-ldflags")))
      Words = std::move(*Flags);
  for (const Argument &Arg : parseInvocation(ToolKind::Link, Words).Args)
    if (Arg.Name == "X" && Arg.Value) {
      auto [Name, Value] = StringRef(*Arg.Value).split('=');
      Out[Name.str()] = Value.str();
    }
  return Out;
}

/// The symbol that holds a byte of a part, or "".
static StringRef nameAt(const Program &P, const Part &In, uint64_t At) {
  uint64_t Address = In.Address + At;
  auto Next =
      llvm::upper_bound(P.Names, Address, [](uint64_t X, const CodePiece &C) {
        return X < C.Address;
      });
  if (!In.Address || Next == P.Names.begin() ||
      Address - Next[-1].Address >= Next[-1].Size)
    return "";
  return Next[-1].Name;
}

/// The first symbol that begins in a stretch of a part, or "".
static StringRef nameInside(const Program &P, const Part &In, uint64_t At,
                            uint64_t Size) {
  uint64_t Address = In.Address + At;
  auto First =
      llvm::lower_bound(P.Names, Address, [](const CodePiece &C, uint64_t X) {
        return C.Address < X;
      });
  return In.Address && First != P.Names.end() && First->Address - Address < Size
             ? First->Name
             : StringRef();
}

/// The bytes of the data symbol Name, or "".
static StringRef valueOf(const Program &P, StringRef Name) {
  for (const CodePiece &C : P.Names)
    if (C.Name == Name)
      for (const Part &In : P.Parts)
        if (In.Address && C.Address >= In.Address &&
            C.Address - In.Address < In.Bytes.size())
          return In.Bytes.substr(C.Address - In.Address, C.Size)
              .split('\0')
              .first;
  return "";
}

/// What runtime.GOROOT() says is a path, and -trimpath clears it.
Answer Explainer::gorootAnswer() const {
  std::string Text =
      changeText("GOROOT", valueOf(A, "runtime.defaultGOROOT.str"),
                 valueOf(B, "runtime.defaultGOROOT.str"));
  for (const KeyChange &K : Keys)
    if (K.Why == Cause::Trimpath)
      return {Cause::Trimpath, changeText("-trimpath", K.Old, K.New)};
  return {Cause::Path, Text};
}

/// Whether a stretch holds a part of a string header (pointer, length) of the
/// module information.
bool Explainer::isModInfoHeader(const Stretch &S) const {
  constexpr uint64_t Word = 8;
  const Part &In = *S.Pair.A;
  if (!In.Address || !ModInfoAt)
    return false;
  uint64_t From = S.A - std::min(S.A, Word + (In.Address + S.A) % Word);
  for (; From < S.A + S.SizeA && From + Word <= In.Bytes.size(); From += Word)
    if (read64le(In.Bytes.data() + From) == ModInfoAt)
      return true;
  return false;
}

/// A string that someone gave, or a path that C has kept.
std::optional<Answer> Explainer::byString(const Stretch &S) const {
  if (S.Pair.A->IsCode || OnlyTampering)
    return std::nullopt;
  if (!Keys.empty() && isModInfoHeader(S))
    return Answer{Keys.front().Why, changeText(Keys.front())};
  for (StringRef Symbol : {nameAt(A, *S.Pair.A, S.A), nameAt(B, *S.Pair.B, S.B),
                           nameInside(A, *S.Pair.A, S.A, S.SizeA),
                           nameInside(B, *S.Pair.B, S.B, S.SizeB)}) {
    StringRef Name = Symbol;
    if (!Keys.empty() && Name == "runtime.modinfo")
      return Answer{Keys.front().Why, changeText(Keys.front())};
    if (auto K = llvm::find_if(
            Keys, [](const KeyChange &C) { return C.Why == Cause::Godebug; });
        K != Keys.end() && Name.starts_with("runtime.godebugDefault"))
      return Answer{K->Why, changeText("DefaultGODEBUG", K->Old, K->New)};
    if (Name == "runtime.defaultGOROOT.str" || Name == "runtime.defaultGOROOT")
      return gorootAnswer();
    if (Name.consume_back(".str") && Name.contains('.') &&
        !Name.starts_with("runtime."))
      return Answer{Cause::XValue,
                    changeText(Name, valueOf(A, Symbol), valueOf(B, Symbol))};
  }
  StringRef TextA = textAround(S.Pair.A->Bytes, S.A, S.SizeA);
  StringRef TextB = textAround(S.Pair.B->Bytes, S.B, S.SizeB);
  std::map<std::string, std::string> ValuesA = valuesOf(A),
                                     ValuesB = valuesOf(B);
  for (const auto &[Variable, Value] : ValuesA)
    if (std::string &Other = ValuesB[Variable]; Other != Value)
      if ((!Value.empty() && TextA.contains(Value)) ||
          (!Other.empty() && TextB.contains(Other)))
        return Answer{Cause::XValue, changeText(Variable, Value, Other)};
  if (UsesC && isTime(TextA) && isTime(TextB))
    return Answer{Cause::CTime, changeText("text", TextA, TextB)};
  if (arePathsOfOneFile(TextA, TextB)) {
    return Answer{UsesC ? Cause::CFilePath : Cause::PathText,
                  changeText("text", TextA, TextB)};
  }
  auto IsText = [](StringRef Bytes) {
    return llvm::all_of(Bytes, [](char C) {
      return !C || (uint8_t(C) >= 0x20 && uint8_t(C) < 0x7f);
    });
  };
  if (LinkInputsOnly && TextA.size() + TextB.size() > 1 &&
      IsText(S.oldBytes()) && IsText(S.newBytes()) &&
      isReadOnlyData(S.Pair.A->Name))
    return Answer{Cause::XValue, changeText("text", TextA, TextB)};
  return std::nullopt;
}

/// Whether sizes of tables and sections stand there.
bool Explainer::hasSizes(const Part &P, uint64_t At) const {
  constexpr uint64_t ModuleSize = 640; // at most, Go 1.20 to 1.27
  uint64_t Address = P.Address + At;
  return !P.Address || P.Name == "pclntab: header" || P.Name == ".dynamic" ||
         (A.ModuleData && Address >= A.ModuleData &&
          Address - A.ModuleData < ModuleSize);
}

static bool hasShortPointers(const Program &P) {
  return P.Arch == "386" || P.Arch == "arm" || P.Arch == "mips" ||
         P.Arch == "mipsle";
}

/// Whether a number of 4 bytes in Site may count from the begin of Base, of
/// whatever there is in pclntab (runtime/symtab.go, runtime2.go _func, Go 1.18
/// to 1.27), types and PE. Base null: of the image.
static bool mayCountFrom(const Part &Site, const Part *Base) {
  static constexpr std::pair<StringRef, StringRef> Tables[] = {
      {"pclntab: cutab", "pclntab: filetab"},
      {"pclntab: functab", "pclntab: functab"},
      {"pclntab: functions", "pclntab: funcnametab"},
      {"pclntab: functions", "pclntab: pctab"},
      {"pclntab: functions", "pclntab: funcdata"},
      {"pclntab: funcdata", "pclntab: funcnametab"}};
  auto IsTable = [](StringRef Name) { return Name.starts_with("pclntab: "); };
  StringRef Name = Site.Name;
  bool HasCode = Name == "pclntab: functab" || Name == "pclntab: functions";
  if (!Base)
    return !IsTable(Name);
  if (IsTable(Base->Name))
    return llvm::is_contained(Tables, std::pair(Name, StringRef(Base->Name)));
  if (IsTable(Name) && Name != "pclntab: funcdata")
    return HasCode && Base->IsCode;
  return true;
}

/// The same of an address in PE's table of imports, in which names of any
/// length come between.
bool Explainer::importFollows(const PartPair &P, uint64_t AtA,
                              uint64_t AtB) const {
  StringRef Old = P.A->Bytes, New = P.B->Bytes;
  for (uint64_t Back = 0; Back < 4 && Back <= AtA && Back <= AtB; ++Back) {
    if (AtA - Back + 4 > Old.size() || AtB - Back + 4 > New.size())
      continue;
    uint64_t X = read32le(Old.data() + AtA - Back),
             Y = read32le(New.data() + AtB - Back);
    for (const Movement::Base &Base : Moved.bases())
      if (!Base.Of && Moved.follows(Base, X, Y))
        return true;
  }
  return false;
}

/// Whether a field of data that holds At refers to the same place in both
/// programs. Fields lie where their size divides their address.
bool Explainer::fieldFollows(const PartPair &P, uint64_t AtA,
                             uint64_t AtB) const {
  if (P.A->Name == ".idata")
    return importFollows(P, AtA, AtB);
  StringRef Old = P.A->Bytes, New = P.B->Bytes;
  bool MayGrow = hasSizes(*P.A, AtA), IsShort = hasShortPointers(A);
  bool IsRelative =
      P.A->Address && (UsesC || StringRef(P.A->Name).starts_with(".eh_frame"));
  auto Begin = [&](uint64_t Size) -> std::optional<std::pair<size_t, size_t>> {
    uint64_t Back = (P.A->Address + AtA) % Size;
    if (Back > AtA || Back > AtB || AtA - Back + Size > Old.size() ||
        AtB - Back + Size > New.size() || (P.B->Address + AtB - Back) % Size)
      return std::nullopt;
    return std::pair(AtA - Back, AtB - Back);
  };
  // Zeroed memory comes last: what is no address may look as if.
  for (bool IsStep : {false, true}) {
    auto Follows = [&](uint64_t OfA, uint64_t OfB) {
      return IsStep ? Moved.followsSteps(OfA, OfB, P.A->Where.Offset + AtA)
                    : Moved.follows(OfA, OfB);
    };
    if (auto At = Begin(8); At && !IsShort) {
      uint64_t X = read64le(Old.data() + At->first),
               Y = read64le(New.data() + At->second);
      if (X != Y && (Follows(X, Y) || (MayGrow && Moved.isGrowth(X, Y))))
        return true;
    }
    auto At = Begin(4);
    if (!At)
      continue;
    uint32_t X = read32le(Old.data() + At->first),
             Y = read32le(New.data() + At->second);
    if (X == Y)
      continue;
    if ((IsShort && Follows(X, Y)) || (MayGrow && Moved.isGrowth(X, Y)))
      return true;
    if (IsRelative && Follows(P.A->Address + At->first + uint64_t(int32_t(X)),
                              P.B->Address + At->second + uint64_t(int32_t(Y))))
      return true;
    if (IsStep) // no offset leads there
      continue;
    for (const Movement::Base &Base : Moved.bases())
      if (mayCountFrom(*P.A, Base.Of) && Moved.follows(Base, X, Y))
        return true;
  }
  return false;
}

/// The same of an instruction of x86 that holds At.
bool Explainer::operandFollows(const PartPair &P, uint64_t AtA,
                               uint64_t AtB) const {
  StringRef Old = P.A->Bytes, New = P.B->Bytes;
  bool IsShort = hasShortPointers(A);
  auto Fits = [&](uint64_t From, uint64_t To, unsigned Size) {
    return From + Size <= Old.size() && To + Size <= New.size();
  };
  // What begins at the wrong byte may look like an address.
  for (bool IsStep : {false, true})
    for (uint64_t Back = 0; Back < 8 && Back <= AtA && Back <= AtB; ++Back) {
      uint64_t From = AtA - Back, To = AtB - Back;
      auto Follows = [&](uint64_t OfA, uint64_t OfB) {
        return IsStep ? Moved.followsSteps(OfA, OfB, P.A->Where.Offset + From)
                      : Moved.follows(OfA, OfB);
      };
      if (!IsShort && Fits(From, To, 8)) {
        uint64_t X = read64le(Old.data() + From), Y = read64le(New.data() + To);
        if (X != Y && Follows(X, Y))
          return true;
      }
      if (Back >= 4 || !Fits(From, To, 4))
        continue;
      uint32_t X = read32le(Old.data() + From), Y = read32le(New.data() + To);
      if (X == Y)
        continue;
      if (IsShort && Follows(X, Y))
        return true;
      // Counted from its end, or from the end of an instruction with more.
      for (uint64_t Extra : {4, 5, 6, 8})
        if (Follows(P.A->Address + From + Extra + uint64_t(int32_t(X)),
                    P.B->Address + To + Extra + uint64_t(int32_t(Y))))
          return true;
    }
  return false;
}

/// The same of an instruction of arm64, or a pointer between instructions.
bool Explainer::instructionFollows(const PartPair &P, uint64_t AtA,
                                   uint64_t AtB) const {
  constexpr uint64_t Word = 4;
  StringRef Old = P.A->Bytes, New = P.B->Bytes;
  uint64_t From = AtA - AtA % Word, To = AtB - AtB % Word;
  if (AtA - From != AtB - To || From + Word > Old.size() ||
      To + Word > New.size())
    return false;
  std::optional<uint64_t> OfA = arm64Reference(Old, From, P.A->Address),
                          OfB = arm64Reference(New, To, P.B->Address);
  auto Follows = [&](uint64_t X, uint64_t Y) {
    return Moved.follows(X, Y) ||
           Moved.followsSteps(X, Y, P.A->Where.Offset + From);
  };
  if (OfA && OfB &&
      withoutAddress(read32le(Old.data() + From)) ==
          withoutAddress(read32le(New.data() + To)))
    return Follows(*OfA, *OfB);
  From -= From % 8, To -= To % 8;
  return From + 8 <= Old.size() && To + 8 <= New.size() &&
         Follows(read64le(Old.data() + From), read64le(New.data() + To));
}

/// A number of Wasm's (LEB128) that holds Bytes[At]; nothing when it is too
/// long.
static std::optional<uint64_t> numberAround(StringRef Bytes, uint64_t At) {
  constexpr unsigned Most = 10;
  uint64_t Begin = At;
  while (Begin && (Bytes[Begin - 1] & 0x80))
    if (At - --Begin >= Most)
      return std::nullopt;
  unsigned Size = 0;
  const char *Error = nullptr;
  int64_t Value = llvm::decodeSLEB128(Bytes.bytes_begin() + Begin, &Size,
                                      Bytes.bytes_end(), &Error);
  return Error ? std::nullopt : std::optional(uint64_t(Value));
}

/// All of a stretch is addresses and offsets of what lies elsewhere now.
bool Explainer::hasMoved(const Stretch &S) const {
  if (OnlyTampering ||
      !(S.Pair.A->Address ? Moved.anyAddress() : Moved.anything()))
    return false;
  auto IsPadding = [&](StringRef Bytes) {
    return Bytes.find_first_not_of(S.Pair.A->IsCode ? '\xcc' : '\0') ==
           StringRef::npos;
  };
  if (IsPadding(S.oldBytes()) && IsPadding(S.newBytes()))
    return true;
  // The linker's map of pointers goes with what it maps.
  const Span *L =
      isInFile(*S.Pair.A) ? A.labelAt(S.Pair.A->Where.Offset + S.A) : nullptr;
  if (L && Moved.anyVariable() &&
      (L->Symbol == "runtime.gcdata" || L->Symbol == "runtime.gcbss"))
    return true;
  if (S.SizeA != S.SizeB)
    return false;
  StringRef Old = S.Pair.A->Bytes, New = S.Pair.B->Bytes;
  bool IsWasm = A.Format == "Wasm" && S.Pair.A->IsCode;
  bool IsArm = A.Arch == "arm64" && S.Pair.A->IsCode;
  bool IsX86 = A.Arch == "amd64" || A.Arch == "386";
  for (uint64_t I = 0; I < S.SizeA; ++I) {
    if (Old[S.A + I] == New[S.B + I])
      continue;
    uint64_t AtA = S.A + I, AtB = S.B + I;
    if (IsWasm) {
      std::optional<uint64_t> X = numberAround(Old, AtA),
                              Y = numberAround(New, AtB);
      if (X && Y && *X != *Y &&
          (Moved.follows(*X, *Y) || Moved.followsSteps(*X, *Y, AtA)))
        continue;
      return false;
    }
    if (IsArm) {
      if (!instructionFollows(S.Pair, AtA, AtB))
        return false;
      continue;
    }
    if (!S.Pair.A->IsCode ? !fieldFollows(S.Pair, AtA, AtB)
                          : !IsX86 || !operandFollows(S.Pair, AtA, AtB))
      return false;
  }
  return true;
}

static std::string functionWords(const Program &P, const Stretch &S) {
  if (!S.Pair.A->Address)
    return "";
  const CodePiece *C = P.codeAt(S.Pair.A->Address + S.A);
  return C ? C->Name.str() : "";
}

Answer Explainer::byLabel(const Stretch &S) const {
  const Part &P = *S.Pair.A;
  if (P.Name == ".comment")
    return {Cause::CCompiler,
            changeText("compiler", P.Bytes.rtrim('\0').rsplit('\0').second,
                       S.Pair.B->Bytes.rtrim('\0').rsplit('\0').second)};
  if (P.IsCode) {
    std::string Name = functionWords(A, S), Package = packageOfSymbol(Name);
    return {Cause::Code, !Package.empty() ? "package " + Package
                         : Name.empty()   ? "C, or no known function"
                                          : "function " + Name};
  }
  const Span *L = isInFile(P) ? A.labelAt(P.Where.Offset + S.A) : nullptr;
  // The header of a string that -X has set: where it lies, its length.
  if (StringRef Variable = nameAt(A, P, S.A); !Variable.empty())
    if (std::string Name = Variable.str() + ".str";
        valueOf(A, Name) != valueOf(B, Name))
      return {Cause::XValue,
              changeText(Variable, valueOf(A, Name), valueOf(B, Name))};
  if (L && L->Package != NoPackage)
    return {Cause::Data, "package " + A.Labels->Packages[L->Package].Path};
  if (P.Address)
    return {Cause::Data, P.Name};
  return {Cause::Unknown, P.Name};
}

/// The checksum of FIPS 140 code and data, addresses in it included (cmd/link
/// ld/fips140.go, Go 1.24 to 1.27): in ELF and Mach-O in a section of its own.
static bool isFipsSum(const Part &P, uint64_t At) {
  constexpr StringRef Magic("\xff Go fipsinfo \xff\0", 16);
  constexpr uint64_t SumSize = 32;
  uint64_t Before = std::min(At, Magic.size() + SumSize - 1);
  return P.Bytes.slice(At - Before, At).contains(Magic);
}

/// What is filled with zeros in one file, and with more in the other.
static bool isWrittenPadding(const PartPair &P) {
  auto IsZero = [](const Part &Q) {
    return Q.Bytes.find_first_not_of('\0') == StringRef::npos;
  };
  return P.A->IsGap && IsZero(*P.A) != IsZero(*P.B);
}

Answer Explainer::answer(const Stretch &S) {
  if (std::optional<Answer> Marked = byMark(S))
    return *Marked;
  if (isWrittenPadding(S.Pair))
    return {OnlyTampering ? Cause::Altered : Cause::Unknown, S.Pair.A->Name};
  // File headers, section headers and names follow the sections. So does the
  // checksum of FIPS 140 code.
  bool IsFrame = S.Pair.A->IsGap || S.Pair.A->Name == ".shstrtab" ||
                 S.Pair.A->Name == ".reloc" || isFipsSum(*S.Pair.A, S.A);
  if (IsFrame && AnyStripped)
    return {Cause::Follows, ""};
  if (OnlyTampering && !S.Pair.A->IsDebug && !S.Pair.A->IsSymbols)
    return {Cause::Altered, S.Pair.A->Name};
  if (std::optional<Answer> Info = byBuildInfo(S))
    return *Info;
  if (std::optional<Answer> Path = byPath(S))
    return *Path;
  if (S.Pair.A->IsDebug)
    return {Cause::DebugData, ""};
  if (S.Pair.A->IsSymbols)
    return {Cause::Symbols, ""};
  if (IsFrame && Moved.anything())
    return {Cause::Follows, ""};
  // Where all code was made anew nothing is gained by looking for old places.
  static constexpr Cause Sweeping[] = {Cause::Toolchain, Cause::ArchLevel,
                                       Cause::Experiment, Cause::CompilerFlags,
                                       Cause::Target};
  if (llvm::is_contained(Sweeping, Dominant))
    return {S.Pair.A->IsCode ? Cause::Code : Cause::Data, ""};
  if (hasMoved(S))
    return {Cause::Follows, ""};
  if (std::optional<Answer> String = byString(S))
    return *String;
  return byLabel(S);
}

//===----------------------------------------------------------------------===//
// The sum
//===----------------------------------------------------------------------===//

static Equality equalityOf(Cause Why) {
  switch (Why) {
  case Cause::BuildId:
    return Equality::BuildId;
  case Cause::HostBuildId:
  case Cause::Signature:
  case Cause::Uuid:
  case Cause::Timestamp:
  case Cause::Checksum:
    return Equality::Signature;
  case Cause::Path:
  case Cause::Stripped:
  case Cause::DebugData:
  case Cause::Symbols:
    return Equality::Debug;
  case Cause::Follows: // counts for nothing itself
    return Equality::Debug;
  case Cause::Code:
  case Cause::Altered:
  case Cause::Layout:
  case Cause::Unknown:
    return Equality::Different;
  default:
    return Equality::Code;
  }
}

/// Bytes that no rule knows are the work of the strongest change of an input.
void Explainer::finish() {
  bool Explained = Moved.anything();
  for (const auto &[Key, F] : Found) {
    Explained |= equalityOf(F.Why) == Equality::Code || F.Why == Cause::Path ||
                 F.Why == Cause::Code || F.Why == Cause::Data;
  }
  // Another C compiler is known by what it has left, not by build info.
  std::string DominantDetail;
  for (const KeyChange &K : Keys)
    if (K.Why == Dominant && DominantDetail.empty())
      DominantDetail = K.Key == "go" ? changeText("Go version", K.Old, K.New)
                                     : changeText(K);
  for (const auto &[Key, F] : Found)
    if (F.Why == Cause::CCompiler && Dominant == Cause::Unknown)
      Dominant = Cause::CCompiler, DominantDetail = F.Detail;
  std::map<std::pair<Cause, std::string>, CompareFinding> Sum;
  for (auto &[Key, F] : Found) {
    CompareFinding G = std::move(F);
    G.Asks = equalityOf(G.Why);
    bool IsRest = G.Why == Cause::Code || G.Why == Cause::Data ||
                  G.Why == Cause::Layout || G.Why == Cause::Unknown;
    bool IsAside = G.Why == Cause::DebugData || G.Why == Cause::Symbols;
    if (Dominant != Cause::Unknown && (IsRest || IsAside)) {
      G.Why = Dominant, G.Detail = DominantDetail;
      if (IsAside)
        G.Asks = Equality::Debug;
    } else if (IsAside && Explained) {
      G.Why = Cause::Follows, G.Asks = Equality::Debug;
    }
    auto [It, New] = Sum.try_emplace({G.Why, G.Detail});
    CompareFinding &To = It->second;
    uint64_t Bytes = To.Bytes + G.Bytes;
    Equality Asks = New ? G.Asks : std::max(To.Asks, G.Asks);
    std::vector<std::string> Places = std::move(To.Places);
    llvm::append_range(Places, G.Places);
    Places.resize(std::min<size_t>(Places.size(), 4));
    To = std::move(G);
    To.Bytes = Bytes, To.Asks = Asks;
    To.Places = std::move(Places);
  }
  for (auto &[Key, F] : Sum) {
    Out.DifferingBytes += F.Bytes;
    Out.Equal = std::max(Out.Equal, F.Asks);
    Out.Findings.push_back(std::move(F));
  }
  llvm::stable_sort(
      Out.Findings, [](const CompareFinding &X, const CompareFinding &Y) {
        bool LastX = X.Why == Cause::Follows, LastY = Y.Why == Cause::Follows;
        return std::tie(LastX, Y.Bytes, X.Why, X.Detail) <
               std::tie(LastY, X.Bytes, Y.Why, Y.Detail);
      });
}

void Explainer::runPairs() {
  // What is only in one file first: headers follow from it.
  for (const PartPair &P : Pairs)
    if (!P.A || !P.B)
      missing(P);
  for (const PartPair &P : Pairs)
    if (P.A && P.B)
      runPair(P);
}

void Explainer::run() {
  runPairs();
  if (!Moved.isInSteps()) {
    Moved.disbelieve();
    Found.clear();
    runPairs();
  }
  finish();
}

void goslim::explain(const Program &A, const Program &B,
                     llvm::ArrayRef<PartPair> Pairs, Comparison &Out) {
  Explainer(A, B, Pairs, Out).run();
}
