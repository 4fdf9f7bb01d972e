// GT: the target group of the pairing, order r inside Fq12*.
//
// A Gt is an element that was shown to have order r (or is 1). Only then is its inverse its conjugate,
// its square the cheap cyclotomic one, and the Frobenius map multiplication of the exponent by p;
// everything here rests on that. Elements enter through check_members() alone.
//
// Worked case: e(P, Q)^2 * e(-P, Q)^2 == 1.
#pragma once

#include "base/arena.hpp"
#include "base/bytes.hpp"
#include "base/status.hpp"
#include "curve/bn254.hpp"

namespace mote::curve
{
struct Gt
{
    Fq12 value = Fq12::one();

    [[nodiscard]] friend constexpr Gt operator*(const Gt& a, const Gt& b) noexcept
    {
        return {a.value * b.value};
    }
    [[nodiscard]] friend constexpr bool operator==(const Gt& a, const Gt& b) noexcept
    {
        return a.value == b.value;
    }
    [[nodiscard]] constexpr Gt inverse() const noexcept { return {value.conjugate()}; }
};

/// Whether x lies in the cyclotomic subgroup of Fq12, order p^4 - p^2 + 1.
///
/// Source  x^(p^4) x = x^(p^2); zero does not qualify.
[[nodiscard]] bool in_cyclotomic_subgroup(const Fq12& x) noexcept;

/// Whether x has order r (or is 1), tested alone.
///
/// Cost    two powers by the 63-bit u with cyclotomic squarings.
/// Source  x^p = x^(6u^2), because p - r = 6u^2; the cyclotomic subgroup is tested first.
[[nodiscard]] bool in_gt(const Fq12& x) noexcept;

/// Scratch bytes that check_members() and multi_power() take from the arena for `count` elements.
[[nodiscard]] std::size_t gt_scratch_bytes(std::size_t count) noexcept;

/// Tests that all `count` elements have order r; `bad` receives the index of the first that has not.
///
/// Up to a few elements are tested one by one. Beyond that, after every element was shown to be
/// cyclotomic, four combinations prod x_i^(c_i) with independent coefficients are tested instead.
/// The cyclotomic subgroup has order h r with h = 493356762637 * 2126437289207585950861 * P652 (the
/// factors are prime), so a wrong element keeps a component of prime order > 2^38; coefficients of 32
/// bits are distinct modulo that prime and miss it with probability 2^-32 each, 2^-128 together.
/// When a combination fails, the elements are tested one by one to name the culprit.
///
/// Shape   seed: 32 bytes that depend on every byte of every element (a hash of them).
/// Errors  false; `bad` is set.
/// Memory  gt_scratch_bytes(count) from the arena, given back before returning.
/// Cost    for 85 elements about a fifth of 85 single tests.
[[nodiscard]] bool check_members(const Gt* elements, std::size_t count, const std::uint8_t* seed,
                                 Arena& arena, std::size_t& bad) noexcept;

/// prod bases[i]^(exponents[i]).
///
/// Every exponent becomes four parts of 65 bits by the Frobenius map ([GLS]); the parts are
/// collected in buckets of six-bit digits (Pippenger), all windows in lanes side by side, on the torus
/// (torus.hpp).
///
/// Memory  gt_scratch_bytes(count) from the arena, given back before returning.
[[nodiscard]] Status multi_power(const Gt* const* bases, const Fr* exponents, std::size_t count,
                                 Arena& arena, Gt& out) noexcept;

/// x^e for one element.
[[nodiscard]] Gt power(const Gt& x, const Fr& e) noexcept;
}  // namespace mote::curve
