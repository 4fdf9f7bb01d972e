#include "jolt/lookup_tables.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "../poly/poly_support.hpp"

using namespace mote::jolt;
using namespace poly_test;

namespace
{
constexpr std::size_t table_count = 40;
using Values = std::array<Fr, table_count>;
__extension__ using Wide = unsigned __int128;

Values evaluate(const Elements& r)
{
    Values out;
    evaluate_lookup_tables(r, out);
    return out;
}

struct Vector
{
    const char *name, *value;
};

// Every table at the point r_i = i + 2, canonical big-endian.
constexpr Vector vectors[table_count] = {
    {"RangeCheck", "000000000000000000000000000000000000000000000042ffffffffffffff7d"},
    {"RangeCheckAligned", "000000000000000000000000000000000000000000000042fffffffffffffefc"},
    {"And", "00000000000000000000000000000000000000000000001bffffffffffffbb64"},
    {"Andn", "30644e72e131a029b85045b68181585d2833e84879b9707943e1f593f0004419"},
    {"Or", "30644e72e131a029b85045b68181585d2833e84879b9707e43e1f593f0004394"},
    {"Xor", "30644e72e131a029b85045b68181585d2833e84879b9706243e1f593f0008830"},
    {"Equal", "2c2f22ad13b5722b22d5d5c8f6ceac47780a2b56da31a3732d0c3915734ceb93"},
    {"SignedGreaterThanEqual", "0ced4857f7e04ae0d5d7442411da186a3ec5ae062cf98886627d59f66b72e02b"},
    {"UnsignedGreaterThanEqual",
     "0ced4857f7e04ae0d5d7442411da186a3ec5ae062cf98886627d59f66b72e02a"},
    {"NotEqual", "04352bc5cd7c2dfe957a6fed8ab2ac15b029bcf19f87cd1e16d5bc7e7cb3146f"},
    {"SignedLessThan", "2377061ae9515548e27901926fa73ff2e96e3a424cbfe80ae1649b9d848d1fd7"},
    {"UnsignedLessThan", "2377061ae9515548e27901926fa73ff2e96e3a424cbfe80ae1649b9d848d1fd8"},
    {"SignMask", "000000000000000000000000000000000000000000000001fffffffffffffffe"},
    {"UpperWord", "000000000000000000000000000000000000000000000002ffffffffffffffbd"},
    {"UnsignedLessThanEqual", "1f41da551bd5274a4cfe91a4e4f493dd39447d50ad381aecca8edf1f07da0b6a"},
    {"ValidUnsignedRemainder", "0ee363bd9373a03699f4915ac95194f8b0d8e0faf4fac0f25a21b3d1b80c6d58"},
    {"ValidDiv0", "26e71cc313d0793193de4cab5920584725eb5cc17d5a0a7fd5ff72321e826ccc"},
    {"HalfwordAlignment", "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593efffff81"},
    {"WordAlignment", "0000000000000000000000000000000000000000000000000000000000003f80"},
    {"LowerHalfWord", "00000000000000000000000000000000000000000000000000000062ffffff7d"},
    {"SignExtendHalfWord", "00000000000000000000000000000000000000000000006200000000ffffff7d"},
    {"Pow2", "00000000000000000000000000000000000000a8c93aa529f67d35ee3c82f370"},
    {"Pow2W", "0000000000000000000000000000000000000000000000015c76267f9fc4a8b0"},
    {"ShiftRightBitmask", "30644e72e131a029b85045b68181585d2833e79fb07ecb684d64bfa5b37d0c91"},
    {"VirtualRev8W", "00000000000000000000000000000000000000000000005aefeff02fefefef95"},
    {"VirtualSRL", "03994fa1f28d45b3e7cea8d19c30c1f9ad6ccd9a9a9ccebf2a7af5799f45b1c5"},
    {"VirtualSRA", "03994fa1f28d45b3e7cea8d19c30c1f9ad6ccd9a9a9ccdc32a7af5799f45b1c5"},
    {"VirtualROTR", "16b08dfa6bdd9c69df269729cae46886dbd361b637ebc2f9267e39549985f6ce"},
    {"VirtualROTRW", "30644e72decb66120a6ca945d42b6bfd7905a2a786b83261407e2e392a3f2e85"},
    {"VirtualChangeDivisor", "26f7d0c932f7d882b65ba7d3fdd16f003ad08f0b7dd489511db0ce903a02d7b3"},
    {"VirtualChangeDivisorW", "2653bb5e3c20b369dec42ccd8c272ceaa066b1346c6f2c2a92045687cbd0cd4b"},
    {"MulUNoOverflow", "2fb1b874749bc9ba4977f72c4878982536bbcf519dec76de80ee5d58d5ba4ad7"},
    {"VirtualXORROT32", "30644e72e131a029b85045b68181585d2833e84879b94c6243e27d93f0002430"},
    {"VirtualXORROT24", "30644e72e131a029b85045b68181585d2833e84879b939624469f593f0003730"},
    {"VirtualXORROT16", "30644e72e131a029b85045b68181585d2833e84879b92262cbe1f593f0004e30"},
    {"VirtualXORROT63", "30644e72e131a029b85045b68181585d2833e84879b9703a43e1f593f0011058"},
    {"VirtualXORROTW16", "30644e72e131a029b85045b68181585d2833e84879b9709143e1a76554004e30"},
    {"VirtualXORROTW12", "30644e72e131a029b85045b68181585d2833e84879b9709143e19a6b30005b30"},
    {"VirtualXORROTW8", "30644e72e131a029b85045b68181585d2833e84879b9709143e18cc8f0006930"},
    {"VirtualXORROTW7", "30644e72e131a029b85045b68181585d2833e84879b9709143e18984f0006cd8"},
};

// ---- Tables by their entries. An index k has two halves X (odd bits) and Y (even bits).

Wide interleave(std::uint64_t x, std::uint64_t y)
{
    Wide k = 0;
    for (unsigned i = 0; i < 64; ++i)
    {
        k |= static_cast<Wide>((x >> i) & 1) << (2 * i + 1);
        k |= static_cast<Wide>((y >> i) & 1) << (2 * i);
    }
    return k;
}

std::uint64_t every_second_bit(Wide k)
{
    std::uint64_t half = 0;
    for (unsigned i = 0; i < 64; ++i)
        half |= static_cast<std::uint64_t>((k >> (2 * i)) & 1) << i;
    return half;
}

std::uint64_t rotate_right(std::uint64_t x, unsigned n, unsigned bits)
{
    const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    x &= mask;
    n %= bits;
    return n == 0 ? x : ((x >> n) | (x << (bits - n))) & mask;
}

unsigned trailing_zeros(std::uint64_t y, unsigned bits)
{
    unsigned n = 0;
    while (n < bits && ((y >> n) & 1) == 0)
        ++n;
    return n;
}

// Tables 25 to 28 are defined for shift masks 2^64 - 2^s in Y, 28 for such a mask in its lower half.
std::uint64_t entry(std::size_t table, Wide k)
{
    const auto low = static_cast<std::uint64_t>(k), high = static_cast<std::uint64_t>(k >> 64);
    const std::uint64_t x = every_second_bit(k >> 1), y = every_second_bit(k);
    const auto sx = static_cast<std::int64_t>(x), sy = static_cast<std::int64_t>(y);
    const std::uint64_t ones = ~std::uint64_t{0};
    const auto x32 = static_cast<std::uint32_t>(x), y32 = static_cast<std::uint32_t>(y);
    const unsigned s = trailing_zeros(y, 64);
    // clang-format off
    switch (table)
    {
        case 0: return low;
        case 1: return low & ~std::uint64_t{1};
        case 2: return x & y;
        case 3: return x & ~y;
        case 4: return x | y;
        case 5: return x ^ y;
        case 6: return x == y;
        case 7: return sx >= sy;
        case 8: return x >= y;
        case 9: return x != y;
        case 10: return sx < sy;
        case 11: return x < y;
        case 12: return (high >> 63) != 0 ? ones : 0;
        case 13: return high;
        case 14: return x <= y;
        case 15: return y == 0 || x < y;
        case 16: return x != 0 || y == ones;
        case 17: return low % 2 == 0;
        case 18: return low % 4 == 0;
        case 19: return low & 0xffffffff;
        case 20:
            return static_cast<std::uint64_t>(
                static_cast<std::int64_t>(static_cast<std::int32_t>(low)));
        case 21: return std::uint64_t{1} << (low % 64);
        case 22: return std::uint64_t{1} << (low % 32);
        case 23: return ones << (low % 64);
        case 24:
        {
            std::uint64_t out = 0;
            for (unsigned byte = 0; byte < 8; ++byte)
                out |= ((low >> (8 * byte)) & 0xff) << (8 * (byte ^ 3));
            return out;
        }
        case 25: return s == 64 ? 0 : x >> s;
        case 26: return static_cast<std::uint64_t>(s == 64 ? sx >> 63 : sx >> s);
        case 27: return rotate_right(x, s, 64);
        case 28: return rotate_right(x, trailing_zeros(y & 0xffffffff, 32), 32);
        case 29: return x == std::uint64_t{1} << 63 && y == ones ? 1 : y;
        case 30:
            return x32 == 0x80000000 && y32 == 0xffffffff
                       ? 1
                       : static_cast<std::uint64_t>(
                             static_cast<std::int64_t>(static_cast<std::int32_t>(y32)));
        case 31: return high == 0;
        case 32: return rotate_right(x ^ y, 32, 64);
        case 33: return rotate_right(x ^ y, 24, 64);
        case 34: return rotate_right(x ^ y, 16, 64);
        case 35: return rotate_right(x ^ y, 63, 64);
        case 36: return rotate_right(x ^ y, 16, 32);
        case 37: return rotate_right(x ^ y, 12, 32);
        case 38: return rotate_right(x ^ y, 8, 32);
        case 39: return rotate_right(x ^ y, 7, 32);
    }
    // clang-format on
    throw std::out_of_range("table");
}

bool needs_shift_mask(std::size_t table) { return table >= 25 && table <= 28; }

// s = 64 (a zero operand) does not occur: shift amounts are taken mod 64.
std::uint64_t shift_mask(unsigned s) { return ~std::uint64_t{0} << s; }

Elements corner(Wide k)
{
    Elements r;
    for (unsigned i = 128; i-- > 0;)
        r.push_back(Fr::from_u64(static_cast<std::uint64_t>((k >> i) & 1)));
    return r;
}

const char* name_of(std::size_t table) { return vectors[table].name; }

void check_corner(Wide k, bool is_shift_mask)
{
    const Values values = evaluate(corner(k));
    for (std::size_t t = 0; t < table_count; ++t)
    {
        if (needs_shift_mask(t) && !is_shift_mask)
            continue;
        INFO(name_of(t));
        CHECK(values[t] == Fr::from_u64(entry(t, k)));
    }
}

const std::uint64_t corners[] = {0,
                                 1,
                                 2,
                                 3,
                                 0x7f,
                                 0x7fffffff,
                                 0x80000000,
                                 0x80000001,
                                 0xffffffff,
                                 0x100000000,
                                 0x180000000,
                                 0x0123456789abcdef,
                                 0x7fffffff80000000,
                                 0x7fffffffffffffff,
                                 0x8000000000000000,
                                 0x8000000000000001,
                                 0x80000000ffffffff,
                                 0xffffffff00000000,
                                 0xffffffff80000000,
                                 0xfffffffffffffffe,
                                 0xffffffffffffffff};
}  // namespace

