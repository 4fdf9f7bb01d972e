#include "hash/keccak.hpp"

#include <bit>

#include "hash/block_words.hpp"

namespace mote::hash
{
namespace
{
constexpr std::size_t rounds = 24;

// How far rho rotates each lane: 0 for (0, 0), then the triangular numbers along the walk
// (x, y) -> (y, 2x + 3y) from (1, 0). [FIPS202] section 3.2.2.
constexpr std::array<int, 25> derive_rotations() noexcept
{
    std::array<int, 25> rotations = {};
    std::size_t x = 1, y = 0;
    for (std::size_t t = 0; t < 24; ++t)
    {
        rotations[x + 5 * y] = static_cast<int>((t + 1) * (t + 2) / 2 % 64);
        const std::size_t next_y = (2 * x + 3 * y) % 5;
        x = y;
        y = next_y;
    }
    return rotations;
}

// What iota adds: bit 2^j - 1 of the constant of round i is bit j + 7i of the sequence that the shift
// register with x^8 + x^6 + x^5 + x^4 + 1 gives. [FIPS202] section 3.2.5.
constexpr std::array<std::uint64_t, rounds> derive_round_constants() noexcept
{
    std::array<std::uint64_t, rounds> constants = {};
    unsigned register_bits = 1;
    for (std::size_t i = 0; i < rounds; ++i)
        for (unsigned j = 0; j < 7; ++j)
        {
            constants[i] |= std::uint64_t{register_bits & 1} << ((1u << j) - 1);
            register_bits <<= 1;
            if ((register_bits & 0x100) != 0)
                register_bits ^= 0x171;
        }
    return constants;
}

constexpr auto rotations = derive_rotations();
constexpr auto round_constants = derive_round_constants();

// Lane (x, y) after theta (d holds its column sums), rho and pi: pi takes it from (x + 3y, x).
template <std::size_t x, std::size_t y>
[[gnu::always_inline]] inline std::uint64_t theta_rho_pi(const KeccakState& a,
                                                         const std::uint64_t (&d)[5]) noexcept
{
    constexpr std::size_t from_x = (x + 3 * y) % 5;
    constexpr std::size_t from = from_x + 5 * x;
    return std::rotl(a[from] ^ d[from_x], rotations[from]);
}

// The plane y of a whole round, except for iota.
template <std::size_t y>
[[gnu::always_inline]] inline void plane(KeccakState& out, const KeccakState& a,
                                         const std::uint64_t (&d)[5]) noexcept
{
    const std::uint64_t b0 = theta_rho_pi<0, y>(a, d);
    const std::uint64_t b1 = theta_rho_pi<1, y>(a, d);
    const std::uint64_t b2 = theta_rho_pi<2, y>(a, d);
    const std::uint64_t b3 = theta_rho_pi<3, y>(a, d);
    const std::uint64_t b4 = theta_rho_pi<4, y>(a, d);
    out[5 * y] = b0 ^ (~b1 & b2);  // chi
    out[5 * y + 1] = b1 ^ (~b2 & b3);
    out[5 * y + 2] = b2 ^ (~b3 & b4);
    out[5 * y + 3] = b3 ^ (~b4 & b0);
    out[5 * y + 4] = b4 ^ (~b0 & b1);
}

[[gnu::always_inline]] inline void round(KeccakState& out, const KeccakState& a,
                                         std::uint64_t constant) noexcept
{
    const std::uint64_t c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
    const std::uint64_t c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
    const std::uint64_t c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
    const std::uint64_t c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
    const std::uint64_t c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
    const std::uint64_t d[5] = {c4 ^ std::rotl(c1, 1), c0 ^ std::rotl(c2, 1), c1 ^ std::rotl(c3, 1),
                                c2 ^ std::rotl(c4, 1), c3 ^ std::rotl(c0, 1)};
    plane<0>(out, a, d);
    plane<1>(out, a, d);
    plane<2>(out, a, d);
    plane<3>(out, a, d);
    plane<4>(out, a, d);
    out[0] ^= constant;
}
}  // namespace

void keccak_f1600(KeccakState& state) noexcept
{
    // Two rounds at a time, to and fro between two local copies: no lane is moved for its own sake.
    KeccakState a = state;
    KeccakState b;
    for (std::size_t i = 0; i < rounds; i += 2)
    {
        round(b, a, round_constants[i]);
        round(a, b, round_constants[i + 1]);
    }
    state = a;
}

void KeccakSponge256::update(Bytes part) noexcept
{
    const std::uint8_t* p = part.data();
    std::size_t left = part.size();
    while (left > 0)
    {
        if (position_ % 8 == 0 && left >= 8)
        {
            state_[position_ / 8] ^= internal::load_word_le64(p);
            position_ += 8;
            p += 8;
            left -= 8;
        }
        else
        {
            state_[position_ / 8] ^= std::uint64_t{*p} << (8 * (position_ % 8));
            ++position_;
            ++p;
            --left;
        }
        if (position_ == rate_bytes)
        {
            keccak_f1600(state_);
            position_ = 0;
        }
    }
}

void KeccakSponge256::finish(std::span<std::uint8_t, digest_bytes> digest) noexcept
{
    state_[position_ / 8] ^= std::uint64_t{padding_} << (8 * (position_ % 8));
    state_[rate_bytes / 8 - 1] ^= std::uint64_t{0x80} << 56;  // the 1 that ends pad10*1
    keccak_f1600(state_);
    for (std::size_t i = 0; i < digest_bytes / 8; ++i)
        internal::store_word_le64(digest.data() + 8 * i, state_[i]);
}

std::array<std::uint8_t, 32> keccak_256(Bytes message) noexcept
{
    std::array<std::uint8_t, 32> digest;
    Keccak256 hash;
    hash.update(message);
    hash.finish(digest);
    return digest;
}

std::array<std::uint8_t, 32> sha3_256(Bytes message) noexcept
{
    std::array<std::uint8_t, 32> digest;
    Sha3_256 hash;
    hash.update(message);
    hash.finish(digest);
    return digest;
}
}  // namespace mote::hash
