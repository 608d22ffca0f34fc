//===- DebugInfo.cpp - DWARF by package -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A forward walk over .debug_info that looks at DIEs right below units: they
// are their unit's, but for types, which all lie in the runtime's unit and
// belong to the package that their name says. On the way it collects where they
// point to in the other sections: what lies from one pointed-to place to the
// next is its package's.
//===----------------------------------------------------------------------===//
#include "DebugNeeds.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Support/DataExtractor.h"

using namespace goslim;
using namespace llvm::dwarf;
using llvm::StringRef;

namespace {

constexpr uint32_t None = DebugNames::None;

struct Attribute {
  uint16_t Name, Form;
  int64_t Constant; ///< DW_FORM_implicit_const
};
struct Abbreviation {
  uint16_t Tag = 0;
  bool HasChildren = false;
  std::vector<Attribute> Attributes;
};
using AbbreviationTable = llvm::DenseMap<uint64_t, Abbreviation>;

/// A place in another section, and whose it is.
struct Mark {
  uint64_t Offset;
  uint32_t Package;
  bool IsOfUnit = false; ///< the unit's own, not a function's
};

/// What is of interest of a DIE.
struct Die {
  const Abbreviation *Kind = nullptr; ///< null: the end of a list of children
  StringRef Name, Producer;
  bool IsAbstract = false; ///< an inlined function's, for all its places
  uint64_t Language = 0;
  std::optional<uint64_t> StmtList, AddrBase;
  uint64_t Origin = 0;       ///< of an instance of an inlined function
  uint32_t LineSize = 0;     ///< bytes of its DW_AT_decl_line
  bool IsTrampoline = false; ///< a wrapper
};

struct Unit {
  uint64_t Begin = 0, End = 0;
  uint16_t Version = 0;
  uint8_t AddrSize = 8;
  uint32_t Package = None;
  const AbbreviationTable *Abbreviations = nullptr;
};

class Reader {
public:
  Reader(const DebugSections &S, const DebugNames &N)
      : S(S), N(N), Info(S.Info, true, 8) {}
  DebugPackages run();

private:
  const DebugSections &S;
  const DebugNames &N;
  llvm::DataExtractor Info;
  llvm::DenseMap<uint64_t, std::unique_ptr<AbbreviationTable>> Tables;
  std::vector<DebugNode> Nodes;
  std::vector<DebugReference> References;
  std::vector<DebugNeed> Needs;
  std::vector<Mark> Lines, Locs, LocLists, Ranges, RngLists, Addrs;
  /// References made from here on: whose they are is known afterwards.
  class OwnMarks {
  public:
    explicit OwnMarks(Reader &R)
        : Lists{&R.Locs, &R.LocLists, &R.Ranges, &R.RngLists} {
      for (unsigned I = 0; I < 4; ++I)
        Begins[I] = Lists[I]->size();
    }
    void giveTo(uint32_t Package, bool IsOfUnit = false) {
      for (unsigned I = 0; I < 4; ++I)
        for (size_t J = Begins[I]; J < Lists[I]->size(); ++J) {
          (*Lists[I])[J].Package = Package;
          (*Lists[I])[J].IsOfUnit = IsOfUnit;
        }
    }
    void drop() {
      for (unsigned I = 0; I < 4; ++I)
        Lists[I]->resize(Begins[I]);
    }

  private:
    std::vector<Mark> *Lists[4];
    size_t Begins[4];
  };
  DebugPackages Out;

  const AbbreviationTable *tableAt(uint64_t Offset);
  bool readUnit(uint64_t &At);
  bool readDie(llvm::DataExtractor::Cursor &C, const Unit &U, Die &D);
  bool readValue(llvm::DataExtractor::Cursor &C, const Unit &U,
                 const Attribute &A, Die &D);
  bool skip(llvm::DataExtractor::Cursor &C, const Unit &U, uint64_t Form);
  bool walkUnit(llvm::DataExtractor::Cursor &C, Unit &U);
  bool skipChildren(llvm::DataExtractor::Cursor &C, const Unit &U);
  void addNode(const Unit &U, const Die &D, uint64_t Begin, uint64_t EndOfOwn,
               uint64_t End);
  uint32_t packageOfDie(const Unit &U, const Die &D);
  void readFrames();
};

} // namespace

