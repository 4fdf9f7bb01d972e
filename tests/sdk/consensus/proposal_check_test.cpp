// Proposals over the state of their parent: what a leader builds is accepted, and leads to the same table.
#include "consensus/proposal_check.hpp"

#include <catch2/catch.hpp>

#include "world.hpp"

using namespace world_test;

namespace
{
/// A voter's side: the chain so far, newest last.
struct Chain
{
    explicit Chain(const World& from) : world(from)
    {
        states.push_back(genesis_state(world));
        epoch = world.open_epoch(0, world.genesis.randao);
    }

    [[nodiscard]] ProposalContext context()
    {
        ProposalContext out;
        out.chain_id = world.chain_id;
        out.rules = world.rules();
        out.parent = &states.back()->state;
        out.epoch = &epoch->data;
        out.before = before == nullptr ? nullptr : &before->data;
        out.ancestors = {this, [](void* self, const Digest& block, std::uint64_t& height)
                         {
                             for (const auto& state : static_cast<Chain*>(self)->states)
                                 if (state->state.hash == block)
                                 {
                                     height = state->state.header.height;
                                     return Lookup::found;
                                 }
                             return Lookup::not_found;
                         }};
        out.entropy = named_digest("entropy");
        return out;
    }
    [[nodiscard]] Maker maker() const { return {world, states.back()->state, *epoch}; }

    /// Checks a proposal and, if it holds, goes on from it.
    ProposalFault take(Made& made)
    {
        const ProposalContext c = context();
        if (const ProposalFault fault = check_leader(c, made.proposal());
            fault != ProposalFault::none)
            return fault;
        auto next = std::make_unique<OwnedState>();
        ProposalVerdict verdict;
        check_proposal(c, made.proposal(), next->state.zones, verdict);
        if (verdict.fault != ProposalFault::none)
            return verdict.fault;
        next->state.header = made.header;
        next->state.hash = hash_of(made.header);
        if (next->state.zones.root() != made.header.zone_table_root)
            throw std::runtime_error("another table");
        states.push_back(std::move(next));
        return ProposalFault::none;
    }

    const World& world;
    std::vector<std::unique_ptr<OwnedState>> states;
    std::unique_ptr<EpochBox> epoch, before;
};
}  // namespace

TEST_CASE("blocks with headers, statements, void marks and an epoch's end are accepted")
{
    const World world;
    Chain chain(world);
    OwnedState table;
    for (std::uint64_t height = 1; height <= calendar.epoch_heights; ++height)
    {
        const Maker maker = chain.maker();
        const Digest anchor =
            chain.states[chain.states.size() > 3 ? chain.states.size() - 3 : 0]->state.hash;
        Made made = maker.start(height, height - 1);
        // Zone b is never proven, so its oldest blocks turn void after six heights.
        if (height <= 2)
            maker.add_tip(made, zone_a, anchor, height == 2 ? 2 : 0);
        if (height == 3)
            maker.add_statement(made, zone_a, 2);
        if (height <= 4)
            maker.add_tip(made, zone_b, anchor);
        REQUIRE(maker.finish(made, table.state.zones));
        REQUIRE(chain.take(made) == ProposalFault::none);
    }
    const Zone& a = *chain.states.back()->state.zones.find(zone_a);
    CHECK(a.leaf().proven_height == 2);
    CHECK(a.leaf().tip_height == 4);
    const Zone& b = *chain.states.back()->state.zones.find(zone_b);
    REQUIRE(b.pending().size() == 4);
    CHECK(b.pending()[0].is_void == 1);
    CHECK(b.pending()[1].is_void == 1);
    CHECK(b.pending()[2].is_void == 0);

    // The next epoch: nothing was announced, so everything carries over, with the turns of another seed.
    chain.before = std::move(chain.epoch);
    chain.epoch = world.open_epoch(1, world.genesis.randao);
    const Maker maker = chain.maker();
    Made made = maker.start(1, 0);
    maker.add_statement(made, zone_b, 3);
    REQUIRE(maker.finish(made, table.state.zones));
    CHECK(made.header.flags == 1);
    CHECK(chain.take(made) == ProposalFault::none);
    CHECK(chain.states.back()->state.zones.find(zone_b)->leaf().proven_height == 3);
}

