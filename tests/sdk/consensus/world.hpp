// A small network for tests: real keys, one committee for everything, two zones, and the blocks of its chain.
//
// Four members with 2, 1, 1 and 1 seats (quorum 4 of 5); the first three are leaders and the producers of
// both zones. Certificates are sums of real signatures.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>

#include "consensus/build_block.hpp"
#include "consensus/proposal_check.hpp"
#include "consensus_support.hpp"
#include "signature/secret_key.hpp"
#include "signature/verify.hpp"

namespace world_test
{
using namespace consensus_test;
using mote::signature::SecretKey;

constexpr mote::chain::Calendar calendar = {8, 4, 2};
constexpr std::size_t member_count = 4, producer_count = 3;
constexpr std::array<std::uint16_t, member_count> seats_of = {2, 1, 1, 1};
constexpr std::uint32_t zone_a = 0, zone_b = 7;
constexpr std::uint32_t everybody = 15;
constexpr std::uint64_t genesis_ms = 1'700'000'000'000;

inline Digest named_digest(const std::string& name)
{
    Digest out{};
    const ByteVector bytes = xof(name, out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

template <class T>
ByteVector list_bytes(const std::vector<T>& values)
{
    ByteVector out;
    for (const T& value : values)
    {
        const auto bytes = mote::chain::encode(value);
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    return out;
}

/// The lists of one epoch, opened.
struct EpochBox
{
    EpochData data;
    KnownCommittee committee;
    std::vector<ZoneEpoch> zones;
    std::vector<std::uint32_t> orders;
    std::vector<mote::signature::PublicKey> keys;
};

class World
{
  public:
    World()
    {
        for (std::size_t i = 0; i < member_count; ++i)
        {
            keys_.push_back(std::make_unique<SecretKey>());
            const ByteVector seed = xof("key " + std::to_string(i), 32);
            if (keys_.back()->derive_master(seed) != Status::ok)
                throw std::runtime_error("no key");
            mote::chain::PublicKey bytes{};
            mote::signature::encode(keys_.back()->public_key(), bytes);
            public_keys.push_back(bytes);
        }
        std::vector<Member> list;
        std::uint16_t seat = 0;
        for (std::size_t i = 0; i < member_count; ++i)
        {
            list.push_back({static_cast<std::uint32_t>(10 + i), public_keys[i], seat, seats_of[i]});
            seat = static_cast<std::uint16_t>(seat + seats_of[i]);
        }
        members = list_bytes(list);
        commitment = commitment_of(members, seat);
        std::vector<Producer> makers;
        for (std::size_t i = 0; i < producer_count; ++i)
            makers.push_back({static_cast<std::uint32_t>(10 + i), public_keys[i]});
        producers = list_bytes(makers);
        producers_root = root_of(std::span<const Producer>(makers));
        set_parameters();
        for (const std::uint32_t zone : {zone_a, zone_b})
        {
            records.push_back({zone, 0, named_digest("program"), producers_root, commitment});
            leaves.push_back(new_zone(zone, named_digest("program"), producers_root, empty_root()));
        }
        make_genesis();
    }

    [[nodiscard]] static Digest empty_root() { return named_digest("empty state"); }
    [[nodiscard]] BlockRules rules() const { return {calendar, 8, empty_root()}; }

    [[nodiscard]] Signature sign(std::size_t who, const Digest& digest) const
    {
        Signature out{};
        mote::signature::encode(keys_[who]->sign(digest), out);
        return out;
    }
    [[nodiscard]] const SecretKey& key(std::size_t who) const { return *keys_[who]; }

    /// A certificate signed by the members of a bit mask.
    [[nodiscard]] OwnedCertificate certify(Kind kind, std::uint64_t epoch, std::uint64_t at,
                                           std::uint32_t zone, const Digest& subject,
                                           std::uint32_t who = everybody) const
    {
        OwnedCertificate out;
        Certificate& c = out.certificate;
        c.kind = kind;
        c.epoch = epoch;
        c.view_or_height = at;
        c.zone = zone;
        c.subject = subject;
        out.signers.resize(1);
        const Digest digest = signed_digest(chain_id, c);
        std::vector<mote::signature::Signature> parts;
        std::uint32_t seat = 0;
        for (std::size_t i = 0; i < member_count; ++i)
            for (std::uint16_t k = 0; k < seats_of[i]; ++k, ++seat)
                if ((who >> i & 1) != 0)
                {
                    set_seat(out.signers, seat);
                    parts.push_back(keys_[i]->sign(digest));
                }
        mote::signature::Signature sum;
        if (mote::signature::aggregate(parts, sum) != Status::ok)
            throw std::runtime_error("nobody signs");
        mote::signature::encode(sum, c.signature);
        return out;
    }

    /// The lists as a voter of `epoch` opens them.
    [[nodiscard]] std::unique_ptr<EpochBox> open_epoch(std::uint64_t epoch,
                                                       const Digest& randao) const
    {
        auto box = std::make_unique<EpochBox>();
        box->keys.resize(member_count);
        box->orders.resize(producer_count * (records.size() + 1));
        EpochData& data = box->data;
        data.epoch = epoch;
        data.zones_root = genesis.zones_root;
        data.params_root = genesis.params_root;
        data.root_commitment = commitment;
        bool good =
            open_parameters(parameter_list, data.params_root, data.parameters) == Status::ok &&
            open_known_committee(members, commitment, box->keys, box->committee) == Status::ok &&
            open_producers(producers, producers_root, seed(randao, epoch, SeedKind::root_turns, 0),
                           std::span(box->orders).first(producer_count),
                           data.leaders) == Status::ok;
        data.root = &box->committee;
        for (std::size_t i = 0; i < records.size(); ++i)
        {
            ZoneEpoch zone;
            zone.zone = records[i].zone;
            zone.commitment = commitment;
            zone.committee = &box->committee;
            good =
                good &&
                open_producers(
                    producers, producers_root, seed(randao, epoch, SeedKind::zone_turns, zone.zone),
                    std::span(box->orders).subspan((i + 1) * producer_count, producer_count),
                    zone.producers) == Status::ok;
            box->zones.push_back(zone);
        }
        data.zones = box->zones;
        if (!good)
            throw std::runtime_error("an epoch does not open");
        return box;
    }

    std::vector<mote::chain::PublicKey> public_keys;
    ByteVector members, producers, parameter_list;
    Digest commitment{}, producers_root{}, chain_id{};
    std::vector<Parameter> parameters;
    std::vector<ZoneRecord> records;
    std::vector<ZoneLeaf> leaves;
    RootHeader genesis;

  private:
    [[nodiscard]] Digest commitment_of(Bytes list, std::uint32_t seats) const
    {
        std::vector<mote::signature::PublicKey> parts;
        mote::curve::bls12_381::G1Jacobian sum;
        for (std::size_t i = 0; i < member_count; ++i)
            for (std::uint16_t k = 0; k < seats_of[i]; ++k)
                sum += keys_[i]->public_key();
        mote::chain::PublicKey all{};
        mote::signature::encode(sum.to_affine_vartime(), all);
        return committee_commitment(seats, member_count, members_root(list), all);
    }

    void set_parameters()
    {
        const auto number = [&](ParameterKey key, std::uint64_t value)
        {
            Parameter parameter;
            parameter.key = static_cast<std::uint32_t>(key);
            mote::store_le(parameter.value.data(), value);
            parameters.push_back(parameter);
        };
        number(ParameterKey::protocol_version, 1);
        parameters.push_back(
            {static_cast<std::uint32_t>(ParameterKey::root_leaders), producers_root});
        number(ParameterKey::epoch_heights, calendar.epoch_heights);
        number(ParameterKey::period_epochs, calendar.period_epochs);
        number(ParameterKey::window_heights, calendar.window_heights);
        number(ParameterKey::unproven_max, 8);
        number(ParameterKey::prove_timeout, 6);
        number(ParameterKey::evidence_window, 3);
        number(ParameterKey::checkpoint_every, 4);
        parameter_list = list_bytes(parameters);
    }

    void make_genesis()
    {
        genesis.time_ms = genesis_ms;
        genesis.parent = named_digest("a test network");
        genesis.body_root = genesis.evidence_root = empty_tree_root();
        genesis.root_committee = genesis.ckpt_committee = commitment;
        genesis.zones_root = root_of(std::span<const ZoneRecord>(records));
        genesis.params_root = root_of(std::span<const Parameter>(parameters));
        genesis.randao = genesis.epoch_randao = named_digest("randao");
        TreeBuilder table;
        for (const ZoneLeaf& leaf : leaves)
            table.add(leaf_hash_of(leaf));
        genesis.zone_table_root = table.root();
        chain_id = hash_of(genesis);
    }

    std::vector<std::unique_ptr<SecretKey>> keys_;
};

/// A state in memory of its own.
struct OwnedState
{
    OwnedState() : memory(64 * 1024)
    {
        void* at = memory.data();
        std::size_t room = memory.size();
        std::align(16, room - 64, at, room);
        mote::Arena arena(at, room);
        if (!state.zones.reserve(4, 16, arena))
            throw std::runtime_error("a table needs more memory");
    }
    std::vector<std::uint8_t> memory;
    ChainState state;
};

inline std::unique_ptr<OwnedState> genesis_state(const World& world)
{
    auto out = std::make_unique<OwnedState>();
    out->state.header = world.genesis;
    out->state.hash = hash_of(world.genesis);
    if (out->state.zones.open(world.leaves, {}) != Status::ok)
        throw std::runtime_error("genesis does not open");
    return out;
}

/// A proposal and everything that it points to.
struct Made
{
    RootHeader header;
    std::uint64_t view = 0;
    Signature signature{}, reveal{};
    bool has_reveal = true, has_parent_certificate = false;
    OwnedCertificate parent_certificate;
    std::vector<OwnedCertificate> nullifications;
    struct Update
    {
        ZoneUpdate update;
        std::vector<ZoneHeader> skipped;
        OwnedCertificate avail, valid;

        [[nodiscard]] ZoneUpdate get() const
        {
            ZoneUpdate out = update;
            out.skipped = skipped;
            out.avail = avail.get();
            out.valid = valid.get();
            return out;
        }
    };
    std::vector<Update> updates;
    std::vector<Evidence> evidence;
    std::vector<EpochSet> sets;
    std::vector<ZoneRecord> records;

    /// The view of it that the checks take; holds until the next call.
    [[nodiscard]] Proposal proposal()
    {
        Proposal out;
        out.header = header;
        out.view = view;
        out.signature = signature;
        out.reveal = has_reveal ? &reveal : nullptr;
        parent_view_ = parent_certificate.get();
        out.parent_certificate = has_parent_certificate ? &parent_view_ : nullptr;
        out.nullifications = {nullifications.size(), this,
                              [](void* self, std::size_t i, Certificate& c)
                              {
                                  c = static_cast<Made*>(self)->nullifications[i].get();
                                  return true;
                              }};
        out.body = body();
        return out;
    }
    [[nodiscard]] BlockBody body()
    {
        BlockBody out;
        out.updates = {updates.size(), this, [](void* self, std::size_t i, ZoneUpdate& update)
                       {
                           update = static_cast<Made*>(self)->updates[i].get();
                           return true;
                       }};
        out.evidence = {evidence.size(), this, [](void* self, std::size_t i, Evidence& piece)
                        {
                            piece = static_cast<Made*>(self)->evidence[i];
                            return true;
                        }};
        out.sets = sets;
        out.records = records;
        return out;
    }

  private:
    Certificate parent_view_;
};

/// Makes proposals over a parent.
class Maker
{
  public:
    Maker(const World& world, const ChainState& parent, const EpochBox& epoch)
        : world_(world), parent_(parent), epoch_(epoch)
    {
    }

    /// An empty proposal for a view over the parent, whose view is `parent_view` (0: the start block).
    [[nodiscard]] Made start(std::uint64_t view, std::uint64_t parent_view) const
    {
        Made made;
        const std::uint64_t epoch = epoch_.data.epoch;
        made.view = view;
        made.header.view = view;
        made.header.parent_view = parent_view;
        made.header.time_ms = parent_.header.time_ms + 1000;
        if (parent_view != 0)
        {
            made.has_parent_certificate = true;
            made.parent_certificate =
                world_.certify(Kind::notarize, epoch, parent_view, 0, parent_.hash);
        }
        for (std::uint64_t v = parent_view + 1; v < view; ++v)
            made.nullifications.push_back(world_.certify(Kind::nullify, epoch, v, 0, {}));
        return made;
    }

    [[nodiscard]] std::uint32_t leader(std::uint64_t view) const
    {
        return root_leader(epoch_.data.leaders.order, view);
    }

    /// Adds headers for a zone, the last one signed and certified.
    void add_tip(Made& made, std::uint32_t zone, const Digest& anchor,
                 std::size_t skipped = 0) const
    {
        Made::Update& update = update_for(made, zone);
        const ZoneLeaf& leaf = parent_.zones.find(zone)->leaf();
        Digest parent = leaf.tip_hash;
        for (std::size_t i = 0; i <= skipped; ++i)
        {
            ZoneHeader header = zone_header(zone, leaf.tip_height + 1 + i, parent, anchor);
            parent = hash_of(header);
            if (i < skipped)
                update.skipped.push_back(header);
            else
                update.update.tip = header;
        }
        update.update.has_tip = true;
        certify_tip(update);
    }

    [[nodiscard]] ZoneHeader zone_header(std::uint32_t zone, std::uint64_t height,
                                         const Digest& parent, const Digest& anchor) const
    {
        ZoneHeader header;
        header.zone = zone;
        header.height = height;
        header.parent = parent;
        header.window = calendar.window(parent_.header.height + 1);
        header.producer = window_owner(epoch_.data.find(zone)->producers.order, header.window);
        header.time_ms = genesis_ms + 10 * height;
        header.data_bytes = 1000;
        header.anchor = anchor;
        header.data_commit = named_digest("data " + std::to_string(height));
        return header;
    }

    void certify_tip(Made::Update& update) const
    {
        const Digest hash = hash_of(update.update.tip);
        update.update.tip_signature = world_.sign(update.update.tip.producer % producer_count,
                                                  zone_header_digest(world_.chain_id, hash));
        update.avail =
            world_.certify(Kind::avail, calendar.epoch_of_window(update.update.tip.window),
                           update.update.tip.height, update.update.zone, hash);
    }

    /// Adds a statement about the first `blocks` pending blocks of a zone.
    void add_statement(Made& made, std::uint32_t zone, std::size_t blocks,
                       const Digest& aux_root = {}) const
    {
        Made::Update& update = update_for(made, zone);
        const Zone& state = *parent_.zones.find(zone);
        Statement& s = update.update.statement;
        s.zone = zone;
        s.program_id = state.leaf().program_id;
        s.from = state.leaf().proven_height + 1;
        s.to = s.from + blocks - 1;
        s.prev_header = state.leaf().proven_hash;
        s.last_header = state.pending()[blocks - 1].header_hash;
        s.pre_root = state.leaf().proven_root;
        s.post_root = named_digest("state " + std::to_string(s.to));
        s.out_msgs_root = empty_tree_root();
        s.aux_root = aux_root;
        for (std::size_t i = 0; i < blocks; ++i)
            s.void_mask |= std::uint64_t{state.pending()[i].is_void} << i;
        update.update.has_statement = true;
        certify_statement(update);
    }

    void certify_statement(Made::Update& update) const
    {
        update.valid = world_.certify(Kind::valid, epoch_.data.epoch, update.update.statement.to,
                                      update.update.zone, statement_hash(update.update.statement));
    }

    /// Fills in the header as a leader does, and signs. False if the body breaks a rule; signed all the same.
    bool finish(Made& made, ZoneTable& next, const RootHeader* keep = nullptr) const
    {
        const std::uint64_t epoch = epoch_.data.epoch;
        const std::uint32_t who = leader(made.header.view);
        made.reveal = world_.sign(who, reveal_digest(world_.chain_id, epoch, made.header.view));
        BlockPlan plan;
        plan.view = made.header.view;
        plan.parent_view = made.header.parent_view;
        plan.proposer = who;
        plan.time_ms = made.header.time_ms;
        plan.reveal = made.reveal;
        plan.body = made.body();
        RootHeader header;
        const bool built =
            build_root_block(parent_, plan, world_.rules(), epoch_.data.parameters.zone_limits,
                             next, header, verdict) == Status::ok;
        if (built)
            made.header = header;
        else if (keep != nullptr)
            made.header = *keep;
        sign(made);
        return built;
    }

    /// Of the last finish().
    mutable ProposalVerdict verdict;

    void sign(Made& made) const
    {
        made.signature = world_.sign(
            leader(made.view),
            proposal_digest(world_.chain_id, made.header.epoch, made.view, hash_of(made.header)));
    }

  private:
    static Made::Update& update_for(Made& made, std::uint32_t zone)
    {
        for (Made::Update& update : made.updates)
            if (update.update.zone == zone)
                return update;
        made.updates.emplace_back();
        made.updates.back().update.zone = zone;
        return made.updates.back();
    }

    const World& world_;
    const ChainState& parent_;
    const EpochBox& epoch_;
};
}  // namespace world_test
