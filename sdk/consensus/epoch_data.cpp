#include "consensus/epoch_data.hpp"

#include "base/assert.hpp"
#include "chain/tree.hpp"

namespace mote::consensus
{
namespace
{
using signature::PublicKey;

[[nodiscard]] Digest root_of_list(Bytes list, std::size_t each) noexcept
{
    chain::TreeBuilder tree;
    for (; list.size() >= each; list = list.subspan(each))
        tree.add(chain::leaf_hash(list.first(each)));
    return tree.root();
}

void add_multiple(curve::bls12_381::G1Jacobian& sum, const PublicKey& key,
                  std::uint32_t seats) noexcept
{
    if (seats == 1)
        sum += key;
    else
        sum += curve::multiply_vartime(key, field::Limbs<1>{seats});
}

/// Takes one parameter; false if it should be a number and is none.
bool take_parameter(const chain::Parameter& parameter, Parameters& out) noexcept
{
    using chain::ParameterKey;
    std::uint64_t* number = nullptr;
    switch (static_cast<ParameterKey>(parameter.key))
    {
        case ParameterKey::root_leaders:
            out.root_leaders = parameter.value;
            return true;
        case ParameterKey::protocol_version:
            number = &out.protocol_version;
            break;
        case ParameterKey::epoch_heights:
            number = &out.calendar.epoch_heights;
            break;
        case ParameterKey::period_epochs:
            number = &out.calendar.period_epochs;
            break;
        case ParameterKey::window_heights:
            number = &out.calendar.window_heights;
            break;
        case ParameterKey::unproven_max:
            number = &out.zone_limits.unproven_max;
            break;
        case ParameterKey::prove_timeout:
            number = &out.zone_limits.prove_timeout;
            break;
        case ParameterKey::evidence_window:
            number = &out.zone_limits.evidence_window;
            break;
        case ParameterKey::checkpoint_every:
            number = &out.checkpoint_every;
            break;
        case ParameterKey::key_epochs:
            number = &out.key_epochs;
            break;
        case ParameterKey::block_bytes_max:
            number = &out.block_bytes_max;
            break;
        case ParameterKey::root_seats:
        case ParameterKey::zone_seats:
        case ParameterKey::checkpoint_seats:
        case ParameterKey::sync_program:
            break;
    }
    return number == nullptr || chain::number_of(parameter, *number);
}
}  // namespace

std::uint32_t KnownCommittee::find(const chain::PublicKey& key) const noexcept
{
    for (std::uint32_t i = 0; i < committee.members(); ++i)
        if (committee.member(i).public_key == key)
            return i;
    return committee.members();
}

bool KnownCommittee::key_of(std::uint32_t member, PublicKey& out) const noexcept
{
    MOTE_ASSERT(member < committee.members());
    if (!keys.empty())
    {
        out = keys[member];
        return true;
    }
    return signature::decode_public_key(committee.member(member).public_key, out) == Reason::none;
}

Status open_known_committee(Bytes list, const Digest& commitment, std::span<PublicKey> memory,
                            KnownCommittee& out) noexcept
{
    out = {};
    chain::Committee committee;
    if (!chain::open_committee(list, committee))
        return Status::rejected;
    const std::uint32_t members = committee.members();
    const bool keep = memory.size() >= members;
    curve::bls12_381::G1Jacobian sum;
    for (std::uint32_t i = 0; i < members; ++i)
    {
        const chain::Member member = committee.member(i);
        PublicKey key;
        if (signature::decode_public_key(member.public_key, key) != Reason::none)
            return Status::rejected;
        add_multiple(sum, key, member.seats);
        if (keep)
            memory[i] = key;
    }
    const PublicKey all = sum.to_affine_vartime();
    chain::PublicKey encoded{};
    signature::encode(all, encoded);
    if (all.infinity ||
        chain::committee_commitment(committee.seats, members, chain::members_root(list), encoded) !=
            commitment)
        return Status::rejected;
    out.committee = committee;
    out.commitment = commitment;
    out.all = all;
    if (keep)
        out.keys = memory.first(members);
    return Status::ok;
}

chain::Producer ProducerList::at(std::uint32_t index) const noexcept
{
    constexpr std::size_t each = chain::layout_bytes<chain::Producer>;
    MOTE_ASSERT(index < size());
    chain::Producer producer;
    const bool whole = chain::decode(list.subspan(index * each, each), producer);
    MOTE_ASSERT(whole);
    static_cast<void>(whole);
    return producer;
}

Status open_producers(Bytes list, const Digest& root, const Digest& seed,
                      std::span<std::uint32_t> memory, ProducerList& out) noexcept
{
    out = {};
    constexpr std::size_t each = chain::layout_bytes<chain::Producer>;
    if (list.empty() || list.size() % each != 0)
        return Status::rejected;
    const std::size_t count = list.size() / each;
    if (count > memory.size())
        return Status::limit_exceeded;
    if (root_of_list(list, each) != root)
        return Status::rejected;
    chain::permutation(seed, memory.first(count));
    out = {list, memory.first(count)};
    return Status::ok;
}

Status open_parameters(Bytes list, const Digest& root, Parameters& out) noexcept
{
    out = {};
    constexpr std::size_t each = chain::layout_bytes<chain::Parameter>;
    if (list.size() % each != 0 || root_of_list(list, each) != root)
        return Status::rejected;
    Parameters parameters;
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < list.size() / each; ++i)
    {
        chain::Parameter parameter;
        if (!chain::decode(list.subspan(i * each, each), parameter) ||
            (i != 0 && parameter.key <= last) || !take_parameter(parameter, parameters))
            return Status::rejected;
        last = parameter.key;
    }
    if (!parameters.calendar.holds() || parameters.checkpoint_every == 0)
        return Status::rejected;
    out = parameters;
    return Status::ok;
}

const ZoneEpoch* EpochData::find(std::uint32_t zone) const noexcept
{
    for (const ZoneEpoch& candidate : zones)
        if (candidate.zone == zone)
            return &candidate;
    return nullptr;
}
}  // namespace mote::consensus
