//===- ManifestWriter.cpp - a manifest as TOML and JSON ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Written by hand rather than by toml++, because the exact bytes are the
// format: one table per entity, sorted by a stable name, one leaf a line, no
// number that two entities share. Git then merges two branches' manifests as
// it merges their code. Only TOML 1.0 that weak parsers know: no inline tables.
//===----------------------------------------------------------------------===//
#include "goslim/Manifest/Manifest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// TOML
//===----------------------------------------------------------------------===//

static std::string quoted(StringRef Text) {
  std::string Out = "\"";
  for (char C : Text) {
    if (C == '"' || C == '\\')
      Out += {'\\', C};
    else if (C == '\t')
      Out += "\\t";
    else if (C == '\n')
      Out += "\\n";
    else if (static_cast<unsigned char>(C) < 0x20 || C == 0x7f)
      Out += "\\u00" + llvm::toHex(StringRef(&C, 1));
    else
      Out += C;
  }
  return Out + '"';
}

static std::string key(StringRef Name) {
  bool Bare = !Name.empty() && llvm::all_of(Name, [](char C) {
    return llvm::isAlnum(C) || C == '_' || C == '-';
  });
  // "-trimpath" is a bare key too, but reads like a mistake.
  return Bare && Name[0] != '-' ? Name.str() : quoted(Name);
}

namespace {
/// Lines of TOML. Empty text is left out: absent means empty.
struct TomlLines {
  llvm::raw_string_ostream OS;
  explicit TomlLines(std::string &Out) : OS(Out) {}

  void table(StringRef Header) { OS << '\n' << Header << '\n'; }
  void text(StringRef Name, StringRef Value) {
    if (!Value.empty())
      OS << Name << " = " << quoted(Value) << '\n';
  }
  void texts(StringRef Name, const std::vector<std::string> &Values) {
    if (Values.empty())
      return;
    OS << Name << " = [\n";
    for (const std::string &Value : Values)
      OS << "  " << quoted(Value) << ",\n";
    OS << "]\n";
  }
  void number(StringRef Name, uint64_t Value) {
    OS << Name << " = " << Value << '\n';
  }
  void map(StringRef Header, const std::map<std::string, std::string> &Values) {
    if (Values.empty())
      return;
    table(Header);
    for (const auto &[Name, Value] : Values)
      OS << key(Name) << " = " << quoted(Value) << '\n';
  }
};
} // namespace

/// Entities in the order of Key, whatever order the model has.
template <typename T, typename KeyFunction>
static std::vector<const T *> sortedBy(const std::vector<T> &Items,
                                       KeyFunction Key) {
  std::vector<const T *> Out;
  for (const T &Item : Items)
    Out.push_back(&Item);
  llvm::stable_sort(Out,
                    [&](const T *L, const T *R) { return Key(*L) < Key(*R); });
  return Out;
}

static void writeProgram(TomlLines &T, const Manifest &M) {
  T.table("[program]");
  T.text("name", M.Name);
  T.text("path", M.ImportPath);
  T.text("goos", M.Goos);
  T.text("goarch", M.Goarch);
  T.text("buildmode", M.Buildmode);
  T.text("go", M.GoVersion);
  T.texts("tainted-by", M.TaintedBy);
}

static void writeFlags(TomlLines &T, const Manifest &M) {
  if (!M.LinkFlags.empty()) {
    T.table("[flags]");
    T.texts("link", M.LinkFlags);
  }
  T.map("[build-info]", M.Settings);
  for (const ManifestEdit *E : sortedBy(M.Edits, [](const ManifestEdit &E) {
         return std::tie(E.Rule, E.Where, E.Before, E.After);
       })) {
    T.table("[[edit]]");
    T.text("rule", E->Rule);
    T.text("where", E->Where);
    T.text("before", E->Before);
    T.text("after", E->After);
  }
}

static void writeSections(TomlLines &T, const Manifest &M) {
  for (const ManifestSection *S :
       sortedBy(M.Sections, [](const ManifestSection &S) { return S.Name; })) {
    T.table("[[section]]");
    T.text("name", S->Name);
    T.number("bytes", S->Size);
    T.number("memory", S->Memory);
  }
}

static void writePackages(TomlLines &T, const Manifest &M) {
  for (const ManifestModule *Module :
       sortedBy(M.Modules, [](const ManifestModule &X) { return X.Path; })) {
    T.table("[[module]]");
    T.text("path", Module->Path);
    T.text("version", Module->Version);
    T.text("sum", Module->Sum);
    T.text("replace", Module->Replace);
  }
  for (const ManifestPackage *P :
       sortedBy(M.Packages, [](const ManifestPackage &X) { return X.Path; })) {
    T.table("[[package]]");
    T.text("path", P->Path);
    T.text("module", P->Module);
    for (const auto &[Kind, Size] : P->Bytes)
      T.number("bytes." + key(Kind), Size);
    T.number("memory", P->Memory);
  }
  for (const auto *Row : sortedBy(M.Rest, [](auto &R) { return R.first; })) {
    T.table("[[rest]]");
    T.text("name", Row->first);
    T.number("bytes", Row->second);
  }
}

