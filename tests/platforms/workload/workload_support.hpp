// Signed transactions, executed one by one on a map.
#pragma once

#include <memory>
#include <vector>

#include "evm/execute.hpp"
#include "evm/hosted_memory.hpp"
#include "map_state.hpp"
#include "workload/workload.hpp"

namespace mote::workload::test
{
class Chain
{
  public:
    Chain() : machine_(std::make_unique<evm::Machine>(memory_.get(), evm::newest_fork, 1))
    {
        machine_->block.number = 1;
        machine_->block.timestamp = 1'700'000'000;
        machine_->block.gas_limit = 30'000'000;
        machine_->block.base_fee = evm::Word(7'000'000'000);
        machine_->block.coinbase.bytes[0] = 0xc0;
    }

    void start_with(const std::vector<GenesisAccount>& accounts)
    {
        for (const GenesisAccount& from : accounts)
        {
            evm_tool::MapAccount& to = state.accounts[from.address];
            to.balance = from.balance;
            to.nonce = from.nonce;
            if (!from.code.empty())
                state.set_code(to, from.code);
            for (const SlotValue& slot : from.slots)
                to.slots[slot.key] = slot.value;
        }
    }

    /// Executes a transaction as it is in a block.
    evm::Receipt execute(Bytes bytes, evm::Address* sender = nullptr)
    {
        std::vector<std::uint8_t> room(std::size_t{1} << 16);
        Arena arena(room.data(), room.size());
        evm::Transaction t;
        evm::Address from;
        evm::Receipt receipt;
        REQUIRE(evm::decode(bytes, arena, t) == evm::Refusal::none);
        REQUIRE(evm::recover_sender(t, evm::newest_fork, from) == evm::Refusal::none);
        machine_->journal().clear(state);
        const evm::Refusal refusal = evm::execute(*machine_, t, from, receipt);
        REQUIRE(machine_->journal().fault() == evm::Fault::none);
        CAPTURE(evm::name_of(refusal));
        REQUIRE(refusal == evm::Refusal::none);
        logs = machine_->journal().logs().size();
        state.apply(machine_->journal());
        burnt = burnt + machine_->block.base_fee * evm::Word(receipt.gas_used);
        if (sender != nullptr)
            *sender = from;
        return receipt;
    }

    [[nodiscard]] evm::Word slot(const evm::Address& address, const evm::Word& key)
    {
        evm::Word out;
        REQUIRE(state.slot(address, key, out));
        return out;
    }
    [[nodiscard]] evm::Word balances() const
    {
        evm::Word sum;
        for (const auto& [address, account] : state.accounts)
            sum = sum + account.balance;
        return sum;
    }

    evm_tool::MapState state;
    evm::Word burnt;
    std::uint32_t logs = 0;

  private:
    evm::HostedMemory memory_{{.memories = 1 << 26, .returned = 1 << 22, .journal = 1 << 26}};
    std::unique_ptr<evm::Machine> machine_;
};
}  // namespace mote::workload::test
