// Every field of a good proposal is changed, by a leader who signs what it changed: each change is refused, by
// the rule that it breaks.
#include <catch2/catch.hpp>
#include <functional>

#include "consensus/proposal_check.hpp"
#include "world.hpp"

using namespace world_test;

namespace
{
/// Two blocks of one chain, and a third that is tampered with: it has a tip with a skipped header and
/// evidence of every kind, a statement, a parent certificate and a nullification.
class Scene
{
  public:
    Scene()
    {
        states.push_back(genesis_state(world));
        epoch = world.open_epoch(0, world.genesis.randao);
        for (std::uint64_t height = 1; height <= 5; ++height)
        {
            const Maker maker = this->maker();
            Made made = maker.start(height, height - 1);
            if (height <= 2)
                maker.add_tip(made, zone_b, states[0]->state.hash);
            accept(made);
        }
        base = maker().start(7, 5);
        maker().add_tip(base, zone_a, states[3]->state.hash, 1);
        maker().add_statement(base, zone_b, 2);
        add_evidence();
        if (!maker().finish(base, table.state.zones))
            throw std::runtime_error("the base is not good");
    }

    [[nodiscard]] Maker maker() const { return {world, states.back()->state, *epoch}; }

    void accept(Made& made)
    {
        auto next = std::make_unique<OwnedState>();
        if (!maker().finish(made, next->state.zones))
            throw std::runtime_error("a block is not good");
        next->state.header = made.header;
        next->state.hash = hash_of(made.header);
        states.push_back(std::move(next));
    }

    [[nodiscard]] ProposalVerdict check(Made& made)
    {
        ProposalContext c;
        c.chain_id = world.chain_id;
        c.rules = world.rules();
        c.parent = &states.back()->state;
        c.epoch = &epoch->data;
        c.ancestors = {this, [](void* self, const Digest& block, std::uint64_t& height)
                       {
                           for (const auto& state : static_cast<Scene*>(self)->states)
                               if (state->state.hash == block)
                               {
                                   height = state->state.header.height;
                                   return Lookup::found;
                               }
                           return Lookup::not_found;
                       }};
        c.bad_rows = {this, [](void*, const Digest& row, const ZoneHeader&)
                      {
                          return row == named_digest("bad row")    ? Lookup::found
                                 : row == named_digest("good row") ? Lookup::not_found
                                                                   : Lookup::unknown;
                      }};
        c.time = {true, made.header.time_ms, 2000};
        c.entropy = named_digest("entropy");
        ProposalVerdict verdict;
        verdict.fault = check_leader(c, made.proposal());
        if (verdict.fault == ProposalFault::none)
            check_proposal(c, made.proposal(), table.state.zones, verdict);
        return verdict;
    }

    /// The leader's own work: header after the change, signature over it.
    ProposalVerdict resigned(const std::function<void(Made&)>& change)
    {
        Made made = base;
        change(made);
        maker().sign(made);
        return check(made);
    }
    ProposalVerdict rebuilt(const std::function<void(Made&)>& change)
    {
        Made made = base;
        const RootHeader header = made.header;
        change(made);
        maker().finish(made, table.state.zones, &header);
        return check(made);
    }

    World world;
    std::vector<std::unique_ptr<OwnedState>> states;
    std::unique_ptr<EpochBox> epoch;
    OwnedState table;
    Made base;

