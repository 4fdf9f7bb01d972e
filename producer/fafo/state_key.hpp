// State keys as the scheduler sees them: an account, or one slot of an account.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace mote::fafo
{
/// 20 bytes of address, then 32 of slot, then one that tells an account, or a part of it that has a key of its
/// own, from its slots.
struct StateKey
{
    static constexpr std::uint8_t account_kind = 0, slot_kind = 1;
    std::array<std::uint64_t, 7> words{};

    [[nodiscard]] static StateKey account(std::span<const std::uint8_t, 20> address) noexcept
    {
        return part(address, account_kind);
    }
    /// Shape   kind: not slot_kind.
    [[nodiscard]] static StateKey part(std::span<const std::uint8_t, 20> address,
                                       std::uint8_t kind) noexcept
    {
        StateKey key;
        auto* const bytes = reinterpret_cast<std::uint8_t*>(key.words.data());
        std::memcpy(bytes, address.data(), address.size());
        bytes[52] = kind;
        return key;
    }
    /// Shape   slot: 32 bytes, big-endian.
    [[nodiscard]] static StateKey slot(std::span<const std::uint8_t, 20> address,
                                       std::span<const std::uint8_t, 32> slot) noexcept
    {
        StateKey key = account(address);
        auto* const bytes = reinterpret_cast<std::uint8_t*>(key.words.data());
        std::memcpy(bytes + 20, slot.data(), slot.size());
        bytes[52] = slot_kind;
        return key;
    }

    // In registers: keys are compared several times for each access, and mostly equal.
    friend bool operator==(const StateKey& a, const StateKey& b) noexcept
    {
        std::uint64_t difference = 0;
        for (std::size_t i = 0; i < a.words.size(); ++i)
            difference |= a.words[i] ^ b.words[i];
        return difference == 0;
    }
};

/// The order of keys where one is needed: that of their bytes, the same on every machine.
[[nodiscard]] inline bool bytes_less(const StateKey& a, const StateKey& b) noexcept
{
    return std::memcmp(a.words.data(), b.words.data(), sizeof(a.words)) < 0;
}

/// Hash for tables in memory.
///
/// Units   seed: secret of this process; who knows it can choose keys that collide.
[[nodiscard]] inline std::uint64_t hash_of(const StateKey& key, std::uint64_t seed) noexcept
{
    // Multiplies pairs of words, each with a constant of its own, and folds the 128-bit products.
    constexpr std::array<std::uint64_t, 8> odd = {
        0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93,
        0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3, 0x589965cc75374cc3};
    std::uint64_t state = seed;
    for (std::size_t i = 0; i < 8; i += 2)
    {
        const std::uint64_t second = i + 1 < key.words.size() ? key.words[i + 1] : 56;
        __extension__ using Wide = unsigned __int128;
        const Wide product = static_cast<Wide>(key.words[i] ^ odd[i] ^ state) *
                             (second ^ odd[i + 1] ^ (seed << 32 | seed >> 32));
        state += static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    return state ^ state >> 32;
}

/// The same for containers of the standard library.
struct SeededHash
{
    std::uint64_t seed;
    [[nodiscard]] std::size_t operator()(const StateKey& key) const noexcept
    {
        return static_cast<std::size_t>(hash_of(key, seed));
    }
};
}  // namespace mote::fafo
