// A random block, and the state before it in a state store.
#pragma once

#include "block/parallel.hpp"
#include "producer/block/block_support.hpp"
#include "producer/qmdb/qmdb_support.hpp"
#include "world_state/qmdb_state.hpp"

namespace mote::test
{
/// Everything in a state in memory, as changes of an empty one.
inline block::StateChanges everything(const MapState& state)
{
    block::StateChanges out;
    for (const auto& [address, account] : state.accounts)
    {
        const bool exists =
            account.nonce != 0 || !account.balance.is_zero() || !account.code.empty();
        if (!exists)
            continue;
        out.accounts.push_back({address, true, account.nonce, account.balance, account.code_hash});
        for (const auto& [key, value] : account.slots)
            out.slots.push_back({address, key, value});
        if (!account.code.empty())
            out.codes.push_back({account.code_hash, account.code});
    }
    block::sort_codes(out);
    return out;
}

inline void apply(MapState& state, const block::StateChanges& changes)
{
    for (const block::AccountChange& change : changes.accounts)
    {
        if (!change.exists)
        {
            state.accounts.erase(change.address);
            continue;
        }
        evm_tool::MapAccount& account = state.accounts[change.address];
        account.nonce = change.nonce;
        account.balance = change.balance;
        account.code_hash = change.code_hash;
        account.code.clear();
    }
    for (const block::SlotChange& change : changes.slots)
        if (change.value.is_zero())
            state.accounts[change.address].slots.erase(change.key);
        else
            state.accounts[change.address].slots[change.key] = change.value;
}

/// Reads of both, for addresses and small slots.
inline bool is_same(evm::StateView& a, evm::StateView& b, std::span<const Address> addresses)
{
    for (const Address& address : addresses)
    {
        evm::AccountFields x, y;
        if (a.account(address, x) != b.account(address, y) || x.nonce != y.nonce ||
            !(x.balance == y.balance) || x.code_hash != y.code_hash)
            return false;
        for (std::uint64_t key = 0; key < 10; ++key)
        {
            Word v, w;
            if (!a.slot(address, Word(key), v) || !b.slot(address, Word(key), w) || !(v == w))
                return false;
        }
    }
    return true;
}

/// A state store in memory with the state before a block, and the hash of the block before.
struct Ledger
{
    qmdb::MemoryDisk disk;
    std::optional<qmdb::Store> store;
    world_state::CodeStore codes{":memory:"};
    std::optional<world_state::QmdbState> state;
    state::Digest root;

    explicit Ledger(RandomBlock& block, unsigned workers = 1)
    {
        qmdb_test::create(disk);
        open(workers);
        evm::Hash hash;
        static_cast<void>(block.state.block_hash(block.header.number - 1, hash));
        root = state->apply(block.header.number - 1, everything(block.state), hash);
        state->finalize();
    }
    void open(unsigned workers)
    {
        state.reset();
        store.reset();
        store.emplace(disk, qmdb_test::with_workers(workers));
        state.emplace(*store, codes);
    }
};
}  // namespace mote::test
