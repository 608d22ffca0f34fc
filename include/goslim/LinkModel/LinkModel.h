//===- goslim/LinkModel/LinkModel.h - the link, replayed --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What cmd/link does with its inputs, done again: loading, numbering, dead
// code, order of text, layout of data. The result says where each symbol lies
// in the program, and is then proven against the program itself: a symbol is
// Proven when its bytes outside relocation fields equal the archive's and its
// relocations point where the replay has put their targets. What is not proven
// is not claimed.
//
// Follows src/cmd/link/internal/{loader,ld} of Go 1.21 to 1.27, file by file:
// lib/LinkModel/README.md says which function is which.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_LINKMODEL_LINKMODEL_H
#define GOSLIM_LINKMODEL_LINKMODEL_H

#include "goslim/GoImage/GoImage.h"
#include "goslim/GoObject/LinkerTables.h"
#include "goslim/Record/LinkMap.h"
#include <memory>

namespace goslim {

/// A symbol by the linker's own number; 0 = none.
using Sym = uint32_t;

/// An archive that the link read. Bytes must outlive the model.
struct LinkInput {
  std::string ImportPath; ///< "main" for the main package
  llvm::StringRef Bytes;
  std::string Name; ///< for messages
  /// Variables that are one embedded file, and the file: ("index", "a.html").
  std::vector<std::pair<std::string, std::string>> Embeds = {};
};

struct LinkRequest {
  std::vector<LinkInput> Archives;
  const LinkerTables *Tables = nullptr;
  std::string Goos = "linux", Goarch = "amd64", Buildmode = "exe";
  /// -X, in the order given, the linker's own (runtime.buildVersion ...) in
  /// front; the last one of a name counts.
  std::vector<std::pair<std::string, std::string>> StringVars;
  bool External = false; ///< see isLinkedByC
  bool Race = false, Msan = false, Asan = false;
  bool PruneWeakMap = true;
  unsigned Funcalign = 0; ///< -funcalign; 0 = the architecture's
  LinkMap Map;            ///< of an external link; may be empty
};

/// Whether the C linker wrote the program from what cmd/link gave it
/// (-linkmode=external): crt1.o brings unwind tables, which Go's linker never
/// writes.
bool isLinkedByC(const Image &File);

/// The groups in which the linker lays out symbols; each is contiguous.
enum class Group : uint8_t {
  Text,
  Type,
  String,
  FuncDesc,
  FuncData,
  GcBits,
  Rodata,
  Itab,
  NoptrData,
  Data,
  Bss,
  NoptrBss,
  ModuleData,
  BuildInfo,
  TlsBss,
  PcData ///< in pctab
};
constexpr unsigned NumGroups = unsigned(Group::PcData) + 1;
llvm::StringRef groupName(Group G); ///< "text", "type", ...

struct Placement {
  Sym Symbol = 0;
  uint64_t Address = 0, Size = 0;
  Group In = Group::Text;
  bool Proven = false;
};

/// How the proof of one group went.
struct GroupProof {
  uint32_t Symbols = 0, Failed = 0;
  uint64_t Bytes = 0, FailedBytes = 0;
  uint64_t Relocs = 0;      ///< checked against their replayed target
  uint64_t OpenRelocs = 0;  ///< of kinds that are not resolved here
  std::string FirstFailure; ///< what and where, for people
};

/// An object file of C, or whatever else is not Go's.
struct CObject {
  std::string Name;    ///< "sqlite3-binding.c", "libc.a(malloc.o)", "crt1.o"
  std::string Archive; ///< "libc.a"; "" = not out of a library
  uint32_t Package;    ///< that brought it: index into packages(), or Nobody
};

/// A file of an embed.FS variable, or of one that is the file.
struct EmbeddedFile {
  Sym Content = 0; ///< files with equal contents share one; 0 = empty
  uint64_t Size = 0;
  uint32_t Package = 0;     ///< index into LinkModel::packages()
  llvm::StringRef Variable; ///< "example.com/p.assets"
  llvm::StringRef Path;     ///< as in the FS, "static/app.js"
};

class LinkModel {
public:
  /// Loads and replays; touches no program yet. An Error says which archive
  /// does not fit and why.
  static llvm::Expected<std::unique_ptr<LinkModel>> load(LinkRequest R);
  ~LinkModel();
  /// Waits for what load() may have left to another thread: before it ends, or
  /// place() does, nobody may ask who owns what.
  void finishLoading();
  /// What place() will place, but for some marks.
  void forEachPlanned(llvm::function_ref<void(Sym, Group)> Use) const;

  /// Places every reachable symbol in the program and proves it.
  llvm::Error place(const Image &File, const GoImage &Go);

  /// Bytes of .symtab and .strtab of a link without -s, within 1 %; 0 where
  /// the C linker writes them.
  uint64_t symbolTableSize() const;

  /// By Address.
  llvm::ArrayRef<Placement> placements() const;
  const GroupProof &proof(Group G) const;
  /// Where the replay and the program disagree beyond single symbols.
  llvm::ArrayRef<std::string> notes() const;

  uint32_t numSymbols() const;
  llvm::StringRef name(Sym S) const;
  SymKind kind(Sym S) const;
  bool isReachable(Sym S) const;
  bool isFromAssembly(Sym S) const;
  bool isMadeByLinker(Sym S) const;
  bool isFromC(Sym S) const; ///< a section of a C object

  /// Packages in load order; [0] is the main package, "main".
  llvm::ArrayRef<std::string> packages() const;
  static constexpr uint32_t Nobody = ~0u;
  /// Index into packages() of the package whose S is, or Nobody: then
  /// everybody's who is in its set of users.
  uint32_t owner(Sym S) const;
  /// A number of userSets(); 0 = the empty one.
  uint32_t userSet(Sym S) const;
  /// Sets of packages, each sorted by index.
  llvm::ArrayRef<std::vector<uint32_t>> userSets() const;

  llvm::ArrayRef<CObject> cObjects() const;
  /// Index into cObjects(); S isFromC.
  uint32_t cObject(Sym S) const;
  /// Of the C linker, its objects being indices into cObjects(); without
  /// pieces when there was none, or when it is another program's.
  const LinkMap &map() const;

  /// Of reachable variables, by variable and path.
  llvm::ArrayRef<EmbeddedFile> embeds() const;

  /// filetab, in its order: the users of each file name.
  llvm::ArrayRef<uint32_t> fileUsers() const;
  /// cutab, in its order: entries of 4 bytes, and the package of the unit.
  struct UnitFiles {
    uint32_t Entries, Package;
  };
  llvm::ArrayRef<UnitFiles> unitFiles() const;
  /// The function that a table in pctab is of, or 0: of several.
  Sym functionOf(Sym PcTable) const;

  /// Types that have an entry in .debug_info although nothing there refers to
  /// it: of variables of a package's functions that were optimised away, of
  /// dictionaries, and what the linker wants for itself. By name.
  struct DebugType {
    llvm::StringRef Name; ///< "*net/http.Client"
    uint32_t Package;     ///< index into packages(), or Nobody: always there
  };
  std::vector<DebugType> debugTypes() const;

  struct Impl;

private:
  explicit LinkModel(std::unique_ptr<Impl> I);
  std::unique_ptr<Impl> I;
};

} // namespace goslim

#endif // GOSLIM_LINKMODEL_LINKMODEL_H
