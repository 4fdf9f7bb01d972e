// Pool: a list that grows in an arena without moving its elements. IndexTable: hash table of positions.
//
// Both only grow until they are cleared; the arena's memory is given back as a whole. A pool doubles its
// pieces, a table its slots, so at most half of what they took is idle.
//
// Worked case: a pool of three elements has one piece of 64; element 64 starts a piece of 128.
#pragma once

#include <algorithm>
#include <bit>
#include <new>

#include "base/arena.hpp"
#include "base/assert.hpp"
#include "evm/types.hpp"

namespace mote::evm
{
template <class T>
class Pool
{
  public:
    static constexpr std::uint32_t first_piece = 64;

    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    [[nodiscard]] T& operator[](std::uint32_t i) noexcept
    {
        MOTE_ASSERT(i < size_);
        return *place(i);
    }
    [[nodiscard]] const T& operator[](std::uint32_t i) const noexcept
    {
        MOTE_ASSERT(i < size_);
        return *place(i);
    }

    /// Appends a copy; nullptr if the arena is full.
    [[nodiscard]] T* push(const T& value, Arena& arena) noexcept
    {
        const std::uint32_t piece = piece_of(size_);
        if (piece >= piece_count)
            return nullptr;
        if (pieces_[piece] == nullptr)
        {
            pieces_[piece] = arena.take<T>(std::size_t{first_piece} << piece);
            if (pieces_[piece] == nullptr)
                return nullptr;
        }
        T* const at = place(size_++);
        return ::new (static_cast<void*>(at)) T(value);
    }
    void truncate(std::uint32_t size) noexcept { size_ = size; }
    /// Forgets elements and pieces: their arena was given back.
    void forget() noexcept { *this = {}; }

  private:
    static constexpr std::uint32_t piece_count = 24;

    [[nodiscard]] static constexpr std::uint32_t piece_of(std::uint32_t i) noexcept
    {
        // The lowest bit changes nothing; with it static analysis sees that the width is not zero.
        return static_cast<std::uint32_t>(std::bit_width((i / first_piece + 1) | 1)) - 1;
    }
    [[nodiscard]] T* place(std::uint32_t i) const noexcept
    {
        const std::uint32_t piece = piece_of(i);
        return pieces_[piece] + (i - first_piece * ((1U << piece) - 1));
    }

    std::array<T*, piece_count> pieces_{};
    std::uint32_t size_ = 0;
};

/// Mixes 128 bits to 64. Source: one folded product, as in wyhash.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept
{
    const field::Product p = field::mul_wide(a, b);
    return p.lo ^ p.hi;
}

/// Hashes with a secret seed, so that nobody can choose keys that collide.
[[nodiscard]] inline std::uint64_t hash_of(const Address& a, std::uint64_t seed) noexcept
{
    const std::uint64_t x = load_le64(a.bytes.data()), y = load_le64(a.bytes.data() + 8);
    const std::uint64_t z = load_le32(a.bytes.data() + 16);
    return mix(mix(x ^ seed, y ^ 0x9e3779b97f4a7c15) ^ z, seed ^ 0xd6e8feb86659fd93);
}
[[nodiscard]] inline std::uint64_t hash_of(std::uint64_t account, const Word& key,
                                           std::uint64_t seed) noexcept
{
    const std::uint64_t x = mix(key.limb[0] ^ seed, key.limb[1] ^ 0x9e3779b97f4a7c15);
    const std::uint64_t y = mix(key.limb[2] ^ ~seed, key.limb[3] ^ 0xd6e8feb86659fd93);
    return mix(x ^ account, y ^ seed ^ 0xa0761d6478bd642f);
}

class IndexTable
{
  public:
    static constexpr std::uint32_t none = UINT32_MAX;

    /// The position whose element `equal` accepts, or none.
    template <class Equal>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, Equal equal) const noexcept
    {
        if (slots_ == nullptr)
            return none;
        for (std::uint64_t at = hash & mask_; slots_[at] != 0; at = (at + 1) & mask_)
            if (equal(slots_[at] - 1))
                return slots_[at] - 1;
        return none;
    }

    /// Adds a position that is not there yet; `rehash(position)` is the hash of any that is.
    template <class Rehash>
    [[nodiscard]] bool insert(std::uint64_t hash, std::uint32_t position, Arena& arena,
                              Rehash rehash) noexcept
    {
        if (slots_ == nullptr || 2 * (std::uint64_t{count_} + 1) > mask_ + 1)
        {
            const std::uint64_t slots = slots_ == nullptr ? 256 : 2 * (mask_ + 1);
            auto* const wider = arena.take<std::uint32_t>(static_cast<std::size_t>(slots));
            if (wider == nullptr)
                return false;
            std::fill_n(wider, static_cast<std::size_t>(slots), 0U);
            for (std::uint64_t i = 0; slots_ != nullptr && i <= mask_; ++i)
                if (slots_[i] != 0)
                    place(wider, slots - 1, rehash(slots_[i] - 1), slots_[i]);
            slots_ = wider;
            mask_ = slots - 1;
        }
        place(slots_, mask_, hash, position + 1);
        ++count_;
        return true;
    }
    void forget() noexcept { *this = {}; }

  private:
    static void place(std::uint32_t* slots, std::uint64_t mask, std::uint64_t hash,
                      std::uint32_t value) noexcept
    {
        std::uint64_t at = hash & mask;
        while (slots[at] != 0)
            at = (at + 1) & mask;
        slots[at] = value;
    }

    std::uint32_t* slots_ = nullptr;
    std::uint64_t mask_ = 0;
    std::uint32_t count_ = 0;
};
}  // namespace mote::evm
