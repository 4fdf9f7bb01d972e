// The machine on any program, and the decoder of transactions on any bytes.
//
// Input: a byte that chooses the rules and which of the two, then the program or the transaction. A program
// is its own call data, and the account that it runs in is the one it can call.
#include <cstdlib>
#include <memory>
#include <vector>

#include "evm/execute.hpp"
#include "evm/hosted_memory.hpp"
#include "evm/rlp.hpp"
#include "map_state.hpp"

using namespace mote;
using namespace mote::evm;

namespace
{
void require(bool condition)
{
    if (!condition)
        std::abort();
}

void decode_any(Bytes bytes, Fork fork)
{
    std::vector<Word> memory(bytes.size() / 8 + 64);
    void* start = memory.data();
    std::size_t room = memory.size() * sizeof(Word);
    std::align(Arena::alignment, 1, start, room);
    Arena arena(start, room);
    Transaction transaction;
    const Refusal refusal = decode(bytes, arena, transaction);
    if (refusal != Refusal::none)
        return;
    // What decodes is canonical RLP, after the type.
    require(is_rlp(bytes.subspan(transaction.type == TransactionType::legacy ? 0 : 1)));
    require(intrinsic_gas(transaction, fork).gas >= 21000);
    Address sender;
    static_cast<void>(recover_sender(transaction, fork, sender));
}

void run_any(Bytes bytes, Fork fork)
{
    static const HostedMemory memory(
        {std::size_t{1} << 24, std::size_t{1} << 24, std::size_t{1} << 24, std::size_t{1} << 22});
    Address self, sender;
    self.bytes[19] = 0x80;
    sender.bytes[19] = 0xaa;
    evm_tool::MapState state;
    state.set_code(state.accounts[self], {bytes.begin(), bytes.end()});
    state.accounts[self].balance = Word(1000);
    const auto machine = std::make_unique<Machine>(memory.get(), fork, 1);
    machine->journal().clear(state);
    machine->journal().begin_transaction();
    machine->block.number = 300;
    Message message;
    message.gas = 100'000;
    message.sender = sender;
    message.recipient = message.code_address = self;
    message.input = bytes;
    const Outcome outcome = machine->run(message);
    require(machine->journal().fault() == Fault::none);
    require(outcome.gas_left >= 0 && outcome.gas_left <= message.gas);
    machine->journal().end_transaction(true);
    state.apply(machine->journal());
    // Value only moves, or is destroyed.
    Word sum;
    for (const auto& [address, account] : state.accounts)
        sum += account.balance;
    require(sum <= Word(1000));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const auto fork = static_cast<Fork>(data[0] % 16 % fork_count);
    const Bytes rest(data + 1, size - 1);
    if (data[0] >= 128)
        decode_any(rest, fork);
    else
        run_any(rest, fork);
    return 0;
}
