//===- ManifestReader.cpp - a manifest read back ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// toml++ gives the tree with a line and column for each node; the functions
// below take it apart key by key. A manifest is written by goslim alone, so an
// unknown key, a missing one or an entity that is there twice (what a merge by
// hand leaves) is an error, and the totals are not believed but derived: the
// bytes of all steps must be those of all packages and the rest.
//===----------------------------------------------------------------------===//
#include "goslim/Base/TomlText.h"
#include "goslim/Manifest/Manifest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

// Last: it changes what assert means from here on.
#include "goslim/Base/Toml.h"

using namespace goslim;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

static constexpr StringRef Regenerate =
    "; regenerate the file with 'goslim build'";

static Error makeError(const Twine &Message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Message);
}

namespace {
/// Keeps the first thing that is wrong; what is read after it is of no value.
class Reader {
public:
  explicit Reader(StringRef Path) : Path(Path) {}

  Error takeError() {
    return Wrong.empty() ? Error::success() : makeError(Wrong);
  }
  void fail(const toml::node &Node, const Twine &Message) {
    if (Wrong.empty())
      Wrong = (Path + ":" + Twine(Node.source().begin.line) + ":" +
               Twine(Node.source().begin.column) + ": " + Message)
                  .str();
  }

  void onlyKeys(const toml::table &Table, StringRef Name,
                llvm::ArrayRef<StringRef> Allowed) {
    for (auto &&[Key, Value] : Table)
      if (!llvm::is_contained(Allowed, StringRef(Key.str())))
        fail(Value, "unknown key '" + StringRef(Key.str()) + "' in " + Name);
  }

  std::string text(const toml::table &Table, StringRef Key) {
    const toml::node *Node = Table.get(Key);
    return Node ? textOf(*Node, Key) : "";
  }
  std::string textOf(const toml::node &Node, StringRef Key) {
    if (const toml::value<std::string> *Value = Node.as_string())
      return Value->get();
    fail(Node, "'" + Key + "' is not a string");
    return "";
  }
  /// A name that must be there and not be empty.
  std::string name(const toml::table &Table, StringRef Key) {
    std::string Text = text(Table, Key);
    if (Text.empty())
      fail(Table, "missing '" + Key + "'");
    return Text;
  }

  uint64_t number(const toml::table &Table, StringRef Key) {
    const toml::node *Node = Table.get(Key);
    if (!Node)
      return fail(Table, "missing '" + Key + "'"), 0;
    return numberOf(*Node, Key);
  }
  uint64_t numberOf(const toml::node &Node, StringRef Key) {
    const toml::value<int64_t> *Value = Node.as_integer();
    // A file's size fits in 48 bits; so do not overflow in any sum.
    if (Value && Value->get() >= 0 && Value->get() < int64_t(1) << 48)
      return Value->get();
    fail(Node, "'" + Key + "' is not a number of bytes");
    return 0;
  }

  /// The table called Name, or an empty one.
  const toml::table &table(const toml::table &Root, StringRef Name) {
    static const toml::table *const None = new toml::table;
    const toml::node *Node = Root.get(Name);
    if (Node && !Node->as_table())
      fail(*Node, "'" + Name + "' is not a table");
    return Node && Node->as_table() ? *Node->as_table() : *None;
  }
  std::map<std::string, std::string> texts(const toml::table &Root,
                                           StringRef Name) {
    std::map<std::string, std::string> Out;
    for (auto &&[Key, Value] : table(Root, Name))
      Out[std::string(Key.str())] = textOf(Value, Key.str());
    return Out;
  }
  std::vector<std::string> list(const toml::table &Table, StringRef Key) {
    std::vector<std::string> Out;
    const toml::node *Node = Table.get(Key);
    if (Node && !Node->as_array())
      fail(*Node, "'" + Key + "' is not an array");
    else if (Node)
      for (auto &&Item : *Node->as_array())
        Out.push_back(textOf(Item, Key));
    return Out;
  }
  /// Read for each [[Name]].
  void each(const toml::table &Root, StringRef Name,
            llvm::function_ref<void(const toml::table &)> Read) {
    const toml::node *Node = Root.get(Name);
    if (!Node)
      return;
    if (!Node->is_array_of_tables() &&
        !(Node->as_array() && Node->as_array()->empty()))
      return fail(*Node, "'" + Name + "' is not an array of tables");
    for (auto &&Item : *Node->as_array())
      Read(*Item.as_table());
  }
  /// An entity's stable name may stand there once.
  void once(const toml::table &Table, const Twine &Name) {
    if (!Seen.insert(Name.str()).second)
      fail(Table, Name + " is there twice" + Regenerate);
  }

private:
  StringRef Path;
  std::string Wrong;
  llvm::StringSet<> Seen;
};
} // namespace

