// The additive Fourier transform over rows in memory.
//
// Row i of a block belongs to the point `first_point + i` of the numbering of its levels. A
// transform that is too large for a cache is split in two: the low levels work on blocks of
// consecutive rows, the high levels on every 2^low-th row, and a high-level block is again a
// transform, at the point number shifted down by `low`. Both are calls of the two functions here;
// encode.cpp puts them together.
//
// The first pass reads from `in`, the last one writes to `out`; what lies between stays in `buffer`,
// which may be the same rows as either.
//
// Worked case: one level on rows a (point 0), b (point 1): forward gives a, a + b, since omega(0) = 0.
#pragma once

#include <cstring>

#include "coding/butterfly.hpp"

namespace mote::coding
{
/// The twiddle of the point `i` of a level.
[[nodiscard]] field::Gf65536 twiddle(std::uint32_t i) noexcept;

/// The twiddles of `level + 1` and `level` for the group of points that begins at `point`.
[[nodiscard]] inline Twiddles twiddles(std::size_t point, unsigned level) noexcept
{
    const auto p = static_cast<std::uint32_t>(point >> level);
    return {twiddle(p >> 1), {twiddle(p), twiddle(p + 2)}};
}

struct TransformShape
{
    unsigned log_count;         ///< 2^log_count rows
    std::size_t strip_bytes;    ///< of each; a multiple of group_bytes
    std::uint32_t first_point;  ///< a multiple of 2^log_count
};

/// Values at points -> coefficients: levels 0 .. log_count - 1.
///
/// Cost    log_count / 2 butterflies a row.
/// Source  [SVID] section 4.
template <class Plane>
void inverse_transform(const TransformShape& shape, Input in, Output buffer, Output out) noexcept
{
    const std::size_t count = std::size_t{1} << shape.log_count;
    if (count == 1)
        std::memcpy(out[0], in[0], shape.strip_bytes);
    for (unsigned level = 0; level < shape.log_count;)
    {
        const bool two = level + 2 <= shape.log_count;
        const unsigned next = level + (two ? 2 : 1);
        const Output to = next == shape.log_count ? out : buffer;
        const std::size_t h = std::size_t{1} << level;
        if (two)
            for (std::size_t s = 0; s < count; s += 4 * h)
                double_level<Plane, Direction::inverse>(
                    in, to, s, h, twiddles(shape.first_point + s, level), shape.strip_bytes);
        else
            for (std::size_t j = 0; j < h; ++j)
                butterfly<Plane, Direction::inverse>(in[j], in[j + h], to[j], to[j + h],
                                                     twiddle(shape.first_point >> level),
                                                     shape.strip_bytes);
        in = as_input(to);
        level = next;
    }
}

/// One forward level on the group of 2h rows at `s`; its second half only if it is needed.
template <class Plane>
void forward_level(const TransformShape& shape, Input in, Output out, std::size_t s, unsigned level,
                   std::size_t needed) noexcept
{
    const std::size_t h = std::size_t{1} << level;
    const field::Gf65536 t = twiddle(static_cast<std::uint32_t>((shape.first_point + s) >> level));
    for (std::size_t j = s; j < s + h; ++j)
        if (s + h < needed)
            butterfly<Plane, Direction::forward>(in[j], in[j + h], out[j], out[j + h], t,
                                                 shape.strip_bytes);
        else
            add_scaled<Plane>(in[j], in[j + h], out[j], t, shape.strip_bytes);
}

/// Coefficients -> values at the first `needed` points of the block; other rows are undefined.
///
/// Shape   1 <= needed <= 2^log_count. `out` has `needed` rows, `buffer` all of them.
template <class Plane>
void forward_transform(const TransformShape& shape, Input in, Output buffer, Output out,
                       std::size_t needed) noexcept
{
    if (shape.log_count == 0)
        std::memcpy(out[0], in[0], shape.strip_bytes);
    for (unsigned level = shape.log_count; level > 0;)
    {
        const bool two = level % 2 == 0;
        level -= two ? 2 : 1;
        const Output to = level == 0 ? out : buffer;
        const std::size_t h = std::size_t{1} << level;
        if (!two)
            forward_level<Plane>(shape, in, to, 0, level, needed);
        else
            for (std::size_t s = 0; s < needed; s += 4 * h)
                if (s + 4 * h <= needed || (level > 0 && s + 2 * h < needed))
                    double_level<Plane, Direction::forward>(
                        in, to, s, h, twiddles(shape.first_point + s, level), shape.strip_bytes);
                else
                {
                    // The last group may reach beyond `out`: level by level in the buffer.
                    forward_level<Plane>(shape, in, buffer, s, level + 1, needed);
                    for (std::size_t half = s; half < needed && half < s + 4 * h; half += 2 * h)
                        forward_level<Plane>(shape, as_input(buffer), to, half, level, needed);
                }
        in = as_input(to);
    }
}
}  // namespace mote::coding
