// Calendar: which epoch, window and period a height belongs to.
//
//   height h >= 1:   epoch (h - 1) / epoch_heights     window (h - 1) / window_heights
//
// The windows of an epoch are its own, because window_heights divides epoch_heights. Genesis, height
// 0, is of epoch 0.
//
// Worked case: with 3,600 heights an epoch ends at 3600, 7200, ....
//
// Source  [CONSENSUS] section 2.
#pragma once

#include <cstdint>

namespace mote::chain
{
/// Never changes after genesis.
struct Calendar
{
    std::uint64_t epoch_heights = 3600;
    std::uint64_t window_heights = 16;
    std::uint64_t period_epochs = 24;

    /// Whether the numbers make a calendar: none is zero, and windows fit into epochs.
    [[nodiscard]] constexpr bool holds() const noexcept
    {
        return epoch_heights != 0 && window_heights != 0 && period_epochs != 0 &&
               epoch_heights % window_heights == 0;
    }
    /// E(h).
    [[nodiscard]] constexpr std::uint64_t epoch(std::uint64_t height) const noexcept
    {
        return height == 0 ? 0 : (height - 1) / epoch_heights;
    }
    /// W(h); h >= 1.
    [[nodiscard]] constexpr std::uint64_t window(std::uint64_t height) const noexcept
    {
        return height == 0 ? 0 : (height - 1) / window_heights;
    }
    /// EW(w).
    [[nodiscard]] constexpr std::uint64_t epoch_of_window(std::uint64_t window) const noexcept
    {
        return window / (epoch_heights / window_heights);
    }
    [[nodiscard]] constexpr std::uint64_t period(std::uint64_t epoch) const noexcept
    {
        return epoch / period_epochs;
    }
    /// Whether the height is the last of its epoch.
    [[nodiscard]] constexpr bool ends_epoch(std::uint64_t height) const noexcept
    {
        return height != 0 && height % epoch_heights == 0;
    }
    [[nodiscard]] constexpr bool begins_period(std::uint64_t epoch) const noexcept
    {
        return epoch % period_epochs == 0;
    }
};
}  // namespace mote::chain
