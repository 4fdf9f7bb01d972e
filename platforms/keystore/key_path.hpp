// Paths of keys below a seed: m/12381/60/0/0.
//
// Source  [EIP2334].
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "signature/secret_key.hpp"

namespace mote::keystore
{
inline constexpr std::size_t path_depth_max = 16;

/// The indices of "m/N/N/...", or nothing: another form, more than path_depth_max of them, leading zeros,
/// or an index above 2^32 - 1. "m" is the seed's own key.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> parse_path(std::string_view path);

/// Derives the key of a seed at a path; false, and `key` empty, if the path is none or the seed has
/// less than 32 bytes.
///
/// Cost    a child key for each index.
/// Source  [EIP2333].
[[nodiscard]] bool derive_along(Bytes seed, std::string_view path, signature::SecretKey& key);
}  // namespace mote::keystore
