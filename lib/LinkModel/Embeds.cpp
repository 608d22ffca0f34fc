//===- Embeds.cpp - embedded files by name --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The compiler writes for a variable V of type embed.FS a symbol V.files: a
// slice header that points right behind itself, then per file a row of name,
// contents (both string headers) and a hash of 16 bytes
// (cmd/compile/internal/staticdata/embed.go WriteEmbed, Go 1.16 to 1.27).
// Names that end in "/" are folders. A string or []byte with a go:embed line
// leaves no trace of its file in the object but what goslim-wrap has kept
// (EmbedRecord): the variable is a header that points to the contents.
//===----------------------------------------------------------------------===//
#include "Embeds.h"

using namespace goslim;
using llvm::StringRef;

static std::vector<EmbeddedFile> filesOf(const Loader &L, Sym Files,
                                         StringRef Variable) {
  constexpr uint64_t Ptr = 8, Head = 3 * Ptr, Row = 4 * Ptr + 16;
  StringRef Data = L.data(Files);
  if (Data.size() < Head || (Data.size() - Head) % Row)
    return {};
  std::vector<EmbeddedFile> Out((Data.size() - Head) / Row);
  bool PointsBehindItself = false;
  for (ObjectReloc Rel : L.relocs(Files)) {
    Sym Target = L.resolve(Files, Rel.symbol());
    uint64_t At = uint64_t(Rel.offset());
    if (At == 0) {
      PointsBehindItself = Target == Files && uint64_t(Rel.addend()) == Head;
      continue;
    }
    if (At < Head || (At - Head) / Row >= Out.size() || !Target)
      continue;
    EmbeddedFile &F = Out[(At - Head) / Row];
    if ((At - Head) % Row == 0)
      F.Path = L.data(Target);
    else if ((At - Head) % Row == 2 * Ptr) {
      // The symbol itself may be larger: short ones that differ in zeros at
      // their end only are one.
      F.Content = Target;
      F.Size = llvm::support::endian::read64le(Data.data() + At + Ptr);
    }
  }
  if (!PointsBehindItself)
    return {};
  llvm::erase_if(Out, [](const EmbeddedFile &F) {
    return F.Path.empty() || F.Path.ends_with("/");
  });
  for (EmbeddedFile &F : Out)
    F.Variable = Variable, F.Package = L.library(Files);
  return Out;
}

/// The file that a string or slice header points to.
static std::optional<EmbeddedFile> fileOf(const Loader &L, Sym Header) {
  constexpr uint64_t Ptr = 8;
  StringRef Data = L.data(Header);
  if (Data.size() != 2 * Ptr && Data.size() != 3 * Ptr)
    return std::nullopt;
  EmbeddedFile F;
  F.Size = llvm::support::endian::read64le(Data.data() + Ptr);
  for (ObjectReloc Rel : L.relocs(Header))
    if (Rel.offset() == 0)
      F.Content = L.resolve(Header, Rel.symbol());
  return F;
}

static void addVariables(const Loader &L, const Reachability &R,
                         std::vector<EmbeddedFile> &Out) {
  for (const LinkInput &In : L.Request.Archives) {
    if (In.Embeds.empty())
      continue;
    std::string Prefix = pathToPrefix(In.ImportPath) + ".";
    for (const auto &[Variable, Path] : In.Embeds) {
      Sym S = L.lookup(Prefix + Variable, 0);
      if (!S || L.isMade(S) || !R.Reachable.test(S))
        continue;
      if (std::optional<EmbeddedFile> F = fileOf(L, S)) {
        F->Package = L.library(S), F->Variable = L.name(S), F->Path = Path;
        Out.push_back(*F);
      }
    }
  }
}

std::vector<EmbeddedFile> goslim::findEmbeds(const Loader &L,
                                             const Reachability &R) {
  std::vector<EmbeddedFile> Out;
  for (Sym S = 1; S < R.Reachable.size(); ++S) {
    if (!R.Reachable.test(S) || L.isMade(S) || L.row(S).isDupok())
      continue;
    StringRef Variable = L.name(S);
    if (!Variable.consume_back(".files"))
      continue;
    std::vector<EmbeddedFile> Files = filesOf(L, S, Variable);
    Out.insert(Out.end(), Files.begin(), Files.end());
  }
  addVariables(L, R, Out);
  return Out;
}
