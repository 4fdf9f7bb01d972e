// mote-signatures.wasm, first half: keys, signatures, committees and certificates for
// src/signatures_core.ts.
//
// The caller gives the memory. A function that can be asked something wrong answers a Status; what a
// well-formed question came to is in an Answer. malformed: a key or signature does not decode, and the
// Answer says which and why.
#include <cstring>
#include <new>

#include "committee_glue.hpp"
#include "signature/batch.hpp"
#include "signature/secret_key.hpp"

namespace
{
using namespace mote::signature;
using mote::Bytes;
using mote::Reason;
using mote::Status;
using mote::wasm::Answer;
using mote::wasm::code;
using mote::wasm::Part;

using KeyBytes = std::span<const std::uint8_t, public_key_bytes>;
using SignatureBytes = std::span<const std::uint8_t, signature_bytes>;

Status decode(const std::uint8_t* key, std::uint32_t index, PublicKey& out, Answer& answer)
{
    const Reason reason = decode_public_key(KeyBytes(key, public_key_bytes), out);
    if (reason == Reason::none)
        return Status::ok;
    answer = {0, static_cast<std::uint32_t>(reason), Part::public_key, index};
    return Status::malformed;
}

Status decode(const std::uint8_t* signature, std::uint32_t index, Signature& out, Answer& answer)
{
    const Reason reason = decode_signature(SignatureBytes(signature, signature_bytes), out);
    if (reason == Reason::none)
        return Status::ok;
    answer = {0, static_cast<std::uint32_t>(reason), Part::signature, index};
    return Status::malformed;
}

Status load(SecretKey& key, const std::uint8_t* secret)
{
    return key.load(std::span<const std::uint8_t, secret_key_bytes>(secret, secret_key_bytes));
}

std::span<std::uint8_t, secret_key_bytes> secret_at(std::uint8_t* out)
{
    return std::span<std::uint8_t, secret_key_bytes>(out, secret_key_bytes);
}

void write(std::uint8_t* out, const Signature& signature)
{
    encode(signature, std::span<std::uint8_t, signature_bytes>(out, signature_bytes));
}

/// Messages that follow each other, of `lengths[i]` bytes each.
struct Messages
{
    const std::uint8_t* bytes;
    const std::uint32_t* lengths;

    [[nodiscard]] Bytes next() noexcept
    {
        const Bytes message(bytes, *lengths);
        bytes += *lengths++;
        return message;
    }
};

Status verify_batch(Answer& answer, Batch& batch, const std::uint8_t* keys, Messages messages,
                    const std::uint8_t* signatures, const std::uint64_t* factors,
                    std::uint32_t count)
{
    for (std::uint32_t i = 0; i < count; ++i)
    {
        PublicKey key;
        Signature signature;
        MOTE_TRY(decode(keys + std::size_t{i} * public_key_bytes, i, key, answer));
        MOTE_TRY(decode(signatures + std::size_t{i} * signature_bytes, i, signature, answer));
        MOTE_TRY(batch.add(key, messages.next(), signature, factors[i]));
    }
    answer.accepted = batch.finish() ? 1 : 0;
    return Status::ok;
}

Status verify_sum(Answer& answer, const std::uint8_t* keys, std::uint32_t count, Bytes message,
                  const std::uint8_t* signature)
{
    mote::curve::bls12_381::G1Jacobian sum;
    for (std::uint32_t i = 0; i < count; ++i)
    {
        PublicKey key;
        MOTE_TRY(decode(keys + std::size_t{i} * public_key_bytes, i, key, answer));
        sum += key;
    }
    Signature point;
    MOTE_TRY(decode(signature, 0, point, answer));
    answer.accepted = verify(sum.to_affine_vartime(), message, point) ? 1 : 0;
    return Status::ok;
}

Status verify_one(Answer& answer, const std::uint8_t* key, Bytes message,
                  const std::uint8_t* signature, bool possession)
{
    PublicKey point;
    Signature proof;
    MOTE_TRY(decode(key, 0, point, answer));
    MOTE_TRY(decode(signature, 0, proof, answer));
    answer.accepted =
        (possession ? verify_possession(point, proof) : verify(point, message, proof)) ? 1 : 0;
    return Status::ok;
}

Status add_up(std::uint8_t* out, Answer& answer, const std::uint8_t* signatures,
              std::uint32_t count)
{
    if (count == 0)
        return Status::invalid_argument;
    mote::curve::bls12_381::G2Jacobian sum;
    for (std::uint32_t i = 0; i < count; ++i)
    {
        Signature signature;
        MOTE_TRY(decode(signatures + std::size_t{i} * signature_bytes, i, signature, answer));
        sum += signature;
    }
    write(out, sum.to_affine_vartime());
    answer.accepted = 1;
    return Status::ok;
}

template <class Make>
Status with_key(const std::uint8_t* secret, const Make& make)
{
    SecretKey key;
    MOTE_TRY(load(key, secret));
    make(key);
    return Status::ok;
}
}  // namespace

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_signatures_version)() { return MOTE_ABI_VERSION; }

