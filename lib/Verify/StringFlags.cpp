//===- StringFlags.cpp - -X flags, guessed --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/StringFlags.h"
#include "Program.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <algorithm>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// Printable, and such as -ldflags can carry.
static bool isFlagText(StringRef Text) {
  return !Text.empty() && llvm::all_of(Text, [](char C) {
    return C >= ' ' && C < 0x7f && C != '\'' && C != '"';
  });
}

namespace {

/// A program as it lies in memory.
struct Memory {
  const Program &P;

  unsigned wordSize() const {
    return P.Elf ? P.Elf->bits() / 8 : P.Arch == "386" ? 4 : 8;
  }
  /// Variables with a value of their own.
  const Part *data() const {
    return P.part(P.Format == "Mach-O" ? "__DATA,__data" : ".data");
  }
  std::optional<StringRef> bytesAt(uint64_t Address, uint64_t Size) const {
    if (P.Elf)
      return P.Elf->bytesAt(Address, Size);
    for (const ImageSection &S : P.Other->Sections)
      if (S.isAlloc() && Address >= S.Address &&
          Address - S.Address <= S.Size &&
          Size <= S.Size - (Address - S.Address))
        return P.bytes().substr(S.Offset + (Address - S.Address), Size);
    return std::nullopt;
  }
  std::optional<uint64_t> wordAt(uint64_t Address) const {
    std::optional<StringRef> Bytes = bytesAt(Address, wordSize());
    if (!Bytes)
      return std::nullopt;
    bool IsLittle = !P.Elf || P.Elf->isLittleEndian();
    uint64_t Out = 0;
    for (size_t I = 0; I < Bytes->size(); ++I)
      Out = Out << 8 | uint8_t((*Bytes)[IsLittle ? Bytes->size() - 1 - I : I]);
    return Out;
  }
  /// Of Mach-O what Go's own linker writes, which leaves addresses in place.
  std::optional<uint64_t> pointerAt(uint64_t Address) const {
    return P.Elf ? P.Elf->pointerAt(Address) : wordAt(Address);
  }
};

} // namespace

