#include "curve/gt.hpp"

#include "curve/cyclotomic.hpp"
#include "curve/decompose.hpp"
#include "curve/gt_lanes.hpp"
#include "curve/torus.hpp"
#include "hash/blake2b.hpp"

namespace mote::curve
{
namespace
{
using Packed = GtLanes::Packed;
using PackedHalf = GtLanes::PackedHalf;
using Wide = GtLanes::Wide;
constexpr std::size_t lanes = GtLanes::lanes;

constexpr std::size_t round_up(std::size_t n, std::size_t unit) noexcept
{
    return (n + unit - 1) / unit * unit;
}

/// Products prod_i x_i^(d_i) with small signed digits d_i, as classes of the torus (torus.hpp).
///
/// Each such product is a column; columns share the bases and run side by side in lanes. A digit adds
/// its base to the bucket of its magnitude; the buckets are combined at the end (Pippenger).
template <std::uint32_t DigitBitsT, std::size_t WindowsT, std::size_t ProductsT>
struct Columns
{
    static constexpr std::uint32_t digit_bits = DigitBitsT;
    static constexpr std::size_t windows = WindowsT;  ///< digits of one exponent
    static constexpr std::size_t count = WindowsT * ProductsT;
    static constexpr std::size_t stride = round_up(count, lanes);
    static constexpr std::size_t bucket_count = std::size_t{1} << (DigitBitsT - 1);

    /// Per lane a bucket 0 that takes the zero digits, then one per magnitude.
    using Buckets = Packed[lanes][bucket_count + 1];

    /// Everything for `bases` bases, in the caller's memory.
    struct Scratch
    {
        PackedHalf* bases;
        std::int8_t* digits;  ///< bases x stride
        Buckets* buckets;
        Packed* results;  ///< stride

        [[nodiscard]] static Scratch take(Arena& arena, std::size_t base_count) noexcept
        {
            return {arena.take<PackedHalf>(base_count),
                    arena.take<std::int8_t>(base_count * stride), arena.take<Buckets>(1),
                    arena.take<Packed>(stride)};
        }
        [[nodiscard]] bool complete() const noexcept
        {
            return bases != nullptr && digits != nullptr && buckets != nullptr &&
                   results != nullptr;
        }
        [[nodiscard]] static std::size_t bytes(std::size_t base_count) noexcept
        {
            return base_count * (sizeof(PackedHalf) + stride) + sizeof(Buckets) +
                   stride * sizeof(Packed) + 4 * Arena::alignment;
        }
    };

    /// Fills results from bases and digits. |digit| <= bucket_count.
    static void run(const Scratch& s, std::size_t base_count) noexcept
    {
        for (std::size_t c = 0; c < stride; c += lanes)
            run_group(s, base_count, c);
    }

    /// prod_w results[product * windows + w]^(2^(digit_bits w)), a class.
    [[nodiscard]] static Fq12 combine(const Scratch& s, std::size_t product) noexcept
    {
        Fq12 z;
        GtLanes::unpack(z, s.results[product * windows + windows - 1]);
        for (std::size_t w = windows - 1; w-- > 0;)
        {
            for (std::uint32_t i = 0; i < digit_bits; ++i)
                z = z.square();
            Fq12 window;
            GtLanes::unpack(window, s.results[product * windows + w]);
            z = z * window;
        }
        return z;
    }

  private:
    static void run_group(const Scratch& s, std::size_t base_count, std::size_t first) noexcept
    {
        fill_buckets(s, base_count, first);
        sum_buckets(s, first);
    }

    // Apart, because the temporaries of both are too much for one frame where there are eight lanes.
    [[gnu::noinline]] static void fill_buckets(const Scratch& s, std::size_t base_count,
                                               std::size_t first) noexcept
    {
        Buckets& bucket = *s.buckets;
        Packed one;
        GtLanes::pack(one, Fq12::one());
        for (auto& column : bucket)
            for (Packed& b : column)
                b = one;
        for (std::size_t i = 0; i < base_count; ++i)
        {
            const std::int8_t* const d = s.digits + i * stride + first;
            Packed* to[lanes];
            const Packed* from[lanes];
            bool negative[lanes];
            bool any = false;
            for (std::size_t l = 0; l < lanes; ++l)
            {
                const int magnitude = d[l] < 0 ? -d[l] : d[l];
                to[l] = &bucket[l][magnitude];
                from[l] = to[l];
                negative[l] = d[l] < 0;
                any = any || magnitude != 0;
            }
            if (any)
                GtLanes::store(to, multiply_by_monic(GtLanes::load(from),
                                                     GtLanes::load_same(s.bases[i], negative)));
        }
    }

