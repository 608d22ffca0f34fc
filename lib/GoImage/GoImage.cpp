//===- GoImage.cpp - reading what Go puts in a program --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of reading, and what its parts share. Build info comes first since
// the Go version selects layouts; moduledata comes between the pclntab header
// and its rows, because from Go 1.26 only moduledata knows where text starts.
//===----------------------------------------------------------------------===//
#include "Internal.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace goslim {

std::string hexOf(uint64_t Value) {
  return "0x" + utohexstr(Value, /*LowerCase=*/true);
}

void addNote(GoImage &Go, const Twine &What, uint64_t Offset,
             const Twine &Why) {
  Go.Notes.push_back((What + " at offset " + hexOf(Offset) + ": " + Why).str());
}

std::optional<uint64_t> readVarint(StringRef Bytes, uint64_t &At) {
  uint64_t Value = 0;
  for (unsigned Shift = 0; Shift < 64 && At < Bytes.size(); Shift += 7) {
    uint8_t Byte = Bytes[At++];
    Value |= uint64_t(Byte & 0x7f) << Shift;
    if (!(Byte & 0x80))
      return Value;
  }
  return std::nullopt;
}

unsigned GoImage::minorVersion() const {
  if (!BuildInfo)
    return 0;
  // "go1.26.8", "devel go1.27-0123abc", "go1.24.4 X:boringcrypto"
  StringRef Version = BuildInfo->Version;
  size_t At = Version.find("go1.");
  unsigned Minor = 0;
  if (At == StringRef::npos ||
      Version.substr(At + 4).consumeInteger(10, Minor) || Minor > 1000)
    return 0;
  return Minor;
}

GoImage readGoIdentity(const Image &File) {
  GoImage Go;
  readBuildInfo(File, Go);
  readBuildIds(File, Go);
  return Go;
}

GoImage readGoFrame(const Image &File) {
  GoImage Go = readGoIdentity(File);
  readPclntabHeader(File, Go);
  readModuleData(File, Go);
  return Go;
}

GoImage readGoImage(const Image &File) {
  GoImage Go = readGoFrame(File);
  readFunctions(File, Go);
  readTypes(File, Go);
  return Go;
}

} // namespace goslim
