// Butterflies of the additive Fourier transform on whole rows.
//
// A row is a sequence of 128-byte groups: 64 low bytes, then the 64 high bytes of the same symbols
// ([SVID] section 2). With T = omega(s >> level) for the twiddle:
//
//   forward   a += T b, then b += a          inverse   b += a, then a += T b
//
// Four rows at a time pass through two levels, so each row is loaded and stored half as often. Most
// twiddles are single bytes, and the first of every level is zero; both are cases of their own.
//
// Source  [LCH] section III; [SVID] section 4.
#pragma once

#include "base/bytes.hpp"
#include "field/gf65536.hpp"

namespace mote::coding
{
inline constexpr std::size_t group_bytes = 128;
inline constexpr std::size_t plane_bytes = 64;

enum class Twiddle
{
    zero,
    byte,  ///< in GF(2^8)
    full,
};

[[nodiscard]] constexpr Twiddle twiddle_of(field::Gf65536 t) noexcept
{
    if (t == 0)
        return Twiddle::zero;
    return t < field::omega_bytes ? Twiddle::byte : Twiddle::full;
}

/// A vector of low bytes and the vector of the high bytes of the same symbols.
template <class Plane>
struct PlanePair
{
    typename Plane::Vector low, high;
};

/// Products of pairs by one twiddle.
template <class Plane, Twiddle kind>
class Scale
{
  public:
    using Vector = typename Plane::Vector;
    using Pair = PlanePair<Plane>;

    explicit Scale(field::Gf65536 t) noexcept
    {
        const field::ByteFactors factors = field::byte_factors(t);
        a_ = Plane::factor(factors.a);
        if constexpr (kind == Twiddle::full)
        {
            sum_ = Plane::factor(factors.sum);
            scaled_ = Plane::factor(factors.scaled);
        }
    }

    /// into += t * x
    void add_product(Pair& into, const Pair& x) const noexcept
    {
        if constexpr (kind == Twiddle::byte)
        {
            into.low = Plane::add(into.low, Plane::multiply(Plane::split(x.low), a_));
            into.high = Plane::add(into.high, Plane::multiply(Plane::split(x.high), a_));
        }
        if constexpr (kind == Twiddle::full)
        {
            const auto low = Plane::split(x.low);
            const auto high = Plane::split(x.high);
            const Vector first = Plane::multiply(low, a_);
            into.low = Plane::add(into.low, Plane::add(first, Plane::multiply(high, scaled_)));
            into.high = Plane::add(into.high,
                                   Plane::add(first, Plane::multiply(add_splits(low, high), sum_)));
        }
    }

  private:
    using Factor = typename Plane::Factor;
    using Split = typename Plane::Split;

    static Split add_splits(const Split& x, const Split& y) noexcept { return Plane::add(x, y); }

    Factor a_{}, sum_{}, scaled_{};
};

/// Calls `body(low_offset)` for every vector of a strip; the high bytes are plane_bytes further.
template <class Plane, class Body>
__attribute__((always_inline)) inline void for_each_pair(std::size_t strip_bytes,
                                                         const Body& body) noexcept
{
    static_assert(plane_bytes % Plane::bytes == 0);
    for (std::size_t group = 0; group < strip_bytes; group += group_bytes)
        for (std::size_t at = group; at < group + plane_bytes; at += Plane::bytes)
            body(at);
}

template <class Plane>
struct Rows
{
    template <class Pair>
    static Pair load(const std::uint8_t* row, std::size_t at) noexcept
    {
        return {Plane::load(row + at), Plane::load(row + at + plane_bytes)};
    }
    template <class Pair>
    static void store(std::uint8_t* row, std::size_t at, const Pair& pair) noexcept
    {
        Plane::store(row + at, pair.low);
        Plane::store(row + at + plane_bytes, pair.high);
    }
    template <class Pair>
    static void add(Pair& into, const Pair& x) noexcept
    {
        into.low = Plane::add(into.low, x.low);
        into.high = Plane::add(into.high, x.high);
    }
};

/// Calls `body` with the kind of `t` as a compile-time constant.
template <class Body>
inline void with_kind(field::Gf65536 t, Body body) noexcept
{
    switch (twiddle_of(t))
    {
        case Twiddle::zero:
            return body.template operator()<Twiddle::zero>();
        case Twiddle::byte:
            return body.template operator()<Twiddle::byte>();
        default:
            return body.template operator()<Twiddle::full>();
    }
}

/// Rows at equal distances. Reading and writing go to different ones, so that a transform's first
/// level fetches its rows from wherever they are and its last level leaves them where they belong.
template <class Byte>
struct Lines
{
    Byte* first;
    std::size_t distance;