//===----------------------------------------------------------------------===//
// The tables
//===----------------------------------------------------------------------===//

static void readProgram(Reader &R, const toml::table &Root, Manifest &M) {
  const toml::table &T = R.table(Root, "program");
  R.onlyKeys(
      T, "[program]",
      {"name", "path", "goos", "goarch", "buildmode", "go", "tainted-by"});
  M.Name = R.text(T, "name");
  M.ImportPath = R.text(T, "path");
  M.Goos = R.text(T, "goos");
  M.Goarch = R.text(T, "goarch");
  M.Buildmode = R.text(T, "buildmode");
  M.GoVersion = R.text(T, "go");
  M.TaintedBy = R.list(T, "tainted-by");
}

static void readFlags(Reader &R, const toml::table &Root, Manifest &M) {
  const toml::table &T = R.table(Root, "flags");
  R.onlyKeys(T, "[flags]", {"link"});
  M.LinkFlags = R.list(T, "link");
  M.Settings = R.texts(Root, "build-info");
  M.Environment = R.texts(Root, "environment");
  R.each(Root, "edit", [&](const toml::table &E) {
    R.onlyKeys(E, "[[edit]]", {"rule", "where", "before", "after"});
    M.Edits.push_back({R.name(E, "rule"), R.text(E, "where"),
                       R.text(E, "before"), R.text(E, "after")});
  });
}

static void readModules(Reader &R, const toml::table &Root, Manifest &M) {
  R.each(Root, "module", [&](const toml::table &T) {
    R.onlyKeys(T, "[[module]]", {"path", "version", "sum", "replace"});
    M.Modules.push_back({R.name(T, "path"), R.text(T, "version"),
                         R.text(T, "sum"), R.text(T, "replace")});
    R.once(T, "module '" + M.Modules.back().Path + "'");
  });
}

static void readSections(Reader &R, const toml::table &Root, Manifest &M) {
  R.each(Root, "section", [&](const toml::table &T) {
    R.onlyKeys(T, "[[section]]", {"name", "bytes", "memory"});
    M.Sections.push_back(
        {R.text(T, "name"), R.number(T, "bytes"), R.number(T, "memory")});
    M.Memory += M.Sections.back().Memory;
  });
}

static bool isKindName(StringRef Name) {
  for (unsigned K = 0; K < NumKinds; ++K)
    if (kindName(Kind(K)) == Name)
      return true;
  return false;
}

static uint64_t readPackages(Reader &R, const toml::table &Root, Manifest &M) {
  uint64_t Sum = 0;
  R.each(Root, "package", [&](const toml::table &T) {
    R.onlyKeys(T, "[[package]]", {"path", "module", "bytes", "memory"});
    ManifestPackage P{
        R.name(T, "path"), R.text(T, "module"), {}, R.number(T, "memory")};
    for (auto &&[Key, Value] : R.table(T, "bytes")) {
      if (!isKindName(Key.str()))
        R.fail(Value, "unknown kind '" + StringRef(Key.str()) + "'");
      Sum += P.Bytes[std::string(Key.str())] = R.numberOf(Value, Key.str());
    }
    R.once(T, "package '" + P.Path + "'");
    M.Packages.push_back(std::move(P));
  });
  R.each(Root, "rest", [&](const toml::table &T) {
    R.onlyKeys(T, "[[rest]]", {"name", "bytes"});
    M.Rest.emplace_back(R.name(T, "name"), R.number(T, "bytes"));
    R.once(T, "rest '" + M.Rest.back().first + "'");
    Sum += M.Rest.back().second;
  });
  return Sum;
}

