//===- Group.cpp - spans added up by what one asks for --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each grouping is a function from a span to the row that it belongs to; the
// adding up is the same for all. Since a span is in exactly one row, rows add
// up to the file.
//===----------------------------------------------------------------------===//
#include "Render.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

using namespace goslim;
using llvm::StringRef;

namespace {

/// Adds up spans by a name; rows that are no thing of the kind asked for are
/// kept apart from a thing of the same name.
class Adder {
public:
  ReportRow &row(StringRef Name, bool IsRest) {
    auto [It, New] =
        (IsRest ? Rest : Named).try_emplace(Name, uint32_t(Rows.size()));
    if (New) {
      Rows.emplace_back();
      Rows.back().Name = Name.str();
      Rows.back().IsRest = IsRest;
    }
    return Rows[It->second];
  }
  std::vector<ReportRow> Rows;

private:
  llvm::StringMap<uint32_t> Named, Rest;
};

struct Grouping {
  const Image &File;
  const Attribution &A;
  Adder Sum;
  std::vector<int64_t> RowOfPackage;

  ReportRow &rowByPackage(const Span &S);
  ReportRow &rowByModule(const Span &S);
  ReportRow &rowBySection(const Span &S);
  ReportRow &rowByKind(const Span &S);
  ReportRow &rowBySymbol(const Span &S);
  ReportRow &rowByStep(const Span &S);
  ReportRow &rowByOwner(const Span &S);
  ReportRow &rowByObject(const Span &S);
};

} // namespace

ReportRow &Grouping::rowByPackage(const Span &S) {
  if (S.Package == NoPackage)
    return Sum.row(restName(A, S), true);
  // By far the most frequent question: no hashing.
  if (RowOfPackage.empty())
    RowOfPackage.assign(A.Packages.size(), -1);
  int64_t &Known = RowOfPackage[S.Package];
  if (Known < 0) {
    const PackageInfo &P = A.Packages[S.Package];
    ReportRow &New = Sum.row(P.Path, false);
    New.Module = A.Modules[P.Module].Path;
    New.Version = A.Modules[P.Module].Version;
    Known = &New - Sum.Rows.data();
  }
  return Sum.Rows[size_t(Known)];
}

ReportRow &Grouping::rowByModule(const Span &S) {
  const ModuleInfo &M = A.Modules[moduleOf(A, S)];
  if (S.Package == NoPackage && M.Path.empty())
    return Sum.row(restName(A, S), true);
  if (M.Path.empty())
    return Sum.row("module unknown", true);
  ReportRow &Row = Sum.row(M.Path, false);
  Row.Module = M.Path;
  Row.Version = M.Version;
  return Row;
}

StringRef goslim::sectionName(const Image &File, const Span &S) {
  return S.Section && S.Section < File.sections().size()
             ? File.sections()[S.Section].Name
             : StringRef();
}

ReportRow &Grouping::rowBySection(const Span &S) {
  if (S.Section && S.Section < File.sections().size())
    return Sum.row(sectionName(File, S), false);
  return Sum.row(restName(A, S), true);
}

ReportRow &Grouping::rowByKind(const Span &S) {
  return Sum.row(kindName(S.What), false);
}

ReportRow &Grouping::rowBySymbol(const Span &S) {
  // Without a package, what the linker made has a table's name, not a symbol's.
  if (S.Symbol.empty() || (S.Package == NoPackage && S.By == Step::Link))
    return Sum.row(restName(A, S), true);
  ReportRow &Row = Sum.row(S.Symbol, false);
  if (S.Package != NoPackage && Row.Module.empty()) {
    const ModuleInfo &M = A.Modules[A.Packages[S.Package].Module];
    Row.Module = M.Path;
    Row.Version = M.Version;
  }
  return Row;
}

ReportRow &Grouping::rowByStep(const Span &S) {
  if (S.Why == Evidence::None)
    return Sum.row("step unknown", true);
  return Sum.row(stepName(S.By), false);
}

ReportRow &Grouping::rowByOwner(const Span &S) {
  if (S.Package == NoPackage)
    return Sum.row(restName(A, S), true);
  const std::string &Owner = A.Packages[S.Package].Owner;
  return Sum.row(Owner.empty() ? StringRef("no owner") : Owner, Owner.empty());
}

ReportRow &Grouping::rowByObject(const Span &S) {
  if (!S.Object)
    return S.By == Step::Cgo ? Sum.row("C, object unknown", true)
                             : Sum.row("Go and format", true);
  const ObjectInfo &O = A.Objects[S.Object];
  if (O.Package == NoPackage)
    return Sum.row(O.Name, false);
  const PackageInfo &P = A.Packages[O.Package];
  ReportRow &Row = Sum.row(P.Path + ": " + O.Name, false);
  Row.Module = A.Modules[P.Module].Path;
  Row.Version = A.Modules[P.Module].Version;
  return Row;
}

std::vector<ReportRow> goslim::groupRows(const Image &File,
                                         const Attribution &A, By G) {
  using Chooser = ReportRow &(Grouping::*)(const Span &);
  static constexpr Chooser Choosers[] = {
      &Grouping::rowByPackage, &Grouping::rowByModule, &Grouping::rowBySection,
      &Grouping::rowByKind,    &Grouping::rowBySymbol, &Grouping::rowByStep,
      &Grouping::rowByOwner,   &Grouping::rowByObject};
  Grouping All{File, A, {}, {}};
  if (size_t(G) >= std::size(Choosers))
    return {};
  Chooser Choose = Choosers[size_t(G)];
  for (const Span &S : A.Spans) {
    ReportRow &Row = (All.*Choose)(S);
    Row.Size += S.Size;
    // Only per-thread data of a lying file can get this far.
    Row.Memory = llvm::SaturatingAdd(Row.Memory, S.MemSize);
  }
  llvm::sort(All.Sum.Rows, [](const ReportRow &X, const ReportRow &Y) {
    return std::tie(Y.Size, Y.Memory, X.Name, X.IsRest) <
           std::tie(X.Size, X.Memory, Y.Name, Y.IsRest);
  });
  return std::move(All.Sum.Rows);
}

Totals goslim::totalsOf(const Attribution &A) {
  Totals T;
  for (const Span &S : A.Spans) {
    T.Memory = llvm::SaturatingAdd(T.Memory, S.MemSize);
    T.ByEvidence[unsigned(S.Why)] += S.Size;
    T.ByKind[unsigned(S.What)] += S.Size;
  }
  return T;
}

ProgramFacts goslim::factsOf(const Image &File, const GoImage &Go) {
  ProgramFacts F;
  size_t Slash = File.path().rfind('/');
  F.Name =
      Slash == StringRef::npos ? File.path() : File.path().substr(Slash + 1);
  F.Os = File.os();
  if (Go.BuildInfo) {
    F.GoVersion = Go.BuildInfo->Version;
    F.MainPath = Go.BuildInfo->Info.Path;
    // Build info is more precise than the file format (android, illumos).
    std::string_view Os = Go.BuildInfo->Info.setting("GOOS");
    if (!Os.empty())
      F.Os = Os;
  }
  // SHT_SYMTAB: what strip and -s take away.
  F.Stripped = llvm::none_of(File.sections(), [](const ImageSection &S) {
    return S.Type == 2 && S.Size;
  });
  return F;
}
