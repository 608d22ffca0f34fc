//===- SectionLabels.cpp - what a section is for --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table of names (cmd/link/internal/ld/{data,elf,symtab}.go; GNU ld's
// default script), one of section types; then the flags decide. PIE puts
// ".data.rel.ro" before the names of the tables that need relocations.
//===----------------------------------------------------------------------===//
#include "Frame.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace goslim;
using namespace llvm::ELF;
using llvm::StringRef;

namespace {

struct NameLabel {
  StringRef Name;
  bool IsPrefix;
  Kind What;
  Evidence Why;
  StringRef Symbol; ///< a name that restName() knows, or ""
};

constexpr Evidence Told = Evidence::Table;
constexpr NameLabel Names[] = {
    {".gopclntab", false, Kind::Pclntab, Told, "pclntab"},
    {".typelink", false, Kind::LinkerTable, Told, "typelinks"},
    {".itablink", false, Kind::LinkerTable, Told, "itablinks"},
    {".go.buildinfo", false, Kind::BuildInfo, Told, ""},
    {".go.fipsinfo", false, Kind::LinkerTable, Told, "FIPS info"},
    {".go.module", false, Kind::LinkerTable, Told, "moduledata"},
    {".go.type", false, Kind::Type, Told, ""},
    {".go.func", false, Kind::FuncData, Told, "function descriptors"},
    {".gosymtab", false, Kind::LinkerTable, Told, ""},
    {".go.", true, Kind::LinkerTable, Told, ""},
    {".debug_", true, Kind::Debug, Told, ""},
    {".zdebug_", true, Kind::Debug, Told, ""},
    {".gnu_debug", true, Kind::Debug, Told, ""},
    {".gdb_index", false, Kind::Debug, Told, ""},
    {".interp", false, Kind::Dynamic, Told, ""},
    {".plt", true, Kind::Dynamic, Told, ""},
    {".got", true, Kind::Dynamic, Told, ""},
    {".rela", true, Kind::Relocation, Told, ""},
    {".eh_frame", true, Kind::LinkerTable, Told, "unwind tables"},
    {".gcc_except_table", true, Kind::LinkerTable, Told, "unwind tables"},
    {".ARM.ex", true, Kind::LinkerTable, Told, "unwind tables"},
    {".comment", false, Kind::Note, Told, ""},
    {".shstrtab", false, Kind::Strtab, Told, ""},
};

struct TypeLabel {
  uint32_t Type;
  Kind What;
};
constexpr TypeLabel Types[] = {
    {SHT_SYMTAB, Kind::Symtab},      {SHT_SYMTAB_SHNDX, Kind::Symtab},
    {SHT_STRTAB, Kind::Strtab},      {SHT_REL, Kind::Relocation},
    {SHT_RELA, Kind::Relocation},    {SHT_RELR, Kind::Relocation},
    {SHT_DYNAMIC, Kind::Dynamic},    {SHT_DYNSYM, Kind::Dynamic},
    {SHT_HASH, Kind::Dynamic},       {SHT_GNU_HASH, Kind::Dynamic},
    {SHT_GNU_versym, Kind::Dynamic}, {SHT_GNU_verneed, Kind::Dynamic},
    {SHT_GNU_verdef, Kind::Dynamic}, {SHT_NOTE, Kind::Note},
    {SHT_INIT_ARRAY, Kind::Init},    {SHT_FINI_ARRAY, Kind::Init},
    {SHT_PREINIT_ARRAY, Kind::Init},
};

} // namespace

static Claim label(Kind What, Evidence Why, StringRef Symbol = "") {
  Claim C;
  C.What = What, C.Why = Why, C.Symbol = Symbol;
  return C;
}

Claim goslim::restOfSection(const ImageSection &S) {
  StringRef Name = S.Name;
  if (Name.starts_with(".data.rel.ro."))
    Name = Name.substr(strlen(".data.rel.ro"));
  // Types first: they are what loaders go by.
  for (const TypeLabel &T : Types)
    if (T.Type == S.Type)
      // .dynstr is needed to load the program, .strtab is not.
      return label(
          T.What == Kind::Strtab && S.isAlloc() ? Kind::Dynamic : T.What, Told);
  for (const NameLabel &N : Names)
    if (N.IsPrefix ? Name.starts_with(N.Name) : Name == N.Name)
      return label(N.What, N.Why, N.Symbol);
  if (!S.isAlloc())
    return label(Kind::Unknown, Evidence::None);
  if (S.isNoBits())
    return label(Kind::Bss, Evidence::None);
  if (S.Flags & SHF_EXECINSTR)
    return label(Kind::Code, Evidence::None);
  bool ReadOnly = !(S.Flags & SHF_WRITE) || S.Name.starts_with(".data.rel.ro");
  return label(ReadOnly ? Kind::Rodata : Kind::Data, Evidence::None);
}
