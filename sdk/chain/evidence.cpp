#include "chain/evidence.hpp"

#include <utility>

namespace mote::chain
{
namespace
{
[[nodiscard]] bool lower(const VoteEvidence::Vote& a, const VoteEvidence::Vote& b) noexcept
{
    return a.kind != b.kind ? a.kind < b.kind : a.block < b.block;
}
}  // namespace

Digest leaf_hash_of(const Evidence& evidence) noexcept
{
    MOTE_ASSERT(evidence.kind >= 1 && evidence.kind <= 4);
    switch (evidence.kind)
    {
        case 1:
            return leaf_hash_of(evidence.votes);
        case 2:
            return leaf_hash_of(evidence.headers);
        case 3:
            return leaf_hash_of(evidence.proposals);
        default:
            return leaf_hash_of(evidence.bad_row);
    }
}

void put_in_order(VoteEvidence& evidence) noexcept
{
    if (lower(evidence.votes[1], evidence.votes[0]))
        std::swap(evidence.votes[0], evidence.votes[1]);
}

void put_in_order(HeaderEvidence& evidence) noexcept
{
    if (hash_of(evidence.headers[1]) < hash_of(evidence.headers[0]))
    {
        std::swap(evidence.headers[0], evidence.headers[1]);
        std::swap(evidence.signatures[0], evidence.signatures[1]);
    }
}

void put_in_order(ProposalEvidence& evidence) noexcept
{
    if (evidence.blocks[1] < evidence.blocks[0])
    {
        std::swap(evidence.blocks[0], evidence.blocks[1]);
        std::swap(evidence.signatures[0], evidence.signatures[1]);
    }
}

bool conflicts(std::uint8_t first_kind, const Digest& first_block, std::uint8_t second_kind,
               const Digest& second_block) noexcept
{
    constexpr auto notarize = static_cast<std::uint8_t>(Kind::notarize);
    constexpr auto nullify = static_cast<std::uint8_t>(Kind::nullify);
    constexpr auto finalize = static_cast<std::uint8_t>(Kind::finalize);
    if (first_kind == second_kind)
        return (first_kind == notarize || first_kind == finalize) && first_block != second_block;
    return (first_kind == nullify && second_kind == finalize) ||
           (first_kind == finalize && second_kind == nullify);
}

bool convicts(const VoteEvidence& evidence) noexcept
{
    constexpr auto nullify = static_cast<std::uint8_t>(Kind::nullify);
    const auto& [a, b] = evidence.votes;
    for (const VoteEvidence::Vote& vote : evidence.votes)
        if (is_zero(vote.block) != (vote.kind == nullify))
            return false;
    return evidence.tag == 1 && !lower(b, a) && conflicts(a.kind, a.block, b.kind, b.block);
}

bool convicts(const HeaderEvidence& evidence) noexcept
{
    const auto& [a, b] = evidence.headers;
    return evidence.tag == 2 && a.version == header_version && b.version == header_version &&
           a.zone == b.zone && a.height == b.height && a.window == b.window &&
           a.producer == b.producer && hash_of(a) < hash_of(b);
}

bool convicts(const ProposalEvidence& evidence) noexcept
{
    return evidence.tag == 3 && evidence.blocks[0] < evidence.blocks[1];
}
}  // namespace mote::chain
