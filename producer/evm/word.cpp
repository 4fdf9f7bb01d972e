#include "evm/word.hpp"

namespace mote::evm
{
namespace
{
using field::mul_add;
using field::mul_wide;

/// Divides 2^128 - 1 by normalised 9-bit stretches of the divisor, as [MG11] section 4.1 starts.
constexpr std::array<std::uint16_t, 256> reciprocal_table = []
{
    std::array<std::uint16_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i)
        table[i] = static_cast<std::uint16_t>(0x7fd00 / (0x100 + i));
    return table;
}();

/// floor((2^128 - 1) / d) - 2^64, for d >= 2^63.
///
/// Source  [MG11] algorithm 2: Newton's iteration from 11 to 21, 34 and 65 bits.
std::uint64_t reciprocal(std::uint64_t d) noexcept
{
    const std::uint64_t odd = d & 1, d40 = (d >> 24) + 1, d63 = (d >> 1) + odd;
    const std::uint64_t v0 = reciprocal_table[(d >> 55) - 256];
    const std::uint64_t v1 = (v0 << 11) - ((v0 * v0 * d40) >> 40) - 1;
    const std::uint64_t v2 = (v1 << 13) + ((v1 * ((std::uint64_t{1} << 60) - v1 * d40)) >> 47);
    const std::uint64_t e = ((v2 >> 1) & (0 - odd)) - v2 * d63;
    const std::uint64_t v3 = (v2 << 31) + (mul_wide(v2, e).hi >> 1);
    const field::Product p = mul_wide(v3, d);
    return v3 - (p.hi + static_cast<std::uint64_t>(p.lo + d < d)) - d;
}

/// (hi, lo) / d for normalised d and hi < d; hi becomes the remainder.
///
/// Source  [MG11] algorithm 4.
std::uint64_t divide_step(std::uint64_t& hi, std::uint64_t lo, std::uint64_t d,
                          std::uint64_t v) noexcept
{
    field::Product q = mul_wide(v, hi);
    std::uint64_t carry = 0;
    q.lo = field::add_carry(q.lo, lo, carry);
    q.hi = q.hi + hi + carry + 1;
    std::uint64_t r = lo - q.hi * d;
    if (r > q.lo)
    {
        --q.hi;
        r += d;
    }
    if (r >= d)
    {
        ++q.hi;
        r -= d;
    }
    hi = r;
    return q.hi;
}

/// Divides u by v in place: u becomes the remainder, q the quotient.
///
/// Shape   u: m limbs, m <= 8, and room for one more that is zero; q: m limbs; v: n limbs, the highest
///         not zero.
void divide_limbs(std::uint64_t* u, std::size_t m, const std::uint64_t* divisor, std::size_t n,
                  std::uint64_t* q) noexcept
{
    const auto shift = static_cast<unsigned>(std::countl_zero(divisor[n - 1]));
    std::uint64_t v[4];
    for (std::size_t i = n; i-- > 0;)
        v[i] = (divisor[i] << shift) | (shift != 0 && i > 0 ? divisor[i - 1] >> (64 - shift) : 0);
    if (shift != 0)
    {
        for (std::size_t i = m + 1; i-- > 1;)
            u[i] = (u[i] << shift) | (u[i - 1] >> (64 - shift));
        u[0] <<= shift;
    }
    const std::uint64_t inverse = reciprocal(v[n - 1]);
    if (n == 1)
    {
        std::uint64_t r = u[m];
        for (std::size_t j = m; j-- > 0;)
            q[j] = divide_step(r, u[j], v[0], inverse);
        u[0] = r >> shift;
        for (std::size_t j = 1; j <= m; ++j)
            u[j] = 0;
        return;
    }
    for (std::size_t j = m - n + 1; j-- > 0;)
    {
        // The estimate from two limbs over one is at most two too large; the third limb corrects it.
        std::uint64_t guess = ~std::uint64_t{0}, rest = u[j + n];
        bool exact = false;
        if (u[j + n] < v[n - 1])
        {
            guess = divide_step(rest, u[j + n - 1], v[n - 1], inverse);
            exact = true;
        }
        else
        {
            // u[j + n] == v[n - 1]: guess = 2^64 - 1 leaves u[j + n - 1] + v[n - 1].
            rest = u[j + n - 1] + v[n - 1];
            exact = rest >= v[n - 1];
        }
        while (exact)
        {
            const field::Product p = mul_wide(guess, v[n - 2]);
            if (p.hi < rest || (p.hi == rest && p.lo <= u[j + n - 2]))
                break;
            --guess;
            rest += v[n - 1];
            exact = rest >= v[n - 1];
        }
        std::uint64_t borrow = 0, carry = 0;
        for (std::size_t i = 0; i < n; ++i)
        {
            const std::uint64_t p = mul_add(0, guess, v[i], carry);
            u[i + j] = field::sub_borrow(u[i + j], p, borrow);
        }
        u[j + n] = field::sub_borrow(u[j + n], carry, borrow);
        if (borrow != 0)
        {
            --guess;
            carry = 0;
            for (std::size_t i = 0; i < n; ++i)
                u[i + j] = field::add_carry(u[i + j], v[i], carry);
            u[j + n] += carry;
        }
        q[j] = guess;
    }
    for (std::size_t i = 0; i < n; ++i)
        u[i] = (u[i] >> shift) | (shift != 0 ? u[i + 1] << (64 - shift) : 0);
}

std::size_t limbs_of(const Word& a) noexcept
{
    std::size_t n = 4;
    while (n > 0 && a.limb[n - 1] == 0)
        --n;
    return n;
}

/// u mod m, u of `count` limbs with room for one more.
Word reduce(std::uint64_t* u, std::size_t count, const Word& m) noexcept
{
    const std::size_t n = limbs_of(m);
    while (count > 0 && u[count - 1] == 0)
        --count;
    if (n == 0)
        return {};
    if (count >= n)
    {
        std::uint64_t q[9];
        u[count] = 0;
        divide_limbs(u, count, m.limb.data(), n, q);
        count = n;
    }
    Word r;
    for (std::size_t i = 0; i < count && i < 4; ++i)
        r.limb[i] = u[i];
    return r;
}

void multiply_full(const Word& a, const Word& b, std::uint64_t* p) noexcept
{
    for (std::size_t i = 0; i < 8; ++i)
        p[i] = 0;
    for (std::size_t i = 0; i < 4; ++i)
    {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 4; ++j)
            p[i + j] = mul_add(p[i + j], a.limb[i], b.limb[j], carry);
        p[i + 4] = carry;
    }
}
}  // namespace

