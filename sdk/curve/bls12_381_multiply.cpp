#include "curve/bls12_381_multiply.hpp"

namespace mote::curve::bls12_381
{
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
