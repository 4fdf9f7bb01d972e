// What the tests of signatures share: decoding with a plain yes or no, keys, arenas.
#pragma once

#include <memory>

#include "../curve/bls12_381_support.hpp"
#include "signature/batch.hpp"
#include "signature/secret_key.hpp"
#include "signature/verify.hpp"

namespace signature_test
{
using bls_test::bytes_of;
using bls_test::ByteVector;
using bls_test::encoded;
using bls_test::from_hex;
using bls_test::json;
using bls_test::Random;
using bls_test::read_file;
using bls_test::read_json;
using mote::Bytes;
using mote::Reason;
using mote::Status;
using namespace mote::signature;

template <std::size_t N>
std::span<const std::uint8_t, N> fixed(const ByteVector& bytes)
{
    REQUIRE(bytes.size() == N);
    return std::span<const std::uint8_t, N>{bytes.data(), N};
}

inline bool decode(const ByteVector& bytes, PublicKey& out)
{
    return bytes.size() == public_key_bytes &&
           decode_public_key(fixed<public_key_bytes>(bytes), out) == Reason::none;
}
inline bool decode_sig(const ByteVector& bytes, Signature& out)
{
    return bytes.size() == signature_bytes &&
           decode_signature(fixed<signature_bytes>(bytes), out) == Reason::none;
}

/// A key made of one byte.
inline void make_key(std::uint8_t seed, SecretKey& out)
{
    REQUIRE(out.derive_master(ByteVector(32, seed)) == Status::ok);
}

class SumArena
{
  public:
    explicit SumArena(std::size_t bytes) : words_(bytes / 16 + 2), bytes_(bytes) {}
    mote::Arena arena() { return {words_.data(), bytes_}; }

  private:
    struct alignas(16) Word
    {
        std::uint8_t bytes[16];
    };
    std::vector<Word> words_;
    std::size_t bytes_;
};
}  // namespace signature_test
