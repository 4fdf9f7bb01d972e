// A block from its witness alone: the same outcomes, changes and root; with anything missing, none.
#include "world_state/witness.hpp"

#include <catch2/catch.hpp>

#include "producer/world_state/world_state_support.hpp"

using namespace mote;
using namespace mote::test;
using block::ParallelExecutor;
using block::ParallelResult;
using block::SequentialExecutor;
using block::StateChanges;

namespace
{
/// Codes of the state before the block.
std::vector<Bytes> codes_of(const MapState& state)
{
    std::vector<Bytes> out;
    for (const auto& [address, account] : state.accounts)
        if (!account.code.empty())
            out.push_back(account.code);
    return out;
}
}  // namespace

TEST_CASE("Who has a witness executes the block and finds the root after it")
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
    {
        INFO(seed);
        RandomBlock block(seed, 30);
        Ledger ledger(block);
        ParallelExecutor parallel(small_limits);
        ParallelResult result;
        REQUIRE(parallel.execute(block.header, block.transactions, {}, *ledger.state, 2, result) ==
                evm::Fault::none);
        const auto bytes =
            world_state::block_witness(*ledger.store, result.access, result.changes, ledger.codes);
        const world_state::Operations operations(result.changes, ledger.codes);
        const state::Digest expected =
            ledger.state->apply(block.header.number, result.changes, evm::Hash{});

        state_test::Holder holder(bytes, ledger.root, true,
                                  state::apply_memory_bytes(bytes.size(), operations.get().size()));
        REQUIRE(holder.status == Status::ok);
        const std::vector<Bytes> codes = codes_of(block.state);
        evm::Hash before;
        static_cast<void>(block.state.block_hash(block.header.number - 1, before));
        const std::vector<world_state::WitnessState::BlockHash> hashes = {
            {block.header.number - 1, before}};
        world_state::WitnessState view(holder.opened, codes, hashes);
        SequentialExecutor sequential(small_limits);
        std::vector<block::Outcome> outcomes;
        StateChanges changes;
        REQUIRE(sequential.execute(block.header, block.transactions, view, outcomes, changes) ==
                evm::Fault::none);
        REQUIRE(outcomes == result.outcomes);
        REQUIRE(changes == result.changes);
        // Without a code that is run, or the hash of the block before, nothing comes out; what the
        // witness does not open is not said to be absent.
        world_state::WitnessState without(holder.opened, {}, {});
        REQUIRE(sequential.execute(block.header, block.transactions, without, outcomes, changes) ==
                evm::Fault::unavailable);
        std::size_t unavailable = 0;
        for (std::uint64_t n = 0; n < 64; ++n)
        {
            evm::AccountFields fields;
            unavailable +=
                view.account(address_of(0xbad000 + n), fields) == evm::Found::unavailable ? 1 : 0;
        }
        CHECK(unavailable > 0);
        evm::Hash hash;
        CHECK(!view.block_hash(17, hash));

        state::Digest root;
        REQUIRE(state::apply_witness(holder.opened, block.header.number, operations.get(),
                                     holder.arena, root, holder.defect) == Status::ok);
        REQUIRE(root == expected);
    }
}
