#include "consensus/fanout.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "sdk/chain/chain_support.hpp"

using namespace chain_test;
using namespace mote::consensus;

namespace
{
std::vector<NodeKey> nodes(std::size_t count, std::mt19937_64& random)
{
    std::vector<NodeKey> keys(count);
    for (NodeKey& key : keys)
        key = random_array<32>(random);
    return keys;
}
}  // namespace

TEST_CASE("a rank is the hash of seed, member and node key")
{
    std::mt19937_64 random(31);
    const Digest seed = random_array<32>(random);
    const NodeKey key = random_array<32>(random);
    ByteVector message(seed.begin(), seed.end());
    message.resize(36);
    message[32] = 0x34;
    message[33] = 0x12;
    message.insert(message.end(), key.begin(), key.end());
    CHECK(fanout_rank(seed, 0x1234, key) ==
          mote::hash::blake3_derive_key("mote fanout v1", message));
}

TEST_CASE("a member takes the relays of lowest rank, in order, all different")
{
    std::mt19937_64 random(32);
    const Digest seed = random_array<32>(random);
    for (std::size_t count = 0; count < 9; ++count)
    {
        std::vector<NodeKey> relays = nodes(count, random);
        if (count > 5)
            relays[4] = relays[2];  // a key that is listed twice is two relays
        const auto member = static_cast<std::uint32_t>(random());
        std::vector<std::uint32_t> expected(count);
        for (std::uint32_t i = 0; i < count; ++i)
            expected[i] = i;
        std::stable_sort(expected.begin(), expected.end(),
                         [&](std::uint32_t a, std::uint32_t b)
                         {
                             return fanout_rank(seed, member, relays[a]) <
                                    fanout_rank(seed, member, relays[b]);
                         });
        for (std::size_t wanted = 0; wanted < 11; ++wanted)
        {
            std::vector<std::uint32_t> out(wanted, 77);
            const std::size_t written = choose_relays(seed, member, relays, out);
            CHECK(written == std::min(wanted, count));
            for (std::size_t i = 0; i < wanted; ++i)
                CHECK(out[i] == (i < written ? expected[i] : 77));
        }
    }
}

TEST_CASE("members spread over the relays")
{
    std::mt19937_64 random(33);
    const Digest seed = random_array<32>(random);
    const std::vector<NodeKey> relays = nodes(8, random);
    std::map<std::uint32_t, int> load;
    for (std::uint32_t member = 0; member < 400; ++member)
    {
        std::array<std::uint32_t, fanout_default> out{};
        REQUIRE(choose_relays(seed, member, relays, out) == fanout_default);
        for (const std::uint32_t relay : out)
            ++load[relay];
    }
    // 100 expected of each; 60 is four standard deviations away.
    REQUIRE(load.size() == 8);
    for (const auto& [relay, votes] : load)
        CHECK((votes > 60 && votes < 140));
}
