//===- GoObjectFuzz.cpp - archives and objects ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything that can be asked of an archive's objects, for every index.
//===----------------------------------------------------------------------===//
#include "goslim/GoObject/Archive.h"
#include "goslim/GoObject/GoObject.h"
#include <cstddef>
#include <cstdint>

using namespace goslim;

static size_t Sum; ///< so that nothing is left out as unused

static void touch(llvm::StringRef Text) {
  for (char C : Text)
    Sum += uint8_t(C);
}

static void touchDefinition(const GoObject &O, uint32_t I) {
  touch(O.data(I));
  for (ObjectReloc R : O.relocs(I)) {
    Sum += size_t(R.offset()) + R.size() + R.type() + size_t(R.addend());
    Sum += size_t(O.localIndex(R.symbol()));
  }
  for (ObjectAux A : O.auxs(I)) {
    int64_t Local = O.localIndex(A.symbol());
    Sum += size_t(Local);
    ObjectFuncInfo Info;
    if (!A.is(AuxKind::FuncInfo) || Local < 0 || Local >= O.numDefs() ||
        !ObjectFuncInfo::parse(O.data(uint32_t(Local)), Info))
      continue;
    for (uint32_t F = 0; F < Info.NumFiles; ++F)
      Sum += Info.file(F);
    for (uint32_t N = 0; N < Info.NumInlined; ++N)
      Sum += Info.inlined(N).File;
  }
}

static void touchObject(const GoObject &O) {
  for (uint32_t I = 0; I < O.numAutolib(); ++I)
    touch(O.autolib(I));
  for (uint32_t I = 0; I < O.numPackages(); ++I)
    touch(O.package(I));
  for (uint32_t I = 0; I < O.numFiles(); ++I)
    touch(O.file(I));
  for (uint32_t I = 0; I < O.numSymbols(); ++I)
    touch(O.name(I));
  for (uint32_t I = 0; I < O.numHashed64(); ++I)
    Sum += O.hash64(I);
  for (uint32_t I = 0; I < O.numHashed(); ++I)
    touch(O.hash(I));
  for (uint32_t I = 0; I < O.numDefs(); ++I)
    touchDefinition(O, I);
  for (uint32_t I = 0; I < O.numRefFlags(); ++I)
    Sum += O.refFlag(I).Flag;
  for (uint32_t I = 0; I < O.numRefNames(); ++I)
    touch(O.refName(I).Name);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Bytes(reinterpret_cast<const char *>(Data), Size);
  llvm::Expected<std::vector<ArchiveMember>> Members = readArchive(Bytes);
  if (!Members) {
    llvm::consumeError(Members.takeError());
    return 0;
  }
  for (const ArchiveMember &M : *Members) {
    touch(M.Cgo);
    Sum += minorVersionOf(M.Header);
    if (M.What != ArchiveMember::Kind::GoObject)
      continue;
    if (llvm::Expected<GoObject> O = GoObject::parse(M.object()))
      touchObject(*O);
    else
      llvm::consumeError(O.takeError());
  }
  return 0;
}
