//===- Html.cpp - the report for browsers ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Html/page.html with its style, its script and the data in place of @NAME@
// marks. The data is columns of numbers and a table of names, one row for each
// package, section, kind and symbol: the page itself groups, sorts and
// searches.
//===----------------------------------------------------------------------===//
#include "HtmlParts.inc"
#include "Render.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"
#include <map>

using namespace goslim;
using llvm::StringRef;

static std::string escaped(StringRef Text) {
  std::string Out;
  for (char C : utf8(printable(Text)))
    switch (C) {
    case '&':
      Out += "&amp;";
      break;
    case '<':
      Out += "&lt;";
      break;
    case '>':
      Out += "&gt;";
      break;
    case '"':
      Out += "&quot;";
      break;
    default:
      Out += C;
    }
  return Out;
}

namespace {

/// Numbers names in the order in which they are met.
class NameTable {
public:
  uint32_t number(StringRef Name) {
    auto [It, New] = Index.try_emplace(Name, uint32_t(Names.size()));
    if (New)
      Names.push_back(It->first());
    return It->second;
  }
  std::vector<StringRef> Names;

private:
  llvm::StringMap<uint32_t> Index;
};

struct Row {
  uint32_t Package, Section, What, Name;
  bool operator<(const Row &O) const {
    return std::tie(Package, Section, What, Name) <
           std::tie(O.Package, O.Section, O.What, O.Name);
  }
};
struct Sum {
  uint64_t Size = 0, Memory = 0;
};

class PageData {
public:
  PageData(const Image &File, const Attribution &A);
  void write(llvm::json::OStream &J, StringRef Name, uint64_t Memory) const;

private:
  struct Module {
    std::string Name, Version;
    bool IsRest = false;
  };
  struct Package {
    std::string Name;
    uint32_t Module;
    bool IsRest = false;
  };
  const Image &File;
  std::vector<Module> Modules;
  std::vector<Package> Packages;
  llvm::StringMap<uint32_t> RestPackages, RestModules;
  NameTable Names, Sections;
  std::map<Row, Sum> Rows;
  std::vector<bool> IsPlain; ///< by name: says a kind, not a symbol

  uint32_t packageOf(const Attribution &A, const Span &S);
};

} // namespace

/// What has no package lies under a pseudo package of its own name, in its
/// users' module when they have but one.
uint32_t PageData::packageOf(const Attribution &A, const Span &S) {
  if (S.Package != NoPackage)
    return S.Package;
  StringRef Name = restName(A, S);
  uint32_t Module = moduleOf(A, S);
  if (!Module) {
    auto [It, New] = RestModules.try_emplace(Name, uint32_t(Modules.size()));
    if (New)
      Modules.push_back({Name.str(), "", true});
    Module = It->second;
  }
  std::string Key = Name.str() + "\n" + std::to_string(Module);
  auto [It, New] = RestPackages.try_emplace(Key, uint32_t(Packages.size()));
  if (New)
    Packages.push_back({Name.str(), Module, true});
  return It->second;
}

PageData::PageData(const Image &File, const Attribution &A) : File(File) {
  for (const ModuleInfo &M : A.Modules)
    Modules.push_back({M.Path.empty() ? "module unknown" : M.Path, M.Version,
                       M.Path.empty()});
  for (const PackageInfo &P : A.Packages)
    Packages.push_back({P.Path, P.Module, false});
  for (const Span &S : A.Spans) {
    bool IsNamed = !S.Symbol.empty();
    StringRef Section = S.Section && S.Section < File.sections().size()
                            ? StringRef(File.sections()[S.Section].Name)
                            : StringRef("(no section)");
    Row R{packageOf(A, S), Sections.number(Section), unsigned(S.What),
          Names.number(IsNamed ? S.Symbol : kindName(S.What))};
    if (R.Name >= IsPlain.size())
      IsPlain.push_back(!IsNamed);
    Sum &To = Rows[R];
    To.Size += S.Size, To.Memory += S.MemSize;
  }
}

