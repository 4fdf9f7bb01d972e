#include "chain_state.hpp"

#include "json_values.hpp"
#include "qmdb/posix_disk.hpp"
#include "world_state/qmdb_state.hpp"

namespace mote::execute_tool
{
namespace
{
std::string hex(Bytes bytes) { return evm_tool::hex_of(bytes).substr(2); }

class MemoryState final : public ChainState
{
  public:
    explicit MemoryState(const std::vector<workload::GenesisAccount>& genesis) : state_(genesis) {}

    [[nodiscard]] evm::StateView& view() override { return state_; }
    [[nodiscard]] std::string apply(std::uint64_t /*number*/, const block::StateChanges& one,
                                    const block::StateChanges& other,
                                    const evm::Hash& /*block_hash*/) override
    {
        if (!(one == other))
            return {};
        state_.apply(one);
        return hex(state_.digest());
    }

  private:
    workload::TableState state_;
};

qmdb::OpenOptions options_of(unsigned workers)
{
    qmdb::OpenOptions options;
    options.workers = workers;
    return options;
}

class StoreState final : public ChainState
{
  public:
    StoreState(const std::vector<workload::GenesisAccount>& genesis, const std::string& folder,
               unsigned workers)
        : disk_(made(folder)),
          store_(*disk_, options_of(workers)),
          codes_(folder + "/codes.sqlite"),
          state_(store_, codes_)
    {
        static_cast<void>(state_.apply(1, workload::changes_of(genesis), {}));
        state_.finalize();
    }

    [[nodiscard]] evm::StateView& view() override { return state_; }
    [[nodiscard]] std::string apply(std::uint64_t number, const block::StateChanges& one,
                                    const block::StateChanges& other,
                                    const evm::Hash& block_hash) override
    {
        // The genesis is block 1 of the store.
        const state::Digest root = state_.apply(number + 1, one, block_hash);
        state_.undo();
        if (state_.apply(number + 1, other, block_hash) != root)
            return {};
        state_.finalize();
        codes_.trim();
        return hex(root);
    }

  private:
    static std::unique_ptr<qmdb::PosixDisk> made(const std::string& folder)
    {
        auto disk = std::make_unique<qmdb::PosixDisk>(folder, true);
        qmdb::Store::create(*disk);
        return disk;
    }

    std::unique_ptr<qmdb::PosixDisk> disk_;
    qmdb::Store store_;
    world_state::CodeStore codes_;
    world_state::QmdbState state_;
};
}  // namespace

std::unique_ptr<ChainState> make_memory_state(const std::vector<workload::GenesisAccount>& genesis)
{
    return std::make_unique<MemoryState>(genesis);
}
std::unique_ptr<ChainState> make_store_state(const std::vector<workload::GenesisAccount>& genesis,
                                             const std::string& folder, unsigned workers)
{
    return std::make_unique<StoreState>(genesis, folder, workers);
}
}  // namespace mote::execute_tool
