// The machine on what another one is to run as well: writes it, with results and rates, for
// tests/bench/peers/evm, which prints both.
//
//   bench_evm_peers FOLDER [--transactions N] [--accounts N]
//
//   FOLDER/ours.json   {"programs": [{"name", "code", "rounds", "gas", "rate"}],
//                       "blocks": [{"name", "gas": [of each transaction], "rate", "accounts", "slots"}]}
//   FOLDER/NAME.json   each block and the state before it (platforms/workload/dump.hpp)
//
// Rates are gas a second of programs and transactions a second of blocks: the best of several windows of CPU
// time, one thread. A block is executed with checks, nonces, fees, logs and the block's changes, on a state in
// hash tables; senders are known. "accounts" and "slots" are what it changed, so that the other can compare.
// Exit status: 0 written, 1 an execution failed, 2 not written, 3 usage.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include "block/sequential.hpp"
#include "evm/hosted_memory.hpp"
#include "evm_programs.hpp"
#include "json_values.hpp"
#include "map_state.hpp"
#include "workload/dump.hpp"
#include "workload/table_state.hpp"

using namespace mote;
using namespace mote::evm_bench;
using evm_tool::hex_of;
using evm_tool::Json;

namespace
{
constexpr int windows = 8;

struct Failed : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

Json run_program(const Program& program)
{
    const evm::HostedMemory memory;
    const auto machine = std::make_unique<evm::Machine>(memory.get(), evm::newest_fork, 1);
    evm_tool::MapState state;
    evm::Address to;
    to.bytes[19] = 0xcc;
    const std::string code = loop(program.body);
    state.set_code(state.accounts[to], evm_tool::bytes_of(code));
    std::uint8_t input[32];
    evm::store_word(input, evm::Word(program.rounds));
    std::uint64_t gas = 0;
    const double rate =
        best(windows,
             [&]
             {
                 machine->journal().clear(state);
                 machine->journal().begin_transaction();
                 evm::Message m;
                 m.gas = std::int64_t{1} << 50;
                 m.recipient = m.code_address = to;
                 m.sender.bytes[19] = 0xaa;
                 m.input = input;
                 const evm::Outcome o = machine->run(m);
                 if (o.halt != evm::Halt::success || machine->journal().fault() != evm::Fault::none)
                     throw Failed(program.name);
                 gas = static_cast<std::uint64_t>(m.gas - o.gas_left);
                 return static_cast<double>(gas);
             });
    return {{"name", program.name},
            {"code", code},
            {"rounds", program.rounds},
            {"gas", gas},
            {"rate", rate}};
}

/// What the block left of each account and slot that it changed.
void add_changes(const block::StateChanges& changes, Json& out)
{
    Json& accounts = out["accounts"] = Json::object();
    for (const block::AccountChange& change : changes.accounts)
        accounts[hex_of(change.address.bytes)] = {{"nonce", change.nonce},
                                                  {"balance", hex_of(change.balance)}};
    Json& slots = out["slots"] = Json::array();
    for (const block::SlotChange& change : changes.slots)
        slots.push_back({hex_of(change.address.bytes), hex_of(change.key), hex_of(change.value)});
}

Json run_block(const workload::Options& options, std::size_t count, const std::string& folder)
{
    const std::string name(workload::name_of(options.kind));
    workload::Workload workload(options);
    const std::vector<workload::GenesisAccount> genesis = workload.genesis();
    const std::vector<workload::SignedTransaction> transactions = workload.next(count);
    const evm::BlockContext context = workload::first_block(options, std::uint64_t{1} << 50);
    std::ofstream out(folder + "/" + name + ".json", std::ios::binary);
    workload::write_json(out, options, genesis, context, transactions);
    out.close();
    if (!out)
        throw std::runtime_error("cannot write the block of " + name);

    block::Header header;
    header.number = context.number;
    header.timestamp = context.timestamp;
    header.gas_limit = context.gas_limit;
    header.base_fee = context.base_fee;
    header.prev_randao = evm::to_hash(context.prev_randao);
    header.coinbase = context.coinbase;
    std::vector<Bytes> bytes;
    for (const workload::SignedTransaction& one : transactions)
        bytes.emplace_back(one.bytes);
    const block::PreparedList list = block::prepare(bytes, header.fork, options.threads);
    workload::TableState state(genesis);
    block::SequentialExecutor executor;
    std::vector<block::Outcome> outcomes;
    block::StateChanges changes;
    const double rate = best(windows,
                             [&]
                             {
                                 changes = {};
                                 if (executor.execute(header, list.transactions(), state, outcomes,
                                                      changes) != evm::Fault::none)
                                     throw Failed(name);
                                 return static_cast<double>(count);
                             });
    Json result = {{"name", name}, {"rate", rate}, {"gas", Json::array()}};
    for (const block::Outcome& outcome : outcomes)
    {
        if (!outcome.executed() || outcome.halt != evm::Halt::success)
            throw Failed(name + ": a transaction failed");
        result["gas"].push_back(outcome.gas_used);
    }
    add_changes(changes, result);
    return result;
}

void run(const std::string& folder, workload::Options options, std::size_t count)
{
    Json all = {{"programs", Json::array()}, {"blocks", Json::array()}};
    for (const Program& program : programs)
        all["programs"].push_back(run_program(program));
    for (const workload::Kind kind : {workload::Kind::native, workload::Kind::erc20,
                                      workload::Kind::swap_many, workload::Kind::mixed})
    {
        options.kind = kind;
        all["blocks"].push_back(run_block(options, count, folder));
    }
    std::ofstream out(folder + "/ours.json", std::ios::binary);
    out << all.dump() << '\n';
    out.close();
    if (!out)
        throw std::runtime_error("cannot write " + folder + "/ours.json");
}
}  // namespace

int main(int argc, char** argv)
{
    workload::Options options;
    options.accounts = 10'000;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    std::size_t count = 20'000;
    if (argc < 2 || argc % 2 != 0)
    {
        std::fprintf(stderr, "bench_evm_peers: a folder, please\n");
        return 3;
    }
    for (int i = 2; i + 1 < argc; i += 2)
    {
        const std::string name = argv[i];
        if (name == "--transactions")
            count = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--accounts")
            options.accounts = static_cast<std::uint32_t>(std::strtoul(argv[i + 1], nullptr, 10));
        else
        {
            std::fprintf(stderr, "bench_evm_peers: what is %s?\n", argv[i]);
            return 3;
        }
    }
    try
    {
        run(argv[1], options, count);
    }
    catch (const Failed& failed)
    {
        std::fprintf(stderr, "bench_evm_peers: an execution failed: %s\n", failed.what());
        return 1;
    }
    catch (const std::exception& error)
    {
        std::fprintf(stderr, "bench_evm_peers: %s\n", error.what());
        return 2;
    }
    return 0;
}