TEST_CASE("lookup tables: values at the point 2, 3, 4, ...")
{
    Elements r;
    for (int i = 0; i < 128; ++i)
        r.push_back(small(i + 2));
    const Values values = evaluate(r);
    for (std::size_t t = 0; t < table_count; ++t)
    {
        INFO(name_of(t));
        CHECK(values[t] == from_hex(vectors[t].value));
    }
}

TEST_CASE("lookup tables: entries at indices of special operands")
{
    for (const std::uint64_t x : corners)
        for (const std::uint64_t y : corners)
        {
            check_corner(interleave(x, y), false);
            check_corner(static_cast<Wide>(x) << 64 | y, false);
        }
}

TEST_CASE("lookup tables: entries at random indices, also small and equal operands")
{
    Random random(1);
    for (int repeat = 0; repeat < 300; ++repeat)
    {
        const std::uint64_t x = random.word() >> random.below(64);
        const std::uint64_t y = random.word() >> random.below(64);
        check_corner(interleave(x, y), false);
        check_corner(interleave(x, x), false);
        check_corner(interleave(x, x ^ (std::uint64_t{1} << random.below(64))), false);
        check_corner(random.word(), false);
    }
}

TEST_CASE("lookup tables: entries of shifts and rotations for every shift mask")
{
    Random random(2);
    for (unsigned s = 0; s < 64; ++s)
    {
        for (const std::uint64_t x : corners)
            check_corner(interleave(x, shift_mask(s)), true);
        check_corner(interleave(random.word(), shift_mask(s)), true);
    }
    // Rotation of 32 bits looks at the lower halves only.
    for (unsigned s = 0; s < 32; ++s)
    {
        const std::uint64_t x = random.word();
        const std::uint64_t y = random.word() << 32 | (shift_mask(s) & 0xffffffff);
        CHECK(evaluate(corner(interleave(x, y)))[28] ==
              Fr::from_u64(rotate_right(x & 0xffffffff, s, 32)));
    }
}

