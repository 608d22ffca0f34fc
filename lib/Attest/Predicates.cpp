//===- Predicates.cpp - what goslim can attest ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Attest/Predicates.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"

using namespace goslim;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;

namespace goslim {
const StringRef ProvenanceType = "https://slsa.dev/provenance/v1";
const StringRef SummaryType = "https://slsa.dev/verification_summary/v1";
const StringRef FactsType = "https://in-toto.io/attestation/scai/v0.3";
const StringRef BuildTypeName = "https://goslim.dev/build/v1";
const StringRef RebuildTypeName = "https://goslim.dev/rebuild/v1";
const StringRef AnyBuilder = "https://goslim.dev/unnamed-machine";
} // namespace goslim

template <typename Range> static Array strings(const Range &From) {
  Array Out;
  for (const auto &X : From)
    Out.push_back(llvm::json::fixUTF8(X));
  return Out;
}

/// llvm::json::Value does not own a StringRef.
static Object sha256(StringRef Hex) {
  return Object{{"sha256", llvm::json::fixUTF8(Hex)}};
}

std::string goslim::packageUrl(StringRef Module, StringRef Version) {
  std::string Out = "pkg:golang/" + Module.lower();
  if (Version.empty() || Version == "(devel)")
    return Out;
  for (char C : ("@" + Version).str())
    Out += C == '+' ? "%2B" : std::string(1, C);
  return Out;
}

//===----------------------------------------------------------------------===//
// Builds
//===----------------------------------------------------------------------===//

/// "h1:BASE64" is the dirHash1 of in-toto's digest sets, in other digits.
static std::string dirHash1(StringRef Sum) {
  std::vector<char> Bytes;
  if (!Sum.consume_front("h1:"))
    return "";
  if (llvm::Error E = llvm::decodeBase64(Sum, Bytes)) {
    llvm::consumeError(std::move(E));
    return "";
  }
  return llvm::toHex(StringRef(Bytes.data(), Bytes.size()), true);
}

static Object material(StringRef Path, StringRef Version, StringRef Sum) {
  Object Out{{"uri", llvm::json::fixUTF8(packageUrl(Path, Version))}};
  if (std::string Hash = dirHash1(Sum); !Hash.empty())
    Out["digest"] = Object{{"dirHash1", Hash}};
  return Out;
}

/// The toolchain, the main module (a commit of it when that is known), what it
/// depends on.
static Array materials(const BuildClaim &C) {
  Array Out;
  StringRef Go = StringRef(C.GoVersion).split(' ').first;
  (void)Go.consume_front("go");
  Out.push_back(Object{{"uri", ("pkg:generic/go@" + Go).str()}});
  if (C.Info.Main) {
    Object Main =
        material(C.Info.Main->Path, C.Info.Main->Version, C.Info.Main->Sum);
    std::string_view Commit = C.Info.setting("vcs.revision");
    bool IsGit = C.Info.setting("vcs") == "git";
    if (IsGit && !Commit.empty())
      Main["digest"] = Object{{"gitCommit", llvm::json::fixUTF8(Commit)}};
    Out.push_back(std::move(Main));
  }
  for (const ModInfo::Module &M : C.Info.Deps) {
    if (!M.HasReplace)
      Out.push_back(material(M.Path, M.Version, M.Sum));
    else if (!M.isFolder())
      Out.push_back(material(M.ReplacePath, M.ReplaceVersion, M.ReplaceSum));
  }
  return Out;
}

static Object outside(const BuildClaim &C) {
  Object Out{{"package", llvm::json::fixUTF8(C.Info.Path)}};
  for (const auto &[Key, Name] :
       {std::pair("GOOS", "goos"), std::pair("GOARCH", "goarch")})
    if (std::string_view Value = C.Info.setting(Key); !Value.empty())
      Out[Name] = llvm::json::fixUTF8(Value);
  return Out;
}

static Object runDetails(const BuildClaim &C) {
  Object Out{{"builder", Object{{"id", C.Builder},
                                {"version", Object{{"goslim", GOSLIM_VERSION},
                                                   {"go", C.GoVersion}}}}}};
  if (!C.Finished.empty())
    Out["metadata"] = Object{{"finishedOn", C.Finished}};
  return Out;
}

static Object slsa(const BuildClaim &C, StringRef Type, Object External,
                   Object Internal, Object Run) {
  return Object{
      {"buildDefinition", Object{{"buildType", Type},
                                 {"externalParameters", std::move(External)},
                                 {"internalParameters", std::move(Internal)},
                                 {"resolvedDependencies", materials(C)}}},
      {"runDetails", std::move(Run)}};
}

Object goslim::provenance(const BuildClaim &C, const BuildWitness &W) {
  Object External = outside(C), Settings, Environment;
  if (!W.PolicySha256.empty())
    External["policy"] =
        Object{{"name", "goslim.toml"}, {"digest", sha256(W.PolicySha256)}};
  for (const auto &[Key, Value] : C.Info.Settings)
    Settings[llvm::json::fixUTF8(Key)] = llvm::json::fixUTF8(Value);
  for (const auto &[Key, Value] : W.Environment)
    Environment[Key] = llvm::json::fixUTF8(Value);
  Object Internal{{"buildId", W.BuildId},
                  {"linkFlags", strings(W.LinkFlags)},
                  {"buildInfo", std::move(Settings)},
                  {"environment", std::move(Environment)},
                  {"taintedBy", strings(W.TaintedBy)}};
  return slsa(C, BuildTypeName, std::move(External), std::move(Internal),
              runDetails(C));
}

Object goslim::rebuild(const BuildClaim &C, const RebuildWitness &W) {
  Object Internal{{"equality", W.Equality},
                  {"normalisers", strings(W.Normalisers)}};
  if (W.Builds) {
    Internal["builds"] = W.Builds;
    Internal["varied"] = strings(W.Varied);
    Internal["sharedCache"] = W.SharedCache;
  }
  if (!W.Command.empty())
    Internal["command"] = llvm::json::fixUTF8(W.Command);
  Object Run = runDetails(C);
  Run["byproducts"] =
      Array{Object{{"name", "rebuilt"}, {"digest", sha256(W.Sha256)}}};
  return slsa(C, RebuildTypeName, outside(C), std::move(Internal),
              std::move(Run));
}

//===----------------------------------------------------------------------===//
// Facts and checks
//===----------------------------------------------------------------------===//

Object goslim::facts(const std::vector<std::string> &Attributes) {
  Array All;
  for (const std::string &Name : Attributes)
    All.push_back(Object{{"attribute", llvm::json::fixUTF8(Name)}});
  return Object{{"attributes", std::move(All)}};
}

Object goslim::summary(const CheckedClaim &C) {
  Array Inputs;
  for (const std::string &Sha256 : C.Inputs)
    Inputs.push_back(Object{{"digest", sha256(Sha256)}});
  // A level above 1 needs a build platform that goslim is not.
  Object Out{
      {"verifier", Object{{"id", C.Verifier}}},
      {"resourceUri", llvm::json::fixUTF8(C.Resource)},
      {"timeVerified", C.Time},
      {"inputAttestations", std::move(Inputs)},
      {"verificationResult", C.Passed ? "PASSED" : "FAILED"},
      {"verifiedLevels", Array{C.Passed ? "SLSA_BUILD_LEVEL_1" : "FAILED"}},
      {"slsaVersion", "1.0"}};
  Out["policy"] =
      C.PolicySha256.empty()
          ? Object{{"uri", "https://goslim.dev/no-policy"}}
          : Object{{"uri", "goslim.toml"}, {"digest", sha256(C.PolicySha256)}};
  return Out;
}
