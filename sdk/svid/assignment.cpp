#include "svid/assignment.hpp"

#include <algorithm>
#include <cstring>

#include "hash/blake3.hpp"

namespace mote::svid
{
namespace
{
Digest order_key(const Digest& seed, Bytes public_key) noexcept
{
    std::array<std::uint8_t, 32 + public_key_bytes> message;
    std::memcpy(message.data(), seed.data(), 32);
    std::memcpy(message.data() + 32, public_key.data(), public_key_bytes);
    return hash::blake3_derive_key("mote svid order v1", message);
}

/// Calls `visit(validator, range)` in the order until it returns false.
template <class Visit>
void walk(const Assignment& assignment, const ValidatorSet& set, const Header& header,
          Visit visit) noexcept
{
    std::uint64_t total = 0;
    for (const std::uint64_t stake : set.stakes)
        total += stake;
    std::uint32_t at = Assignment::rotation(set.seed, header.zone, header.height, header.rows);
    for (std::uint32_t rank = 0; rank < set.stakes.size(); ++rank)
    {
        const std::uint32_t validator = assignment.position(rank);
        const std::uint32_t count = rows_of_stake(header.data_rows, set.stakes[validator], total);
        if (!visit(validator, AssignedRange{at, count}))
            return;
        at += count;
        if (at >= header.rows)
            at -= header.rows;
    }
}
}  // namespace

Status Assignment::open(const ValidatorSet& set, Arena& arena) noexcept
{
    std::uint64_t total = 0;
    MOTE_TRY(total_stake(set.stakes, total));
    if (set.public_keys.size() != set.stakes.size() * public_key_bytes)
        return Status::invalid_argument;
    Rank* const order = arena.take<Rank>(set.stakes.size());
    if (order == nullptr)
        return Status::memory_too_small;
    for (std::uint32_t v = 0; v < set.stakes.size(); ++v)
    {
        const Bytes key = set.public_keys.subspan(v * public_key_bytes, public_key_bytes);
        order[v] = {order_key(set.seed, key), v};
    }
    std::sort(order, order + set.stakes.size(), [](const Rank& a, const Rank& b)
              { return a.key != b.key ? a.key < b.key : a.validator < b.validator; });
    order_ = order;
    return Status::ok;
}

std::uint32_t Assignment::rotation(const Digest& seed, std::uint32_t zone, std::uint64_t height,
                                   std::uint32_t rows) noexcept
{
    if (rows == 0)
        return 0;
    std::array<std::uint8_t, 44> message;
    std::memcpy(message.data(), seed.data(), 32);
    store_le(message.data() + 32, zone);
    store_le(message.data() + 36, height);
    const Digest digest = hash::blake3_derive_key("mote svid rotate v1", message);
    return static_cast<std::uint32_t>(load_le64(digest.data()) % rows);
}

AssignedRange Assignment::range(const ValidatorSet& set, const Header& header,
                                std::uint32_t validator) const noexcept
{
    AssignedRange found;
    walk(*this, set, header,
         [&](std::uint32_t v, const AssignedRange& range)
         {
             if (v == validator)
                 found = range;
             return v != validator;
         });
    return found;
}

void Assignment::ranges(const ValidatorSet& set, const Header& header,
                        std::span<AssignedRange> out) const noexcept
{
    walk(*this, set, header,
         [&](std::uint32_t v, const AssignedRange& range)
         {
             out[v] = range;
             return true;
         });
}
}  // namespace mote::svid
