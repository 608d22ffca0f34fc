//===- goslim/GoImage/GoImage.h - what Go puts in a program -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Build info, build IDs, pclntab, moduledata, read from the file's own bytes;
// formats in ../shared/notes/link-internals.md 4.1 to 4.3 (Go 1.16 to 1.27:
// src/debug/buildinfo, src/debug/gosym/pclntab.go, src/cmd/link/internal/ld/
// pcln.go, src/runtime/symtab.go). An unknown layout degrades: the part is
// absent and Notes says why. Nothing here fails but reading the file itself.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_GOIMAGE_GOIMAGE_H
#define GOSLIM_GOIMAGE_GOIMAGE_H

#include "goslim/Image/Image.h"
#include "goslim/Tool/ImportConfig.h"
#include <string>

namespace goslim {

struct GoBuildInfo {
  std::string Version; ///< "go1.26.8"
  ModInfo Info;        ///< empty Path when the program has no module info
  FileRange Where;     ///< header and inline strings
};

struct GoBuildId {
  std::string Go;  ///< four parts a/b/c/d, or a single value
  std::string Gnu; ///< hex, or ""
};

struct GoFunction {
  uint64_t Entry = 0, Size = 0; ///< address; up to the next entry, padding in
  llvm::StringRef Name;         ///< as in funcnametab
  llvm::StringRef File;         ///< of its first line, or ""
  FileRange Row;                ///< its functab row (8 bytes from 1.18)
  FileRange Func;      ///< _func with pcdata and funcdata arrays and padding
  FileRange NameBytes; ///< in funcnametab with the NUL
  int32_t StartLine = 0;
  bool isAssembly() const { return File.ends_with(".s"); }
};

struct Pclntab {
  uint32_t Magic = 0;
  unsigned MinLC = 0, PtrSize = 0;
  uint64_t TextStart = 0;
  /// File ranges; Size 0 when the version has no such table. GoFunc and
  /// FindFunc are inside pclntab only from Go 1.26.
  FileRange Whole, Header, FuncNames, CuTab, FileTab, PcTab, FuncTab, Funcs,
      GoFunc, FindFunc;
  std::vector<GoFunction> Functions;  ///< by Entry
  std::vector<llvm::StringRef> Files; ///< filetab in order

  /// The function that holds Address (padding behind it is its own), or null.
  const GoFunction *functionAt(uint64_t Address) const;
};

/// runtime.firstmoduledata; addresses. Zero = absent in this version.
struct ModuleData {
  uint64_t Address = 0, Size = 0;
  unsigned Layout = 0; ///< newest Go 1.x whose layout was found
  uint64_t Text = 0, Etext = 0, Noptrdata = 0, Enoptrdata = 0, Data = 0,
           Edata = 0, Bss = 0, Ebss = 0, Noptrbss = 0, Enoptrbss = 0, Types = 0,
           Etypes = 0, Rodata = 0, Gofunc = 0, Gcdata = 0, Gcbss = 0,
           FindFunc = 0, TypeDescLen = 0, ItabOffset = 0, ItabSize = 0,
           Epclntab = 0;
  struct Slice {
    uint64_t Address = 0, Count = 0;
  };
  Slice TypeLinks, ItabLinks, InitTasks, TextSectMap;
};

/// A type descriptor or itab found by walking moduledata.
struct GoTypeSpan {
  uint64_t Address = 0, Size = 0;
  std::string Name;    ///< "*net/http.Client" style; itab: "go:itab.T,I"
  std::string Package; ///< import path, or "" (unnamed type)
  bool IsItab = false;
};

struct GoImage {
  std::optional<GoBuildInfo> BuildInfo;
  GoBuildId BuildId;
  std::optional<Pclntab> Pcln;
  std::optional<ModuleData> Module;
  std::vector<GoTypeSpan> Types; ///< by Address, no overlap
  /// Names, tags and import paths that descriptors point to (type:.namedata.*,
  /// type:.importpath.*), as file ranges by Offset, no overlap.
  std::vector<FileRange> TypeNames;
  std::vector<std::string> Notes; ///< what was not understood, for people

  bool isGo() const { return BuildInfo || Pcln || !BuildId.Go.empty(); }
  unsigned minorVersion() const; ///< 26 for go1.26.8; 0 = unknown
};

GoImage readGoImage(const Image &File);
/// Without functions and types: what placing a replayed link asks for, cheap.
GoImage readGoFrame(const Image &File);
/// Only build info and IDs: cheap.
GoImage readGoIdentity(const Image &File);

/// Build info with its strings inline (Go 1.18 and later), wherever in the
/// bytes of a file of any format the first of it lies; nullopt = none to be
/// read.
std::optional<GoBuildInfo> findInlineBuildInfo(llvm::StringRef Bytes);

/// Import path of a linker symbol or function name: "net/http" for
/// "net/http.(*Client).Do"; "%2e" undone; "" for names without a package
/// ("type:.eq.[2]string", C symbols).
std::string packageOfSymbol(llvm::StringRef Name);

} // namespace goslim

#endif // GOSLIM_GOIMAGE_GOIMAGE_H
