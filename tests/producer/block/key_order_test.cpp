#include "block/key_order.hpp"

#include <catch2/catch.hpp>

#include "producer/block/block_support.hpp"

using namespace mote;
using namespace mote::block;

TEST_CASE("keys that agree in much are sorted by all of it")
{
    test::SplitMix random(3);
    for (int turn = 0; turn < 300; ++turn)
    {
        // Addresses that differ at the start, behind the first eight bytes, or not at all; slots likewise.
        std::vector<fafo::StateKey> keys;
        for (int i = 0; i < 60; ++i)
        {
            evm::Address address;
            address.bytes[turn % 2 == 0 ? 3 : 0] = static_cast<std::uint8_t>(random.below(3));
            if (turn % 3 != 0)
                address.bytes[8 + random.below(12)] = static_cast<std::uint8_t>(random.below(2));
            const evm::Word slot(random.below(2) << 63, 0, random.below(2), random.below(3));
            switch (random.below(3))
            {
                case 0:
                    keys.push_back(identity_key(address));
                    break;
                case 1:
                    keys.push_back(balance_key(address));
                    break;
                default:
                    keys.push_back(slot_key(address, slot));
            }
        }
        std::vector<OrderedKey<std::size_t>> order;
        for (std::size_t i = 0; i < keys.size(); ++i)
            order.push_back(ordered(keys[i], i));
        sort_keys(order, [&](std::size_t i) -> const fafo::StateKey& { return keys[i]; });
        std::vector<bool> seen(keys.size());
        for (std::size_t i = 0; i < order.size(); ++i)
        {
            seen[order[i].payload] = true;
            if (i == 0)
                continue;
            const fafo::StateKey &a = keys[order[i - 1].payload], &b = keys[order[i].payload];
            // The order, spelled out.
            const auto text = [](const fafo::StateKey& key)
            {
                const std::uint8_t* const bytes = bytes_of(key);
                std::string out(bytes, bytes + 20);
                out.push_back(static_cast<char>(bytes[key_kind_offset]));
                return out.append(bytes + key_slot_offset, bytes + key_slot_offset + 32);
            };
            REQUIRE(text(a) <= text(b));
            REQUIRE(block::is_before(a, b) == (text(a) < text(b)));
            REQUIRE_FALSE(block::is_before(b, a));
            REQUIRE(is_same(a, b) == (text(a) == text(b)));
        }
        REQUIRE(std::find(seen.begin(), seen.end(), false) == seen.end());
    }
}
