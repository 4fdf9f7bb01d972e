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
// nobody waits for the other; who reads sees the sum. Pending credits stand in no order, as a key may have
// thousands of them, made in another order than the block's.
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
#include <mutex>
#include <type_traits>
#include <vector>

#include "base/assert.hpp"
#include "fafo/key_table.hpp"
#include "fafo/records.hpp"

namespace mote::fafo
{
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

/// What one transaction does to one key. It stays where it is while it is published.
template <class Policy>
struct Version
{
    // The union has no value before someone gives it one.
    Version() noexcept {}  // NOLINT(modernize-use-equals-default)

    KeyState<Policy>* key = nullptr;
    Version *older = nullptr, *newer = nullptr;  // writes of the same key, or credits
    std::uint32_t transaction = no_transaction;
    bool is_credit = false;
    union
    {
        typename Policy::Value value;
        typename Policy::Credit credit;
    };
};

/// What a transaction read: to be compared when it is committed.
template <class Policy>
struct ReadRecord
{
    KeyState<Policy>* key;
    typename Policy::Value value;
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
    Versions(Base<Value>& base, std::uint64_t seed) : base_(base), table_(seed) {}

    /// Forgets all keys and keeps the memory, for the next block.
    void clear()
    {
        table_.clear();
        for (Memory& memory : memory_)
        {
            memory.reads.clear();
            memory.writes.clear();
        }
    }

    /// Asks for the memory that key_alone() looks at.
    [[nodiscard]] std::uint64_t prefetch(const StateKey& key) const { return table_.prefetch(key); }
    /// The state of a key, made if it is new. Any thread; the reference holds until clear().
    Key& key(const StateKey& key) { return table_.at(key, table_.hash(key), false); }
    /// The same when nobody else uses these versions.
    ///
    /// Shape   hash: as prefetch() gave it.
    Key& key_alone(const StateKey& key, std::uint64_t hash) { return table_.at(key, hash, true); }

    /// What transaction `reader` reads. Returns false if the base cannot say.
    [[nodiscard]] bool read(Key& key, std::uint32_t reader, Value& out)
    {
        const std::lock_guard guard(key.lock);
        if (!load(key))
            return false;
        const Version<Policy>* from = key.newest;
        while (from != nullptr && from->transaction >= reader)
            from = from->older;
        out = from != nullptr ? from->value : key.committed;
        // What was credited between that write and the reader.
        for (const Version<Policy>* at = key.credits; at != nullptr; at = at->older)
            if (at->transaction < reader &&
                (from == nullptr || at->transaction > from->transaction))
                Policy::apply(out, at->credit);
        return true;
    }

    /// Makes a write or credit visible to the transactions after it.
    void publish(Version<Policy>& version)
    {
        Key& key = *version.key;
        const std::lock_guard guard(key.lock);
        if (version.is_credit)
        {
            version.older = key.credits;
            version.newer = nullptr;
            if (key.credits != nullptr)
                key.credits->newer = &version;
            key.credits = &version;
            return;
        }
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
        if (before != nullptr)
            before->newer = &version;
        (after != nullptr ? after->older : key.newest) = &version;
    }

    /// Takes back what was published.
    void withdraw(Version<Policy>& version)
    {
        const std::lock_guard guard(version.key->lock);
        unlink(version);
    }

    /// Whether the transaction at the frontier read what it should have. Only for who commits: nobody else
    /// changes a committed value, and this one was loaded when it was read.
    [[nodiscard]] static bool is_valid(const Key& key, const Value& read)
    {
        return key.committed == read;
    }

    /// Commits what the transaction at the frontier published. Returns false if the base cannot say what
    /// a credit goes on top of.
    [[nodiscard]] bool commit(Version<Policy>& version)
    {
        Key& key = *version.key;
        const std::lock_guard guard(key.lock);
        MOTE_ASSERT(version.is_credit || version.older == nullptr);
        if (!fold(version))
            return false;
        unlink(version);
        return true;
    }

    /// What the transaction at the frontier reads, while nobody else may commit: nothing is pending before
    /// it, and what was loaded does not change. So it needs no lock, and is right for good.
    [[nodiscard]] bool read_committed(Key& key, Value& out)
    {
        if (!key.loaded.load(std::memory_order_acquire))
        {
            const std::lock_guard guard(key.lock);
            if (!load(key))
                return false;
        }
        out = key.committed;
        return true;
    }
    /// Commits what the transaction at the frontier did and did not publish.
    ///
    /// Shape   alone: nobody else reads.
    [[nodiscard]] bool commit_unpublished(const Version<Policy>& version, bool alone)
    {
        std::unique_lock guard(version.key->lock, std::defer_lock);
        if (!alone)
            guard.lock();
        return fold(version);
    }

    /// Calls take(key) for every key, when nobody executes: first those of the schedule in its order.
    template <class Take>
    void for_each(const Take& take)
    {
        table_.for_each(take);
    }

    /// Memory of a worker's records, which stays until clear().
    struct alignas(cache_line_bytes) Memory
    {
        Records<ReadRecord<Policy>> reads;
        Records<Version<Policy>> writes;
    };
    /// Makes room for so many workers, when nobody executes.
    void expect(unsigned workers)
    {
        if (memory_.size() < workers)
            memory_.resize(workers);
    }
    [[nodiscard]] Memory& memory(unsigned worker) { return memory_[worker]; }

  private:
    static void unlink(Version<Policy>& version)
    {
        Key& key = *version.key;
        Version<Policy>*& first = version.is_credit ? key.credits : key.newest;
        (version.newer != nullptr ? version.newer->older : first) = version.older;
        if (version.older != nullptr)
            version.older->newer = version.newer;
    }

    [[nodiscard]] bool fold(const Version<Policy>& version)
    {
        Key& key = *version.key;
        if (!version.is_credit)
        {
            key.committed = version.value;
            key.loaded.store(true, std::memory_order_release);
        }
        else if (load(key))
            Policy::apply(key.committed, version.credit);
        else
            return false;
        key.changed = true;
        return true;
    }

    [[nodiscard]] bool load(Key& key)
    {
        if (key.loaded.load(std::memory_order_relaxed))
            return true;
        if (!base_.load(key.key, key.committed))
            return false;
        key.loaded.store(true, std::memory_order_release);
        return true;
    }

    Base<Value>& base_;
    KeyTable<Policy> table_;
    std::vector<Memory> memory_;
};
}  // namespace mote::fafo