  private:
    void add_evidence()
    {
        const auto vote = [&](Kind kind, const Digest& block)
        {
            return VoteEvidence::Vote{
                static_cast<std::uint8_t>(kind), block,
                world.sign(3, root_vote_digest(world.chain_id, 0, 2, kind, block))};
        };
        Evidence e;
        e.votes.view = 2;
        e.votes.member = 3;
        e.votes.votes = {vote(Kind::notarize, named_digest("x")),
                         vote(Kind::notarize, named_digest("y"))};
        put_in_order(e.votes);
        base.evidence.push_back(e);

        e = {};
        e.kind = 2;
        for (std::size_t i = 0; i < 2; ++i)
        {
            ZoneHeader& header = e.headers.headers[i];
            header = maker().zone_header(zone_b, 3, named_digest("p"), states[0]->state.hash);
            header.data_commit = named_digest(i == 0 ? "one" : "two");
            e.headers.signatures[i] =
                world.sign(header.producer, zone_header_digest(world.chain_id, hash_of(header)));
        }
        put_in_order(e.headers);
        base.evidence.push_back(e);

        e = {};
        e.kind = 3;
        e.proposals.view = 4;
        e.proposals.blocks = {named_digest("x"), named_digest("y")};
        for (std::size_t i = 0; i < 2; ++i)
            e.proposals.signatures[i] = world.sign(
                maker().leader(4), proposal_digest(world.chain_id, 0, 4, e.proposals.blocks[i]));
        put_in_order(e.proposals);
        base.evidence.push_back(e);

        e = {};
        e.kind = 4;
        e.bad_row.header = maker().zone_header(zone_a, 1, named_digest("p"), {});
        e.bad_row.signature =
            world.sign(e.bad_row.header.producer,
                       zone_header_digest(world.chain_id, hash_of(e.bad_row.header)));
        e.bad_row.bad_row = named_digest("bad row");
        base.evidence.push_back(e);
    }
};

using Fault = ProposalFault;

struct Change
{
    const char* name;
    Fault expected;
    std::function<void(Made&)> change;
};

void flip(Digest& digest) { digest[5] ^= 1; }

/// A signature of another message: a point in the group, so only the pairing can tell.
void swap_in(Signature& signature, const Scene& scene)
{
    signature = scene.world.sign(0, named_digest("something else"));
}
}  // namespace

TEST_CASE("the proposal that is tampered with is good")
{
    Scene scene;
    CHECK(scene.check(scene.base).fault == Fault::none);
}

TEST_CASE("every field of the header")
{
    Scene scene;
    const std::vector<Change> changes = {
        {"version", Fault::version, [](Made& m) { ++m.header.version; }},
        {"flags", Fault::epoch_fields, [](Made& m) { ++m.header.flags; }},
        {"epoch", Fault::epoch, [](Made& m) { ++m.header.epoch; }},
        {"height", Fault::height, [](Made& m) { ++m.header.height; }},
        {"height of another epoch", Fault::epoch, [](Made& m) { m.header.height += 8; }},
        {"height 0", Fault::epoch, [](Made& m) { m.header.height = 0; }},
        {"view 0", Fault::view, [](Made& m) { m.header.view = 0; }},
        {"view above", Fault::view, [](Made& m) { ++m.header.view; }},
        {"view below", Fault::reproposal, [](Made& m) { --m.header.view; }},
        {"parent", Fault::parent, [](Made& m) { flip(m.header.parent); }},
        {"proposer", Fault::proposer, [](Made& m) { ++m.header.proposer; }},
        {"time", Fault::time_order, [](Made& m) { m.header.time_ms -= 1000; }},
        {"body_root", Fault::body_root, [](Made& m) { flip(m.header.body_root); }},
        {"zone_table_root", Fault::zone_table_root,
         [](Made& m) { flip(m.header.zone_table_root); }},
        {"root_committee", Fault::epoch_fields, [](Made& m) { flip(m.header.root_committee); }},
        {"next_root_committee", Fault::epoch_fields,
         [](Made& m) { flip(m.header.next_root_committee); }},
        {"ckpt_committee", Fault::epoch_fields, [](Made& m) { flip(m.header.ckpt_committee); }},
        {"next_ckpt_committee", Fault::epoch_fields,
         [](Made& m) { flip(m.header.next_ckpt_committee); }},
        {"zones_root", Fault::epoch_fields, [](Made& m) { flip(m.header.zones_root); }},
        {"params_root", Fault::epoch_fields, [](Made& m) { flip(m.header.params_root); }},
        {"randao", Fault::randao, [](Made& m) { flip(m.header.randao); }},
        {"evidence_root", Fault::evidence_root, [](Made& m) { flip(m.header.evidence_root); }},
        {"next_set", Fault::epoch_fields, [](Made& m) { flip(m.header.next_set); }},
        {"epoch_randao", Fault::epoch_fields, [](Made& m) { flip(m.header.epoch_randao); }},
    };
    for (const Change& change : changes)
    {
        INFO(change.name);
        CHECK(scene.resigned(change.change).fault == change.expected);
    }
    // parent_view is rule 2's: check_place compares it with the certificate.
    Made unsigned_change = scene.base;
    ++unsigned_change.header.time_ms;
    CHECK(scene.check(unsigned_change).fault == Fault::leader_signature);
    Made not_a_point = scene.base;
    not_a_point.signature[50] ^= 1;
    CHECK(scene.check(not_a_point).fault == Fault::leader_signature);
}

