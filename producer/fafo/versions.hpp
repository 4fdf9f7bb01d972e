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

#include <cstddef>
#include <cstdint>
#include <deque>
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
struct KeyState
{
    using Value = typename Policy::Value;
    using Credit = typename Policy::Credit;

    struct Version
    {
        std::uint32_t transaction;
        bool is_credit;
        union
        {
            Value value;
            Credit credit;
        };
        Version(std::uint32_t by, const Value& v) : transaction(by), is_credit(false), value(v) {}
        Version(std::uint32_t by, const Credit& c) : transaction(by), is_credit(true), credit(c) {}
    };

    explicit KeyState(const StateKey& k) : key(k) {}

    StateKey key;
    SpinLock lock;
    bool loaded = false, changed = false;
    Value committed{};
    // Ascending by transaction, from `first` on.
    std::vector<Version> pending;
    std::size_t first = 0;

    // Of the dependency graph, while it is built: readers wait for the last writer and for who
    // credited since, or who vouches for them.
    std::uint32_t last_writer = no_transaction;
    std::vector<std::uint32_t> creditors;
};

template <class Policy>
class Versions
{
  public:
    using Value = typename Policy::Value;
    using Credit = typename Policy::Credit;
    using Key = KeyState<Policy>;
    using Version = typename Key::Version;
    static_assert(std::is_trivially_copyable_v<Value> && std::is_trivially_copyable_v<Credit>);

    /// Units   seed: secret, see hash_of.
    Versions(Base<Value>& base, std::uint64_t seed)
        : base_(base), seed_(seed), stripes_(stripe_count)
    {
    }

    /// The state of a key, made if it is new. Any thread; the reference holds as long as this.
    Key& key(const StateKey& key)
    {
        const std::uint64_t hash = hash_of(key, seed_);
        Stripe& stripe = stripes_[hash % stripe_count];
        const std::lock_guard guard(stripe.lock);
        if (4 * (stripe.keys.size() + 1) > 3 * stripe.table.size())
            grow(stripe);
        const std::size_t mask = stripe.table.size() - 1;
        for (std::size_t at = static_cast<std::size_t>(hash / stripe_count) & mask;;
             at = (at + 1) & mask)
        {
            if (stripe.table[at] == nullptr)
                return *(stripe.table[at] = &stripe.keys.emplace_back(key));
            if (stripe.table[at]->key == key)
                return *stripe.table[at];
        }
    }

    /// What transaction `reader` reads. Returns false if the base cannot say.
    [[nodiscard]] bool read(Key& key, std::uint32_t reader, Value& out)
    {
        const std::lock_guard guard(key.lock);
        if (!load(key))
            return false;
        std::size_t end = key.pending.size();
        while (end > key.first && key.pending[end - 1].transaction >= reader)
            --end;
        std::size_t begin = end;
        out = key.committed;
        while (begin > key.first)
            if (!key.pending[--begin].is_credit)
            {
                out = key.pending[begin++].value;
                break;
            }
        for (; begin < end; ++begin)
            Policy::apply(out, key.pending[begin].credit);
        return true;
    }

    /// Makes a write or credit of a transaction visible to those after it.
    template <class What>
    void publish(Key& key, std::uint32_t writer, const What& what)
    {
        const std::lock_guard guard(key.lock);
        auto at = key.pending.end();
        while (at != key.pending.begin() + static_cast<std::ptrdiff_t>(key.first) &&
               (at - 1)->transaction > writer)
            --at;
        MOTE_ASSERT(at == key.pending.begin() + static_cast<std::ptrdiff_t>(key.first) ||
                    (at - 1)->transaction < writer);
        key.pending.insert(at, Version(writer, what));
    }

    /// Takes back what a transaction published.
    void withdraw(Key& key, std::uint32_t writer)
    {
        const std::lock_guard guard(key.lock);
        for (std::size_t i = key.first; i < key.pending.size(); ++i)
            if (key.pending[i].transaction == writer)
            {
                key.pending.erase(key.pending.begin() + static_cast<std::ptrdiff_t>(i));
                return;
            }
        MOTE_ASSERT(false);
    }

    /// Whether the transaction at the frontier read what it should have.
    [[nodiscard]] bool is_valid(Key& key, const Value& read)
    {
        const std::lock_guard guard(key.lock);
        return key.committed == read;
    }

    /// Commits what the transaction at the frontier published. Returns false if the base cannot say what
    /// a credit goes on top of.
    [[nodiscard]] bool commit(Key& key, std::uint32_t writer)
    {
        const std::lock_guard guard(key.lock);
        MOTE_ASSERT(key.first < key.pending.size() && key.pending[key.first].transaction == writer);
        const Version& version = key.pending[key.first];
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
        // Erasing from the front is put off until half of it is gone.
        if (++key.first == key.pending.size() || 2 * key.first > key.pending.size())
        {
            key.pending.erase(key.pending.begin(),
                              key.pending.begin() + static_cast<std::ptrdiff_t>(key.first));
            key.first = 0;
        }
        return true;
    }

    /// Calls take(key) for every key, when nobody executes.
    template <class Take>
    void for_each(const Take& take)
    {
        for (Stripe& stripe : stripes_)
            for (Key& key : stripe.keys)
                take(key);
    }

  private:
    static constexpr std::size_t stripe_count = 64;

    struct alignas(64) Stripe
    {
        SpinLock lock;
        std::vector<Key*> table;
        std::deque<Key> keys;  // do not move
    };

    void grow(Stripe& stripe)
    {
        std::vector<Key*> table(stripe.table.empty() ? 16 : 2 * stripe.table.size());
        const std::size_t mask = table.size() - 1;
        for (Key& key : stripe.keys)
        {
            auto at = static_cast<std::size_t>(hash_of(key.key, seed_) / stripe_count) & mask;
            while (table[at] != nullptr)
                at = (at + 1) & mask;
            table[at] = &key;
        }
        stripe.table = std::move(table);
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
