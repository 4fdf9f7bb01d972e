#include "curve/encoding.hpp"

#include <cstring>

namespace mote::curve
{
namespace
{
constexpr std::uint8_t flag_larger = 0x80;
constexpr std::uint8_t flag_infinity = 0x40;
constexpr std::uint8_t flag_mask = 0xc0;

bool larger(const Fq& y) noexcept { return field::less((-y).to_integer(), y.to_integer()); }

bool larger(const Fq2& y) noexcept { return y.c1.is_zero() ? larger(y.c0) : larger(y.c1); }

/// Reads x and its flags; on Reason::none either `infinity` is set or x is below p.
Reason read_coordinate(const std::uint8_t* p, Fq* coordinates, std::size_t count,
                       std::uint8_t& flags) noexcept
{
    std::uint8_t bytes[g2_bytes];
    std::memcpy(bytes, p, 32 * count);
    flags = bytes[32 * count - 1] & flag_mask;
    bytes[32 * count - 1] &= static_cast<std::uint8_t>(~flag_mask);
    if (flags == flag_mask)
        return Reason::illegal_point_flags;
    bool zero = true;
    for (std::size_t i = 0; i < count; ++i)
    {
        if (!Fq::from_bytes_le(bytes + 32 * i, coordinates[i]))
            return Reason::field_not_canonical;
        zero = zero && coordinates[i].is_zero();
    }
    if (flags == flag_infinity && !zero)
        return Reason::infinity_with_coordinate;
    return Reason::none;
}

template <class F>
Reason finish(const F& x, const F& b, std::uint8_t flags, Affine<F>& out) noexcept
{
    if (flags == flag_infinity)
    {
        out = {};
        return Reason::none;
    }
    F y;
    if (!(x.square() * x + b).sqrt(y))
        return Reason::not_on_curve;
    // No point of either curve has y = 0: the group orders are odd.
    if (larger(y) != (flags == flag_larger))
        y = -y;
    out = Affine<F>::from(x, y);
    return Reason::none;
}
}  // namespace

Reason decode_g1(const std::uint8_t* p, G1& out) noexcept
{
    Fq x;
    std::uint8_t flags = 0;
    const Reason reason = read_coordinate(p, &x, 1, flags);
    return reason != Reason::none ? reason : finish(x, g1_b, flags, out);
}

Reason decode_g2_on_curve(const std::uint8_t* p, G2& out) noexcept
{
    Fq x[2];
    std::uint8_t flags = 0;
    const Reason reason = read_coordinate(p, x, 2, flags);
    return reason != Reason::none ? reason : finish(Fq2{x[0], x[1]}, g2_b, flags, out);
}

Reason decode_fq12(const std::uint8_t* p, Fq12& out) noexcept
{
    Fq* const coefficients[12] = {&out.c0.c0.c0, &out.c0.c0.c1, &out.c0.c1.c0, &out.c0.c1.c1,
                                  &out.c0.c2.c0, &out.c0.c2.c1, &out.c1.c0.c0, &out.c1.c0.c1,
                                  &out.c1.c1.c0, &out.c1.c1.c1, &out.c1.c2.c0, &out.c1.c2.c1};
    for (std::size_t i = 0; i < 12; ++i)
        if (!Fq::from_bytes_le(p + 32 * i, *coefficients[i]))
            return Reason::field_not_canonical;
    return Reason::none;
}

void encode(const G1& p, std::uint8_t* out) noexcept
{
    std::memset(out, 0, g1_bytes);
    if (p.infinity)
    {
        out[g1_bytes - 1] = flag_infinity;
        return;
    }
    p.x.to_bytes_le(out);
    if (larger(p.y))
        out[g1_bytes - 1] |= flag_larger;
}

void encode(const G2& p, std::uint8_t* out) noexcept
{
    std::memset(out, 0, g2_bytes);
    if (p.infinity)
    {
        out[g2_bytes - 1] = flag_infinity;
        return;
    }
    p.x.c0.to_bytes_le(out);
    p.x.c1.to_bytes_le(out + 32);
    if (larger(p.y))
        out[g2_bytes - 1] |= flag_larger;
}

void encode(const Fq12& x, std::uint8_t* out) noexcept
{
    const Fq2* const coefficients[6] = {&x.c0.c0, &x.c0.c1, &x.c0.c2, &x.c1.c0, &x.c1.c1, &x.c1.c2};
    for (std::size_t i = 0; i < 6; ++i)
    {
        coefficients[i]->c0.to_bytes_le(out + 64 * i);
        coefficients[i]->c1.to_bytes_le(out + 64 * i + 32);
    }
}
}  // namespace mote::curve
