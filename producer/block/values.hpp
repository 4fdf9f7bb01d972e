// What the scheduler's versions are of: values of state keys, and payments as credits.
#pragma once

#include "block/state_keys.hpp"
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

/// The values before a block.
class StateBase final : public fafo::Base<StatePolicy::Value>
{
  public:
    void set(evm::StateView& view) { view_ = &view; }
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
        if (view_->account(address, fields) == evm::Found::unavailable)
            return false;
        if (kind_of(key) == KeyKind::balance)
            out.word = fields.balance;
        else
            out = {evm::to_word(fields.code_hash), fields.nonce};
        return true;
    }

  private:
    evm::StateView* view_ = nullptr;
};
}  // namespace mote::block
