//===- ElfDynamic.cpp - what the dynamic loader reads ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dynamic table and what it points to, through segments only, as the
// loader itself does it: section headers may be missing or lie. Versions are
// those that undefined symbols are bound to; the version table alone may list
// nodes that no symbol needs.
//===----------------------------------------------------------------------===//
#include "ImageImpl.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <algorithm>
#include <map>

using namespace llvm;
using namespace llvm::object;

namespace goslim {
namespace {

template <class ELFT> class DynamicReader {
  using Dyn = typename ELFT::Dyn;
  using Sym = typename ELFT::Sym;
  using Word = typename ELFT::Word;
  using Versions = std::vector<std::pair<StringRef, StringRef>>;

public:
  DynamicReader(const Image &File, const Image::Impl &I) : File(File), I(I) {}

  Expected<Image::Dynamic> read() {
    Image::Dynamic Out;
    for (const ImageSegment &S : I.Segments)
      if (S.Type == ELF::PT_INTERP && S.FileSize) {
        Expected<StringRef> Path =
            I.string(I.bytes().substr(S.Offset, S.FileSize), 0,
                     "PT_INTERP segment", S.Offset);
        if (!Path)
          return Path.takeError();
        Out.Interpreter = *Path;
      }
    ArrayRef<Dyn> Table = entries();
    Out.HasDynamicSection = !Table.empty();
    if (Table.empty())
      return Out;
    if (const Dyn *Flags = find(Table, ELF::DT_FLAGS_1))
      Out.IsPie = Flags->getVal() & ELF::DF_1_PIE;
    if (Error E = readStrings(Table, Out))
      return E;
    Expected<Versions> Bound = boundVersions(Table);
    if (!Bound)
      return Bound.takeError();
    Out.Versions = std::move(*Bound);
    return Out;
  }

  std::vector<RelativeRelocation> relocations() {
    // Other architectures keep the addend in the word itself (REL, RELR).
    static const std::pair<uint16_t, uint32_t> Types[] = {
        {ELF::EM_X86_64, ELF::R_X86_64_RELATIVE},
        {ELF::EM_AARCH64, ELF::R_AARCH64_RELATIVE},
        {ELF::EM_PPC64, ELF::R_PPC64_RELATIVE},
        {ELF::EM_RISCV, ELF::R_RISCV_RELATIVE},
        {ELF::EM_S390, ELF::R_390_RELATIVE},
        {ELF::EM_LOONGARCH, ELF::R_LARCH_RELATIVE},
        {ELF::EM_SPARCV9, ELF::R_SPARC_RELATIVE},
    };
    std::vector<RelativeRelocation> Out;
    auto Type = find_if(Types, [&](auto &T) { return T.first == I.Machine; });
    const Dyn *Table = find(entries(), ELF::DT_RELA);
    const Dyn *Size = find(entries(), ELF::DT_RELASZ);
    if (Type == std::end(Types) || !Table || !Size)
      return Out;
    using Rela = typename ELFT::Rela;
    std::optional<StringRef> Bytes =
        File.bytesAt(Table->getPtr(), Size->getVal());
    if (!Bytes)
      return Out;
    ArrayRef Rows(reinterpret_cast<const Rela *>(Bytes->data()),
                  Bytes->size() / sizeof(Rela));
    Out.reserve(Rows.size());
    for (const Rela &R : Rows)
      if (R.getType(/*isMips64EL=*/false) == Type->second)
        Out.push_back({R.r_offset, uint64_t(R.r_addend)});
    auto ByAddress = [](const RelativeRelocation &A,
                        const RelativeRelocation &B) {
      return A.Address < B.Address;
    };
    if (!is_sorted(Out, ByAddress))
      stable_sort(Out, ByAddress);
    return Out;
  }

private:
  const Image &File;
  const Image::Impl &I;

  ArrayRef<Dyn> entries() const {
    FileRange Where;
    for (const ImageSegment &S : I.Segments)
      if (S.Type == ELF::PT_DYNAMIC)
        Where = {S.Offset, S.FileSize};
    if (I.Segments.empty())
      for (const ImageSection &S : I.Sections)
        if (S.Type == ELF::SHT_DYNAMIC)
          Where = {S.Offset, S.Size};
    if (!Where.Size)
      return {};
    ArrayRef All(reinterpret_cast<const Dyn *>(I.bytes().data() + Where.Offset),
                 Where.Size / sizeof(Dyn));
    return All.take_until([](const Dyn &D) { return D.d_tag == ELF::DT_NULL; });
  }

  static const Dyn *find(ArrayRef<Dyn> Table, uint64_t Tag) {
    for (const Dyn &D : Table)
      if (uint64_t(D.d_tag) == Tag)
        return &D;
    return nullptr;
  }

  /// Size bytes where the entry's address points.
  Expected<StringRef> bytesOf(const Dyn &D, StringRef Name, uint64_t Size) {
    if (std::optional<StringRef> Bytes = File.bytesAt(D.getPtr(), Size))
      return *Bytes;
    return I.damaged(Name, I.offsetOf(&D),
                     "an address with " + hex(Size) + " bytes of the file",
                     hex(D.getPtr()));
  }

  Expected<StringRef> stringTable(ArrayRef<Dyn> Table) {
    const Dyn *Start = find(Table, ELF::DT_STRTAB);
    const Dyn *Size = find(Table, ELF::DT_STRSZ);
    if (!Start || !Size)
      return I.damaged("dynamic table", I.offsetOf(Table.data()),
                       "DT_STRTAB and DT_STRSZ", "only others");
    return bytesOf(*Start, "DT_STRTAB", Size->getVal());
  }

  Error readStrings(ArrayRef<Dyn> Table, Image::Dynamic &Out) {
    const std::pair<uint64_t, StringRef> Names[] = {
        {ELF::DT_NEEDED, "DT_NEEDED"},
        {ELF::DT_RPATH, "DT_RPATH"},
        {ELF::DT_RUNPATH, "DT_RUNPATH"}};
    for (const Dyn &D : Table)
      for (auto [Tag, Name] : Names) {
        if (uint64_t(D.d_tag) != Tag)
          continue;
        Expected<StringRef> Strings = stringTable(Table);
        if (!Strings)
          return Strings.takeError();
        Expected<StringRef> Text =
            I.string(*Strings, D.getVal(), Name, I.offsetOf(&D));
        if (!Text)
          return Text.takeError();
        (Tag == ELF::DT_NEEDED ? Out.Needed : Out.RunPath).push_back(*Text);
      }
    return Error::success();
  }

  /// Rows of the dynamic symbol table: no tag says it, the hash tables do.
  Expected<uint64_t> symbolCount(ArrayRef<Dyn> Table) {
    for (const ImageSection &S : I.Sections)
      if (S.Type == ELF::SHT_DYNSYM)
        return S.Size / sizeof(Sym);
    if (const Dyn *Hash = find(Table, ELF::DT_HASH)) {
      Expected<StringRef> Bytes = bytesOf(*Hash, "DT_HASH", 8);
      if (!Bytes)
        return Bytes.takeError();
      return uint64_t(reinterpret_cast<const Word *>(Bytes->data())[1]);
    }
    if (const Dyn *Hash = find(Table, ELF::DT_GNU_HASH))
      return gnuHashCount(*Hash);
    return 0;
  }

  Expected<uint64_t> gnuHashCount(const Dyn &Hash) {
    Expected<StringRef> Header = bytesOf(Hash, "DT_GNU_HASH", 16);
    if (!Header)
      return Header.takeError();
    const Word *H = reinterpret_cast<const Word *>(Header->data());
    uint64_t NumBuckets = H[0], First = H[1];
    uint64_t Filter = uint64_t(H[2]) * (ELFT::Is64Bits ? 8 : 4);
    Expected<StringRef> All =
        bytesOf(Hash, "DT_GNU_HASH", 16 + Filter + NumBuckets * 4);
    if (!All)
      return All.takeError();
    ArrayRef Buckets(reinterpret_cast<const Word *>(All->data() + 16 + Filter),
                     NumBuckets);
    uint64_t Last = 0;
    for (const Word &Bucket : Buckets)
      Last = std::max<uint64_t>(Last, Bucket);
    if (Last < First)
      return First;
    // The last chain ends with an odd hash.
    uint64_t Chains = Hash.getPtr() + All->size();
    for (;; ++Last) {
      std::optional<StringRef> Bytes =
          File.bytesAt(Chains + (Last - First) * 4, 4);
      if (!Bytes)
        return I.damaged("DT_GNU_HASH", I.offsetOf(&Hash),
                         "an end of its last chain inside the file",
                         hex(Hash.getPtr()));
      if (*reinterpret_cast<const Word *>(Bytes->data()) & 1)
        return Last + 1;
    }
  }

  /// Version index -> (library, version) of all version requirements.
  Expected<std::map<uint16_t, std::pair<StringRef, StringRef>>>
  requirements(ArrayRef<Dyn> Table, const Dyn &Need) {
    using Verneed = typename ELFT::Verneed;
    using Vernaux = typename ELFT::Vernaux;
    std::map<uint16_t, std::pair<StringRef, StringRef>> Out;
    Expected<StringRef> Strings = stringTable(Table);
    if (!Strings)
      return Strings.takeError();
    // Indices have 15 bits; more rows than that are a loop or a lie.
    unsigned RowsLeft = 1 << 15;
    auto Row = [&](uint64_t Address, StringRef Name) -> Expected<StringRef> {
      std::optional<StringRef> Bytes = File.bytesAt(Address, 16);
      if (Bytes && RowsLeft-- != 0)
        return *Bytes;
      return I.damaged(Name, I.offsetOf(&Need),
                       "a list of versions inside the file", hex(Address));
    };
    for (uint64_t At = Need.getPtr();;) {
      Expected<StringRef> Bytes = Row(At, "DT_VERNEED");
      if (!Bytes)
        return Bytes.takeError();
      const auto &N = *reinterpret_cast<const Verneed *>(Bytes->data());
      Expected<StringRef> Library =
          I.string(*Strings, N.vn_file, "vn_file", I.offsetOf(&N.vn_file));
      if (!Library)
        return Library.takeError();
      uint64_t AuxAt = At + N.vn_aux;
      for (unsigned Left = N.vn_cnt; Left; --Left) {
        Expected<StringRef> AuxBytes = Row(AuxAt, "vn_aux");
        if (!AuxBytes)
          return AuxBytes.takeError();
        const auto &A = *reinterpret_cast<const Vernaux *>(AuxBytes->data());
        Expected<StringRef> Version =
            I.string(*Strings, A.vna_name, "vna_name", I.offsetOf(&A.vna_name));
        if (!Version)
          return Version.takeError();
        Out[A.vna_other & ELF::VERSYM_VERSION] = {*Library, *Version};
        AuxAt += A.vna_next;
      }
      if (N.vn_next == 0)
        return Out;
      At += N.vn_next;
    }
  }

  Expected<Versions> boundVersions(ArrayRef<Dyn> Table) {
    const Dyn *Need = find(Table, ELF::DT_VERNEED);
    const Dyn *VerSym = find(Table, ELF::DT_VERSYM);
    const Dyn *SymTab = find(Table, ELF::DT_SYMTAB);
    Versions Out;
    if (!Need || !VerSym || !SymTab)
      return Out;
    auto Required = requirements(Table, *Need);
    if (!Required)
      return Required.takeError();
    Expected<uint64_t> Count = symbolCount(Table);
    if (!Count)
      return Count.takeError();
    // Two bytes a row: a count that does not fit the file fails here, and
    // cannot overflow in the next line.
    Expected<StringRef> Indices = bytesOf(*VerSym, "DT_VERSYM", *Count * 2);
    if (!Indices)
      return Indices.takeError();
    Expected<StringRef> Symbols =
        bytesOf(*SymTab, "DT_SYMTAB", *Count * sizeof(Sym));
    if (!Symbols)
      return Symbols.takeError();
    auto *Index =
        reinterpret_cast<const typename ELFT::Half *>(Indices->data());
    auto *Row = reinterpret_cast<const Sym *>(Symbols->data());
    for (uint64_t At = 1; At < *Count; ++At) {
      auto It = Required->find(Index[At] & ELF::VERSYM_VERSION);
      if (Row[At].st_shndx == ELF::SHN_UNDEF && It != Required->end())
        Out.push_back(It->second);
    }
    // No symbol stands for a feature of the loader, yet an older one refuses.
    for (auto &[Number, Version] : *Required)
      if (Version.second.starts_with("GLIBC_ABI_"))
        Out.push_back(Version);
    sort(Out);
    Out.erase(std::unique(Out.begin(), Out.end()), Out.end());
    return Out;
  }
};

template <class ELFT>
DynamicReader<ELFT> readerFor(const ELFFile<ELFT> &, const Image &File,
                              const Image::Impl &I) {
  return DynamicReader<ELFT>(File, I);
}

} // namespace

Expected<Image::Dynamic> Image::dynamic() const {
  return std::visit([&](auto &Elf) { return readerFor(Elf, *this, *I).read(); },
                    *I->Elf);
}

std::vector<RelativeRelocation> readRelative(const Image &File,
                                             const Image::Impl &I) {
  if (I.FileType != ELF::ET_DYN)
    return {};
  return std::visit(
      [&](auto &Elf) { return readerFor(Elf, File, I).relocations(); }, *I.Elf);
}

} // namespace goslim
