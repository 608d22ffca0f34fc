//===- DebugInfoFuzz.cpp - DWARF by package -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sections one behind the other, each behind its size in four bytes.
//===----------------------------------------------------------------------===//
#include "../../lib/Attribution/DebugInfo.h"
#include "llvm/Support/Endian.h"
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace goslim;

static void check(const std::vector<DebugRange> &Ranges, uint64_t Size) {
  uint64_t At = 0;
  for (const DebugRange &R : Ranges) {
    if (R.Begin < At || R.End <= R.Begin || R.End > Size)
      abort();
    At = R.End;
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Left(reinterpret_cast<const char *>(Data), Size);
  DebugSections S;
  for (llvm::StringRef DebugSections::*Part :
       {&DebugSections::Info, &DebugSections::Abbrev, &DebugSections::Line,
        &DebugSections::Frame, &DebugSections::Loc, &DebugSections::LocLists,
        &DebugSections::Ranges, &DebugSections::RngLists,
        &DebugSections::Addr}) {
    if (Left.size() < 4)
      break;
    uint32_t Part4 = llvm::support::endian::read32le(Left.data());
    Left = Left.drop_front(4);
    S.*Part = Left.substr(0, Part4);
    Left = Left.substr(std::min<size_t>(Part4, Left.size()));
  }
  auto OfName = [](llvm::StringRef Name) -> uint32_t {
    return Name.empty() ? DebugNames::None : uint32_t(Name.size() % 5);
  };
  auto OfAddress = [](uint64_t A) -> uint32_t { return uint32_t(A % 3); };
  DebugPackages P = readDebugPackages(S, {OfName, OfName, OfAddress});
  check(P.Info, S.Info.size());
  check(P.Line, S.Line.size());
  check(P.Frame, S.Frame.size());
  check(P.Loc, S.Loc.size());
  check(P.LocLists, S.LocLists.size());
  check(P.Ranges, S.Ranges.size());
  check(P.RngLists, S.RngLists.size());
  check(P.Addr, S.Addr.size());
  return 0;
}
