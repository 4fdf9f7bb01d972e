// Assignment: which rows a validator holds.
//
// Each validator holds a contiguous range, in an order drawn from the epoch's seed and rotated for
// every block. The range may wrap around N.
//
// Worked case: four equal stakes and k = 3 give everyone 3 rows, N = 12.
#pragma once

#include <span>

#include "base/arena.hpp"
#include "svid/header.hpp"

namespace mote::svid
{
inline constexpr std::size_t public_key_bytes = 48;

/// The epoch's validators with stake, in the order of its list.
struct ValidatorSet
{
    Digest seed{};
    std::span<const std::uint64_t> stakes;
    Bytes public_keys;  ///< public_key_bytes for each
};

/// Rows first, first + 1, ... modulo N.
struct AssignedRange
{
    std::uint32_t first = 0, count = 0;
};

/// The order in which ranges follow each other. It belongs to the epoch: blocks only rotate it.
class Assignment
{
  public:
    /// Errors  invalid_argument: as total_stake, or keys that are not public_key_bytes for each stake;
    ///         memory_too_small.
    /// Memory  40 bytes a validator from `arena`.
    /// Cost    a hash for each validator, and a sort.
    /// Source  [SVID] section 8.
    Status open(const ValidatorSet& set, Arena& arena) noexcept;

    /// List positions in the order.
    [[nodiscard]] std::uint32_t position(std::uint32_t rank) const noexcept
    {
        return order_[rank].validator;
    }

    /// The rotation of one block; 0 if it has no rows.
    [[nodiscard]] static std::uint32_t rotation(const Digest& seed, std::uint32_t zone,
                                                std::uint64_t height, std::uint32_t rows) noexcept;

    /// The range of one validator.
    ///
    /// Cost    a row count for each validator before it in the order.
    [[nodiscard]] AssignedRange range(const ValidatorSet& set, const Header& header,
                                      std::uint32_t validator) const noexcept;

    /// The ranges of all, by list position.
    void ranges(const ValidatorSet& set, const Header& header,
                std::span<AssignedRange> out) const noexcept;

    struct Rank
    {
        Digest key;
        std::uint32_t validator;
    };

  private:
    const Rank* order_ = nullptr;
};
}  // namespace mote::svid
