//===- Attribution.cpp - who owns each byte -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file is cut into regions (Frame.h); in each the sources make their
// claims in order of strength, a Partition merges them, and what nobody claims
// gets the region's own label. The result is proven to be a partition before
// anyone sees it, in release builds too.
//===----------------------------------------------------------------------===//
#include "goslim/Attribution/Attribution.h"
#include "Sources.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Parallel.h"
#include <atomic>
#include <fmt/format.h>
#include <future>
#include <thread>

using namespace goslim;
using llvm::StringRef;

/// Strongest first, but for claimReplayed, which comes before them all. A
/// region asks each of them; it returns at once when it has nothing to say
/// there.
static ClaimSource *const Sources[] = {
    claimFileTables,    // the parts of pclntab that packages share
    claimFunctions,     // text, by pclntab
    claimPclntabRows,   // functab rows and _func, by function
    claimFunctionNames, // funcnametab, by name
    claimTypes,         // descriptors and itabs found from moduledata
    claimTypeNames,     // the names that they point to
    claimBuildInfo,     //
    claimNotes,         // build IDs
    claimSymbolTable,   // a row each
    claimSymbolNames,   // a string each
    claimDebug,         // DWARF, by package
    claimCSymbols,      // what the C linker put in, by symbol
    claimCPieces,       // and by object
    claimFindFunc,      // findfunctab, by the text that it finds
    claimLinkRows,      // typelinks and itablinks, a row each
    claimGcPrograms,    // by the variables that they describe
    claimModuleRanges,  // what moduledata gives begin and end of
    claimSymbols,       // ranges of symbols, where no table says better
    claimPclntabRest,   // sub-tables without rows of one owner
    claimTypeGroup,     // between types
};

static std::vector<uint64_t> pclntabCuts(const GoImage &Go) {
  std::vector<uint64_t> Cuts;
  if (!Go.Pcln)
    return Cuts;
  const Pclntab &P = *Go.Pcln;
  for (FileRange F : {P.Whole, P.Header, P.FuncNames, P.CuTab, P.FileTab,
                      P.PcTab, P.FuncTab, P.Funcs, P.GoFunc, P.FindFunc})
    if (F.Size) {
      Cuts.push_back(F.Offset);
      Cuts.push_back(F.end());
    }
  return Cuts;
}

/// Zeros, or in code what the linker puts between functions.
static bool isPadding(const Region &R, StringRef Bytes) {
  return Bytes.find_first_not_of('\0') == StringRef::npos ||
         (R.Executable && Bytes.find_first_not_of('\xCC') == StringRef::npos);
}

/// What an unclaimed stretch of a region is.
static void labelGap(const ClaimContext &C, const Region &R, Claim &Gap,
                     const Claim *Before) {
  constexpr uint64_t MaxAlign = 64;
  uint64_t Offset = Gap.Offset, Size = Gap.Size;
  StringRef Bytes =
      R.FileBacked ? C.File.bytes().substr(Offset, Size) : StringRef();
  Gap = R.Rest;
  Gap.Offset = Offset, Gap.Size = Size;
  // Between sections any run of zeros is alignment; inside one, only a short
  // run after something that has an owner.
  bool AfterOwned = Before && Before->Why != Evidence::None &&
                    Size < MaxAlign && R.Rest.Why != Evidence::Table;
  if (R.FileBacked && (R.IsGap || AfterOwned) && isPadding(R, Bytes)) {
    Gap.What = Kind::Padding, Gap.Why = Evidence::Inferred;
    Gap.Symbol = "";
  } else if (R.IsGap) {
    Gap.What = Kind::Unknown;
  } else if (R.Executable && Gap.What == Kind::Code && C.HasC) {
    // pclntab covers all of Go's text without holes, so this is C's.
    Gap.By = Step::Cgo, Gap.Why = Evidence::Inferred;
  }
}

static Span makeSpan(const Region &R, const Claim &Cell) {
  Span S;
  S.Section = R.Section;
  S.Package = Cell.Package, S.Symbol = Cell.Symbol;
  S.What = Cell.What, S.Why = Cell.Why, S.By = Cell.By;
  S.Users = Cell.Users, S.Object = Cell.Object;
  if (R.FileBacked)
    S.Offset = Cell.Offset, S.Size = Cell.Size;
  if (R.InMemory) {
    S.MemSize = Cell.Size;
    S.Address = R.PerThread ? 0 : R.Address + (Cell.Offset - R.Offset);
  }
  return S;
}

