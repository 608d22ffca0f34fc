//===- FlippedBitTest.cpp - no level of equality hides a bit --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GOSLIM_FLIP_FILE: a program; GOSLIM_FLIP_COUNT: how many bits, each flipped
// alone in what is loaded as code or data (but for the build IDs, which levels
// are about), in a file of its own. With GOSLIM_FLIP_AGAINST, another build of
// the program that has the same code, only code is flipped, and compared with
// that; with GOSLIM_FLIP_TWIN, one that has also the same data, both are.
//===----------------------------------------------------------------------===//
#include "goslim/Base/FileIO.h"
#include "goslim/GoImage/GoImage.h"
#include "goslim/Image/OtherFormats.h"
#include "goslim/Verify/Compare.h"
#include "llvm/BinaryFormat/ELF.h"
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

using namespace goslim;

/// The same of PE, Mach-O and Wasm, but for the begin of the code, where the
/// build ID is.
static std::vector<uint64_t> flippableOther(const std::string &Bytes,
                                            bool OnlyCode) {
  constexpr uint64_t IdSize = 512;
  std::vector<uint64_t> Out;
  auto File = readOtherImage(llvm::MemoryBufferRef(Bytes, "f"));
  if (!File || !*File) {
    llvm::consumeError(File.takeError());
    return Out;
  }
  // Wasm's data is larger in memory, and the last that is loaded.
  uint64_t Less =
      (*File)->Flat.empty() ? 0 : (*File)->Flat.size() - Bytes.size();
  for (const ImageSection &S : (*File)->Sections) {
    bool IsCode = S.Flags & llvm::ELF::SHF_EXECINSTR;
    uint64_t Size = S.Size - (S.Name == "data" ? Less : 0);
    if ((S.Flags & llvm::ELF::SHF_ALLOC) && (IsCode || !OnlyCode))
      for (uint64_t I = IsCode ? IdSize : 0; I < Size; ++I)
        Out.push_back(S.Offset + I);
  }
  return Out;
}

/// Offsets of all bytes that may be flipped.
static std::vector<uint64_t>
flippable(const std::string &Path, const std::string &Bytes, bool OnlyCode) {
  std::vector<uint64_t> Out;
  auto File = Image::open(Path);
  if (!File) {
    llvm::consumeError(File.takeError());
    return flippableOther(Bytes, OnlyCode);
  }
  for (const ImageSection &S : (*File)->sections())
    if (S.isAlloc() && !S.isNoBits() && !S.Name.starts_with(".note") &&
        (!OnlyCode || S.Name == ".text"))
      for (uint64_t I = 0; I < S.Size; ++I)
        Out.push_back(S.Offset + I);
  return Out;
}

TEST(FlippedBit, isNeverHidden) {
  const char *Path = getenv("GOSLIM_FLIP_FILE");
  if (!Path)
    GTEST_SKIP() << "run by test/Verify/flipped-bit.test";
  const char *Wanted = getenv("GOSLIM_FLIP_COUNT");
  unsigned Count = Wanted ? unsigned(atoi(Wanted)) : 1000;
  Result<std::string> Bytes = readFile(Path);
  ASSERT_TRUE(bool(Bytes));
  const char *Against = getenv("GOSLIM_FLIP_AGAINST");
  const char *Twin = getenv("GOSLIM_FLIP_TWIN");
  const char *Compared = Against ? Against : Twin ? Twin : Path;
  std::vector<uint64_t> Places = flippable(Path, *Bytes, Against);
  ASSERT_FALSE(Places.empty());
  std::mt19937_64 Random(4711);
  std::string Other = std::string(Path) + ".flipped";
  unsigned Hidden = 0;
  for (unsigned I = 0; I < Count; ++I) {
    uint64_t At = Places[Random() % Places.size()];
    char Mask = char(1u << (Random() % 8));
    (*Bytes)[At] ^= Mask;
    ASSERT_TRUE(bool(writeFileAtomic(Other, *Bytes, false)));
    (*Bytes)[At] ^= Mask;
    llvm::Expected<Comparison> C = compareFiles(Compared, Other);
    if (!C) { // too damaged to be read: said, not hidden
      llvm::consumeError(C.takeError());
      continue;
    }
    Equality Least = Against ? Equality::Different : Equality::Code;
    if (C->Equal < Least || !C->DifferingBytes) {
      ++Hidden;
      ADD_FAILURE() << "bit " << int(Mask) << " at offset " << At << ": "
                    << equalityName(C->Equal).str();
    }
  }
  printf("%u flipped, %u hidden\n", Count, Hidden);
}
