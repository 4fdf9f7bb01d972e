// Workloads of signed transactions through the machine, one after the other, and their senders.
//
//   senders    decoded and recovered, over one thread and over all: nothing with signatures is faster
//   execute    decoded and executed with fees and receipts, senders given, state in memory
//
// Best of several repetitions. Options: --transactions N, --accounts N, --workload NAME.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "evm/execute.hpp"
#include "evm/hosted_memory.hpp"
#include "hash/keccak.hpp"
#include "workload/dump.hpp"

using namespace mote;
using Clock = std::chrono::steady_clock;

namespace
{
constexpr int repetitions = 5;

struct Hash
{
    std::size_t operator()(const evm::Address& a) const
    {
        return static_cast<std::size_t>(evm::hash_of(a, 1));
    }
    std::size_t operator()(const std::pair<evm::Address, evm::Word>& slot) const
    {
        return static_cast<std::size_t>(evm::hash_of((*this)(slot.first), slot.second, 1));
    }
};

/// A state in hash tables that only blocks before this one have changed.
class TableState final : public evm::StateView
{
  public:
    explicit TableState(const std::vector<workload::GenesisAccount>& genesis)
    {
        for (const workload::GenesisAccount& from : genesis)
        {
            evm::AccountFields& to = accounts_[from.address];
            to = {from.balance, from.nonce, evm::empty_code_hash};
            if (!from.code.empty())
            {
                to.code_hash = hash::keccak_256(from.code);
                codes_[from.address] = from.code;
            }
            for (const workload::SlotValue& slot : from.slots)
                slots_[{from.address, slot.key}] = slot.value;
        }
    }
    evm::Found account(const evm::Address& address, evm::AccountFields& out) noexcept override
    {
        const auto found = accounts_.find(address);
        if (found == accounts_.end())
            return evm::Found::absent;
        out = found->second;
        return evm::Found::present;
    }
    bool slot(const evm::Address& address, const evm::Word& key, evm::Word& out) noexcept override
    {
        const auto found = slots_.find({address, key});
        out = found == slots_.end() ? evm::Word{} : found->second;
        return true;
    }
    bool has_slots(const evm::Address&, bool& out) noexcept override
    {
        out = false;
        return true;
    }
    bool code(const evm::Address& address, const evm::Hash&, Bytes& out) noexcept override
    {
        out = codes_.at(address);
        return true;
    }
    bool block_hash(std::uint64_t, evm::Hash&) noexcept override { return false; }

  private:
    std::unordered_map<evm::Address, evm::AccountFields, Hash> accounts_;
    std::unordered_map<std::pair<evm::Address, evm::Word>, evm::Word, Hash> slots_;
    std::unordered_map<evm::Address, std::vector<std::uint8_t>, Hash> codes_;
};

double seconds_since(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The shortest of several runs.
template <class Run>
double best(const Run& run)
{
    double least = 1e9;
    for (int i = 0; i < repetitions; ++i)
    {
        const auto start = Clock::now();
        run();
        least = std::min(least, seconds_since(start));
    }
    return least;
}

using Transactions = std::vector<workload::SignedTransaction>;

void decode(const workload::SignedTransaction& from, std::vector<std::uint64_t>& room,
            evm::Transaction& out)
{
    Arena arena(room.data(), room.size() * sizeof room[0]);
    if (evm::decode(from.bytes, arena, out) != evm::Refusal::none)
        std::abort();
}

void recover(const Transactions& transactions, unsigned threads)
{
    const auto range = [&](std::size_t from, std::size_t to)
    {
        std::vector<std::uint64_t> room(4096);
        for (std::size_t i = from; i < to; ++i)
        {
            evm::Transaction t;
            evm::Address sender;
            decode(transactions[i], room, t);
            if (evm::recover_sender(t, evm::newest_fork, sender) != evm::Refusal::none ||
                !(sender == transactions[i].sender))
                std::abort();
        }
    };
    const std::size_t count = transactions.size();
    std::vector<std::thread> others;
    for (unsigned t = 1; t < threads; ++t)
        others.emplace_back(range, count * t / threads, count * (t + 1) / threads);
    range(0, count / threads);
    for (std::thread& other : others)
        other.join();
}

std::uint64_t execute(evm::Machine& machine, TableState& state, const Transactions& transactions)
{
    machine.journal().clear(state);
    std::vector<std::uint64_t> room(4096);
    std::uint64_t gas = 0;
    for (const workload::SignedTransaction& one : transactions)
    {
        evm::Transaction t;
        evm::Receipt receipt;
        decode(one, room, t);
        if (evm::execute(machine, t, one.sender, receipt) != evm::Refusal::none ||
            receipt.halt != evm::Halt::success || machine.journal().fault() != evm::Fault::none)
            std::abort();
        gas += receipt.gas_used;
    }
    return gas;
}

void run(const workload::Options& options, std::size_t count)
{
    workload::Workload made(options);
    TableState state(made.genesis());
    const Transactions transactions = made.next(count);
    const evm::HostedMemory memory;
    const auto machine = std::make_unique<evm::Machine>(memory.get(), evm::newest_fork, 1);
    machine->block = workload::first_block(options, std::uint64_t{1} << 50);
    std::uint64_t gas = 0;
    const double executed = best([&] { gas = execute(*machine, state, transactions); });
    std::printf("%-12s execute %9.0f /s, %6.0f Mgas/s\n",
                std::string(workload::name_of(options.kind)).c_str(),
                static_cast<double>(count) / executed, static_cast<double>(gas) / executed / 1e6);
}

// The same for every workload.
void run_senders(workload::Options options)
{
    constexpr std::size_t count = 5000;
    options.kind = workload::Kind::native;
    const Transactions transactions = workload::Workload(options).next(count);
    for (unsigned threads = 1; threads <= options.threads; threads *= 2)
        std::printf("senders      recover %9.0f /s with %u threads\n",
                    count / best([&] { recover(transactions, threads); }), threads);
}
}  // namespace

int main(int argc, char** argv)
{
    workload::Options options;
    options.accounts = 10'000;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    std::size_t count = 20'000;
    std::string only;
    for (int i = 1; i + 1 < argc; i += 2)
    {
        const std::string name = argv[i];
        if (name == "--transactions")
            count = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--accounts")
            options.accounts = static_cast<std::uint32_t>(std::strtoul(argv[i + 1], nullptr, 10));
        else if (name == "--workload")
            only = argv[i + 1];
        else
        {
            std::fprintf(stderr, "bench_execute: what is %s?\n", argv[i]);
            return 2;
        }
    }
    run_senders(options);
    for (const workload::Kind kind : workload::all_kinds)
    {
        options.kind = kind;
        if (only.empty() || only == workload::name_of(kind))
            run(options, count);
    }
    return 0;
}
