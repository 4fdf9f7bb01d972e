#include "curve/gt.hpp"

#include "curve/cyclotomic.hpp"
#include "curve/decompose.hpp"
#include "curve/gt_lanes.hpp"
#include "hash/blake2b.hpp"

namespace mote::curve
{
namespace
{
using Packed = GtLanes::Packed;
using Wide = GtLanes::Wide;
constexpr std::size_t lanes = GtLanes::lanes;

/// A column is one product prod_i x_i^(d_i) with small signed digits d_i; columns share the bases
/// and run side by side in lanes.
template <std::uint32_t DigitBits>
struct Columns
{
    static constexpr std::size_t buckets = std::size_t{1} << (DigitBits - 1);

    /// Scratch for one group of `lanes` columns: a bucket 0 that takes the zero digits, then one per
    /// digit magnitude.
    using Buckets = Packed[lanes][buckets + 1];

    /// results[l] = prod_i bases[i]^(digits[i * stride + l]) for l < lanes.
    ///
    /// Shape   digits: |digit| <= buckets.
    static void run(const Packed* bases, std::size_t count, const std::int8_t* digits,
                    std::size_t stride, Buckets& bucket, Packed (&results)[lanes]) noexcept
    {
        Packed one;
        GtLanes::pack(one, Fq12::one());
        for (auto& column : bucket)
            for (Packed& b : column)
                b = one;
        for (std::size_t i = 0; i < count; ++i)
        {
            const std::int8_t* const d = digits + i * stride;
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
            if (!any)
                continue;
            const Wide x = GtLanes::conjugate_where(GtLanes::load_same(bases[i]), negative);
            GtLanes::store(to, GtLanes::load(from) * x);
        }
        // sum_k k S_k as the sum of the suffix sums.
        Wide running = load_bucket(bucket, buckets), total = running;
        for (std::size_t k = buckets - 1; k > 0; --k)
        {
            running = running * load_bucket(bucket, k);
            total = total * running;
        }
        Packed* to[lanes];
        for (std::size_t l = 0; l < lanes; ++l)
            to[l] = &results[l];
        GtLanes::store(to, total);
    }

  private:
    static Wide load_bucket(const Buckets& bucket, std::size_t k) noexcept
    {
        const Packed* from[lanes];
        for (std::size_t l = 0; l < lanes; ++l)
            from[l] = &bucket[l][k];
        return GtLanes::load(from);
    }
};

constexpr std::size_t round_up(std::size_t n, std::size_t unit) noexcept
{
    return (n + unit - 1) / unit * unit;
}

// Multi-power: six-bit digits of 65-bit parts and their carry.
constexpr std::uint32_t power_digit_bits = 6;
constexpr std::size_t power_windows = (part_bits_4 + 1 + power_digit_bits - 1) / power_digit_bits;
constexpr std::size_t power_stride = round_up(power_windows, lanes);
using PowerColumns = Columns<power_digit_bits>;

// Membership: four combinations with 35-bit coefficients, seven digits of five bits.
constexpr std::uint32_t member_digit_bits = 5;
constexpr std::size_t member_windows = 7;
constexpr std::size_t member_trials = 4;
constexpr std::size_t member_columns = member_windows * member_trials;
constexpr std::size_t member_stride = round_up(member_columns, lanes);
using MemberColumns = Columns<member_digit_bits>;
/// Below this the four combinations cost more than they save.
constexpr std::size_t member_batch_min = 8;

/// Signed digits in [-32, 32) of a part, least significant first.
void recode(const Part& part, std::int8_t* digits) noexcept
{
    std::uint64_t lo = part.lo, hi = part.hi;
    int carry = 0;
    for (std::size_t w = 0; w < power_windows; ++w)
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

/// 64 bytes of coefficient material for element i: Blake2b(seed, i).
void coefficients(const std::uint8_t* seed, std::size_t i, std::uint8_t (&out)[64]) noexcept
{
    std::uint8_t index[8];
    store_le(index, static_cast<std::uint64_t>(i));
    hash::Blake2b h(64);
    h.update(Bytes{seed, 32});
    h.update(Bytes{index, 8});
    h.finish(MutableBytes{out, 64});
}
}  // namespace

bool in_cyclotomic_subgroup(const Fq12& x) noexcept
{
    const Fq12 pp = x.frobenius<2>();
    return !x.is_zero() && pp.frobenius<2>() * x == pp;
}

bool in_gt(const Fq12& x) noexcept
{
    return in_cyclotomic_subgroup(x) && has_order_r(x);
}

std::size_t gt_scratch_bytes(std::size_t count) noexcept
{
    const std::size_t power = 4 * count * (sizeof(Packed) + power_stride) +
                              sizeof(PowerColumns::Buckets) + power_stride * sizeof(Packed);
    const std::size_t member = count * (sizeof(Packed) + member_stride) +
                               sizeof(MemberColumns::Buckets) + member_stride * sizeof(Packed);
    return (power > member ? power : member) + 8 * Arena::alignment;
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
    const std::size_t mark = arena.used();
    Packed* const bases = arena.take<Packed>(count);
    std::int8_t* const digits = arena.take<std::int8_t>(count * member_stride);
    auto* const buckets = arena.take<MemberColumns::Buckets>(1);
    Packed* const results = arena.take<Packed>(member_stride);
    const bool room = bases != nullptr && digits != nullptr && buckets != nullptr && results != nullptr;
    arena.release_to(mark);

    bool all = room && count >= member_batch_min;
    if (all)
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            GtLanes::pack(bases[i], elements[i].value);
            std::uint8_t material[64];
            coefficients(seed, i, material);
            // 35 bits a trial as seven digits in [-16, 16): every value of an interval of 2^35 once.
            for (std::size_t c = 0; c < member_stride; ++c)
                digits[i * member_stride + c] =
                    c < member_columns ? static_cast<std::int8_t>((material[c] & 31) - 16)
                                       : std::int8_t{0};
        }
        for (std::size_t c = 0; c < member_stride; c += lanes)
        {
            Packed group[lanes];
            MemberColumns::run(bases, count, digits + c, member_stride, *buckets, group);
            for (std::size_t l = 0; l < lanes; ++l)
                results[c + l] = group[l];
        }
        for (std::size_t t = 0; t < member_trials && all; ++t)
        {
            Fq12 combination = Fq12::one();
            for (std::size_t w = member_windows; w-- > 0;)
            {
                Fq12 window;
                GtLanes::unpack(window, results[t * member_windows + w]);
                combination =
                    square_times(combination, static_cast<int>(member_digit_bits)) * window;
            }
            all = has_order_r(combination);
        }
        if (all)
            return true;
    }
    for (std::size_t i = 0; i < count; ++i)
        if (!has_order_r(elements[i].value))
        {
            bad = i;
            return false;
        }
    // The combinations of good elements are good, so this is reached only without a batch.
    MOTE_ASSERT(!room || count < member_batch_min);
    return true;
}

