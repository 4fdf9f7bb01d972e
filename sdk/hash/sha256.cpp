#include "hash/sha256.hpp"

#include <bit>
#include <cstring>

#include "hash/block_words.hpp"

namespace mote::hash
{
namespace
{
using State = std::array<std::uint32_t, 8>;

// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
// [FIPS180] section 5.3.3.
constexpr State initial_state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
// [FIPS180] section 4.2.2.
constexpr std::uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// One round. Instead of moving all eight letters along, the caller passes them rotated: only d and h
// change, and they are the e and a of the next round. [FIPS180] section 6.2.2, step 3.
[[gnu::always_inline]] inline void round(std::uint32_t a, std::uint32_t b, std::uint32_t c,
                                         std::uint32_t& d, std::uint32_t e, std::uint32_t f,
                                         std::uint32_t g, std::uint32_t& h,
                                         std::uint32_t constant_plus_word) noexcept
{
    const std::uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const std::uint32_t choose = g ^ (e & (f ^ g));
    const std::uint32_t t1 = h + sum1 + choose + constant_plus_word;
    const std::uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const std::uint32_t majority = (a & b) | (c & (a | b));
    d += t1;
    h = t1 + sum0 + majority;
}

// Turns the schedule words w[t .. t + 15], kept modulo 16, into the next sixteen.
// [FIPS180] section 6.2.2, step 1.
void extend_schedule(std::uint32_t (&w)[16]) noexcept
{
    for (std::size_t i = 0; i < 16; ++i)
    {
        const std::uint32_t x = w[(i + 1) % 16];
        const std::uint32_t y = w[(i + 14) % 16];
        const std::uint32_t sigma0 = std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3);
        const std::uint32_t sigma1 = std::rotr(y, 17) ^ std::rotr(y, 19) ^ (y >> 10);
        w[i] += sigma0 + w[(i + 9) % 16] + sigma1;
    }
}

void compress(State& state, const std::uint8_t* block) noexcept
{
    std::uint32_t w[16];
    for (std::size_t i = 0; i < 16; ++i)
        w[i] = internal::load_word_be32(block + 4 * i);

    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t t = 0; t < 64; t += 16)
    {
        if (t > 0)
            extend_schedule(w);
        for (std::size_t i = 0; i < 16; i += 8)
        {
            const std::uint32_t* k = round_constants + t + i;
            round(a, b, c, d, e, f, g, h, k[0] + w[i]);
            round(h, a, b, c, d, e, f, g, k[1] + w[i + 1]);
            round(g, h, a, b, c, d, e, f, k[2] + w[i + 2]);
            round(f, g, h, a, b, c, d, e, k[3] + w[i + 3]);
            round(e, f, g, h, a, b, c, d, k[4] + w[i + 4]);
            round(d, e, f, g, h, a, b, c, k[5] + w[i + 5]);
            round(c, d, e, f, g, h, a, b, k[6] + w[i + 6]);
            round(b, c, d, e, f, g, h, a, k[7] + w[i + 7]);
        }
    }

    const State sum = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < state.size(); ++i)
        state[i] += sum[i];
}
}  // namespace

// buffer_ is left without a value: no byte of it is read before it is written.
Sha256::Sha256() noexcept : state_(initial_state) {}

void Sha256::update(Bytes part) noexcept
{
    if (part.empty())
        return;

    const std::size_t buffered = static_cast<std::size_t>(message_bytes_ % block_bytes);
    message_bytes_ += part.size();
    if (buffered > 0)
    {
        const std::size_t room = block_bytes - buffered;
        if (part.size() < room)
        {
            std::memcpy(buffer_.data() + buffered, part.data(), part.size());
            return;
        }
        std::memcpy(buffer_.data() + buffered, part.data(), room);
        compress(state_, buffer_.data());
        part = part.subspan(room);
    }
    while (part.size() >= block_bytes)
    {
        compress(state_, part.data());
        part = part.subspan(block_bytes);
    }
    if (!part.empty())
        std::memcpy(buffer_.data(), part.data(), part.size());
}

void Sha256::finish(std::span<std::uint8_t, digest_bytes> digest) noexcept
{
    // A one bit, zeros, and the length in bits as the last 8 bytes of a block: a second block if
    // those 8 bytes do not fit any more.
    constexpr std::size_t length_at = block_bytes - 8;
    std::size_t buffered = static_cast<std::size_t>(message_bytes_ % block_bytes);
    buffer_[buffered++] = 0x80;
    if (buffered > length_at)
    {
        std::memset(buffer_.data() + buffered, 0, block_bytes - buffered);
        compress(state_, buffer_.data());
        buffered = 0;
    }
    std::memset(buffer_.data() + buffered, 0, length_at - buffered);
    store_be(buffer_.data() + length_at, message_bytes_ * 8);
    compress(state_, buffer_.data());

    for (std::size_t i = 0; i < state_.size(); ++i)
        store_be(digest.data() + 4 * i, state_[i]);
}

std::array<std::uint8_t, 32> sha256(Bytes message) noexcept
{
    std::array<std::uint8_t, 32> digest;
    Sha256 hash;
    hash.update(message);
    hash.finish(digest);
    return digest;
}
}  // namespace mote::hash
