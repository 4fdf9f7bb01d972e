#include "workload/table_state.hpp"

#include <algorithm>

#include "evm/pool.hpp"
#include "hash/keccak.hpp"

namespace mote::workload
{
// The input is the project's own, so the seeds need not be secret.
std::size_t TableState::Hasher::operator()(const evm::Address& address) const noexcept
{
    return static_cast<std::size_t>(evm::hash_of(address, 1));
}
std::size_t TableState::Hasher::operator()(const SlotName& slot) const noexcept
{
    return static_cast<std::size_t>(evm::hash_of(evm::hash_of(slot.first, 1), slot.second, 1));
}

block::StateChanges changes_of(const std::vector<GenesisAccount>& genesis)
{
    block::StateChanges out;
    for (const GenesisAccount& from : genesis)
    {
        block::AccountChange& to = out.accounts.emplace_back();
        to = {from.address, true, from.nonce, from.balance, evm::empty_code_hash};
        if (!from.code.empty())
        {
            to.code_hash = hash::keccak_256(from.code);
            out.codes.push_back({to.code_hash, from.code});
        }
        for (const SlotValue& slot : from.slots)
            out.slots.push_back({from.address, slot.key, slot.value});
    }
    // Accounts are sorted by address already.
    std::sort(out.slots.begin(), out.slots.end(),
              [](const block::SlotChange& a, const block::SlotChange& b)
              { return a.address == b.address ? a.key < b.key : a.address < b.address; });
    block::sort_codes(out);
    return out;
}

TableState::TableState(const std::vector<GenesisAccount>& genesis) { apply(changes_of(genesis)); }

void TableState::apply(const block::StateChanges& changes)
{
    hash::Keccak256 keccak;
    keccak.update(digest_);
    for (const block::AccountChange& change : changes.accounts)
    {
        const evm::Hash balance = evm::to_hash(change.balance),
                        nonce = evm::to_hash(evm::Word(change.nonce));
        keccak.update(change.address.bytes);
        keccak.update(balance);
        keccak.update(nonce);
        keccak.update(change.code_hash);
        keccak.update(std::array{static_cast<std::uint8_t>(change.exists ? 1 : 0)});
        if (change.exists)
            accounts_[change.address] = {change.balance, change.nonce, change.code_hash};
        else
            accounts_.erase(change.address);
    }
    for (const block::SlotChange& change : changes.slots)
    {
        keccak.update(change.address.bytes);
        keccak.update(evm::to_hash(change.key));
        keccak.update(evm::to_hash(change.value));
        const SlotName name{change.address, change.key};
        if (change.value.is_zero())
            slot_counts_[change.address] -= slots_.erase(name);
        else
            slot_counts_[change.address] +=
                slots_.insert_or_assign(name, change.value).second ? 1 : 0;
    }
    for (const block::NewCode& code : changes.codes)
    {
        keccak.update(code.hash);
        codes_.try_emplace(code.hash, code.bytes);
    }
    // So that no two lists run into each other.
    std::array<std::uint8_t, 24> counts{};
    store_le(counts.data(), std::uint64_t{changes.accounts.size()});
    store_le(counts.data() + 8, std::uint64_t{changes.slots.size()});
    store_le(counts.data() + 16, std::uint64_t{changes.codes.size()});
    keccak.update(counts);
    keccak.finish(digest_);
}

evm::Found TableState::account(const evm::Address& address, evm::AccountFields& out) noexcept
{
    const auto found = accounts_.find(address);
    if (found == accounts_.end())
        return evm::Found::absent;
    out = found->second;
    return evm::Found::present;
}
bool TableState::slot(const evm::Address& address, const evm::Word& key, evm::Word& out) noexcept
{
    const auto found = slots_.find({address, key});
    out = found == slots_.end() ? evm::Word{} : found->second;
    return true;
}
bool TableState::has_slots(const evm::Address& address, bool& out) noexcept
{
    const auto found = slot_counts_.find(address);
    out = found != slot_counts_.end() && found->second != 0;
    return true;
}
bool TableState::code(const evm::Address& /*address*/, const evm::Hash& code_hash,
                      Bytes& out) noexcept
{
    const auto found = codes_.find(code_hash);
    if (found == codes_.end())
        return false;
    out = found->second;
    return true;
}
bool TableState::block_hash(std::uint64_t /*number*/, evm::Hash& /*out*/) noexcept { return false; }
}  // namespace mote::workload
