#include "workload/dump.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "json_values.hpp"
#include "state_test.hpp"

using namespace mote;
using namespace mote::workload;

TEST_CASE("a dump is what was made, read as state tests are")
{
    Options options;
    options.accounts = 12;
    options.pools = 2;
    options.chain_id = 1337;
    Workload workload(options);
    const std::vector<GenesisAccount> genesis = workload.genesis();
    const std::vector<SignedTransaction> transactions = workload.next(9);
    const evm::BlockContext block = first_block(options, 123'456'789);
    std::ostringstream out;
    write_json(out, options, genesis, block, transactions);
    const auto json = evm_tool::Json::parse(out.str());

    CHECK(json.at("workload") == "mixed");
    CHECK(json.at("seed") == 1);
    CHECK(evm_tool::fork_of(json.at("fork").get<std::string>()) == evm::newest_fork);
    const evm::BlockContext read =
        evm_tool::block_of(json.at("env"), json.at("config"), evm::newest_fork);
    CHECK(read.number == block.number);
    CHECK(read.timestamp == block.timestamp);
    CHECK(read.gas_limit == 123'456'789);
    CHECK(read.coinbase == block.coinbase);
    CHECK(read.prev_randao == block.prev_randao);
    CHECK(read.base_fee == block.base_fee);
    CHECK(read.chain_id == evm::Word(1337));

    const evm_tool::MapState state = evm_tool::state_of(json.at("pre"));
    REQUIRE(state.accounts.size() == genesis.size());
    for (const GenesisAccount& account : genesis)
    {
        const evm_tool::MapAccount& got = state.accounts.at(account.address);
        CHECK(got.balance == account.balance);
        CHECK(got.nonce == account.nonce);
        CHECK(got.code == account.code);
        REQUIRE(got.slots.size() == account.slots.size());
        for (const SlotValue& slot : account.slots)
            CHECK(got.slots.at(slot.key) == slot.value);
    }
    REQUIRE(json.at("transactions").size() == 9);
    REQUIRE(json.at("senders").size() == 9);
    for (std::size_t i = 0; i < 9; ++i)
    {
        CHECK(evm_tool::bytes_of(json.at("transactions")[i].get<std::string>()) ==
              transactions[i].bytes);
        CHECK(evm_tool::address_of(json.at("senders")[i]) == transactions[i].sender);
    }
}
