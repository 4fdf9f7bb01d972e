#include "chain/committee.hpp"

namespace mote::chain
{
Member member_at(Bytes list, std::size_t index) noexcept
{
    MOTE_ASSERT(index < list.size() / member_bytes);
    Member member;
    const bool whole = decode(list.subspan(index * member_bytes, member_bytes), member);
    MOTE_ASSERT(whole);
    static_cast<void>(whole);
    return member;
}

SeatRange seats_at(Bytes list, std::size_t index) noexcept
{
    MOTE_ASSERT(index < list.size() / member_bytes);
    const std::uint8_t* end = list.data() + (index + 1) * member_bytes;
    return {load_le16(end - 4), load_le16(end - 2)};
}

bool open_committee(Bytes list, Committee& out) noexcept
{
    out = {};
    if (list.empty() || list.size() % member_bytes != 0 || list.size() / member_bytes > seats_max)
        return false;
    std::uint32_t next_seat = 0, last_id = 0;
    for (std::size_t i = 0; i < list.size() / member_bytes; ++i)
    {
        const Member member = member_at(list, i);
        if (member.first_seat != next_seat || member.seats == 0 ||
            (i != 0 && member.validator_id <= last_id))
            return false;
        next_seat += member.seats;  // at most 65535 above a bound of 2048
        if (next_seat > seats_max)
            return false;
        last_id = member.validator_id;
    }
    out = {next_seat, list};
    return true;
}

Digest members_root(Bytes list) noexcept
{
    TreeBuilder tree;
    for (; list.size() >= member_bytes; list = list.subspan(member_bytes))
        tree.add(leaf_hash(list.first(member_bytes)));
    return tree.root();
}

Digest committee_commitment(std::uint32_t seats, std::uint32_t members, const Digest& root,
                            const PublicKey& agg_pk) noexcept
{
    std::array<std::uint8_t, 88> message;
    internal::WriteFields write{message.data()};
    write(seats, members, root, agg_pk);
    return hash::blake3_derive_key("mote committee v1", message);
}

bool is_infinity(const PublicKey& key) noexcept
{
    // Compressed and infinite; the third flag and all coordinate bits are zero.
    PublicKey infinity{};
    infinity[0] = 0xc0;
    return key == infinity;
}

std::uint32_t count_seats(Bytes bitmap, std::uint32_t first, std::uint32_t count) noexcept
{
    std::uint32_t set = 0;
    for (std::uint32_t seat = first; seat < first + count; ++seat)
        set += seat_set(bitmap, seat) ? 1 : 0;
    return set;
}
}  // namespace mote::chain
