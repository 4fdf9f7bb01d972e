// StateChanges: what a block did to the state, once for each account and slot that is not what it was.
//
// Worked case: a slot that was written and set back is not here; an account that ends without nonce, balance
// and code is, with exists false, unless it was not there before.
#pragma once

#include <vector>

#include "evm/journal.hpp"

namespace mote::block
{
struct AccountChange
{
    evm::Address address;
    bool exists = true;  ///< false: nothing is left of it
    std::uint64_t nonce = 0;
    evm::Word balance;
    evm::Hash code_hash = evm::empty_code_hash;

    [[nodiscard]] friend bool operator==(const AccountChange&, const AccountChange&) = default;
};

struct SlotChange
{
    evm::Address address;
    evm::Word key, value;  ///< zero: nothing is there

    [[nodiscard]] friend bool operator==(const SlotChange&, const SlotChange&) = default;
};

struct NewCode
{
    evm::Hash hash{};
    std::vector<std::uint8_t> bytes;

    [[nodiscard]] friend bool operator==(const NewCode&, const NewCode&) = default;
};

struct StateChanges
{
    std::vector<AccountChange> accounts;  ///< ascending by address
    std::vector<SlotChange> slots;        ///< ascending by address, then key
    std::vector<NewCode> codes;  ///< of changed accounts with another code; ascending by hash

    [[nodiscard]] friend bool operator==(const StateChanges&, const StateChanges&) = default;
};

/// Takes out what the journal's transactions changed since clear(), where it differs from the view.
///
/// Errors  false if the view could not answer.
/// Cost    one more read of each changed account.
[[nodiscard]] bool take_changes(evm::Journal& journal, StateChanges& out);

/// Sorts codes and removes those that are there twice.
void sort_codes(StateChanges& changes);
}  // namespace mote::block