namespace {

/// What the replay has proven is most of the work in a program that has one: it
/// is done in parts, ahead of what is left to do, which takes them in order.
class ReplayedClaims {
public:
  ReplayedClaims(ClaimContext &C, llvm::ArrayRef<Region> Regions);
  /// Those of the next part, when that is one of Regions[Region].
  std::optional<std::vector<Claim>> takeNext(size_t Region);

private:
  void work(llvm::ArrayRef<Region> Regions);
  struct Part {
    size_t Region;
    llvm::ArrayRef<Placement> Placements;
    std::promise<std::vector<Claim>> Claims;
  };
  ClaimContext &C;
  std::vector<Part> Parts;
  size_t Taken = 0;
  std::atomic<size_t> Begun = 0;
  std::vector<std::jthread> Workers;
};

/// Partitions one region after the other in the same memory.
class RegionPartitioner {
public:
  RegionPartitioner(ClaimContext &C, std::vector<Span> &Out) : C(C), Out(Out) {}
  void run(llvm::ArrayRef<Region> Regions);

private:
  void runOne(const Region &R);
  ClaimContext &C;
  std::vector<Span> &Out;
  std::vector<Claim> Layer;
  Partition P{0, 0};
};

} // namespace

ReplayedClaims::ReplayedClaims(ClaimContext &C, llvm::ArrayRef<Region> Regions)
    : C(C) {
  constexpr size_t Most = 1 << 14;
  for (size_t I = 0; I < Regions.size(); ++I)
    for (llvm::ArrayRef<Placement> Left = placementsIn(C, Regions[I]);
         !Left.empty(); Left = Left.drop_front(std::min(Most, Left.size())))
      Parts.push_back({I, Left.take_front(std::min(Most, Left.size())), {}});
  size_t Threads = std::min(llvm::parallel::getThreadCount(), Parts.size());
  for (size_t I = 0; I < Threads; ++I)
    Workers.emplace_back([this, Regions] { work(Regions); });
}

void ReplayedClaims::work(llvm::ArrayRef<Region> Regions) {
  for (size_t I; (I = Begun++) < Parts.size();) {
    Part &P = Parts[I];
    std::vector<Claim> Claims;
    Claims.reserve(P.Placements.size() * 9 / 8);
    claimReplayed(C, Regions[P.Region], P.Placements, Claims);
    P.Claims.set_value(std::move(Claims));
  }
}

std::optional<std::vector<Claim>> ReplayedClaims::takeNext(size_t Region) {
  if (Taken == Parts.size() || Parts[Taken].Region != Region)
    return std::nullopt;
  return Parts[Taken++].Claims.get_future().get();
}

void RegionPartitioner::run(llvm::ArrayRef<Region> Regions) {
  ReplayedClaims Replayed(C, Regions);
  for (size_t I = 0; I < Regions.size(); ++I) {
    const Region &R = Regions[I];
    P.reset(R.Offset, R.end());
    while (std::optional<std::vector<Claim>> Claims = Replayed.takeNext(I))
      P.add(*Claims);
    runOne(R);
    if (R.FileBacked)
      C.File.release({R.Offset, R.Size});
  }
}

/// R without what P has at its beginning and end: all that others need to be
/// asked about. Size 0: nothing.
static Region uncovered(const Region &R, const Partition &P) {
  uint64_t Begin = R.Offset, End = R.end();
  for (const Claim &Cell : P.cells()) {
    if (Cell.Offset != Begin)
      break;
    Begin = Cell.end();
  }
  for (const Claim &Cell : llvm::reverse(P.cells())) {
    if (Cell.end() != End || Begin == R.end())
      break;
    End = Cell.Offset;
  }
  Region Rest = R;
  Rest.Offset = Begin, Rest.Size = End - std::min(Begin, End);
  Rest.Address = R.Address + (Begin - R.Offset);
  return Rest;
}

/// All but what the replay has, which P has already.
void RegionPartitioner::runOne(const Region &R) {
  if (Region Rest = uncovered(R, P); Rest.Size)
    for (ClaimSource *Source : Sources) {
      Source(C, Rest, Layer);
      if (!Layer.empty())
        P.add(Layer);
    }
  P.fill([&](Claim &Gap, const Claim *Before) { labelGap(C, R, Gap, Before); });
  for (const Claim &Cell : P.cells())
    Out.push_back(makeSpan(R, Cell));
}

