// The machine on programs of its own making, gas per second, and transfers per second.
//
//   evm::program/name=loop            a counter in a loop: pushes, adds, a conditional jump
//   evm::program/name=keccak          hashes 64 bytes again and again
//   evm::program/name=erc20_transfer  two balances in storage found by keccak, as a token moves them
//   evm::program/name=swap_math       products and quotients of 256 bits, as a constant-product pool
//   evm::program/name=memory          stores and loads over 4 KiB
//   evm::transfer                     whole transactions without signatures: checks, fees, coinbase
//
// Best of several windows of CPU time, one thread.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "evm/execute.hpp"
#include "evm/hosted_memory.hpp"
#include "evm_programs.hpp"
#include "json_values.hpp"
#include "map_state.hpp"

using namespace mote;
using namespace mote::evm;
using namespace mote::evm_bench;

namespace
{
void run_program(const Program& program, Machine& machine, evm_tool::MapState& state)
{
    Address to;
    to.bytes[19] = 0xcc;
    state.set_code(state.accounts[to], evm_tool::bytes_of(loop(program.body)));
    std::uint8_t input[32];
    store_word(input, Word(program.rounds));
    bool good = true;
    const double rate =
        best(8,
             [&]
             {
                 machine.journal().clear(state);
                 machine.journal().begin_transaction();
                 Message m;
                 m.gas = std::int64_t{1} << 50;
                 m.recipient = m.code_address = to;
                 m.sender.bytes[19] = 0xaa;
                 m.input = input;
                 const Outcome o = machine.run(m);
                 good = good && o.halt == Halt::success && machine.journal().fault() == Fault::none;
                 return static_cast<double>(m.gas - o.gas_left);
             });
    std::printf("evm::program/name=%-16s %10.0f Mgas/s%s\n", program.name, rate / 1e6,
                good ? "" : "  DID NOT SUCCEED");
}

void run_transfers(Machine& machine, evm_tool::MapState& state)
{
    constexpr std::size_t accounts = 10'000, count = 100'000;
    std::vector<Address> addresses(accounts);
    for (std::size_t i = 0; i < accounts; ++i)
    {
        store_le(addresses[i].bytes.data(), std::uint64_t{i * 0x9e3779b97f4a7c15 + 1});
        state.accounts[addresses[i]].balance = Word(std::uint64_t{1} << 62);
    }
    machine.block.gas_limit = INT64_MAX;
    std::size_t refused = 0;
    const double rate = best(
        5,
        [&]
        {
            machine.journal().clear(state);
            std::vector<std::uint64_t> nonces(accounts);
            for (std::size_t i = 0; i < count; ++i)
            {
                const std::size_t from = i % accounts;
                Transaction t;
                t.has_chain_id = false;
                t.nonce = nonces[from]++;
                t.gas_limit = 21000;
                t.max_fee = t.max_priority_fee = Word(10);
                t.value = Word(1);
                t.to = addresses[(i * 7919 + 13) % accounts];
                Receipt receipt;
                refused += execute(machine, t, addresses[from], receipt) != Refusal::none ? 1 : 0;
            }
            return static_cast<double>(count);
        });
    std::printf("evm::transfer                    %10.0f transactions/s%s\n", rate,
                refused == 0 ? "" : "  SOME REFUSED");
}
}  // namespace

int main()
{
    const HostedMemory memory;
    const auto machine = std::make_unique<Machine>(memory.get(), newest_fork, 1);
    for (const Program& program : programs)
    {
        evm_tool::MapState state;
        run_program(program, *machine, state);
    }
    evm_tool::MapState state;
    run_transfers(*machine, state);
}
