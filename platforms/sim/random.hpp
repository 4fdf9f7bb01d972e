// Random: the simulator's only source of chance. Same seed, same numbers, on every platform.
//
// std:: distributions differ between libraries, so there are none here. Each part of a run draws from a
// stream of its own (fork), so that a change in one part does not shift the numbers of another.
//
// Source  [XOSHIRO] xoshiro256**, seeded by splitmix64.
#pragma once

#include <array>
#include <cstdint>

#include "chain/wide.hpp"

namespace mote::sim
{
/// One step of splitmix64: also a hash of 64 bits to 64 bits.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t value) noexcept
{
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9U;
    value = (value ^ value >> 27) * 0x94d049bb133111ebU;
    return value ^ value >> 31;
}

class Random
{
  public:
    explicit constexpr Random(std::uint64_t seed) noexcept
    {
        for (std::uint64_t& word : state_)
        {
            word = mix(seed);
            seed += 0x9e3779b97f4a7c15U;
        }
    }

    constexpr std::uint64_t next() noexcept
    {
        const std::uint64_t out = rotate(state_[1] * 5, 7) * 9, shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotate(state_[3], 45);
        return out;
    }

    /// A number below `count`; 0 if that is 0. The bias is below count / 2^64.
    constexpr std::uint64_t below(std::uint64_t count) noexcept
    {
        return chain::multiply(next(), count).high;
    }
    /// A number from first to last.
    constexpr std::uint64_t between(std::uint64_t first, std::uint64_t last) noexcept
    {
        return first + below(last - first + 1);
    }
    /// Yes, so many times in a million.
    constexpr bool chance(std::uint64_t per_million) noexcept
    {
        return per_million != 0 && below(1000000) < per_million;
    }

    /// A stream that does not depend on how much was drawn from this one.
    [[nodiscard]] static constexpr Random stream(std::uint64_t seed, std::uint64_t name) noexcept
    {
        return Random(mix(seed) ^ mix(~name));
    }

  private:
    static constexpr std::uint64_t rotate(std::uint64_t word, int by) noexcept
    {
        return word << by | word >> (64 - by);
    }

    std::array<std::uint64_t, 4> state_{};
};
}  // namespace mote::sim
