//===- LinkMap.cpp - what the C linker put where --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Record/LinkMap.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Tool/Quoted.h"
#include <algorithm>
#include <charconv>
#include <map>

namespace goslim {

static std::string_view cutLine(std::string_view &Text) {
  size_t End = std::min(Text.find('\n'), Text.size());
  std::string_view Line = Text.substr(0, End);
  Text.remove_prefix(std::min(End + 1, Text.size()));
  if (Line.ends_with('\r'))
    Line.remove_suffix(1);
  return Line;
}

static std::string_view cutWord(std::string_view &Line) {
  size_t Begin = std::min(Line.find_first_not_of(" \t"), Line.size());
  Line.remove_prefix(Begin);
  size_t End = std::min(Line.find_first_of(" \t"), Line.size());
  std::string_view Word = Line.substr(0, End);
  Line.remove_prefix(End);
  return Word;
}

static std::string_view trimmed(std::string_view Text) {
  size_t Begin = std::min(Text.find_first_not_of(" \t"), Text.size());
  return Text.substr(Begin);
}

static bool readNumber(std::string_view Text, int Base, uint64_t &Value) {
  if (Base == 16 && Text.starts_with("0x"))
    Text.remove_prefix(2);
  auto [End, Error] =
      std::from_chars(Text.data(), Text.data() + Text.size(), Value, Base);
  return Error == std::errc() && !Text.empty() &&
         End == Text.data() + Text.size();
}

//===----------------------------------------------------------------------===//
// Asking
//===----------------------------------------------------------------------===//

/// gcc, clang and their kin, also "x86_64-linux-gnu-gcc-12". What is called
/// "cc" is one of them; wrappers with names of their own may be anything.
static bool isKnownCompiler(std::string_view Program) {
  std::string_view Name = fileName(Program);
  while (!Name.empty() && (Name.back() == '.' || Name.back() == '-' ||
                           (Name.back() >= '0' && Name.back() <= '9')))
    Name.remove_suffix(1);
  if (Name == "cc" || Name == "c++")
    return true;
  static constexpr std::string_view Kin[] = {"gcc", "g++", "clang", "clang++"};
  return std::any_of(std::begin(Kin), std::end(Kin), [&](auto K) {
    return Name == K ||
           (Name.ends_with(K) && Name[Name.size() - K.size() - 1] == '-');
  });
}

static bool asksForMap(std::string_view Word) {
  return Word.find("-Map") != Word.npos || Word.find("print-map") != Word.npos;
}

std::optional<Invocation> askForLinkMap(const Invocation &Call,
                                        std::string_view Importcfg,
                                        std::string_view Goos,
                                        std::string_view File) {
  if (Goos != "linux" ||
      Importcfg.find("packagefile runtime/cgo=") == Importcfg.npos ||
      Call.value("linkmode") == "internal" ||
      !isKnownCompiler(Call.value("extld")) ||
      File.find_first_of(" \t\n,'\"\\") != File.npos)
    return std::nullopt;
  std::string Flags(Call.value("extldflags"));
  Result<std::vector<std::string>> Words = splitQuoted(Flags);
  if (!Words || std::any_of(Words->begin(), Words->end(), asksForMap))
    return std::nullopt;
  Flags += (Flags.empty() ? "-Wl,-Map=" : " -Wl,-Map=") + std::string(File);
  Invocation Asking = Call;
  auto Last = std::find_if(Asking.Args.rbegin(), Asking.Args.rend(),
                           [](auto &A) { return A.Name == "extldflags"; });
  if (Last != Asking.Args.rend())
    *Last = makeFlag("extldflags", Flags);
  else
    Asking.Args.insert(Asking.Args.begin(), makeFlag("extldflags", Flags));
  return Asking;
}

/// What lld and gold have made of equal constants of several files.
static constexpr std::string_view Merged = "(merged constants)";

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

namespace {

class Collector {
public:
  void beginSection(std::string_view Name, uint64_t Address, uint64_t Size);
  void add(uint64_t Address, uint64_t Size, std::string_view File);
  LinkMap finish();

private:
  LinkMap::Section Current;
  bool Listed = false; ///< Current is in Map
  LinkMap Map;
  std::map<std::string, uint32_t, std::less<>> Known;

