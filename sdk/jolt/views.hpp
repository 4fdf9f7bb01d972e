// Views: where the parts of a proof lie in the caller's bytes. Nothing is copied while decoding.
//
// A view is made only by the decoder, after it checked lengths and canonical form, so reading
// through one cannot leave the span. Views of field elements and of round polynomials belong to the
// sumcheck module and are named here as the rest of jolt uses them.
#pragma once

#include "sumcheck/views.hpp"

namespace mote::jolt
{
using field::Fr;
using sumcheck::FrView;
using sumcheck::RoundsCursor;
using sumcheck::RoundsView;

/// A value that may be absent.
template <typename T>
struct Maybe
{
    bool present = false;
    T value{};
};

/// GT encodings of 384 bytes each at equal distance. The coordinates are not checked yet.
struct GtView
{
    static constexpr std::size_t element_bytes = 384;

    const std::uint8_t* data = nullptr;  ///< first byte of the first encoding (after its length)
    std::uint32_t count = 0;
    std::uint32_t stride = 387;  ///< encoding plus the length prefix of the next one

    [[nodiscard]] Bytes operator[](std::uint32_t i) const noexcept
    {
        MOTE_ASSERT(i < count);
        return {data + std::size_t{stride} * i, element_bytes};
    }
};
}  // namespace mote::jolt