TEST_CASE("what travels beside the header")
{
    Scene scene;
    const World& world = scene.world;
    const Digest parent = scene.states.back()->state.hash;
    const std::vector<Change> changes = {
        {"reveal missing", Fault::reveal, [](Made& m) { m.has_reveal = false; }},
        {"reveal no point", Fault::reveal, [](Made& m) { m.reveal[60] ^= 1; }},
        {"parent certificate of a nullification", Fault::parent_certificate,
         [&](Made& m) { m.parent_certificate = world.certify(Kind::nullify, 0, 5, 0, {}); }},
        {"parent certificate of another epoch", Fault::parent_certificate,
         [&](Made& m) { m.parent_certificate = world.certify(Kind::notarize, 1, 5, 0, parent); }},
        {"parent certificate without quorum", Fault::parent_certificate, [&](Made& m)
         { m.parent_certificate = world.certify(Kind::notarize, 0, 5, 0, parent, 3); }},
        {"parent certificate: signature", Fault::parent_certificate,
         [&](Made& m) { swap_in(m.parent_certificate.certificate.signature, scene); }},
        {"nullification: signature", Fault::nullification,
         [&](Made& m) { swap_in(m.nullifications[0].certificate.signature, scene); }},
        {"nullification: signers", Fault::nullification,
         [](Made& m) { m.nullifications[0].signers[0] = 0x1e; }},
        {"nullification of a notarization", Fault::nullification,
         [&](Made& m) { m.nullifications[0] = world.certify(Kind::notarize, 0, 6, 0, parent); }},
        {"a set", Fault::epoch_set, [](Made& m) { m.sets.resize(1); }},
        {"records", Fault::zone_records, [&](Made& m) { m.records = world.records; }},
        {"an update missing", Fault::body_root, [](Made& m) { m.updates.pop_back(); }},
        {"updates in another order", Fault::update_order,
         [](Made& m) { std::swap(m.updates[0], m.updates[1]); }},
        {"an update twice", Fault::update_order,
         [](Made& m) { m.updates.push_back(m.updates.front()); }},
        {"evidence missing", Fault::evidence_root, [](Made& m) { m.evidence.pop_back(); }},
        {"evidence in another order", Fault::evidence_root,
         [](Made& m) { std::swap(m.evidence[0], m.evidence[1]); }},
        {"too much evidence", Fault::evidence,
         [](Made& m) { m.evidence.resize(evidence_max + 1, m.evidence[0]); }},
    };
    for (const Change& change : changes)
    {
        INFO(change.name);
        CHECK(scene.resigned(change.change).fault == change.expected);
    }
    // A reveal that is a signature, but another one; randao follows it.
    Made made = scene.base;
    swap_in(made.reveal, scene);
    made.header.randao = next_randao(scene.states.back()->state.header.randao, made.reveal);
    scene.maker().sign(made);
    CHECK(scene.check(made).fault == Fault::reveal);
}

