// BincodeReader: the encoding of everything upstream serialises, in its one canonical form.
//
// Unsigned integers, lengths and enum variants share a varint: a byte below 251 is the value; 251,
// 252, 253 and 254 announce 2, 4, 8 and 16 little-endian bytes; 255 is illegal. Upstream also takes
// a value in a wider form than it needs, which lets anyone change a proof's bytes without changing
// what it says; here every value has exactly one form. Worked case: 300 is {251, 44, 1}.
//
// Source  bincode 2 config::standard() with serde; docs/formats/jolt-bundle.md.
#pragma once

#include "base/reader.hpp"
#include "jolt/views.hpp"

namespace mote::jolt
{
class BincodeReader : public Reader
{
  public:
    using Reader::Reader;

    static constexpr std::size_t field_bytes = 32;
    static constexpr std::size_t g1_bytes = 32;
    static constexpr std::size_t gt_bytes = GtView::element_bytes;
    /// Encodings inside a vector, each behind its length.
    static constexpr std::size_t g1_item_bytes = 1 + g1_bytes;
    static constexpr std::size_t gt_item_bytes = 3 + gt_bytes;

    /// Reads an unsigned integer of at most `bytes_max` (2, 4, 8 or 16) bytes.
    ///
    /// Errors  malformed (truncated, illegal_varint, non_minimal_varint).
    Status varint(std::uint32_t bytes_max, std::uint64_t& lo, std::uint64_t& hi) noexcept;
    Status u16(std::uint16_t& out) noexcept;
    Status u64(std::uint64_t& out) noexcept;
    /// Reads a zigzag integer as 128-bit two's complement.
    Status i128(std::uint64_t& lo, std::uint64_t& hi) noexcept;

    /// Reads the variant of an enum that has `count` of them.
    ///
    /// Errors  malformed (illegal_variant, and those of varint).
    Status variant(std::uint32_t count, std::uint32_t& out) noexcept;

    /// Reads the length of a vector whose elements take at least `element_bytes` bytes each.
    ///
    /// Errors  malformed (truncated) if they cannot all be there, so that a loop over `out` elements
    ///         is never longer than the input; too_many_elements from 2^32 on.
    Status length(std::size_t element_bytes, std::uint32_t& out) noexcept;

    /// Reads a length-prefixed byte string.
    Status byte_string(Bytes& out) noexcept;

    /// Reads a field element, or `count` of them, checking that each is below the modulus. The index
    /// of the current field counts them.
    ///
    /// Errors  malformed (truncated, field_not_canonical).
    Status fr(Fr& out) noexcept;
    Status frs(std::uint32_t count, FrView& out) noexcept;
    /// The same behind a length.
    Status fr_vector(FrView& out) noexcept;
    /// The same behind an option byte.
    Status fr_option(Maybe<Fr>& out) noexcept;

    /// Reads one group element behind its length, unlooked at.
    ///
    /// Errors  malformed (truncated, wrong_element_length).
    Status g1() noexcept { return element(g1_bytes); }
    Status gt(GtView& out) noexcept;
    /// The same behind an option byte: zero or one element.
    Status gt_option(GtView& out) noexcept;
    /// The same behind a length.
    Status gt_vector(GtView& out) noexcept;
    Status g1_vector() noexcept;

  private:
    Status element(std::size_t bytes) noexcept;
};
}  // namespace mote::jolt
