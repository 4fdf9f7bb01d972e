#include "map_state.hpp"

#include <string>

#include "hash/keccak.hpp"
#include "trie.hpp"

namespace mote::evm_tool
{
evm::Found MapState::account(const evm::Address& address, evm::AccountFields& out) noexcept
{
    const auto found = accounts.find(address);
    if (found == accounts.end())
        return evm::Found::absent;
    out = {found->second.balance, found->second.nonce, found->second.code_hash};
    return evm::Found::present;
}

bool MapState::slot(const evm::Address& address, const evm::Word& key, evm::Word& out) noexcept
{
    out = {};
    const auto found = accounts.find(address);
    if (found == accounts.end())
        return true;
    const auto slot = found->second.slots.find(key);
    if (slot != found->second.slots.end())
        out = slot->second;
    return true;
}

bool MapState::has_slots(const evm::Address& address, bool& out) noexcept
{
    const auto found = accounts.find(address);
    out = found != accounts.end() && !found->second.slots.empty();
    return true;
}

bool MapState::code(const evm::Address& address, const evm::Hash& code_hash, Bytes& out) noexcept
{
    const auto found = accounts.find(address);
    if (found == accounts.end() || found->second.code_hash != code_hash)
        return false;
    out = found->second.code;
    return true;
}

bool MapState::block_hash(std::uint64_t number, evm::Hash& out) noexcept
{
    const std::string text = std::to_string(number);
    out = hash::keccak_256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    return true;
}

void MapState::set_code(MapAccount& account, std::vector<std::uint8_t> code)
{
    account.code_hash = hash::keccak_256(code);
    account.code = std::move(code);
}

void MapState::apply(const evm::Journal& journal)
{
    for (std::uint32_t i = 0; i < journal.accounts().size(); ++i)
    {
        const evm::Account& from = journal.accounts()[i];
        if (!from.exists)
        {
            accounts.erase(from.address);
            continue;
        }
        MapAccount& to = accounts[from.address];
        to.nonce = from.nonce;
        to.balance = from.balance;
        if (to.code_hash != from.code_hash)
        {
            to.code.assign(from.code.begin(), from.code.end());
            to.code_hash = from.code_hash;
        }
        if (from.storage_number != 0)
            to.slots.clear();
    }
    for (std::uint32_t i = 0; i < journal.slots().size(); ++i)
    {
        const evm::Slot& slot = journal.slots()[i];
        const evm::Account& owner = journal.accounts()[slot.account];
        if (!slot.changed || !owner.exists || slot.storage_number != owner.storage_number)
            continue;
        MapAccount& to = accounts[owner.address];
        if (slot.value.is_zero())
            to.slots.erase(slot.key);
        else
            to.slots[slot.key] = slot.value;
    }
}

evm::Hash MapState::root() const
{
    std::vector<TrieEntry> entries;
    for (const auto& [address, account] : accounts)
    {
        std::vector<TrieEntry> slots;
        for (const auto& [key, value] : account.slots)
            slots.push_back({hash::keccak_256(evm::to_hash(key)), rlp_integer(value)});
        entries.push_back(
            {hash::keccak_256(address.bytes),
             rlp_list({rlp_integer(account.nonce), rlp_integer(account.balance),
                       rlp_string(trie_root(slots)), rlp_string(account.code_hash)})});
    }
    return trie_root(entries);
}
}  // namespace mote::evm_tool
