// Followers over chains whose committees really sign: periods, epochs, forks, age, versions.
#include "client/follower.hpp"

#include <catch2/catch.hpp>

#include "follower_world.hpp"

using namespace follower_test;

namespace
{
constexpr std::uint64_t day = 86400000;

const World& world()
{
    static const World w(40);
    return w;
}

FollowFault take(Follower& follower, const RootHeader& header, const Follows& follows,
                 const WallClock& now = {})
{
    return follower.take(header, follows.get(), now, decoding_check());
}

std::unique_ptr<Follower> started(const World& w, std::uint64_t height = 0)
{
    auto follower = std::make_unique<Follower>();
    const RootHeader& header = w.headers[height];
    REQUIRE(follower->start(config_of(w), header, checkpoint_of(header), at(header.time_ms),
                            Vouched::nobody) == Status::ok);
    return follower;
}
}  // namespace

TEST_CASE("one handover a period leads from genesis to the end of the chain")
{
    const World& w = world();
    const auto follower = started(w);
    // Epochs have 4 heights and periods 2 epochs, so period p ends with height 8 (p + 1).
    for (std::uint64_t height = 8; height <= 40; height += 8)
    {
        REQUIRE(take(*follower, w.headers[height], w.checkpointed(w.headers[height])) ==
                FollowFault::none);
        REQUIRE(follower->newest()->header == w.headers[height]);
    }
    CHECK(follower->phase() == FollowerPhase::following);
    CHECK(follower->newest()->kind == Kind::ckpt);
}

TEST_CASE("between the handover and the new period the old committee still counts")
{
    const World& w = world();
    const auto follower = started(w);
    // Height 7 names period 1's committee; 8 is still of period 0.
    CHECK(take(*follower, w.headers[7], w.checkpointed(w.headers[7])) == FollowFault::none);
    CHECK(take(*follower, w.headers[8], w.checkpointed(w.headers[8])) == FollowFault::none);
    CHECK(take(*follower, w.headers[9], w.checkpointed(w.headers[9])) == FollowFault::none);
}

TEST_CASE("a follower cannot skip a period, nor an epoch of finalizations")
{
    const World& w = world();
    const auto follower = started(w);
    CHECK(take(*follower, w.headers[9], w.checkpointed(w.headers[9])) == FollowFault::committee);
    CHECK(take(*follower, w.headers[17], w.checkpointed(w.headers[17])) == FollowFault::committee);
    // Height 6 does not know period 1's committee yet.
    CHECK(take(*follower, w.headers[6], w.checkpointed(w.headers[6])) == FollowFault::none);
    CHECK(take(*follower, w.headers[9], w.checkpointed(w.headers[9])) == FollowFault::committee);
    // Epoch 1's committee is named by genesis, that of epoch 2 by height 7.
    const auto by_root = started(w);
    CHECK(take(*by_root, w.headers[9], w.finalized(w.headers[9])) == FollowFault::committee);
    CHECK(take(*by_root, w.headers[7], w.finalized(w.headers[7])) == FollowFault::none);
    CHECK(take(*by_root, w.headers[9], w.finalized(w.headers[9])) == FollowFault::none);
    CHECK(by_root->newest()->kind == Kind::finalize);
}

TEST_CASE("finalizations alone lead as far, and checkpoints may go on from them")
{
    const World& w = world();
    const auto follower = started(w);
    for (std::uint64_t height = 3; height <= 35; height += 4)
        REQUIRE(take(*follower, w.headers[height], w.finalized(w.headers[height])) ==
                FollowFault::none);
    CHECK(take(*follower, w.headers[36], w.checkpointed(w.headers[36])) == FollowFault::none);
    // An epoch's last block is finalized in a view above its own.
    CHECK(take(*follower, w.headers[40], w.finalized(w.headers[40], 5)) == FollowFault::none);
}

TEST_CASE("a carried over epoch keeps its root committee and may lose its checkpoint committee")
{
    // No set for epoch 2, which begins period 1.
    const World w(16, {2});
    REQUIRE(mote::chain::is_zero(w.headers[9].ckpt_committee));
    REQUIRE(w.headers[9].root_committee == w.headers[8].root_committee);
    auto follower = started(w);
    CHECK(take(*follower, w.headers[7], w.checkpointed(w.headers[7])) == FollowFault::none);
    // Only the last block of epoch 1 says that nothing was announced.
    CHECK(take(*follower, w.headers[9], w.finalized(w.headers[9])) == FollowFault::committee);
    CHECK(take(*follower, w.headers[8], w.checkpointed(w.headers[8])) == FollowFault::none);
    CHECK(take(*follower, w.headers[9], w.checkpointed(w.headers[9])) == FollowFault::committee);
    CHECK(take(*follower, w.headers[11], w.finalized(w.headers[11])) == FollowFault::none);
    // Epoch 3 has a checkpoint committee again.
    REQUIRE_FALSE(mote::chain::is_zero(w.headers[13].ckpt_committee));
    CHECK(take(*follower, w.headers[13], w.checkpointed(w.headers[13])) == FollowFault::none);
}

