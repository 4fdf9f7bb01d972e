// Steps 1 to 3: is this the header I asked for, with the only parameters it may have?
#pragma once

#include <span>

#include "svid/header.hpp"
#include "svid/verdict.hpp"

namespace mote::svid
{
/// What the receiver knows before a byte arrives.
struct Expected
{
    Digest chain_id{};
    std::uint32_t zone = 0;
    std::uint64_t height = 0;
    std::uint64_t epoch = 0;
    std::uint64_t block_bytes_max = svid::block_bytes_max;  ///< the chain's limit
    std::span<const std::uint64_t> stakes;                  ///< of the epoch, without zeros
    Digest svid_root{};                                     ///< the one asked for
};

/// Checks the header. On `Fault::none` header and params are filled.
///
/// The announce signature, the other half of step 3, is the caller's: the core gets its answer.
///
/// Errors  invalid_argument: as total_stake.
/// Source  [SVID] section 9, steps 1 to 3.
Status check_header(Bytes bytes, const Expected& expected, Header& header, Params& params,
                    Fault& fault) noexcept;

/// Steps 1 to 3 of evidence: zone, height and epoch are those of the header, which only has to be of
/// our chain.
///
/// Source  [SVID] section 13.
Status check_foreign_header(Bytes bytes, const Digest& chain_id,
                            std::span<const std::uint64_t> stakes, Header& header, Params& params,
                            Fault& fault) noexcept;
}  // namespace mote::svid