TEST_CASE("lookup tables: between the corners every table is the extension of its entries")
{
    // All but a few coordinates are bits, so that the sum over the corners is short.
    Random random(3);
    constexpr unsigned free_count = 4;
    for (int repeat = 0; repeat < 400; ++repeat)
    {
        const bool is_shift_mask = repeat % 2 == 0;
        Wide base =
            interleave(random.word() >> random.below(64), random.word() >> random.below(64));
        if (repeat % 8 == 1)
            base = interleave(std::uint64_t{1} << (repeat % 16 == 1 ? 63 : 31), ~std::uint64_t{0});
        if (is_shift_mask)
            base = interleave(random.word(), shift_mask(static_cast<unsigned>(random.below(64))));
        std::vector<unsigned> free;
        Wide cleared = base;
        while (free.size() < free_count)
        {
            // With a shift mask in Y only bits of X may vary.
            const auto bit = static_cast<unsigned>(random.below(128));
            if ((is_shift_mask && bit % 2 == 0) || std::count(free.begin(), free.end(), bit) != 0)
                continue;
            free.push_back(bit);
            cleared &= ~(static_cast<Wide>(1) << bit);
        }
        Elements r = corner(base), point;
        for (const unsigned bit : free)
        {
            point.push_back(random.element());
            r[127 - bit] = point.back();
        }
        const Values values = evaluate(r);
        for (std::size_t t = 0; t < table_count; ++t)
        {
            if (needs_shift_mask(t) && !is_shift_mask)
                continue;
            const Fr expected = extend(point,
                                       [&](std::uint64_t choice)
                                       {
                                           Wide k = cleared;
                                           for (unsigned i = 0; i < free_count; ++i)
                                               if (((choice >> (free_count - 1 - i)) & 1) != 0)
                                                   k |= static_cast<Wide>(1) << free[i];
                                           return Fr::from_u64(entry(t, k));
                                       });
            INFO(name_of(t));
            CHECK(values[t] == expected);
        }
    }
}

