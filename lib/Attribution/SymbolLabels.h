//===- SymbolLabels.h - symbols of a link, before they lie anywhere -*- C++
//-*-//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef GOSLIM_LIB_ATTRIBUTION_SYMBOLLABELS_H
#define GOSLIM_LIB_ATTRIBUTION_SYMBOLLABELS_H

#include "goslim/Attribution/Attribution.h"
#include "goslim/LinkModel/LinkModel.h"

namespace goslim {

class SymbolLabels {
public:
  explicit SymbolLabels(const LinkModel &Model);
  struct Label {
    /// Its own name; of a table's row the function's, or the table's where
    /// several functions have it.
    llvm::StringRef Text;
    uint32_t Owner = LinkModel::Nobody, Users = 0; ///< as the model has them
    Kind What = Kind::Unknown;
    Step By = Step::Compile;
    /// Its name may say that it is another package's than Owner: a function
    /// that go:linkname hands over. Whoever is named has it.
    bool IsNamedAfterOther = false;
  };
  /// Works them all out, for of() to look up. Needs LinkModel::finishLoading.
  void fill();
  Label of(Sym S, Group In) const {
    uint32_t At = S < Index.size() ? Index[S] : 0;
    return At ? Known[At] : make(S, In);
  }

private:
  Label make(Sym S, Group In) const;
  const LinkModel &Model;
  /// "net/http.", by package: what names of its symbols begin with; "" = look
  /// closer.
  std::vector<std::string> Prefixes;
  std::vector<Label> Known;    ///< [0] = none
  std::vector<uint32_t> Index; ///< by symbol, into Known
};

} // namespace goslim

#endif // GOSLIM_LIB_ATTRIBUTION_SYMBOLLABELS_H
