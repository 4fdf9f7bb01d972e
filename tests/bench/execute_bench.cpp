// Blocks of signed transactions: one after the other, and in parallel as their producer and as others do.
//
//   senders      recovered over 1, 2, .. threads: with signatures nothing is faster than this
//   one by one   executed with nonces, fees, logs and the block's changes; senders known, state in memory
//   producing    the same in parallel, with what can be guessed of transactions
//   replaying    the same in parallel, with the access lists of the block
//   receipts     encoded and under a root
//   signed       senders recovered and the block replayed, on all threads
//
// Best of several repetitions, which take turns. Options: --transactions N (in a block), --accounts N,
// --workload NAME, --threads N, --store FOLDER: the state is in stores there, which then also apply the
// changes and make them safe.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "block/parallel.hpp"
#include "block/receipts.hpp"
#include "block/sequential.hpp"
#include "qmdb/posix_disk.hpp"
#include "workload/table_state.hpp"
#include "world_state/qmdb_state.hpp"

using namespace mote;
using Clock = std::chrono::steady_clock;

namespace
{
constexpr int repetitions = 5;

/// How long it took; the end of the program if it failed.
template <class Run>
double seconds_of(const Run& run)
{
    const auto start = Clock::now();
    if (!run())
    {
        std::fprintf(stderr, "bench_execute: an execution failed or differs\n");
        std::exit(1);
    }
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The shortest time seen.
struct Best
{
    double seconds = 1e9;
    void operator()(double time) { seconds = std::min(seconds, time); }
};

struct Made
{
    std::vector<workload::SignedTransaction> transactions;
    std::vector<Bytes> bytes;
};

Made make(workload::Workload& from, std::size_t count)
{
    Made out{from.next(count), {}};
    for (const workload::SignedTransaction& one : out.transactions)
        out.bytes.emplace_back(one.bytes);
    return out;
}

block::PreparedList prepare(const Made& made, unsigned threads)
{
    return block::prepare(made.bytes, evm::newest_fork, threads);
}

void run_senders(workload::Options options, unsigned threads_max)
{
    constexpr std::size_t count = 5000;
    options.kind = workload::Kind::native;
    workload::Workload workload(options);
    const Made made = make(workload, count);
    for (unsigned threads = 1; threads <= threads_max; threads *= 2)
    {
        Best best;
        for (int i = 0; i < repetitions; ++i)
            best(seconds_of([&] { return prepare(made, threads).recovered() == count; }));
        std::printf("senders: %.0f /s with %u threads\n", count / best.seconds, threads);
    }
}

/// Parallel execution with so many threads.
struct Parallel
{
    unsigned threads = 1;
    block::ParallelExecutor executor;
    block::ParallelResult produced, replayed;
    Best producing, replaying;
};

/// The state in tables, or in a new store.
class State
{
  public:
    State(const std::vector<workload::GenesisAccount>& genesis, const std::string& folder,
          unsigned workers)
    {
        if (folder.empty())
        {
            tables_.emplace(genesis);
            return;
        }
        disk_.emplace(folder, true);
        qmdb::Store::create(*disk_);
        qmdb::OpenOptions options;
        options.workers = workers;
        store_.emplace(*disk_, options);
        codes_.emplace(folder + "/codes.sqlite");
        state_.emplace(*store_, *codes_);
        static_cast<void>(state_->apply(1, workload::changes_of(genesis), {}));
        state_->finalize();
    }
    evm::StateView& view()
    {
        if (tables_)
            return *tables_;
        return *state_;
    }
    [[nodiscard]] bool is_store() const { return !tables_; }
    void apply(const block::StateChanges& changes)
    {
        static_cast<void>(state_->apply(2, changes, {}));
        state_->finalize();
    }

  private:
    std::optional<workload::TableState> tables_;
    std::optional<qmdb::PosixDisk> disk_;
    std::optional<qmdb::Store> store_;
    std::optional<world_state::CodeStore> codes_;
    std::optional<world_state::QmdbState> state_;
};

void run(const workload::Options& options, std::size_t count, unsigned threads_max,
         const std::string& folder)
{
    workload::Workload workload(options);
    State state(
        workload.genesis(),
        folder.empty() ? folder : folder + "/" + std::string(workload::name_of(options.kind)),
        threads_max);
    const Made made = make(workload, count);
    const block::PreparedList list = prepare(made, threads_max);
    const std::span<const block::Prepared> transactions = list.transactions();
    block::Header header;
    header.number = 1;
    header.gas_limit = 200'000 * count;
    header.base_fee = evm::Word(7'000'000'000);
    header.coinbase.bytes.fill(0xc0);

    block::SequentialExecutor sequential;
    std::vector<block::Outcome> outcomes;
    block::StateChanges changes;
    Best one_by_one, receipts;
    std::deque<Parallel> parallel;  // they do not move
    for (unsigned threads = 1; threads <= threads_max; threads *= 2)
        parallel.emplace_back().threads = threads;
    for (int i = 0; i < repetitions; ++i)
    {
        changes = {};
        one_by_one(seconds_of(
            [&]
            {
                return sequential.execute(header, transactions, state.view(), outcomes, changes) ==
                       evm::Fault::none;
            }));
        for (Parallel& p : parallel)
        {
            p.producing(seconds_of(
                [&]
                {
                    block::Predictions guessed = block::predict(header, transactions);
                    return p.executor.execute(header, transactions, guessed.get(), state.view(),
                                              p.threads, p.produced) == evm::Fault::none;
                }));
            p.replaying(seconds_of(
                [&]
                {
                    block::Predictions known =
                        block::predictions_of(p.produced.access, transactions);
                    return p.executor.execute(header, transactions, known.get(), state.view(),
                                              p.threads, p.replayed) == evm::Fault::none;
                }));
            static_cast<void>(seconds_of(
                [&]
                {
                    return p.produced.outcomes == outcomes && p.replayed.outcomes == outcomes &&
                           p.produced.changes == changes && p.replayed.changes == changes;
                }));
        }
        receipts(seconds_of([&] { return block::receipts_root(outcomes) != evm::Hash{}; }));
    }
    std::uint64_t gas = 0;
    for (const block::Outcome& outcome : outcomes)
        gas += outcome.gas_used;
    const auto n = static_cast<double>(count);
    std::printf("%s: one by one %.0f /s (%.0f Mgas/s), receipts %.0f ns\n",
                std::string(workload::name_of(options.kind)).c_str(), n / one_by_one.seconds,
                static_cast<double>(gas) / one_by_one.seconds / 1e6, 1e9 * receipts.seconds / n);
    for (const Parallel& p : parallel)
        std::printf(
            "    %u threads: producing %.0f /s, %.2f times, %.1f %% again; replaying %.0f /s, %.2f "
            "times\n",
            p.threads, n / p.producing.seconds, one_by_one.seconds / p.producing.seconds,
            100 * static_cast<double>(p.produced.counters.executed_again) / n,
            n / p.replaying.seconds, one_by_one.seconds / p.replaying.seconds);
    Parallel& most = parallel.back();
    const double with_signatures = seconds_of(
        [&]
        {
            const block::PreparedList fresh = prepare(made, most.threads);
            block::Predictions known =
                block::predictions_of(most.produced.access, fresh.transactions());
            return most.executor.execute(header, fresh.transactions(), known.get(), state.view(),
                                         most.threads, most.replayed) == evm::Fault::none;
        });
    std::printf("    %u threads: signed %.0f /s\n", most.threads, n / with_signatures);
    if (state.is_store())
        std::printf("    root after the block, safe: %.1f ms\n", 1e3 * seconds_of(
                                                                           [&]
                                                                           {
                                                                               state.apply(changes);
                                                                               return true;
                                                                           }));
}
}  // namespace

int main(int argc, char** argv)
{
    workload::Options options;
    options.accounts = 10'000;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    unsigned threads = options.threads;
    std::size_t count = 20'000;
    std::string only, folder;
    for (int i = 1; i + 1 < argc; i += 2)
    {
        const std::string name = argv[i];
        if (name == "--transactions")
            count = std::strtoull(argv[i + 1], nullptr, 10);
        else if (name == "--accounts")
            options.accounts = static_cast<std::uint32_t>(std::strtoul(argv[i + 1], nullptr, 10));
        else if (name == "--threads")
            threads = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 10));
        else if (name == "--store")
            folder = argv[i + 1];
        else if (name == "--workload")
            only = argv[i + 1];
        else
        {
            std::fprintf(stderr, "bench_execute: what is %s?\n", argv[i]);
            return 2;
        }
    }
    run_senders(options, threads);
    for (const workload::Kind kind : workload::all_kinds)
    {
        options.kind = kind;
        if (only.empty() || only == workload::name_of(kind))
            run(options, count, threads, folder);
    }
    return 0;
}
