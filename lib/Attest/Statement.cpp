//===- Statement.cpp - in-toto statements, DSSE ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "goslim/Attest/Statement.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/raw_ostream.h"

using namespace goslim;
using llvm::StringRef;

static constexpr StringRef StatementType = "https://in-toto.io/Statement/v1";
static constexpr StringRef PayloadType = "application/vnd.in-toto+json";

bool Statement::isAbout(StringRef Sha256) const {
  return llvm::any_of(Subjects,
                      [&](const Subject &S) { return S.Sha256 == Sha256; });
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static std::string line(llvm::json::Object O) {
  std::string Out;
  llvm::raw_string_ostream(Out) << llvm::json::Value(std::move(O));
  return Out;
}

std::string goslim::print(const Statement &S) {
  llvm::json::Array Subjects;
  for (const Statement::Subject &X : S.Subjects)
    Subjects.push_back(llvm::json::Object{
        {"name", llvm::json::fixUTF8(X.Name)},
        {"digest", llvm::json::Object{{"sha256", X.Sha256}}}});
  return line(
      llvm::json::Object{{"_type", StatementType},
                         {"subject", std::move(Subjects)},
                         {"predicateType", S.PredicateType},
                         {"predicate", llvm::json::Object(S.Predicate)}});
}

std::string goslim::signedBytes(const Envelope &E) {
  return fmt::format("DSSEv1 {} {} {} {}", E.PayloadType.size(), E.PayloadType,
                     E.Payload.size(), E.Payload);
}

std::string goslim::print(const Envelope &E) {
  llvm::json::Array Signatures;
  for (const Envelope::Signature &S : E.Signatures)
    Signatures.push_back(
        llvm::json::Object{{"keyid", llvm::json::fixUTF8(S.KeyId)},
                           {"sig", llvm::encodeBase64(S.Bytes)}});
  return line(llvm::json::Object{{"payloadType", E.PayloadType},
                                 {"payload", llvm::encodeBase64(E.Payload)},
                                 {"signatures", std::move(Signatures)}});
}

Envelope goslim::envelopeOf(const Statement &S) {
  return {PayloadType.str(), print(S), {}};
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static llvm::Error wrong(const llvm::Twine &Message) {
  return llvm::createStringError(Message);
}

/// DSSE lets writers choose between both alphabets.
static llvm::Expected<std::string> fromBase64(StringRef Key, StringRef Text) {
  std::string Standard = Text.str();
  llvm::replace(Standard, '-', '+');
  llvm::replace(Standard, '_', '/');
  std::vector<char> Out;
  if (llvm::Error E = llvm::decodeBase64(Standard, Out)) {
    llvm::consumeError(std::move(E));
    return wrong(Key + ": expected base64");
  }
  return std::string(Out.begin(), Out.end());
}

static llvm::Expected<Statement> statementOf(const llvm::json::Object &O) {
  Statement S;
  std::optional<StringRef> Type = O.getString("_type");
  if (Type != StatementType)
    return wrong("_type: expected " + StatementType + ", found " +
                 Type.value_or("none"));
  const llvm::json::Array *Subjects = O.getArray("subject");
  std::optional<StringRef> PredicateType = O.getString("predicateType");
  if (!Subjects || !PredicateType)
    return wrong(llvm::Twine(Subjects ? "predicateType" : "subject") +
                 ": expected one, found none");
  for (const llvm::json::Value &V : *Subjects) {
    const llvm::json::Object *X = V.getAsObject();
    const llvm::json::Object *Digest = X ? X->getObject("digest") : nullptr;
    if (!Digest)
      return wrong("subject: expected a digest");
    S.Subjects.push_back({X->getString("name").value_or("").str(),
                          Digest->getString("sha256").value_or("").str()});
  }
  S.PredicateType = PredicateType->str();
  if (const llvm::json::Object *P = O.getObject("predicate"))
    S.Predicate = *P;
  return S;
}

/// LLVM's parser calls itself for each level.
static bool isTooDeep(StringRef Text) {
  constexpr unsigned MaxDepth = 200;
  unsigned Depth = 0;
  bool InString = false;
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (C == '"')
      InString = !InString;
    else if (C == '\\' && InString)
      ++I;
    else if ((C == '[' || C == '{') && !InString && ++Depth > MaxDepth)
      return true;
    else if ((C == ']' || C == '}') && !InString && Depth)
      --Depth;
  }
  return false;
}

static llvm::Expected<llvm::json::Value> json(StringRef Text) {
  if (isTooDeep(Text))
    return wrong("expected JSON of at most 200 levels");
  llvm::Expected<llvm::json::Value> V = llvm::json::parse(Text);
  if (V && !V->getAsObject())
    return wrong("expected a JSON object");
  return V;
}

static llvm::Expected<Attestation> attestationOf(const llvm::json::Object &O) {
  Attestation A;
  std::optional<StringRef> Payload = O.getString("payload");
  if (!Payload) {
    llvm::Expected<Statement> S = statementOf(O);
    if (!S)
      return S.takeError();
    A.Says = std::move(*S);
    return A;
  }
  A.Signed.PayloadType = O.getString("payloadType").value_or("").str();
  if (A.Signed.PayloadType != PayloadType)
    return wrong("payloadType: expected " + PayloadType + ", found '" +
                 A.Signed.PayloadType + "'");
  llvm::Expected<std::string> Bytes = fromBase64("payload", *Payload);
  if (!Bytes)
    return Bytes.takeError();
  A.Signed.Payload = std::move(*Bytes);
  const llvm::json::Array *Signatures = O.getArray("signatures");
  if (!Signatures || Signatures->empty())
    return wrong("signatures: expected one, found none");
  for (const llvm::json::Value &V : *Signatures) {
    const llvm::json::Object *X = V.getAsObject();
    llvm::Expected<std::string> Sig =
        fromBase64("sig", X ? X->getString("sig").value_or("") : "");
    if (!Sig)
      return Sig.takeError();
    A.Signed.Signatures.push_back(
        {X ? X->getString("keyid").value_or("").str() : "", std::move(*Sig)});
  }
  llvm::Expected<llvm::json::Value> Inner = json(A.Signed.Payload);
  llvm::Expected<Statement> S =
      Inner ? statementOf(*Inner->getAsObject())
            : llvm::Expected<Statement>(Inner.takeError());
  if (!S)
    return wrong("payload: " + llvm::toString(S.takeError()));
  A.Says = std::move(*S);
  return A;
}

const Key *Attestation::signer(const std::vector<Key> &Keys) const {
  std::string Bytes = signedBytes(Signed);
  for (const Key &K : Keys)
    for (const Envelope::Signature &S : Signed.Signatures)
      if (K.verify(Bytes, S.Bytes))
        return &K;
  return nullptr;
}

static llvm::Expected<Attestation> readOne(StringRef Text) {
  llvm::Expected<llvm::json::Value> V = json(Text);
  if (!V)
    return V.takeError();
  return attestationOf(*V->getAsObject());
}

llvm::Expected<std::vector<Attestation>>
goslim::parseAttestations(StringRef Name, StringRef Text) {
  std::vector<Attestation> Out;
  bool IsWhole = true; // one document, over lines as it likes
  if (llvm::Expected<llvm::json::Value> V = json(Text); !V) {
    llvm::consumeError(V.takeError());
    IsWhole = false;
  }
  llvm::SmallVector<StringRef> Lines;
  if (IsWhole)
    Lines.push_back(Text);
  else
    Text.split(Lines, '\n');
  for (size_t I = 0; I < Lines.size(); ++I) {
    if (Lines[I].trim().empty())
      continue;
    llvm::Expected<Attestation> A = readOne(Lines[I]);
    if (!A)
      return wrong(Name + (IsWhole ? "" : ":" + llvm::Twine(I + 1)) + ": " +
                   llvm::toString(A.takeError()));
    Out.push_back(std::move(*A));
  }
  if (Out.empty())
    return wrong(Name + ": expected a statement or an envelope, found none");
  return Out;
}
