// Versions: the values of every key that a block touches, by transaction.
//
//   committed   after all transactions before the frontier, in block order
//   pending     what transactions beyond the frontier wrote; each reader sees those before it
//
// A read of transaction i is the committed value with every pending write and credit of transactions
// before i on top, in their order. When i itself is committed nothing before it is pending, so the right
// value of a key is the committed one: a read is valid if it was that. Comparing values instead of
// versions lets a transaction stand whose reads were written again with what they were.
//
// A credit adds to a value without reading it, as fees and plain payments do. Two of them commute, so
// nobody waits for the other; who reads sees the sum.
//
// Policy has the types and the two operations:
//
//   struct Policy
//   {
//       using Value = ...;                                      // equality-comparable
//       using Credit = ...;
//       static void apply(Value&, const Credit&) noexcept;
//   };
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include "base/assert.hpp"
#include "fafo/spin_lock.hpp"
#include "fafo/state_key.hpp"

namespace mote::fafo
{
inline constexpr std::uint32_t no_transaction = ~std::uint32_t{0};

/// Where values come from that no transaction of the block wrote.
template <class Value>
class Base
{
  public:
    virtual ~Base() = default;
    /// Reads a value; several threads at once, different keys. Returns false if it cannot be said, which
    /// ends the execution of the block.
    [[nodiscard]] virtual bool load(const StateKey& key, Value& out) = 0;
};

template <class Policy>
struct KeyState;

/// What one transaction does to one key. It stays where it is while it is published.
template <class Policy>
struct Version
{
    // The union has no value before someone gives it one.
    Version() noexcept {}  // NOLINT(modernize-use-equals-default)

    KeyState<Policy>* key = nullptr;
    Version *older = nullptr, *newer = nullptr;  // of the same key
    std::uint32_t transaction = no_transaction;
    bool is_credit = false;
    union
    {
        typename Policy::Value value;
        typename Policy::Credit credit;
    };
};

template <class Policy>
struct KeyState
{
    StateKey key;
    typename Policy::Value committed;
    SpinLock lock;
    bool loaded = false, changed = false;
    Version<Policy>*newest = nullptr, *oldest = nullptr;  // pending

    // Of the dependency graph, while it is built: readers wait for the last writer and for who
    // credited since, or who vouches for them.
    std::uint32_t last_writer = no_transaction;
    std::uint32_t creditors = no_transaction, creditor_count = 0;
};

template <class Policy>
class Versions
{
  public:
    using Value = typename Policy::Value;
    using Credit = typename Policy::Credit;
    using Key = KeyState<Policy>;
    static_assert(std::is_trivially_copyable_v<Value> && std::is_trivially_copyable_v<Credit>);

    /// Units   seed: secret, see hash_of.
    Versions(Base<Value>& base, std::uint64_t seed)
        : base_(base), seed_(seed), stripes_(stripe_count)
    {
    }

    /// Forgets all keys and keeps the memory, for the next block.
    void clear()
    {
        for (Stripe& stripe : stripes_)
        {
            std::fill(stripe.table.begin(), stripe.table.end(), Place{});
            stripe.count = 0;
        }
    }

    /// Asks for the memory that key() looks at.
    [[nodiscard]] std::uint64_t prefetch(const StateKey& key)
    {
        const std::uint64_t hash = hash_of(key, seed_);
        const Stripe& stripe = stripes_[hash % stripe_count];
        if (!stripe.table.empty())
            __builtin_prefetch(&stripe.table[place_of(hash, stripe.table.size())]);
        return hash;
    }

    /// The state of a key, made if it is new. Any thread; the reference holds until clear().
    Key& key(const StateKey& key) { return this->key(key, hash_of(key, seed_)); }
    /// Shape   hash: as prefetch() gave it.
    Key& key(const StateKey& key, std::uint64_t hash)
    {
        Stripe& stripe = stripes_[hash % stripe_count];
        const std::lock_guard guard(stripe.lock);
        if (4 * (stripe.count + std::size_t{1}) > 3 * stripe.table.size())
            grow(stripe);
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        for (std::size_t at = place_of(hash, stripe.table.size());;
             at = (at + 1) & (stripe.table.size() - 1))
        {
            Place& place = stripe.table[at];
            if (place.number == 0)
            {
                place = {tag, ++stripe.count};
                return make(stripe, key);
            }
            if (place.tag == tag && key_at(stripe, place.number - 1).key == key)
                return key_at(stripe, place.number - 1);
        }
    }

