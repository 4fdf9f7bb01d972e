// Sampling: looking at a few random rows, for those who have no assignment.
//
// A sampler draws distinct rows, asks for them at several peers and passes them to a ShareCheck. If
// none is missed, the block can be rebuilt except with the probability this file states. The bound
// is against withholding from everybody; a peer that serves one client only what it asks for fools
// that client.
//
// Worked case: k = 4096, N = 13000 and 8 rows give (4095 / 13000)^8 = 9.69e-5.
//
// Source  [SVID] section 12.
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "base/status.hpp"
#include "svid/params.hpp"

namespace mote::svid
{
inline constexpr std::uint32_t sample_rows_default = 16;

/// 32 bytes from the generator of the system: whoever can guess them knows which rows to serve.
using Entropy = std::span<const std::uint8_t, 32>;

/// Draws out.size() distinct rows of the N, ascending, each set equally likely.
///
/// Draw after the header is known, with fresh entropy for each attempt.
///
/// Errors  invalid_argument if out.size() > rows.
/// Cost    a comparison for each pair at most; 64 bytes of BLAKE3 output for 8 rows.
/// Source  [FLOYD], the second algorithm: no list of all rows.
Status sample_rows(std::uint32_t rows, Entropy entropy, std::span<std::uint32_t> out) noexcept;

/// Probability, at most, that `samples` distinct rows of N were all served although fewer than k can
/// be had: ((k - 1) / N)^samples. t attempts multiply it by t.
///
/// Shape   rows: N; data_rows: k, 1 <= k <= N. 0 for the empty block, which needs no rows.
/// Errors  none. What is too small for a double becomes the smallest normal one, never 0.
/// Cost    2 log2(samples) products, no library of functions.
[[nodiscard]] double failure_bound(std::uint32_t data_rows, std::uint32_t rows,
                                   std::uint32_t samples) noexcept;

/// The same probability exactly, for an adversary who withholds N - k + 1 rows:
/// C(k - 1, samples) / C(N, samples); 0 from k samples on.
///
/// Errors  as failure_bound.
/// Cost    a product and a quotient for each sample.
[[nodiscard]] double failure_probability(std::uint32_t data_rows, std::uint32_t rows,
                                         std::uint32_t samples) noexcept;
}  // namespace mote::svid
