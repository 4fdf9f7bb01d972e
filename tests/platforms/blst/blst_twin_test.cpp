// blst and sdk/signature give the same keys, signatures and answers.
#include "blst/blst_backend.hpp"
#include "platforms/platform_support.hpp"
#include "signature/verify.hpp"

using namespace platform_test;
using mote::Status;
namespace chain = mote::chain;
namespace signature = mote::signature;

namespace
{
ByteVector secret_bytes(std::uint8_t number)
{
    ByteVector out(32);
    out[1] = static_cast<std::uint8_t>(3 * number);
    out[31] = number;
    return out;
}
std::span<const std::uint8_t, 32> fixed(const ByteVector& bytes)
{
    REQUIRE(bytes.size() == 32);
    return std::span<const std::uint8_t, 32>(bytes.data(), 32);
}

/// Members with keys 1 .. n and `seats` each, and what they sign together.
struct Group
{
    Group(std::uint8_t count, std::uint16_t seats, Bytes message, std::uint8_t absent)
    {
        signature::Signature all[8];
        signature::PublicKey keys[8];
        std::size_t signatures = 0, key_count = 0;
        bitmap.resize((count * seats + 7U) / 8);
        for (std::uint8_t i = 0; i < count; ++i)
        {
            signature::SecretKey key;
            REQUIRE(key.load(fixed(secret_bytes(static_cast<std::uint8_t>(i + 1)))) == Status::ok);
            chain::Member member{i, {}, static_cast<std::uint16_t>(i * seats), seats};
            signature::encode(key.public_key(), member.public_key);
            const auto bytes = chain::encode(member);
            list.insert(list.end(), bytes.begin(), bytes.end());
            for (std::uint16_t s = 0; s < seats; ++s)
            {
                keys[key_count++] = key.public_key();
                if (i < absent)
                    continue;
                all[signatures++] = key.sign(message);
                chain::set_seat(bitmap, static_cast<std::uint32_t>(i * seats + s));
            }
            if (i < absent)
                absent_list.insert(absent_list.end(), bytes.begin(), bytes.end());
        }
        signature::Signature sum;
        REQUIRE(signature::aggregate({all, signatures}, sum) == Status::ok);
        signature::encode(sum, signed_by_all);
        std::vector<std::uint8_t> memory(signature::sum_keys_scratch_bytes() + 64);
        auto* const at =
            memory.data() + (64 - reinterpret_cast<std::uintptr_t>(memory.data()) % 64);
        mote::Arena arena(at, signature::sum_keys_scratch_bytes());
        signature::PublicKey key_sum;
        REQUIRE(signature::sum_keys({keys, key_count}, {}, arena, key_sum) == Status::ok);
        signature::encode(key_sum, agg_pk);
    }
    [[nodiscard]] chain::SignerKeys members() const { return {{}, list, bitmap}; }
    [[nodiscard]] chain::SignerKeys follower() const { return {agg_pk, absent_list, bitmap}; }

    ByteVector list, absent_list, bitmap;
    chain::Signature signed_by_all{};
    chain::PublicKey agg_pk{};
};
}  // namespace

TEST_CASE("blst: the same public keys and signatures")
{
    mote::blst::Signer theirs;
    CHECK(theirs.public_key() == chain::PublicKey{});
    chain::Signature out{};
    CHECK_FALSE(theirs.sign({}, out));
    for (std::uint8_t number = 1; number < 40; ++number)
    {
        const ByteVector secret = secret_bytes(number);
        signature::SecretKey ours;
        REQUIRE(ours.load(fixed(secret)) == Status::ok);
        REQUIRE(theirs.load(fixed(secret)) == Status::ok);
        chain::PublicKey key;
        signature::encode(ours.public_key(), key);
        CHECK(theirs.public_key() == key);
        const ByteVector message(number, number);
        chain::Signature wanted;
        signature::encode(ours.sign(message), wanted);
        REQUIRE(theirs.sign(message, out));
        CHECK(out == wanted);
        chain::Digest digest;
        digest.fill(number);
        signature::encode(ours.sign(digest), wanted);
        const mote::client::Signer seam = theirs.seam();
        REQUIRE(seam.sign(seam.context, digest, out));
        CHECK(out == wanted);
    }
}