    /// What transaction `reader` reads. Returns false if the base cannot say.
    [[nodiscard]] bool read(Key& key, std::uint32_t reader, Value& out)
    {
        const std::lock_guard guard(key.lock);
        if (!load(key))
            return false;
        const Version<Policy>* from = key.newest;
        while (from != nullptr && from->transaction >= reader)
            from = from->older;
        // Down to the value that credits go on top of.
        const Version<Policy>* at = from;
        while (at != nullptr && at->is_credit)
            at = at->older;
        out = at != nullptr ? at->value : key.committed;
        if (at == from)
            return true;
        for (at = at != nullptr ? at->newer : key.oldest;; at = at->newer)
        {
            Policy::apply(out, at->credit);
            if (at == from)
                return true;
        }
    }

    /// Makes a write or credit visible to the transactions after it.
    void publish(Version<Policy>& version)
    {
        Key& key = *version.key;
        const std::lock_guard guard(key.lock);
        Version<Policy>* after = nullptr;  // the one that becomes newer than this
        Version<Policy>* before = key.newest;
        while (before != nullptr && before->transaction > version.transaction)
        {
            after = before;
            before = before->older;
        }
        MOTE_ASSERT(before == nullptr || before->transaction < version.transaction);
        version.older = before;
        version.newer = after;
        (before != nullptr ? before->newer : key.oldest) = &version;
        (after != nullptr ? after->older : key.newest) = &version;
    }

    /// Takes back what was published.
    void withdraw(Version<Policy>& version)
    {
        const std::lock_guard guard(version.key->lock);
        unlink(version);
    }

    /// Whether the transaction at the frontier read what it should have.
    [[nodiscard]] bool is_valid(Key& key, const Value& read)
    {
        const std::lock_guard guard(key.lock);
        return key.committed == read;
    }

    /// Commits what the transaction at the frontier published. Returns false if the base cannot say what
    /// a credit goes on top of.
    [[nodiscard]] bool commit(Version<Policy>& version)
    {
        Key& key = *version.key;
        const std::lock_guard guard(key.lock);
        MOTE_ASSERT(key.oldest == &version);
        if (!version.is_credit)
        {
            key.committed = version.value;
            key.loaded = true;
        }
        else if (load(key))
            Policy::apply(key.committed, version.credit);
        else
            return false;
        key.changed = true;
        unlink(version);
        return true;
    }

    /// Calls take(key) for every key, when nobody executes.
    template <class Take>
    void for_each(const Take& take)
    {
        for (Stripe& stripe : stripes_)
            for (std::uint32_t i = 0; i < stripe.count; ++i)
                take(key_at(stripe, i));
    }

  private:
    static constexpr std::size_t stripe_count = 64;
    static constexpr std::uint32_t keys_in_piece = 256;

    // The upper half of the hash, and 1 + the number of the key; 0: nothing is here.
    struct Place
    {
        std::uint32_t tag = 0, number = 0;
    };
    struct alignas(64) Stripe
    {
        SpinLock lock;
        std::uint32_t count = 0;
        std::vector<Place> table;
        std::vector<std::unique_ptr<Key[]>> pieces;  // keys do not move
    };

    static std::size_t place_of(std::uint64_t hash, std::size_t size)
    {
        return static_cast<std::size_t>(hash / stripe_count) & (size - 1);
    }
    static Key& key_at(Stripe& stripe, std::uint32_t number)
    {
        return stripe.pieces[number / keys_in_piece][number % keys_in_piece];
    }
    static Key& make(Stripe& stripe, const StateKey& key)
    {
        const std::uint32_t number = stripe.count - 1;
        if (number / keys_in_piece == stripe.pieces.size())
            stripe.pieces.push_back(std::make_unique<Key[]>(keys_in_piece));
        Key& state = key_at(stripe, number);
        state.key = key;
        state.loaded = state.changed = false;
        state.newest = state.oldest = nullptr;
        state.last_writer = state.creditors = no_transaction;
        state.creditor_count = 0;
        return state;
    }

    void grow(Stripe& stripe)
    {
        std::vector<Place> table(stripe.table.empty() ? 16 : 2 * stripe.table.size());
        for (std::uint32_t i = 0; i < stripe.count; ++i)
        {
            const std::uint64_t hash = hash_of(key_at(stripe, i).key, seed_);
            std::size_t at = place_of(hash, table.size());
            while (table[at].number != 0)
                at = (at + 1) & (table.size() - 1);
            table[at] = {static_cast<std::uint32_t>(hash >> 32), i + 1};
        }
        stripe.table = std::move(table);
    }

    static void unlink(Version<Policy>& version)
    {
        Key& key = *version.key;
        (version.older != nullptr ? version.older->newer : key.oldest) = version.newer;
        (version.newer != nullptr ? version.newer->older : key.newest) = version.older;
    }

    [[nodiscard]] bool load(Key& key)
    {
        if (!key.loaded)
            key.loaded = base_.load(key.key, key.committed);
        return key.loaded;
    }

    Base<Value>& base_;
    std::uint64_t seed_;
    std::vector<Stripe> stripes_;
};
}  // namespace mote::fafo