TEST_CASE("what is not certified is not taken")
{
    const World& w = world();
    const auto follower = started(w);
    const RootHeader& header = w.headers[5];
    const Follows good = w.checkpointed(header);
    const auto fault = [&](const RootHeader& h, const Follows& f)
    {
        const FollowFault found = take(*follower, h, f);
        CHECK(follower->newest()->header == w.headers[0]);
        CHECK(follower->phase() == FollowerPhase::following);
        return found;
    };
    const auto changed_header = [&](const auto& change)
    {
        RootHeader h = header;
        change(h);
        return fault(h, good);
    };
    const auto changed = [&](const auto& change)
    {
        Follows f = good;
        change(f);
        return fault(header, f);
    };
    CHECK(fault(header, w.checkpointed(header, {0, 1, 3})) == FollowFault::certificate);
    CHECK(changed_header([](RootHeader& h) { h.version = 2; }) == FollowFault::upgrade);
    CHECK(changed_header([](RootHeader& h) { h.epoch = 2; }) == FollowFault::place);
    CHECK(changed_header([](RootHeader& h) { h.height = 9; }) == FollowFault::place);
    // Every other field is in the hash.
    const LayoutOf<RootHeader> bytes = encode(header);
    int subjects = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
    {
        LayoutOf<RootHeader> other = bytes;
        other[i] ^= 1;
        RootHeader h;
        REQUIRE(decode(Bytes(other), h));
        const FollowFault found = fault(h, good);
        CHECK(found != FollowFault::none);
        subjects += found == FollowFault::subject ? 1 : 0;
    }
    CHECK(subjects >= 460 - 16);
    CHECK(changed([](Follows& f) { f.certificate.kind = Kind::notarize; }) == FollowFault::subject);
    CHECK(changed([](Follows& f) { f.certificate.kind = Kind::finalize; }) == FollowFault::subject);
    CHECK(changed([](Follows& f) { f.certificate.epoch = 1; }) == FollowFault::subject);
    CHECK(changed([](Follows& f) { f.certificate.view_or_height = 6; }) == FollowFault::subject);
    CHECK(changed([](Follows& f) { f.certificate.subject[1] ^= 1; }) == FollowFault::subject);
    CHECK(changed([](Follows& f) { f.certificate.zone = 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.certificate.signature[9] ^= 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.signers[0] ^= 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.leaves[9] ^= 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.path[9] ^= 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.absent[0] ^= 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.parts.seats += 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.parts.members += 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.parts.members_root[0] ^= 1; }) == FollowFault::certificate);
    CHECK(changed([](Follows& f) { f.parts.agg_pk[0] ^= 1; }) == FollowFault::certificate);
    // A finalization below the header's own view.
    Follows low = w.finalized(header);
    low.certificate.view_or_height -= 1;
    CHECK(fault(header, low) == FollowFault::subject);
    // Another chain.
    FollowerConfig other = config_of(w);
    other.chain_id[0] ^= 1;
    auto elsewhere = std::make_unique<Follower>();
    REQUIRE(elsewhere->start(other, w.headers[0], checkpoint_of(w.headers[0]),
                             at(w.headers[0].time_ms), Vouched::nobody) == Status::ok);
    CHECK(take(*elsewhere, header, good) == FollowFault::certificate);
    // And the good one is good.
    CHECK(take(*follower, header, good) == FollowFault::none);
    CHECK(take(*follower, header, good) == FollowFault::old);
    CHECK(take(*follower, w.headers[3], w.checkpointed(w.headers[3])) == FollowFault::old);
}

