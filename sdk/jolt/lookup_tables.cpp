#include "jolt/lookup_tables.hpp"

#include "base/assert.hpp"
#include "jolt/revisions/jolt_69eea119.hpp"
#include "poly/multilinear.hpp"

namespace mote::jolt
{
namespace
{
using jolt_69eea119::LookupTable;

constexpr std::size_t half_bits = 32;
constexpr std::size_t operand_bits = 2 * half_bits;
constexpr std::size_t index_bits = 2 * operand_bits;

// 2^k for k <= 127.
Fr power_of_two(std::size_t k) noexcept
{
    return k < 64 ? Fr::from_u64(std::uint64_t{1} << k)
                  : Fr::from_u128(0, std::uint64_t{1} << (k - 64));
}

// What the tables need of 32 bit positions of both operands. Positions run from the most significant
// of the half, i = 0 ... 31, and w_i = 2^(31-i). Two halves join to 64 bits; the tables on 32-bit
// operands read the lower half alone.
struct Half
{
    Fr left, right;      // sum w_i x_i, sum w_i y_i
    Fr both;             // sum w_i x_i y_i
    Fr less, equal;      // x < y, x = y
    Fr left_zero_tail;   // prod_{i >= 1} (1 - x_i)
    Fr left_zero;        // prod (1 - x_i)
    Fr right_zero;       // prod (1 - y_i)
    Fr right_ones;       // prod y_i
    Fr zero_under_ones;  // prod (1 - x_i) y_i
    Fr right_reversed;   // sum 2^i y_i

