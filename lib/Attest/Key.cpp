//===- Key.cpp - keys that sign and check ---------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Attest/Key.h"
#include "goslim/Base/Digest.h"
#include "goslim/Base/FileIO.h"
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

using namespace goslim;

void Key::Free::operator()(void *Raw) const {
  EVP_PKEY_free(static_cast<EVP_PKEY *>(Raw));
}

/// OpenSSL would ask the terminal.
static int noPassphrase(char *, int, int, void *) { return 0; }

Result<Key> Key::read(const std::string &Path, bool IsPrivate) {
  constexpr uint64_t MaxPem = 1 << 16;
  Result<std::string> Text = readFile(Path, MaxPem);
  if (!Text)
    return Text.failure();
  if (IsPrivate && Text->find("ENCRYPTED") != std::string::npos)
    return Failure{fmt::format("{}: expected a private key without a "
                               "passphrase, found an encrypted one",
                               Path),
                   "let cosign sign with it: --cosign " + Path};
  BIO *Bytes = BIO_new_mem_buf(Text->data(), int(Text->size()));
  auto *Read = IsPrivate ? PEM_read_bio_PrivateKey : PEM_read_bio_PUBKEY;
  EVP_PKEY *Found = Read(Bytes, nullptr, noPassphrase, nullptr);
  BIO_free(Bytes);
  Key K;
  K.Pkey.reset(Found);
  static constexpr std::pair<int, std::string_view> Kinds[] = {
      {EVP_PKEY_ED25519, "Ed25519"},
      {EVP_PKEY_EC, "ECDSA"},
      {EVP_PKEY_RSA, "RSA"}};
  for (const auto &[Number, Name] : Kinds)
    if (Found && EVP_PKEY_get_base_id(Found) == Number)
      K.Kind = Name;
  if (K.Kind.empty())
    return fail("{}: expected a {} key of Ed25519, ECDSA or RSA as PEM, found "
                "{}",
                Path, IsPrivate ? "private" : "public",
                Found ? "one of another kind" : "none");
  unsigned char *Der = nullptr;
  if (int Size = i2d_PUBKEY(Found, &Der); Size > 0)
    K.Id = sha256Hex({reinterpret_cast<char *>(Der), size_t(Size)});
  OPENSSL_free(Der);
  return K;
}

Result<Key> Key::readPrivate(const std::string &Path) {
  return read(Path, true);
}
Result<Key> Key::readPublic(const std::string &Path) {
  return read(Path, false);
}

namespace {
struct FreeContext {
  void operator()(EVP_MD_CTX *C) const { EVP_MD_CTX_free(C); }
};
using MdContext = std::unique_ptr<EVP_MD_CTX, FreeContext>;
} // namespace

static const unsigned char *bytes(std::string_view Text) {
  return reinterpret_cast<const unsigned char *>(Text.data());
}

Result<std::string> Key::sign(std::string_view Message) const {
  MdContext C(EVP_MD_CTX_new());
  const EVP_MD *Hash = Kind == "Ed25519" ? nullptr : EVP_sha256();
  size_t Size = 0;
  std::string Out;
  bool IsDone = EVP_DigestSignInit(C.get(), nullptr, Hash, nullptr,
                                   static_cast<EVP_PKEY *>(Pkey.get())) == 1 &&
                EVP_DigestSign(C.get(), nullptr, &Size, bytes(Message),
                               Message.size()) == 1;
  Out.resize(Size);
  if (!IsDone ||
      EVP_DigestSign(C.get(), reinterpret_cast<unsigned char *>(Out.data()),
                     &Size, bytes(Message), Message.size()) != 1)
    return fail("the {} key could not sign", Kind);
  Out.resize(Size);
  return Out;
}

bool Key::verify(std::string_view Message, std::string_view Signature) const {
  MdContext C(EVP_MD_CTX_new());
  const EVP_MD *Hash = Kind == "Ed25519" ? nullptr : EVP_sha256();
  return EVP_DigestVerifyInit(C.get(), nullptr, Hash, nullptr,
                              static_cast<EVP_PKEY *>(Pkey.get())) == 1 &&
         EVP_DigestVerify(C.get(), bytes(Signature), Signature.size(),
                          bytes(Message), Message.size()) == 1;
}
