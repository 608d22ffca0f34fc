//===- AttestTest.cpp -----------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Attest/Predicates.h"
#include "goslim/Attest/Statement.h"
#include "goslim/Base/FileIO.h"
#include <gtest/gtest.h>

using namespace goslim;

namespace {

std::string errorOf(const std::string &Text) {
  llvm::Expected<std::vector<Attestation>> A =
      parseAttestations("x.json", Text);
  return A ? "" : llvm::toString(A.takeError());
}

Statement sample() {
  return {{{"app", std::string(64, 'a')}},
          "https://example.com/p",
          llvm::json::Object{{"b", 1}, {"a", "x"}}};
}

} // namespace

// The example of DSSE's protocol.md.
TEST(Attest, SignsWhatDsseSays) {
  Envelope E{"http://example.com/HelloWorld", "hello world", {}};
  EXPECT_EQ(signedBytes(E),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

TEST(Attest, ReadsWhatItPrints) {
  std::string Line = print(sample());
  EXPECT_EQ(Line, "{\"_type\":\"https://in-toto.io/Statement/v1\","
                  "\"predicate\":{\"a\":\"x\",\"b\":1},"
                  "\"predicateType\":\"https://example.com/p\","
                  "\"subject\":[{\"digest\":{\"sha256\":\"" +
                      std::string(64, 'a') + "\"},\"name\":\"app\"}]}");
  Envelope E = envelopeOf(sample());
  E.Signatures.push_back({"id", std::string("\0\xff", 2)});
  llvm::Expected<std::vector<Attestation>> A =
      parseAttestations("x", Line + "\n" + print(E) + "\n");
  ASSERT_TRUE(bool(A));
  ASSERT_EQ(A->size(), 2u);
  EXPECT_TRUE((*A)[0].Signed.Signatures.empty());
  EXPECT_EQ(print((*A)[0].Says), Line);
  EXPECT_EQ(print((*A)[1].Signed), print(E));
  EXPECT_EQ(print((*A)[1].Says), Line);
  EXPECT_TRUE((*A)[1].Says.isAbout(std::string(64, 'a')));
  EXPECT_FALSE((*A)[1].Says.isAbout(std::string(64, 'b')));
}

TEST(Attest, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(errorOf(""),
            "x.json: expected a statement or an envelope, found none");
  EXPECT_EQ(errorOf("[]"), "x.json:1: expected a JSON object");
  EXPECT_EQ(errorOf("{}"), "x.json: _type: expected "
                           "https://in-toto.io/Statement/v1, found none");
  std::string Head = "{\"_type\":\"https://in-toto.io/Statement/v1\"";
  EXPECT_EQ(errorOf(Head + "}"), "x.json: subject: expected one, found none");
  EXPECT_EQ(errorOf(Head + ",\"subject\":[]}"),
            "x.json: predicateType: expected one, found none");
  EXPECT_EQ(errorOf(Head + ",\"subject\":[1],\"predicateType\":\"p\"}"),
            "x.json: subject: expected a digest");
  EXPECT_EQ(errorOf("{\"payload\":\"\"}"),
            "x.json: payloadType: expected application/vnd.in-toto+json, "
            "found ''");
  std::string Open =
      "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":";
  EXPECT_EQ(errorOf(Open + "\"*\"}"), "x.json: payload: expected base64");
  EXPECT_EQ(errorOf(Open + "\"\"}"),
            "x.json: signatures: expected one, found none");
  EXPECT_EQ(errorOf(Open + "\"\",\"signatures\":[{\"sig\":\"!\"}]}"),
            "x.json: sig: expected base64");
  EXPECT_NE(errorOf(Open + "\"e30=\",\"signatures\":[{\"sig\":\"\"}]}")
                .find("x.json: payload: _type: expected"),
            std::string::npos);
  EXPECT_EQ(errorOf(std::string(100000, '[')),
            "x.json:1: expected JSON of at most 200 levels");
  EXPECT_NE(errorOf("\n{").find("x.json:2: "), std::string::npos);
}

TEST(Attest, NamesPackagesAsPackageUrlDoes) {
  EXPECT_EQ(packageUrl("github.com/BurntSushi/toml", "v1.2.3"),
            "pkg:golang/github.com/burntsushi/toml@v1.2.3");
  EXPECT_EQ(packageUrl("example.com/a", "v2.0.0+incompatible"),
            "pkg:golang/example.com/a@v2.0.0%2Bincompatible");
  EXPECT_EQ(packageUrl("example.com/a", "(devel)"), "pkg:golang/example.com/a");
}

TEST(Attest, RefusesWhatIsNoKey) {
  std::string File = ::testing::TempDir() + "attest.pem";
  auto Failure = [&](const std::string &Text, bool IsPrivate) {
    EXPECT_TRUE(bool(writeFileAtomic(File, Text, false)));
    Result<Key> K = IsPrivate ? Key::readPrivate(File) : Key::readPublic(File);
    return K ? "" : K.failure().Message.substr(File.size());
  };
  EXPECT_EQ(Failure("x", true), ": expected a private key of Ed25519, ECDSA or "
                                "RSA as PEM, found none");
  EXPECT_EQ(Failure("x", false), ": expected a public key of Ed25519, ECDSA or "
                                 "RSA as PEM, found none");
  EXPECT_EQ(Failure("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", true),
            ": expected a private key without a passphrase, found an "
            "encrypted one");
  // X25519, from RFC 8410.
  EXPECT_EQ(
      Failure("-----BEGIN PUBLIC KEY-----\n"
              "MCowBQYDK2VuAyEAhSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\n"
              "-----END PUBLIC KEY-----\n",
              false),
      ": expected a public key of Ed25519, ECDSA or RSA as PEM, found "
      "one of another kind");
}
