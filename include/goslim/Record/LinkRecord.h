//===- goslim/Record/LinkRecord.h - a link, to be replayed ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All that is needed to do a link again later: <cache>/links/<key>/<content>,
// where key is the SHA-256 of the three parts of the output's Go build ID that
// go leaves alone, or of the output itself when it has none, and content is the
// SHA-256 of the text. Text of lines "word\tvalue...", first "goslim-link\t1":
//   tool PATH            the linker
//   arg QUOTED           its flags, in order, without operands
//   env QUOTED           NAME=VALUE of those that it looks at
//   config QUOTED        a line of importcfg that is not "packagefile"
//   gocache QUOTED       where the archives were
//   policy QUOTED        SHA-256 of the policy file that held, if one did
//   overlay QUOTED       go's -overlay, if there was one
//   archive SHA256 SIZE PATH      in order; the main package's is "main"
//   object, section, piece        what the C linker did (LinkMap.h), if it was
//                                 there and told
// The archives are not copied: go keeps them in GOCACHE, under this very hash,
// as long as builds use them, and five days longer.
//===----------------------------------------------------------------------===//
#ifndef GOSLIM_RECORD_LINKRECORD_H
#define GOSLIM_RECORD_LINKRECORD_H

#include "goslim/Record/LinkMap.h"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace goslim {

struct LinkRecord {
  struct Archive {
    std::string Package; ///< import path, or "main"
    std::string Sha256;  ///< of its bytes, 64 hex digits
    uint64_t Size = 0;   ///< bytes
  };
  std::string Tool, Gocache;
  std::string Policy, Overlay; ///< "" = none
  std::vector<std::string> Args, Env, Config;
  std::vector<Archive> Archives;
  LinkMap Map; ///< empty unless the C linker wrote the program
};

std::string print(const LinkRecord &R);
/// Failure: line, expected and found.
Result<LinkRecord> parseLinkRecord(std::string_view Text);

/// What finds records of a program: of its Go build ID ("a/b/c/d"), or when
/// that has not four parts of its bytes' SHA-256.
std::string linkKey(std::string_view BuildId, std::string_view OutputSha256);

/// Text is print()'s. Failure is for the log only. Now and then deletes
/// records: those of no use for 90 days, then the oldest beyond 64 MiB
/// (GOSLIM_LINKS_LIMIT, in bytes).
Result<void> keepLinkRecord(const std::string &Key, std::string_view Text);
struct FoundLink {
  std::string Path;
  Result<LinkRecord> Record; ///< Failure: damaged
};
/// All candidates, newest first. Reading one marks it as of use.
std::vector<FoundLink> findLinkRecords(const std::string &Key);

/// Files of the archives, in their order; "" = neither in the GOCACHE of the
/// record nor in our own, or of another size.
std::vector<std::string> resolveArchives(const LinkRecord &R);

/// Bytes that a line in importcfg names: the hash that is GOCACHE's name for
/// the file, else that of the bytes. "" = not readable.
std::string archiveSha256(const std::string &File);

} // namespace goslim

#endif // GOSLIM_RECORD_LINKRECORD_H
