// Keccak-f[1600] step by step as FIPS 202 defines it: an independent model for the tests.
//
// Every step is a function of its own on lanes A[x][y], so that the published intermediate values can
// be compared one by one; constants are arguments, read by the vector test from the published file.
// Nothing here is meant to be fast, and nothing is shared with the implementation.
#pragma once

#include <array>
#include <cstdint>

namespace hash_test
{
struct KeccakModel
{
    using Lanes = std::array<std::array<std::uint64_t, 5>, 5>;  // [x][y]

    std::array<std::array<unsigned, 5>, 5> rho_offsets = {};  // [x][y]
    std::array<std::uint64_t, 24> round_constants = {};

    static std::uint64_t rotate_left(std::uint64_t v, unsigned n)
    {
        return n == 0 ? v : (v << n) | (v >> (64 - n));
    }

    // [FIPS202] section 3.2.1
    static Lanes theta(const Lanes& a)
    {
        Lanes out = a;
        for (std::size_t x = 0; x < 5; ++x)
            for (std::size_t y = 0; y < 5; ++y)
                for (std::size_t j = 0; j < 5; ++j)
                    out[x][y] ^= a[(x + 4) % 5][j] ^ rotate_left(a[(x + 1) % 5][j], 1);
        return out;
    }

    // Section 3.2.2
    Lanes rho(const Lanes& a) const
    {
        Lanes out = {};
        for (std::size_t x = 0; x < 5; ++x)
            for (std::size_t y = 0; y < 5; ++y)
                out[x][y] = rotate_left(a[x][y], rho_offsets[x][y]);
        return out;
    }

    // Section 3.2.3
    static Lanes pi(const Lanes& a)
    {
        Lanes out = {};
        for (std::size_t x = 0; x < 5; ++x)
            for (std::size_t y = 0; y < 5; ++y)
                out[x][y] = a[(x + 3 * y) % 5][x];
        return out;
    }

    // Section 3.2.4
    static Lanes chi(const Lanes& a)
    {
        Lanes out = {};
        for (std::size_t x = 0; x < 5; ++x)
            for (std::size_t y = 0; y < 5; ++y)
                out[x][y] = a[x][y] ^ (~a[(x + 1) % 5][y] & a[(x + 2) % 5][y]);
        return out;
    }

    // Section 3.2.5
    Lanes iota(const Lanes& a, std::size_t round) const
    {
        Lanes out = a;
        out[0][0] ^= round_constants[round];
        return out;
    }

    Lanes permute(Lanes a) const
    {
        for (std::size_t round = 0; round < 24; ++round)
            a = iota(chi(pi(rho(theta(a)))), round);
        return a;
    }
};
}  // namespace hash_test