static void addEmbeds(const ClaimContext &C, Attribution &A,
                      const std::vector<uint32_t> &FinalPackage) {
  if (!C.Model || C.Model->embeds().empty())
    return;
  llvm::DenseMap<Sym, uint64_t> AddressOf;
  for (const EmbeddedFile &F : C.Model->embeds())
    AddressOf[F.Content] = 0;
  for (const Placement &P : C.Model->placements())
    if (auto It = AddressOf.find(P.Symbol);
        It != AddressOf.end() && P.Proven && P.Size)
      It->second = P.Address;
  for (const EmbeddedFile &F : C.Model->embeds())
    A.Embeds.push_back({F.Path.str(), F.Variable.str(),
                        FinalPackage[C.ModelPackage[F.Package]], F.Size,
                        AddressOf[F.Content]});
  llvm::sort(A.Embeds, [](const EmbedInfo &X, const EmbedInfo &Y) {
    return std::tie(X.Package, X.Variable, X.Path) <
           std::tie(Y.Package, Y.Variable, Y.Path);
  });
}

/// Numbers packages and sets of users anew, those in use only.
static void finishNames(ClaimContext &C, Attribution &A) {
  std::vector<bool> Used;
  auto Use = [&](uint32_t Package) {
    if (Package >= Used.size())
      Used.resize(Package + 1);
    Used[Package] = true;
  };
  std::vector<uint32_t> FinalSet;
  A.UserSets.assign(1, {});
  if (C.Model)
    FinalSet.assign(C.Model->userSets().size(), 0);
  for (Span &S : A.Spans) {
    if (S.Package != NoPackage)
      Use(S.Package);
    if (!S.Users)
      continue;
    uint32_t &Set = FinalSet[S.Users];
    if (!Set) {
      Set = uint32_t(A.UserSets.size());
      A.UserSets.emplace_back();
      for (uint32_t User : C.Model->userSets()[S.Users]) {
        A.UserSets.back().push_back(C.ModelPackage[User]);
        Use(C.ModelPackage[User]);
      }
    }
    S.Users = Set;
  }
  if (C.Model)
    for (const EmbeddedFile &F : C.Model->embeds())
      Use(C.ModelPackage[F.Package]);
  std::vector<uint32_t> Final = C.Packages.finish(A, Used);
  addEmbeds(C, A, Final);
  A.Objects = std::move(C.Objects);
  for (ObjectInfo &O : A.Objects)
    if (O.Package != NoPackage)
      O.Package = Final[O.Package];
  for (const auto &[Package, Bytes] : C.Debug)
    if (Final[Package] != NoPackage) {
      PackageInfo &P = A.Packages[Final[Package]];
      P.RawDebug = Bytes.Raw;
      P.RawDebugAlone = Bytes.RawAlone, P.DebugAlone = Bytes.BitsAlone / 8;
    }
  constexpr size_t Chunk = 1 << 16;
  llvm::parallelFor(0, llvm::divideCeil(A.Spans.size(), Chunk), [&](size_t I) {
    for (Span &S :
         llvm::MutableArrayRef(A.Spans).drop_front(I * Chunk).take_front(Chunk))
      if (S.Package != NoPackage)
        S.Package = Final[S.Package];
  });
  A.SetModules.assign(A.UserSets.size(), 0);
  for (size_t I = 1; I < A.UserSets.size(); ++I) {
    std::vector<uint32_t> &Set = A.UserSets[I];
    for (uint32_t &User : Set)
      User = Final[User];
    auto Module = [&](uint32_t User) { return A.Packages[User].Module; };
    if (!Set.empty() && llvm::all_of(Set, [&](uint32_t User) {
          return Module(User) == Module(Set[0]);
        }))
      A.SetModules[I] = Module(Set[0]);
  }
}

static void countSymbols(Attribution &A, const LinkModel *Model) {
  if (!Model)
    return;
  A.SymbolTableSize = Model->symbolTableSize();
  for (const Placement &P : Model->placements())
    A.ReplayedSymbols += P.Proven && !Model->proof(P.In).Failed;
}

