// Products in GF(2^128) by an element that stays: 32 lookups, one for each nibble of the other.
#pragma once

#include <array>

#include "field/gf2_128.hpp"

namespace mote::svid
{
/// The products of one element with every nibble at every place; 8 KiB.
class MultiplyTable
{
  public:
    /// Two 64-bit words, low bytes and high bytes, that the compiler may keep in one register.
    using Pair = std::uint64_t __attribute__((vector_size(16)));

    /// Cost  128 doublings and 512 sums, some microseconds.
    explicit MultiplyTable(field::Gf2_128 factor) noexcept;

    [[nodiscard]] Pair multiply(std::uint64_t low, std::uint64_t high) const noexcept
    {
        Pair product = {0, 0};
        for (std::size_t i = 0; i < 16; ++i)
        {
            const auto shift = static_cast<unsigned>(4 * i);
            product ^= low_[i][(low >> shift) & 15];
            product ^= high_[i][(high >> shift) & 15];
        }
        return product;
    }
    [[nodiscard]] field::Gf2_128 multiply(field::Gf2_128 x) const noexcept
    {
        const Pair product = multiply(x.low, x.high);
        return {product[0], product[1]};
    }

  private:
    using Nibble = std::array<Pair, 16>;
    std::array<Nibble, 16> low_, high_;
};
}  // namespace mote::svid
