// Fingerprints: a row as a polynomial over GF(2^128), evaluated at the challenge.
//
//   fp(row) = w(0) rho^(W-1) + w(1) rho^(W-2) + ... + w(W-1)        16-byte words w, W = L / 16
//
// A product by a fixed element is 32 lookups, one for each nibble of the other factor. Horner's rule is
// a chain of such products, each waiting for the one before; so the eight words of a group are eight
// chains in rho^8, joined by Horner's rule in rho at the end.
// Source  [SVID] sections 6 and 17.
#pragma once

#include <array>

#include "base/bytes.hpp"
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

/// What all fingerprints of one block share; 16 KiB.
struct Challenge
{
    explicit Challenge(field::Gf2_128 rho) noexcept;

    MultiplyTable rho, rho_8;
};

/// The fingerprint of one row whose bytes arrive in parts.
///
/// Memory  272 bytes.
class Fingerprint
{
  public:
    /// Appends bytes of the row.
    void update(const Challenge& challenge, Bytes part) noexcept;

    /// Ends the row, extended with zeros to `row_bytes`.
    ///
    /// Shape   row_bytes: a multiple of 128, not less than what was appended.
    [[nodiscard]] field::Gf2_128 finish(const Challenge& challenge, std::size_t row_bytes) noexcept;

  private:
    static constexpr std::size_t words = 8;

    void groups(const MultiplyTable& rho_8, const std::uint8_t* bytes, std::size_t count) noexcept;

    std::array<field::Gf2_128, words> sums_;
    std::size_t bytes_ = 0;
    std::array<std::uint8_t, 128> group_{};
};

/// The fingerprint of a whole row, extended with zeros to `row_bytes`.
[[nodiscard]] field::Gf2_128 fingerprint(const Challenge& challenge, Bytes row,
                                         std::size_t row_bytes) noexcept;
}  // namespace mote::svid
