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
    using Point = Projective<G2Curve>;
    // table[b] = sum of the bits of b times |x|^i q.
    Point table[16];
    G2 power = q;
    for (std::size_t i = 1; i < 16; i *= 2)
    {
        table[i] = Point::from(power);
        for (std::size_t k = 1; k < i; ++k)
            table[i + k] = table[i] + table[k];
        power = -psi(power);
    }
    Limbs<4> rest = scalar;
    std::uint64_t digits[4];
    for (std::uint64_t& digit : digits)
        digit = divide_by_x(rest);
    MOTE_ASSERT(field::is_zero(rest));
    Point result;
    for (std::size_t i = 64; i-- > 0;)
    {
        std::uint32_t index = 0;
        for (std::size_t k = 0; k < 4; ++k)
            index |= static_cast<std::uint32_t>((digits[k] >> i) & 1) << k;
        Point entry = select(table, index);
        result = result.twice() + entry;
        wipe(entry);
    }
    wipe(digits);
    wipe(rest);
    const G2 out = result.to_affine();
    wipe(result);
    return out;
}

namespace
{
/// Points that are added pairwise in affine coordinates, all of them with one inversion.
class Lanes
{
  public:
    static constexpr std::size_t width = 256;
    /// Below this an inversion costs more than it saves.
    static constexpr std::size_t few = 16;

    bool take(Arena& arena) noexcept
    {
        sums_ = arena.take<G1>(width);
        pending_ = arena.take<const G1*>(width);
        denominators_ = arena.take<Fq>(width);
        before_ = arena.take<Fq>(width);
        return sums_ != nullptr && pending_ != nullptr && denominators_ != nullptr &&
               before_ != nullptr;
    }

    void add(const G1& p) noexcept
    {
        if (used_ < width)
        {
            sums_[used_++] = p;
            return;
        }
        pending_[pending_count_++] = &p;
        if (pending_count_ == width)
            flush();
    }

    /// The sum of everything added; afterwards nothing was.
    G1Jacobian finish() noexcept
    {
        flush();
        while (used_ > few)
        {
            const std::size_t half = used_ / 2, kept = used_ - half;
            for (std::size_t i = 0; i < half; ++i)
                pending_[i] = &sums_[kept + i];
            pending_count_ = half;
            flush();
            used_ = kept;
        }
        G1Jacobian total;
        for (std::size_t i = 0; i < used_; ++i)
            total += sums_[i];
        used_ = 0;
        return total;
    }

  private:
    /// sums[i] += *pending[i], in every case that two points can be in.
    void flush() noexcept
    {
        Fq running = Fq::one();
        for (std::size_t i = 0; i < pending_count_; ++i)
        {
            denominators_[i] = denominator(sums_[i], *pending_[i]);
            before_[i] = running;
            running *= denominators_[i];
        }
        Fq inverse = pending_count_ == 0 ? running : running.inverse_vartime();
        for (std::size_t i = pending_count_; i-- > 0;)
        {
            const Fq inverted = inverse * before_[i];
            inverse *= denominators_[i];
            sums_[i] = add_by_slope(sums_[i], *pending_[i], inverted);
        }
        pending_count_ = 0;
    }

    /// What the slope divides by; 1 where there is no slope.
    static Fq denominator(const G1& p, const G1& q) noexcept
    {
        if (p.infinity || q.infinity)
            return Fq::one();
        if (!(p.x == q.x))
            return q.x - p.x;
        return p.y == q.y ? p.y.twice() : Fq::one();
    }

    static G1 add_by_slope(const G1& p, const G1& q, const Fq& inverse) noexcept
    {
        if (p.infinity)
            return q;
        if (q.infinity)
            return p;
        Fq rise = q.y - p.y;
        if (p.x == q.x)
        {
            if (!(p.y == q.y))
                return {};
            rise = p.x.square();
            rise = rise.twice() + rise;
        }
        const Fq slope = rise * inverse;
        const Fq x = slope.square() - p.x - q.x;
        return G1::from(x, slope * (p.x - x) - p.y);
    }

    G1* sums_ = nullptr;
    const G1** pending_ = nullptr;
    Fq* denominators_ = nullptr;
    Fq* before_ = nullptr;
    std::size_t used_ = 0;
    std::size_t pending_count_ = 0;
};
}  // namespace

std::size_t sum_scratch_bytes() noexcept
{
    Arena counting(nullptr, 0);
    Lanes lanes;
    static_cast<void>(lanes.take(counting));
    return counting.used();
}

Status sum(const G1* points, const std::uint16_t* weights, std::size_t count, Arena& arena,
           G1& out) noexcept
{
    const std::size_t mark = arena.used();
    Lanes lanes;
    const bool enough = lanes.take(arena);
    arena.release_to(mark);
    if (!enough)
        return Status::memory_too_small;
    std::uint32_t all = weights == nullptr ? 1 : 0;
    for (std::size_t i = 0; weights != nullptr && i < count; ++i)
        all |= weights[i];
    G1Jacobian total;
    for (std::size_t bit = 16; bit-- > 0;)
    {
        total = total.twice();
        if (((all >> bit) & 1) == 0)
            continue;
        for (std::size_t i = 0; i < count; ++i)
            if (weights == nullptr || ((weights[i] >> bit) & 1) != 0)
                lanes.add(points[i]);
        total += lanes.finish();
    }
    out = total.to_affine_vartime();
    return Status::ok;
}
}  // namespace mote::curve::bls12_381
