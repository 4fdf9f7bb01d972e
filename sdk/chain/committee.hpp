// Committee: who holds which of S equal seats, and the one hash that stands for the list.
//
// Members ascend by validator_id; a member owns the seats first_seat .. first_seat + seats - 1, and
// the ranges follow each other from 0 to S. A list is held as it is hashed, 56 bytes a member, so it
// can lie in a file or a message without a copy.
//
// Worked case: S = 4 needs q = 3 seats; 3 of 4 single-seat members make a certificate.
//
// Source  [CONSENSUS] sections 1 and 3.1.
#pragma once

#include "chain/layout.hpp"
#include "chain/tree.hpp"

namespace mote::chain
{
inline constexpr std::uint32_t seats_max = 2048;                ///< S_MAX
inline constexpr std::size_t signer_bytes_max = seats_max / 8;  ///< of a bitmap

struct Member
{
    std::uint32_t validator_id = 0;
    PublicKey public_key{};
    std::uint16_t first_seat = 0;
    std::uint16_t seats = 0;

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.validator_id, s.public_key, s.first_seat, s.seats);
    }
    friend bool operator==(const Member&, const Member&) noexcept = default;
};
inline constexpr std::size_t member_bytes = layout_bytes<Member>;
static_assert(member_bytes == 56);

/// Seats that decide: two sets of this many share more than the adversary's share of S.
[[nodiscard]] constexpr std::uint32_t quorum(std::uint32_t seats) noexcept
{
    return 2 * seats / 3 + 1;
}

/// Member `index` of a list.
///
/// Shape   list: member_bytes for each; index within it (asserted).
[[nodiscard]] Member member_at(Bytes list, std::size_t index) noexcept;

/// The seats of a member, without its key.
struct SeatRange
{
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};
/// Seats of member `index`, four bytes instead of a copy of the key.
///
/// Shape   as for member_at.
[[nodiscard]] SeatRange seats_at(Bytes list, std::size_t index) noexcept;

/// A list whose form was checked.
struct Committee
{
    std::uint32_t seats = 0;  ///< S
    Bytes list;               ///< member_bytes for each member

    [[nodiscard]] std::uint32_t members() const noexcept
    {
        return static_cast<std::uint32_t>(list.size() / member_bytes);
    }
    [[nodiscard]] Member member(std::uint32_t index) const noexcept
    {
        return member_at(list, index);
    }
    [[nodiscard]] SeatRange seats_of(std::uint32_t index) const noexcept
    {
        return seats_at(list, index);
    }
};

/// Reads a list: false, and an empty committee, unless ids ascend, ranges follow each other from 0,
/// every member has a seat and 1 <= S <= seats_max.
///
/// Memory  the committee points into `list`.
[[nodiscard]] bool open_committee(Bytes list, Committee& out) noexcept;

/// Gives the Merkle root over a list.
[[nodiscard]] Digest members_root(Bytes list) noexcept;

/// Gives the commitment from its parts; agg_pk is the sum of seats * public_key.
[[nodiscard]] Digest committee_commitment(std::uint32_t seats, std::uint32_t members,
                                          const Digest& root, const PublicKey& agg_pk) noexcept;

/// Whether a compressed key is the point at infinity, which is nobody's.
[[nodiscard]] bool is_infinity(const PublicKey& key) noexcept;

// Bit i of a bitmap is seat i: byte i >> 3, value 1 << (i & 7).
[[nodiscard]] constexpr bool seat_set(Bytes bitmap, std::uint32_t seat) noexcept
{
    return (bitmap[seat >> 3] >> (seat & 7) & 1) != 0;
}
constexpr void set_seat(MutableBytes bitmap, std::uint32_t seat) noexcept
{
    bitmap[seat >> 3] = static_cast<std::uint8_t>(bitmap[seat >> 3] | 1U << (seat & 7));
}
/// Counts the set bits of seats first .. first + count - 1.
[[nodiscard]] std::uint32_t count_seats(Bytes bitmap, std::uint32_t first,
                                        std::uint32_t count) noexcept;
}  // namespace mote::chain
