// Operations: a block's changes of the EVM's state as changes of the state store's keys.
//
// Worked case: an account that a block emptied is `del ADDRESS`; a slot set to 256 is
// `put ADDRESS SLOT 0100`.
#pragma once

#include <deque>
#include <span>
#include <vector>

#include "block/state_changes.hpp"
#include "state/account_value.hpp"
#include "state/block_rules.hpp"
#include "world_state/code_store.hpp"

namespace mote::world_state
{
using StateKeyBytes = std::array<std::uint8_t, state::slot_key_bytes>;

[[nodiscard]] inline Bytes key_of(const evm::Address& address) noexcept { return address.bytes; }
[[nodiscard]] StateKeyBytes key_of(const evm::Address& address, const evm::Word& slot) noexcept;

/// Fields of an account from its value in the store; false if the value is none.
[[nodiscard]] bool fields_of(Bytes value, evm::AccountFields& out) noexcept;

/// A batch and the bytes that it points to.
class Operations
{
  public:
    /// Shape   codes: has the code of every changed account that has one, new ones added.
    /// Errors  throws CodeStoreError.
    Operations(const block::StateChanges& changes, CodeStore& codes);
    Operations(const Operations&) = delete;

    [[nodiscard]] std::span<const state::Operation> get() const { return operations_; }

  private:
    struct Item
    {
        StateKeyBytes key;
        std::array<std::uint8_t, state::account_value_max> value;
    };
    std::vector<Item> items_;
    std::vector<state::Operation> operations_;
};
}  // namespace mote::world_state