TEST_CASE("every field of an update, in a body whose roots follow")
{
    Scene scene;
    const World& world = scene.world;
    const Maker maker = scene.maker();
    const auto tip = [&](const std::function<void(Made::Update&)>& change)
    {
        return [&, change](Made& m)
        {
            change(m.updates[0]);
            maker.certify_tip(m.updates[0]);
        };
    };
    const auto statement = [&](const std::function<void(Statement&)>& change)
    {
        return [&, change](Made& m)
        {
            change(m.updates[1].update.statement);
            maker.certify_statement(m.updates[1]);
        };
    };
    const Digest far = scene.states[1]->state.hash, near = scene.states[4]->state.hash;
    const std::vector<Change> changes = {
        {"zone of no leaf", Fault::update_zone, [](Made& m) { m.updates[0].update.zone = 5; }},
        {"empty", Fault::update_empty, [](Made& m) { m.updates[0].update.has_tip = false; }},
        {"tip version", Fault::tip_zone, tip([](auto& u) { ++u.update.tip.version; })},
        {"tip zone", Fault::tip_zone, tip([](auto& u) { u.update.tip.zone = zone_b; })},
        {"tip height", Fault::zone_rule, tip([](auto& u) { ++u.update.tip.height; })},
        {"tip parent", Fault::zone_rule, tip([](auto& u) { flip(u.update.tip.parent); })},
        {"tip producer", Fault::tip_producer,
         tip([](auto& u) { u.update.tip.producer = (u.update.tip.producer + 1) % 3; })},
        {"tip producer of no list", Fault::tip_producer,
         tip([](auto& u) { u.update.tip.producer = 3; })},
        {"tip window after", Fault::tip_window, tip([](auto& u) { ++u.update.tip.window; })},
        {"tip of the future", Fault::tip_time,
         tip([&](auto& u) { u.update.tip.time_ms = scene.base.header.time_ms + 2001; })},
        {"anchor unknown", Fault::tip_anchor, tip([](auto& u) { flip(u.update.tip.anchor); })},
        {"anchor too old", Fault::tip_anchor,
         tip(
             [&](auto& u)
             {
                 u.skipped[0].anchor = far;
                 u.update.tip.parent = hash_of(u.skipped[0]);
             })},
        {"anchor going back", Fault::tip_anchor,
         tip(
             [&](auto& u)
             {
                 u.skipped[0].anchor = near;
                 u.update.tip.parent = hash_of(u.skipped[0]);
             })},
        {"tip signature", Fault::tip_signature,
         [&](Made& m) { swap_in(m.updates[0].update.tip_signature, scene); }},
        {"skipped header", Fault::zone_rule,
         [](Made& m) { flip(m.updates[0].skipped[0].claimed_root); }},
        {"skipped zone", Fault::tip_zone, [](Made& m) { m.updates[0].skipped[0].zone = zone_b; }},
        {"skipped missing", Fault::zone_rule, [](Made& m) { m.updates[0].skipped.clear(); }},
        {"avail kind", Fault::avail_place,
         [&](Made& m) { m.updates[0].avail.certificate.kind = Kind::valid; }},
        {"avail epoch", Fault::avail_place,
         [](Made& m) { ++m.updates[0].avail.certificate.epoch; }},
        {"avail zone", Fault::avail_place,
         [](Made& m) { m.updates[0].avail.certificate.zone = zone_b; }},
        {"avail height", Fault::avail_place,
         [](Made& m) { ++m.updates[0].avail.certificate.view_or_height; }},
        {"avail subject", Fault::avail_place,
         [](Made& m) { flip(m.updates[0].avail.certificate.subject); }},
        {"avail signers", Fault::avail_certificate,
         [](Made& m) { m.updates[0].avail.signers[0] = 0x1d; }},
        {"avail fewer signers", Fault::avail_certificate,
         [](Made& m) { m.updates[0].avail.signers[0] = 0x0f; }},
        {"avail signature", Fault::avail_certificate,
         [&](Made& m) { swap_in(m.updates[0].avail.certificate.signature, scene); }},
        {"statement zone", Fault::valid_place, statement([](auto& s) { s.zone = zone_a; })},
        {"program", Fault::zone_rule, statement([](auto& s) { flip(s.program_id); })},
        {"from", Fault::zone_rule, statement([](auto& s) { ++s.from; })},
        {"to", Fault::zone_rule, statement([](auto& s) { ++s.to; })},
        {"void_mask", Fault::zone_rule, statement([](auto& s) { s.void_mask ^= 1; })},
        {"prev_header", Fault::zone_rule, statement([](auto& s) { flip(s.prev_header); })},
        {"last_header", Fault::zone_rule, statement([](auto& s) { flip(s.last_header); })},
        {"pre_root", Fault::zone_rule, statement([](auto& s) { flip(s.pre_root); })},
        {"post_root", Fault::valid_place,
         [](Made& m) { flip(m.updates[1].update.statement.post_root); }},
        {"out_msgs_root", Fault::valid_place,
         [](Made& m) { flip(m.updates[1].update.statement.out_msgs_root); }},
        {"aux_root", Fault::statement_aux, statement([](auto& s) { flip(s.aux_root); })},
        {"valid epoch", Fault::valid_place,
         [&](Made& m)
         {
             const Statement& s = m.updates[1].update.statement;
             m.updates[1].valid = world.certify(Kind::valid, 1, s.to, zone_b, statement_hash(s));
         }},
        {"valid zone", Fault::valid_place,
         [](Made& m) { m.updates[1].valid.certificate.zone = zone_a; }},
        {"valid height", Fault::valid_place,
         [](Made& m) { ++m.updates[1].valid.certificate.view_or_height; }},
        {"valid subject", Fault::valid_place,
         [](Made& m) { flip(m.updates[1].valid.certificate.subject); }},
        {"valid signature", Fault::valid_certificate,
         [&](Made& m) { swap_in(m.updates[1].valid.certificate.signature, scene); }},
    };
    for (const Change& change : changes)
    {
        INFO(change.name);
        const ProposalVerdict verdict = scene.rebuilt(change.change);
        CHECK(verdict.fault == change.expected);
        CHECK((verdict.fault == Fault::zone_rule) == (verdict.zone_fault != ZoneFault::none));
    }
    // What nobody can see in the header itself is covered by the signature over its hash.
    for (const auto& change :
         std::vector<std::function<void(ZoneHeader&)>>{
             [](ZoneHeader& h) { ++h.time_ms; }, [](ZoneHeader& h) { ++h.data_bytes; },
             [](ZoneHeader& h) { flip(h.data_commit); }, [](ZoneHeader& h)
             { flip(h.claimed_root); }, [](ZoneHeader& h) { flip(h.out_msgs_root); }})
    {
        const auto only_header = [&](Made& m) { change(m.updates[0].update.tip); };
        CHECK(scene.rebuilt(only_header).fault == Fault::avail_place);
        const auto with_avail = [&](Made& m)
        {
            change(m.updates[0].update.tip);
            const Signature before = m.updates[0].update.tip_signature;
            maker.certify_tip(m.updates[0]);
            m.updates[0].update.tip_signature = before;
        };
        CHECK(scene.rebuilt(with_avail).fault == Fault::tip_signature);
    }
}