    [[nodiscard]] Byte* operator[](std::size_t i) const noexcept { return first + i * distance; }
};
using Input = Lines<const std::uint8_t>;
using Output = Lines<std::uint8_t>;

[[nodiscard]] inline Input as_input(Output rows) noexcept { return {rows.first, rows.distance}; }

/// out = a + t b: all a truncated transform needs of a butterfly whose second output nobody reads.
template <class Plane>
inline void add_scaled(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out,
                       field::Gf65536 t, std::size_t strip_bytes) noexcept
{
    with_kind(t,
              [=]<Twiddle kind>()
              {
                  using S = Scale<Plane, kind>;
                  using Pair = typename S::Pair;
                  const S scale(t);
                  for_each_pair<Plane>(strip_bytes,
                                       [=, &scale](std::size_t at)
                                       {
                                           auto x = Rows<Plane>::template load<Pair>(a, at);
                                           const auto y = Rows<Plane>::template load<Pair>(b, at);
                                           scale.add_product(x, y);
                                           Rows<Plane>::store(out, at, x);
                                       });
              });
}

/// out = t * row.
template <class Plane>
inline void scale_row(const std::uint8_t* row, std::uint8_t* out, field::Gf65536 t,
                      std::size_t strip_bytes) noexcept
{
    using S = Scale<Plane, Twiddle::full>;
    using Pair = typename S::Pair;
    const S scale(t);
    for_each_pair<Plane>(strip_bytes,
                         [=, &scale](std::size_t at)
                         {
                             const auto x = Rows<Plane>::template load<Pair>(row, at);
                             const auto zero = Plane::add(x.low, x.low);
                             Pair product{zero, zero};
                             scale.add_product(product, x);
                             Rows<Plane>::store(out, at, product);
                         });
}

enum class Direction
{
    forward,
    inverse,
};

/// One butterfly of the rows `a` and `b`.
template <class Plane, Direction direction>
inline void butterfly(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* out_a,
                      std::uint8_t* out_b, field::Gf65536 t, std::size_t strip_bytes) noexcept
{
    with_kind(t,
              [=]<Twiddle kind>()
              {
                  using S = Scale<Plane, kind>;
                  using Pair = typename S::Pair;
                  using R = Rows<Plane>;
                  const S scale(t);
                  for_each_pair<Plane>(strip_bytes,
                                       [=, &scale](std::size_t at)
                                       {
                                           auto x = R::template load<Pair>(a, at);
                                           auto y = R::template load<Pair>(b, at);
                                           if constexpr (direction == Direction::inverse)
                                               R::add(y, x);
                                           scale.add_product(x, y);
                                           if constexpr (direction == Direction::forward)
                                               R::add(y, x);
                                           R::store(out_a, at, x);
                                           R::store(out_b, at, y);
                                       });
              });
}

/// The twiddles of two levels: `outer` for rows 2h apart, `inner` for the two pairs h apart.
struct Twiddles
{
    field::Gf65536 outer, inner[2];
};

/// Two levels on the rows e, e + h, e + 2h, e + 3h for e = s .. s + h - 1.
template <class Plane, Direction direction, Twiddle outer_kind, Twiddle first_kind,
          Twiddle second_kind>
inline void double_level(Input in, Output out, std::size_t s, std::size_t h, const Twiddles& t,
                         std::size_t strip_bytes) noexcept
{
    using Outer = Scale<Plane, outer_kind>;
    using Pair = typename Outer::Pair;
    using R = Rows<Plane>;
    const Outer outer(t.outer);
    const Scale<Plane, first_kind> first(t.inner[0]);
    const Scale<Plane, second_kind> second(t.inner[1]);
    for (std::size_t e = s; e < s + h; ++e)
    {
        const std::uint8_t* const in0 = in[e];
        const std::uint8_t* const in1 = in[e + h];
        const std::uint8_t* const in2 = in[e + 2 * h];
        const std::uint8_t* const in3 = in[e + 3 * h];
        std::uint8_t* const out0 = out[e];
        std::uint8_t* const out1 = out[e + h];
        std::uint8_t* const out2 = out[e + 2 * h];
        std::uint8_t* const out3 = out[e + 3 * h];
        for_each_pair<Plane>(strip_bytes,
                             [=, &outer, &first, &second](std::size_t at)
                             {
                                 Pair e0 = R::template load<Pair>(in0, at);
                                 Pair e1 = R::template load<Pair>(in1, at);
                                 Pair e2 = R::template load<Pair>(in2, at);
                                 Pair e3 = R::template load<Pair>(in3, at);
                                 if constexpr (direction == Direction::forward)
                                 {
                                     outer.add_product(e0, e2);
                                     outer.add_product(e1, e3);
                                     R::add(e2, e0);
                                     R::add(e3, e1);
                                     first.add_product(e0, e1);
                                     second.add_product(e2, e3);
                                     R::add(e1, e0);
                                     R::add(e3, e2);
                                 }
                                 else
                                 {
                                     R::add(e1, e0);
                                     R::add(e3, e2);
                                     first.add_product(e0, e1);
                                     second.add_product(e2, e3);
                                     R::add(e2, e0);
                                     R::add(e3, e1);
                                     outer.add_product(e0, e2);
                                     outer.add_product(e1, e3);
                                 }
                                 R::store(out0, at, e0);
                                 R::store(out1, at, e1);
                                 R::store(out2, at, e2);
                                 R::store(out3, at, e3);
                             });
    }
}

/// As above, with the kinds found out.
///
/// Points come in groups of four, so outer = omega(2q), inner = omega(4q), omega(4q + 2): the two
/// inner twiddles are of one kind except at q = 0, and the outer one is never of a larger kind.
template <class Plane, Direction direction>
inline void double_level(Input in, Output out, std::size_t s, std::size_t h, const Twiddles& t,
                         std::size_t strip_bytes) noexcept
{
    constexpr Twiddle zero = Twiddle::zero, byte = Twiddle::byte, full = Twiddle::full;
    if (t.inner[0] == 0)
        double_level<Plane, direction, zero, zero, byte>(in, out, s, h, t, strip_bytes);
    else if (twiddle_of(t.inner[1]) == byte)
        double_level<Plane, direction, byte, byte, byte>(in, out, s, h, t, strip_bytes);
    else if (twiddle_of(t.outer) == byte)
        double_level<Plane, direction, byte, full, full>(in, out, s, h, t, strip_bytes);
    else
        double_level<Plane, direction, full, full, full>(in, out, s, h, t, strip_bytes);
}
}  // namespace mote::coding
