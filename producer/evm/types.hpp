// Addresses, hashes and what a block tells its transactions.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "base/bytes.hpp"
#include "evm/fork.hpp"
#include "evm/word.hpp"

namespace mote::evm
{
using Hash = std::array<std::uint8_t, 32>;

/// 20 bytes, padded to three limbs so that comparing and hashing it is three loads.
struct alignas(8) Address
{
    std::array<std::uint8_t, 20> bytes{};

    [[nodiscard]] friend bool operator==(const Address& a, const Address& b) noexcept
    {
        return std::memcmp(a.bytes.data(), b.bytes.data(), 20) == 0;
    }
    [[nodiscard]] friend bool operator<(const Address& a, const Address& b) noexcept
    {
        return std::memcmp(a.bytes.data(), b.bytes.data(), 20) < 0;
    }
};

/// The address as the machine sees it, in the low 160 bits.
[[nodiscard]] inline Word to_word(const Address& a) noexcept
{
    return {0, load_be<std::uint32_t>(a.bytes.data()), load_be<std::uint64_t>(a.bytes.data() + 4),
            load_be<std::uint64_t>(a.bytes.data() + 12)};
}

/// The low 160 bits.
[[nodiscard]] inline Address to_address(const Word& w) noexcept
{
    Address a;
    store_be(a.bytes.data(), static_cast<std::uint32_t>(w.limb[2]));
    store_be(a.bytes.data() + 4, w.limb[1]);
    store_be(a.bytes.data() + 12, w.limb[0]);
    return a;
}

[[nodiscard]] inline Word to_word(const Hash& h) noexcept { return load_word(h.data()); }
[[nodiscard]] inline Hash to_hash(const Word& w) noexcept
{
    Hash h;
    store_word(h.data(), w);
    return h;
}

/// keccak256 of nothing: the code hash of an account without code.
inline constexpr Hash empty_code_hash = {
    0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d, 0xb2, 0xdc, 0xc7, 0x03, 0xc0,
    0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82, 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70};

/// What a transaction is told of the block it is in.
struct BlockContext
{
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;
    std::uint64_t gas_limit = 0;
    Address coinbase;
    Word prev_randao;  ///< before Paris the difficulty
    Word base_fee;     ///< wei a gas; from London
    Word blob_base_fee = 1;
    Word chain_id = 1;
    std::uint32_t blobs_max = 0;  ///< in a block; from Cancun
};
}  // namespace mote::evm