//===----------------------------------------------------------------------===//
// Abbreviations and values
//===----------------------------------------------------------------------===//

const AbbreviationTable *Reader::tableAt(uint64_t Offset) {
  auto [It, New] = Tables.try_emplace(Offset);
  if (!New)
    return It->second.get();
  auto Table = std::make_unique<AbbreviationTable>();
  llvm::DataExtractor Data(S.Abbrev, true, 8);
  // Reading LEB128 from behind the end is not checked for.
  llvm::DataExtractor::Cursor C(std::min<uint64_t>(Offset, S.Abbrev.size()));
  while (uint64_t Code = Data.getULEB128(C)) {
    Abbreviation &A = (*Table)[Code];
    A.Tag = uint16_t(Data.getULEB128(C));
    A.HasChildren = Data.getU8(C);
    A.Attributes.clear();
    while (C) {
      Attribute X = {uint16_t(Data.getULEB128(C)), uint16_t(Data.getULEB128(C)),
                     0};
      if (!X.Name && !X.Form)
        break;
      if (X.Form == DW_FORM_implicit_const)
        X.Constant = Data.getSLEB128(C);
      A.Attributes.push_back(X);
    }
    if (!C)
      break;
  }
  llvm::consumeError(C.takeError());
  return (It->second = std::move(Table)).get();
}

bool Reader::skip(llvm::DataExtractor::Cursor &C, const Unit &U,
                  uint64_t Form) {
  static constexpr std::pair<uint16_t, uint8_t> Fixed[] = {
      {DW_FORM_flag, 1},          {DW_FORM_data1, 1},
      {DW_FORM_ref1, 1},          {DW_FORM_strx1, 1},
      {DW_FORM_addrx1, 1},        {DW_FORM_data2, 2},
      {DW_FORM_ref2, 2},          {DW_FORM_strx2, 2},
      {DW_FORM_addrx2, 2},        {DW_FORM_strx3, 3},
      {DW_FORM_addrx3, 3},        {DW_FORM_data4, 4},
      {DW_FORM_ref4, 4},          {DW_FORM_strx4, 4},
      {DW_FORM_addrx4, 4},        {DW_FORM_strp, 4},
      {DW_FORM_line_strp, 4},     {DW_FORM_sec_offset, 4},
      {DW_FORM_ref_addr, 4},      {DW_FORM_data8, 8},
      {DW_FORM_ref8, 8},          {DW_FORM_ref_sig8, 8},
      {DW_FORM_data16, 16},       {DW_FORM_flag_present, 0},
      {DW_FORM_implicit_const, 0}};
  for (const auto &[F, Size] : Fixed)
    if (F == Form) {
      Info.skip(C, Size);
      return bool(C);
    }
  switch (Form) {
  case DW_FORM_addr:
    Info.skip(C, U.AddrSize);
    break;
  case DW_FORM_string:
    (void)Info.getCStrRef(C);
    break;
  case DW_FORM_sdata: // -1 << 63 is no ULEB128
    (void)Info.getSLEB128(C);
    break;
  case DW_FORM_udata:
  case DW_FORM_ref_udata:
  case DW_FORM_strx:
  case DW_FORM_addrx:
  case DW_FORM_loclistx:
  case DW_FORM_rnglistx:
    (void)Info.getULEB128(C);
    break;
  case DW_FORM_block1:
    Info.skip(C, Info.getU8(C));
    break;
  case DW_FORM_block2:
    Info.skip(C, Info.getU16(C));
    break;
  case DW_FORM_block4:
    Info.skip(C, Info.getU32(C));
    break;
  case DW_FORM_block:
  case DW_FORM_exprloc:
    Info.skip(C, Info.getULEB128(C));
    break;
  default:
    return false;
  }
  return bool(C);
}

