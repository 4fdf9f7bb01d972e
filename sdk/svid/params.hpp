// Parameters: how a block of B bytes becomes rows.
//
// Everything follows from B and from the stakes of the epoch: a producer chooses nothing.
//
//   b = ceil(log2 B)     L = 2^max(10, floor(b / 2) + 2)     k = ceil(B / L)     K = 2^ceil(log2 k)
//
// Worked case: B = 128 MiB gives L = 32 KiB, k = K = 4096.
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "base/status.hpp"

namespace mote::svid
{
/// Limits of every chain; a chain may have a lower one for its blocks.
/// Source  [SVID] section 1.
inline constexpr std::uint64_t block_bytes_max = std::uint64_t{1} << 30;
inline constexpr std::uint32_t data_rows_max = 8192;
inline constexpr std::uint32_t code_points_max = 65536;
inline constexpr std::uint32_t validators_min = 4;
inline constexpr std::uint32_t validators_max = 40960;
inline constexpr std::size_t row_bytes_max = std::size_t{1} << 17;
inline constexpr std::size_t fingerprint_bytes = 16;

/// The shape of one dispersal. An empty block has no rows.
struct Params
{
    std::uint64_t block_bytes = 0;  ///< B
    std::uint8_t row_log2 = 10;     ///< log2 L
    std::uint32_t data_rows = 0;    ///< k
    std::uint32_t code_rows = 0;    ///< K; 0 if k = 0
    std::uint32_t rows = 0;         ///< N

    [[nodiscard]] std::size_t row_bytes() const noexcept { return std::size_t{1} << row_log2; }
    [[nodiscard]] std::uint32_t parity_rows() const noexcept { return rows - data_rows; }
    [[nodiscard]] std::size_t z_bytes() const noexcept { return fingerprint_bytes * data_rows; }
    /// Bytes of row r as it is hashed and sent: only the last data row can be shorter than L.
    [[nodiscard]] std::size_t bytes_of_row(std::uint32_t row) const noexcept;
    /// Chunk number of the first byte of a row in its own tree.
    [[nodiscard]] std::uint64_t first_chunk(std::uint32_t row) const noexcept;
};

/// L, k and K of a block; N is left at 0.
///
/// Errors  limit_exceeded if block_bytes > block_bytes_max.
/// Source  [SVID] section 1.
Status derive(std::uint64_t block_bytes, Params& out) noexcept;

/// Rows of a validator: min(k, ceil(3 k stake / total)).
///
/// Cost    14 comparisons of 80-bit products, no division.
/// Source  [SVID] section 8.
[[nodiscard]] std::uint32_t rows_of_stake(std::uint32_t data_rows, std::uint64_t stake,
                                          std::uint64_t total) noexcept;

/// Sum of the stakes.
///
/// Errors  invalid_argument if there are fewer than validators_min or more than validators_max, one
///         is zero, or the sum is 2^64 or more.
Status total_stake(std::span<const std::uint64_t> stakes, std::uint64_t& total) noexcept;

/// L, k, K and N of a block for the validators of its epoch.
///
/// Errors  as derive and total_stake; limit_exceeded if K + p > code_points_max.
Status derive(std::uint64_t block_bytes, std::span<const std::uint64_t> stakes,
              Params& out) noexcept;
}  // namespace mote::svid