    /// sum_k k S_k as the sum of the suffix sums.
    [[gnu::noinline]] static void sum_buckets(const Scratch& s, std::size_t first) noexcept
    {
        const Buckets& bucket = *s.buckets;
        Wide running = load_bucket(bucket, bucket_count), total = running;
        for (std::size_t k = bucket_count - 1; k > 0; --k)
        {
            running = running * load_bucket(bucket, k);
            total = total * running;
        }
        Packed* to[lanes];
        for (std::size_t l = 0; l < lanes; ++l)
            to[l] = &s.results[first + l];
        GtLanes::store(to, total);
    }

    static Wide load_bucket(const Buckets& bucket, std::size_t k) noexcept
    {
        const Packed* from[lanes];
        for (std::size_t l = 0; l < lanes; ++l)
            from[l] = &bucket[l][k];
        return GtLanes::load(from);
    }
};

/// Six-bit digits of 65-bit parts and their carry.
using PowerColumns = Columns<6, (part_bits_4 + 1 + 5) / 6, 1>;
/// Four combinations with coefficients of eight four-bit digits.
using MemberColumns = Columns<4, 8, 4>;
constexpr std::size_t member_trials = 4;
/// Below this the four combinations cost more than they save.
constexpr std::size_t member_batch_min = 8;

/// Room for the conversion to the torus.
struct TorusScratch
{
    const Fq12** elements;
    Fq6* values;
    Fq6* work;
    bool* is_one;

    [[nodiscard]] static TorusScratch take(Arena& arena, std::size_t count) noexcept
    {
        return {arena.take<const Fq12*>(count), arena.take<Fq6>(count), arena.take<Fq6>(count),
                arena.take<bool>(count)};
    }
    [[nodiscard]] bool complete() const noexcept
    {
        return elements != nullptr && values != nullptr && work != nullptr && is_one != nullptr;
    }
    [[nodiscard]] static std::size_t bytes(std::size_t count) noexcept
    {
        return count * (sizeof(const Fq12*) + 2 * sizeof(Fq6) + sizeof(bool)) +
               4 * Arena::alignment;
    }
};

/// Signed digits in [-32, 32) of a part, least significant first.
void recode(const Part& part, std::int8_t* digits) noexcept
{
    std::uint64_t lo = part.lo, hi = part.hi;
    int carry = 0;
    for (std::size_t w = 0; w < PowerColumns::windows; ++w)
    {
        int digit = static_cast<int>(lo & 63) + carry;
        lo = (lo >> 6) | (hi << 58);
        hi >>= 6;
        carry = digit >= 32 ? 1 : 0;
        digit -= carry * 64;
        digits[w] = static_cast<std::int8_t>(part.negative ? -digit : digit);
    }
    MOTE_ASSERT(carry == 0 && lo == 0 && hi == 0);
}

/// x^p = x^(6u^2) for a cyclotomic x.
bool has_order_r(const Fq12& x) noexcept
{
    return x.frobenius<1>() == power_6(power_u(power_u(x)));
}

/// Digits in [-8, 8) of the coefficients of element i: Blake2b(seed, i), four bits each. Eight such
/// digits take every value of an interval of 2^32 integers exactly once.
void coefficients(const std::uint8_t* seed, std::size_t i, std::int8_t* digits) noexcept
{
    static_assert(MemberColumns::count == 32 && MemberColumns::digit_bits == 4);
    std::uint8_t index[8], material[16];
    store_le(index, static_cast<std::uint64_t>(i));
    hash::Blake2b h(sizeof material);
    h.update(Bytes{seed, 32});
    h.update(Bytes{index});
    h.finish(MutableBytes{material});
    for (std::size_t c = 0; c < MemberColumns::count; ++c)
        digits[c] = static_cast<std::int8_t>(((material[c / 2] >> (4 * (c % 2))) & 15) - 8);
}

/// Whether four random combinations of cyclotomic elements have order r; false also without memory.
bool combinations_have_order_r(const Gt* elements, std::size_t count, const std::uint8_t* seed,
                               Arena& arena) noexcept
{
    const TorusScratch torus = TorusScratch::take(arena, count);
    const auto columns = MemberColumns::Scratch::take(arena, count);
    if (!torus.complete() || !columns.complete())
        return false;
    for (std::size_t i = 0; i < count; ++i)
        torus.elements[i] = &elements[i].value;
    to_torus(torus.values, torus.is_one, torus.elements, count, torus.work);
    std::memset(columns.digits, 0, count * MemberColumns::stride);
    for (std::size_t i = 0; i < count; ++i)
    {
        GtLanes::pack(columns.bases[i], torus.values[i]);
        if (!torus.is_one[i])
            coefficients(seed, i, columns.digits + i * MemberColumns::stride);
    }
    MemberColumns::run(columns, count);
    for (std::size_t t = 0; t < member_trials; ++t)
        if (!has_order_r(from_torus_squared(MemberColumns::combine(columns, t))))
            return false;
    return true;
}
}  // namespace

bool in_cyclotomic_subgroup(const Fq12& x) noexcept
{
    const Fq12 pp = x.frobenius<2>();
    return !x.is_zero() && pp.frobenius<2>() * x == pp;
}

bool in_gt(const Fq12& x) noexcept { return in_cyclotomic_subgroup(x) && has_order_r(x); }

std::size_t gt_scratch_bytes(std::size_t count) noexcept
{
    const std::size_t power = PowerColumns::Scratch::bytes(4 * count);
    const std::size_t member = MemberColumns::Scratch::bytes(count);
    return TorusScratch::bytes(count) + (power > member ? power : member);
}

bool check_members(const Gt* elements, std::size_t count, const std::uint8_t* seed, Arena& arena,
                   std::size_t& bad) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
        if (!in_cyclotomic_subgroup(elements[i].value))
        {
            bad = i;
            return false;
        }
    if (count >= member_batch_min)
    {
        const std::size_t mark = arena.used();
        const bool all = combinations_have_order_r(elements, count, seed, arena);
        arena.release_to(mark);
        if (all)
            return true;
    }
    // A few elements, or at least one that is wrong (or too little memory): one by one.
    for (std::size_t i = 0; i < count; ++i)
        if (!has_order_r(elements[i].value))
        {
            bad = i;
            return false;
        }
    return true;
}

