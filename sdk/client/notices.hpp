// Notices: changes that were decided and come into force at the start of a later epoch.
//
// They are leaves under notice_root of an epoch set, which a header's next_set commits to. What an
// embedder needs of them is whether its code will still be able to follow.
//
// Source  [CONSENSUS] section 13.
#pragma once

#include <span>

#include "chain/epoch_set.hpp"
#include "chain/tree.hpp"

namespace mote::client
{
/// Whether these are the notices under a root, all of them.
[[nodiscard]] bool notices_hold(std::span<const chain::Notice> notices,
                                const chain::Digest& notice_root) noexcept;

/// Whether a version, a number in the first 8 bytes, is one up to `version_max`. What is not a
/// number is none that is supported.
[[nodiscard]] bool supports(const chain::Digest& version, std::uint64_t version_max) noexcept;

/// Gives the first epoch whose protocol is above `version_max`; UINT64_MAX if none is announced.
[[nodiscard]] std::uint64_t first_unsupported_epoch(std::span<const chain::Notice> notices,
                                                    std::uint64_t version_max) noexcept;
}  // namespace mote::client
