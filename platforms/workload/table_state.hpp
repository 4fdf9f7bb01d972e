// TableState: a state in hash tables, from a workload's genesis, to which blocks' changes are applied.
//
// Any number of threads may read it, while nobody applies anything.
#pragma once

#include <map>
#include <unordered_map>

#include "block/state_changes.hpp"
#include "evm/state_view.hpp"
#include "workload/workload.hpp"

namespace mote::workload
{
/// Everything in a genesis, as the changes of an empty state.
///
/// Shape   genesis: sorted by address.
[[nodiscard]] block::StateChanges changes_of(const std::vector<GenesisAccount>& genesis);

class TableState final : public evm::StateView
{
  public:
    explicit TableState(const std::vector<GenesisAccount>& genesis);

    void apply(const block::StateChanges& changes);
    /// A hash over every change so far, in order: equal for equal histories. It is no root, and proves nothing.
    [[nodiscard]] const evm::Hash& digest() const noexcept { return digest_; }

    [[nodiscard]] evm::Found account(const evm::Address& address,
                                     evm::AccountFields& out) noexcept override;
    [[nodiscard]] bool slot(const evm::Address& address, const evm::Word& key,
                            evm::Word& out) noexcept override;
    [[nodiscard]] bool has_slots(const evm::Address& address, bool& out) noexcept override;
    [[nodiscard]] bool code(const evm::Address& address, const evm::Hash& code_hash,
                            Bytes& out) noexcept override;
    [[nodiscard]] bool block_hash(std::uint64_t number, evm::Hash& out) noexcept override;

  private:
    using SlotName = std::pair<evm::Address, evm::Word>;
    struct Hasher
    {
        std::size_t operator()(const evm::Address& address) const noexcept;
        std::size_t operator()(const SlotName& slot) const noexcept;
    };
    std::unordered_map<evm::Address, evm::AccountFields, Hasher> accounts_;
    std::unordered_map<SlotName, evm::Word, Hasher> slots_;
    std::unordered_map<evm::Address, std::uint64_t, Hasher> slot_counts_;
    std::map<evm::Hash, std::vector<std::uint8_t>> codes_;
    evm::Hash digest_{};
};
}  // namespace mote::workload
