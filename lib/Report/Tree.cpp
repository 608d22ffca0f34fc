//===- Tree.cpp - modules, packages, symbols ------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The spans as a tree, and the tree as text. A node's size is the sum of its
// children's, so each level adds up to the file.
//===----------------------------------------------------------------------===//
#include "Render.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <fmt/format.h>

using namespace goslim;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

namespace {

/// Nodes by name at one place in the tree.
struct Level {
  TreeNode Node;
  llvm::StringMap<uint32_t> Index;
  std::vector<Level> Children;

  Level &child(StringRef Name, bool IsRest) {
    std::string Key = (IsRest ? "[" : "") + Name.str();
    auto [It, New] = Index.try_emplace(Key, uint32_t(Children.size()));
    if (New) {
      Children.emplace_back();
      Children.back().Node.Name = Name.str();
      Children.back().Node.IsRest = IsRest;
    }
    return Children[It->second];
  }
  void add(const Span &S) {
    Node.Size += S.Size;
    Node.Memory += S.MemSize;
  }
};

} // namespace

static TreeNode finish(Level &L) {
  TreeNode Out = std::move(L.Node);
  for (Level &Child : L.Children)
    Out.Children.push_back(finish(Child));
  llvm::sort(Out.Children, [](const TreeNode &X, const TreeNode &Y) {
    return std::tie(Y.Size, Y.Memory, X.Name, X.IsRest) <
           std::tie(X.Size, X.Memory, Y.Name, Y.IsRest);
  });
  return Out;
}

/// The last level of a span: its symbol, or what it is.
static void addLeaf(Level &Under, const Span &S) {
  bool IsNamed = !S.Symbol.empty() &&
                 !(S.Package == NoPackage && !S.Users && S.By == Step::Link);
  Level &Leaf = Under.child(IsNamed ? S.Symbol : kindName(S.What), !IsNamed);
  Leaf.add(S);
}

TreeNode goslim::makeTree(const Attribution &A) {
  Level Root;
  for (const Span &S : A.Spans) {
    Root.add(S);
    const ModuleInfo &M = A.Modules[moduleOf(A, S)];
    bool HasModule = S.Package != NoPackage || !M.Path.empty();
    StringRef Name = M.Path.empty() ? StringRef("module unknown") : M.Path;
    Level &Top = HasModule ? Root.child(Name, M.Path.empty())
                           : Root.child(restName(A, S), true);
    Top.add(S);
    if (HasModule) {
      Top.Node.Note = M.Version;
      Level &Package = S.Package == NoPackage
                           ? Top.child(restName(A, S), true)
                           : Top.child(A.Packages[S.Package].Path, false);
      Package.add(S);
      addLeaf(Package, S);
    } else if (!S.Symbol.empty()) {
      addLeaf(Top, S);
    }
  }
  return finish(Root);
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

namespace {

class TreePrinter {
public:
  TreePrinter(llvm::raw_ostream &OS, const ReportOptions &O, uint64_t Whole)
      : OS(OS), O(O), Whole(Whole) {}
  void print(const TreeNode &N, const std::string &Indent);

private:
  void line(uint64_t Size, uint64_t Memory, const std::string &Before,
            const std::string &Name);

  llvm::raw_ostream &OS;
  const ReportOptions &O;
  uint64_t Whole;
};

} // namespace

void TreePrinter::line(uint64_t Size, uint64_t Memory,
                       const std::string &Before, const std::string &Name) {
  std::string Numbers = fmt::format(
      "{:>{}}  {:>7}  {:>{}}  ", amount(Size, O.Bytes), O.Bytes ? 14 : 10,
      percent(Size, Whole), amount(Memory, O.Bytes), O.Bytes ? 14 : 10);
  // Each of the box characters takes one column and three bytes.
  size_t Columns = 0;
  for (char C : Before)
    Columns += (uint8_t(C) & 0xC0) != 0x80;
  size_t Room = 0;
  if (O.Width)
    Room = std::max<size_t>(O.Width > Numbers.size() + Columns
                                ? O.Width - Numbers.size() - Columns
                                : 0,
                            12);
  OS << Numbers << Before << shortened(Name, Room) << '\n';
}

void TreePrinter::print(const TreeNode &N, const std::string &Indent) {
  size_t Shown =
      O.Top ? std::min<size_t>(O.Top, N.Children.size()) : N.Children.size();
  bool HasMore = Shown < N.Children.size();
  uint64_t MoreSize = 0, MoreMemory = 0;
  for (size_t I = Shown; I < N.Children.size(); ++I)
    MoreSize += N.Children[I].Size, MoreMemory += N.Children[I].Memory;
  for (size_t I = 0; I < Shown; ++I) {
    const TreeNode &Child = N.Children[I];
    bool IsLast = I + 1 == Shown && !HasMore;
    std::string Name = printable(Child.Name);
    if (Child.IsRest)
      Name = "[" + Name + "]";
    if (!Child.Note.empty())
      Name += " " + printable(Child.Note);
    line(Child.Size, Child.Memory, Indent + (IsLast ? "└─ " : "├─ "), Name);
    print(Child, Indent + (IsLast ? "   " : "│  "));
  }
  if (HasMore)
    line(MoreSize, MoreMemory, Indent + "└─ ",
         fmt::format("({} more)", N.Children.size() - Shown));
}

void goslim::reportTree(llvm::raw_ostream &OS, const Image &File,
                        const GoImage &Go, const Attribution &A,
                        const ReportOptions &O) {
  ProgramFacts F = factsOf(File, Go);
  TreeNode Root = makeTree(A);
  OS << printable(F.Name) << ": " << thousands(File.size()) << " bytes\n";
  TreePrinter(OS, O, File.size()).print(Root, "");
}
