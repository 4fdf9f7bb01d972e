// DorySetup: the verifier's parameters of the Dory commitment scheme, checked once.
//
//   chi[k]      = prod_{i < 2^k} e(Gamma1[i], Gamma2[i])                        k = 0 .. m
//   delta_1r[k] = prod_{i < 2^(k-1)} e(Gamma1[2^(k-1) + i], Gamma2[i])          k = 1 .. m
//   delta_2r[k] = prod_{i < 2^(k-1)} e(Gamma1[i], Gamma2[2^(k-1) + i])          k = 1 .. m
//   g1_0 = Gamma1[0], g2_0 = Gamma2[0], h1, h2 blinding generators, ht = e(h1, h2)
//
// The blob also carries delta_1l and delta_2l, which must both equal chi shifted by one and are kept
// only once. Whoever made the generators may know their discrete logarithms, so a setup is pinned by
// the SHA-256 of its bytes; nothing else identifies it.
//
// Source  [DORY] src/setup.rs; docs/formats/jolt-bundle.md.
#pragma once

#include "base/arena.hpp"
#include "curve/pairing.hpp"

namespace mote::openings
{
struct DorySetup
{
    /// Column variables: matrices of up to 2^m x 2^m can be opened.
    static constexpr std::uint32_t m_max = 32;

    std::uint32_t m = 0;
    std::uint8_t digest[32] = {};         ///< SHA-256 of the blob
    const curve::Gt* chi = nullptr;       ///< m + 1 elements
    const curve::Gt* delta_1r = nullptr;  ///< m + 1 elements, entry 0 is one
    const curve::Gt* delta_2r = nullptr;  ///< m + 1 elements, entry 0 is one
    const curve::Gt* ht = nullptr;
    curve::G1 g1_0, h1;
    curve::G2 g2_0, h2;
    curve::G2Prepared g2_0_lines, h2_lines;
};

/// Computes how much memory load_dory_setup() takes from its arena.
///
/// Errors  malformed if the length of the first vector cannot be read or is beyond the limits.
[[nodiscard]] Status dory_setup_bytes(Bytes blob, std::size_t& out, Report& report) noexcept;

/// SHA-256 of a setup's bytes, its identity.
void dory_setup_digest(Bytes blob, std::uint8_t (&digest)[32]) noexcept;

/// Decodes and checks a setup.
///
/// Errors  malformed (lengths, encodings, membership; with field and offset); rejected at
///         Stage::setup with setup_lengths, unexpected_setup (digest is not `expected`, when
///         given) or setup_relation. memory_too_small.
/// Cost    3m + 4 elements of GT, two pairings and two sets of lines: about 10 ms for m = 10.
[[nodiscard]] Status load_dory_setup(Bytes blob, const std::uint8_t* expected, Arena& arena,
                                     DorySetup& out, Report& report) noexcept;
}  // namespace mote::openings