TEST_CASE("blst: the same numbers are no keys")
{
    const ByteVector order =
        from_hex("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");
    for (int change : {-1, 0, 1})
    {
        ByteVector secret = order;
        secret[31] = static_cast<std::uint8_t>(secret[31] + change);
        signature::SecretKey ours;
        mote::blst::Signer theirs;
        CHECK((ours.load(fixed(secret)) == Status::ok) == (change < 0));
        CHECK((theirs.load(fixed(secret)) == Status::ok) == (change < 0));
    }
    mote::blst::Signer theirs;
    CHECK(theirs.load(fixed(ByteVector(32))) == Status::invalid_argument);
    CHECK(theirs.load(fixed(ByteVector(32, 0xff))) == Status::invalid_argument);
}

TEST_CASE("blst: sums verify in both forms, and nothing else does")
{
    const ByteVector message(32, 5);
    for (const std::uint16_t seats : {std::uint16_t{1}, std::uint16_t{2}})
        for (const std::uint8_t absent : {std::uint8_t{0}, std::uint8_t{1}})
            for (const std::size_t remembered : {1U, 2U, 100U})
            {
                CAPTURE(seats, int{absent}, remembered);
                const Group group(4, seats, message, absent);
                mote::blst::Check check(remembered);
                for (int round = 0; round < 2; ++round)
                {
                    CHECK(check.verify(message, group.signed_by_all, group.members()));
                    CHECK(check.verify(message, group.signed_by_all, group.follower()));
                }
                CHECK_FALSE(check.verify(ByteVector(32, 6), group.signed_by_all, group.members()));
                Group other = group;
                other.bitmap[0] ^= static_cast<std::uint8_t>(seats == 1 ? 8 : 0xc0);
                CHECK_FALSE(check.verify(message, group.signed_by_all, other.members()));
                other = group;
                other.list[10] ^= 1;
                other.bitmap[0] |= 1;
                CHECK_FALSE(check.verify(message, group.signed_by_all, other.members()));
                chain::Signature changed = group.signed_by_all;
                changed[95] ^= 1;
                CHECK_FALSE(check.verify(message, changed, group.members()));
                CHECK_FALSE(check.verify(message, chain::Signature{}, group.members()));
                chain::Signature infinity{};
                infinity[0] = 0xc0;
                CHECK_FALSE(check.verify(message, infinity, group.members()));
            }
    // Nobody: the sum is infinity, and infinity is the sum of no signatures.
    Group nobody(2, 1, message, 0);
    nobody.bitmap[0] = 0;
    chain::Signature infinity{};
    infinity[0] = 0xc0;
    mote::blst::Check check(4);
    CHECK_FALSE(check.verify(message, infinity, nobody.members()));
}

TEST_CASE("blst: Ethereum's verify cases have their answers from both")
{
    const Json file = read_vectors("bls/ethereum_bls_v0.1.1.json");
    int cases = 0;
    for (const char* name : {"verify"})
        for (const Json& c : file.at(name))
        {
            CAPTURE(c.at("name").get<std::string>());
            const ByteVector key = from_hex(c.at("input").at("pubkey").get<std::string>());
            const ByteVector message = from_hex(c.at("input").at("message").get<std::string>());
            const ByteVector bytes = from_hex(c.at("input").at("signature").get<std::string>());
            REQUIRE(key.size() == 48);
            REQUIRE(bytes.size() == 96);
            chain::Member member{0, {}, 0, 1};
            std::copy(key.begin(), key.end(), member.public_key.begin());
            const auto list = chain::encode(member);
            const ByteVector bitmap = {1};
            chain::Signature signature;
            std::copy(bytes.begin(), bytes.end(), signature.begin());
            mote::blst::Check check(4);
            CHECK(check.verify(message, signature, {{}, list, bitmap}) ==
                  c.at("output").get<bool>());
            ++cases;
        }
    CHECK(cases > 20);
}
