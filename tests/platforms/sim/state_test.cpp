// Root blocks of the simulator: what a leader builds is accepted, and no field of it can be another one.
#include <catch2/catch.hpp>

#include "sim/state.hpp"
#include "sim/zones.hpp"

using namespace mote::sim;
namespace chain = mote::chain;
namespace svid = mote::svid;

namespace
{
/// Genesis of a small network, and proposals of its first views.
struct Fixture
{
    std::unique_ptr<SignatureScheme> scheme = simulated_signatures(1, 12);
    Membership members;
    std::unique_ptr<Ledger> ledger;
    ContextPtr context;

    Fixture()
    {
        members.signatures = scheme.get();
        members.calendar = {16, 8, 2};
        members.stakes.assign(8, 1);
        for (std::uint32_t i = 0; i < 4; ++i)
            members.producers.push_back({8 + i, scheme->public_key(8 + i)});
        members.programs.resize(2);
        Rules rules;
        rules.members = &members;
        ledger = std::make_unique<Ledger>(rules);
        const std::vector<Digest> roots = {genesis_state(0), genesis_state(1)};
        const StatePtr genesis = make_genesis(members, 1, roots);
        ledger->set_genesis(genesis);
        context = ledger->context_after(genesis);
    }

    [[nodiscard]] const Digest& chain_id() const { return ledger->rules().chain_id; }

    /// The parts of the proposal of view 1.
    ProposalParts parts()
    {
        ProposalParts out;
        const std::uint32_t leader = context->leader(1);
        out.reveal = scheme->sign(8 + leader, chain::reveal_digest(chain_id(), 0, 1));
        BlockState block;
        REQUIRE(build_block(*ledger, *context, *context->start, 1, 0, leader, 1000, *out.reveal, {},
                            block));
        out.header = block.header;
        out.view = 1;
        sign(out);
        return out;
    }
    /// Signs whatever the header says.
    void sign(ProposalParts& p, std::uint32_t as = UINT32_MAX)
    {
        const std::uint32_t leader = as == UINT32_MAX ? context->leader(p.view) : as;
        p.signature = scheme->sign(
            8 + leader, chain::proposal_digest(chain_id(), 0, p.view, chain::hash_of(p.header)));
    }
    ProposalFault check(const ProposalParts& p)
    {
        StatePtr state;
        const MessagePtr message = proposal_message(p);
        const ProposalFault fault = check_proposal(
            *ledger, *context, *message->proposal, [](const auto&, const auto&) { return true; },
            [](const auto&, const auto&) { return false; }, state);
        CHECK((state != nullptr) == (fault == ProposalFault::none));
        return fault;
    }
};
}  // namespace

TEST_CASE("what a leader builds is accepted, and no field of the header can be another one")
{
    Fixture f;
    const ProposalParts good = f.parts();
    CHECK(f.check(good) == ProposalFault::none);

    auto other = good;
    f.sign(other, (f.context->leader(1) + 1) % 4);
    CHECK(f.check(other) == ProposalFault::leader);
    other = good;
    other.signature[20] ^= 1;
    CHECK(f.check(other) == ProposalFault::leader);

    // Every field, signed by the leader itself. Structured bindings: a new field has to come here.
    unsigned fields = 0;
    const auto changed = [&](auto chain::RootHeader::* field)
    {
        ProposalParts p = good;
        auto& value = p.header.*field;
        if constexpr (std::is_integral_v<std::remove_reference_t<decltype(value)>>)
            value += 1;
        else
            value[5] ^= 1;
        // A header of a later view than its own is no proposal at all.
        if (p.header.view != p.view)
            p.view = p.header.view;
        if (p.header.version != chain::header_version)
            return;  // does not encode
        f.sign(p);
        CAPTURE(fields);
        CHECK(f.check(p) != ProposalFault::none);
        ++fields;
    };
    using H = chain::RootHeader;
    const auto& [version, flags, epoch, height, view, parent, parent_view, proposer, time_ms,
                 body_root, zone_table_root, root_committee, next_root_committee, ckpt_committee,
                 next_ckpt_committee, zones_root, params_root, randao, evidence_root, next_set,
                 epoch_randao] = good.header;
    changed(&H::flags), changed(&H::epoch), changed(&H::height), changed(&H::view);
    changed(&H::parent), changed(&H::proposer), changed(&H::body_root);
    changed(&H::zone_table_root), changed(&H::root_committee), changed(&H::next_root_committee);
    changed(&H::ckpt_committee), changed(&H::next_ckpt_committee), changed(&H::zones_root);
    changed(&H::params_root), changed(&H::randao), changed(&H::evidence_root);
    changed(&H::next_set), changed(&H::epoch_randao);
    CHECK(fields == 18);
    static_cast<void>(version + flags + proposer);
    // The time is the leader's, the parent's view is checked by its place.
    other = good;
    other.header.time_ms = 0;
    f.sign(other);
    CHECK(f.check(other) == ProposalFault::time);
}

TEST_CASE("a reveal, sets and evidence have to be the right ones")
{
    Fixture f;
    const ProposalParts good = f.parts();
    auto other = good;
    other.reveal.reset();
    CHECK(f.check(other) == ProposalFault::reveal);
    other = good;
    (*other.reveal)[50] ^= 1;
    CHECK(f.check(other) == ProposalFault::reveal);
    other = good;
    other.epoch_sets.push_back(f.context->start->next_plan->set);
    CHECK(f.check(other) == ProposalFault::epoch);
    other = good;
    other.records = f.context->plan->records;
    CHECK(f.check(other) == ProposalFault::epoch);
    other = good;
    mote::wire::EvidenceMessage piece;
    piece.kind = 3;
    piece.proposals.blocks[0][0] = 1;
    piece.proposals.blocks[1][0] = 2;
    piece.proposals.view = 1;
    piece.proposals.signatures[0][0] = piece.proposals.signatures[1][0] = 1;
    other.evidence.push_back(piece);
    CHECK(f.check(other) == ProposalFault::evidence);
    // A re-proposal brings nothing, and its block is known.
    other = good;
    other.view = 2;
    f.sign(other);
    CHECK(f.check(other) == ProposalFault::parent);
}