llvm::Expected<Attribution> goslim::attribute(const Image &File,
                                              const GoImage &Go,
                                              const LinkModel *Model,
                                              const SymbolLabels *Labels) {
  ClaimContext C(File, Go, Model, Labels);
  Frame Regions = layOutFrame(File, pclntabCuts(Go));
  Attribution A;
  A.FileSize = File.size();
  // Reserving too much costs addresses, not memory.
  size_t Functions = Go.Pcln ? Go.Pcln->Functions.size() : 0;
  A.Spans.reserve(6 * Functions + 4 * C.Symbols.size() + 2 * Go.Types.size() +
                  (Model ? 2 * Model->placements().size() : 0) +
                  Regions.File.size() + 4096);
  RegionPartitioner Partitioner(C, A.Spans);
  File.release({0, File.size()}); // what reading its tables has touched
  Partitioner.run(Regions.File);
  size_t FileSpans = A.Spans.size();
  Partitioner.run(Regions.Memory);
  std::stable_sort(
      A.Spans.begin() + ptrdiff_t(FileSpans), A.Spans.end(),
      [](const Span &X, const Span &Y) { return X.Address < Y.Address; });

  {
    std::jthread Counting([&] { countSymbols(A, Model); });
    finishNames(C, A);
    demangleNames(A);
  }
  if (Go.isGo() && !Go.Pcln)
    C.Notes.push_back("no function table (pclntab) was found: code has no "
                      "owners but by symbols");
  A.Notes = std::move(C.Notes);
  if (llvm::Error E = checkPartition(A))
    return E;
  return A;
}

//===----------------------------------------------------------------------===//
// The invariant
//===----------------------------------------------------------------------===//

static llvm::Error broken(const Span &S, StringRef Why) {
  return llvm::createStringError(fmt::format(
      "internal error: attribution is no partition: span at offset "
      "{:#x}, size {:#x}, address {:#x}, memory {:#x}: {}",
      S.Offset, S.Size, S.Address, S.MemSize, std::string_view(Why)));
}

/// No address in two spans. Neighbours in the file are neighbours in memory
/// nearly always, so what is sorted is a handful of runs. Address 0 is none:
/// per-thread data.
static llvm::Error checkMemory(const Attribution &A) {
  struct Run {
    uint64_t Begin, End;
    const Span *First;
  };
  std::vector<Run> Runs;
  for (const Span &S : A.Spans) {
    if (!S.MemSize || !S.Address)
      continue;
    if (S.MemSize > UINT64_MAX - S.Address)
      return broken(S, "ends beyond the address space");
    if (!Runs.empty() && Runs.back().End == S.Address)
      Runs.back().End += S.MemSize;
    else
      Runs.push_back({S.Address, S.Address + S.MemSize, &S});
  }
  llvm::sort(Runs,
             [](const Run &X, const Run &Y) { return X.Begin < Y.Begin; });
  for (size_t I = 1; I < Runs.size(); ++I)
    if (Runs[I].Begin < Runs[I - 1].End)
      return broken(*Runs[I].First, "its memory is counted twice");
  return llvm::Error::success();
}

llvm::Error goslim::checkPartition(const Attribution &A) {
  uint64_t At = 0, LastAddress = 0;
  bool InMemoryOnly = false;
  for (const Span &S : A.Spans) {
    if (S.Package != NoPackage && S.Package >= A.Packages.size())
      return broken(S, "no such package");
    if (S.Users && S.Users >= A.UserSets.size())
      return broken(S, "no such set of users");
    if (S.Object && S.Object >= A.Objects.size())
      return broken(S, "no such object");
    if (S.Size == 0) {
      if (!S.MemSize)
        return broken(S, "empty");
      if (InMemoryOnly && S.Address < LastAddress)
        return broken(S, "memory-only spans are not sorted");
      InMemoryOnly = true, LastAddress = S.Address;
      continue;
    }
    if (InMemoryOnly)
      return broken(S, "file bytes after memory-only spans");
    if (S.Offset != At)
      return broken(S, S.Offset < At ? "overlaps the one before"
                                     : "leaves a gap before it");
    if (S.Size > A.FileSize - At)
      return broken(S, "ends beyond the file");
    if (S.MemSize && S.MemSize != S.Size)
      return broken(S, "file and memory sizes differ");
    At += S.Size;
  }
  if (At != A.FileSize)
    return llvm::createStringError(
        fmt::format("internal error: attribution is no partition: {} of {} "
                    "bytes have a label",
                    At, A.FileSize));
  return checkMemory(A);
}
