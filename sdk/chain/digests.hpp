// Digests: the 32 bytes that a signature is over, for each kind of statement.
//
//   D = DK("mote <tag> v1", chain_id || body)        body: a fixed layout, never a wire message
//
// Tag and chain are in every digest, so a signature means one thing on one chain.
//
// Source  [CONSENSUS] section 2.
#pragma once

#include "chain/layout.hpp"

namespace mote::chain
{
/// What is voted on; 1 to 3 are votes of the root chain, 4 to 6 attestations.
enum class Kind : std::uint8_t
{
    notarize = 1,
    nullify = 2,
    finalize = 3,
    avail = 4,
    valid = 5,
    ckpt = 6,
};

/// Digest of a vote of the root chain.
///
/// Shape   kind: notarize, nullify or finalize; block: zero for nullify (both asserted).
[[nodiscard]] Digest root_vote_digest(const Digest& chain_id, std::uint64_t epoch,
                                      std::uint64_t view, Kind kind, const Digest& block) noexcept;
[[nodiscard]] Digest avail_digest(const Digest& chain_id, std::uint64_t epoch, std::uint32_t zone,
                                  std::uint64_t height, const Digest& header) noexcept;
[[nodiscard]] Digest valid_digest(const Digest& chain_id, std::uint64_t epoch,
                                  const Digest& statement) noexcept;
[[nodiscard]] Digest ckpt_digest(const Digest& chain_id, std::uint64_t period, std::uint64_t height,
                                 const Digest& block) noexcept;
[[nodiscard]] Digest proposal_digest(const Digest& chain_id, std::uint64_t epoch,
                                     std::uint64_t view, const Digest& block) noexcept;
[[nodiscard]] Digest zone_header_digest(const Digest& chain_id, const Digest& header) noexcept;
[[nodiscard]] Digest reveal_digest(const Digest& chain_id, std::uint64_t epoch,
                                   std::uint64_t view) noexcept;
}  // namespace mote::chain