static void writeSteps(TomlLines &T, const Manifest &M) {
  for (const ManifestStep *S : sortedBy(M.Steps, [](const ManifestStep &X) {
         return std::tie(X.Package, X.Tool);
       })) {
    T.table("[[step]]");
    T.text("tool", S->Tool);
    T.text("package", S->Package);
    T.number("bytes", S->Bytes);
  }
}

std::string goslim::toToml(const Manifest &M,
                           const std::vector<Record> &Records) {
  auto Wants = [&](Record R) { return llvm::is_contained(Records, R); };
  std::string Out = "# generated by goslim, do not edit; regenerate: goslim "
                    "build\nversion = 1\n";
  static_assert(Manifest::Version == 1);
  TomlLines T(Out);
  writeProgram(T, M);
  if (Wants(Record::Flags))
    writeFlags(T, M);
  if (Wants(Record::Environment))
    T.map("[environment]", M.Environment);
  if (Wants(Record::Sections))
    writeSections(T, M);
  if (Wants(Record::Packages))
    writePackages(T, M);
  if (Wants(Record::Steps))
    writeSteps(T, M);
  return Out;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

using llvm::json::OStream;

static void attributeMap(OStream &J, StringRef Name,
                         const std::map<std::string, std::string> &Values) {
  J.attributeObject(Name, [&] {
    for (const auto &[Key, Value] : Values)
      J.attribute(Key, Value);
  });
}

/// One object per item, its members written by Members.
template <typename Items, typename Function>
static void attributeObjects(OStream &J, StringRef Name, const Items &Values,
                             Function Members) {
  J.attributeArray(Name, [&] {
    for (const auto &Value : Values)
      J.object([&] { Members(Value); });
  });
}

static void jsonFacts(OStream &J, const Manifest &M) {
  J.attributeObject("program", [&] {
    J.attribute("name", M.Name);
    J.attribute("path", M.ImportPath);
    J.attribute("goos", M.Goos);
    J.attribute("goarch", M.Goarch);
    J.attribute("buildmode", M.Buildmode);
    J.attribute("go", M.GoVersion);
    J.attribute("size", M.Size);
    J.attribute("memory", M.Memory);
  });
  J.attributeArray("tainted_by", [&] {
    for (const std::string &By : M.TaintedBy)
      J.value(By);
  });
  J.attributeArray("link_flags", [&] {
    for (const std::string &Flag : M.LinkFlags)
      J.value(Flag);
  });
  attributeMap(J, "build_info", M.Settings);
  attributeMap(J, "environment", M.Environment);
  attributeObjects(J, "edits", M.Edits, [&](const ManifestEdit &E) {
    J.attribute("rule", E.Rule);
    J.attribute("where", E.Where);
    J.attribute("before", E.Before);
    J.attribute("after", E.After);
  });
  attributeObjects(J, "modules", M.Modules, [&](const ManifestModule &X) {
    J.attribute("path", X.Path);
    J.attribute("version", X.Version);
    J.attribute("sum", X.Sum);
    J.attribute("replace", X.Replace);
  });
}

static void jsonBytes(OStream &J, const Manifest &M) {
  attributeObjects(J, "sections", M.Sections, [&](const ManifestSection &S) {
    J.attribute("name", S.Name);
    J.attribute("bytes", S.Size);
    J.attribute("memory", S.Memory);
  });
  attributeObjects(J, "packages", M.Packages, [&](const ManifestPackage &P) {
    J.attribute("path", P.Path);
    J.attribute("module", P.Module);
    J.attributeObject("bytes", [&] {
      for (const auto &[Kind, Size] : P.Bytes)
        J.attribute(Kind, Size);
    });
    J.attribute("memory", P.Memory);
  });
  attributeObjects(J, "rest", M.Rest, [&](const auto &Row) {
    J.attribute("name", Row.first);
    J.attribute("bytes", Row.second);
  });
  attributeObjects(J, "steps", M.Steps, [&](const ManifestStep &S) {
    J.attribute("tool", S.Tool);
    J.attribute("package", S.Package);
    J.attribute("bytes", S.Bytes);
  });
}

std::string goslim::toJson(const Manifest &M) {
  std::string Out;
  llvm::raw_string_ostream OS(Out);
  OStream J(OS, 2);
  J.object([&] {
    J.attribute("schema", "goslim-manifest/1");
    jsonFacts(J, M);
    jsonBytes(J, M);
  });
  OS << '\n';
  return Out;
}
