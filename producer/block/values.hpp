// What the scheduler's versions are of: values of state keys, and payments as credits.
#pragma once

#include <mutex>
#include <vector>

#include "block/state_keys.hpp"
#include "evm/pool.hpp"
#include "evm/state_view.hpp"
#include "fafo/versions.hpp"

namespace mote::block
{
struct StatePolicy
{
    struct Value
    {
        evm::Word word;  ///< code hash of an identity; balance; word of a slot; gas
        std::uint64_t nonce = 0;

        [[nodiscard]] friend bool operator==(const Value&, const Value&) = default;
    };
    using Credit = evm::Word;
    static void apply(Value& value, const Credit& credit) noexcept { value.word += credit; }
};

/// The values before a block. Whoever reads nonce and code of an account soon reads its balance: what was read of
/// accounts stays at hand, in a table of fixed size in which one may take another's place.
class StateBase final : public fafo::Base<StatePolicy::Value>
{
  public:
    /// Units   seed: secret, against chosen collisions.
    explicit StateBase(std::uint64_t seed) : seed_(seed), places_(place_count) {}

    /// Starts over on another state.
    void set(evm::StateView& view)
    {
        view_ = &view;
        ++generation_;
    }

    /// Reads an account of the state before the block. Any thread.
    [[nodiscard]] bool account(const evm::Address& address, evm::AccountFields& out)
    {
        Place& place = places_[evm::hash_of(address, seed_) % place_count];
        {
            const std::lock_guard guard(place.lock);
            if (place.generation == generation_ && place.address == address)
            {
                out = place.fields;
                return true;
            }
        }
        out = {};
        if (view_->account(address, out) == evm::Found::unavailable)
            return false;
        const std::lock_guard guard(place.lock);
        place.generation = generation_;
        place.address = address;
        place.fields = out;
        return true;
    }

    [[nodiscard]] bool load(const fafo::StateKey& key, StatePolicy::Value& out) override
    {
        out = {};
        const evm::Address address = address_of(key);
        switch (kind_of(key))
        {
            case KeyKind::slot:
                return view_->slot(address, slot_of(key), out.word);
            case KeyKind::gas:
                return true;
            case KeyKind::identity:
            case KeyKind::balance:
                break;
        }
        evm::AccountFields fields;
        if (!account(address, fields))
            return false;
        if (kind_of(key) == KeyKind::balance)
            out.word = fields.balance;
        else
            out = {evm::to_word(fields.code_hash), fields.nonce};
        return true;
    }

  private:
    static constexpr std::size_t place_count = std::size_t{1} << 12;
    struct Place
    {
        fafo::SpinLock lock;
        std::uint64_t generation = 0;  ///< of the block it was read for
        evm::Address address;
        evm::AccountFields fields;
    };

    evm::StateView* view_ = nullptr;
    std::uint64_t seed_;
    std::uint64_t generation_ = 0;
    std::vector<Place> places_;
};
}  // namespace mote::block
