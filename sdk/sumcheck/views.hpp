// Views: where the parts of a sumcheck proof lie in the caller's bytes. Nothing is copied.
//
// A view is made only by a decoder, after it checked lengths and canonical form, so reading through
// one cannot leave the span. Elements are converted when they are used: a field element costs one
// multiplication, which is less than keeping a second copy of the proof.
// Worked case: a view over 01 00..00 02 00..00 (64 bytes) has count 2 and view[1] == 2.
#pragma once

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "field/bn254.hpp"

namespace mote::sumcheck
{
using field::Fr;

/// Consecutive field elements, 32 bytes each, known to be canonical.
struct FrView
{
    const std::uint8_t* data = nullptr;
    std::uint32_t count = 0;

    [[nodiscard]] Fr operator[](std::uint32_t i) const noexcept
    {
        MOTE_ASSERT(i < count);
        Fr x;
        const bool canonical = Fr::from_bytes_le(data + std::size_t{32} * i, x);
        MOTE_ASSERT(canonical);
        static_cast<void>(canonical);
        return x;
    }

    /// The 32 bytes of an element, little-endian.
    [[nodiscard]] Bytes bytes(std::uint32_t i) const noexcept
    {
        MOTE_ASSERT(i < count);
        return {data + std::size_t{32} * i, 32};
    }
};

/// The round polynomials of one sumcheck: a vector of vectors of field elements.
struct RoundsView
{
    enum class Form : std::uint8_t
    {
        full,        ///< all coefficients, ascending (uniskip rounds)
        compressed,  ///< without the linear coefficient (all other rounds)
        committed,   ///< Pedersen commitments of a hiding proof; `bytes` is empty
    };

    Form form = Form::committed;
    std::uint32_t rounds = 0;
    Bytes bytes;  ///< for each round: varint count, then count * 32 bytes; canonical throughout
    std::uint64_t offset = 0;  ///< position of `bytes` in the caller's span, for reports
};

/// Walks through a RoundsView.
class RoundsCursor
{
  public:
    explicit RoundsCursor(const RoundsView& view) noexcept : view_(view) {}

    /// Returns the coefficients of the next round.
    ///
    /// Shape   at most `view.rounds` calls.
    /// Errors  none for a view a decoder made. Bytes that do not hold the round they promise give an
    ///         empty view, never a read outside of them.
    [[nodiscard]] FrView next() noexcept
    {
        const std::uint8_t* p = view_.bytes.data() + at_;
        const std::size_t left = view_.bytes.size() - at_;
        std::uint64_t count = 0;
        std::size_t prefix = 0;
        if (left >= 1 && p[0] < 251)
        {
            count = p[0];
            prefix = 1;
        }
        else if (left >= 3 && p[0] == 251)
        {
            count = load_le16(p + 1);
            prefix = 3;
        }
        else if (left >= 5 && p[0] == 252)
        {
            count = load_le32(p + 1);
            prefix = 5;
        }
        const bool whole = prefix != 0 && count <= (left - prefix) / 32;
        MOTE_ASSERT(whole);
        if (!whole)
            return {};
        at_ += prefix + 32 * static_cast<std::size_t>(count);
        return {p + prefix, static_cast<std::uint32_t>(count)};
    }

    /// Position of the next round in the caller's span.
    [[nodiscard]] std::uint64_t offset() const noexcept { return view_.offset + at_; }

  private:
    const RoundsView& view_;
    std::size_t at_ = 0;
};
}  // namespace mote::sumcheck
