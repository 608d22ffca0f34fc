//===- Names.cpp - the words of reports and manifests ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All are part of published formats: never change one, only add.
//===----------------------------------------------------------------------===//
#include "goslim/Attribution/Attribution.h"
#include "llvm/ADT/STLExtras.h"

using namespace goslim;
using llvm::StringRef;

StringRef goslim::kindName(Kind K) {
  static constexpr StringRef Names[NumKinds] = {
      "code",      "type",   "itab",         "string",  "embed",      "rodata",
      "data",      "bss",    "funcdata",     "pclntab", "gcdata",     "init",
      "buildinfo", "debug",  "symtab",       "strtab",  "relocation", "dynamic",
      "note",      "header", "linker-table", "padding", "unknown"};
  return Names[unsigned(K)];
}

StringRef goslim::evidenceName(Evidence E) {
  static constexpr StringRef Names[NumEvidence] = {
      "replayed", "table", "symbol", "inferred", "none"};
  return Names[unsigned(E)];
}

StringRef goslim::stepName(Step S) {
  static constexpr StringRef Names[] = {"compile", "asm", "cgo", "link"};
  return Names[unsigned(S)];
}

/// Tables that have a row of their own, by the symbol of their spans.
static StringRef tableRow(StringRef Symbol) {
  static constexpr std::pair<StringRef, StringRef> Rows[] = {
      {"header", "pclntab: header"},
      {"funcnametab", "pclntab: function names"},
      {"cutab", "pclntab: cutab"},
      {"filetab", "pclntab: file names"},
      {"pctab", "pclntab: pctab"},
      {"functab", "pclntab: functab"},
      {"findfunctab", "findfunctab"},
      {"funcdata", "funcdata"},
      {"function descriptors", "function descriptors"},
      {"typelinks", "typelinks"},
      {"itablinks", "itablinks"},
      {"moduledata", "moduledata"},
      {"init order", "init order"},
      {"text sections", "text sections"},
      {"unwind tables", "unwind tables"},
      {"FIPS info", "FIPS info"},
      {"go:fipsinfo", "FIPS info"}};
  for (const auto &[Key, Row] : Rows)
    if (Key == Symbol)
      return Row;
  return "";
}

/// What several packages use, by what it is.
static StringRef sharedRow(const Span &S) {
  switch (S.What) {
  case Kind::Code:
    return "shared code";
  case Kind::Type:
    return "shared types";
  case Kind::Itab:
    return "shared itabs";
  case Kind::String:
    return "shared strings";
  case Kind::Embed:
    return "shared embedded files";
  case Kind::FuncData:
    return "shared funcdata";
  case Kind::GcData:
    return "shared GC data";
  case Kind::Pclntab:
    return S.Symbol == "filetab" ? "shared file names" : "shared pc tables";
  case Kind::Bss:
    return "shared zero data";
  case Kind::Rodata:
    return "shared constants";
  default:
    return "shared data";
  }
}

/// Of a span without a package and an object.
static StringRef rowName(const Span &S) {
  if (S.Users)
    return sharedRow(S);
  bool FromC = S.By == Step::Cgo, Unowned = S.Why == Evidence::None;
  switch (S.What) {
  case Kind::Code:
    return FromC     ? "C code"
           : Unowned ? "code, owner unknown"
                     : "generated code";
  case Kind::Type:
    return "types";
  case Kind::Itab:
    return "itabs";
  case Kind::String:
    return "strings";
  case Kind::Embed:
    return "embedded files";
  case Kind::Rodata:
    return FromC     ? "C read-only data"
           : Unowned ? "read-only data, owner unknown"
                     : "constants";
  case Kind::Data:
    return FromC     ? "C data"
           : Unowned ? "data, owner unknown"
                     : "data of no package";
  case Kind::Bss:
    return FromC     ? "C zero data"
           : Unowned ? "zero data, owner unknown"
                     : "zero data of no package";
  case Kind::GcData:
    return "GC data";
  case Kind::Init:
    return "init tables";
  case Kind::BuildInfo:
    return "build info";
  case Kind::Debug:
    return "debug";
  case Kind::Symtab:
    return "symbol table";
  case Kind::Strtab:
    return "symbol names";
  case Kind::Relocation:
    return "relocations";
  case Kind::Dynamic:
    return "dynamic linking";
  case Kind::Note:
    return "notes";
  case Kind::Header:
    return "headers";
  case Kind::Padding:
    return "padding";
  case Kind::Unknown:
    return "unknown";
  case Kind::FuncData:
  case Kind::Pclntab:
  case Kind::LinkerTable:
    break;
  }
  if (StringRef Row = tableRow(S.Symbol); !Row.empty())
    return Row;
  return S.What == Kind::Pclntab    ? "pclntab"
         : S.What == Kind::FuncData ? "funcdata"
                                    : "linker tables";
}

StringRef goslim::restName(const Attribution &A, const Span &S) {
  return S.Object && S.Package == NoPackage ? StringRef(A.Objects[S.Object].Row)
                                            : rowName(S);
}
