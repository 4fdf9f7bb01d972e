// PrimeField: integers modulo a prime, one interface over interchangeable backends.
//
// A value is always a valid field element; how it is stored (limb size, Montgomery radix, how far it
// is reduced) is the backend's business. Everything runs in time independent of the values except
// what ends in _vartime. Worked case: Fr::from_u64(2) * Fr::from_u64(3) == Fr::from_u64(6).
#pragma once

#include <type_traits>

#include "base/bytes.hpp"
#include "field/inverse.hpp"
#include "field/limbs.hpp"
#include "field/saturated.hpp"
#include "field/unsaturated.hpp"

namespace mote::field
{
template <class ParamsT, template <class> class BackendT>
class PrimeField
{
  public:
    using Params = ParamsT;
    using Backend = BackendT<Params>;
    using Integer = Limbs<Params::limbs>;
    static constexpr std::size_t bytes = 8 * Params::limbs;
    static constexpr Integer modulus = Params::modulus;

    /// Zero.
    constexpr PrimeField() noexcept = default;

    [[nodiscard]] static constexpr PrimeField zero() noexcept { return {}; }
    [[nodiscard]] static constexpr PrimeField one() noexcept { return PrimeField(Backend::one); }

    [[nodiscard]] static constexpr PrimeField from_u64(std::uint64_t x) noexcept
    {
        return PrimeField(Backend::from_integer(Integer{x}));
    }
    /// lo + 2^64 hi.
    [[nodiscard]] static constexpr PrimeField from_u128(std::uint64_t lo, std::uint64_t hi) noexcept
    {
        return PrimeField(Backend::from_integer(Integer{lo, hi}));
    }
    /// Takes an integer that is already below the modulus.
    [[nodiscard]] static constexpr PrimeField from_integer(const Integer& x) noexcept
    {
        return PrimeField(Backend::from_integer(x));
    }
    /// x / 2^256: takes limbs that are a Montgomery form with radix 2^256. x below the modulus.
    [[nodiscard]] static constexpr PrimeField from_montgomery_256(const Integer& x) noexcept
    {
        return PrimeField(Backend::from_montgomery_256(x));
    }

    /// The inverse of from_montgomery_256, for backends that store just that.
    [[nodiscard]] constexpr Integer to_montgomery_256() const noexcept
        requires(Backend::radix_bits == 256 && Params::limbs == 4)
    {
        return value_;
    }

    /// Reads the canonical little-endian integer; false (and `out` untouched) if not below p.
    ///
    /// Shape   p: `bytes` readable bytes.
    [[nodiscard]] static constexpr bool from_bytes_le(const std::uint8_t* p,
                                                      PrimeField& out) noexcept
    {
        Integer x{};
        for (std::size_t i = 0; i < Params::limbs; ++i)
            x[i] = load_le64(p + 8 * i);
        if (!less(x, modulus))
            return false;
        out = from_integer(x);
        return true;
    }

    /// The canonical integer, below the modulus.
    [[nodiscard]] constexpr Integer to_integer() const noexcept
    {
        return Backend::to_integer(value_);
    }
    constexpr void to_bytes_le(std::uint8_t* out) const noexcept
    {
        const Integer x = to_integer();
        for (std::size_t i = 0; i < Params::limbs; ++i)
            store_le(out + 8 * i, x[i]);
    }
    constexpr void to_bytes_be(std::uint8_t* out) const noexcept
    {
        const Integer x = to_integer();
        for (std::size_t i = 0; i < Params::limbs; ++i)
            store_be(out + 8 * i, x[Params::limbs - 1 - i]);
    }

    [[nodiscard]] friend constexpr PrimeField operator+(const PrimeField& a,
                                                        const PrimeField& b) noexcept
    {
        return PrimeField(Backend::add(a.value_, b.value_));
    }
    [[nodiscard]] friend constexpr PrimeField operator-(const PrimeField& a,
                                                        const PrimeField& b) noexcept
    {
        return PrimeField(Backend::sub(a.value_, b.value_));
    }
    [[nodiscard]] friend constexpr PrimeField operator*(const PrimeField& a,
                                                        const PrimeField& b) noexcept
    {
        return PrimeField(Backend::mul(a.value_, b.value_));
    }
    [[nodiscard]] friend constexpr PrimeField operator-(const PrimeField& a) noexcept
    {
        return PrimeField(Backend::sub(Backend::zero, a.value_));
    }
    constexpr PrimeField& operator+=(const PrimeField& b) noexcept { return *this = *this + b; }
    constexpr PrimeField& operator-=(const PrimeField& b) noexcept { return *this = *this - b; }
    constexpr PrimeField& operator*=(const PrimeField& b) noexcept { return *this = *this * b; }

    [[nodiscard]] friend constexpr bool operator==(const PrimeField& a,
                                                   const PrimeField& b) noexcept
    {
        return Backend::equal(a.value_, b.value_);
    }

    [[nodiscard]] constexpr bool is_zero() const noexcept { return *this == PrimeField{}; }
    [[nodiscard]] constexpr PrimeField square() const noexcept { return *this * *this; }
    [[nodiscard]] constexpr PrimeField twice() const noexcept { return *this + *this; }

