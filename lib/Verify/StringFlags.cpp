//===- StringFlags.cpp - -X flags, guessed --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Verify/StringFlags.h"
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

std::vector<std::string> goslim::valuesOfStringFlags(const Image &Published,
                                                     const Image &Rebuilt) {
  constexpr uint64_t MaxSize = 512;
  constexpr size_t MaxValues = 8;
  std::vector<std::string> Out;
  const ImageSection *Data = Published.section(".data");
  uint64_t Word = Published.bits() / 8;
  if (!Data || Data->isNoBits() || Rebuilt.bits() != Published.bits())
    return Out;
  for (uint64_t At = 0; At + 2 * Word <= Data->Size; At += Word) {
    uint64_t Size = Published.readUint(Data->Offset + At + Word, unsigned(Word))
                        .value_or(0);
    if (!Size || Size > MaxSize)
      continue;
    std::optional<uint64_t> Pointer = Published.pointerAt(Data->Address + At);
    std::optional<StringRef> Bytes;
    if (Pointer)
      Bytes = Published.bytesAt(*Pointer, Size + 1);
    if (!Bytes || Bytes->back() != '\0' || !isFlagText(Bytes->drop_back()))
      continue;
    if (Rebuilt.bytes().contains(*Bytes) ||
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

std::vector<std::string>
goslim::variablesForStringFlags(const Image &Unstripped) {
  std::vector<std::string> Out;
  uint64_t Size = 2 * (Unstripped.bits() / 8);
  llvm::Expected<std::vector<ImageSymbol>> Symbols = Unstripped.symbols();
  if (!Symbols) {
    llvm::consumeError(Symbols.takeError());
    return Out;
  }
  for (const ImageSymbol &S : *Symbols) {
    if (S.Size != Size || S.Type != llvm::ELF::STT_OBJECT ||
        S.Name.contains(':') || S.Name.contains("..") || !isFlagText(S.Name) ||
        S.Name.contains(' '))
      continue;
    // The standard library has no such variables.
    StringRef Path = S.Name.substr(0, S.Name.find_last_of('/'));
    bool IsOurs = S.Name.starts_with("main.") || Path.contains('.');
    std::string Plain = plainName(S.Name);
    if (IsOurs && llvm::any_of(Hints, [&](const Hint &H) {
          return StringRef(Plain).contains(H.Word);
        }))
      Out.push_back(S.Name.str());
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
