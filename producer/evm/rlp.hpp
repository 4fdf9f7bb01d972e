// RLP, Ethereum's encoding of byte strings and lists, read strictly: each value has one encoding.
//
// Worked case: 0x83 'd' 'o' 'g' is the string "dog"; 0x81 0x05 is refused, since 5 encodes itself.
//
// Source  [YP] appendix B.
#pragma once

#include "base/bytes.hpp"
#include "evm/types.hpp"

namespace mote::evm
{
struct RlpItem
{
    bool is_list = false;
    Bytes payload;
    Bytes whole;  ///< with its header
};

/// Takes one item after another from a list's payload. Nothing recurses and nothing is allocated.
class RlpReader
{
  public:
    explicit RlpReader(Bytes bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    [[nodiscard]] Bytes rest() const noexcept { return rest_; }

    /// Takes the next item; false (and nothing taken) if the bytes do not hold one canonically.
    [[nodiscard]] bool next(RlpItem& out) noexcept;
    [[nodiscard]] bool next_list(Bytes& payload) noexcept;
    [[nodiscard]] bool next_bytes(Bytes& payload) noexcept;
    /// A string of just `out.size()` bytes.
    [[nodiscard]] bool next_fixed(MutableBytes out) noexcept;
    /// An integer without leading zeros, below 2^64 or 2^256.
    [[nodiscard]] bool next_integer(std::uint64_t& out) noexcept;
    [[nodiscard]] bool next_integer(Word& out) noexcept;

  private:
    Bytes rest_;
};

/// Whether the bytes are one item, whatever is in it, and so on for everything within lists.
///
/// Cost    linear; lists nest at most as deep as there are bytes, and no stack is used for them.
[[nodiscard]] bool is_rlp(Bytes bytes) noexcept;

/// Writes the header of a list or string; returns its length, at most 9. A byte below 0x80 has none.
[[nodiscard]] std::size_t write_rlp_header(bool is_list, std::uint64_t payload_bytes,
                                           std::uint8_t* out) noexcept;
/// Writes an integer; returns the length, at most 33.
[[nodiscard]] std::size_t write_rlp_integer(const Word& value, std::uint8_t* out) noexcept;
}  // namespace mote::evm
