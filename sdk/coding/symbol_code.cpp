#include "coding/symbol_code.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "coding/strips.hpp"

namespace mote::coding
{
namespace
{
using field::Gf2_128;

constexpr std::uint32_t elements_in_group = 8;
constexpr unsigned group_levels = 3;
constexpr std::size_t element_bytes = group_bytes / elements_in_group;

/// Eight symbols times one twiddle.
Gf2_128 multiply(Gf2_128 x, field::Gf65536 t) noexcept
{
    Gf2_128 product;
    with_kind(t,
              [&]<Twiddle kind>()
              {
                  using S = Scale<arch::PlaneWords, kind>;
                  typename S::Pair sum{0, 0};
                  S(t).add_product(sum, {x.low, x.high});
                  product = {sum.low, sum.high};
              });
    return product;
}

/// One inverse level on single elements.
void inverse_level(std::uint8_t* symbols, std::uint32_t count, unsigned level) noexcept
{
    const std::uint32_t h = 1U << level;
    for (std::uint32_t s = 0; s < count; s += 2 * h)
    {
        const field::Gf65536 t = twiddle(s >> level);
        for (std::uint32_t j = s; j < s + h; ++j)
        {
            const Gf2_128 a = load_symbols(symbols, j);
            const Gf2_128 b = load_symbols(symbols, j + h) ^ a;
            store_symbols(symbols, j + h, b);
            store_symbols(symbols, j, a ^ multiply(b, t));
        }
    }
}

/// One inverse level inside of groups, all elements of a group at once.
///
/// The twiddles of a group differ from its first one by omega(2), omega(4) or their sum, whatever
/// the group: t b = omega(first) b + [omega(2) b] + [omega(4) b], each a product by one constant.
void inverse_level_in_groups(std::uint8_t* symbols, std::uint32_t count, unsigned level) noexcept
{
    const std::uint32_t h = 1U << level;
    // Second elements of the pairs, where their first ones are; all of them, and those whose twiddle
    // has the one or the other difference. What is not written stays zero.
    alignas(64) std::uint8_t all[group_bytes] = {}, second[group_bytes] = {},
                             fourth[group_bytes] = {};
    for (std::uint32_t first = 0; first < count; first += elements_in_group)
    {
        std::uint8_t* const group = symbols + first * element_bytes;
        for (std::uint32_t i = 0; i < elements_in_group; ++i)
        {
            if ((i & h) != 0)
                continue;
            const Gf2_128 b = load_symbols(group, i + h) ^ load_symbols(group, i);
            store_symbols(group, i + h, b);
            store_symbols(all, i, b);
            const std::uint32_t difference = i >> (level + 1);
            if ((difference & 1U) != 0)
                store_symbols(second, i, b);
            if ((difference & 2U) != 0)
                store_symbols(fourth, i, b);
        }
        add_scaled<Plane>(group, all, group, twiddle(first >> level), group_bytes);
        if (level < 2)
            add_scaled<Plane>(group, second, group, twiddle(2), group_bytes);
        if (level < 1)
            add_scaled<Plane>(group, fourth, group, twiddle(4), group_bytes);
    }
}

/// One forward butterfly of the h elements at s and the h after them, as far as it is needed.
void forward_half(std::uint8_t* symbols, std::uint32_t s, std::uint32_t h, field::Gf65536 t,
                  bool right) noexcept
{
    if (h >= elements_in_group)
    {
        std::uint8_t* const a = symbols + s * element_bytes;
        std::uint8_t* const b = a + h * element_bytes;
        if (right)
            butterfly<Plane, Direction::forward>(a, b, a, b, t, h * element_bytes);
        else
            add_scaled<Plane>(a, b, a, t, h * element_bytes);
        return;
    }
    for (std::uint32_t j = s; j < s + h; ++j)
    {
        const Gf2_128 b = load_symbols(symbols, j + h);
        const Gf2_128 a = load_symbols(symbols, j) ^ multiply(b, t);
        store_symbols(symbols, j, a);
        if (right)
            store_symbols(symbols, j + h, a ^ b);
    }
}

/// One half coset: values at [from, to) of the h points that begin at `base`, from h coefficients.
void descend(std::uint8_t* symbols, std::uint32_t h, std::uint32_t base, std::uint32_t from,
             std::uint32_t to) noexcept
{
    for (std::uint32_t half = h / 2; half > 0; half /= 2)
        for (std::uint32_t s = from / (2 * half) * 2 * half; s < to; s += 2 * half)
            forward_half(symbols, s, half, twiddle((base + s) >> ceil_log2(half)), to > s + half);
}

/// out = low half + t * high half of the coefficients.
void fold(const std::uint8_t* coefficients, std::uint32_t h, field::Gf65536 t,
          std::uint8_t* out) noexcept
{
    if (h >= elements_in_group)
    {
        add_scaled<Plane>(coefficients, coefficients + h * element_bytes, out, t,
                          h * element_bytes);
        return;
    }
    for (std::uint32_t j = 0; j < h; ++j)
        store_symbols(
            out, j, load_symbols(coefficients, j) ^ multiply(load_symbols(coefficients, j + h), t));
}
}  // namespace

void interpolate(std::uint8_t* symbols, std::uint32_t count) noexcept
{
    MOTE_ASSERT(is_power_of_two(count));
    const unsigned levels = ceil_log2(count);
    // With 64-bit words the products that inverse_level_in_groups makes of zeros are not for free.
    const bool wide = Plane::bytes > sizeof(std::uint64_t) && levels >= group_levels;
    for (unsigned level = 0; level < std::min(levels, group_levels); ++level)
        if (wide)
            inverse_level_in_groups(symbols, count, level);
        else
            inverse_level(symbols, count, level);
    if (levels <= group_levels)
        return;
    const Output groups = {symbols, group_bytes};
    inverse_transform<Plane>({levels - group_levels, group_bytes, 0}, as_input(groups), groups,
                             groups);
}

void evaluate(const std::uint8_t* coefficients, std::uint32_t count, std::uint32_t first,
              std::uint32_t points, std::uint8_t* scratch, Gf2_128* out) noexcept
{
    MOTE_ASSERT(is_power_of_two(count));
    if (count == 1)
    {
        std::fill(out, out + points, load_symbols(coefficients, 0));
        return;
    }
    const std::uint32_t h = count / 2;
    while (points > 0)
    {
        // The half coset that `first` is in; its top level is a + t b, or that plus b.
        const std::uint32_t base = first / h * h;
        const std::uint32_t from = first - base;
        const std::uint32_t to = std::min(from + points, h);
        const bool upper = (base & h) != 0;
        const field::Gf65536 t = twiddle((base - (upper ? h : 0)) >> ceil_log2(h));
        fold(coefficients, h, static_cast<field::Gf65536>(t ^ (upper ? 1U : 0U)), scratch);
        descend(scratch, h, base, from, to);
        for (std::uint32_t i = from; i < to; ++i)
            *out++ = load_symbols(scratch, i);
        first += to - from;
        points -= to - from;
    }
}
}  // namespace mote::coding
