#include "chain/draw.hpp"

#include <algorithm>

#include "chain/committee.hpp"
#include "chain/wide.hpp"

namespace mote::chain
{
namespace
{
/// floor(x * total / 2^128) for the 128-bit x that is drawn.
std::uint64_t draw_point(const Digest& seed, std::uint32_t seat, std::uint32_t attempt,
                         std::uint64_t total) noexcept
{
    std::array<std::uint8_t, 40> message;
    internal::WriteFields write{message.data()};
    write(seed, seat, attempt);
    const Digest digest = hash::blake3_derive_key("mote draw v1", message);
    const Wide low = multiply(load_le64(digest.data()), total);
    const Wide high = multiply(load_le64(digest.data() + 8), total);
    const std::uint64_t carry = high.low + low.high < high.low ? 1 : 0;
    return high.high + carry;
}

/// Running sums of the stakes; false if they leave 64 bits.
bool add_up(std::span<const Candidate> candidates, std::span<std::uint64_t> running) noexcept
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i)
    {
        if (candidates[i].stake > UINT64_MAX - sum)
            return false;
        sum += candidates[i].stake;
        running[i] = sum;
    }
    return true;
}

bool ascend(std::span<const Candidate> candidates) noexcept
{
    for (std::size_t i = 1; i < candidates.size(); ++i)
        if (candidates[i].validator_id <= candidates[i - 1].validator_id)
            return false;
    return true;
}

/// The first running sum that exceeds a point below the last one.
std::size_t first_above(std::span<const std::uint64_t> running, std::uint64_t point) noexcept
{
    std::size_t low = 0, high = running.size() - 1;
    while (low < high)
    {
        const std::size_t middle = low + (high - low) / 2;
        if (running[middle] > point)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/// The candidate of one seat.
std::size_t owner(const Digest& seed, std::uint32_t seat, std::span<const std::uint64_t> running,
                  std::span<const std::uint32_t> capacity) noexcept
{
    std::size_t first = 0;
    for (std::uint32_t attempt = 0; attempt < draw_attempts; ++attempt)
    {
        const std::uint64_t point = draw_point(seed, seat, attempt, running.back());
        const std::size_t found = first_above(running, point);
        if (capacity.empty() || capacity[found] != 0)
            return found;
        if (attempt == 0)
            first = found;
    }
    return first;  // nobody had room
}
}  // namespace

Status draw(const Digest& seed, std::uint32_t seats, std::span<const Candidate> candidates,
            std::span<std::uint64_t> running, std::span<std::uint32_t> capacity,
            std::span<std::uint16_t> seats_of) noexcept
{
    std::fill(seats_of.begin(), seats_of.end(), std::uint16_t{0});
    const std::size_t count = candidates.size();
    if (seats_of.size() != count || running.size() != count ||
        (!capacity.empty() && capacity.size() != count) || count == 0 || !ascend(candidates) ||
        !add_up(candidates, running))
        return Status::invalid_argument;
    if (seats > seats_max || (seats == 0 && count > seats_max))
        return Status::limit_exceeded;
    if (seats == 0)
    {
        std::fill(seats_of.begin(), seats_of.end(), std::uint16_t{1});
        return Status::ok;
    }
    if (running.back() == 0)
        return Status::invalid_argument;
    for (std::uint32_t seat = 0; seat < seats; ++seat)
    {
        const std::size_t found = owner(seed, seat, running, capacity);
        ++seats_of[found];
        if (!capacity.empty() && capacity[found] != 0)
            --capacity[found];
    }
    return Status::ok;
}
}  // namespace mote::chain
