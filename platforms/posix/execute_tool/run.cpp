#include "run.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <memory>
#include <set>
#include <stdexcept>

#include "block/parallel.hpp"
#include "block/receipts.hpp"
#include "block/sequential.hpp"
#include "builder.hpp"
#include "chain_state.hpp"
#include "hash/keccak.hpp"
#include "json_values.hpp"
#include "workload/dump.hpp"

namespace mote::execute_tool
{
namespace
{
using Clock = std::chrono::steady_clock;

constexpr std::size_t drawn_max = 200;           // runs
constexpr std::uint64_t gas_for_each = 200'000;  // above every limit in the workloads
constexpr std::array kind_names = {"payment", "token transfer", "swap", "mint"};

std::uint32_t kind_of(const evm::Transaction& t)
{
    if (t.data.empty())
        return 0;
    return t.data[0] == 0xa9 ? 1 : t.data.size() == 4 ? 3 : 2;
}

std::string hex(Bytes bytes) { return evm_tool::hex_of(bytes).substr(2); }

/// One block, executed in every way on a state that stays as it is.
struct Executions
{
    std::vector<block::Outcome> outcomes;
    block::StateChanges changes;
    block::ParallelResult parallel, replay;
    evm::Hash block_hash{};

    [[nodiscard]] bool equal() const
    {
        const evm::Hash root = block::receipts_root(outcomes);
        return parallel.outcomes == outcomes && replay.outcomes == outcomes &&
               parallel.changes == changes && replay.changes == changes &&
               parallel.access == replay.access &&
               block::receipts_root(parallel.outcomes) == root &&
               block::receipts_root(replay.outcomes) == root;
    }
};

double seconds_of(const std::function<evm::Fault()>& execute)
{
    const auto start = Clock::now();
    if (execute() != evm::Fault::none)
        throw std::runtime_error("a block could not be executed: state or memory is missing");
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Who reads what whom wrote.
std::vector<report::Dependency> dependencies_of(const block::AccessLists& access,
                                                const std::set<std::uint32_t>& transactions)
{
    // Of each key the last writer, and who credited since.
    std::vector<std::vector<std::uint32_t>> writers(access.keys.size());
    std::vector<report::Dependency> out;
    for (const std::uint32_t i : transactions)
    {
        std::set<std::uint32_t> before;
        for (const block::AccessEntry& entry : access.of(i))
            if (entry.mode == fafo::Mode::read || entry.mode == fafo::Mode::write)
                before.insert(writers[entry.key].begin(), writers[entry.key].end());
        for (const std::uint32_t writer : before)
            out.push_back({writer, i});
        for (const block::AccessEntry& entry : access.of(i))
        {
            if (entry.mode == fafo::Mode::credit)
                writers[entry.key].push_back(i);
            else if (entry.mode != fafo::Mode::read)
                writers[entry.key] = {i};
        }
    }
    return out;
}

/// The first runs of a block.
Schedule schedule_of(std::uint64_t number, const block::Timeline& timeline,
                     const block::AccessLists& access,
                     std::span<const block::Prepared> transactions)
{
    Schedule out;
    out.block = number;
    std::set<std::uint32_t> ran;
    for (const block::TimedRun& run : timeline.runs())
    {
        if (out.runs.size() == drawn_max)
            break;
        const double start = static_cast<double>(run.start_ns) / 1000,
                     end = static_cast<double>(run.end_ns) / 1000;
        const std::uint32_t kind = kind_of(transactions[run.transaction].transaction);
        const bool again = !ran.insert(run.transaction).second;
        out.runs.push_back({run.transaction, run.worker, start, end, again, kind,
                            "transaction " + std::to_string(run.transaction) + ", " +
                                kind_names.at(kind) + ", " +
                                std::to_string(run.end_ns - run.start_ns) + " ns"});
    }
    out.dependencies = dependencies_of(access, ran);
    return out;
}

class Runner
{
  public:
    Runner(const Options& options, Listener& listener) : options_(options), listener_(listener)
    {
        listener_.preparing("deriving the keys of accounts");
        workload_ = std::make_unique<workload::Workload>(options.workload);
        listener_.preparing("making the first state");
        const std::vector<workload::GenesisAccount> genesis = workload_->genesis();
        state_ = options.folder.empty()
                     ? make_memory_state(genesis)
                     : make_store_state(genesis, options.folder, options.threads);
        builder_ = std::make_unique<Builder>(options, *workload_, header_of(1).gas_limit);
        result_.workload = workload::name_of(options.workload.kind);
        result_.state_kind = options.folder.empty() ? "memory" : "qmdb";
        result_.seed = options.workload.seed;
        result_.accounts = options.workload.accounts;
        result_.threads = options.threads;
        result_.kinds = {kind_names.begin(), kind_names.end()};
    }

    void block(std::uint64_t number)
    {
        if (number == 1)
            listener_.preparing("signing the first block");
        BlockResult out;
        out.number = number;
        const block::Header header = header_of(number);
        Builder::Draft draft = builder_->build(header, state_->view(), parallel_, out);
        std::vector<Bytes> bytes;
        bytes.reserve(draft.transactions.size());
        for (const workload::SignedTransaction& one : draft.transactions)
            bytes.emplace_back(one.bytes);
        out.transactions = bytes.size();
        // Decoded again; the senders are known.
        const block::PreparedList prepared =
            block::prepare(bytes, header.fork, options_.threads, &builder_->senders());
        const std::span<const fafo::Predicted> predicted = draft.predicted.get();
        Executions done;
        // The first block also meets memory that nobody has touched.
        if (number == 1)
            execute(header, bytes, prepared.transactions(), predicted, done, out);
        execute(header, bytes, prepared.transactions(), predicted, done, out);
        out.equal = done.equal();
        out.receipts_root = hex(block::receipts_root(done.outcomes));
        for (const block::Outcome& outcome : done.outcomes)
        {
            out.refused += outcome.executed() ? 0 : 1;
            out.reverted += outcome.executed() && outcome.halt != evm::Halt::success ? 1 : 0;
            out.gas += outcome.gas_used;
        }
        if (options_.draw && number == std::min<std::uint64_t>(2, options_.blocks))
            draw(header, prepared.transactions(), predicted, done.parallel.access);
        out.state = state_->apply(number, done.changes, done.replay.changes, done.block_hash);
        out.equal = out.equal && !out.state.empty();
        builder_->end_block(done.parallel.access, done.outcomes, out);
        result_.blocks.push_back(std::move(out));
        listener_.executed(result_);
    }

    Result& result() { return result_; }

  private:
    // The block of workload::first_block(), and those after it.
    [[nodiscard]] block::Header header_of(std::uint64_t number) const
    {
        const evm::BlockContext first =
            workload::first_block(options_.workload, gas_for_each * options_.transactions);
        block::Header header;
        header.number = number;
        header.timestamp = first.timestamp + number - first.number;
        header.gas_limit = first.gas_limit;
        header.chain_id = options_.workload.chain_id;
        header.base_fee = first.base_fee;
        header.prev_randao = evm::to_hash(first.prev_randao);
        header.coinbase = first.coinbase;
        return header;
    }

    void execute(const block::Header& header, std::span<const Bytes> bytes,
                 std::span<const block::Prepared> transactions,
                 std::span<const fafo::Predicted> predicted, Executions& done, BlockResult& out)
    {
        done = {};
        const auto one_by_one = [&]
        {
            out.seconds[0] = seconds_of(
                [&]
                {
                    return sequential_.execute(header, transactions, state_->view(), done.outcomes,
                                               done.changes);
                });
        };
        // What is in the cache favours who comes second: they take turns.
        if (header.number % 2 == 1)
            one_by_one();
        out.seconds[1] = seconds_of(
            [&]
            {
                return parallel_.execute(header, transactions, predicted, state_->view(),
                                         options_.threads, done.parallel);
            });
        publish(header, bytes, transactions, done, out);
        if (header.number % 2 == 0)
            one_by_one();
        out.executed_again[1] = done.parallel.counters.executed_again;
        out.executed_again[2] = done.replay.counters.executed_again;
        out.accesses = done.parallel.access.entries.size();
    }

    /// The block as bytes, and its execution by who gets them.
    void publish(const block::Header& header, std::span<const Bytes> bytes,
                 std::span<const block::Prepared> transactions, Executions& done, BlockResult& out)
    {
        const std::vector<std::uint8_t> encoded =
            block::encode({header, {bytes.begin(), bytes.end()}, done.parallel.access});
        out.block_bytes = encoded.size();
        done.block_hash = hash::keccak_256(encoded);
        block::Block got;
        if (block::decode(encoded, got) != block::BlockError::none)
            throw std::logic_error("a block that was encoded does not decode");
        out.seconds[2] = seconds_of(
            [&]
            {
                block::Predictions known = block::predictions_of(got.access, transactions);
                return parallel_.execute(got.header, transactions, known.get(), state_->view(),
                                         options_.threads, done.replay);
            });
    }

    /// Executes a block once more in both parallel ways, which costs them two looks at the clock each
    /// transaction.
    void draw(const block::Header& header, std::span<const block::Prepared> transactions,
              std::span<const fafo::Predicted> predicted, const block::AccessLists& access)
    {
        const auto one = [&](std::span<const fafo::Predicted> how)
        {
            block::ParallelResult result;
            block::Timeline timeline;
            static_cast<void>(seconds_of(
                [&]
                {
                    return parallel_.execute(header, transactions, how, state_->view(),
                                             options_.threads, result, &timeline);
                }));
            return schedule_of(header.number, timeline, access, transactions);
        };
        block::Predictions known = block::predictions_of(access, transactions);
        result_.parallel = one(predicted);
        result_.replay = one(known.get());
    }

    const Options& options_;
    Listener& listener_;
    std::unique_ptr<workload::Workload> workload_;
    std::unique_ptr<ChainState> state_;
    std::unique_ptr<Builder> builder_;
    block::SequentialExecutor sequential_;
    block::ParallelExecutor parallel_;
    Result result_;
};
}  // namespace

void dump(const Options& options, const std::string& file)
{
    workload::Workload workload(options.workload);
    const std::vector<workload::GenesisAccount> genesis = workload.genesis();
    std::ofstream out(file, std::ios::binary);
    workload::write_json(
        out, options.workload, genesis,
        workload::first_block(options.workload, gas_for_each * options.transactions),
        workload.next(options.transactions));
    out.close();
    if (!out)
        throw std::runtime_error("cannot write " + file);
}

Result run(const Options& options, Listener& listener, const volatile std::sig_atomic_t& stop)
{
    Runner runner(options, listener);
    for (std::uint64_t number = 1; number <= options.blocks && stop == 0; ++number)
        runner.block(number);
    runner.result().interrupted = stop != 0;
    return std::move(runner.result());
}
}  // namespace mote::execute_tool