TEST_CASE("a statement that nobody proved, and one whose values are others, do not verify")
{
    Fixture f;
    ProofOracle oracle;
    ZoneBlockPlan plan;
    plan.header.height = 1;
    plan.header.parent = f.context->start->zones[0].leaf.tip_hash;
    plan.header.anchor = f.chain_id();
    plan.header.time_ms = 5;
    plan.data.assign(5000, 7);
    plan.committee = f.context->plan->zones[0];
    plan.chain_id = f.chain_id();
    const ZoneBlockPtr block = make_zone_block(std::move(plan), *f.scheme, 8);

    ProofPackage package;
    chain::Statement& s = package.statement;
    s.from = s.to = 1;
    s.prev_header = block->header.parent;
    s.last_header = block->hash;
    s.pre_root = genesis_state(0);
    s.post_root = execute(s.pre_root, *block);
    package.headers = {block->header};
    const auto& bytes = block->dispersal->header_bytes();
    package.svid_headers.emplace_back(bytes.begin(), bytes.end());
    const chain::Calendar& calendar = f.members.calendar;
    ProofPackage unproven = package;
    unproven.proof[0] = 1;
    CHECK_FALSE(oracle.verify(unproven, f.chain_id(), calendar));
    oracle.prove(package, f.chain_id());
    CHECK(oracle.verify(package, f.chain_id(), calendar));
    ProofPackage other = package;
    other.statement.post_root[0] ^= 1;
    CHECK_FALSE(oracle.verify(other, f.chain_id(), calendar));
    other = package;
    other.statement.aux_root[0] ^= 1;
    CHECK_FALSE(oracle.verify(other, f.chain_id(), calendar));
    other = package;
    other.statement.program_id[0] ^= 1;
    CHECK_FALSE(oracle.verify(other, f.chain_id(), calendar));
    CHECK_FALSE(oracle.verify(package, Digest{}, calendar));
}

TEST_CASE("shares hold for those they are for; a falsified row convicts; enough members rebuild")
{
    Fixture f;
    for (const bool falsify : {false, true})
    {
        ZoneBlockPlan plan;
        plan.header.height = 1;
        plan.data.assign(9000, 3);
        plan.committee = f.context->plan->zones[1];
        plan.header.zone = 1;
        plan.chain_id = f.chain_id();
        plan.falsify_row = falsify;
        const ZoneBlockPtr block = make_zone_block(std::move(plan), *f.scheme, 9);
        unsigned bad = 0;
        std::vector<std::uint32_t> holders;
        for (std::uint32_t member = 0; member < 8; ++member)
        {
            const svid::Verdict verdict = check_shares(*block, member, f.chain_id());
            if (verdict.outcome == svid::Outcome::provisional)
                holders.push_back(member);
            else
            {
                ++bad;
                CHECK(verdict.fault == svid::Fault::fingerprint);
                CHECK(verdict.row == block->dispersal->params().data_rows);
            }
            CHECK(check_shares(*block, member, Digest{}).fault == svid::Fault::header);
        }
        CHECK((bad != 0) == falsify);
        // The first parity row is the one that is falsified; no other one convicts.
        for (std::uint32_t row = 0; row < block->dispersal->params().rows; ++row)
        {
            const bool wrong = falsify && row == block->dispersal->params().data_rows;
            const BadRowMessage shown = show_row(*block, row);
            const auto& stakes = block->committee->stakes;
            CHECK(convicts(shown, block->header, stakes, f.chain_id()) == wrong);
            CHECK_FALSE(convicts(shown, block->header, stakes, Digest{}));
            chain::ZoneHeader other = block->header;
            other.data_commit[0] ^= 1;
            CHECK_FALSE(convicts(shown, other, stakes, f.chain_id()));
            BadRowMessage changed = shown;
            changed.bytes[0] ^= 1;
            CHECK_FALSE(convicts(changed, block->header, stakes, f.chain_id()));
            CHECK(hash_of(changed) != hash_of(shown));
        }
        std::vector<std::uint8_t> data;
        holders.resize(std::min<std::size_t>(holders.size(), 5));
        CHECK(rebuild_from(*block, holders, data));
        CHECK(data == block->data);
        CHECK_FALSE(rebuild_from(*block, {}, data));
    }
}

TEST_CASE("messages that do not decode are not valid, and say why")
{
    Fixture f;
    const MessagePtr good = proposal_message(f.parts());
    CHECK(good->valid);
    for (const MessageType type :
         {MessageType::proposal, MessageType::vote, MessageType::partial, MessageType::certificate,
          MessageType::checkpoint, MessageType::ask, MessageType::evidence, MessageType::shares})
    {
        CHECK_FALSE(decode_message(type, {1, 2, 3})->valid);
        CHECK_FALSE(decode_message(type, std::vector<std::uint8_t>(600, 0xff))->valid);
    }
    // Cut anywhere it is no proposal, or one that lacks what was at its end; never a crash.
    for (std::size_t bytes = 0; bytes < good->bytes.size(); bytes += 7)
    {
        const MessagePtr cut = decode_message(
            MessageType::proposal,
            {good->bytes.begin(), good->bytes.begin() + static_cast<std::ptrdiff_t>(bytes)});
        if (bytes < 300)
            CHECK_FALSE(cut->valid);
    }
}
