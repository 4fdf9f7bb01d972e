#include "workload/table_state.hpp"

#include <catch2/catch.hpp>

#include "block/sequential.hpp"
#include "workload_support.hpp"

using namespace mote;
using namespace mote::workload;
using evm::Word;

namespace
{
block::Header header_of(std::uint64_t number)
{
    block::Header header;
    header.number = number;
    header.timestamp = 1'700'000'000;
    header.gas_limit = 30'000'000;
    header.base_fee = Word(7'000'000'000);
    header.coinbase.bytes[0] = 0xc0;
    return header;
}
}  // namespace

TEST_CASE(
    "blocks of every workload leave the state that their transactions leave one by one on a map")
{
    for (const Kind kind : all_kinds)
    {
        INFO(name_of(kind));
        Options options;
        options.kind = kind;
        options.accounts = 30;
        options.pools = 3;
        options.skew = 3;
        Workload workload(options);
        const std::vector<GenesisAccount> genesis = workload.genesis();
        TableState state(genesis);
        test::Chain chain;
        chain.start_with(genesis);
        block::SequentialExecutor executor({1 << 26, 1 << 22, 1 << 26});
        evm::Hash before = state.digest();
        for (std::uint64_t number = 1; number <= 2; ++number)
        {
            const std::vector<SignedTransaction> transactions = workload.next(40);
            std::vector<Bytes> bytes;
            for (const SignedTransaction& one : transactions)
            {
                bytes.emplace_back(one.bytes);
                static_cast<void>(chain.execute(one.bytes));
            }
            const block::PreparedList prepared = block::prepare(bytes, evm::newest_fork, 1);
            std::vector<block::Outcome> outcomes;
            block::StateChanges changes;
            REQUIRE(executor.execute(header_of(number), prepared.transactions(), state, outcomes,
                                     changes) == evm::Fault::none);
            for (const block::Outcome& outcome : outcomes)
                REQUIRE(outcome.executed());
            state.apply(changes);
            CHECK(state.digest() != before);
            before = state.digest();
        }
        for (const auto& [address, account] : chain.state.accounts)
        {
            evm::AccountFields fields;
            REQUIRE(state.account(address, fields) == evm::Found::present);
            CHECK(fields.balance == account.balance);
            CHECK(fields.nonce == account.nonce);
            CHECK(fields.code_hash == account.code_hash);
            bool has_slots = false;
            CHECK(state.has_slots(address, has_slots));
            CHECK(has_slots == !account.slots.empty());
            for (const auto& [key, expected] : account.slots)
            {
                Word value;
                REQUIRE(state.slot(address, key, value));
                CHECK(value == expected);
            }
            Bytes code;
            if (!account.code.empty())
            {
                REQUIRE(state.code(address, account.code_hash, code));
                CHECK(std::vector(code.begin(), code.end()) == account.code);
            }
        }
    }
}

TEST_CASE("changes come and go, and each of them is in the digest")
{
    evm::Address a;
    a.bytes[0] = 1;
    const block::AccountChange account{a, true, 3, Word(9), evm::empty_code_hash};
    const auto digest = [](const block::StateChanges& changes)
    {
        TableState state({});
        state.apply(changes);
        return state.digest();
    };
    const block::StateChanges all{{account}, {{a, Word(5), Word(6)}}, {}};
    TableState state({});
    state.apply(all);
    evm::AccountFields fields;
    Word value;
    bool has_slots = false;
    REQUIRE(state.account(a, fields) == evm::Found::present);
    CHECK(fields.nonce == 3);
    REQUIRE(state.slot(a, Word(5), value));
    CHECK(value == Word(6));
    REQUIRE(state.has_slots(a, has_slots));
    CHECK(has_slots);
    block::StateChanges none = all;
    none.accounts[0].exists = false;
    none.slots[0].value = Word();
    state.apply(none);
    CHECK(state.account(a, fields) == evm::Found::absent);
    REQUIRE(state.slot(a, Word(5), value));
    CHECK(value == Word());
    REQUIRE(state.has_slots(a, has_slots));
    CHECK(!has_slots);
    Bytes code;
    CHECK(!state.code(a, evm::Hash{1}, code));
    CHECK(state.block_hash(1, none.accounts[0].code_hash) == false);

    const auto differs = [&](auto change)
    {
        block::StateChanges other = all;
        change(other);
        CHECK(digest(other) != digest(all));
    };
    differs([](block::StateChanges& c) { c.accounts[0].address.bytes[19] = 1; });
    differs([](block::StateChanges& c) { c.accounts[0].exists = false; });
    differs([](block::StateChanges& c) { c.accounts[0].nonce = 4; });
    differs([](block::StateChanges& c) { c.accounts[0].balance = Word(8); });
    differs([](block::StateChanges& c) { c.accounts[0].code_hash[0] ^= 1; });
    differs([](block::StateChanges& c) { c.slots[0].address.bytes[19] = 1; });
    differs([](block::StateChanges& c) { c.slots[0].key = Word(6); });
    differs([](block::StateChanges& c) { c.slots[0].value = Word(5); });
    differs([](block::StateChanges& c) { c.slots.clear(); });
    differs([](block::StateChanges& c) { c.codes.push_back({evm::Hash{7}, {1}}); });
}
