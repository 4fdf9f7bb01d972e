// Evidence: what convicts a producer to those who saw nothing of it themselves.
//
//   bad row        a row that both trees and Z tie to a signed header, and that is not the code's
//   equivocation   two signed headers for one place in the chain
//
// Only the producer can have made either, provided that the announce signatures hold; the core
// gives the digests they are over. Whoever receives a valid bad row must not sign AVAIL for that
// svid_root, and may still sign VALID.
//
// Source  [SVID] section 13.
#pragma once

#include <array>
#include <span>

#include "base/arena.hpp"
#include "svid/header.hpp"
#include "svid/verdict.hpp"

namespace mote::svid
{
/// The claim that row number `row` of a dispersal is not the code's.
struct BadRow
{
    Bytes header;
    std::uint32_t row = 0;
    Bytes bytes;                   ///< of the row, as it is sent
    Bytes data_path, parity_path;  ///< one of them is empty
    Bytes z;                       ///< all of it; a peer that has Z adds its own
};

enum class Finding : std::uint8_t
{
    rejected = 0,    ///< `fault` says which of steps 1 to 6 failed: nothing is shown
    row_is_correct,  ///< all holds, step 7 too: whoever reported it is wrong
    convicts,        ///< if the announce signature holds
};

struct BadRowFinding
{
    Finding finding = Finding::rejected;
    Fault fault = Fault::none;
    Digest svid_root{};
    Digest announce_digest{};  ///< what the scheduled producer must have signed
};

/// Checks a claim. Zone, height and epoch are those of its header, which only has to be of our chain.
///
/// Shape   stakes: of the header's epoch. Look it up first: svid::decode reads the header.
/// Errors  memory_too_small; invalid_argument: as total_stake.
/// Memory  bad_row_memory_bytes from `arena`; 8 KiB of stack.
/// Cost    that of a share of one row: at 128 MiB mostly the transform of 64 KiB of Z.
Status check_bad_row(const BadRow& claim, const Digest& chain_id,
                     std::span<const std::uint64_t> stakes, Arena& arena,
                     BadRowFinding& out) noexcept;

/// Enough for every block.
[[nodiscard]] std::size_t bad_row_memory_bytes() noexcept;

/// Whether two headers are of one place in our chain and name different dispersals.
///
/// On true `announces` has the digests that one producer must have signed, both of them.
/// Errors  none: false for what is no header, no header of our chain, another place, or the same one.
[[nodiscard]] bool equivocates(Bytes first, Bytes second, const Digest& chain_id,
                               std::array<Digest, 2>& announces) noexcept;
}  // namespace mote::svid
