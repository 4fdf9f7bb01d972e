#include "curve/msm.hpp"

#include "curve/decompose.hpp"

namespace mote::curve
{
namespace
{
constexpr std::uint32_t width = 4;  ///< digits +-1, +-3, ... +-(2^width - 1)
constexpr std::size_t table_size = std::size_t{1} << (width - 1);

/// Width-(w+1) non-adjacent form: odd digits below 2^w in magnitude, zeros between.
void recode(Part part, std::int8_t* digits, std::size_t count) noexcept
{
    for (std::size_t i = 0; i < count; ++i)
    {
        int digit = 0;
        if ((part.lo & 1) != 0)
        {
            digit = static_cast<int>(part.lo & ((2U << width) - 1));
            if (digit >= (1 << width))
                digit -= 2 << width;
            // part -= digit, which clears the low width + 1 bits
            if (digit >= 0)
                part.lo -= static_cast<std::uint64_t>(digit);
            else
            {
                const std::uint64_t before = part.lo;
                part.lo += static_cast<std::uint64_t>(-digit);
                part.hi += part.lo < before ? 1 : 0;
            }
        }
        digits[i] = static_cast<std::int8_t>(part.negative ? -digit : digit);
        part.lo = (part.lo >> 1) | (part.hi << 63);
        part.hi >>= 1;
    }
    MOTE_ASSERT(part.lo == 0 && part.hi == 0);
}

struct G1Traits
{
    using Coordinate = Fq;
    static constexpr std::size_t parts = 2;
    static constexpr std::size_t digits = part_bits_2 + 2;
    static void decompose(const Fr& e, Part (&out)[parts]) noexcept
    {
        decompose_2(e.to_integer(), out);
    }
    static G1 image(const G1& p) noexcept { return {p.x * glv_beta, p.y, p.infinity}; }
};

struct G2Traits
{
    using Coordinate = Fq2;
    static constexpr std::size_t parts = 4;
    static constexpr std::size_t digits = part_bits_4 + 2;
    static void decompose(const Fr& e, Part (&out)[parts]) noexcept
    {
        decompose_4(e.to_integer(), out);
    }
    static G2 image(const G2& p) noexcept { return psi(p); }
};

template <class Traits>
struct Straus
{
    using F = typename Traits::Coordinate;
    using Point = Affine<F>;
    using Table = Point[Traits::parts][table_size];
    using Digits = std::int8_t[Traits::parts][Traits::digits];

    static std::size_t scratch_bytes(std::size_t count) noexcept
    {
        return count * (sizeof(Table) + sizeof(Digits) +
                        table_size * (sizeof(Jacobian<F>) + sizeof(Point) + 2 * sizeof(F))) +
               8 * Arena::alignment;
    }

    static Status run(const Point* points, const Fr* scalars, std::size_t count, Arena& arena,
                      Jacobian<F>& out) noexcept
    {
        const std::size_t mark = arena.used();
        Table* const tables = arena.take<Table>(count);
        Digits* const digits = arena.take<Digits>(count);
        auto* const odd = arena.take<Jacobian<F>>(count * table_size);
        Point* const affine = arena.take<Point>(count * table_size);
        F* const scratch = arena.take<F>(2 * count * table_size);
        arena.release_to(mark);
        if (tables == nullptr || digits == nullptr || odd == nullptr || affine == nullptr ||
            scratch == nullptr)
            return Status::memory_too_small;

        for (std::size_t i = 0; i < count; ++i)
        {
            const Jacobian<F> p = points[i], pp = p.twice();
            odd[i * table_size] = p;
            for (std::size_t k = 1; k < table_size; ++k)
                odd[i * table_size + k] = odd[i * table_size + k - 1] + pp;
            Part parts[Traits::parts];
            Traits::decompose(scalars[i], parts);
            for (std::size_t j = 0; j < Traits::parts; ++j)
                recode(parts[j], digits[i][j], Traits::digits);
        }
        to_affine(affine, odd, count * table_size, scratch);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t k = 0; k < table_size; ++k)
            {
                tables[i][0][k] = affine[i * table_size + k];
                for (std::size_t j = 1; j < Traits::parts; ++j)
                    tables[i][j][k] = Traits::image(tables[i][j - 1][k]);
            }

        Jacobian<F> sum;
        for (std::size_t d = Traits::digits; d-- > 0;)
        {
            sum = sum.twice();
            for (std::size_t i = 0; i < count; ++i)
                for (std::size_t j = 0; j < Traits::parts; ++j)
                {
                    const int digit = digits[i][j][d];
                    if (digit > 0)
                        sum += tables[i][j][digit / 2];
                    else if (digit < 0)
                        sum += -tables[i][j][-digit / 2];
                }
        }
        out = sum;
        return Status::ok;
    }
};
}  // namespace

std::size_t g1_msm_scratch_bytes(std::size_t count) noexcept
{
    return Straus<G1Traits>::scratch_bytes(count);
}

std::size_t g2_msm_scratch_bytes(std::size_t count) noexcept
{
    return Straus<G2Traits>::scratch_bytes(count);
}

Status multiply(const G1* points, const Fr* scalars, std::size_t count, Arena& arena,
                G1Jacobian& out) noexcept
{
    return Straus<G1Traits>::run(points, scalars, count, arena, out);
}

Status multiply(const G2* points, const Fr* scalars, std::size_t count, Arena& arena,
                G2Jacobian& out) noexcept
{
    return Straus<G2Traits>::run(points, scalars, count, arena, out);
}
}  // namespace mote::curve
