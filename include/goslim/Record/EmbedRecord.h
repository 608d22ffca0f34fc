//===- goslim/Record/EmbedRecord.h - what a compile embedded ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A string or []byte variable with a go:embed line leaves no trace of its file
// in the object. goslim-wrap sees the compile, and keeps the lines and go's
// -embedcfg under <cache>/embeds/<key>/, where key is the SHA-256 of the
// step's action ID: the first part of the build ID in the archive, which hashes
// the embedded files as well. Text: "goslim-embed\t1", then lines
//   var NAME PATTERN     both quoted
//   config               and behind that line the JSON as go wrote it
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_RECORD_EMBEDRECORD_H
#define GOSLIM_RECORD_EMBEDRECORD_H

#include "goslim/Base/Result.h"
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

struct EmbedRecord {
  struct Variable {
    std::string Name, Pattern;
    bool operator==(const Variable &) const = default;
  };
  std::vector<Variable> Variables;
  std::string Config; ///< {"Patterns":{PATTERN:[FILE]},"Files":{FILE:PATH}}
};

/// Variables of a Go file with one go:embed pattern and a type other than
/// embed.FS. Wants gofmt's shape: the comment right above the variable.
std::vector<EmbedRecord::Variable> scanEmbeds(std::string_view Source);

std::string print(const EmbedRecord &R);
/// Failure: line, expected and found.
Result<EmbedRecord> parseEmbedRecord(std::string_view Text);

/// BuildId is an archive's, or the -buildid of the compile.
Result<void> keepEmbedRecord(std::string_view BuildId, const EmbedRecord &R);
/// Whether it is of use to ask for one.
bool hasEmbedRecords();
/// Failure: there is none, or it is damaged.
Result<EmbedRecord> findEmbedRecord(std::string_view BuildId);

} // namespace goslim

#endif // GOSLIM_RECORD_EMBEDRECORD_H
