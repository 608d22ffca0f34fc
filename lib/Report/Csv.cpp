//===- Csv.cpp - every span, or every row, for programs -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RFC 4180 but for line ends, which are LF as all other tools here write them.
// Bytes of names are passed through; a field with a quote, comma or line break
// is quoted.
//===----------------------------------------------------------------------===//
#include "Render.h"

using namespace goslim;
using llvm::StringRef;

void goslim::writeCsvField(llvm::raw_ostream &OS, StringRef Text) {
  if (Text.find_first_of("\",\r\n") == StringRef::npos) {
    OS << Text;
    return;
  }
  OS << '"';
  for (char C : Text) {
    if (C == '"')
      OS << '"';
    OS << C;
  }
  OS << '"';
}

static void writeHeader(llvm::raw_ostream &OS, const CsvOptions &O,
                        StringRef Columns) {
  if (O.Header)
    OS << (O.WithFileName ? "file," : "") << Columns << '\n';
}

static void writeFileName(llvm::raw_ostream &OS, const Image &File,
                          const CsvOptions &O) {
  if (!O.WithFileName)
    return;
  writeCsvField(OS, File.path().substr(File.path().rfind('/') + 1));
  OS << ',';
}

void goslim::reportSpansCsv(llvm::raw_ostream &OS, const Image &File,
                            const Attribution &A, const CsvOptions &O) {
  writeHeader(OS, O,
              "offset,size,address,memsize,section,kind,step,package,module,"
              "symbol,evidence,object");
  for (const Span &S : A.Spans) {
    writeFileName(OS, File, O);
    OS << S.Offset << ',' << S.Size << ',' << S.Address << ',' << S.MemSize
       << ',';
    writeCsvField(OS, sectionName(File, S));
    OS << ',' << kindName(S.What) << ',';
    if (S.Why != Evidence::None)
      OS << stepName(S.By);
    OS << ',';
    if (S.Package != NoPackage)
      writeCsvField(OS, A.Packages[S.Package].Path);
    OS << ',';
    if (S.Package != NoPackage)
      writeCsvField(OS, A.Modules[A.Packages[S.Package].Module].Path);
    OS << ',';
    writeCsvField(OS, S.Symbol);
    OS << ',' << evidenceName(S.Why) << ',';
    if (S.Object)
      writeCsvField(OS, A.Objects[S.Object].Name);
    OS << '\n';
  }
}

void goslim::reportRowsCsv(llvm::raw_ostream &OS, const Image &File,
                           const Attribution &A, By Group,
                           const CsvOptions &O) {
  writeHeader(OS, O, "name,module,version,size,memory,rest");
  for (const ReportRow &R : groupRows(File, A, Group)) {
    writeFileName(OS, File, O);
    writeCsvField(OS, R.Name);
    OS << ',';
    writeCsvField(OS, R.Module);
    OS << ',';
    writeCsvField(OS, R.Version);
    OS << ',' << R.Size << ',' << R.Memory << ',' << int(R.IsRest) << '\n';
  }
}
