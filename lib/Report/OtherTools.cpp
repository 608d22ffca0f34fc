//===- OtherTools.cpp - the formats of go-size-analyzer and bloaty --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// So that scripts written for them go on working. Sizes are ours: packages
// partition the file, what has no package is one package of gsa's type
// "unknown" or "generated".
//===----------------------------------------------------------------------===//
#include "Render.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <map>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// go-size-analyzer
//===----------------------------------------------------------------------===//

namespace {

struct GsaPackage {
  StringRef Name, Type;
  uint64_t Size = 0;
  std::map<StringRef, std::vector<const Span *>> Functions; ///< by source file
  std::vector<const Span *> Symbols;
};

class GsaWriter {
public:
  GsaWriter(llvm::raw_ostream &OS, const Image &File, const GoImage &Go,
            const Attribution &A);
  void write();

private:
  llvm::json::OStream J;
  const Image &File;
  const GoImage &Go;
  const Attribution &A;
  llvm::DenseMap<uint64_t, const GoFunction *> FunctionAt;
  std::map<std::string, GsaPackage> Packages;

  StringRef typeOf(const Span &S) const;
  void collect();
  void writeFunction(const Span &S);
  void writePackage(const GsaPackage &P);
  void writeSections();
};

} // namespace

GsaWriter::GsaWriter(llvm::raw_ostream &OS, const Image &File,
                     const GoImage &Go, const Attribution &A)
    : J(OS, 2), File(File), Go(Go), A(A) {
  if (Go.Pcln)
    for (const GoFunction &F : Go.Pcln->Functions)
      FunctionAt[F.Entry] = &F;
  collect();
}

StringRef GsaWriter::typeOf(const Span &S) const {
  if (S.Package == NoPackage)
    return S.By == Step::Cgo ? "cgo" : "generated";
  const ModuleInfo &M = A.Modules[A.Packages[S.Package].Module];
  if (M.Path == "std" || M.Path == "cmd")
    return "std";
  bool IsMain = Go.BuildInfo && Go.BuildInfo->Info.Main &&
                Go.BuildInfo->Info.Main->Path == M.Path;
  return IsMain ? "main" : M.Path.empty() ? "unknown" : "vendor";
}

void GsaWriter::collect() {
  for (const Span &S : A.Spans) {
    StringRef Name =
        S.Package == NoPackage ? restName(A, S) : A.Packages[S.Package].Path;
    GsaPackage &P = Packages[utf8(Name)];
    P.Name = Name, P.Type = typeOf(S);
    P.Size += S.Size;
    if (S.What == Kind::Code && S.Package != NoPackage) {
      const GoFunction *F = FunctionAt.lookup(S.Address);
      P.Functions[F ? F->File : ""].push_back(&S);
    } else if (S.MemSize && !S.Symbol.empty() && S.Package != NoPackage &&
               S.What != Kind::Pclntab) {
      P.Symbols.push_back(&S);
    }
  }
}

void GsaWriter::writeFunction(const Span &S) {
  // "net/http.(*Client).Do": a method with receiver "*Client".
  StringRef Name = S.Symbol;
  StringRef Local = Name.substr(Name.rfind('/') + 1).split('.').second;
  StringRef Receiver;
  if (Local.consume_front("(")) {
    Receiver = Local.split(").").first;
    Local = Local.split(").").second;
  }
  const GoFunction *F = FunctionAt.lookup(S.Address);
  J.object([&] {
    J.attribute("name", utf8(Local.empty() ? Name : Local));
    J.attribute("addr", S.Address);
    J.attribute("code_size", S.MemSize);
    J.attribute("type", Receiver.empty() ? "function" : "method");
    J.attribute("receiver", utf8(Receiver));
    J.attributeObject("pcln_size", [&] {
      J.attribute("name", F ? F->NameBytes.Size : 0);
      for (const char *Part : {"pcfile", "pcsp", "pcln"})
        J.attribute(Part, 0);
      J.attribute("header", F ? F->Row.Size + F->Func.Size : 0);
      J.attribute("funcdata", 0);
      J.attributeObject("pcdata", [] {});
    });
  });
}