    // With a shift mask in y (ones, then s zeros): f takes the bits of x that survive the shift, g
    // those that fall out and return at the top in a rotation, q is 2^(number of ones so far).
    //     f <- f (1 + y_i) + x_i y_i    g <- g + x_i (1 - y_i) q w_i    q <- q (1 + y_i)
    Fr shifted, wrapped, spread;
};

// x and y are every second coordinate of `r`, x first. xor_prefix[k] = sum_{i < k} 2^(k-1-i) (x_i xor
// y_i) is continued from xor_prefix[0], which holds what stands before this half.
Half evaluate_half(const Fr* r, Fr* xor_prefix) noexcept
{
    const Fr one = Fr::one();
    Half h;
    h.equal = h.left_zero_tail = h.right_zero = h.right_ones = h.zero_under_ones = h.spread = one;
    for (std::size_t i = 0; i < half_bits; ++i)
    {
        const Fr &x = r[2 * i], &y = r[2 * i + 1];
        const Fr both = x * y;
        const Fr only_x = x - both, only_y = y - both, differ = only_x + only_y;
        h.left = h.left.twice() + x;
        h.right = h.right.twice() + y;
        h.both = h.both.twice() + both;
        xor_prefix[i + 1] = xor_prefix[i].twice() + differ;

        h.less += h.equal * only_y;
        h.equal -= h.equal * differ;
        if (i > 0)
            h.left_zero_tail -= h.left_zero_tail * x;
        h.right_zero -= h.right_zero * y;
        h.right_ones *= y;
        h.zero_under_ones *= only_y;

        h.shifted += h.shifted * y + both;
        h.wrapped = h.wrapped.twice() + only_x * h.spread;
        h.spread += h.spread * y;
    }
    for (std::size_t i = half_bits; i-- > 0;)
        h.right_reversed = h.right_reversed.twice() + r[2 * i + 1];
    h.left_zero = h.left_zero_tail - h.left_zero_tail * r[0];
    return h;
}

// Rotation of a `bits`-bit value right by n: the upper bits - n bits, which are `prefix`, move down
// and the rest, value - 2^n prefix, comes back at the top.
Fr rotate_right(const Fr& value, const Fr& prefix, std::size_t bits, std::size_t n) noexcept
{
    return prefix + power_of_two(bits - n) * value - power_of_two(bits) * prefix;
}
}  // namespace

void evaluate_lookup_tables(std::span<const Fr> r, std::span<Fr> out) noexcept
{
    MOTE_ASSERT(r.size() == index_bits && out.size() == jolt_69eea119::lookup_table_count);
    const auto table = [out](LookupTable name) -> Fr&
    { return out[static_cast<std::size_t>(name)]; };

    const Fr one = Fr::one();
    const Fr two_32 = power_of_two(32), two_64 = power_of_two(64);

    // Tables of two operands: x in the even coordinates, y in the odd ones.
    Fr xor_prefix[operand_bits + 1];
    const Half high = evaluate_half(r.data(), xor_prefix);
    const Half low = evaluate_half(r.data() + operand_bits, xor_prefix + half_bits);
    const Fr &x0 = r[0], &y0 = r[1], &x32 = r[operand_bits], &y32 = r[operand_bits + 1];

    const Fr left = two_32 * high.left + low.left;
    const Fr right = two_32 * high.right + low.right;
    const Fr both = two_32 * high.both + low.both;
    table(LookupTable::bit_and) = both;
    table(LookupTable::bit_andn) = left - both;
    table(LookupTable::bit_or) = left + right - both;
    table(LookupTable::bit_xor) = xor_prefix[operand_bits];

    const Fr less = high.less + high.equal * low.less;
    const Fr equal = high.equal * low.equal;
    const Fr signed_less = x0 - y0 + less;
    table(LookupTable::equal) = equal;
    table(LookupTable::not_equal) = one - equal;
    table(LookupTable::unsigned_less_than) = less;
    table(LookupTable::unsigned_less_than_equal) = less + equal;
    table(LookupTable::unsigned_greater_than_equal) = one - less;
    table(LookupTable::signed_less_than) = signed_less;
    table(LookupTable::signed_greater_than_equal) = one - signed_less;

    const Fr right_ones = high.right_ones * low.right_ones;
    table(LookupTable::valid_unsigned_remainder) = less + high.right_zero * low.right_zero;
    table(LookupTable::valid_div0) =
        one - high.left_zero * low.left_zero + high.zero_under_ones * low.zero_under_ones;

    // The smallest number divided by -1 overflows; the divisor becomes 1 instead of -1 = 2^64 - 1.
    const Fr to_one = Fr::from_u64(2) - two_64;
    table(LookupTable::change_divisor) =
        right + to_one * (x0 * high.left_zero_tail * low.left_zero * right_ones);
    const Fr sign_fill = two_64 - two_32;
    table(LookupTable::change_divisor_w) =
        low.right + sign_fill * y32 + to_one * (x32 * low.left_zero_tail * low.right_ones);

    const Fr shifted = high.shifted * low.spread + low.shifted;
    table(LookupTable::srl) = shifted;
    // Position i counts from the most significant bit: 2^i (1 - y_i) sums to the s ones at the top.
    const Fr right_reversed = high.right_reversed + two_32 * low.right_reversed;
    table(LookupTable::sra) = shifted + x0 * (two_64 - one - right_reversed - (one - y0));
    table(LookupTable::rotr) = shifted + two_32 * high.wrapped + high.spread * low.wrapped;
    table(LookupTable::rotr_w) = low.shifted + low.wrapped;

    const auto rotate_xor = [&xor_prefix](std::size_t n)
    { return rotate_right(xor_prefix[operand_bits], xor_prefix[operand_bits - n], 64, n); };
    table(LookupTable::xor_rot_32) = rotate_xor(32);
    table(LookupTable::xor_rot_24) = rotate_xor(24);
    table(LookupTable::xor_rot_16) = rotate_xor(16);
    table(LookupTable::xor_rot_63) = rotate_xor(63);

    const auto rotate_xor_w = [&xor_prefix](std::size_t n)
    {
        // Prefixes of the lower half alone: take away what the upper half contributed.
        const Fr &upper = xor_prefix[half_bits], &prefix = xor_prefix[operand_bits - n];
        const Fr value = xor_prefix[operand_bits] - power_of_two(half_bits) * upper;
        return rotate_right(value, prefix - power_of_two(half_bits - n) * upper, 32, n);
    };
    table(LookupTable::xor_rot_w16) = rotate_xor_w(16);
    table(LookupTable::xor_rot_w12) = rotate_xor_w(12);
    table(LookupTable::xor_rot_w8) = rotate_xor_w(8);
    table(LookupTable::xor_rot_w7) = rotate_xor_w(7);

    // Tables of one number: the 128 coordinates as they are.
    const Fr upper_word = poly::identity(r.first(64));
    const Fr lower_half_word = poly::identity(r.last(32));
    const Fr lower_word = two_32 * poly::identity(r.subspan(64, 32)) + lower_half_word;
    const Fr &bit0 = r[127], &bit1 = r[126], &bit31 = r[96];
    table(LookupTable::range_check) = lower_word;
    table(LookupTable::range_check_aligned) = lower_word - bit0;
    table(LookupTable::upper_word) = upper_word;
    table(LookupTable::sign_mask) = two_64 * r[0] - r[0];
    table(LookupTable::halfword_alignment) = one - bit0;
    table(LookupTable::word_alignment) = (one - bit0) * (one - bit1);
    table(LookupTable::lower_half_word) = lower_half_word;
    table(LookupTable::sign_extend_half_word) = lower_half_word + sign_fill * bit31;
    // The upper 64 bits of the index are the upper halves of both operands, interleaved.
    table(LookupTable::mul_u_no_overflow) = high.left_zero * high.right_zero;

    // prod_i (1 + (2^(2^i) - 1) bit_i) = 2^(sum 2^i bit_i) on bits.
    Fr power = one;
    for (std::size_t i = 0; i < 6; ++i)
    {
        if (i == 5)
            table(LookupTable::pow2_w) = power;
        const std::uint64_t factor = (std::uint64_t{1} << (1u << i)) - 1;
        power += power * (Fr::from_u64(factor) * r[127 - i]);
    }
    table(LookupTable::pow2) = power;
    table(LookupTable::shift_right_bitmask) = two_64 - power;  // the eq weights sum to 1

    // Bytes of each 32-bit half reversed: from the top, bytes 4 5 6 7 0 1 2 3 of the number.
    Fr reversed;
    for (const std::size_t byte : {4u, 5u, 6u, 7u, 0u, 1u, 2u, 3u})
        for (std::size_t t = 8; t-- > 0;)
            reversed = reversed.twice() + r[127 - 8 * byte - t];
    table(LookupTable::rev8_w) = reversed;
}
}  // namespace mote::jolt