void PageData::write(llvm::json::OStream &J, StringRef Name,
                     uint64_t Memory) const {
  auto Strings = [&](StringRef Key, llvm::ArrayRef<StringRef> List) {
    J.attributeArray(Key, [&] {
      for (StringRef Text : List)
        J.value(utf8(Text));
    });
  };
  auto Column = [&](StringRef Key, auto &&Value) {
    J.attributeArray(Key, [&] {
      for (const auto &[R, S] : Rows)
        J.value(Value(R, S));
    });
  };
  J.object([&] {
    J.attribute("file", utf8(Name));
    J.attribute("size", File.size());
    J.attribute("memory", Memory);
    J.attributeArray("modules", [&] {
      for (const Module &M : Modules)
        J.object([&] {
          J.attribute("n", utf8(M.Name));
          J.attribute("v", utf8(M.Version));
          J.attribute("r", int(M.IsRest));
        });
    });
    J.attributeArray("packages", [&] {
      for (const Package &P : Packages)
        J.object([&] {
          J.attribute("n", utf8(P.Name));
          J.attribute("m", P.Module);
          J.attribute("r", int(P.IsRest));
        });
    });
    Strings("sections", Sections.Names);
    Strings("names", Names.Names);
    J.attributeArray("kinds", [&] {
      for (unsigned K = 0; K < NumKinds; ++K)
        J.value(kindName(Kind(K)));
    });
    J.attributeObject("rows", [&] {
      Column("package", [](const Row &R, const Sum &) { return R.Package; });
      Column("section", [](const Row &R, const Sum &) { return R.Section; });
      Column("kind", [](const Row &R, const Sum &) { return R.What; });
      Column("name", [](const Row &R, const Sum &) { return R.Name; });
      Column("plain",
             [&](const Row &R, const Sum &) { return int(IsPlain[R.Name]); });
      Column("size", [](const Row &, const Sum &S) { return S.Size; });
      Column("memory", [](const Row &, const Sum &S) { return S.Memory; });
    });
  });
}

/// "</script>" must not occur inside of the data.
static std::string dataOf(const PageData &Data, StringRef Name,
                          uint64_t Memory) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  llvm::json::OStream J(OS);
  Data.write(J, Name, Memory);
  std::string Out;
  for (char C : Text)
    if (C == '<')
      Out += "\\u003c";
    else
      Out += C;
  return Out;
}

static std::string evidenceText(const Attribution &A, const Totals &T,
                                uint64_t Size) {
  std::string Out = A.ReplayedSymbols
                        ? "The link was replayed, " +
                              thousands(A.ReplayedSymbols) +
                              " symbols proven on the file. Evidence:"
                        : "Read from the file alone. Evidence:";
  Out += evidenceShares(T, Size);
  return Out + ".";
}

void goslim::reportHtml(llvm::raw_ostream &OS, const Image &File,
                        const GoImage &Go, const Attribution &A) {
  ProgramFacts F = factsOf(File, Go);
  Totals T = totalsOf(A);
  std::string Facts =
      (thousands(File.size()) + " bytes (" + amount(File.size(), false) +
       "), " + amount(T.Memory, false) + " in memory; " + File.arch() + " " +
       F.Os + ", " + (F.GoVersion.empty() ? "not a Go program" : F.GoVersion) +
       ", " + (F.Stripped ? "stripped" : "with symbols"))
          .str();
  std::pair<StringRef, std::string> Marks[] = {
      {"@TITLE@", escaped(F.Name) + " - goslim report"},
      {"@NAME@", escaped(F.Name)},
      {"@FACTS@", escaped(Facts)},
      {"@EVIDENCE@", escaped(evidenceText(A, T, File.size()))},
      {"@CSS@", PageCss.str()},
      {"@JS@", PageJs.str()},
      {"@DATA@", dataOf(PageData(File, A), F.Name, T.Memory)}};
  StringRef Page = PageHtml;
  while (!Page.empty()) {
    size_t At = Page.find('@');
    OS << Page.substr(0, At);
    if (At == StringRef::npos)
      break;
    Page = Page.substr(At);
    for (const auto &[Mark, Text] : Marks)
      if (Page.consume_front(Mark)) {
        OS << Text;
        break;
      }
    if (Page.starts_with("@")) {
      OS << '@';
      Page = Page.drop_front();
    }
  }
}
