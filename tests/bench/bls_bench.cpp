// Signatures and what they are made of, one at a time. Names are module::operation/key=value.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <vector>

#include "consensus/member_keys.hpp"
#include "curve/bls12_381_hash_to_curve.hpp"
#include "curve/bls12_381_pairing.hpp"
#include "signature/batch.hpp"
#include "signature/secret_key.hpp"
#include "signature/verify.hpp"

namespace
{
using namespace mote::signature;
using mote::Bytes;
using mote::Reason;
using mote::Status;
namespace bls = mote::curve::bls12_381;

void require(bool condition)
{
    if (!condition)
        std::abort();
}

constexpr std::size_t seats = 2048;
constexpr std::size_t batch_size = 64;

struct Values
{
    SecretKey key;
    PublicKey public_key;
    std::uint8_t message[32] = {3, 1, 4};
    Signature signature;
    std::uint8_t key_bytes[public_key_bytes];
    std::uint8_t signature_bytes_[signature_bytes];
    std::vector<PublicKey> keys;
    Signature certificate;
    struct alignas(16) Word
    {
        std::uint8_t bytes[16];
    };
    std::vector<Word> memory = std::vector<Word>(sum_keys_scratch_bytes() / sizeof(Word) + 1);

    Values()
    {
        const std::uint8_t seed[32] = {2, 7, 1, 8};
        require(key.derive_master(seed) == Status::ok);
        public_key = key.public_key();
        signature = key.sign(message);
        encode(public_key, key_bytes);
        encode(signature, signature_bytes_);
        // Committee of keys k 2^i: as good as random ones for sums, and their votes are known.
        bls::G1Jacobian p = public_key;
        bls::G2Jacobian s = signature, sum;
        for (std::size_t i = 0; i < seats; ++i)
        {
            keys.push_back(p.to_affine());
            sum += s;
            p = p.twice();
            s = s.twice();
        }
        certificate = sum.to_affine();
    }
    mote::Arena arena() { return {memory.data(), memory.size() * sizeof(Word)}; }
};

Values& values()
{
    static Values v;
    return v;
}

void fq_multiply(benchmark::State& state)
{
    bls::Fq x = values().public_key.x;
    const bls::Fq y = values().public_key.y;
    for (auto _ : state)
        benchmark::DoNotOptimize(x = x * y);
}
BENCHMARK(fq_multiply)->Name("field::bls_fq_multiply/measure=latency");

void fq_add(benchmark::State& state)
{
    bls::Fq x = values().public_key.x;
    const bls::Fq y = values().public_key.y;
    for (auto _ : state)
        benchmark::DoNotOptimize(x = x + y);
}
BENCHMARK(fq_add)->Name("field::bls_fq_add/measure=latency");

void fq_inverse(benchmark::State& state)
{
    bls::Fq x = values().public_key.x;
    for (auto _ : state)
        benchmark::DoNotOptimize(x = x.inverse_vartime() + bls::Fq::one());
}
BENCHMARK(fq_inverse)->Name("field::bls_fq_inverse_vartime");

void pairing(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(bls::pairing(values().public_key, values().signature));
}
BENCHMARK(pairing)->Name("curve::bls_pairing")->Unit(benchmark::kMicrosecond);

void hash_to_g2(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(bls::hash_to_g2(values().message, message_tag));
}
BENCHMARK(hash_to_g2)->Name("curve::bls_hash_to_g2")->Unit(benchmark::kMicrosecond);

void decode_key(benchmark::State& state)
{
    PublicKey out;
    for (auto _ : state)
        require(decode_public_key(values().key_bytes, out) == Reason::none);
}
BENCHMARK(decode_key)->Name("signature::decode_public_key")->Unit(benchmark::kMicrosecond);

void decode_sig(benchmark::State& state)
{
    Signature out;
    for (auto _ : state)
        require(decode_signature(values().signature_bytes_, out) == Reason::none);
}
BENCHMARK(decode_sig)->Name("signature::decode_signature")->Unit(benchmark::kMicrosecond);

void sign(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(values().key.sign(values().message));
}
BENCHMARK(sign)->Name("signature::sign")->Unit(benchmark::kMicrosecond);

void verify_one(benchmark::State& state)
{
    const Values& v = values();
    for (auto _ : state)
        require(verify(v.public_key, v.message, v.signature));
}
BENCHMARK(verify_one)->Name("signature::verify")->Unit(benchmark::kMicrosecond);

void sum(benchmark::State& state)
{
    PublicKey out;
    for (auto _ : state)
    {
        mote::Arena arena = values().arena();
        require(sum_keys(values().keys, {}, arena, out) == Status::ok);
    }
}
BENCHMARK(sum)->Name("signature::sum_keys/seats=2048")->Unit(benchmark::kMicrosecond);

void certificate(benchmark::State& state)
{
    const Values& v = values();
    std::uint8_t bytes[signature_bytes];
    encode(v.certificate, bytes);
    for (auto _ : state)
    {
        mote::Arena arena = values().arena();
        PublicKey key;
        Signature signature;
        require(sum_keys(v.keys, {}, arena, key) == Status::ok);
        require(decode_signature(bytes, signature) == Reason::none);
        require(verify(key, v.message, signature));
    }
}
BENCHMARK(certificate)->Name("signature::certificate/seats=2048")->Unit(benchmark::kMicrosecond);

// The same by what a committee keeps, its keys and their sum: those absent are taken from it.
void certificate_absent(benchmark::State& state)
{
    const auto absent = static_cast<std::size_t>(state.range(0));
    Values& v = values();
    std::vector<std::uint8_t> list;
    for (std::size_t i = 0; i < seats; ++i)
    {
        mote::chain::Member member;
        member.validator_id = static_cast<std::uint32_t>(i);
        encode(v.keys[i], member.public_key);
        member.first_seat = static_cast<std::uint16_t>(i);
        member.seats = 1;
        const auto leaf = mote::chain::encode(member);
        list.insert(list.end(), leaf.begin(), leaf.end());
    }
    mote::chain::Committee committee;
    require(open_committee(list, committee));
    std::vector<Values::Word> memory(mote::consensus::MemberKeys::memory_bytes(committee) / 16 + 1);
    mote::Arena arena(memory.data(), memory.size() * 16);
    mote::consensus::MemberKeys keys;
    require(keys.open(committee, arena) == Status::ok);
    // Every third seat or rarer, so that those absent lie everywhere.
    std::vector<std::uint8_t> signers(seats / 8, 0xff);
    bls::G2Jacobian sum = v.certificate, one = v.signature;
    const std::size_t every = absent == 0 ? seats : seats / absent;
    for (std::size_t i = 0, left = absent; i < seats; ++i, one = one.twice())
        if (left != 0 && i % every == 0)
        {
            --left;
            signers[i / 8] = static_cast<std::uint8_t>(signers[i / 8] & ~(1U << i % 8));
            sum += -one;
        }
    mote::chain::Certificate certificate;
    certificate.subject[0] = 1;
    certificate.signers = signers;
    encode(sum.to_affine(), certificate.signature);
    // The digest of a certificate is not the message that the keys of Values signed, so the checks of the
    // form and the signature are those of chain::verify, one after the other.
    for (auto _ : state)
    {
        require(check_members(certificate, committee) == mote::chain::CertificateFault::none);
        Signature signature;
        require(decode_signature(certificate.signature, signature) == Reason::none);
        require(verify(keys.sum(signers), v.message, signature));
    }
}
BENCHMARK(certificate_absent)
    ->Name("signature::certificate/seats=2048")
    ->ArgName("absent")
    ->Arg(0)
    ->Arg(205)
    ->Arg(682)
    ->Unit(benchmark::kMicrosecond);

void same_message(benchmark::State& state)
{
    const Values& v = values();
    for (auto _ : state)
    {
        SameMessageBatch all;
        for (std::size_t i = 0; i < batch_size; ++i)
            require(all.add(v.public_key, v.signature, 0x9e3779b97f4a7c15 * (i + 1)) == Status::ok);
        require(all.finish(v.message));
    }
}
BENCHMARK(same_message)
    ->Name("signature::same_message_batch/signatures=64")
    ->Unit(benchmark::kMicrosecond);

void batch(benchmark::State& state)
{
    const Values& v = values();
    for (auto _ : state)
    {
        Batch all;
        for (std::size_t i = 0; i < batch_size; ++i)
            require(all.add(v.public_key, v.message, v.signature, 0x9e3779b97f4a7c15 * (i + 1)) ==
                    Status::ok);
        require(all.finish());
    }
}
BENCHMARK(batch)->Name("signature::batch/signatures=64")->Unit(benchmark::kMicrosecond);
}  // namespace

BENCHMARK_MAIN();
