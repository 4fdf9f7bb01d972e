#include "curve/bls12_381_encoding.hpp"

#include "field/quadratic_root.hpp"

namespace mote::curve::bls12_381
{
namespace
{
constexpr std::uint8_t flag_compressed = 0x80;
constexpr std::uint8_t flag_infinity = 0x40;
constexpr std::uint8_t flag_larger = 0x20;
constexpr std::uint8_t flag_mask = 0xe0;

bool larger(const Fq& y) noexcept { return field::less((-y).to_integer(), y.to_integer()); }
bool larger(const Fq2& y) noexcept { return y.c1.is_zero() ? larger(y.c0) : larger(y.c1); }

bool root(const Fq& a, Fq& out) noexcept { return a.sqrt(out); }
bool root(const Fq2& a, Fq2& out) noexcept { return field::quadratic_root(a, out); }

/// Reads 48 big-endian bytes, the first one masked; false if not below p.
bool read(const std::uint8_t* p, std::uint8_t mask, Fq& out) noexcept
{
    Fq::Integer x{};
    for (std::size_t i = 0; i < 6; ++i)
        x[5 - i] = load_be<std::uint64_t>(p + 8 * i);
    x[5] &= (static_cast<std::uint64_t>(mask) << 56) | 0x00ffffffffffffff;
    if (!field::less(x, Fq::modulus))
        return false;
    out = Fq::from_integer(x);
    return true;
}
bool read_x(const std::uint8_t* p, Fq& x) noexcept
{
    return read(p, static_cast<std::uint8_t>(~flag_mask), x);
}
bool read_x(const std::uint8_t* p, Fq2& x) noexcept
{
    return read(p, static_cast<std::uint8_t>(~flag_mask), x.c1) && read(p + 48, 0xff, x.c0);
}

template <class F>
Reason decode_on_curve(Bytes bytes, const F& b, Affine<F>& out) noexcept
{
    const std::uint8_t flags = bytes[0] & flag_mask;
    if ((flags & flag_compressed) == 0 || (flags & flag_mask) == flag_mask)
        return Reason::illegal_point_flags;
    if ((flags & flag_infinity) != 0)
    {
        std::uint8_t any = bytes[0] & static_cast<std::uint8_t>(~flag_mask);
        for (std::size_t i = 1; i < bytes.size(); ++i)
            any |= bytes[i];
        if (any != 0)
            return Reason::infinity_with_coordinate;
        out = {};
        return Reason::none;
    }
    F x, y;
    if (!read_x(bytes.data(), x))
        return Reason::field_not_canonical;
    if (!root(x.square() * x + b, y))
        return Reason::not_on_curve;
    // y = 0 would be a point of order two, which neither curve has.
    if (larger(y) != ((flags & flag_larger) != 0))
        y = -y;
    out = Affine<F>::from(x, y);
    return Reason::none;
}

template <class F>
Reason decode(Bytes bytes, const F& b, Affine<F>& out) noexcept
{
    Affine<F> point;
    const Reason reason = decode_on_curve(bytes, b, point);
    if (reason != Reason::none)
        return reason;
    if (!in_subgroup(point))
        return Reason::not_in_subgroup;
    out = point;
    return Reason::none;
}
}  // namespace

Reason decode_g1(std::span<const std::uint8_t, g1_bytes> bytes, G1& out) noexcept
{
    return decode(bytes, g1_b, out);
}
Reason decode_g2(std::span<const std::uint8_t, g2_bytes> bytes, G2& out) noexcept
{
    return decode(bytes, g2_b, out);
}
Reason decode_g1_on_curve(std::span<const std::uint8_t, g1_bytes> bytes, G1& out) noexcept
{
    return decode_on_curve(bytes, g1_b, out);
}
Reason decode_g2_on_curve(std::span<const std::uint8_t, g2_bytes> bytes, G2& out) noexcept
{
    return decode_on_curve(bytes, g2_b, out);
}

void encode(const G1& p, std::span<std::uint8_t, g1_bytes> out) noexcept
{
    (p.infinity ? Fq::zero() : p.x).to_bytes_be(out.data());
    out[0] |= static_cast<std::uint8_t>(flag_compressed | (p.infinity    ? flag_infinity
                                                           : larger(p.y) ? flag_larger
                                                                         : 0));
}

void encode(const G2& p, std::span<std::uint8_t, g2_bytes> out) noexcept
{
    (p.infinity ? Fq::zero() : p.x.c1).to_bytes_be(out.data());
    (p.infinity ? Fq::zero() : p.x.c0).to_bytes_be(out.data() + 48);
    out[0] |= static_cast<std::uint8_t>(flag_compressed | (p.infinity    ? flag_infinity
                                                           : larger(p.y) ? flag_larger
                                                                         : 0));
}
}  // namespace mote::curve::bls12_381