bool Reader::readValue(llvm::DataExtractor::Cursor &C, const Unit &U,
                       const Attribute &A, Die &D) {
  if (A.Form == DW_FORM_string &&
      (A.Name == DW_AT_name || A.Name == DW_AT_producer)) {
    (A.Name == DW_AT_name ? D.Name : D.Producer) = Info.getCStrRef(C);
    return bool(C);
  }
  if (A.Form == DW_FORM_sec_offset) {
    uint64_t Offset = Info.getU32(C);
    if (A.Name == DW_AT_stmt_list)
      D.StmtList = Offset;
    else if (A.Name == DW_AT_addr_base)
      D.AddrBase = Offset;
    else if (A.Name == DW_AT_location)
      (U.Version >= 5 ? LocLists : Locs).push_back({Offset, None});
    else if (A.Name == DW_AT_ranges)
      (U.Version >= 5 ? RngLists : Ranges).push_back({Offset, None});
    return bool(C);
  }
  if (A.Name == DW_AT_language && A.Form == DW_FORM_data1) {
    D.Language = Info.getU8(C);
    return bool(C);
  }
  if (A.Form == DW_FORM_ref_addr) {
    uint64_t To = Info.getU32(C);
    References.push_back({uint32_t(Nodes.size()), To});
    if (A.Name == DW_AT_abstract_origin)
      D.Origin = To;
    return bool(C);
  }
  D.IsAbstract |= A.Name == DW_AT_inline;
  D.IsTrampoline |= A.Name == DW_AT_trampoline;
  uint64_t Begin = C.tell();
  bool IsRight = skip(C, U, A.Form);
  if (A.Name == DW_AT_decl_line)
    D.LineSize = uint32_t(C.tell() - Begin);
  return IsRight;
}