    /// sum_{i < Count} *a[i] * *b[i] with a single reduction, Count <= 6.
    template <std::size_t Count>
    [[nodiscard]] static constexpr PrimeField dot(const PrimeField* const (&a)[Count],
                                                  const PrimeField* const (&b)[Count]) noexcept
    {
        static_assert(Count <= 6);
        const typename Backend::Repr *x[Count], *y[Count];
        for (std::size_t i = 0; i < Count; ++i)
        {
            x[i] = &a[i]->value_;
            y[i] = &b[i]->value_;
        }
        return PrimeField(Backend::template dot<Count>(x, y));
    }

    /// K a - b and K a + b for a small K, which lanes do without a multiplication.
    template <unsigned K>
    [[nodiscard]] static constexpr PrimeField times_minus(const PrimeField& a,
                                                          const PrimeField& b) noexcept
    {
        static_assert(K == 9);
        return a.twice().twice().twice() + (a - b);
    }
    template <unsigned K>
    [[nodiscard]] static constexpr PrimeField times_plus(const PrimeField& a,
                                                         const PrimeField& b) noexcept
    {
        static_assert(K == 9);
        return a.twice().twice().twice() + (a + b);
    }

    /// this^e by left-to-right windows of 4 bits. The exponent is public, the base may be secret.
    template <std::size_t M>
    [[nodiscard]] constexpr PrimeField pow(const Limbs<M>& e) const noexcept
    {
        PrimeField table[16];
        table[0] = one();
        for (std::size_t i = 1; i < 16; ++i)
            table[i] = table[i - 1] * *this;
        PrimeField result = one();
        bool started = false;
        for (std::size_t i = 16 * M; i-- > 0;)
        {
            const std::size_t digit = (e[i / 16] >> (4 * (i % 16))) & 15;
            if (started)
                result = result.square().square().square().square();
            if (digit != 0)
            {
                result *= table[digit];
                started = true;
            }
        }
        return result;
    }

    /// 1 / this, and 0 for 0.
    [[nodiscard]] constexpr PrimeField inverse() const noexcept
    {
        return from_integer(field::inverse(to_integer(), modulus));
    }

    /// The same in a time that depends on the value, which is public.
    [[nodiscard]] constexpr PrimeField inverse_vartime() const noexcept
    {
        return from_integer(field::inverse_vartime(to_integer(), modulus));
    }

    /// A square root; false if there is none. p must be 3 mod 4.
    [[nodiscard]] constexpr bool sqrt(PrimeField& root) const noexcept
    {
        static_assert(modulus[0] % 4 == 3);
        Integer e = quarter;  // (p + 1) / 4
        add_to(e, Integer{1});
        const PrimeField candidate = pow(e);
        if (!(candidate.square() == *this))
            return false;
        root = candidate;
        return true;
    }

    /// s = this^((p - 3) / 4). With r = s * this: r^2 = this and r s = 1 for a square, otherwise
    /// r^2 = -this and r s = -1, and zero for zero. p must be 3 mod 4.
    [[nodiscard]] constexpr PrimeField inverse_root() const noexcept
    {
        static_assert(modulus[0] % 4 == 3);
        return pow(quarter);
    }

    /// this / 2.
    [[nodiscard]] constexpr PrimeField half() const noexcept
    {
        constexpr PrimeField h = []
        {
            Integer e = modulus;  // (p + 1) / 2
            add_to(e, Integer{1});
            for (std::size_t i = 0; i < Params::limbs; ++i)
                e[i] = (e[i] >> 1) | (i + 1 < Params::limbs ? e[i + 1] << 63 : 0);
            return from_integer(e);
        }();
        return *this * h;
    }

  private:
    explicit constexpr PrimeField(const typename Backend::Repr& value) noexcept : value_(value) {}

    /// p / 4, rounded down.
    static constexpr Integer quarter = []
    {
        Integer e = modulus;
        for (int k = 0; k < 2; ++k)
            for (std::size_t i = 0; i < Params::limbs; ++i)
                e[i] = (e[i] >> 1) | (i + 1 < Params::limbs ? e[i + 1] << 63 : 0);
        return e;
    }();

    typename Backend::Repr value_{};
};

/// Inverts `count` non-zero elements in place with one inversion (Montgomery's trick).
///
/// Shape   values, scratch: `count` elements each. A zero stays zero and disturbs nobody.
/// Cost    3 count multiplications and one inversion.
template <class F>
constexpr void batch_invert(F* values, F* scratch, std::size_t count) noexcept
{
    F running = F::one();
    for (std::size_t i = 0; i < count; ++i)
    {
        scratch[i] = running;
        if (!values[i].is_zero())
            running *= values[i];
    }
    F inverse = running.inverse();
    for (std::size_t i = count; i-- > 0;)
    {
        if (values[i].is_zero())
            continue;
        const F result = inverse * scratch[i];
        inverse *= values[i];
        values[i] = result;
    }
}
}  // namespace mote::field
