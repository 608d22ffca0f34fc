//===- Types.cpp - type descriptors and itabs -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Go 1.27 lays descriptors out back to back, so they are simply walked. Before,
// moduledata lists only some of them (typelinks, itablinks); the others are
// found by following what those point to: element, key, field, parameter and
// method types, the pointer type. Every address is visited once (a bitmap over
// the types range), and the sizes of all descriptors together may not exceed
// that range, so that no crafted file makes this slow.
// Layout: src/internal/abi/type.go; kind part, uncommon part, variable part,
// methods, in this order.
//===----------------------------------------------------------------------===//
#include "Internal.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace llvm;

namespace goslim {
namespace {

enum TypeKind : uint8_t {
  Array = 17,
  Chan,
  Func,
  Interface,
  Map,
  Pointer,
  Slice,
  String,
  Struct,
  UnsafePointer
};
enum TypeFlag : uint8_t { Uncommon = 1, ExtraStar = 2, Named = 4 };
constexpr uint8_t KindMask = 0x1f;
constexpr unsigned UncommonSize = 16, MethodSize = 16, InterfaceMethodSize = 8;

/// What is behind the common part of each kind: its size in pointers, and how
/// many pointers to other descriptors it begins with.
struct KindPart {
  uint8_t Pointers = 0, TypePointers = 0;
};
constexpr KindPart KindParts[] = {
    {},     {}, {}, {}, {}, {}, {}, {}, {},
    {},     {}, {}, {}, {}, {}, {}, {}, {3, 2}, // Array: elem, slice, len
    {2, 1},                                     // Chan: elem, dir
    {1, 0}, // Func: counts u16, u16 and padding
    {4, 0}, // Interface: pkgPath, methods slice
    {0, 3}, // Map: key, elem, bucket or group; size depends on the release
    {1, 1}, // Pointer: elem
    {1, 1}, // Slice: elem
    {},     // String
    {4, 0}, // Struct: pkgPath, fields slice
    {},     // UnsafePointer
};

class TypeReader {
public:
  TypeReader(const Image &File, GoImage &Go)
      : File(File), Go(Go), M(*Go.Module),
        Minor(Go.minorVersion() ? Go.minorVersion() : M.Layout),
        PtrSize(File.bits() / 8), CommonSize(4 * PtrSize + 16),
        W(*File.bytesAt(M.Types, M.Etypes - M.Types), File.isLittleEndian()),
        BytesLeft(W.size()), NameBytesLeft(File.size()), Seen(W.size() / 4 + 1),
        SeenName(W.size() + 1) {
    IsRelocated = !File.relativeRelocations().empty();
  }

  void read();

private:
  const Image &File;
  GoImage &Go;
  const ModuleData &M;
  unsigned Minor, PtrSize, CommonSize;
  Words W; ///< [M.Types, M.Etypes)
  uint64_t BytesLeft, NameBytesLeft;
  BitVector Seen, SeenName; ///< by 4 bytes of W; by byte of W
  bool IsRelocated;
  std::vector<uint64_t> Queue; ///< offsets into W

  uint64_t pointer(uint64_t At) const;
  void add(uint64_t Address);
  void addOffset(uint32_t Offset);
  bool addName(uint64_t At);
  void addNamePointer(uint64_t At);
  StringRef nameAt(uint64_t At, uint64_t *Size = nullptr) const;

  unsigned kindSize(uint8_t Kind) const;
  std::optional<uint64_t> descriptorSize(uint64_t At) const;
  void follow(uint64_t At, uint64_t Size);
  void followKind(uint64_t At, uint64_t VariableAt);

  struct Label {
    std::string Name, Package;
  };
  Label labelOf(uint64_t At, unsigned Depth = 0) const;

