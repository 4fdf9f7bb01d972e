// The operations of tests/bench/bls_bench.cpp, as exports of a WebAssembly module that
// tests/bench/peers/bls/bls.mjs times beside other libraries. Each does its operation `times` times and
// answers how often it came out right.
#include <cstdint>

#include "signature/secret_key.hpp"
#include "signature/verify.hpp"

namespace
{
using namespace mote::signature;
using mote::Reason;
using mote::Status;
namespace bls = mote::curve::bls12_381;

constexpr std::size_t seats = 2048;

struct Values
{
    SecretKey key;
    PublicKey public_key;
    std::uint8_t message[32] = {3, 1, 4};
    Signature signature, certificate;
    PublicKey keys[seats];
    alignas(16) std::uint8_t memory[std::size_t{64} << 10];
};

Values& values()
{
    static Values v;
    return v;
}
}  // namespace

#define EXPORT(name) extern "C" __attribute__((export_name(#name))) std::uint32_t name

/// Makes the key, a signature and a committee; 1 if the memory suffices.
EXPORT(prepare)()
{
    Values& v = values();
    const std::uint8_t seed[32] = {2, 7, 1, 8};
    if (v.key.derive_master(seed) != Status::ok || sum_keys_scratch_bytes() > sizeof v.memory)
        return 0;
    v.public_key = v.key.public_key();
    v.signature = v.key.sign(v.message);
    bls::G1Jacobian p = v.public_key;
    bls::G2Jacobian s = v.signature, sum;
    for (PublicKey& key : v.keys)
    {
        key = p.to_affine_vartime();
        sum += s;
        p = p.twice();
        s = s.twice();
    }
    v.certificate = sum.to_affine_vartime();
    return 1;
}

EXPORT(sign)(std::uint32_t times)
{
    std::uint32_t good = 0;
    while (times-- > 0)
        good += values().key.sign(values().message) == values().signature ? 1 : 0;
    return good;
}

EXPORT(verify)(std::uint32_t times)
{
    const Values& v = values();
    std::uint32_t good = 0;
    while (times-- > 0)
        good += verify(v.public_key, v.message, v.signature) ? 1 : 0;
    return good;
}

EXPORT(sum_keys)(std::uint32_t times)
{
    Values& v = values();
    std::uint32_t good = 0;
    while (times-- > 0)
    {
        mote::Arena arena(v.memory, sizeof v.memory);
        PublicKey key;
        good += sum_keys(v.keys, {}, arena, key) == Status::ok ? 1 : 0;
    }
    return good;
}

EXPORT(certificate)(std::uint32_t times)
{
    Values& v = values();
    std::uint8_t bytes[signature_bytes];
    encode(v.certificate, bytes);
    std::uint32_t good = 0;
    while (times-- > 0)
    {
        mote::Arena arena(v.memory, sizeof v.memory);
        PublicKey key;
        Signature signature;
        good += sum_keys(v.keys, {}, arena, key) == Status::ok &&
                        decode_signature(bytes, signature) == Reason::none &&
                        verify(key, v.message, signature)
                    ? 1
                    : 0;
    }
    return good;
}
