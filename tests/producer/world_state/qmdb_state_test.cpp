// The EVM's state in the store against the state in memory: reads, blocks on one thread and on several,
// taking back, opening again; values and disks that are not what they should be.
#include "world_state/qmdb_state.hpp"

#include <catch2/catch.hpp>

#include "producer/world_state/world_state_support.hpp"

using namespace mote;
using namespace mote::test;
using block::ParallelExecutor;
using block::ParallelResult;
using block::SequentialExecutor;
using block::StateChanges;

TEST_CASE("A block executes on the store as on memory, whoever executes, with one root")
{
    for (std::uint64_t seed = 1; seed <= 12; ++seed)
    {
        INFO(seed);
        RandomBlock block(seed, 60);
        Ledger ledger(block, 1 + seed % 3);
        REQUIRE(is_same(block.state, *ledger.state, block.addresses()));

        SequentialExecutor sequential(small_limits);
        std::vector<block::Outcome> expected, outcomes;
        StateChanges truth, changes;
        REQUIRE(sequential.execute(block.header, block.transactions, block.state, expected,
                                   truth) == evm::Fault::none);
        REQUIRE(sequential.execute(block.header, block.transactions, *ledger.state, outcomes,
                                   changes) == evm::Fault::none);
        REQUIRE(outcomes == expected);
        REQUIRE(changes == truth);
        ParallelExecutor parallel(small_limits);
        ParallelResult result;
        REQUIRE(parallel.execute(block.header, block.transactions, {}, *ledger.state, 3, result) ==
                evm::Fault::none);
        REQUIRE(result.outcomes == expected);
        REQUIRE(result.changes == truth);

        // Applied, taken back, applied again.
        const evm::Hash hash = {1, 2, 3};
        const state::Digest root = ledger.state->apply(block.header.number, truth, hash);
        MapState after = block.state;
        apply(after, truth);
        REQUIRE(is_same(after, *ledger.state, block.addresses()));
        ledger.state->undo();
        REQUIRE(ledger.state->root() == ledger.root);
        REQUIRE(is_same(block.state, *ledger.state, block.addresses()));
        REQUIRE(ledger.state->apply(block.header.number, result.changes, hash) == root);
        ledger.state->finalize();
        ledger.open(2);
        REQUIRE(ledger.state->root() == root);
        REQUIRE(ledger.state->number() == block.header.number);
        REQUIRE(is_same(after, *ledger.state, block.addresses()));
        evm::Hash known;
        REQUIRE(ledger.state->block_hash(block.header.number, known));
        REQUIRE(known == hash);
        for (const block::NewCode& code : truth.codes)
        {
            Bytes bytes;
            REQUIRE(ledger.state->code({}, code.hash, bytes));
            REQUIRE(std::equal(bytes.begin(), bytes.end(), code.bytes.begin(), code.bytes.end()));
        }
    }
}

