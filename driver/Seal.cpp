//===- Seal.cpp - statements, sealed and kept -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Attest.h"
#include "Go.h"
#include "goslim/Base/FileIO.h"
#include "goslim/Base/Subprocess.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include <ctime>
#include <unistd.h>

using namespace goslim;
using llvm::StringRef;

std::vector<OptionInfo> goslim::sealOptions() {
  return {{"sign", "FILE", "",
           "Sign as DSSE with this private key (PEM: Ed25519, ECDSA, RSA); "
           "default: GOSLIM_ATTEST_KEY, else unsigned"},
          {"cosign", "KEY", "",
           "Let cosign sign with KEY: a file of cosign's, a KMS address"},
          {"builder", "URI", "",
           "SLSA's builder.id: who builds; for attest verify, who has to have "
           "built"}};
}

Result<std::string> goslim::timestamp() {
  std::time_t Now = std::time(nullptr);
  if (std::optional<std::string> Given = environment("SOURCE_DATE_EPOCH")) {
    long long Seconds = 0;
    if (StringRef(*Given).getAsInteger(10, Seconds) || Seconds < 0 ||
        Seconds > 253402300799)
      return fail("SOURCE_DATE_EPOCH: expected seconds since 1970, found '{}'",
                  *Given);
    Now = std::time_t(Seconds);
  }
  std::tm Utc = {};
  ::gmtime_r(&Now, &Utc);
  char Text[32];
  std::strftime(Text, sizeof(Text), "%Y-%m-%dT%H:%M:%SZ", &Utc);
  return std::string(Text);
}

Result<BuildClaim> goslim::buildClaim(const Options &O, const PublishedFacts &F,
                                      bool Finished) {
  BuildClaim C;
  C.GoVersion = F.GoVersion, C.Info = F.Info;
  C.Builder = O.get("builder", std::string_view(AnyBuilder));
  if (Finished) {
    Result<std::string> Now = timestamp();
    if (!Now)
      return Now.failure();
    C.Finished = *Now;
  }
  return C;
}

//===----------------------------------------------------------------------===//
// Signing
//===----------------------------------------------------------------------===//

/// The signature of cosign over Bytes. What DSSE signs is a blob like any
/// other, so every release that can sign blobs will do.
static Result<std::string> cosigned(const std::string &KeyName,
                                    const std::string &Bytes) {
  llvm::ErrorOr<std::string> Cosign = llvm::sys::findProgramByName("cosign");
  if (!Cosign)
    return fail("--cosign: there is no cosign on PATH");
  llvm::SmallString<64> Blob, Signature;
  if (llvm::sys::fs::createTemporaryFile("goslim-attest", "pae", Blob) ||
      llvm::sys::fs::createTemporaryFile("goslim-attest", "sig", Signature))
    return fail("--cosign: no temporary file could be made");
  std::string Errors;
  SpawnOptions Options;
  Options.Stderr = &Errors;
  Result<void> Written = writeFileAtomic(Blob.c_str(), Bytes, false);
  Result<ChildStatus> Status = runProgram(
      *Cosign,
      std::vector<std::string>{"sign-blob", "--yes", "--tlog-upload=false",
                               "--key", KeyName, "--output-signature",
                               Signature.c_str(), Blob.c_str()},
      Options);
  Result<std::string> Text = readFile(Signature.c_str());
  ::unlink(Blob.c_str()), ::unlink(Signature.c_str());
  std::vector<char> Out;
  if (Written && Status && Status->ExitCode == 0 && Text && !Text->empty() &&
      !llvm::errorToBool(llvm::decodeBase64(StringRef(*Text).trim(), Out)))
    return std::string(Out.begin(), Out.end());
  return fail("--cosign {}: {}", KeyName,
              std::string_view(StringRef(Errors).trim().rsplit('\n').second));
}

Result<Sealer> Sealer::open(const Options &O) {
  Sealer S;
  S.CosignKey = O.get("cosign");
  std::string File(O.get("sign"));
  if (File.empty() && S.CosignKey.empty())
    File = environment("GOSLIM_ATTEST_KEY").value_or("");
  if (File.empty())
    return S;
  Result<Key> Own = Key::readPrivate(File);
  if (!Own)
    return Own.failure();
  S.Own = std::move(*Own);
  return S;
}

Result<void> Sealer::add(const Statement &S) {
  if (!Own && CosignKey.empty()) {
    Text += print(S) + "\n";
    return {};
  }
  Envelope E = envelopeOf(S);
  Result<std::string> Signature =
      Own ? Own->sign(signedBytes(E)) : cosigned(CosignKey, signedBytes(E));
  if (!Signature)
    return Signature.failure();
  E.Signatures.push_back({Own ? Own->id() : "", *Signature});
  Text += print(E) + "\n";
  return {};
}

Result<void> Sealer::addRebuild(const Options &O, const std::string &Name,
                                const PublishedFacts &F,
                                const RebuildWitness &W) {
  Result<BuildClaim> C = buildClaim(O, F, true);
  if (!C)
    return C.failure();
  return add({{{Name, F.Sha256}}, ProvenanceType.str(), rebuild(*C, W)});
}

Result<void> Sealer::keep(const std::string &Output) const {
  if (!Text.empty())
    return write(Output);
  fmt::print(stderr,
             "goslim: note: nothing was reproduced, so {} was not written\n",
             Output);
  return {};
}

Result<void> Sealer::write(const std::string &Output) const {
  if (!Output.empty() && Output != "-")
    return writeFileAtomic(Output, Text);
  fmt::print("{}", Text);
  return {};
}