Status multi_power(const Gt* const* bases, const Fr* exponents, std::size_t count, Arena& arena,
                   Gt& out) noexcept
{
    const std::size_t mark = arena.used();
    Packed* const images = arena.take<Packed>(4 * count);
    std::int8_t* const digits = arena.take<std::int8_t>(4 * count * power_stride);
    auto* const buckets = arena.take<PowerColumns::Buckets>(1);
    Packed* const results = arena.take<Packed>(power_stride);
    arena.release_to(mark);
    if (images == nullptr || digits == nullptr || buckets == nullptr || results == nullptr)
        return Status::memory_too_small;

    std::memset(digits, 0, 4 * count * power_stride);
    for (std::size_t i = 0; i < count; ++i)
    {
        Part parts[4];
        decompose_4(exponents[i].to_integer(), parts);
        const Fq12& x = bases[i]->value;
        const Fq12 xp = x.frobenius<1>();
        GtLanes::pack(images[4 * i], x);
        GtLanes::pack(images[4 * i + 1], xp);
        GtLanes::pack(images[4 * i + 2], x.frobenius<2>());
        GtLanes::pack(images[4 * i + 3], xp.frobenius<2>());
        for (std::size_t k = 0; k < 4; ++k)
            recode(parts[k], digits + (4 * i + k) * power_stride);
    }
    for (std::size_t w = 0; w < power_stride; w += lanes)
    {
        Packed group[lanes];
        PowerColumns::run(images, 4 * count, digits + w, power_stride, *buckets, group);
        for (std::size_t l = 0; l < lanes; ++l)
            results[w + l] = group[l];
    }
    Fq12 product = Fq12::one();
    for (std::size_t w = power_windows; w-- > 0;)
    {
        Fq12 window;
        GtLanes::unpack(window, results[w]);
        product = square_times(product, static_cast<int>(power_digit_bits)) * window;
    }
    out.value = product;
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
            subset |= (i < 64 ? (parts[k].lo >> i) & 1 : (parts[k].hi >> (i - 64)) & 1) << k;
        if (subset != 0)
            result = result * table[subset];
    }
    return {result};
}
}  // namespace mote::curve
