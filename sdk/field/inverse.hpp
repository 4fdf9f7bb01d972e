// Inverses modulo a prime: one in a time that does not depend on the value, for secrets, and a faster one
// for public data.
//
// Division steps on f = p and g = x, thirty at a time: a step looks only at low bits, so thirty of them
// are a 2 x 2 matrix of small numbers, found in machine words and then applied to f and g and, modulo p,
// to the cofactors d and e with d x = f, e x = g. When g is 0, f is +-1 and d is +-1 / x.
//
// Limbs of 30 bits in 32-bit words, all but the highest in [0, 2^30): the same code is good for every
// target.
//
// Worked case: inverse_vartime(2, 7) is 4.
//
// Source  [BY19] section 11 (divsteps); for public data zeros are skipped by counting them.
#pragma once

#include <bit>

#include "base/assert.hpp"
#include "field/limbs.hpp"

namespace mote::field
{
namespace detail
{
template <std::size_t N>
class DivisionSteps
{
  public:
    static constexpr int limb_bits = 30;
    static constexpr std::size_t n = (64 * N + limb_bits - 1) / limb_bits;
    static constexpr std::int32_t mask = (std::int32_t{1} << limb_bits) - 1;
    using Signed = std::array<std::int32_t, n>;

    [[nodiscard]] static constexpr Signed spread(const Limbs<N>& x) noexcept
    {
        Signed z{};
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::size_t position = i * limb_bits, word = position / 64, shift = position % 64;
            std::uint64_t v = word < N ? x[word] >> shift : 0;
            if (shift + limb_bits > 64 && word + 1 < N)
                v |= x[word + 1] << (64 - shift);
            z[i] = static_cast<std::int32_t>(v) & mask;
        }
        return z;
    }
    [[nodiscard]] static constexpr Limbs<N> gather(const Signed& x) noexcept
    {
        Limbs<N> z{};
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::size_t position = i * limb_bits, word = position / 64, shift = position % 64;
            const auto v = static_cast<std::uint64_t>(x[i]);
            if (word < N)
                z[word] |= v << shift;
            if (shift + limb_bits > 64 && word + 1 < N)
                z[word + 1] |= v >> (64 - shift);
        }
        return z;
    }

    constexpr DivisionSteps(const Limbs<N>& x, const Limbs<N>& modulus) noexcept
        : p_(spread(modulus)),
          p_inverse_((0 - static_cast<std::uint32_t>(negated_inverse(modulus[0]))) &
                     static_cast<std::uint32_t>(mask)),
          f_(p_),
          g_(spread(x))
    {
        e_[0] = 1;
    }

    /// As many batches as any value needs.
    [[nodiscard]] constexpr Limbs<N> run() noexcept
    {
        for (std::size_t batch = 0; batch < batches; ++batch)
            apply(steps());
        return cofactor();
    }

    /// As many batches as this value needs.
    [[nodiscard]] constexpr Limbs<N> run_vartime() noexcept
    {
        for (std::size_t batch = 0; batch < batches && !(g_ == Signed{}); ++batch)
            apply(steps_vartime());
        MOTE_ASSERT(g_ == Signed{});
        return cofactor();
    }

  private:
    struct Matrix
    {
        std::int32_t u, v, q, r;
    };

    // (49 b + 57) / 17 steps for f and g of at most b bits, from 46 on ([BY19] theorem 11.2).
    static constexpr std::size_t batches =
        ((std::size_t{49} * 64 * N + 57) / 17 + limb_bits - 1) / limb_bits;

    constexpr void apply(const Matrix& t) noexcept
    {
        update_cofactors(t);
        update(t);
    }

    /// The inverse from d in (-2p, p), when g is 0 and f is 1, -1, or p when x was 0.
    constexpr Limbs<N> cofactor() noexcept
    {
        add_p(sign(d_));
        negate(sign(f_));
        add_p(sign(d_));
        return gather(d_);
    }

    /// Thirty steps on the low words, in a straight line.
    constexpr Matrix steps() noexcept
    {
        std::uint32_t u = 1, v = 0, q = 0, r = 1;
        auto f = static_cast<std::uint32_t>(f_[0]) | (static_cast<std::uint32_t>(f_[1]) << 30);
        auto g = static_cast<std::uint32_t>(g_[0]) | (static_cast<std::uint32_t>(g_[1]) << 30);
        auto eta = static_cast<std::uint32_t>(eta_);
        for (int i = 0; i < limb_bits; ++i)
        {
            // Swap if g is odd and eta negative: g becomes g - f, and then f the old g.
            const std::uint32_t odd = 0 - (g & 1), minus = 0 - (eta >> 31), swap = odd & minus;
            g += ((f ^ minus) - minus) & odd;
            q += ((u ^ minus) - minus) & odd;
            r += ((v ^ minus) - minus) & odd;
            f += g & swap;
            u += q & swap;
            v += r & swap;
            eta = (eta ^ swap) - (swap + 1);
            g >>= 1;
            u <<= 1;
            v <<= 1;
        }
        eta_ = static_cast<std::int32_t>(eta);
        return {static_cast<std::int32_t>(u), static_cast<std::int32_t>(v),
                static_cast<std::int32_t>(q), static_cast<std::int32_t>(r)};
    }

