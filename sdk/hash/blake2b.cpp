#include "hash/blake2b.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/assert.hpp"
#include "hash/block_words.hpp"

namespace mote::hash
{
namespace
{
using State = std::array<std::uint64_t, 8>;

constexpr std::size_t rounds = 12;

// The first 64 bits of the fractional parts of the square roots of 2, 3, 5, 7, 11, 13, 17, 19.
// [RFC7693] section 2.6.
constexpr State iv = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                      0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                      0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

// Which message word enters where, one row per round; rounds 10 and 11 use rows 0 and 1 again.
// [RFC7693] section 2.7.
constexpr std::uint8_t sigma[10][16] = {
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
};

// G of [RFC7693] section 3.1.
[[gnu::always_inline]] inline void mix(std::uint64_t& a, std::uint64_t& b, std::uint64_t& c,
                                       std::uint64_t& d, std::uint64_t x, std::uint64_t y) noexcept
{
    a += b + x;
    d = std::rotr(d ^ a, 32);
    c += d;
    b = std::rotr(b ^ c, 24);
    a += b + y;
    d = std::rotr(d ^ a, 16);
    c += d;
    b = std::rotr(b ^ c, 63);
}

// One round. The number is a template argument so that every index below is a constant: the sixteen
// words of v live in registers and m is read at fixed places.
template <std::size_t number>
[[gnu::always_inline]] inline void round(std::uint64_t (&v)[16],
                                         const std::uint64_t (&m)[16]) noexcept
{
    constexpr const auto& s = sigma[number % 10];
    mix(v[0], v[4], v[8], v[12], m[s[0]], m[s[1]]);
    mix(v[1], v[5], v[9], v[13], m[s[2]], m[s[3]]);
    mix(v[2], v[6], v[10], v[14], m[s[4]], m[s[5]]);
    mix(v[3], v[7], v[11], v[15], m[s[6]], m[s[7]]);
    mix(v[0], v[5], v[10], v[15], m[s[8]], m[s[9]]);
    mix(v[1], v[6], v[11], v[12], m[s[10]], m[s[11]]);
    mix(v[2], v[7], v[8], v[13], m[s[12]], m[s[13]]);
    mix(v[3], v[4], v[9], v[14], m[s[14]], m[s[15]]);
}

// F of [RFC7693] section 3.2. `bytes_so_far` counts the message including this block, without the
// zeros that fill the last one. Its upper 64 bits are 0: a message that long does not exist.
void compress(State& h, const std::uint8_t* block, std::uint64_t bytes_so_far, bool last) noexcept
{
    std::uint64_t m[16];
    for (std::size_t i = 0; i < 16; ++i)
        m[i] = internal::load_word_le64(block + 8 * i);

    std::uint64_t v[16];
    for (std::size_t i = 0; i < 8; ++i)
    {
        v[i] = h[i];
        v[i + 8] = iv[i];
    }
    v[12] ^= bytes_so_far;
    if (last)
        v[14] = ~v[14];

    static_assert(rounds == 12);
    round<0>(v, m);
    round<1>(v, m);
    round<2>(v, m);
    round<3>(v, m);
    round<4>(v, m);
    round<5>(v, m);
    round<6>(v, m);
    round<7>(v, m);
    round<8>(v, m);
    round<9>(v, m);
    round<10>(v, m);
    round<11>(v, m);

    for (std::size_t i = 0; i < 8; ++i)
        h[i] ^= v[i] ^ v[i + 8];
}

// The first word of the parameter block: digest length, key length, fanout 1, depth 1.
constexpr std::uint64_t parameter_word(std::size_t digest_bytes, std::size_t key_bytes) noexcept
{
    return std::uint64_t{0x01010000} | std::uint64_t{key_bytes} << 8 | std::uint64_t{digest_bytes};
}

// XORs the 16 bytes of the parameter block that `field` fills from the left into two state words.
void add_parameter(std::uint64_t& low, std::uint64_t& high, Bytes field) noexcept
{
    std::uint8_t padded[16] = {};
    if (!field.empty())
        std::memcpy(padded, field.data(), std::min(field.size(), sizeof(padded)));
    low ^= internal::load_word_le64(padded);
    high ^= internal::load_word_le64(padded + 8);
}
}  // namespace

// buffer_ is left without a value: zeroing it would cost every short hash, and no byte of it is read
// before it is written.
Blake2b::Blake2b(std::size_t digest_bytes) noexcept
    : state_(iv),
      digest_bytes_(static_cast<std::uint32_t>(std::min(digest_bytes, digest_bytes_max)))
{
    MOTE_ASSERT(digest_bytes >= 1 && digest_bytes <= digest_bytes_max);
    state_[0] ^= parameter_word(digest_bytes_, 0);
}

Blake2b::Blake2b(const Blake2bParameters& parameters) noexcept : Blake2b(parameters.digest_bytes)
{
    MOTE_ASSERT(parameters.key.size() <= key_bytes_max);
    MOTE_ASSERT(parameters.salt.size() <= salt_bytes_max);
    MOTE_ASSERT(parameters.personal.size() <= personal_bytes_max);

    const std::size_t key_bytes = std::min(parameters.key.size(), key_bytes_max);
    state_[0] = iv[0] ^ parameter_word(digest_bytes_, key_bytes);
    add_parameter(state_[4], state_[5], parameters.salt);
    add_parameter(state_[6], state_[7], parameters.personal);
    if (key_bytes > 0)
    {
        // A key is a first block of its own, filled with zeros; it may also be the last block.
        buffer_ = {};
        std::memcpy(buffer_.data(), parameters.key.data(), key_bytes);
        buffered_bytes_ = block_bytes;
    }
}

void Blake2b::update(Bytes part) noexcept
{
    if (part.empty())
        return;

    // A full block is compressed only when a byte after it exists: the last one is treated apart.
    const std::size_t room = block_bytes - buffered_bytes_;
    if (buffered_bytes_ > 0 && part.size() > room)
    {
        std::memcpy(buffer_.data() + buffered_bytes_, part.data(), room);
        part = part.subspan(room);
        compressed_bytes_ += block_bytes;
        compress(state_, buffer_.data(), compressed_bytes_, false);
        buffered_bytes_ = 0;
    }
    if (buffered_bytes_ == 0)
    {
        while (part.size() > block_bytes)
        {
            compressed_bytes_ += block_bytes;
            compress(state_, part.data(), compressed_bytes_, false);
            part = part.subspan(block_bytes);
        }
    }
    std::memcpy(buffer_.data() + buffered_bytes_, part.data(), part.size());
    buffered_bytes_ += static_cast<std::uint32_t>(part.size());
}

void Blake2b::finish(MutableBytes digest) noexcept
{
    MOTE_ASSERT(digest.size() == digest_bytes_);

    std::memset(buffer_.data() + buffered_bytes_, 0, block_bytes - buffered_bytes_);
    compress(state_, buffer_.data(), compressed_bytes_ + buffered_bytes_, true);

    // The digest is the front of the state; its last word may be wanted in part.
    const std::size_t count = std::min(digest.size(), std::size_t{digest_bytes_});
    for (std::size_t i = 0; i < count / 8; ++i)
        internal::store_word_le64(digest.data() + 8 * i, state_[i]);
    for (std::size_t i = count / 8 * 8; i < count; ++i)
        digest[i] = static_cast<std::uint8_t>(state_[i / 8] >> (8 * (i % 8)));
}

std::array<std::uint8_t, 32> blake2b_256(Bytes message) noexcept
{
    std::array<std::uint8_t, 32> digest;
    Blake2b hash(digest.size());
    hash.update(message);
    hash.finish(digest);
    return digest;
}
}  // namespace mote::hash
