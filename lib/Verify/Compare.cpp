//===- Compare.cpp - two builds of one program ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cheap answers first: equal digests, then build IDs, and only then bytes.
//===----------------------------------------------------------------------===//
#include "goslim/Verify/Compare.h"
#include "Explain.h"
#include "goslim/Base/Digest.h"
#include "goslim/Verify/FileKind.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <thread>

using namespace goslim;
using llvm::StringRef;

StringRef goslim::equalityName(Equality L) {
  static constexpr StringRef Names[] = {"identical", "build-id", "signature",
                                        "debug",     "code",     "different"};
  return Names[unsigned(L)];
}

StringRef goslim::equalityWords(Equality L) {
  static constexpr StringRef Words[] = {
      "identical, bit for bit",
      "equal but for the build ID",
      "equal but for IDs, signature, timestamp",
      "equal but for debug data, symbols and names of source files",
      "the same code; data differs",
      "different"};
  return Words[unsigned(L)];
}

namespace {
struct CauseRow {
  StringRef Name, Title;
};
constexpr CauseRow Causes[NumCauses] = {
    {"build-id", "Go build ID"},
    {"host-build-id", "GNU build ID"},
    {"signature", "code signature"},
    {"uuid", "Mach-O UUID"},
    {"timestamp", "PE timestamp"},
    {"checksum", "PE checksum"},
    {"toolchain", "Go toolchain"},
    {"target", "target"},
    {"arch-level", "architecture level"},
    {"experiment", "GOEXPERIMENT"},
    {"compiler-flags", "compiler flags"},
    {"linker-flags", "linker flags"},
    {"tags", "build tags"},
    {"dependency", "version of a module"},
    {"cgo", "cgo on or off"},
    {"cgo-flags", "C flags"},
    {"godebug", "GODEBUG defaults"},
    {"main-path", "package that was named"},
    {"vcs-stamp", "VCS stamp"},
    {"setting", "build setting"},
    {"x-value", "-X value"},
    {"trimpath", "-trimpath"},
    {"path", "path of the sources"},
    {"path-text", "path in a string"},
    {"c-file-path", "path in C code (__FILE__)"},
    {"c-time", "time in C code (__TIME__, __DATE__)"},
    {"c-compiler", "C compiler"},
    {"stripped", "-s, -w or strip"},
    {"altered", "changed after the build"},
    {"debug-data", "debug data"},
    {"symbols", "symbol table"},
    {"code", "code"},
    {"data", "data"},
    {"layout", "sections"},
    {"follows", "moved by the above"},
    {"unknown", "unknown"}};
} // namespace

StringRef goslim::causeName(Cause C) { return Causes[unsigned(C)].Name; }
StringRef goslim::causeTitle(Cause C) { return Causes[unsigned(C)].Title; }

uint64_t Comparison::bytesOf(Cause C) const {
  uint64_t Sum = 0;
  for (const CompareFinding &F : Findings)
    if (F.Why == C)
      Sum += F.Bytes;
  return Sum;
}

//===----------------------------------------------------------------------===//
// Build IDs
//===----------------------------------------------------------------------===//

/// What the pattern of differing parts proves (action ID of the link, of main;
/// content ID of main's archive, of the program).
static std::string readingOf(const std::array<bool, 4> &D) {
  if (!D[0] && !D[1] && !D[2] && !D[3])
    return "same inputs and same content, as the IDs have it";
  if (!D[3])
    return "inputs were recorded differently, the program is the same";
  if (D[0] && !D[1] && !D[2])
    return "only inputs of the link step differ: packages are the same";
  if (D[1] && !D[2])
    return "inputs of package main differ, its object does not: look at "
           "build info and dependencies";
  if (!D[1] && D[2])
    return "same declared inputs, other output: an input that go does not "
           "hash, or a compiler that is not deterministic";
  if (D[1] && D[2])
    return "package main was compiled differently";
  return "same declared inputs, other output of the link";
}

static void compareIds(const Program &A, const Program &B, Comparison &Out) {
  llvm::SmallVector<StringRef, 4> X, Y;
  StringRef(A.Go.BuildId.Go).split(X, '/');
  StringRef(B.Go.BuildId.Go).split(Y, '/');
  Out.HasIds = X.size() == 4 && Y.size() == 4;
  for (unsigned I = 0; Out.HasIds && I < 4; ++I)
    Out.IdDiffers[I] = X[I] != Y[I];
  Out.Reading = Out.HasIds ? readingOf(Out.IdDiffers)
                           : "no build IDs of four parts (-buildid=): what "
                             "they would prove is not known";
}

static Comparison::Side sideOf(const Program &P) {
  Comparison::Side S;
  S.Path = P.Path, S.Sha256 = sha256Hex(P.fileBytes()),
  S.Size = P.fileBytes().size();
  S.BuildId = P.Go.BuildId.Go;
  if (P.Go.BuildInfo)
    S.GoVersion = P.Go.BuildInfo->Version;
  S.Altered = P.isAltered();
  return S;
}

/// Archives by package, in links that goslim saw.
static void compareRecords(const Program &A, const Program &B,
                           Comparison &Out) {
  if (!A.Record || !B.Record)
    return;
  Out.HasRecords = true;
  llvm::StringMap<StringRef> Old;
  for (const LinkRecord::Archive &X : A.Record->Archives)
    Old[X.Package] = X.Sha256;
  // The main package is there twice, under its import path, too.
  auto IsMainAgain = [&](const LinkRecord::Archive &X) {
    return X.Package == "main" &&
           llvm::count_if(B.Record->Archives, [&](const auto &Y) {
             return Y.Sha256 == X.Sha256;
           }) > 1;
  };
  for (const LinkRecord::Archive &X : B.Record->Archives)
    if (IsMainAgain(X))
      continue;
    else if (auto It = Old.find(X.Package);
             It == Old.end() || It->second != X.Sha256)
      Out.Packages.push_back(X.Package);
}

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