TEST_CASE("every field of every kind of evidence, in a body whose roots follow")
{
    Scene scene;
    const auto at = [](std::size_t i, const std::function<void(Evidence&)>& change)
    { return [i, change](Made& m) { change(m.evidence[i]); }; };
    const std::vector<Change> changes = {
        {"kind", Fault::evidence, at(0, [](Evidence& e) { e.kind = 2; })},
        {"votes: epoch", Fault::evidence_epoch, at(0, [](Evidence& e) { e.votes.epoch = 5; })},
        {"votes: view", Fault::evidence_signature, at(0, [](Evidence& e) { ++e.votes.view; })},
        {"votes: view 0", Fault::evidence_place, at(0, [](Evidence& e) { e.votes.view = 0; })},
        {"votes: member", Fault::evidence_signature,
         at(0, [](Evidence& e) { e.votes.member = 1; })},
        {"votes: nobody", Fault::evidence_place, at(0, [](Evidence& e) { e.votes.member = 4; })},
        {"votes: tag", Fault::evidence, at(0, [](Evidence& e) { e.votes.tag = 2; })},
        {"votes: kinds", Fault::evidence, at(0, [](Evidence& e) { e.votes.votes[1].kind = 3; })},
        {"votes: order", Fault::evidence,
         at(0, [](Evidence& e) { std::swap(e.votes.votes[0], e.votes.votes[1]); })},
        {"votes: twice the same", Fault::evidence,
         at(0, [](Evidence& e) { e.votes.votes[1] = e.votes.votes[0]; })},
        {"votes: signature", Fault::evidence_signature,
         at(0, [&](Evidence& e) { swap_in(e.votes.votes[1].signature, scene); })},
        {"headers: window", Fault::evidence,
         at(1, [](Evidence& e) { ++e.headers.headers[0].window; })},
        {"headers: epoch", Fault::evidence_epoch,
         at(1,
            [](Evidence& e)
            {
                for (ZoneHeader& h : e.headers.headers)
                    h.window += 4;
                put_in_order(e.headers);
            })},
        {"headers: zone", Fault::evidence_place,
         at(1,
            [](Evidence& e)
            {
                for (ZoneHeader& h : e.headers.headers)
                    h.zone = 9;
                put_in_order(e.headers);
            })},
        {"headers: producer", Fault::evidence_place,
         at(1,
            [](Evidence& e)
            {
                for (ZoneHeader& h : e.headers.headers)
                    h.producer = (h.producer + 1) % 3;
                put_in_order(e.headers);
            })},
        {"headers: height", Fault::evidence_signature,
         at(1,
            [](Evidence& e)
            {
                for (ZoneHeader& h : e.headers.headers)
                    ++h.height;
                put_in_order(e.headers);
            })},
        {"headers: signature", Fault::evidence_signature,
         at(1, [&](Evidence& e) { swap_in(e.headers.signatures[0], scene); })},
        {"proposals: epoch", Fault::evidence_epoch,
         at(2, [](Evidence& e) { e.proposals.epoch = 1; })},
        {"proposals: view", Fault::evidence_signature,
         at(2, [](Evidence& e) { ++e.proposals.view; })},
        {"proposals: view 0", Fault::evidence_place,
         at(2, [](Evidence& e) { e.proposals.view = 0; })},
        {"proposals: one block", Fault::evidence,
         at(2, [](Evidence& e) { e.proposals.blocks[1] = e.proposals.blocks[0]; })},
        {"proposals: signature", Fault::evidence_signature,
         at(2, [&](Evidence& e) { swap_in(e.proposals.signatures[1], scene); })},
        {"bad row: tag", Fault::evidence, at(3, [](Evidence& e) { e.bad_row.tag = 1; })},
        {"bad row: signature", Fault::evidence_signature,
         at(3, [&](Evidence& e) { swap_in(e.bad_row.signature, scene); })},
        {"bad row: header", Fault::evidence_signature,
         at(3, [](Evidence& e) { flip(e.bad_row.header.data_commit); })},
        {"bad row: a good one", Fault::bad_row,
         at(3, [](Evidence& e) { e.bad_row.bad_row = named_digest("good row"); })},
        {"bad row: not here", Fault::unknown_bad_row,
         at(3, [](Evidence& e) { flip(e.bad_row.bad_row); })},
    };
    for (const Change& change : changes)
    {
        INFO(change.name);
        CHECK(scene.rebuilt(change.change).fault == change.expected);
    }
}
