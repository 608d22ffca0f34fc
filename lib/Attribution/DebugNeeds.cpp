//===- DebugNeeds.cpp - what goes with a package's debug data -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Needs spread along references from functions: a node is nobody's, then one
// package's, then many packages', and never goes back, so that each is visited
// twice at most. What nobody refers to (types of dictionaries, the linker's
// own) is there for other reasons and stays.
//===----------------------------------------------------------------------===//
#include "DebugNeeds.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

using namespace goslim;

static constexpr uint32_t None = DebugNames::None, Many = None - 1;

namespace {

/// Who is referred to, by node.
struct Edges {
  std::vector<uint32_t> First, Targets;

  llvm::ArrayRef<uint32_t> of(uint32_t Node) const {
    return llvm::ArrayRef(Targets).slice(First[Node],
                                         First[Node + 1] - First[Node]);
  }
};

} // namespace

/// The node that begins at Offset, or None.
static uint32_t nodeAt(llvm::ArrayRef<DebugNode> Nodes, uint64_t Offset) {
  auto It = llvm::partition_point(
      Nodes, [&](const DebugNode &N) { return N.Begin < Offset; });
  return It != Nodes.end() && It->Begin == Offset ? uint32_t(It - Nodes.begin())
                                                  : None;
}

static Edges resolve(llvm::ArrayRef<DebugNode> Nodes,
                     llvm::ArrayRef<DebugReference> References) {
  // References come in the order of their nodes; the same few hundred types
  // again and again.
  Edges Out;
  Out.First.reserve(Nodes.size() + 1);
  llvm::DenseMap<uint64_t, uint32_t> Known;
  const DebugReference *R = References.begin();
  for (uint32_t I = 0; I < Nodes.size(); ++I) {
    Out.First.push_back(uint32_t(Out.Targets.size()));
    for (; R != References.end() && R->From == I; ++R) {
      auto [It, New] = Known.try_emplace(R->To, None);
      if (New)
        It->second = nodeAt(Nodes, R->To);
      if (It->second != None)
        Out.Targets.push_back(It->second);
    }
    auto Begin = Out.Targets.begin() + Out.First.back();
    llvm::sort(Begin, Out.Targets.end());
    Out.Targets.erase(std::unique(Begin, Out.Targets.end()), Out.Targets.end());
  }
  Out.First.push_back(uint32_t(Out.Targets.size()));
  return Out;
}

static uint64_t keptOf(llvm::ArrayRef<DebugNode> Nodes, const DebugNode &N) {
  constexpr uint64_t Reference = 4; // DW_FORM_ref_addr, to the origin
  uint32_t Origin = N.Origin ? nodeAt(Nodes, N.Origin) : None;
  return Origin == None ? N.Kept
                        : N.Kept - Reference + Nodes[Origin].NameAndLine;
}

NeededByOne goslim::findNeededByOne(llvm::ArrayRef<DebugNode> Nodes,
                                    llvm::ArrayRef<DebugReference> References,
                                    llvm::ArrayRef<DebugNeed> Needs) {
  Edges To = resolve(Nodes, References);
  std::vector<uint32_t> User(Nodes.size(), None), Work;
  auto Need = [&](uint32_t Node, uint32_t By) {
    uint32_t &U = User[Node];
    if (U == By || U == Many)
      return;
    U = U == None ? By : Many;
    Work.push_back(Node);
  };
  for (uint32_t I = 0; I < Nodes.size(); ++I)
    if (Nodes[I].Stays || Nodes[I].Package != None)
      Need(I, Nodes[I].Stays ? Many : Nodes[I].Package);
  for (DebugNeed N : Needs)
    Need(N.Node, N.Package == None ? Many : N.Package);
  while (!Work.empty()) {
    uint32_t I = Work.back();
    Work.pop_back();
    for (uint32_t Target : To.of(I))
      Need(Target, User[I]);
  }
  NeededByOne Out;
  for (uint32_t I = 0; I < Nodes.size(); ++I) {
    const DebugNode &N = Nodes[I];
    if (User[I] == None || User[I] == Many)
      continue;
    uint64_t Begin = N.Begin + (N.Package != None ? keptOf(Nodes, N) : 0);
    if (Begin < N.End)
      Out.Ranges.push_back({Begin, N.End, User[I]});
    else if (Begin > N.End)
      Out.Growth.emplace_back(User[I], Begin - N.End);
  }
  return Out;
}
