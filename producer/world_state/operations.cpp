#include "world_state/operations.hpp"

#include <algorithm>

namespace mote::world_state
{
StateKeyBytes key_of(const evm::Address& address, const evm::Word& slot) noexcept
{
    StateKeyBytes key;
    std::copy(address.bytes.begin(), address.bytes.end(), key.begin());
    evm::store_word(key.data() + state::address_bytes, slot);
    return key;
}

bool fields_of(Bytes value, evm::AccountFields& out) noexcept
{
    state::AccountValue account;
    if (!state::decode(value, account))
        return false;
    out.nonce = account.nonce;
    out.balance = evm::to_word(account.balance);
    out.code_hash = account.has_code ? account.code_hash : evm::empty_code_hash;
    return true;
}

Operations::Operations(const block::StateChanges& changes, CodeStore& codes)
{
    for (const block::NewCode& code : changes.codes)
        codes.add(code.hash, code.bytes);
    // Operations point into the items, so those must not move.
    items_.resize(changes.accounts.size() + changes.slots.size());
    operations_.reserve(items_.size());
    std::size_t next = 0;
    for (const block::AccountChange& change : changes.accounts)
    {
        Item& item = items_[next++];
        std::copy(change.address.bytes.begin(), change.address.bytes.end(), item.key.begin());
        const Bytes key = Bytes(item.key).first(state::address_bytes);
        std::size_t size = 0;
        if (change.exists)
        {
            state::AccountValue account;
            account.nonce = change.nonce;
            account.balance = evm::to_hash(change.balance);
            account.has_code = change.code_hash != evm::empty_code_hash;
            if (account.has_code)
            {
                const Code* const code = codes.find(change.code_hash);
                if (code == nullptr)
                    throw CodeStoreError("the code of an account is not there");
                account.code_hash = change.code_hash;
                account.code_root = code->root;
            }
            size = state::encode(account, item.value);
        }
        operations_.push_back({key, Bytes(item.value).first(size), size == 0});
    }
    for (const block::SlotChange& change : changes.slots)
    {
        Item& item = items_[next++];
        item.key = key_of(change.address, change.key);
        const evm::Hash word = evm::to_hash(change.value);
        const Bytes value = state::encode_slot(word);
        std::copy(value.begin(), value.end(), item.value.begin());
        operations_.push_back({item.key, Bytes(item.value).first(value.size()), value.empty()});
    }
}
}  // namespace mote::world_state
