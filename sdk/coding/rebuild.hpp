// Rebuilder: data rows from any K known rows, a column strip at a time.
//
// With l the locator of the missing points (locator.hpp): known rows times l, coefficients of f l,
// its derivative, and back to values at the data rows that are missing, divided by l'. In the basis
// of the transform the derivative of X_i is the sum of X_(i - 2^j) over the set bits j of i, so the
// coefficient i of the derivative is the sum of the coefficients i + 2^j over the clear bits.
//
// Source  [LCH] section IV; [SVID] section 11.
#pragma once

#include "base/arena.hpp"
#include "coding/encode.hpp"
#include "field/gf65536.hpp"

namespace mote::coding
{
/// Where rows come from and go to, by column.
struct RebuildIo
{
    void* context;
    /// The strip at byte `column` of the row of a point, strip_bytes; null if it is zero or missing.
    const std::uint8_t* (*row)(void* context, std::uint32_t point, std::size_t column);
    /// Takes the strip of a data row that was missing.
    void (*store)(void* context, std::uint32_t row, std::size_t column, const std::uint8_t* strip);
};

class Rebuilder
{
  public:
    /// Takes its memory from `arena`: 260 bytes for each point of the domain and each of K points.
    ///
    /// Shape   factors, missing: of locate(), one for each point of the domain; they must outlive this.
    Rebuilder(const CodeShape& shape, const field::Gf65536* factors, const std::uint8_t* missing,
              Arena& arena) noexcept;

    [[nodiscard]] bool ok() const noexcept { return buffer_ != nullptr; }

    /// Rebuilds one tile, at byte `column` of every row.
    ///
    /// Cost  log2(D) / 2 butterflies for each point of the domain D, and as many again for K points.
    void rebuild(const RebuildIo& io, std::size_t column) const noexcept;

  private:
    void load(const RebuildIo& io, std::size_t column) const noexcept;
    void differentiate() const noexcept;
    void store(const RebuildIo& io, std::size_t column) const noexcept;

    CodeShape shape_;
    const field::Gf65536* factors_;
    const std::uint8_t* missing_;
    unsigned log_domain_, log_code_;
    std::uint8_t* domain_ = nullptr;
    std::uint8_t* derivative_ = nullptr;
    std::uint8_t* buffer_ = nullptr;
};
}  // namespace mote::coding
