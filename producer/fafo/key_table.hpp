// KeyTable: every key that a block touches, and what is known of it.
//
// Open addressing in 64 parts, each with a lock of its own. Keys do not move; their numbers count up in the
// order in which they are made, which is how memory is read again when the block is executed.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <type_traits>
#include <vector>

#include "fafo/spin_lock.hpp"
#include "fafo/state_key.hpp"

namespace mote::fafo
{
inline constexpr std::uint32_t no_transaction = ~std::uint32_t{0};
inline constexpr std::size_t cache_line_bytes = 64;

template <class Policy>
struct Version;

/// One line that execution only reads, and what it writes behind that.
template <class Policy>
struct alignas(cache_line_bytes) KeyState
{
    StateKey key;
    // Of the dependency graph, while it is built: readers wait for the last writer and for who
    // credited since, or who vouches for them.
    std::uint32_t last_writer = no_transaction;
    std::uint32_t creditors = no_transaction;

    alignas(cache_line_bytes) SpinLock lock;
    std::atomic<bool> loaded = false;
    bool changed = false;
    // Pending: writes in the block's order, and credits in none.
    Version<Policy>*newest = nullptr, *credits = nullptr;
    typename Policy::Value committed;
};

template <class Policy>
class KeyTable
{
  public:
    using Key = KeyState<Policy>;
    static_assert(std::is_trivially_destructible_v<Key>);

    /// Units   seed: secret, see hash_of.
    explicit KeyTable(std::uint64_t seed) : seed_(seed), stripes_(stripe_count) {}

    /// Forgets all keys and keeps the memory.
    void clear()
    {
        for (Stripe& stripe : stripes_)
        {
            if (stripe.count != 0)
                std::fill(stripe.table.begin(), stripe.table.end(), Place{});
            stripe.count = 0;
        }
        count_ = 0;
    }

    /// Asks for the memory that at() looks at, and returns the hash for it.
    [[nodiscard]] std::uint64_t prefetch(const StateKey& key) const
    {
        const std::uint64_t hash = hash_of(key, seed_);
        const Stripe& stripe = stripes_[hash % stripe_count];
        if (!stripe.table.empty())
            __builtin_prefetch(&stripe.table[place_of(hash, stripe.table.size())]);
        return hash;
    }
    [[nodiscard]] std::uint64_t hash(const StateKey& key) const { return hash_of(key, seed_); }

    /// The state of a key, made if it is new.
    ///
    /// Shape   alone: nobody else uses the table meanwhile; else any number of threads may.
    Key& at(const StateKey& key, std::uint64_t hash, bool alone)
    {
        Stripe& stripe = stripes_[hash % stripe_count];
        std::unique_lock guard(stripe.lock, std::defer_lock);
        if (!alone)
            guard.lock();
        if (4 * (stripe.count + std::size_t{1}) > 3 * stripe.table.size())
            grow(stripe);
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        for (std::size_t at = place_of(hash, stripe.table.size());;
             at = (at + 1) & (stripe.table.size() - 1))
        {
            Place& place = stripe.table[at];
            if (place.number == 0)
            {
                ++stripe.count;
                const std::uint32_t made = make(key, alone);
                place = {tag, made + 1};
                return number(made);
            }
            if (place.tag == tag && number(place.number - 1).key == key)
                return number(place.number - 1);
        }
    }

    /// Calls take(key) for every key in the order they were made, when nobody else uses the table.
    template <class Take>
    void for_each(const Take& take)
    {
        for (std::uint32_t i = 0; i < count_; ++i)
            take(number(i));
    }

  private:
    static constexpr std::size_t stripe_count = 64;
    // Piece p holds 2^(10 + p) keys.
    static constexpr unsigned first_piece_bits = 10;
    static constexpr unsigned piece_count_max = 33 - first_piece_bits;

    // The upper half of the hash, and 1 + the number of the key; 0: nothing is here.
    struct Place
    {
        std::uint32_t tag = 0, number = 0;
    };
    struct alignas(cache_line_bytes) Stripe
    {
        SpinLock lock;
        std::uint32_t count = 0;
        std::vector<Place> table;
    };
    struct Free
    {
        std::size_t size = 0;
        void operator()(Key* keys) const noexcept { std::allocator<Key>().deallocate(keys, size); }
    };

    static std::size_t place_of(std::uint64_t hash, std::size_t size)
    {
        return static_cast<std::size_t>(hash / stripe_count) & (size - 1);
    }
    static unsigned piece_of(std::uint64_t shifted)
    {
        return static_cast<unsigned>(std::bit_width(shifted)) - 1 - first_piece_bits;
    }
    // Whoever found the number took a lock that the maker of the piece had before.
    Key& number(std::uint32_t number) const
    {
        const std::uint64_t shifted = number + (std::uint64_t{1} << first_piece_bits);
        const unsigned piece = piece_of(shifted);
        return pieces_[piece].get()[shifted - (std::uint64_t{1} << (piece + first_piece_bits))];
    }

    std::uint32_t make(const StateKey& key, bool alone)
    {
        std::unique_lock guard(make_lock_, std::defer_lock);
        if (!alone)
            guard.lock();
        const std::uint32_t made = count_;
        const std::uint64_t shifted = made + (std::uint64_t{1} << first_piece_bits);
        const unsigned piece = piece_of(shifted);
        if (pieces_[piece] == nullptr)
        {
            const std::size_t size = std::size_t{1} << (piece + first_piece_bits);
            pieces_[piece] = {std::allocator<Key>().allocate(size), Free{size}};
        }
        // Its value stays what it was until it is loaded or written.
        (::new (&number(made)) Key)->key = key;
        ++count_;
        return made;
    }

    void grow(Stripe& stripe)
    {
        std::vector<Place> table(stripe.table.empty() ? 16 : 2 * stripe.table.size());
        for (const Place& place : stripe.table)
            if (place.number != 0)
            {
                std::size_t at =
                    place_of(hash_of(number(place.number - 1).key, seed_), table.size());
                while (table[at].number != 0)
                    at = (at + 1) & (table.size() - 1);
                table[at] = place;
            }
        stripe.table = std::move(table);
    }

    std::uint64_t seed_;
    std::vector<Stripe> stripes_;
    SpinLock make_lock_;
    std::uint32_t count_ = 0;
    std::array<std::unique_ptr<Key, Free>, piece_count_max> pieces_;
};
}  // namespace mote::fafo
