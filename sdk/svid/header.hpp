// Header: 176 bytes that fix one dispersal, and what is derived from them.
//
//   challenge   rho, drawn from everything but z_digest: both row trees are fixed before it is known
//   svid_root   names the dispersal; it is the data_commit of the zone's signed header
//   announce    what the producer signs, so that evidence stands by itself
//
// Source  [SVID] section 6; docs/formats/svid.md has the bytes.
#pragma once

#include <array>

#include "base/bytes.hpp"
#include "field/gf2_128.hpp"
#include "svid/params.hpp"

namespace mote::svid
{
using Digest = std::array<std::uint8_t, 32>;

inline constexpr std::size_t header_bytes = 176;
inline constexpr std::size_t challenge_bytes = 144;  ///< the part that the challenge depends on

using HeaderBytes = std::array<std::uint8_t, header_bytes>;

struct Header
{
    std::uint32_t zone = 0;
    std::uint64_t height = 0;
    std::uint64_t epoch = 0;
    std::uint64_t block_bytes = 0;
    std::uint32_t data_rows = 0;
    std::uint32_t rows = 0;
    std::uint8_t row_log2 = 0;
    Digest chain_id{};
    Digest data_root{};
    Digest parity_root{};
    Digest z_digest{};
};

/// Writes a header.
[[nodiscard]] HeaderBytes encode(const Header& header) noexcept;

/// Reads a header; false for another length, a wrong magic or a reserved byte that is not zero.
[[nodiscard]] bool decode(Bytes bytes, Header& out) noexcept;

/// rho.
[[nodiscard]] field::Gf2_128 challenge(const HeaderBytes& header) noexcept;
[[nodiscard]] Digest svid_root(const HeaderBytes& header) noexcept;
[[nodiscard]] Digest announce_digest(const Digest& chain_id, const Digest& root) noexcept;

/// What a header must say of an empty block: H(empty) as data_root, zeros as parity_root.
[[nodiscard]] bool empty_roots(const Header& header) noexcept;
}  // namespace mote::svid