bool Reader::readDie(llvm::DataExtractor::Cursor &C, const Unit &U, Die &D) {
  D = {};
  uint64_t Code = Info.getULEB128(C);
  if (!C)
    return false;
  if (!Code)
    return true;
  auto It = U.Abbreviations->find(Code);
  if (It == U.Abbreviations->end())
    return false;
  D.Kind = &It->second;
  for (const Attribute &A : D.Kind->Attributes)
    if (!readValue(C, U, A, D))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

/// "*net/http.Client" and "[]net/http.Client" are net/http's, as far as a
/// name's beginning tells.
static StringRef elementName(StringRef Name) {
  while (true) {
    if (Name.consume_front("*") || Name.consume_front("[]"))
      continue;
    if (Name.starts_with("[") && Name.find(']') != StringRef::npos) {
      Name = Name.substr(Name.find(']') + 1);
      continue;
    }
    return Name;
  }
}

uint32_t Reader::packageOfDie(const Unit &U, const Die &D) {
  switch (D.Kind->Tag) {
  case DW_TAG_subprogram:
    // A function is where it was compiled, also an instance of another's
    // generic one; the common part of an inlined one lies in the first unit
    // that inlines it.
    if (uint32_t Named = D.IsAbstract ? N.OfSymbol(D.Name) : None;
        Named != None)
      return Named;
    return U.Package;
  case DW_TAG_variable:
  case DW_TAG_constant:
    return U.Package;
  default: // a type without a package (map[string]int) has no one owner
    return D.Name.empty() ? None : N.OfSymbol(elementName(D.Name));
  }
}

bool Reader::skipChildren(llvm::DataExtractor::Cursor &C, const Unit &U) {
  Die D;
  for (unsigned Depth = 1; Depth;) {
    if (!readDie(C, U, D))
      return false;
    if (!D.Kind)
      --Depth;
    else if (D.Kind->HasChildren)
      ++Depth;
  }
  return true;
}

/// D reaches from Begin to EndOfOwn with its attributes, to End with its
/// children.
void Reader::addNode(const Unit &U, const Die &D, uint64_t Begin,
                     uint64_t EndOfOwn, uint64_t End) {
  DebugNode X;
  X.Begin = Begin, X.End = End;
  X.NameAndLine = uint32_t(D.Name.size()) + 1 + D.LineSize;
  uint16_t Tag = D.Kind->Tag;
  if (Tag == DW_TAG_subprogram && !D.IsAbstract) {
    constexpr uint64_t EndOfChildren = 1, FileAndFlag = 4 + 1;
    X.Package = U.Package;
    X.Origin = D.Origin;
    X.Kept = EndOfOwn - Begin + EndOfChildren;
    if (D.Origin && !D.IsTrampoline)
      X.Kept += FileAndFlag;
  }
  X.Stays = Tag == DW_TAG_variable || Tag == DW_TAG_constant ||
            (Tag == DW_TAG_subprogram && !D.IsAbstract && U.Package == None);
  if (Tag != DW_TAG_subprogram && !X.Stays)
    for (auto It =
             llvm::lower_bound(N.UnseenTypes, std::pair(D.Name, uint32_t(0)));
         It != N.UnseenTypes.end() && It->first == D.Name; ++It)
      Needs.push_back({uint32_t(Nodes.size()), It->second});
  Nodes.push_back(X);
}

bool Reader::walkUnit(llvm::DataExtractor::Cursor &C, Unit &U) {
  Die D;
  OwnMarks OfUnit(*this);
  if (!readDie(C, U, D) || !D.Kind || C.tell() > U.End)
    return false;
  if (!D.Producer.starts_with("Go cmd/compile") && D.Language != DW_LANG_Go) {
    OfUnit.drop();
    if (D.StmtList)
      Lines.push_back({*D.StmtList, None});
    return true; // C's: nothing of it is claimed
  }
  U.Package = N.OfUnit(D.Name);
  OfUnit.giveTo(U.Package, /*IsOfUnit=*/true);
  if (D.StmtList)
    Lines.push_back({*D.StmtList, U.Package});
  if (D.AddrBase)
    Addrs.push_back({*D.AddrBase, U.Package});
  Out.Info.push_back({U.Begin, C.tell(), U.Package});
  while (C.tell() < U.End) {
    uint64_t Begin = C.tell();
    OwnMarks OfDie(*this);
    if (!readDie(C, U, D))
      return false;
    uint32_t Package = D.Kind ? packageOfDie(U, D) : U.Package;
    uint64_t EndOfOwn = C.tell();
    if (D.Kind && D.Kind->HasChildren && !skipChildren(C, U))
      return false;
    if (C.tell() > U.End)
      return false;
    if (D.Kind)
      addNode(U, D, Begin, EndOfOwn, C.tell());
    OfDie.giveTo(Package == None ? U.Package : Package);
    Out.Info.push_back({Begin, C.tell(), Package});
  }
  return true;
}

bool Reader::readUnit(uint64_t &At) {
  llvm::DataExtractor::Cursor C(At);
  Unit U;
  U.Begin = At;
  uint64_t Length = Info.getU32(C);
  U.Version = Info.getU16(C);
  uint8_t UnitType = DW_UT_compile;
  uint64_t AbbrevOffset = 0;
  if (U.Version >= 5) {
    UnitType = Info.getU8(C);
    U.AddrSize = Info.getU8(C);
    AbbrevOffset = Info.getU32(C);
  } else {
    AbbrevOffset = Info.getU32(C);
    U.AddrSize = Info.getU8(C);
  }
  bool IsRight = bool(C);
  llvm::consumeError(C.takeError());
  if (!IsRight || Length >= 0xfffffff0 || Length > S.Info.size() - At - 4 ||
      U.Version < 2 || U.Version > 5)
    return false;
  U.End = At + 4 + Length;
  uint64_t FirstDie = At + (U.Version >= 5 ? 12 : 11);
  if (UnitType == DW_UT_compile && FirstDie <= U.End) {
    U.Abbreviations = tableAt(AbbrevOffset);
    llvm::DataExtractor::Cursor Dies(FirstDie);
    // A damaged unit loses what was not yet read of it.
    (void)walkUnit(Dies, U);
    llvm::consumeError(Dies.takeError());
  }
  At = U.End;
  return true;
}

//===----------------------------------------------------------------------===//
// Other sections
//===----------------------------------------------------------------------===//

static uint64_t read32(StringRef Data, uint64_t At) {
  llvm::DataExtractor E(Data, true, 8);
  return E.getU32(&At);
}

/// From each mark to the next one, or to the end of the contribution (its first
/// word is its length when HasHead) that it lies in.
static std::vector<DebugRange> rangesOf(std::vector<Mark> Marks,
                                        StringRef Section, bool HasHead) {
  llvm::stable_sort(
      Marks, [](const Mark &X, const Mark &Y) { return X.Offset < Y.Offset; });
  std::vector<DebugRange> Out;
  uint64_t End = HasHead ? 0 : Section.size(), NextHead = 0;
  for (size_t I = 0; I < Marks.size(); ++I) {
    uint64_t Begin = Marks[I].Offset;
    if (Begin >= Section.size())
      break;
    while (HasHead && Begin >= End && NextHead + 4 <= Section.size()) {
      End = NextHead + 4 + read32(Section, NextHead);
      NextHead = End;
    }
    uint64_t Stop = std::min<uint64_t>(End, Section.size());
    if (I + 1 < Marks.size())
      Stop = std::min(Stop, Marks[I + 1].Offset);
    if (Stop > Begin && Marks[I].Package != None)
      Out.push_back({Begin, Stop, Marks[I].Package, 0, Marks[I].IsOfUnit});
  }
  return Out;
}

/// A line table's first word is its length.
static std::vector<DebugRange> lineRanges(std::vector<Mark> Marks,
                                          StringRef Section) {
  std::vector<DebugRange> Out;
  llvm::sort(Marks,
             [](const Mark &X, const Mark &Y) { return X.Offset < Y.Offset; });
  uint64_t Free = 0;
  for (const Mark &M : Marks) {
    if (M.Package == None || M.Offset < Free || M.Offset + 4 > Section.size())
      continue;
    uint64_t End = M.Offset + 4 + read32(Section, M.Offset);
    if (End > Section.size())
      continue;
    Out.push_back({M.Offset, End, M.Package});
    Free = End;
  }
  return Out;
}

void Reader::readFrames() {
  constexpr uint64_t CieId = 0xffffffff;
  llvm::DataExtractor Data(S.Frame, true, 8);
  for (uint64_t At = 0; At + 16 <= S.Frame.size();) {
    uint64_t Begin = At, Length = Data.getU32(&At), Id = Data.getU32(&At);
    if (Length >= 0xfffffff0 || Length > S.Frame.size() - Begin - 4 ||
        Length < 4)
      return;
    if (Id != CieId && Length >= 12)
      if (uint32_t Package = N.OfAddress(Data.getU64(&At)); Package != None)
        Out.Frame.push_back({Begin, Begin + 4 + Length, Package});
    At = Begin + 4 + Length;
  }
}

DebugPackages Reader::run() {
  for (uint64_t At = 0; At + 11 <= S.Info.size();)
    if (!readUnit(At))
      break;
  Out.Needed = findNeededByOne(Nodes, References, Needs);
  llvm::erase_if(Out.Info,
                 [](const DebugRange &R) { return R.Package == None; });
  Out.Line = lineRanges(std::move(Lines), S.Line);
  Out.Loc = rangesOf(std::move(Locs), S.Loc, false);
  Out.LocLists = rangesOf(std::move(LocLists), S.LocLists, true);
  Out.Ranges = rangesOf(std::move(Ranges), S.Ranges, false);
  Out.RngLists = rangesOf(std::move(RngLists), S.RngLists, true);
  Out.Addr = rangesOf(std::move(Addrs), S.Addr, true);
  readFrames();
  return std::move(Out);
}

DebugPackages goslim::readDebugPackages(const DebugSections &S,
                                        const DebugNames &N) {
  return Reader(S, N).run();
}