  uint32_t objectNumber(std::string_view File);
};

} // namespace

static bool isWithin(const LinkMap::Section &S, uint64_t Address,
                     uint64_t Size) {
  if (!S.Address) // its size may be that of compressed contents
    return Size <= UINT64_MAX - Address;
  return Address >= S.Address && Address - S.Address <= S.Size &&
         Size <= S.Size - (Address - S.Address);
}

/// Made by the linker, though maps list them under some input file.
static bool isMadeByLinker(std::string_view Section) {
  static constexpr std::string_view Prefixes[] = {
      ".plt", ".got", ".dyn", ".hash", ".gnu.", ".rel", ".interp", ".note."};
  return Section == ".eh_frame_hdr" || Section == "/DISCARD/" ||
         std::any_of(std::begin(Prefixes), std::end(Prefixes),
                     [&](auto P) { return Section.starts_with(P); });
}

void Collector::beginSection(std::string_view Name, uint64_t Address,
                             uint64_t Size) {
  Current = {std::string(Name), Address, Size};
  Listed = false;
}

uint32_t Collector::objectNumber(std::string_view File) {
  auto It = Known.find(File);
  if (It == Known.end())
    It = Known.emplace(File, uint32_t(Known.size())).first;
  return It->second;
}

void Collector::add(uint64_t Address, uint64_t Size, std::string_view File) {
  if (!Size || File.empty() || isMadeByLinker(Current.Name) ||
      !isWithin(Current, Address, Size))
    return;
  if (!Listed) {
    Map.Sections.push_back(Current);
    Listed = true;
  }
  uint32_t Section = uint32_t(Map.Sections.size() - 1);
  uint32_t Object = objectNumber(File);
  if (!Map.Pieces.empty()) {
    LinkMap::Piece &Last = Map.Pieces.back();
    if (Last.Section == Section && Last.Object == Object &&
        Last.Address + Last.Size == Address) {
      Last.Size += Size;
      return;
    }
  }
  Map.Pieces.push_back({Section, Object, Address, Size});
}

/// Names files as a LinkRecord does; what is Go's own is not kept.
LinkMap Collector::finish() {
  std::vector<std::string> Files(Known.size());
  for (const auto &[File, Number] : Known)
    Files[Number] = File;
  std::string Work; // where Go's linker put what it gave to the C linker
  for (const std::string &File : Files)
    if (fileName(File) == "go.o" && Work.empty())
      Work = File.substr(0, File.size() - 4);
  std::vector<uint32_t> NumberOf(Files.size(), ~0u);
  std::vector<uint32_t> SectionOf(Map.Sections.size(), ~0u);
  LinkMap Out;
  for (LinkMap::Piece P : Map.Pieces) {
    const std::string &File = Files[P.Object];
    bool InWork = !Work.empty() && File.starts_with(Work);
    if (InWork && File.size() == Work.size() + 4 && File.ends_with("go.o"))
      continue;
    uint32_t &Object = NumberOf[P.Object], &Section = SectionOf[P.Section];
    if (Object == ~0u) {
      Object = uint32_t(Out.Objects.size());
      Out.Objects.push_back(InWork ? "$WORK/" + File.substr(Work.size())
                                   : File);
    }
    if (Section == ~0u) {
      Section = uint32_t(Out.Sections.size());
      Out.Sections.push_back(Map.Sections[P.Section]);
    }
    P.Object = Object, P.Section = Section;
    Out.Pieces.push_back(P);
  }
  return Out;
}

//===----------------------------------------------------------------------===//
// GNU ld and gold
//===----------------------------------------------------------------------===//

/// A name in column 0 is a section, behind one space an input section; a long
/// name has its numbers on the next line, where symbols are, too.
static LinkMap parseGnu(std::string_view Text) {
  constexpr std::string_view MergeLine = " ** merge "; // gold: no file
  Collector Out;
  std::string_view Waiting; ///< name whose numbers are to come
  bool WaitsForSection = false;
  while (!Text.empty()) {
    std::string_view Line = cutLine(Text), Rest = Line;
    bool IsSection = !Line.empty() && Line[0] != ' ';
    bool HasName = IsSection || (Line.size() > 1 && Line[1] != ' ');
    std::string_view Name = Waiting;
    if (Line.starts_with(MergeLine)) {
      Waiting = Merged, WaitsForSection = false;
      continue;
    }
    if (HasName) {
      Name = cutWord(Rest);
      WaitsForSection = IsSection;
    }
    Waiting = {};
    std::string_view First = cutWord(Rest);
    if (First.empty() && HasName) {
      Waiting = Name;
      continue;
    }
    uint64_t Address = 0, Size = 0;
    std::string_view Second = cutWord(Rest);
    if (Name.empty() || !First.starts_with("0x") || !Second.starts_with("0x") ||
        !readNumber(First, 16, Address) || !readNumber(Second, 16, Size))
      continue;
    if (WaitsForSection)
      Out.beginSection(Name, Address, Size);
    else if (Name == Merged)
      Out.add(Address, Size, Merged);
    else if (Name[0] != '*') // fill
      Out.add(Address, Size, trimmed(Rest));
  }
  return Out.finish();
}

//===----------------------------------------------------------------------===//
// lld and mold
//===----------------------------------------------------------------------===//

/// Columns VMA, LMA (lld only), Size, Align, then by depth of indentation an
/// output section, an input section, or a symbol. lld's numbers are all hex.
static LinkMap parseTable(std::string_view Head, std::string_view Text) {
  bool IsLld = Head.find("LMA") != Head.npos;
  size_t Out = Head.find("Out"), In = Head.find("In"),
         Symbol = Head.find("Symbol");
  Collector All;
  while (!Text.empty()) {
    std::string_view Line = cutLine(Text), Rest = Line;
    uint64_t Address = 0, Lma = 0, Size = 0, Align = 0;
    int Base = IsLld ? 16 : 10;
    if (!readNumber(cutWord(Rest), 16, Address) ||
        (IsLld && !readNumber(cutWord(Rest), 16, Lma)) ||
        !readNumber(cutWord(Rest), Base, Size) ||
        !readNumber(cutWord(Rest), IsLld ? 10 : Base, Align))
      continue;
    std::string_view Name = trimmed(Rest);
    size_t Column = Line.size() - Name.size();
    size_t Section = Name.rfind(":(");
    if (Column >= Out && Column < In)
      All.beginSection(Name, Address, Size);
    else if (Column >= In && Column < Symbol && Section != Name.npos)
      All.add(Address, Size,
              Name.starts_with("<internal>") ? Merged
                                             : Name.substr(0, Section));
  }
  return All.finish();
}

LinkMap parseLinkMap(std::string_view Text) {
  std::string_view Rest = Text;
  std::string_view First = cutLine(Rest);
  if (trimmed(First).starts_with("VMA"))
    return parseTable(First, Rest);
  while (!Rest.empty()) {
    std::string_view Line = cutLine(Rest);
    // "Linker script and memory map" and gold's "Memory map".
    if (Line.ends_with("emory map"))
      return parseGnu(Rest);
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Lines of a LinkRecord
//===----------------------------------------------------------------------===//

std::string print(const LinkMap &Map) {
  std::string Out;
  for (const std::string &Object : Map.Objects)
    Out += fmt::format("object\t{}\n", goQuote(Object));
  uint32_t Last = ~0u;
  for (const LinkMap::Piece &P : Map.Pieces) {
    if (P.Section != Last) {
      const LinkMap::Section &S = Map.Sections[P.Section];
      Out += fmt::format("section\t{:x}\t{:x}\t{}\n", S.Address, S.Size,
                         goQuote(S.Name));
      Last = P.Section;
    }
    Out += fmt::format("piece\t{:x}\t{:x}\t{}\n", P.Address, P.Size, P.Object);
  }
  return Out;
}

Result<void> addMapLine(LinkMap &Map, std::string_view Word,
                        std::string_view Rest) {
  if (Word == "object") {
    Result<std::string> Name = goUnquote(Rest);
    if (!Name)
      return fail("object: expected a quoted string, found '{}'", Rest);
    Map.Objects.push_back(std::move(*Name));
    return {};
  }
  uint64_t Address = 0, Size = 0, Object = 0;
  bool AreNumbers = readNumber(cutWord(Rest), 16, Address) &&
                    readNumber(cutWord(Rest), 16, Size);
  Rest = trimmed(Rest);
  if (Word == "section") {
    Result<std::string> Name = goUnquote(Rest);
    if (!AreNumbers || !Name)
      return fail("section: expected an address, a size and a quoted name");
    Map.Sections.push_back({std::move(*Name), Address, Size});
    return {};
  }
  if (!AreNumbers || !Size || !readNumber(Rest, 10, Object) ||
      Object >= Map.Objects.size() || Map.Sections.empty())
    return fail("piece: expected an address, a size and the number of an "
                "object, behind a section");
  const LinkMap::Section &In = Map.Sections.back();
  if (!isWithin(In, Address, Size))
    return fail("piece: expected it inside of section {}", In.Name);
  Map.Pieces.push_back(
      {uint32_t(Map.Sections.size() - 1), uint32_t(Object), Address, Size});
  return {};
}

} // namespace goslim