TEST_CASE("two certified branches are a FAULT, with both as evidence and answers below them only")
{
    const World& w = world();
    const World fork(40, {}, 1, 10);  // another chain above height 10
    REQUIRE(fork.chain_id == w.chain_id);
    REQUIRE(fork.headers[10] == w.headers[10]);
    for (const bool by_checkpoint : {false, true})
    {
        const auto follower = started(w, 8);
        REQUIRE(take(*follower, w.headers[10], w.checkpointed(w.headers[10])) == FollowFault::none);
        REQUIRE(take(*follower, w.headers[12], w.checkpointed(w.headers[12])) == FollowFault::none);
        REQUIRE(take(*follower, w.headers[14], w.checkpointed(w.headers[14])) == FollowFault::none);
        const RootHeader& other = fork.headers[12];
        // Somebody who only claims it does not stop anybody.
        CHECK(take(*follower, other, fork.checkpointed(other, {0, 1, 3})) ==
              FollowFault::certificate);
        REQUIRE(follower->phase() == FollowerPhase::following);
        CHECK(take(*follower, other,
                   by_checkpoint ? fork.checkpointed(other) : fork.finalized(other)) ==
              FollowFault::conflict);
        REQUIRE(follower->phase() == FollowerPhase::fault);
        CHECK(follower->evidence()[0].header == w.headers[12]);
        CHECK(follower->evidence()[1].header == other);
        for (const Certified& one : follower->evidence())
        {
            const std::uint64_t number = one.kind == Kind::ckpt ? one.epoch : one.header.epoch;
            Voters& of = one.kind == Kind::ckpt ? World::checkpoint(number) : World::root(number);
            CHECK(verify(one.certificate(), of.committee(), w.chain_id, of.keys().check()) ==
                  mote::chain::CertificateFault::none);
        }
        REQUIRE(follower->newest() != nullptr);
        CHECK(follower->newest()->header == w.headers[10]);
        // For good.
        CHECK(take(*follower, w.headers[15], w.checkpointed(w.headers[15])) == FollowFault::closed);
        follower->confirm();
        follower->on_clock(at(w.headers[15].time_ms + 40 * day));
        CHECK(follower->phase() == FollowerPhase::fault);
    }
    // A fork of the checkpoint itself leaves nothing to answer from.
    const auto follower = started(w, 12);
    CHECK(take(*follower, fork.headers[13], fork.checkpointed(fork.headers[13])) ==
          FollowFault::conflict);
    CHECK(follower->newest() == nullptr);
    CHECK_FALSE(follower->evidence()[0].has_certificate);
}

TEST_CASE("heights never decrease, and old headers are kept as far as there is room")
{
    const World w(100);
    const auto follower = started(w);
    std::uint64_t last = 0;
    for (std::uint64_t height = 1; height <= 90; ++height)
    {
        REQUIRE(take(*follower, w.headers[height], w.checkpointed(w.headers[height])) ==
                FollowFault::none);
        CHECK(follower->newest()->header.height > last);
        last = follower->newest()->header.height;
    }
    const World fork(100, {}, 1, 10);
    // Within the kept ones a fork shows, below them it is only old.
    CHECK(take(*follower, fork.headers[20], fork.checkpointed(fork.headers[20])) ==
          FollowFault::old);
    CHECK(take(*follower, fork.headers[90], fork.checkpointed(fork.headers[90])) ==
          FollowFault::conflict);
}

TEST_CASE("age decides unless somebody vouches")
{
    const World& w = world();
    const RootHeader& header = w.headers[4];
    const std::uint64_t limit = header.time_ms + trust_period_ms_default;
    const auto owner = std::make_unique<Follower>();
    Follower& follower = *owner;
    const auto start = [&](const WallClock& now, Vouched vouched)
    { return follower.start(config_of(w), header, checkpoint_of(header), now, vouched); };
    CHECK(start(at(limit), Vouched::nobody) == Status::ok);
    CHECK(start(at(limit + 1), Vouched::nobody) == Status::rejected);
    CHECK(follower.phase() == FollowerPhase::closed);
    CHECK(follower.newest() == nullptr);
    CHECK(take(follower, w.headers[5], w.checkpointed(w.headers[5])) == FollowFault::closed);
    CHECK(start({limit, false}, Vouched::nobody) == Status::rejected);
    CHECK(start({0, false}, Vouched::confirmed) == Status::ok);
    CHECK(start(at(limit + 100 * day), Vouched::agreed) == Status::ok);
    // The word holds for what it was given about.
    follower.on_clock(at(limit + 100 * day));
    CHECK(follower.phase() == FollowerPhase::following);
    CHECK(take(follower, w.headers[5], w.checkpointed(w.headers[5]), at(limit + 100 * day)) ==
          FollowFault::none);
    CHECK(take(follower, w.headers[6], w.checkpointed(w.headers[6]), at(limit + 100 * day)) ==
          FollowFault::closed);
    CHECK(follower.phase() == FollowerPhase::stale);
    CHECK(follower.newest() == nullptr);
    follower.confirm();
    CHECK(take(follower, w.headers[6], w.checkpointed(w.headers[6]), at(limit + 100 * day)) ==
          FollowFault::none);
    // A clock that is not trusted says nothing.
    CHECK(start(at(limit), Vouched::nobody) == Status::ok);
    follower.on_clock({limit + 100 * day, false});
    CHECK(follower.phase() == FollowerPhase::following);
    follower.on_clock(at(limit + 1));
    CHECK(follower.phase() == FollowerPhase::stale);
}