// ---------------------------------------------------------------- keys and signing

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_derive_master)
(std::uint8_t* out, const std::uint8_t* seed, std::uint32_t seed_bytes)
{
    SecretKey key;
    const Status status = key.derive_master(Bytes(seed, seed_bytes));
    if (status == Status::ok)
        key.store(secret_at(out));
    return code(status);
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_derive_child)
(std::uint8_t* out, const std::uint8_t* parent, std::uint32_t index)
{
    return code(with_key(parent,
                         [&](const SecretKey& key)
                         {
                             SecretKey child;
                             child.derive_child(key, index);
                             child.store(secret_at(out));
                         }));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_public_key)
(std::uint8_t* out, const std::uint8_t* secret)
{
    return code(with_key(secret,
                         [&](const SecretKey& key)
                         {
                             encode(key.public_key(), std::span<std::uint8_t, public_key_bytes>(
                                                          out, public_key_bytes));
                         }));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_sign)
(std::uint8_t* out, const std::uint8_t* secret, const std::uint8_t* message, std::uint32_t bytes)
{
    return code(with_key(
        secret, [&](const SecretKey& key) { write(out, key.sign(Bytes(message, bytes))); }));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_prove_possession)
(std::uint8_t* out, const std::uint8_t* secret)
{
    return code(
        with_key(secret, [&](const SecretKey& key) { write(out, key.prove_possession()); }));
}

// ---------------------------------------------------------------- verification

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_verify)
(Answer* answer, const std::uint8_t* key, const std::uint8_t* message, std::uint32_t bytes,
 const std::uint8_t* signature)
{
    *answer = {};
    return code(verify_one(*answer, key, Bytes(message, bytes), signature, false));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_verify_possession)
(Answer* answer, const std::uint8_t* key, const std::uint8_t* proof)
{
    *answer = {};
    return code(verify_one(*answer, key, {}, proof, true));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_verify_sum)
(Answer* answer, const std::uint8_t* keys, std::uint32_t count, const std::uint8_t* message,
 std::uint32_t bytes, const std::uint8_t* signature)
{
    *answer = {};
    return code(verify_sum(*answer, keys, count, Bytes(message, bytes), signature));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_batch_size)() { return sizeof(Batch); }

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_verify_batch)
(Answer* answer, void* memory, const std::uint8_t* keys, const std::uint8_t* messages,
 const std::uint32_t* lengths, const std::uint8_t* signatures, const std::uint64_t* factors,
 std::uint32_t count)
{
    *answer = {};
    return code(verify_batch(*answer, *new (memory) Batch, keys, {messages, lengths}, signatures,
                             factors, count));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_aggregate)
(std::uint8_t* out, Answer* answer, const std::uint8_t* signatures, std::uint32_t count)
{
    *answer = {};
    return code(add_up(out, *answer, signatures, count));
}
