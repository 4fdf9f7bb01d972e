#include "curve/decompose.hpp"

namespace mote::curve
{
namespace
{
using field::Limbs;

struct Rounding
{
    Limbs<5> g;  ///< round(2^320 |inverse(B)[0][j]|)
    bool negative;
};

struct Entry
{
    std::uint64_t lo, hi;
    bool negative;
};

// Printed by tests/tools/bn254_endomorphism_constants.py.
constexpr Rounding rounding_4[4] = {
    {{0x56c360e54f622ca4, 0xd0cb46fd51906254, 0xc444fab18d269b9d, 0, 0}, false},
    {{0x882d2528f09500d8, 0x001378f5ee78976d, 0x22df9f942d7d77c7, 0x3d00631561b25729, 1}, false},
    {{0x4d3332d00d31098a, 0x36510546a93478ab, 0x916fcfca16bebbe4, 0x9e80318ab0d92b94, 0}, false},
    {{0xe80999d0d827bdb2, 0xf7ae23ce89afae7c, 0xc444fab18d269b9a, 0, 0}, true},
};
constexpr Entry basis_4[4][4] = {
    {{0x44e992b44a6909f2, 0, false},
     {0x44e992b44a6909f1, 0, false},
     {0x44e992b44a6909f1, 0, false},
     {0x89d3256894d213e2, 0, true}},
    {{0x89d3256894d213e3, 0, false},
     {0x44e992b44a6909f1, 0, true},
     {0x44e992b44a6909f2, 0, true},
     {0x44e992b44a6909f1, 0, true}},
    {{0x89d3256894d213e2, 0, false},
     {0x89d3256894d213e3, 0, false},
     {0x89d3256894d213e3, 0, false},
     {0x89d3256894d213e3, 0, false}},
    {{0x44e992b44a6909f0, 0, false},
     {0x13a64ad129a427c6, 1, false},
     {0x89d3256894d213e1, 0, true},
     {0x44e992b44a6909f0, 0, false}},
};
constexpr Rounding rounding_2[2] = {
    {{0x6eb9c714773a6ef3, 0xd91d232ec7e0b3d7, 2, 0, 0}, true},
    {{0xa5e38cfb5eaa26da, 0x7a7bd9d4391eb18d, 0x4ccef014a773d2cf, 2, 0}, true},
};
constexpr Entry basis_2[2][2] = {
    {{0x89d3256894d213e3, 0, true}, {0x8211bbeb7d4f1128, 0x6f4d8248eeb859fc, false}},
    {{0x0be4e1541221250b, 0x6f4d8248eeb859fd, true}, {0x89d3256894d213e3, 0, true}},
};

/// A 128-bit integer, two's complement where signed.
struct Word128
{
    std::uint64_t lo = 0, hi = 0;
};

constexpr Word128 add(Word128 a, Word128 b) noexcept
{
    std::uint64_t carry = 0;
    Word128 s;
    s.lo = field::add_carry(a.lo, b.lo, carry);
    s.hi = a.hi + b.hi + carry;
    return s;
}

constexpr Word128 negate(Word128 a) noexcept { return add({~a.lo, ~a.hi}, {1, 0}); }

/// a * b mod 2^128.
constexpr Word128 multiply(Word128 a, Word128 b) noexcept
{
    const field::Product p = field::mul_wide(a.lo, b.lo);
    return {p.lo, p.hi + a.lo * b.hi + a.hi * b.lo};
}

/// round(e * g / 2^320) mod 2^128.
Word128 rounded_product(const Limbs<4>& e, const Limbs<5>& g) noexcept
{
    std::uint64_t t[9] = {};
    for (std::size_t i = 0; i < 4; ++i)
    {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 5; ++j)
            t[i + j] = field::mul_add(t[i + j], e[i], g[j], carry);
        t[i + 5] = carry;
    }
    return add({t[5], t[6]}, {t[4] >> 63, 0});
}

// The results are small, so arithmetic modulo 2^128 is exact for them whatever the size of the
// intermediate values.
template <std::size_t N>
void decompose(const Limbs<4>& e, const Rounding (&rounding)[N], const Entry (&basis)[N][N],
               Part (&parts)[N]) noexcept
{
    Word128 sums[N] = {};
    sums[0] = {e[0], e[1]};
    for (std::size_t j = 0; j < N; ++j)
    {
        const Word128 c = rounded_product(e, rounding[j].g);
        for (std::size_t i = 0; i < N; ++i)
        {
            const Word128 term = multiply(c, {basis[j][i].lo, basis[j][i].hi});
            const bool subtract = rounding[j].negative == basis[j][i].negative;
            sums[i] = add(sums[i], subtract ? negate(term) : term);
        }
    }
    for (std::size_t i = 0; i < N; ++i)
    {
        const bool negative = (sums[i].hi >> 63) != 0;
        const Word128 magnitude = negative ? negate(sums[i]) : sums[i];
        parts[i] = {magnitude.lo, magnitude.hi, negative};
    }
}
}  // namespace

void decompose_4(const Fr::Integer& e, Part (&parts)[4]) noexcept
{
    decompose(e, rounding_4, basis_4, parts);
    for (const Part& part : parts)
        MOTE_ASSERT(part.hi < 2);
}

void decompose_2(const Fr::Integer& e, Part (&parts)[2]) noexcept
{
    decompose(e, rounding_2, basis_2, parts);
    for (const Part& part : parts)
        MOTE_ASSERT((part.hi >> 63) == 0);
}
}  // namespace mote::curve