  void addTypeSpan(uint64_t At, uint64_t Size);
  uint64_t addItab(uint64_t Address);
  void walkDescriptors();
  void walkQueue();
  void readItabs();
  void finish();
};

/// The pointer at offset At of the types range.
uint64_t TypeReader::pointer(uint64_t At) const {
  return IsRelocated ? File.pointerAt(M.Types + At).value_or(0)
                     : W.uintptr(At, PtrSize);
}

void TypeReader::add(uint64_t Address) {
  uint64_t At = Address - M.Types;
  if (Address < M.Types || At % 4 || !W.has(At, CommonSize) || Seen[At / 4])
    return;
  Seen[At / 4] = true;
  Queue.push_back(At);
}

/// A typeOff; 0 and -1 stand for none.
void TypeReader::addOffset(uint32_t Offset) {
  if (Offset != 0 && Offset != ~0u)
    add(M.Types + Offset);
}

/// The text of the name at offset At (flag byte, length, bytes), and the size
/// of the whole with tag and package path.
StringRef TypeReader::nameAt(uint64_t At, uint64_t *Size) const {
  enum { HasTag = 2, HasPackage = 4 };
  if (Size)
    *Size = 0;
  if (At >= W.size())
    return "";
  uint8_t Flags = W.u8(At);
  uint64_t Next = At + 1;
  auto Text = [&]() -> std::optional<StringRef> {
    uint64_t Length;
    if (Minor == 16) { // two bytes, big endian, on every machine
      if (!W.has(Next, 2))
        return std::nullopt;
      Length = W.u8(Next) << 8 | W.u8(Next + 1);
      Next += 2;
    } else {
      std::optional<uint64_t> Value = readVarint(W.Bytes, Next);
      if (!Value)
        return std::nullopt;
      Length = *Value;
    }
    if (Length > MaxNameLength || !W.has(Next, Length))
      return std::nullopt;
    Next += Length;
    return W.Bytes.substr(Next - Length, Length);
  };
  std::optional<StringRef> Name = Text();
  if (!Name || ((Flags & HasTag) && !Text()))
    return "";
  if (Flags & HasPackage)
    Next += 4;
  if (Size && Next <= W.size())
    *Size = Next - At;
  return *Name;
}

/// Records the name's bytes; false when there is none at At.
bool TypeReader::addName(uint64_t At) {
  if (At == 0 || At >= W.size() || SeenName[At])
    return At < W.size();
  SeenName[At] = true;
  uint64_t Size;
  nameAt(At, &Size);
  std::optional<uint64_t> Offset = File.offsetOf(M.Types + At);
  if (!Size || !Offset || Size > NameBytesLeft)
    return false;
  NameBytesLeft -= Size;
  Go.TypeNames.push_back({*Offset, Size});
  return true;
}

void TypeReader::addNamePointer(uint64_t At) {
  uint64_t Address = pointer(At);
  if (Address >= M.Types)
    addName(Address - M.Types);
}

/// Size of what is behind the common part.
unsigned TypeReader::kindSize(uint8_t Kind) const {
  if (Kind == Map) {
    if (Minor >= 27)
      return 10 * PtrSize + PtrSize;
    // key, elem, bucket, hasher; then 8 bytes, or (Swiss, from 1.24) three
    // sizes and flags. GOEXPERIMENT=noswissmap of 1.24 and 1.25 keeps the old.
    bool IsSwiss = Minor >= 24;
    if (Minor < 26 && Go.BuildInfo &&
        StringRef(Go.BuildInfo->Version).contains("noswissmap"))
      IsSwiss = false;
    return IsSwiss ? 8 * PtrSize : 4 * PtrSize + 8;
  }
  return KindParts[Kind].Pointers * PtrSize;
}

/// Size of the descriptor at At; nullopt when there cannot be one.
std::optional<uint64_t> TypeReader::descriptorSize(uint64_t At) const {
  if (!W.has(At, CommonSize))
    return std::nullopt;
  uint8_t Flags = W.u8(At + 2 * PtrSize + 4);
  uint8_t Kind = W.u8(At + 2 * PtrSize + 7) & KindMask;
  if (Kind == 0 || Kind > UnsafePointer)
    return std::nullopt;
  uint64_t Size = CommonSize + kindSize(Kind);
  uint64_t UncommonAt = At + Size;
  if (Flags & Uncommon)
    Size += UncommonSize;
  if (!W.has(At, Size))
    return std::nullopt;
  uint64_t Part = At + CommonSize;
  if (Kind == Func)
    Size += PtrSize * (uint64_t(W.u16(Part)) + (W.u16(Part + 2) & 0x7fff));
  uint64_t Count = 0, RowSize = 0;
  if (Kind == Interface || Kind == Struct) {
    Count = W.uintptr(Part + 2 * PtrSize, PtrSize);
    RowSize = Kind == Struct ? 3 * PtrSize : InterfaceMethodSize;
  }
  if (Count > W.size() / 8)
    return std::nullopt;
  Size += Count * RowSize;
  if (Flags & Uncommon)
    Size += uint64_t(W.u16(UncommonAt + 4)) * MethodSize;
  return W.has(At, Size) ? std::optional(Size) : std::nullopt;
}

/// Queues what the kind's own part and its rows point to.
void TypeReader::followKind(uint64_t At, uint64_t VariableAt) {
  uint8_t Kind = W.u8(At + 2 * PtrSize + 7) & KindMask;
  uint64_t Part = At + CommonSize;
  for (unsigned I = 0; I != KindParts[Kind].TypePointers; ++I)
    add(pointer(Part + I * PtrSize));
  if (Kind == Func) {
    unsigned Count = W.u16(Part) + (W.u16(Part + 2) & 0x7fff);
    for (unsigned I = 0; I != Count; ++I)
      add(pointer(VariableAt + I * PtrSize));
  }
  if (Kind != Interface && Kind != Struct)
    return;
  addNamePointer(Part);
  uint64_t Count = W.uintptr(Part + 2 * PtrSize, PtrSize);
  for (uint64_t I = 0; I != Count; ++I) {
    if (Kind == Struct) {
      uint64_t Row = VariableAt + I * 3 * PtrSize;
      addNamePointer(Row);
      add(pointer(Row + PtrSize));
    } else {
      uint64_t Row = VariableAt + I * InterfaceMethodSize;
      addName(W.u32(Row));
      addOffset(W.u32(Row + 4));
    }
  }
}

/// Queues every descriptor, and records every name, that this one points to.
void TypeReader::follow(uint64_t At, uint64_t Size) {
  uint8_t Kind = W.u8(At + 2 * PtrSize + 7) & KindMask;
  addName(W.u32(At + 4 * PtrSize + 8));
  addOffset(W.u32(At + 4 * PtrSize + 12)); // ptrToThis
  uint64_t UncommonAt = At + CommonSize + kindSize(Kind);
  bool HasUncommon = W.u8(At + 2 * PtrSize + 4) & Uncommon;
  followKind(At, UncommonAt + (HasUncommon ? UncommonSize : 0));
  if (!HasUncommon)
    return;
  addName(W.u32(UncommonAt));
  unsigned Count = W.u16(UncommonAt + 4);
  for (uint64_t Row = At + Size - Count * MethodSize; Row != At + Size;
       Row += MethodSize) {
    addName(W.u32(Row));
    addOffset(W.u32(Row + 4));
  }
}

/// "*net/http.Client" and "net/http": a named type's own string has only the
/// last element of its path ("http.Client").
TypeReader::Label TypeReader::labelOf(uint64_t At, unsigned Depth) const {
  uint8_t Flags = W.u8(At + 2 * PtrSize + 4);
  uint8_t Kind = W.u8(At + 2 * PtrSize + 7) & KindMask;
  StringRef Text = nameAt(W.u32(At + 4 * PtrSize + 8));
  if (Flags & ExtraStar)
    Text.consume_front("*");
  if (Flags & Named) {
    if (!(Flags & Uncommon))
      return {Text.str(), ""}; // predeclared
    uint64_t UncommonAt = At + CommonSize + kindSize(Kind);
    StringRef Package = W.has(UncommonAt, UncommonSize) && W.u32(UncommonAt)
                            ? nameAt(W.u32(UncommonAt))
                            : "";
    if (Package == "go.shape") // of instances of generic functions: nobody's
      return {Text.str(), ""};
    size_t Dot = Text.find_first_of(".[");
    if (!Package.empty() && Dot != StringRef::npos && Text[Dot] == '.')
      return {(Package + Text.substr(Dot)).str(), Package.str()};
    return {Text.str(), Package.str()};
  }
  constexpr unsigned MaxDepth = 4;
  if (Kind == Pointer && Depth < MaxDepth && W.has(At + CommonSize, PtrSize)) {
    uint64_t Elem = pointer(At + CommonSize) - M.Types;
    if (Elem % 4 == 0 && W.has(Elem, CommonSize) &&
        (W.u8(Elem + 2 * PtrSize + 7) & KindMask) <= UnsafePointer) {
      Label L = labelOf(Elem, Depth + 1);
      if (!L.Package.empty())
        return {"*" + L.Name, L.Package};
    }
  }
  return {Text.str(), ""};
}

void TypeReader::addTypeSpan(uint64_t At, uint64_t Size) {
  Label L = labelOf(At);
  if (L.Name.size() > NameBytesLeft) {
    L.Name.clear();
    NameBytesLeft = 0;
  } else {
    NameBytesLeft -= L.Name.size();
  }
  Go.Types.push_back(
      {M.Types + At, Size, std::move(L.Name), std::move(L.Package), false});
}

/// Go 1.27: from the word behind the start, each at the next pointer boundary.
void TypeReader::walkDescriptors() {
  for (uint64_t At = PtrSize; At < M.TypeDescLen;) {
    std::optional<uint64_t> Size = descriptorSize(At);
    if (!Size)
      return addNote(
          Go, "type descriptor", File.offsetOf(M.Types + At).value_or(0),
          "expected a kind from 1 to 26 and its parts, found others");
    Seen[At / 4] = true;
    addTypeSpan(At, *Size);
    follow(At, *Size);
    At = alignTo(At + *Size, PtrSize);
  }
}

void TypeReader::walkQueue() {
  uint64_t Bad = 0;
  while (!Queue.empty()) {
    uint64_t At = Queue.back();
    Queue.pop_back();
    std::optional<uint64_t> Size = descriptorSize(At);
    if (!Size || *Size > BytesLeft) {
      ++Bad;
      continue;
    }
    BytesLeft -= *Size;
    addTypeSpan(At, *Size);
    follow(At, *Size);
  }
  if (Bad)
    addNote(Go, "types", File.offsetOf(M.Types).value_or(0),
            Twine(Bad) + " pointers to type descriptors lead elsewhere");
}

/// The size of the itab at Address, 0 when there cannot be one: interface
/// type, type, hash and padding, one function per method of the interface.
uint64_t TypeReader::addItab(uint64_t Address) {
  uint64_t Inter = File.pointerAt(Address).value_or(0) - M.Types;
  uint64_t Type = File.pointerAt(Address + PtrSize).value_or(0) - M.Types;
  if (!W.has(Inter, CommonSize + 4 * PtrSize) || !W.has(Type, CommonSize) ||
      (W.u8(Inter + 2 * PtrSize + 7) & KindMask) != Interface)
    return 0;
  uint64_t Count = W.uintptr(Inter + CommonSize + 2 * PtrSize, PtrSize);
  uint64_t Size = 2 * PtrSize + 8 + Count * PtrSize;
  if (Count > W.size() / PtrSize || !File.bytesAt(Address, Size) ||
      !descriptorSize(Type) || !descriptorSize(Inter))
    return 0;
  add(M.Types + Inter);
  add(M.Types + Type);
  Label T = labelOf(Type), I = labelOf(Inter);
  std::string Name = "go:itab." + T.Name + "," + I.Name;
  NameBytesLeft -= std::min<uint64_t>(NameBytesLeft, Name.size());
  if (!NameBytesLeft)
    Name.clear();
  Go.Types.push_back(
      {Address, Size, std::move(Name), std::move(T.Package), true});
  return Size;
}

void TypeReader::readItabs() {
  for (uint64_t I = 0; I != M.ItabLinks.Count; ++I)
    if (auto Address = File.pointerAt(M.ItabLinks.Address + I * PtrSize))
      addItab(*Address);
  for (uint64_t At = M.ItabOffset; At < M.ItabOffset + M.ItabSize;) {
    uint64_t Size = addItab(M.Types + At);
    if (!Size)
      return addNote(Go, "itab", File.offsetOf(M.Types + At).value_or(0),
                     "expected an interface type and a type, found others");
    At += Size;
  }
}

/// Sorts, and drops what overlaps: only a crafted file has that.
void TypeReader::finish() {
  sort(Go.Types, [](const GoTypeSpan &A, const GoTypeSpan &B) {
    return A.Address < B.Address;
  });
  uint64_t End = 0;
  erase_if(Go.Types, [&](const GoTypeSpan &S) {
    if (S.Address < End)
      return true;
    End = S.Address + S.Size;
    return false;
  });
  sort(Go.TypeNames, [](const FileRange &A, const FileRange &B) {
    return A.Offset < B.Offset;
  });
  End = 0;
  erase_if(Go.TypeNames, [&](const FileRange &R) {
    if (R.Offset < End)
      return true;
    End = R.end();
    return false;
  });
}

void TypeReader::read() {
  if (M.TypeDescLen)
    walkDescriptors();
  Words Links(File.bytesAt(M.TypeLinks.Address, M.TypeLinks.Count * 4)
                  .value_or(StringRef()),
              File.isLittleEndian());
  for (uint64_t At = 0; At < Links.size(); At += 4)
    add(M.Types + Links.u32(At));
  readItabs();
  walkQueue();
  finish();
}

} // namespace

void readTypes(const Image &File, GoImage &Go) {
  if (Go.Module)
    TypeReader(File, Go).read();
}

} // namespace goslim
