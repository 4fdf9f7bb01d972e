// ChainState: where mote-execute keeps the state: hash tables in memory, or a store on disk.
#pragma once

#include <memory>
#include <string>

#include "workload/table_state.hpp"

namespace mote::execute_tool
{
class ChainState
{
  public:
    virtual ~ChainState() = default;
    [[nodiscard]] virtual evm::StateView& view() = 0;
    /// Applies the changes that two executions of a block came to. Returns what names the state afterwards, in
    /// hexadecimal: its root, or of tables a hash over all changes; nothing if the two differ.
    ///
    /// Errors  throws std::runtime_error.
    [[nodiscard]] virtual std::string apply(std::uint64_t number, const block::StateChanges& one,
                                            const block::StateChanges& other,
                                            const evm::Hash& block_hash) = 0;
};

[[nodiscard]] std::unique_ptr<ChainState> make_memory_state(
    const std::vector<workload::GenesisAccount>& genesis);
/// Shape   folder: is made, and must not have a store.
[[nodiscard]] std::unique_ptr<ChainState> make_store_state(
    const std::vector<workload::GenesisAccount>& genesis, const std::string& folder,
    unsigned workers);
}  // namespace mote::execute_tool
