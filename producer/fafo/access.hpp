// Access: what a transaction in execution sees of the state, and leaves there.
#pragma once

#include <algorithm>
#include <span>

#include "fafo/versions.hpp"

namespace mote::fafo
{
template <class Policy>
class Execution;

/// Each key is read at most once, and written or credited at most once.
template <class Policy>
class Access
{
  public:
    using Value = typename Policy::Value;
    using Credit = typename Policy::Credit;
    using Key = KeyState<Policy>;

    /// The value before this transaction. False if it cannot be said: execute() should return false.
    [[nodiscard]] bool read(const StateKey& key, Value& out)
    {
        Key& state = find(key);
        if (at_frontier_)
            return versions_.read_committed(state, out);
        if (!versions_.read(state, transaction_, out))
            return false;
        *memory_.reads.add(reads_) = {&state, out};
        return true;
    }
    void write(const StateKey& key, const Value& value)
    {
        Version<Policy>& version = add_write(key);
        version.is_credit = false;
        version.value = value;
    }
    void credit(const StateKey& key, const Credit& credit)
    {
        Version<Policy>& version = add_write(key);
        version.is_credit = true;
        version.credit = credit;
    }

  private:
    friend class Execution<Policy>;
    using Memory = typename Versions<Policy>::Memory;

    Access(Versions<Policy>& versions, Memory& memory, std::uint32_t transaction,
           std::span<Key* const> expected, bool at_frontier)
        : versions_(versions),
          memory_(memory),
          transaction_(transaction),
          at_frontier_(at_frontier),
          expected_(expected)
    {
    }

    // What was expected is at hand, mostly in the expected order; the table is for the rest.
    Key& find(const StateKey& key)
    {
        constexpr std::size_t looked_at_max = 8;
        if (next_ < expected_.size() && expected_[next_]->key == key)
            return *expected_[next_++];
        for (std::size_t i = 0; i < std::min(expected_.size(), looked_at_max); ++i)
            if (expected_[i]->key == key)
            {
                next_ = i + 1;
                return *expected_[i];
            }
        return versions_.key(key);
    }

    Version<Policy>& add_write(const StateKey& key)
    {
        Version<Policy>& version = *memory_.writes.add(writes_);
        version.key = &find(key);
        version.transaction = transaction_;
        return version;
    }

    Versions<Policy>& versions_;
    Memory& memory_;
    std::uint32_t transaction_;
    bool at_frontier_;
    std::span<Key* const> expected_;
    std::size_t next_ = 0;  // of the expected ones
    std::span<ReadRecord<Policy>> reads_;
    // Published when the transaction ends, as a list may move until then.
    std::span<Version<Policy>> writes_;
};
}  // namespace mote::fafo