Quotient divide(const Word& a, const Word& b) noexcept
{
    const std::size_t n = limbs_of(b), m = limbs_of(a);
    if (n == 0)
        return {};
    if (m < n || a < b)
        return {Word{}, a};
    if (m == 1)
        return {Word{a.limb[0] / b.limb[0]}, Word{a.limb[0] % b.limb[0]}};
    std::uint64_t u[5] = {a.limb[0], a.limb[1], a.limb[2], a.limb[3], 0}, q[5] = {};
    divide_limbs(u, m, b.limb.data(), n, q);
    Quotient out;
    for (std::size_t i = 0; i < 4; ++i)
    {
        out.quotient.limb[i] = q[i];
        out.remainder.limb[i] = i < n ? u[i] : 0;
    }
    return out;
}

Quotient divide_signed(const Word& a, const Word& b) noexcept
{
    const bool minus_a = a.is_negative(), minus_b = b.is_negative();
    Quotient out = divide(minus_a ? -a : a, minus_b ? -b : b);
    if (minus_a != minus_b)
        out.quotient = -out.quotient;
    if (minus_a)
        out.remainder = -out.remainder;
    return out;
}

Word add_mod(const Word& a, const Word& b, const Word& m) noexcept
{
    std::uint64_t u[6] = {}, carry = 0;
    for (std::size_t i = 0; i < 4; ++i)
        u[i] = field::add_carry(a.limb[i], b.limb[i], carry);
    u[4] = carry;
    return reduce(u, 5, m);
}

Word multiply_mod(const Word& a, const Word& b, const Word& m) noexcept
{
    std::uint64_t p[9];
    multiply_full(a, b, p);
    return reduce(p, 8, m);
}

Word power(const Word& base, const Word& exponent) noexcept
{
    Word result{1};
    for (unsigned i = exponent.bit_length(); i-- > 0;)
    {
        result = result * result;
        if (((exponent.limb[i / 64] >> (i % 64)) & 1) != 0)
            result = result * base;
    }
    return result;
}

Word multiply_overflow(const Word& a, const Word& b, bool& overflow) noexcept
{
    std::uint64_t p[8];
    multiply_full(a, b, p);
    overflow = (p[4] | p[5] | p[6] | p[7]) != 0;
    return {p[3], p[2], p[1], p[0]};
}
}  // namespace mote::evm
