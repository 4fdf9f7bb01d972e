// Rebuilder: data rows from any K known rows, a column strip at a time.
//
// With l the locator of the missing points (locator.hpp), at a missing data point x
//
//   f(x) l'(x) = sum over known y of f(y) l(y) / (x - y).
//
// The sum is taken apart by cosets of the K data points. The polynomial p that has the values f l on
// one coset (0 where they are missing) comes from a transform of K points, and its share of the sum is
//
//   p(x) / omega(c)    for coset c >= 1: the polynomial that vanishes on a coset is omega(c) at all
//                      data points, and its derivative is 1, in the Cantor basis
//   p'(x)              for the data points themselves
//
// So coefficients are added up coset by coset, and one transform leads back to the data points. In
// the basis of the transform the derivative of X_i is the sum of X_(i - 2^j) over the set bits j of
// i, so the coefficient i of p' is the sum of the coefficients i + 2^j over the clear bits.
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
    /// Takes its memory from `arena`: 2 bytes for each point of the domain, 520 for each of K points.
    ///
    /// Shape   factors, missing: of locate(), one for each point of the domain; they must outlive this.
    Rebuilder(const CodeShape& shape, const field::Gf65536* factors, const std::uint8_t* missing,
              Arena& arena) noexcept;

    [[nodiscard]] bool ok() const noexcept { return buffer_ != nullptr; }

    /// Rebuilds one tile, at byte `column` of every row.
    ///
    /// Cost  log2(K) / 2 butterflies for each point of a coset with known rows, and as many for K
    ///       points.
    void rebuild(const RebuildIo& io, std::size_t column) const noexcept;

  private:
    [[nodiscard]] bool load(const RebuildIo& io, std::uint32_t first,
                            std::size_t column) const noexcept;
    void add_coset(std::uint32_t first) const noexcept;
    void differentiate() const noexcept;
    void store(const RebuildIo& io, std::size_t column) const noexcept;

    CodeShape shape_;
    const field::Gf65536* factors_;
    const std::uint8_t* missing_;
    unsigned log_domain_, log_code_;
    field::Gf65536* weights_ = nullptr;  // factors of known rows, divided by omega(coset)
    std::uint8_t* coset_ = nullptr;      // rows of one coset: values, then coefficients
    std::uint8_t* sum_ = nullptr;        // coefficients of all cosets so far
    std::uint8_t* buffer_ = nullptr;
};
}  // namespace mote::coding