TEST_CASE("a start is about the header that the checkpoint names")
{
    const World& w = world();
    const RootHeader& header = w.headers[4];
    const auto follower = std::make_unique<Follower>();
    const auto start =
        [&](const RootHeader& h, const mote::chain::Checkpoint& c, const FollowerConfig& config)
    { return follower->start(config, h, c, at(h.time_ms), Vouched::confirmed); };
    FollowerConfig config = config_of(w);
    CHECK(start(header, checkpoint_of(header), config) == Status::ok);
    CHECK(start(w.headers[5], checkpoint_of(header), config) == Status::invalid_argument);
    CHECK(start(header, {5, hash_of(header)}, config) == Status::invalid_argument);
    RootHeader wrong = header;
    wrong.epoch = 7;
    CHECK(start(wrong, checkpoint_of(wrong), config) == Status::invalid_argument);
    wrong = header;
    wrong.version = 2;
    CHECK(start(wrong, checkpoint_of(wrong), config) == Status::invalid_argument);
    config.calendar.epoch_heights = 0;
    CHECK(start(header, checkpoint_of(header), config) == Status::invalid_argument);
}

TEST_CASE("an announced version that is not known ends the following at its epoch")
{
    using mote::chain::Notice;
    const auto notice = [](std::uint8_t kind, std::uint64_t epoch, std::uint64_t version)
    {
        Notice n;
        n.kind = kind;
        n.activation_epoch = epoch;
        mote::store_le(n.value.data(), version);
        return n;
    };
    const std::vector<Notice> notices = {notice(1, 1, 9), notice(6, 2, 1), notice(6, 3, 2),
                                         notice(6, 5, 3), notice(5, 1, 7)};
    EpochSet set = World::set_of(2, 0);
    set.notice_root = mote::chain::root_of(std::span<const Notice>(notices));
    // The world with this set announced by height 7.
    World w(16);
    const auto rebuild = [&](std::uint64_t from)
    {
        for (std::uint64_t h = from; h <= 16; ++h)
            w.headers[h].parent = hash_of(w.headers[h - 1]);
    };
    w.headers[7].next_set = w.headers[8].next_set = hash_of(set);
    rebuild(8);
    const auto follower = started(w);
    CHECK(follower->on_epoch_set(set, notices) == Status::rejected);
    REQUIRE(take(*follower, w.headers[7], w.checkpointed(w.headers[7])) == FollowFault::none);
    CHECK(follower->on_epoch_set(World::set_of(2, 0), notices) == Status::rejected);
    CHECK(follower->on_epoch_set(set, std::span(notices).first(4)) == Status::rejected);
    CHECK(follower->supported_before_epoch() == UINT64_MAX);
    CHECK(follower->on_epoch_set(set, notices) == Status::ok);
    CHECK(follower->supported_before_epoch() == 3);
    REQUIRE(take(*follower, w.headers[11], w.checkpointed(w.headers[11])) == FollowFault::none);
    CHECK(follower->phase() == FollowerPhase::following);
    // Epoch 3 begins with height 13.
    CHECK(take(*follower, w.headers[13], w.checkpointed(w.headers[13])) == FollowFault::upgrade);
    CHECK(follower->phase() == FollowerPhase::upgrade_required);
    CHECK(follower->newest()->header == w.headers[11]);
    CHECK(take(*follower, w.headers[12], w.checkpointed(w.headers[12])) == FollowFault::none);
}

TEST_CASE("parameters in force above what is known raise the same")
{
    using mote::chain::Parameter;
    std::vector<Parameter> parameters(3);
    for (std::uint32_t i = 0; i < 3; ++i)
        parameters[i].key = i;
    for (const std::uint64_t version : {1U, 2U})
    {
        mote::store_le(parameters[0].value.data(), version);
        World w(1);
        w.headers[0].params_root = mote::chain::root_of(std::span<const Parameter>(parameters));
        const auto follower = started(w);
        CHECK(follower->on_parameters(std::span(parameters).first(2)) == Status::rejected);
        CHECK(follower->phase() == FollowerPhase::following);
        CHECK(follower->on_parameters(parameters) == Status::ok);
        CHECK(follower->phase() ==
              (version == 1 ? FollowerPhase::following : FollowerPhase::upgrade_required));
        CHECK(follower->newest() != nullptr);
    }
}

TEST_CASE("a follower's state fits into 128 KiB")
{
    CHECK(sizeof(Follower) <= 131072);
    CHECK(sizeof(Follower) > 32768);  // 64 headers and certificates
}