TEST_CASE("The root is that of the entries the format asks for")
{
    // The same state, key by key, as a text batch would have it.
    RandomBlock block(5, 1);
    const Ledger ledger(block);
    struct Pair
    {
        std::vector<std::uint8_t> key, value;
    };
    std::vector<Pair> pairs;
    const auto number = [](const Word& word)
    {
        const evm::Hash bytes = evm::to_hash(word);
        std::vector<std::uint8_t> out(bytes.begin(), bytes.end());
        out.erase(out.begin(),
                  std::find_if(out.begin(), out.end(), [](std::uint8_t b) { return b != 0; }));
        return out;
    };
    for (const auto& [address, account] : block.state.accounts)
    {
        const auto nonce = number(Word(account.nonce)), balance = number(account.balance);
        if (nonce.empty() && balance.empty() && account.code.empty())
            continue;
        Pair pair;
        pair.key.assign(address.bytes.begin(), address.bytes.end());
        pair.value = {static_cast<std::uint8_t>(nonce.size()),
                      static_cast<std::uint8_t>(balance.size())};
        pair.value.insert(pair.value.end(), nonce.begin(), nonce.end());
        pair.value.insert(pair.value.end(), balance.begin(), balance.end());
        if (!account.code.empty())
        {
            const auto root = state::code_root(account.code);
            pair.value.insert(pair.value.end(), account.code_hash.begin(), account.code_hash.end());
            pair.value.insert(pair.value.end(), root.begin(), root.end());
        }
        pairs.push_back(pair);
        for (const auto& [key, value] : account.slots)
        {
            Pair slot{pairs.back().key, number(value)};
            slot.key.resize(20);
            const evm::Hash bytes = evm::to_hash(key);
            slot.key.insert(slot.key.end(), bytes.begin(), bytes.end());
            pairs.push_back(slot);
        }
    }
    std::vector<state::Operation> operations;
    for (const Pair& pair : pairs)
        operations.push_back({pair.key, pair.value, false});
    qmdb::MemoryDisk disk;
    qmdb_test::create(disk);
    qmdb::Store store(disk);
    CHECK(store.apply(block.header.number - 1, operations) == ledger.root);
}

TEST_CASE("A value that is none, and a disk that fails, are unavailable, and it is said why")
{
    RandomBlock block(3, 5);
    const Address address = block.addresses()[0];
    for (const std::vector<std::uint8_t>& value :
         {std::vector<std::uint8_t>{0, 0}, {1, 0, 0}, {9, 0}, {}})
    {
        Ledger ledger(block);
        const world_state::StateKeyBytes slot = world_state::key_of(address, Word(77));
        const std::vector<std::uint8_t> zero = {0};
        const std::vector<state::Operation> operations = {{address.bytes, value, false},
                                                          {Bytes(slot), zero, false}};
        ledger.store->apply(block.header.number, operations);
        evm::AccountFields fields;
        CHECK(ledger.state->account(address, fields) == evm::Found::unavailable);
        Word word;
        CHECK(!ledger.state->slot(address, Word(77), word));
        CHECK(!ledger.state->failure().empty());
        // What executes on it ends with a fault, on one thread and on several.
        SequentialExecutor sequential(small_limits);
        std::vector<block::Outcome> outcomes;
        StateChanges changes;
        std::vector<block::Prepared> one(1);
        one[0].sender = address;
        one[0].transaction.chain_id = Word(1);
        one[0].transaction.gas_limit = 21000;
        one[0].transaction.max_fee = Word(10);
        CHECK(sequential.execute(block.header, one, *ledger.state, outcomes, changes) ==
              evm::Fault::unavailable);
        ParallelExecutor parallel(small_limits);
        ParallelResult result;
        CHECK(parallel.execute(block.header, one, {}, *ledger.state, 2, result) ==
              evm::Fault::unavailable);
    }
    // Bits that rotted: no wrong answer, whichever bit it is.
    std::size_t found_out = 0;
    for (std::uint64_t at = 40; at < 1200; at += 13)
    {
        Ledger ledger(block);
        ledger.state.reset();
        ledger.store.reset();
        for (const std::string& name : ledger.disk.names())
            if (name.find("log") != std::string::npos && at < ledger.disk.content(name).size())
                ledger.disk.flip(name, at, static_cast<unsigned>(at % 8));
        try
        {
            qmdb::OpenOptions options;
            options.memory_bytes = 0;
            ledger.store.emplace(ledger.disk, options);
        }
        catch (const qmdb::Damage&)
        {
            ++found_out;
            continue;
        }
        ledger.state.emplace(*ledger.store, ledger.codes);
        for (const Address& each : block.addresses())
        {
            evm::AccountFields x, y;
            const evm::Found expected = block.state.account(each, x);
            const evm::Found found = ledger.state->account(each, y);
            if (found == evm::Found::unavailable)
                ++found_out;
            else
                CHECK((found == expected && x.balance == y.balance && x.nonce == y.nonce));
        }
    }
    CHECK(found_out > 20);
}
