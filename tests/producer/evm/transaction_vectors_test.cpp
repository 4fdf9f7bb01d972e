#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>

#include "evm/execute.hpp"
#include "evm/hosted_memory.hpp"
#include "hash/keccak.hpp"
#include "json_values.hpp"
#include "map_state.hpp"

using namespace mote;
using namespace mote::evm;
using namespace mote::evm_tool;

namespace
{
struct Decoded
{
    std::vector<std::uint8_t> bytes;
    std::vector<Word> memory;
    Transaction transaction;
    Refusal refusal;

    explicit Decoded(std::vector<std::uint8_t> input)
        : bytes(std::move(input)), memory(4 * bytes.size() / sizeof(Word) + 64)
    {
        void* start = memory.data();
        std::size_t room = memory.size() * sizeof(Word);
        std::align(Arena::alignment, 1, start, room);
        Arena arena(start, room);
        refusal = decode(bytes, arena, transaction);
    }
};
}  // namespace

TEST_CASE("published transactions are refused, or have the published hash, sender and gas")
{
    std::size_t good = 0, bad = 0;
    const HostedMemory memory;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(MOTE_EVM_VECTORS "/tests-transaction"))
    {
        if (entry.path().extension() != ".json")
            continue;
        std::ifstream file(entry.path());
        const Json tests = Json::parse(file);
        for (const auto& [name, test] : tests.items())
        {
            const Decoded d(bytes_of(test["txbytes"].get<std::string>()));
            for (const auto& [fork_name, expected] : test["result"].items())
            {
                INFO(name << " " << fork_name);
                const Fork fork = fork_of(fork_name).value();
                Refusal refusal = d.refusal;
                Address sender;
                if (refusal == Refusal::none)
                    refusal = recover_sender(d.transaction, fork, sender);
                if (refusal == Refusal::none)
                {
                    // A sender who can pay for anything, and a block with room for it.
                    MapState state;
                    state.accounts[sender].balance = ~Word(0);
                    state.accounts[sender].nonce = d.transaction.nonce;
                    const auto machine = std::make_unique<Machine>(memory.get(), fork, 1);
                    machine->journal().clear(state);
                    machine->block.gas_limit = UINT64_MAX;
                    Receipt receipt;
                    refusal = execute(*machine, d.transaction, sender, receipt);
                }
                INFO(name_of(refusal));
                if (expected.contains("exception"))
                {
                    REQUIRE(refusal != Refusal::none);
                    ++bad;
                    continue;
                }
                // A transaction alone may ask for more gas than the machine can count; no block has it.
                REQUIRE(refusal == (d.transaction.gas_limit > INT64_MAX
                                        ? Refusal::gas_limit_above_block
                                        : Refusal::none));
                REQUIRE(sender == address_of(expected["sender"]));
                REQUIRE(hash::keccak_256(d.bytes) == hash_of(expected["hash"]));
                REQUIRE(intrinsic_gas(d.transaction, fork).gas == u64_of(expected["intrinsicGas"]));
                ++good;
            }
        }
    }
    CAPTURE(good, bad);
    REQUIRE(good + bad == 1990);
    REQUIRE(good > 300);
}

TEST_CASE("every byte of a transaction matters: changed ones are refused or another's")
{
    std::ifstream file(MOTE_EVM_VECTORS "/tests-general-state/stEIP2930/transactionCosts.json");
    REQUIRE(file);
    const Json test = Json::parse(file);
    const Json& post = test.begin().value()["post"];
    const auto bytes = bytes_of(post.begin().value()[0]["txbytes"].get<std::string>());
    const Decoded original(bytes);
    REQUIRE(original.refusal == Refusal::none);
    Address sender;
    REQUIRE(recover_sender(original.transaction, newest_fork, sender) == Refusal::none);
    std::size_t refused = 0, others = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        for (const std::uint8_t flip : std::initializer_list<std::uint8_t>{0x01, 0x80})
        {
            auto changed = bytes;
            changed[i] ^= flip;
            const Decoded d(changed);
            Address other;
            if (d.refusal != Refusal::none ||
                recover_sender(d.transaction, newest_fork, other) != Refusal::none)
            {
                ++refused;
                continue;
            }
            REQUIRE_FALSE(other == sender);
            ++others;
        }
    REQUIRE(refused > 10);
    REQUIRE(others > 10);
}

TEST_CASE("any bytes are decoded or refused, within the arena")
{
    std::ifstream file(MOTE_EVM_VECTORS "/tests-general-state/stEIP2930/transactionCosts.json");
    REQUIRE(file);
    const Json test = Json::parse(file);
    const auto seed =
        bytes_of(test.begin().value()["post"].begin().value()[0]["txbytes"].get<std::string>());
    std::mt19937_64 random(29);
    for (int round = 0; round < 20000; ++round)
    {
        auto bytes = seed;
        for (std::uint64_t n = random() % 4 + 1; n-- > 0;)
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        bytes.resize(random() % 3 == 0 ? random() % (bytes.size() + 1) : bytes.size());
        const Decoded d(bytes);
        if (d.refusal == Refusal::none)
            REQUIRE(d.transaction.data.size() <= bytes.size());
    }
}
