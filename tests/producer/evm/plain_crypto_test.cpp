// The plain arithmetic of the guest against the libraries of the host.
#include "producer/evm/guest/plain_crypto.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "evm/crypto.hpp"
#include "secret_key.hpp"
#include "tools/effort.hpp"
#include "tools/state_history.hpp"

using namespace mote::evm;
using mote::Bytes;
using mote::test::SplitMix;

namespace
{
Hash random_hash(SplitMix& random)
{
    Hash out;
    const auto bytes = random.bytes(out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}
}  // namespace

TEST_CASE("Plain powers are those of the library")
{
    SplitMix random(1);
    for (int i = 0; i < 300; ++i)
    {
        const auto base = random.bytes(random.below(40)), exponent = random.bytes(random.below(12));
        auto modulus = random.bytes(1 + random.below(40));
        if (i % 9 == 0)
            std::fill(modulus.begin(), modulus.end(), std::uint8_t{0});
        if (i % 7 == 0)
            modulus.back() = 1;
        std::vector<std::uint8_t> expected(modulus.size()), got(modulus.size(), 0xee);
        crypto::power_mod(base, exponent, modulus, expected);
        plain::power_mod(base, exponent, modulus, got);
        REQUIRE(got == expected);
    }
}

TEST_CASE("Plain recovery of senders is that of the library")
{
    SplitMix random(2);
    std::size_t good = 0;
    const int count = mote::test::sanitized ? 5 : 40;
    for (int i = 0; i < count; ++i)
    {
        const Hash hash = random_hash(random);
        std::array<std::uint8_t, 64> signature;
        const auto bytes = random.bytes(64);
        std::copy(bytes.begin(), bytes.end(), signature.begin());
        if (i % 8 == 0)
            std::fill(signature.begin() + 32 * (i % 2), signature.begin() + 32 * (i % 2) + 32,
                      static_cast<std::uint8_t>(i % 3 == 0 ? 0 : 0xff));
        for (std::uint32_t parity = 0; parity < 2; ++parity)
        {
            Address expected, got;
            const bool is = crypto::recover_address(hash, signature, parity, expected);
            REQUIRE(plain::recover_address(hash, signature, parity, got) == is);
            REQUIRE(got == expected);
            good += is ? 1 : 0;
        }
        Address owner, again;
        const Hash secret = random_hash(random);
        REQUIRE(mote::evm_tool::address_of_secret(secret, owner));
        REQUIRE(plain::address_of_secret(secret, again));
        REQUIRE(owner == again);
    }
    CHECK(good > 3);
}
