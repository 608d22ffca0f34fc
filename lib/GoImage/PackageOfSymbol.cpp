//===- PackageOfSymbol.cpp - the import path in a symbol's name -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The linker's names are PATH.NAME, PATH escaped (cmd/internal/objabi/path.go
// PathToPrefix): no dot follows its last slash. So the path ends at the first
// dot after the last slash, once everything that can hold other paths (type
// arguments, receivers, struct types) is cut off. Names that the compiler and
// the linker make carry a type behind a prefix; a named type says its package.
//===----------------------------------------------------------------------===//
#include "goslim/GoImage/GoImage.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

/// "gopkg.in/yaml%2ev3" -> "gopkg.in/yaml.v3".
static std::string unescape(StringRef Path) {
  std::string Out;
  Out.reserve(Path.size());
  for (size_t I = 0; I < Path.size(); ++I) {
    if (Path[I] == '%' && I + 2 < Path.size() && isHexDigit(Path[I + 1]) &&
        isHexDigit(Path[I + 2])) {
      Out += char(hexFromNibbles(Path[I + 1], Path[I + 2]));
      I += 2;
    } else {
      Out += Path[I];
    }
  }
  return Out;
}

/// Import path of PATH.NAME.
static std::string pathOf(StringRef Name) {
  Name = Name.take_until([](char C) { return StringRef("[({ ").contains(C); });
  size_t Slash = Name.rfind('/');
  size_t Dot = Name.find('.', Slash == StringRef::npos ? 0 : Slash);
  if (Dot == StringRef::npos || Dot == 0)
    return "";
  return unescape(Name.take_front(Dot));
}

std::string goslim::packageOfSymbol(StringRef Name) {
  // Prefixes of names that hold a type ("type:*net/http.Client",
  // "type:.eq.net/http.Client", "go:itab.*os.File,io.Reader"); with a dot up
  // to Go 1.19.
  static const StringRef TypePrefixes[] = {
      "type:.eqfunc.", "type:.hashfunc.", "type:.eq.", "type:.hash.",
      "type..eqfunc.", "type..hashfunc.", "type..eq.", "type..hash.",
      "go:itab.",      "go.itab.",        "type:",     "type."};
  // Names without a package, or with text that only looks like one. A plain
  // "go." is not among them: it begins go.uber.org/zap.New as well.
  static const StringRef Others[] = {"go:",        ".",        "$",
                                     "go.string.", "go.func.", "go.info.",
                                     "go.cuinfo.", "go.link.", "go.constinfo.",
                                     "go.shape.",  "map."};
  for (StringRef Prefix : TypePrefixes)
    if (Name.consume_front(Prefix)) {
      Name = Name.take_until([](char C) { return C == ','; }).ltrim('*');
      Name.consume_front("noalg.");
      break;
    }
  for (StringRef Prefix : Others)
    if (Name.starts_with(Prefix))
      return "";
  std::string Path = pathOf(Name);
  // Both are keywords, no package: go.buildid, go.(*struct { ... }).Lock.
  return Path == "go" || Path == "type" ? "" : Path;
}