static uint64_t readSteps(Reader &R, const toml::table &Root, Manifest &M) {
  uint64_t Sum = 0;
  R.each(Root, "step", [&](const toml::table &T) {
    R.onlyKeys(T, "[[step]]", {"tool", "package", "bytes"});
    ManifestStep S{R.name(T, "tool"), R.text(T, "package"),
                   R.number(T, "bytes")};
    R.once(T, "step '" + S.Tool + " " + S.Package + "'");
    Sum += S.Bytes;
    M.Steps.push_back(std::move(S));
  });
  return Sum;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

static Error checkMarkers(StringRef Path, StringRef Toml) {
  unsigned Line = 1;
  for (StringRef Rest = Toml; !Rest.empty(); ++Line) {
    StringRef Text;
    std::tie(Text, Rest) = Rest.split('\n');
    for (StringRef Marker : {"<<<<<<<", "|||||||", ">>>>>>>"})
      if (Text.starts_with(Marker))
        return makeError(Path + ":" + Twine(Line) + ": conflict marker '" +
                         Marker + "' of git in a generated file" + Regenerate);
  }
  return Error::success();
}

static void checkVersion(Reader &R, const toml::table &Root) {
  const toml::node *Node = Root.get("version");
  const toml::value<int64_t> *Version = Node ? Node->as_integer() : nullptr;
  if (!Version)
    return R.fail(Node ? *Node : Root, "missing 'version', expected 1");
  if (Version->get() > Manifest::Version)
    R.fail(*Node, "manifest version " + Twine(Version->get()) +
                      " is newer than this goslim, which knows version " +
                      Twine(Manifest::Version));
  else if (Version->get() != Manifest::Version)
    R.fail(*Node, "unknown manifest version " + Twine(Version->get()) +
                      ", expected " + Twine(Manifest::Version));
}

/// Size is not written but derived, from whichever parts were recorded.
static Error checkSums(StringRef Path, Manifest &M, uint64_t Packages,
                       uint64_t Steps) {
  bool Both = !M.Steps.empty() && !(M.Packages.empty() && M.Rest.empty());
  if (Both && Packages != Steps)
    return makeError(Path + ": the parts do not add up: steps " + Twine(Steps) +
                     " bytes, packages and rest " + Twine(Packages) + " bytes" +
                     Regenerate);
  M.Size = M.Steps.empty() ? Packages : Steps;
  uint64_t Sections = 0;
  for (const ManifestSection &S : M.Sections)
    Sections += S.Size;
  if (M.Size && Sections > M.Size)
    return makeError(Path + ": the parts do not add up: sections " +
                     Twine(Sections) + " bytes, file " + Twine(M.Size) +
                     " bytes" + Regenerate);
  return Error::success();
}

llvm::Expected<Manifest> goslim::parseManifest(StringRef Path, StringRef Toml) {
  if (Error E = checkMarkers(Path, Toml))
    return E;
  if (TomlTextProblem Bad = checkTomlText(Toml); Bad.Line)
    return makeError(Path + ":" + Twine(Bad.Line) + ":" + Twine(Bad.Column) +
                     ": not valid TOML: " + Bad.Message);
  toml::parse_result Parsed =
      toml::parse(std::string_view(Toml), std::string_view(Path));
  if (!Parsed) {
    const toml::parse_error &E = Parsed.error();
    return makeError(Path + ":" + Twine(E.source().begin.line) + ":" +
                     Twine(E.source().begin.column) + ": " +
                     StringRef(E.description()));
  }
  const toml::table &Root = Parsed.table();
  Reader R(Path);
  checkVersion(R, Root);
  R.onlyKeys(Root, "the manifest",
             {"version", "program", "flags", "build-info", "edit",
              "environment", "module", "section", "package", "rest", "step"});
  Manifest M;
  readProgram(R, Root, M);
  readFlags(R, Root, M);
  readModules(R, Root, M);
  readSections(R, Root, M);
  uint64_t Packages = readPackages(R, Root, M);
  uint64_t Steps = readSteps(R, Root, M);
  if (Error E = R.takeError())
    return E;
  if (Error E = checkSums(Path, M, Packages, Steps))
    return E;
  return M;
}
