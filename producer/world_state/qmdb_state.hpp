// QmdbState: the EVM's state in the state store; one root for each block.
//
//   qmdb::Store store(disk);
//   CodeStore codes(folder + "/codes.sqlite");
//   QmdbState state(store, codes);
//   executor.execute(header, transactions, ..., state, threads, result);
//   Digest root = state.apply(header.number, result.changes, hash_of_header);  // known, safe nowhere
//   state.finalize();                                                         // safe
//
// While a block is executed any number of threads may read. Threads wait for each other only at the same
// sixteenth of the state. Nobody reads while a block is applied or taken back.
//
// Source  [QMDB-FORMAT] section 8.
#pragma once

#include <array>
#include <mutex>
#include <string>

#include "evm/state_view.hpp"
#include "qmdb/store.hpp"
#include "world_state/operations.hpp"

namespace mote::world_state
{
class QmdbState final : public evm::StateView
{
  public:
    /// Shape   store: nothing pending, and nobody else changes it; codes: those of this store.
    QmdbState(qmdb::Store& store, CodeStore& codes) : store_(store), codes_(codes) {}

    // Cost of each: a lookup in memory, and a read of the disk for what was not written lately.
    [[nodiscard]] evm::Found account(const evm::Address& address,
                                     evm::AccountFields& out) noexcept override;
    [[nodiscard]] bool slot(const evm::Address& address, const evm::Word& key,
                            evm::Word& out) noexcept override;
    [[nodiscard]] bool has_slots(const evm::Address& address, bool& out) noexcept override;
    [[nodiscard]] bool code(const evm::Address& address, const evm::Hash& code_hash,
                            Bytes& out) noexcept override;
    [[nodiscard]] bool block_hash(std::uint64_t number, evm::Hash& out) noexcept override;

    /// What the last answer `unavailable` was about: a disk that failed, a damaged file.
    [[nodiscard]] std::string failure();

    /// Applies a block's changes on top of the newest block; returns the state root.
    ///
    /// Shape   number: above the newest block's. hash: of its header, for BLOCKHASH.
    /// Errors  throws as qmdb::Store::apply, and CodeStoreError.
    state::Digest apply(std::uint64_t number, const block::StateChanges& changes,
                        const evm::Hash& hash);
    /// Takes back the newest block that is not final. Throws qmdb::NotHere.
    void undo() { store_.undo(); }
    /// Makes all blocks safe. Throws as qmdb::Store::finalize, and CodeStoreError: nothing is final then.
    void finalize();

    [[nodiscard]] state::Digest root() const { return store_.head().root; }
    [[nodiscard]] std::uint64_t number() const { return store_.head().height; }

  private:
    /// Calls take(value) with the key's value, or an empty one if it is absent; false if it cannot be said.
    template <class Take>
    [[nodiscard]] bool read(Bytes key, Take take) noexcept;
    void set_failure(const char* what) noexcept;

    qmdb::Store& store_;
    CodeStore& codes_;
    std::array<std::mutex, state::shard_count> locks_;
    std::mutex failure_lock_;
    std::string failure_;
};
}  // namespace mote::world_state
