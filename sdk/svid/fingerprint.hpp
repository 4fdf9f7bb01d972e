// Fingerprints: a row as a polynomial over GF(2^128), evaluated at the challenge.
//
//   fp(row) = w(0) rho^(W-1) + w(1) rho^(W-2) + ... + w(W-1)        16-byte words w, W = L / 16
//
// chains.hpp has the products.
// Source  [SVID] sections 6 and 17.
#pragma once

#include "svid/chains.hpp"

namespace mote::svid
{
/// What all fingerprints of one block share; up to 16 KiB.
struct Challenge
{
    explicit Challenge(field::Gf2_128 rho_value) noexcept : rho(rho_value), chains(rho_value) {}

    MultiplyTable rho;
    Chains chains;
};

/// The fingerprint of one row whose bytes arrive in parts.
///
/// Memory  twice the bytes of a step of the chains, 256 to 2048.
class Fingerprint
{
  public:
    /// Appends bytes of the row.
    void update(const Challenge& challenge, Bytes part) noexcept;

    /// Ends the row, extended with zeros to `row_bytes`.
    ///
    /// Shape   row_bytes: a multiple of 1024, not less than what was appended.
    [[nodiscard]] field::Gf2_128 finish(const Challenge& challenge, std::size_t row_bytes) noexcept;

  private:
    Chains::Sums sums_{};
    std::size_t bytes_ = 0;
    std::array<std::uint8_t, Chains::step_bytes> step_{};
};

/// The fingerprint of a whole row, extended with zeros to `row_bytes`.
[[nodiscard]] field::Gf2_128 fingerprint(const Challenge& challenge, Bytes row,
                                         std::size_t row_bytes) noexcept;
}  // namespace mote::svid
