// Statement: what a zone's proof says about some of its blocks.
//
// It names the computation, not the bytes of a proof: any proof of the statement supports the same
// vote, so votes on it add up. statement_check.hpp has the checks and the guest program's public
// input and output.
//
// Source  [CONSENSUS] sections 2 and 3.3.
#pragma once

#include "chain/layout.hpp"

namespace mote::chain
{
/// Blocks that one statement can cover: void_mask has a bit for each.
inline constexpr std::uint64_t statement_blocks_max = 64;

struct Statement
{
    std::uint32_t zone = 0;
    Digest program_id{};
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::uint64_t void_mask = 0;  ///< bit i: block from + i is void
    Digest prev_header{};
    Digest last_header{};
    Digest pre_root{};
    Digest post_root{};
    Digest out_msgs_root{};
    Digest aux_root{};  ///< hash of an epoch set in zone 0, else zero

    template <class Self, class On>
    static constexpr void fields(Self& s, On& on) noexcept
    {
        on(s.zone, s.program_id, s.from, s.to, s.void_mask, s.prev_header, s.last_header,
           s.pre_root, s.post_root, s.out_msgs_root, s.aux_root);
    }
    friend bool operator==(const Statement&, const Statement&) noexcept = default;
};
static_assert(layout_bytes<Statement> == 252);

[[nodiscard]] Digest statement_hash(const Statement& statement) noexcept;

/// Whether 1 <= from <= to <= from + 63 and no bit of the mask is beyond `to`.
///
/// Source  [CONSENSUS] section 3.4, step 1.
[[nodiscard]] constexpr bool range_holds(const Statement& statement) noexcept
{
    if (statement.from < 1 || statement.from > statement.to)
        return false;
    const std::uint64_t last = statement.to - statement.from;
    return last < statement_blocks_max && (last == 63 || statement.void_mask >> (last + 1) == 0);
}
}  // namespace mote::chain