llvm::Expected<std::vector<std::string>>
goslim::valuesOfStringFlags(StringRef Published, StringRef Rebuilt) {
  constexpr uint64_t MaxSize = 512;
  constexpr size_t MaxValues = 8;
  llvm::Expected<std::unique_ptr<Program>> P = Program::open(Published);
  if (!P)
    return P.takeError();
  llvm::Expected<std::unique_ptr<Program>> Q = Program::open(Rebuilt);
  if (!Q)
    return Q.takeError();
  std::vector<std::string> Out;
  Memory M{**P};
  const Part *Data = M.data();
  uint64_t Word = M.wordSize();
  if (!Data || Memory{**Q}.wordSize() != Word)
    return Out;
  for (uint64_t At = Data->Address, End = At + Data->Where.Size;
       End - At >= 2 * Word; At += Word) {
    uint64_t Size = M.wordAt(At + Word).value_or(0);
    if (!Size || Size > MaxSize)
      continue;
    std::optional<StringRef> Bytes;
    if (std::optional<uint64_t> Pointer = M.pointerAt(At))
      Bytes = M.bytesAt(*Pointer, Size + 1);
    if (!Bytes || Bytes->back() != '\0' || !isFlagText(Bytes->drop_back()))
      continue;
    if ((*Q)->bytes().contains(*Bytes) ||
        llvm::is_contained(Out, Bytes->drop_back()))
      continue;
    Out.push_back(Bytes->drop_back().str());
    if (Out.size() == MaxValues)
      break;
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

namespace {

enum Meaning : uint8_t { Version, Revision, Date, Other };

/// What a name says by one of its words.
struct Hint {
  StringRef Word;
  Meaning Means;
};

} // namespace

static constexpr Hint Hints[] = {
    {"version", Version}, {"tag", Version},       {"release", Version},
    {"commit", Revision}, {"revision", Revision}, {"sha", Revision},
    {"hash", Revision},   {"git", Revision},      {"date", Date},
    {"time", Date},       {"built", Other},       {"build", Other},
    {"branch", Other},    {"dirty", Other},       {"channel", Other},
    {"edition", Other},   {"env", Other},         {"target", Other}};

/// The name behind the package, in lower case: "buildversion".
static std::string plainName(StringRef Variable) {
  size_t Slash = Variable.rfind('/');
  StringRef Last =
      Slash == StringRef::npos ? Variable : Variable.drop_front(Slash + 1);
  return Last.split('.').second.lower();
}

/// Names of variables as large as a string.
static llvm::Expected<std::vector<StringRef>> stringVariables(const Program &P,
                                                              uint64_t Size) {
  std::vector<StringRef> Out;
  if (P.Elf) {
    llvm::Expected<std::vector<ImageSymbol>> Symbols = P.Elf->symbols();
    if (!Symbols)
      return Symbols.takeError();
    for (const ImageSymbol &S : *Symbols)
      if (S.Size == Size && S.Type == llvm::ELF::STT_OBJECT)
        Out.push_back(S.Name);
    return Out;
  }
  // Symbols without sizes: up to the next one, with padding. Zeroed variables
  // lie in no section of the file.
  auto IsVariable = [&](uint64_t Address) {
    return llvm::none_of(P.Other->Sections, [&](const ImageSection &S) {
      return !(S.Flags & llvm::ELF::SHF_WRITE) && Address >= S.Address &&
             Address - S.Address < S.Size;
    });
  };
  llvm::ArrayRef<ImageSymbol> All = P.Other->Symbols;
  for (size_t I = 0; P.Format != "Wasm" && I + 1 < All.size(); ++I) {
    uint64_t Room = All[I + 1].Address - All[I].Address;
    if (Room >= Size && Room < 2 * Size && IsVariable(All[I].Address))
      Out.push_back(All[I].Name);
  }
  return Out;
}

llvm::Expected<std::vector<std::string>>
goslim::variablesForStringFlags(StringRef Unstripped) {
  llvm::Expected<std::unique_ptr<Program>> P = Program::open(Unstripped);
  if (!P)
    return P.takeError();
  llvm::Expected<std::vector<StringRef>> Names =
      stringVariables(**P, 2 * Memory{**P}.wordSize());
  if (!Names)
    return Names.takeError();
  std::vector<std::string> Out;
  for (StringRef Name : *Names) {
    if (Name.contains(':') || Name.contains("..") || !isFlagText(Name) ||
        Name.contains(' '))
      continue;
    // The standard library has no such variables.
    bool IsOurs = Name.starts_with("main.") ||
                  Name.substr(0, Name.find_last_of('/')).contains('.');
    std::string Plain = plainName(Name);
    if (IsOurs && llvm::any_of(Hints, [&](const Hint &H) {
          return StringRef(Plain).contains(H.Word);
        }))
      Out.push_back(Name.str());
  }
  llvm::sort(Out);
  return Out;
}

//===----------------------------------------------------------------------===//
// Guesses
//===----------------------------------------------------------------------===//

static Meaning meaningOf(StringRef Value) {
  auto IsDigitAt = [&](size_t At) {
    return At < Value.size() && llvm::isDigit(Value[At]);
  };
  if (Value.size() >= 7 && llvm::all_of(Value, llvm::isHexDigit))
    return Revision;
  // 2006-01-02, perhaps with more; seconds since 1970.
  if ((Value.size() >= 10 && IsDigitAt(3) && Value[4] == '-' && IsDigitAt(5) &&
       Value[7] == '-') ||
      (Value.size() == 10 && llvm::all_of(Value, llvm::isDigit)))
    return Date;
  StringRef Number = Value;
  Number.consume_front("v");
  size_t Digits = Number.find_first_not_of("0123456789");
  if (Digits && Digits != StringRef::npos && Number[Digits] == '.')
    return Version;
  return Other;
}

/// Small is likely: the name means what the value is, and says little else; in
/// the main package, or in one named "version".
static unsigned distance(StringRef Variable, Meaning Means) {
  std::string Plain = plainName(Variable);
  unsigned Out = 100;
  for (const Hint &H : Hints)
    if (StringRef(Plain).contains(H.Word))
      Out = std::min(Out, (H.Means == Means ? 0u : 50u) +
                              unsigned(Plain.size() - H.Word.size()));
  if (!Variable.starts_with("main."))
    Out += Variable.contains("version.") ? 1 : 5;
  return Out;
}

std::vector<std::vector<std::string>>
goslim::guessStringFlags(llvm::ArrayRef<std::string> Values,
                         llvm::ArrayRef<std::string> Variables, size_t Limit) {
  std::vector<std::vector<std::string>> Out;
  if (Values.empty() || Variables.size() < Values.size())
    return Out;
  // Per value the nearest few variables; of all choices the nearest ones.
  constexpr size_t Choices = 4;
  struct Guess {
    unsigned Distance = 0;
    std::vector<StringRef> Taken;
  };
  std::vector<Guess> All(1);
  for (const std::string &Value : Values) {
    Meaning Means = meaningOf(Value);
    std::vector<std::pair<unsigned, StringRef>> Near;
    for (StringRef V : Variables)
      Near.emplace_back(distance(V, Means), V);
    llvm::sort(Near);
    Near.resize(std::min(Near.size(), Choices + Values.size()));
    std::vector<Guess> Next;
    for (const Guess &G : All)
      for (const auto &[Far, Variable] : Near)
        if (!llvm::is_contained(G.Taken, Variable)) {
          Next.push_back({G.Distance + Far, G.Taken});
          Next.back().Taken.push_back(Variable);
        }
    llvm::stable_sort(Next, [](const Guess &X, const Guess &Y) {
      return X.Distance < Y.Distance;
    });
    Next.resize(std::min<size_t>(Next.size(), 8 * Limit));
    All = std::move(Next);
  }
  for (const Guess &G : llvm::ArrayRef(All).take_front(Limit)) {
    std::vector<std::string> Words;
    for (size_t I = 0; I < Values.size(); ++I)
      Words.push_back(G.Taken[I].str() + "=" + Values[I]);
    Out.push_back(std::move(Words));
  }
  return Out;
}

std::vector<std::vector<std::string>>
goslim::spellingsOf(llvm::ArrayRef<std::string> Others,
                    llvm::ArrayRef<std::string> Assignments, size_t Limit) {
  std::vector<std::vector<std::string>> Out;
  std::vector<std::string> Order(Assignments);
  llvm::sort(Order);
  // The order of the guess comes first, then all orders.
  auto Add = [&](llvm::ArrayRef<std::string> Names) {
    for (bool IsBehind : {true, false})
      for (bool IsOneWord : {false, true}) {
        std::vector<std::string> Words;
        if (IsBehind)
          Words.assign(Others.begin(), Others.end());
        for (const std::string &Name : Names)
          if (IsOneWord)
            Words.push_back("-X=" + Name);
          else
            Words.insert(Words.end(), {"-X", Name});
        if (!IsBehind)
          Words.insert(Words.end(), Others.begin(), Others.end());
        if (Out.size() < Limit && !llvm::is_contained(Out, Words))
          Out.push_back(std::move(Words));
      }
  };
  Add(Assignments);
  do
    Add(Order);
  while (Out.size() < Limit &&
         std::next_permutation(Order.begin(), Order.end()));
  return Out;
}