TEST_CASE("an announced set is adopted: a zone leaves, another enters, committees change")
{
    const World world;
    Chain chain(world);
    OwnedState table;
    EpochSet set;
    set.epoch = 1;
    set.root_committee = set.ckpt_committee = world.commitment;
    const std::vector<ZoneRecord> records = {
        world.records[0],
        {3, 0, named_digest("another program"), world.producers_root, world.commitment}};
    set.zones_root = root_of(std::span<const ZoneRecord>(records));
    set.params_root = world.genesis.params_root;
    for (std::uint64_t height = 1; height <= calendar.epoch_heights; ++height)
    {
        const Maker maker = chain.maker();
        Made made = maker.start(height, height - 1);
        if (height == 1)
            maker.add_tip(made, zone_a, chain.states[0]->state.hash);
        if (height == 2)
        {
            maker.add_statement(made, zone_a, 1, hash_of(set));
            made.sets = {set};
        }
        REQUIRE(maker.finish(made, table.state.zones));
        REQUIRE(chain.take(made) == ProposalFault::none);
    }
    REQUIRE(chain.states.back()->state.header.next_set == hash_of(set));

    chain.before = std::move(chain.epoch);
    chain.epoch = world.open_epoch(1, world.genesis.randao);
    chain.epoch->data.zones_root = set.zones_root;
    const auto propose = [&](const std::vector<EpochSet>& sets, const std::vector<ZoneRecord>& with)
    {
        const Maker maker = chain.maker();
        Made made = maker.start(1, 0);
        made.sets = {set};
        made.records = records;
        REQUIRE(maker.finish(made, table.state.zones));
        made.sets = sets;
        made.records = with;
        return made;
    };
    Made without = propose({}, {});
    CHECK(chain.take(without) == ProposalFault::epoch_set);
    Made more = propose({set, set}, records);
    CHECK(chain.take(more) == ProposalFault::epoch_set);
    Made others = propose({set}, world.records);
    CHECK(chain.take(others) == ProposalFault::zone_records);
    EpochSet another = set;
    another.notice_root[0] ^= 1;
    Made wrong = propose({another}, records);
    CHECK(chain.take(wrong) == ProposalFault::epoch_set);
    Made made = propose({set}, records);
    CHECK(chain.take(made) == ProposalFault::none);
    const ZoneTable& zones = chain.states.back()->state.zones;
    REQUIRE(zones.zones().size() == 2);
    CHECK(zones.find(zone_b) == nullptr);
    REQUIRE(zones.find(3) != nullptr);
    CHECK(zones.find(3)->leaf().proven_root == World::empty_root());
    CHECK(zones.find(zone_a)->leaf().proven_height == 1);
}

TEST_CASE("a proposal from the near future is held, one from the far future refused")
{
    const World world;
    Chain chain(world);
    OwnedState table;
    const Maker maker = chain.maker();
    Made made = maker.start(1, 0);
    REQUIRE(maker.finish(made, table.state.zones));
    ProposalContext c = chain.context();
    const auto at = [&](std::uint64_t wall_ms, bool trusted)
    {
        c.time = {trusted, wall_ms, 2000};
        ProposalVerdict verdict;
        check_proposal(c, made.proposal(), table.state.zones, verdict);
        return verdict.fault;
    };
    const std::uint64_t time = made.header.time_ms;
    CHECK(at(time, true) == ProposalFault::none);
    CHECK(at(time + 100000, true) == ProposalFault::none);
    CHECK(at(time - 2000, true) == ProposalFault::none);
    CHECK(at(time - 2001, true) == ProposalFault::future);
    CHECK(at(time - 4000, true) == ProposalFault::future);
    CHECK(at(time - 4001, true) == ProposalFault::far_future);
    CHECK(at(0, false) == ProposalFault::none);
    CHECK(undecided(ProposalFault::future));
    CHECK_FALSE(undecided(ProposalFault::far_future));
}

