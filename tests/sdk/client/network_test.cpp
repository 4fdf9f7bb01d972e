// Four validators and a relay: real signatures from the zone header to the final block.
//
// Producers make zone headers over SVID headers, the validators attest shards and proofs (the hosts' jobs answer
// yes), the relay adds their votes up, the leaders build blocks of what is certified, over the ends of
// epochs. With losses, a validator that is off for a while, and one that is restarted from its record.
// The events of each are logged and played again: the same actions, byte for byte.
#include <catch2/catch.hpp>

#include "client_network.hpp"
#include "tools/effort.hpp"

namespace client_test
{
TEST_CASE(
    "four validators make, attest, order and prove the blocks of two zones over an epoch's end")
{
    Network network(1);
    network.run(900);
    for (std::size_t i = 0; i < member_count; ++i)
    {
        INFO("node " << i);
        CHECK(network.final_height(i) > calendar.epoch_heights);
        CHECK((mote::test::emulated || network.replays(i)));
    }
    CHECK(network.one_chain());
    CHECK(network.conflicts == 0);
    CHECK(network.refused == 0);
    CHECK(network.convicted == 0);
    for (const Kind kind : {Kind::notarize, Kind::finalize, Kind::avail, Kind::valid, Kind::ckpt})
        CHECK(network.voted.contains(kind));
    for (const std::uint32_t zone : {zone_a, zone_b})
        for (const Level level :
             {Level::seen, Level::available, Level::ordered, Level::proven, Level::final})
        {
            INFO("level " << static_cast<int>(level) << " zone " << zone);
            CHECK(network.levels[{level, zone}].contains(1));
        }
    CHECK(network.checkpoints.contains(4));
    CHECK(network.checkpoints.contains(8));
}

TEST_CASE(
    "losses, a validator that sleeps and one that starts again do not stop or split the chain")
{
    {
        const std::uint64_t seed = 3;
        Network network(seed);
        network.lost_percent = 10;
        network.run(500);
        network.set_online(3, false);
        network.run(1200);
        network.set_online(3, true);
        network.run(1700);
        network.restart(1);
        network.lost_percent = 0;
        network.run(2600);
        INFO("seed " << seed);
        for (std::size_t i = 0; i < member_count; ++i)
        {
            std::string drops;
            for (std::size_t k = 0; k < static_cast<std::size_t>(Dropped::count_); ++k)
                drops += " " + std::to_string(network.validator(i).dropped(
                                   Dropped{static_cast<std::uint8_t>(k)}));
            INFO("node " << i << " final " << network.final_height(i) << " view "
                         << network.validator(i).voter_state().epoch << " "
                         << network.validator(i).voter_state().view << " dropped" << drops);
            CHECK(network.final_height(i) > calendar.epoch_heights);
            CHECK((mote::test::emulated || network.replays(i)));
        }
        CHECK(network.one_chain());
        CHECK(network.conflicts == 0);
    }
}
}  // namespace client_test
