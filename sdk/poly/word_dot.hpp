// WordDot: inner products of field elements with plain integers, one reduction for four products.
//
// Memory words, addresses and immediates are machine integers. Making a field element of each costs
// a multiplication before the one that is wanted. Here the integer's limbs are taken as they are, as
// if they were a Montgomery form with radix 2^256, which stands for integer / 2^256; the factor comes
// back once at the end. Worked case: add(f, 3), add(g, 5) makes value() == 3 f + 5 g.
#pragma once

#include <cstdint>

#include "poly/point.hpp"

namespace mote::poly
{
class WordDot
{
  public:
    /// Adds factor * (lo + 2^64 hi). Zero costs nothing.
    ///
    /// Cost    about 0.6 of a multiplication where the field has 64-bit limbs, two elsewhere.
    void add(const Fr& factor, std::uint64_t lo, std::uint64_t hi = 0) noexcept
    {
        if ((lo | hi) == 0)
            return;
        factors_[count_] = factor;
        integers_[count_] = Fr::from_montgomery_256({lo, hi});
        if (++count_ == batch)
            flush();
    }

    /// Adds factor * x for the 128-bit two's complement integer x.
    void add_signed(const Fr& factor, std::uint64_t lo, std::uint64_t hi) noexcept
    {
        if ((hi >> 63) == 0)
            add(factor, lo, hi);
        else
            add(-factor, 0 - lo, 0 - hi - (lo != 0 ? 1 : 0));
    }

    /// The sum / 2^256, for callers that scale it further and undo the division once: see descale.
    [[nodiscard]] Fr scaled() noexcept
    {
        flush();
        return sum_;
    }

    /// The sum.
    [[nodiscard]] Fr value() noexcept { return descale(scaled()); }

    /// x * 2^256.
    [[nodiscard]] static Fr descale(const Fr& x) noexcept
    {
        constexpr Fr two_to_256 =
            Fr::from_integer(field::power_of_two_mod<4>(256, field::Bn254Fr::modulus));
        return x * two_to_256;
    }

  private:
    static constexpr std::uint32_t batch = 4;

    void flush() noexcept
    {
        if (count_ == 0)
            return;
        for (std::uint32_t i = count_; i < batch; ++i)
            integers_[i] = Fr::zero();
        const Fr* const f[batch] = {&factors_[0], &factors_[1], &factors_[2], &factors_[3]};
        const Fr* const x[batch] = {&integers_[0], &integers_[1], &integers_[2], &integers_[3]};
        sum_ += Fr::dot(f, x);
        count_ = 0;
    }

    Fr sum_;
    Fr factors_[batch];
    Fr integers_[batch];
    std::uint32_t count_ = 0;
};
}  // namespace mote::poly