TEST_CASE("windows are anybody's while a block is void")
{
    const World world;
    Chain chain(world);
    OwnedState table;
    for (std::uint64_t height = 1; height <= 7; ++height)
    {
        const Maker maker = chain.maker();
        Made made = maker.start(height, height - 1);
        if (height == 1)
            maker.add_tip(made, zone_b, chain.states[0]->state.hash);
        REQUIRE(maker.finish(made, table.state.zones));
        REQUIRE(chain.take(made) == ProposalFault::none);
    }
    REQUIRE(chain.states.back()->state.zones.find(zone_b)->windows_open());
    const Maker maker = chain.maker();
    for (const std::uint32_t zone : {zone_a, zone_b})
    {
        Made made = maker.start(8, 7);
        maker.add_tip(made, zone, chain.states[6]->state.hash);
        Made::Update& update = made.updates[0];
        update.update.tip.producer = (update.update.tip.producer + 1) % producer_count;
        maker.certify_tip(update);
        REQUIRE(maker.finish(made, table.state.zones));
        const ProposalContext c = chain.context();
        ProposalVerdict verdict;
        check_proposal(c, made.proposal(), table.state.zones, verdict);
        CHECK(verdict.fault ==
              (zone == zone_b ? ProposalFault::none : ProposalFault::tip_producer));
    }
}

TEST_CASE("the last block is proposed again with nothing but certificates")
{
    const World world;
    Chain chain(world);
    OwnedState table;
    const Maker maker = chain.maker();
    Made made = maker.start(1, 0);
    REQUIRE(maker.finish(made, table.state.zones));
    Made again = made;
    again.view = 3;
    again.has_reveal = false;
    again.has_parent_certificate = true;
    again.parent_certificate = world.certify(Kind::notarize, 0, 1, 0, hash_of(made.header));
    again.nullifications = {world.certify(Kind::nullify, 0, 2, 0, {})};
    maker.sign(again);
    ProposalContext c = chain.context();
    CHECK(check_leader(c, again.proposal()) == ProposalFault::none);
    c.parent = nullptr;
    ProposalVerdict verdict;
    check_proposal(c, again.proposal(), table.state.zones, verdict);
    CHECK(verdict.fault == ProposalFault::none);

    Made with_reveal = again;
    with_reveal.has_reveal = true;
    CHECK(check_leader(c, with_reveal.proposal()) == ProposalFault::reproposal);
    again.nullifications = {world.certify(Kind::nullify, 0, 2, 0, {}, 7)};
    check_proposal(c, again.proposal(), table.state.zones, verdict);
    CHECK(verdict.fault == ProposalFault::none);
    again.nullifications = {world.certify(Kind::nullify, 0, 2, 0, {}, 14)};
    check_proposal(c, again.proposal(), table.state.zones, verdict);
    CHECK(verdict.fault == ProposalFault::nullification);
    CHECK(verdict.certificate_fault == CertificateFault::quorum);
}

TEST_CASE("what the device lacks is not the proposal's fault")
{
    const World world;
    Chain chain(world);
    OwnedState table;
    const Maker maker = chain.maker();
    Made made = maker.start(1, 0);
    maker.add_tip(made, zone_a, chain.states[0]->state.hash);
    REQUIRE(maker.finish(made, table.state.zones));
    ProposalContext c = chain.context();
    const auto fault = [&]
    {
        ProposalVerdict verdict;
        check_proposal(c, made.proposal(), table.state.zones, verdict);
        CHECK(undecided(verdict.fault));
        return verdict.fault;
    };
    EpochData& data = chain.epoch->data;
    const EpochData whole = data;
    data.zones_root[0] ^= 1;
    CHECK(fault() == ProposalFault::unknown_committee);
    data = whole;
    chain.epoch->zones[0].committee = nullptr;
    CHECK(fault() == ProposalFault::unknown_committee);
    chain.epoch->zones[0].committee = &chain.epoch->committee;
    c.ancestors.height_of = [](void*, const Digest&, std::uint64_t&) { return Lookup::unknown; };
    CHECK(fault() == ProposalFault::unknown_anchor);
    data.leaders = {};
    CHECK(check_leader(c, made.proposal()) == ProposalFault::unknown_committee);
}