Status multi_power(const Gt* const* bases, const Fr* exponents, std::size_t count, Arena& arena,
                   Gt& out) noexcept
{
    const std::size_t mark = arena.used();
    const TorusScratch torus = TorusScratch::take(arena, count);
    const auto columns = PowerColumns::Scratch::take(arena, 4 * count);
    arena.release_to(mark);
    if (!torus.complete() || !columns.complete())
        return Status::memory_too_small;

    for (std::size_t i = 0; i < count; ++i)
        torus.elements[i] = &bases[i]->value;
    to_torus(torus.values, torus.is_one, torus.elements, count, torus.work);
    std::memset(columns.digits, 0, 4 * count * PowerColumns::stride);
    for (std::size_t i = 0; i < count; ++i)
    {
        const Fq6 &a = torus.values[i], ap = torus_frobenius(a);
        PackedHalf* const images = columns.bases + 4 * i;
        GtLanes::pack(images[0], a);
        GtLanes::pack(images[1], ap);
        GtLanes::pack(images[2], torus_frobenius_2(a));
        GtLanes::pack(images[3], torus_frobenius_2(ap));
        if (torus.is_one[i])
            continue;
        Part parts[4];
        decompose_4(exponents[i].half().to_integer(), parts);
        for (std::size_t k = 0; k < 4; ++k)
            recode(parts[k], columns.digits + (4 * i + k) * PowerColumns::stride);
    }
    PowerColumns::run(columns, 4 * count);
    out.value = from_torus_squared(PowerColumns::combine(columns, 0));
    return Status::ok;
}

Gt power(const Gt& x, const Fr& e) noexcept
{
    Part parts[4];
    decompose_4(e.to_integer(), parts);
    Fq12 table[16];  // products of the subsets of the four signed images
    const Fq12 image[4] = {x.value, x.value.frobenius<1>(), x.value.frobenius<2>(),
                           x.value.frobenius<3>()};
    table[0] = Fq12::one();
    for (std::size_t k = 0; k < 4; ++k)
    {
        const Fq12 signed_image = parts[k].negative ? image[k].conjugate() : image[k];
        for (std::size_t s = 0; s < (std::size_t{1} << k); ++s)
            table[(std::size_t{1} << k) + s] = table[s] * signed_image;
    }
    Fq12 result = Fq12::one();
    for (std::size_t i = part_bits_4; i-- > 0;)
    {
        result = result.cyclotomic_square();
        std::size_t subset = 0;
        for (std::size_t k = 0; k < 4; ++k)
            subset |= static_cast<std::size_t>(i < 64 ? (parts[k].lo >> i) & 1
                                                      : (parts[k].hi >> (i - 64)) & 1)
                      << k;
        if (subset != 0)
            result = result * table[subset];
    }
    return {result};
}
}  // namespace mote::curve
