// Witnesses of blocks: what somebody without the state needs to execute a block again and to know the root
// after it.
//
//   bytes = block_witness(store, access, changes, codes)      on top of the block before, by who has the state
//   state::open_proof(bytes, old_root, arena, opened, defect)
//   WitnessState view(opened, codes, hashes)                    executes the block: the same changes
//   state::apply_witness(opened, height, operations, ...)       the root after it
//
// Source  [QMDB-FORMAT] sections 4 to 6 and 8.
#pragma once

#include <span>
#include <vector>

#include "block/block.hpp"
#include "evm/state_view.hpp"
#include "qmdb/store.hpp"
#include "state/open.hpp"
#include "world_state/operations.hpp"

namespace mote::world_state
{
/// Builds the witness of a block that was executed on the store's newest block and is not applied to it.
///
/// Shape   access, changes: what the execution gave. codes: as for Operations.
/// Errors  throws as qmdb::build_witness.
/// Cost    a chunk of the log, some 30 KB, is read for each key.
[[nodiscard]] std::vector<std::uint8_t> block_witness(qmdb::Store& store,
                                                      const block::AccessLists& access,
                                                      const block::StateChanges& changes,
                                                      CodeStore& codes);

/// The state of a witness: what it proves, and `unavailable` for everything else.
class WitnessState final : public evm::StateView
{
  public:
    struct BlockHash
    {
        std::uint64_t number = 0;
        evm::Hash hash{};
    };

    /// Shape   codes: in any order; each is hashed here, so none can be another's. hashes: of blocks, from
    ///         headers that the caller trusts.
    WitnessState(const state::Opened& opened, std::span<const Bytes> codes,
                 std::span<const BlockHash> hashes);

    [[nodiscard]] evm::Found account(const evm::Address& address,
                                     evm::AccountFields& out) noexcept override;
    // Apart, as an execution in parallel has them: nobody reads an account to which nothing is added.
    [[nodiscard]] bool balances_apart() const noexcept override { return true; }
    [[nodiscard]] bool balance(const evm::Address& address, evm::Word& out) noexcept override;
    [[nodiscard]] bool slot(const evm::Address& address, const evm::Word& key,
                            evm::Word& out) noexcept override;
    [[nodiscard]] bool has_slots(const evm::Address& address, bool& out) noexcept override;
    [[nodiscard]] bool code(const evm::Address& address, const evm::Hash& code_hash,
                            Bytes& out) noexcept override;
    [[nodiscard]] bool block_hash(std::uint64_t number, evm::Hash& out) noexcept override;

  private:
    [[nodiscard]] evm::Found read(const evm::Address& address, evm::AccountFields& out) noexcept;

    const state::Opened& opened_;
    std::map<evm::Hash, Bytes> codes_;
    std::map<std::uint64_t, evm::Hash> hashes_;
};
}  // namespace mote::world_state
