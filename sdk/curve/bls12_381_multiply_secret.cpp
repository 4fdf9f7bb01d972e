#include "curve/bls12_381_multiply.hpp"

#include "base/assert.hpp"
#include "base/secret.hpp"
#include "curve/complete.hpp"

namespace mote::curve::bls12_381
{
namespace
{
using field::bls12_381_x;
using field::Limbs;

struct G1Curve
{
    using F = Fq;
    static Fq times_3b(const Fq& x) noexcept
    {
        const Fq four = x.twice().twice();
        return four.twice() + four;  // 12
    }
};
struct G2Curve
{
    using F = Fq2;
    static Fq2 times_3b(const Fq2& x) noexcept
    {
        const Fq2 four = Fq6::xi(x).twice().twice();
        return four.twice() + four;  // 12 (1 + i)
    }
};

/// value <- value / |x|, returns the remainder. Bit by bit, so that no division instruction sees a
/// secret; |x| has its top bit set, so a remainder shifted left passes 2^64 by one bit.
std::uint64_t divide_by_x(Limbs<4>& value) noexcept
{
    std::uint64_t remainder = 0;
    for (std::size_t i = 256; i-- > 0;)
    {
        const std::uint64_t carry = remainder >> 63;
        remainder = (remainder << 1) | ((value[i / 64] >> (i % 64)) & 1);
        std::uint64_t below = 0;
        const std::uint64_t less = field::sub_borrow(remainder, bls12_381_x, below);
        const std::uint32_t take = hide(static_cast<std::uint32_t>(carry | (below ^ 1)));
        const std::uint64_t mask = 0 - static_cast<std::uint64_t>(take);
        remainder = (less & mask) | (remainder & ~mask);
        value[i / 64] = (value[i / 64] & ~(std::uint64_t{1} << (i % 64))) |
                        (static_cast<std::uint64_t>(take) << (i % 64));
    }
    return remainder;
}

/// `value` if the mask is zero, else `other`.
Limbs<4> choose(const Limbs<4>& value, const Limbs<4>& other, std::uint64_t mask) noexcept
{
    Limbs<4> out;
    for (std::size_t i = 0; i < 4; ++i)
        out[i] = (value[i] & ~mask) | (other[i] & mask);
    return out;
}

/// What column i of the recoded digits adds: sign * (1, b1, b2, b3).
struct Column
{
    std::uint8_t entry;     ///< b1 + 2 b2 + 4 b3
    std::uint8_t negative;  ///< 0 or 1
};
constexpr std::size_t columns = 65;

/// Writes an odd k0 with the signs -1 and 1 only, and the other digits with the sign of k0's column or 0:
/// sum_i 2^i sign_i (1, b1, b2, b3)_i = (k0, k1, k2, k3).
///
/// Source  [FHLS] algorithm 1, for four digits below 2^64.
void recode(std::uint64_t (&digits)[4], Column (&out)[columns]) noexcept
{
    for (std::size_t i = 0; i < columns; ++i)
    {
        // The sign of a column is the bit above it; the last is positive.
        const std::uint64_t above = i < 63 ? (digits[0] >> (i + 1)) & 1 : i - 63;
        const std::uint64_t negative = above ^ 1;
        std::uint64_t entry = 0;
        for (std::size_t k = 1; k < 4; ++k)
        {
            const std::uint64_t bit = digits[k] & 1;
            digits[k] = (digits[k] >> 1) + (bit & negative);
            entry |= bit << (k - 1);
        }
        out[i] = {static_cast<std::uint8_t>(entry), static_cast<std::uint8_t>(negative)};
    }
}

/// A point of the table, negated or not.
G2 look_up(const G2 (&table)[8], const Column& column) noexcept
{
    G2 out = select(table, column.entry);
    Fq2 y[2] = {out.y, -out.y};
    out.y = select(y, column.negative);
    wipe(y);
    return out;
}

// Points whose coordinates in q, -psi(q), psi^2(q), -psi^3(q) are not the same differ as long as those of
// their difference stay below r^(1/4) / 4 > 2^61: psi acts as a root of z^4 - z^2 + 1, so the difference is
// an element of the ring of that polynomial, infinity only if r divides its norm, and the norm is a product of
// four absolute values of at most 4 * 2^61. Until the last columns a sum and an entry of the table cannot meet:
// twice a sum has an even first coordinate, an entry an odd one.
constexpr std::size_t columns_that_may_meet = 4;
static_assert(columns - columns_that_may_meet <= 61);
}  // namespace

G1 multiply_generator_secret(const Limbs<4>& scalar) noexcept
{
    using Point = Projective<G1Curve>;
    Point table[16];
    table[1] = Point::from(g1_generator);
    for (std::size_t i = 2; i < 16; ++i)
        table[i] = table[i - 1] + table[1];
    Point result;
    for (std::size_t i = 64; i-- > 0;)
    {
        result = result.twice().twice().twice().twice();
        Point entry =
            select(table, static_cast<std::uint32_t>(scalar[i / 16] >> (4 * (i % 16))) & 15);
        result = result + entry;
        wipe(entry);
    }
    const G1 out = result.to_affine();
    wipe(result);
    return out;
}

G2 multiply_secret(const G2& q, const Limbs<4>& scalar) noexcept
{
    MOTE_ASSERT(!q.infinity);
    // table[b] = q plus the sum of the bits of b times (-psi)^(i + 1) (q). Nothing of it is secret.
    G2Jacobian sums[8] = {G2Jacobian(q)};
    G2 power = q;
    for (std::size_t i = 1; i < 8; i *= 2)
    {
        power = -psi(power);
        for (std::size_t k = 0; k < i; ++k)
            sums[i + k] = sums[k] + power;
    }
    G2 table[8];
    Fq2 scratch[16];
    to_affine(table, sums, 8, scratch);

    // r is odd, so one of the scalar and r - scalar is; |x| is even, so the lowest digit is odd with it.
    const std::uint64_t even = hide(static_cast<std::uint32_t>((scalar[0] & 1) ^ 1));
    Limbs<4> negated = Fr::modulus;
    field::sub_from(negated, scalar);
    Limbs<4> rest = choose(scalar, negated, 0 - even);
    std::uint64_t digits[4];
    for (std::uint64_t& digit : digits)
        digit = divide_by_x(rest);
    MOTE_ASSERT(field::is_zero(rest));
    Column recoded[columns];
    recode(digits, recoded);

    G2 entry = look_up(table, recoded[columns - 1]);
    G2Jacobian sum(entry.x, entry.y, Fq2::one());
    std::size_t i = columns - 1;
    while (i-- > columns_that_may_meet)
    {
        entry = look_up(table, recoded[i]);
        sum = sum.twice().plus_other(entry);
    }
    using Point = Projective<G2Curve>;
    Point result = Point::from(sum);
    for (i = columns_that_may_meet; i-- > 0;)
    {
        entry = look_up(table, recoded[i]);
        result = result.twice() + Point::from(entry);
    }
    Fq2 y[2] = {result.y, -result.y};
    result.y = select(y, static_cast<std::uint32_t>(even));
    const G2 out = result.to_affine();
    wipe(y);
    wipe(entry);
    wipe(sum);
    wipe(digits);
    wipe(rest);
    wipe(negated);
    wipe(recoded);
    wipe(result);
    return out;
}
}  // namespace mote::curve::bls12_381
