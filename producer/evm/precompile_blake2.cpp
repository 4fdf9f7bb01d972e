#include <bit>

#include "evm/precompile_list.hpp"

namespace mote::evm
{
namespace
{
// [RFC7693] sections 2.6 and 2.7.
constexpr std::array<std::uint64_t, 8> iv = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr std::array<std::array<std::uint8_t, 16>, 10> sigma = {{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}};
}  // namespace

bool blake2_compress(Bytes input, std::uint8_t* output) noexcept
{
    // rounds (4, big-endian), h (8 x 8), m (16 x 8), t (2 x 8), final (1); words little-endian.
    const auto rounds = load_be<std::uint32_t>(input.data());
    std::array<std::uint64_t, 8> h;
    std::array<std::uint64_t, 16> m, v;
    for (std::size_t i = 0; i < 8; ++i)
        h[i] = load_le64(input.data() + 4 + 8 * i);
    for (std::size_t i = 0; i < 16; ++i)
        m[i] = load_le64(input.data() + 68 + 8 * i);
    for (std::size_t i = 0; i < 8; ++i)
    {
        v[i] = h[i];
        v[8 + i] = iv[i];
    }
    v[12] ^= load_le64(input.data() + 196);
    v[13] ^= load_le64(input.data() + 204);
    if (input[212] != 0)
        v[14] = ~v[14];
    const auto mix = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d,
                         std::uint64_t x, std::uint64_t y)
    {
        v[a] += v[b] + x;
        v[d] = std::rotr(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = std::rotr(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = std::rotr(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = std::rotr(v[b] ^ v[c], 63);
    };
    std::size_t row = 0;
    for (std::uint32_t i = 0; i < rounds; ++i, row = row == 9 ? 0 : row + 1)
    {
        const auto& s = sigma[row];
        mix(0, 4, 8, 12, m[s[0]], m[s[1]]);
        mix(1, 5, 9, 13, m[s[2]], m[s[3]]);
        mix(2, 6, 10, 14, m[s[4]], m[s[5]]);
        mix(3, 7, 11, 15, m[s[6]], m[s[7]]);
        mix(0, 5, 10, 15, m[s[8]], m[s[9]]);
        mix(1, 6, 11, 12, m[s[10]], m[s[11]]);
        mix(2, 7, 8, 13, m[s[12]], m[s[13]]);
        mix(3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    for (std::size_t i = 0; i < 8; ++i)
        store_le(output + 8 * i, h[i] ^ v[i] ^ v[8 + i]);
    return true;
}
}  // namespace mote::evm