void GsaWriter::writePackage(const GsaPackage &P) {
  J.attributeObject(utf8(P.Name), [&] {
    J.attribute("name", utf8(P.Name));
    J.attribute("type", P.Type);
    J.attributeObject("subPackages", [] {});
    J.attributeArray("files", [&] {
      for (const auto &[Path, Functions] : P.Functions)
        J.object([&, &Path = Path, &Functions = Functions] {
          J.attribute("file_path", utf8(Path));
          J.attributeArray("functions", [&] {
            for (const Span *S : Functions)
              writeFunction(*S);
          });
        });
    });
    J.attribute("size", P.Size);
    J.attributeArray("symbols", [&] {
      for (const Span *S : P.Symbols)
        J.object([&] {
          J.attribute("name", utf8(S->Symbol));
          J.attribute("addr", S->Address);
          J.attribute("size", S->MemSize);
          J.attribute("type", kindName(S->What));
        });
    });
  });
}

void GsaWriter::writeSections() {
  J.attributeArray("sections", [&] {
    for (const ImageSection &S : File.sections())
      if (!S.Name.empty())
        J.object([&] {
          J.attribute("name", utf8(S.Name));
          J.attribute("size", std::max(S.Size, S.MemSize));
          J.attribute("file_size", S.Size);
          J.attribute("known_size", S.Size);
          J.attribute("offset", S.Offset);
          J.attribute("end", S.Offset + S.Size);
          J.attribute("addr", S.Address);
          J.attribute("addr_end", S.Address + S.MemSize);
          J.attribute("only_in_memory", S.isNoBits());
          J.attribute("debug", StringRef(S.Name).starts_with(".debug") ||
                                   StringRef(S.Name).starts_with(".zdebug"));
        });
  });
}

void GsaWriter::write() {
  J.object([&] {
    J.attribute("name", utf8(factsOf(File, Go).Name));
    J.attribute("size", File.size());
    J.attributeArray("analyzers", [&] { J.value("goslim"); });
    J.attributeObject("packages", [&] {
      for (const auto &[Name, P] : Packages)
        writePackage(P);
    });
    writeSections();
  });
}

void goslim::reportGsaJson(llvm::raw_ostream &OS, const Image &File,
                           const GoImage &Go, const Attribution &A) {
  GsaWriter(OS, File, Go, A).write();
  OS << '\n';
}

//===----------------------------------------------------------------------===//
// bloaty
//===----------------------------------------------------------------------===//

void goslim::reportBloatyCsv(llvm::raw_ostream &OS, const Image &File,
                             const Attribution &A) {
  struct Sum {
    uint64_t Memory = 0, Size = 0;
  };
  std::map<std::pair<StringRef, StringRef>, Sum> Rows;
  for (const Span &S : A.Spans) {
    StringRef Section = sectionName(File, S);
    std::pair<StringRef, StringRef> Key = {
        Section.empty() ? "[Unmapped]" : Section, S.Symbol};
    if (S.Symbol.empty())
      Key.second = Section.empty() ? restName(A, S) : Section;
    Sum &To = Rows[Key];
    To.Memory += S.MemSize, To.Size += S.Size;
  }
  OS << "sections,symbols,vmsize,filesize\n";
  using Row = std::pair<std::pair<StringRef, StringRef>, Sum>;
  std::vector<Row> Order(Rows.begin(), Rows.end());
  llvm::sort(Order, [](const Row &X, const Row &Y) {
    return std::tie(Y.second.Size, Y.second.Memory, X.first) <
           std::tie(X.second.Size, X.second.Memory, Y.first);
  });
  for (const auto &[Key, S] : Order) {
    // bloaty writes "[section .text]" for what no symbol covers.
    std::string Symbol = Key.first == Key.second
                             ? "[section " + Key.first.str() + "]"
                             : Key.second.str();
    writeCsvField(OS, Key.first);
    OS << ',';
    writeCsvField(OS, Symbol);
    OS << ',' << S.Memory << ',' << S.Size << '\n';
  }
}