TEST_CASE("lookup tables: every table is linear in every coordinate")
{
    Random random(4);
    const Elements r = random.elements(128);
    for (std::size_t i = 0; i < 128; ++i)
    {
        Elements at_zero = r, at_one = r;
        at_zero[i] = Fr::zero();
        at_one[i] = Fr::one();
        const Values v = evaluate(r), v0 = evaluate(at_zero), v1 = evaluate(at_one);
        for (std::size_t t = 0; t < table_count; ++t)
        {
            INFO(name_of(t) << " coordinate " << i);
            CHECK(v[t] == v0[t] + r[i] * (v1[t] - v0[t]));
        }
    }
}

TEST_CASE("lookup tables: shifts and rotations at points that no honest index reaches")
{
    Random random(5);
    for (int repeat = 0; repeat < 20; ++repeat)
    {
        const Elements r = mixed_point(random, 128);
        const Values values = evaluate(r);
        const Fr one = Fr::one();
        Fr srl, fill, two_to_i = one;
        for (std::size_t i = 0; i < 64; ++i)
        {
            const Fr &x = r[2 * i], &y = r[2 * i + 1];
            srl = srl * (one + y) + x * y;
            if (i > 0)
                fill += two_to_i * (one - y);
            two_to_i = two_to_i.twice();
        }
        CHECK(values[25] == srl);
        CHECK(values[26] == srl + r[0] * fill);
        for (const std::size_t first : {0u, 32u})
        {
            Fr f, g, q = one;
            for (std::size_t i = first; i < 64; ++i)
            {
                const Fr &x = r[2 * i], &y = r[2 * i + 1];
                f = f * (one + y) + x * y;
                g += x * (one - y) * q * Fr::from_u64(std::uint64_t{1} << (63 - i));
                q *= one + y;
            }
            CHECK(values[first == 0 ? 27 : 28] == f + g);
        }
    }
}
