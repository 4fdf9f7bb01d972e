// Multilinear odds and ends: the index itself, folds by powers, and tables that are mostly zero.
//
// SparseEvaluator answers "what is the extension of this memory at r" when only a few segments of
// the memory are not zero, without ever making the 2^n eq table. Worked case: memory of 8 words, 10,
// 20, 30 from word 2 on, at r = (2, 3, 5): 10 eq(2) + 20 eq(3) + 30 eq(4) = 300.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "poly/point.hpp"

namespace mote::poly
{
/// Evaluates the extension of the index: sum_i 2^(n-1-i) r_i.
///
/// Cost    n additions and n doublings.
/// Source  [JOLT] crates/jolt-poly/src/identity.rs.
[[nodiscard]] Fr identity(Point r) noexcept;

/// Multiplies; 1 for none.
[[nodiscard]] Fr product(std::span<const Fr> values) noexcept;

/// Multiplies 1 - x over the coordinates: eq_index(r, 0).
[[nodiscard]] Fr product_of_complements(Point r) noexcept;

/// Evaluates sum_i gamma^i values_i; 0 for none.
[[nodiscard]] Fr fold(const Fr& gamma, std::span<const Fr> values) noexcept;

/// Writes 1, base, base^2, ... into all of `out`.
void powers(const Fr& base, std::span<Fr> out) noexcept;

/// Sums word * eq_index(r, position of the word) over segments of 64-bit words.
///
/// Cost    2^table_bits multiplications once; about one per word and one eq_index per aligned block
///         of 2^table_bits words that a segment touches.
/// Memory  r and table stay the caller's and must outlive the evaluator.
class SparseEvaluator
{
  public:
    /// Builds the eq table of the last min(table_bits, n) coordinates.
    ///
    /// Shape   r: n <= 64 coordinates; table: room for 2^min(table_bits, n) elements.
    SparseEvaluator(Point r, Fr* table, std::uint32_t table_bits) noexcept;

    /// Adds words[i] at position start + i. Positions must be below 2^n.
    void add_words(std::uint64_t start, const std::uint64_t* words, std::size_t count) noexcept;

    /// Adds ceil(size / 8) words: 8 bytes each, little-endian, the last one padded with zeros.
    void add_bytes(std::uint64_t start, Bytes bytes) noexcept;

    /// Adds one word.
    void add_word(std::uint64_t position, std::uint64_t word) noexcept
    {
        add_words(position, &word, 1);
    }

    /// The sum so far.
    [[nodiscard]] Fr value() const noexcept;

  private:
    template <class WordAt>
    void add_segment(std::uint64_t start, std::size_t count, WordAt word_at) noexcept;

    Point r_;
    const Fr* table_;
    std::uint32_t low_bits_;
    Fr scaled_sum_;  ///< the sum / 2^256, see WordDot
};
}  // namespace mote::poly