static std::vector<PartPair> pairParts(const Program &A, const Program &B) {
  std::vector<PartPair> Out;
  for (const Part &P : A.Parts) {
    PartPair Pair;
    Pair.A = &P, Pair.B = B.part(P.Name);
    if (Pair.B)
      Pair.Runs = alignParts(P, *Pair.B, A.Names, B.Names);
    Out.push_back(std::move(Pair));
  }
  for (const Part &P : B.Parts)
    if (!A.part(P.Name)) {
      PartPair Pair;
      Pair.B = &P;
      Out.push_back(std::move(Pair));
    }
  return Out;
}

/// Equal after these passes; what is told is what was needed.
static void nameNormalisers(Comparison &Out) {
  static constexpr std::pair<Cause, const char *> Table[] = {
      {Cause::BuildId, "go-build-id"},
      {Cause::HostBuildId, "gnu-build-id"},
      {Cause::Signature, "macho-signature"},
      {Cause::Uuid, "macho-uuid"},
      {Cause::Timestamp, "pe-timestamp"},
      {Cause::Checksum, "pe-checksum"},
      {Cause::DebugData, "debug-data"},
      {Cause::Symbols, "symbol-table"},
      {Cause::Stripped, "debug-data, symbol-table"},
      {Cause::Path, "source-paths"},
      {Cause::Follows, "addresses"}};
  if (Out.Equal == Equality::Different)
    return;
  for (const auto &[Why, Name] : Table)
    if (Out.bytesOf(Why))
      Out.Normalisers.push_back(Name);
  if (Out.Equal == Equality::Code)
    Out.Normalisers.push_back("data");
}

/// Byte by byte; what one has more than the other differs.
static uint64_t countDiffering(StringRef A, StringRef B) {
  size_t Common = std::min(A.size(), B.size());
  uint64_t Count = std::max(A.size(), B.size()) - Common;
  for (size_t I = 0; I < Common; ++I)
    Count += A[I] != B[I];
  return Count;
}

/// Everything but Out.Files.
static llvm::Error compare(Program &A, Program &B, Comparison &Out) {
  compareIds(A, B, Out);
  if (A.fileBytes() == B.fileBytes())
    return llvm::Error::success();
  if (A.Format != B.Format || A.Arch != B.Arch) {
    uint64_t Bytes = std::max(A.bytes().size(), B.bytes().size());
    Out.Equal = Equality::Different, Out.DifferingBytes = Bytes;
    Out.Findings.push_back({Cause::Target,
                            "format and architecture: " + A.Format + " " +
                                A.Arch + " -> " + B.Format + " " + B.Arch,
                            Bytes,
                            Equality::Different,
                            {}});
    return llvm::Error::success();
  }
  compareRecords(A, B, Out);
  // What only one side names divides it where the other is not divided.
  bool KeepsNames = A.Elf || A.Format == "Wasm";
  if (!KeepsNames && A.Other->Symbols.empty() != B.Other->Symbols.empty())
    (A.Other->Symbols.empty() ? B : A).forgetSymbols();
  for (Program *P : {&A, &B})
    if (llvm::Error E = P->addLabels())
      return E;
  std::vector<PartPair> Pairs = pairParts(A, B);
  placeInsertions(A, B, Pairs);
  explain(A, B, Pairs, Out);
  if (Out.Findings.empty()) { // the same when unpacked: coded otherwise
    Out.Equal = Equality::Different;
    Out.DifferingBytes = countDiffering(A.fileBytes(), B.fileBytes());
    Out.Findings.push_back({Cause::Unknown,
                            "the same contents, coded otherwise",
                            Out.DifferingBytes,
                            Equality::Different,
                            {}});
  }
  nameNormalisers(Out);
  return llvm::Error::success();
}

llvm::Expected<Comparison>
goslim::compareBuffers(std::unique_ptr<llvm::MemoryBuffer> BytesA,
                       std::unique_ptr<llvm::MemoryBuffer> BytesB) {
  Comparison Out;
  std::string NameA = BytesA->getBufferIdentifier().str(),
              NameB = BytesB->getBufferIdentifier().str();
  llvm::Expected<std::unique_ptr<Program>> A =
      Program::read(std::move(BytesA), NameA);
  if (!A)
    return A.takeError();
  llvm::Expected<std::unique_ptr<Program>> B =
      Program::read(std::move(BytesB), NameB);
  if (!B)
    return B.takeError();
  // Digests take longer than all the rest of a small difference.
  std::thread SideA([&] { Out.Files[0] = sideOf(**A); });
  std::thread SideB([&] { Out.Files[1] = sideOf(**B); });
  llvm::Error E = compare(**A, **B, Out);
  SideA.join();
  SideB.join();
  if (E)
    return E;
  return Out;
}

llvm::Expected<Comparison> goslim::compareFiles(StringRef A, StringRef B) {
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> X = openFile(A);
  if (!X)
    return X.takeError();
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> Y = openFile(B);
  if (!Y)
    return Y.takeError();
  return compareBuffers(std::move(*X), std::move(*Y));
}
