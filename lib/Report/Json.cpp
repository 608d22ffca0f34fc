//===- Json.cpp - the report for programs ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Schema "goslim-report/1". Keys are only ever added. Names from the file may
// be any bytes; what is not UTF-8 becomes U+FFFD.
//===----------------------------------------------------------------------===//
#include "llvm/Support/JSON.h"
#include "Render.h"
#include "llvm/ADT/STLExtras.h"
#include <array>
#include <map>

using namespace goslim;
using llvm::StringRef;

std::string goslim::utf8(StringRef Text) {
  return llvm::json::isUTF8(Text) ? Text.str() : llvm::json::fixUTF8(Text);
}

static void writeFile(llvm::json::OStream &J, const Image &File,
                      const GoImage &Go, const Totals &T) {
  ProgramFacts F = factsOf(File, Go);
  J.attributeObject("file", [&] {
    J.attribute("name", utf8(F.Name));
    J.attribute("size", File.size());
    J.attribute("format", File.format());
    J.attribute("arch", File.arch());
    J.attribute("os", utf8(F.Os));
    J.attribute("go", utf8(F.GoVersion));
    J.attribute("stripped", F.Stripped);
    J.attribute("memory", T.Memory);
  });
}

static void writeSections(llvm::json::OStream &J, const Image &File) {
  std::vector<const ImageSection *> Order;
  for (const ImageSection &S :
       File.sections().drop_front(std::min<size_t>(1, File.sections().size())))
    Order.push_back(&S);
  llvm::stable_sort(Order, [](const ImageSection *X, const ImageSection *Y) {
    return X->Offset < Y->Offset;
  });
  J.attributeArray("sections", [&] {
    for (const ImageSection *S : Order)
      J.object([&] {
        J.attribute("name", utf8(S->Name));
        J.attribute("offset", S->Offset);
        J.attribute("size", S->Size);
        J.attribute("address", S->Address);
        J.attribute("memory", S->MemSize);
      });
  });
}

static void writePackages(llvm::json::OStream &J, const Attribution &A) {
  struct Sum {
    uint64_t Size = 0, Memory = 0;
    std::array<uint64_t, NumKinds> ByKind = {};
  };
  std::vector<Sum> Packages(A.Packages.size());
  std::map<StringRef, Sum> Rest;
  for (const Span &S : A.Spans) {
    Sum &To =
        S.Package == NoPackage ? Rest[restName(A, S)] : Packages[S.Package];
    To.Size += S.Size, To.Memory += S.MemSize;
    To.ByKind[unsigned(S.What)] += S.Size;
  }
  J.attributeArray("packages", [&] {
    for (size_t I = 0; I < Packages.size(); ++I)
      J.object([&] {
        const ModuleInfo &M = A.Modules[A.Packages[I].Module];
        J.attribute("path", utf8(A.Packages[I].Path));
        J.attribute("module", utf8(M.Path));
        J.attribute("version", utf8(M.Version));
        J.attribute("size", Packages[I].Size);
        J.attribute("memory", Packages[I].Memory);
        if (A.Packages[I].RawDebug) {
          J.attribute("debug_raw", A.Packages[I].RawDebug);
          J.attribute("debug_alone", A.Packages[I].DebugAlone);
          J.attribute("debug_alone_raw", A.Packages[I].RawDebugAlone);
        }
        J.attributeObject("kinds", [&] {
          for (unsigned K = 0; K < NumKinds; ++K)
            if (Packages[I].ByKind[K])
              J.attribute(kindName(Kind(K)), Packages[I].ByKind[K]);
        });
      });
  });
  J.attributeArray("rest", [&] {
    for (const auto &[Name, Sum] : Rest)
      J.object([&] {
        J.attribute("name", Name);
        J.attribute("size", Sum.Size);
        J.attribute("memory", Sum.Memory);
      });
  });
}

static void writeRows(llvm::json::OStream &J, const Image &File,
                      const Attribution &A, By Group) {
  J.attribute("by", byName(Group));
  J.attributeArray("rows", [&] {
    for (const ReportRow &R : groupRows(File, A, Group))
      J.object([&] {
        J.attribute("name", utf8(R.Name));
        J.attribute("size", R.Size);
        J.attribute("memory", R.Memory);
        J.attribute("rest", R.IsRest);
      });
  });
}

void goslim::reportJson(llvm::raw_ostream &OS, const Image &File,
                        const GoImage &Go, const Attribution &A, By Group,
                        unsigned Indent) {
  Totals T = totalsOf(A);
  llvm::json::OStream J(OS, Indent);
  J.object([&] {
    J.attribute("schema", "goslim-report/1");
    writeFile(J, File, Go, T);
    J.attributeObject("evidence", [&] {
      for (unsigned E = 0; E < NumEvidence; ++E)
        J.attribute(evidenceName(Evidence(E)), T.ByEvidence[E]);
    });
    J.attributeObject("kinds", [&] {
      for (unsigned K = 0; K < NumKinds; ++K)
        J.attribute(kindName(Kind(K)), T.ByKind[K]);
    });
    writeSections(J, File);
    writePackages(J, A);
    if (Group != By::Package)
      writeRows(J, File, A, Group);
    J.attributeObject("replay", [&] {
      J.attribute("symbols", A.ReplayedSymbols);
      J.attribute("reason", utf8(A.NoReplay));
    });
    J.attributeArray("embeds", [&] {
      for (const EmbedInfo &E : A.Embeds)
        J.object([&] {
          J.attribute("path", utf8(E.Path));
          J.attribute("variable", utf8(E.Variable));
          J.attribute("package", utf8(A.Packages[E.Package].Path));
          J.attribute("size", E.Size);
          J.attribute("address", E.Address);
        });
    });
    J.attributeArray("flags", [&] {
      for (const FlagEffect &F : flagEffects(File, Go, A))
        J.object([&] {
          J.attribute("flag", utf8(F.Flag));
          J.attribute("effect", effectName(F.What));
          if (F.Bytes)
            J.attribute("bytes", *F.Bytes);
          J.attribute("because", utf8(F.Because));
        });
    });
    attributeTexts(J, "notes", A.Notes);
  });
  OS << '\n';
}