    /// The same, with runs of zeros in one go.
    constexpr Matrix steps_vartime() noexcept
    {
        std::uint32_t u = 1, v = 0, q = 0, r = 1;
        auto f = static_cast<std::uint32_t>(f_[0]) | (static_cast<std::uint32_t>(f_[1]) << 30);
        auto g = static_cast<std::uint32_t>(g_[0]) | (static_cast<std::uint32_t>(g_[1]) << 30);
        int left = limb_bits;
        while (true)
        {
            // The sentinel stops the count where the batch ends.
            const int zeros = std::countr_zero(g | (~std::uint32_t{0} << left));
            g >>= zeros;
            u <<= zeros;
            v <<= zeros;
            eta_ -= zeros;
            left -= zeros;
            if (left == 0)
                break;
            if (eta_ < 0)
            {
                eta_ = -eta_;
                const std::uint32_t f0 = f, u0 = u, v0 = v;
                f = g, g = 0 - f0;
                u = q, q = 0 - u0;
                v = r, r = 0 - v0;
            }
            // w f cancels as many low bits of g as the next steps would, at most six: f (f^2 - 2) is
            // -1 / f modulo 64.
            int bits = eta_ + 1 < left ? eta_ + 1 : left;
            bits = bits < 6 ? bits : 6;
            const std::uint32_t w = (g * f * (f * f - 2)) & ((std::uint32_t{1} << bits) - 1);
            g += f * w;
            q += u * w;
            r += v * w;
        }
        return {static_cast<std::int32_t>(u), static_cast<std::int32_t>(v),
                static_cast<std::int32_t>(q), static_cast<std::int32_t>(r)};
    }

    static constexpr std::int64_t product(std::int32_t a, std::int32_t b) noexcept
    {
        return static_cast<std::int64_t>(a) * b;
    }

    /// (f, g) <- t (f, g) / 2^30, which is exact.
    constexpr void update(const Matrix& t) noexcept
    {
        std::int64_t cf = 0, cg = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::int32_t fi = f_[i], gi = g_[i];
            cf += product(t.u, fi) + product(t.v, gi);
            cg += product(t.q, fi) + product(t.r, gi);
            if (i > 0)
            {
                f_[i - 1] = static_cast<std::int32_t>(cf) & mask;
                g_[i - 1] = static_cast<std::int32_t>(cg) & mask;
            }
            cf >>= limb_bits;
            cg >>= limb_bits;
        }
        f_[n - 1] = static_cast<std::int32_t>(cf);
        g_[n - 1] = static_cast<std::int32_t>(cg);
    }

    /// (d, e) <- t (d, e) / 2^30 modulo p, within (-2p, p).
    constexpr void update_cofactors(const Matrix& t) noexcept
    {
        // Multiples of p that bring negative values up and make the low limb zero.
        const std::int32_t d_sign = d_[n - 1] >> 31, e_sign = e_[n - 1] >> 31;
        std::int32_t md = (t.u & d_sign) + (t.v & e_sign);
        std::int32_t me = (t.q & d_sign) + (t.r & e_sign);
        std::int64_t cd = product(t.u, d_[0]) + product(t.v, e_[0]);
        std::int64_t ce = product(t.q, d_[0]) + product(t.r, e_[0]);
        md -= correction(cd, md);
        me -= correction(ce, me);
        cd = (cd + product(p_[0], md)) >> limb_bits;
        ce = (ce + product(p_[0], me)) >> limb_bits;
        for (std::size_t i = 1; i < n; ++i)
        {
            const std::int32_t di = d_[i], ei = e_[i];
            cd += product(t.u, di) + product(t.v, ei) + product(p_[i], md);
            ce += product(t.q, di) + product(t.r, ei) + product(p_[i], me);
            d_[i - 1] = static_cast<std::int32_t>(cd) & mask;
            e_[i - 1] = static_cast<std::int32_t>(ce) & mask;
            cd >>= limb_bits;
            ce >>= limb_bits;
        }
        d_[n - 1] = static_cast<std::int32_t>(cd);
        e_[n - 1] = static_cast<std::int32_t>(ce);
    }
    [[nodiscard]] constexpr std::int32_t correction(std::int64_t low, std::int32_t m) const noexcept
    {
        return static_cast<std::int32_t>(
            (p_inverse_ * static_cast<std::uint32_t>(low) + static_cast<std::uint32_t>(m)) &
            static_cast<std::uint32_t>(mask));
    }

    /// All ones if x is negative, else zero.
    static constexpr std::int32_t sign(const Signed& x) noexcept { return x[n - 1] >> 31; }

    /// d <- d + p if the mask is all ones.
    constexpr void add_p(std::int32_t chosen) noexcept
    {
        std::int32_t carry = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::int32_t v = d_[i] + (p_[i] & chosen) + carry;
            d_[i] = i + 1 < n ? v & mask : v;
            carry = v >> limb_bits;
        }
    }
    /// d <- -d if the mask is all ones.
    constexpr void negate(std::int32_t chosen) noexcept
    {
        std::int32_t carry = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::int32_t v = (d_[i] ^ chosen) - chosen + carry;
            d_[i] = i + 1 < n ? v & mask : v;
            carry = v >> limb_bits;
        }
    }

    Signed p_;
    std::uint32_t p_inverse_;
    Signed f_, g_, d_{}, e_{};
    std::int32_t eta_ = -1;
};
}  // namespace detail

/// 1 / x modulo an odd prime that leaves two bits of its limbs free, and 0 for 0.
///
/// Shape   x: below the modulus.
/// Timing  independent of x.
template <std::size_t N>
[[nodiscard]] constexpr Limbs<N> inverse(const Limbs<N>& x, const Limbs<N>& modulus) noexcept
{
    return detail::DivisionSteps<N>(x, modulus).run();
}

/// The same, some four times faster.
///
/// Timing  variable; x is public.
template <std::size_t N>
[[nodiscard]] constexpr Limbs<N> inverse_vartime(const Limbs<N>& x,
                                                 const Limbs<N>& modulus) noexcept
{
    return detail::DivisionSteps<N>(x, modulus).run_vartime();
}
}  // namespace mote::field
