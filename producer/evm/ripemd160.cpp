#include "evm/ripemd160.hpp"

#include <algorithm>
#include <bit>

namespace mote::evm
{
namespace
{
using State = std::array<std::uint32_t, 5>;

// Which message word each of the 80 steps takes, and how far it rotates; left line, then right line.
constexpr std::array<std::uint8_t, 80> word_left = {
    0,  1, 2,  3, 4,  5,  6, 7,  8, 9,  10, 11, 12, 13, 14, 15, 7,  4,  13, 1,
    10, 6, 15, 3, 12, 0,  9, 5,  2, 14, 11, 8,  3,  10, 14, 4,  9,  15, 8,  1,
    2,  7, 0,  6, 13, 11, 5, 12, 1, 9,  11, 10, 0,  8,  12, 4,  13, 3,  7,  15,
    14, 5, 6,  2, 4,  0,  5, 9,  7, 12, 2,  10, 14, 1,  3,  8,  11, 6,  15, 13};
constexpr std::array<std::uint8_t, 80> word_right = {
    5,  14, 7,  0,  9,  2,  11, 4,  13, 6, 15, 8, 1,  10, 3,  12, 6, 11, 3, 7,
    0,  13, 5,  10, 14, 15, 8,  12, 4,  9, 1,  2, 15, 5,  1,  3,  7, 14, 6, 9,
    11, 8,  12, 2,  10, 0,  4,  13, 8,  6, 4,  1, 3,  11, 15, 0,  5, 12, 2, 13,
    9,  7,  10, 14, 12, 15, 10, 4,  1,  5, 8,  7, 6,  2,  13, 14, 0, 3,  9, 11};
constexpr std::array<std::uint8_t, 80> turn_left = {
    11, 14, 15, 12, 5, 8,  7,  9,  11, 13, 14, 15, 6,  7,  9,  8,  7,  6,  8,  13,
    11, 9,  7,  15, 7, 12, 15, 9,  11, 7,  13, 12, 11, 13, 6,  7,  14, 9,  13, 15,
    14, 8,  13, 6,  5, 12, 7,  5,  11, 12, 14, 15, 14, 15, 9,  8,  9,  14, 5,  6,
    8,  6,  5,  12, 9, 15, 5,  11, 6,  8,  13, 12, 5,  12, 13, 14, 11, 8,  5,  6};
constexpr std::array<std::uint8_t, 80> turn_right = {
    8,  9,  9,  11, 13, 15, 15, 5, 7,  7,  8,  11, 14, 14, 12, 6,  9,  13, 15, 7,
    12, 8,  9,  11, 7,  7,  12, 7, 6,  15, 13, 11, 9,  7,  15, 11, 8,  6,  6,  14,
    12, 13, 5,  14, 13, 13, 7,  5, 15, 5,  8,  11, 14, 14, 6,  14, 6,  9,  12, 9,
    12, 5,  15, 8,  8,  5,  12, 9, 12, 5,  14, 6,  8,  13, 6,  5,  15, 13, 11, 11};
constexpr std::array<std::uint32_t, 5> add_left = {0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc,
                                                   0xa953fd4e};
constexpr std::array<std::uint32_t, 5> add_right = {0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9,
                                                    0};

[[nodiscard]] constexpr std::uint32_t choose(std::size_t line, std::uint32_t x, std::uint32_t y,
                                             std::uint32_t z) noexcept
{
    switch (line)
    {
        case 0:
            return x ^ y ^ z;
        case 1:
            return (x & y) | (~x & z);
        case 2:
            return (x | ~y) ^ z;
        case 3:
            return (x & z) | (y & ~z);
        default:
            return x ^ (y | ~z);
    }
}

void step(State& s, std::size_t function, std::uint32_t added, std::uint8_t turn) noexcept
{
    const std::uint32_t t =
        std::rotl(s[0] + choose(function, s[1], s[2], s[3]) + added, turn) + s[4];
    s = {s[4], t, s[1], std::rotl(s[2], 10), s[3]};
}

void compress(State& h, const std::uint8_t* block) noexcept
{
    std::array<std::uint32_t, 16> m;
    for (std::size_t i = 0; i < 16; ++i)
        m[i] = load_le32(block + 4 * i);
    State left = h, right = h;
    for (std::size_t i = 0; i < 80; ++i)
    {
        step(left, i / 16, m[word_left[i]] + add_left[i / 16], turn_left[i]);
        step(right, 4 - i / 16, m[word_right[i]] + add_right[i / 16], turn_right[i]);
    }
    h = {h[1] + left[2] + right[3], h[2] + left[3] + right[4], h[3] + left[4] + right[0],
         h[4] + left[0] + right[1], h[0] + left[1] + right[2]};
}
}  // namespace

std::array<std::uint8_t, 20> ripemd160(Bytes message) noexcept
{
    State h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    const std::size_t whole = message.size() / 64 * 64, rest = message.size() - whole;
    for (std::size_t i = 0; i < whole; i += 64)
        compress(h, message.data() + i);
    std::array<std::uint8_t, 128> tail{};
    std::copy(message.begin() + static_cast<std::ptrdiff_t>(whole), message.end(), tail.begin());
    tail[rest] = 0x80;
    const std::size_t end = rest < 56 ? 64 : 128;
    store_le(tail.data() + end - 8, std::uint64_t{message.size()} * 8);
    for (std::size_t i = 0; i < end; i += 64)
        compress(h, tail.data() + i);
    std::array<std::uint8_t, 20> digest;
    for (std::size_t i = 0; i < 5; ++i)
        store_le(digest.data() + 4 * i, h[i]);
    return digest;
}
}  // namespace mote::evm
