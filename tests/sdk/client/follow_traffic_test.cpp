// What following costs in bytes, by the messages that are really sent.
#include <catch2/catch.hpp>
#include <memory>

#include "client/follower.hpp"
#include "consensus/member_keys.hpp"
#include "signature/secret_key.hpp"
#include "tools/follow_traffic.hpp"

using namespace mote;
using namespace mote::client;

namespace
{
/// The key 1, whose multiples the committee's keys are.
signature::Signature sign(const chain::Digest& digest)
{
    std::array<std::uint8_t, 32> one{};
    one[31] = 1;
    signature::SecretKey key;
    REQUIRE(key.load(one) == Status::ok);
    return key.sign(digest);
}
}  // namespace

TEST_CASE("a wallet follows finality with about 25 kB a day")
{
    const test::Traffic traffic(512, 51);  // a tenth of the checkpoint committee is absent
    FollowerConfig config;
    config.chain_id.fill(3);
    // Periods 9 and 10 of a day each; the handover is in the last hour of one.
    constexpr std::uint64_t day = 86400;
    const auto follower = std::make_unique<Follower>();
    chain::RootHeader start = traffic.header(9 * day + 8);
    start.next_set = start.next_root_committee = start.next_ckpt_committee = {};
    REQUIRE(follower->start(config, start, {start.height, hash_of(start)}, {start.time_ms, true},
                            Vouched::nobody) == Status::ok);
    std::size_t bytes = 0;
    int messages = 0;
    for (const std::uint64_t height : {9 * day + 30000, 9 * day + 60000, 10 * day - 16})
    {
        chain::RootHeader header = traffic.header(height);
        if (height != 10 * day - 16)
            header.next_ckpt_committee = {};
        chain::FollowerCertificate follows = traffic.certificate(header, 9, {});
        follows.certificate.signature =
            traffic.signature_by(sign(chain::signed_digest(config.chain_id, follows.certificate)));
        bytes += test::Traffic::message_bytes(header, follows);
        // What is sent is what is taken.
        std::vector<std::uint8_t> message(wire::follower_cert_message_bytes_max);
        std::size_t written = 0;
        REQUIRE(wire::encode(follows, message, written) == Status::ok);
        auto absent = std::make_unique<std::array<std::uint32_t, wire::absent_max>>();
        chain::FollowerCertificate received;
        wire::Drop why = wire::Drop::none;
        REQUIRE(wire::decode(Bytes(message).first(written), *absent, received, why) == Status::ok);
        CHECK(follower->take(header, received, {header.time_ms, true},
                             consensus::decoding_check()) == FollowFault::none);
        ++messages;
    }
    REQUIRE(messages == test::messages_a_day);
    CAPTURE(bytes);
    CHECK(bytes < 25600);
    CHECK(bytes > 20000);  // not because something was left out
}
