// mote-evm block: executes a block of a file, one transaction after the other or on several threads.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "block/parallel.hpp"
#include "block/receipts.hpp"
#include "block/sequential.hpp"
#include "block_file.hpp"
#include "commands.hpp"
#include "trace_writer.hpp"

namespace mote::evm_tool
{
namespace
{
using Ordered = nlohmann::ordered_json;

void print(const Ordered& object)
{
    std::printf("%s\n", object.dump(-1, ' ', false, Ordered::error_handler_t::replace).c_str());
}

void print_outcome(const Common& common, std::size_t index, const block::Outcome& outcome)
{
    if (!common.json)
    {
        if (outcome.executed())
            std::printf("%6zu  %-28s gas %llu\n", index, evm::name_of(outcome.halt),
                        static_cast<unsigned long long>(outcome.gas_used));
        else
            std::printf("%6zu  refused: %s\n", index, evm::text_of(outcome.refusal));
        return;
    }
    Ordered line = {{"index", index}};
    if (!outcome.executed())
    {
        line["refused"] = evm::name_of(outcome.refusal);
        return print(line);
    }
    line["sender"] = hex_of(outcome.sender.bytes);
    line["type"] = static_cast<int>(outcome.type);
    line["result"] = evm::name_of(outcome.halt);
    line["gasUsed"] = outcome.gas_used;
    line["cumulativeGasUsed"] = outcome.cumulative_gas;
    if (outcome.creates && outcome.halt == evm::Halt::success)
        line["created"] = hex_of(outcome.created.bytes);
    line["logs"] = outcome.logs.size();
    line["receipt"] = hex_of(block::encode_receipt(outcome));
    print(line);
}

void check(evm::Fault fault)
{
    if (fault != evm::Fault::none)
        throw std::runtime_error("the block needs more memory than the machine has");
}

void write(const std::string& name, const BlockFile& file, const block::AccessLists& access)
{
    block::Block out = file.block;
    out.access = access;
    const std::vector<std::uint8_t> bytes = block::encode(out);
    std::ofstream stream(name, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream)
        throw std::runtime_error(name + ": cannot be written");
}
}  // namespace

int run_block(const Common& common, const BlockOptions& options)
{
    constexpr int good = 0, answer_no = 1;
    if (common.trace && options.threads != 0)
        throw std::runtime_error("a trace is of one transaction after the other");
    const BlockFile file = read_block(options.name, options.pre, common.fork);
    const block::Header& header = file.block.header;
    const block::PreparedList prepared =
        block::prepare(file.block.transactions, header.fork, std::max(options.threads, 1U));
    MapState state = file.before;
    block::ParallelResult result;
    if (options.threads == 0)
    {
        TraceWriter writer(stdout, common.memory);
        block::SequentialExecutor executor;
        check(executor.execute(header, prepared.transactions(), state, result.outcomes,
                               result.changes, common.trace ? &writer : nullptr));
    }
    // Who accesses what comes from the parallel way.
    bool lists_good = true;
    if (options.threads != 0 || file.has_access || !options.write.empty())
    {
        block::Predictions predictions =
            file.has_access ? block::predictions_of(file.block.access, prepared.transactions())
                            : block::predict(header, prepared.transactions());
        block::ParallelExecutor executor;
        check(executor.execute(header, prepared.transactions(), predictions.get(), state,
                               std::max(options.threads, 1U), result));
        lists_good = !file.has_access || result.access == file.block.access;
    }
    for (std::size_t i = 0; i < result.outcomes.size(); ++i)
        print_outcome(common, i, result.outcomes[i]);
    if (!options.write.empty())
        write(options.write, file, result.access);
    apply(result.changes, state);

    std::size_t executed = 0;
    for (const block::Outcome& outcome : result.outcomes)
        executed += outcome.executed() ? 1 : 0;
    const std::uint64_t gas = result.outcomes.empty() ? 0 : result.outcomes.back().cumulative_gas;
    Ordered sum = {{"executed", executed},
                   {"refused", result.outcomes.size() - executed},
                   {"gasUsed", gas},
                   {"receiptsRoot", hex_of(block::receipts_root(result.outcomes))},
                   {"stateRoot", hex_of(state.root())}};
    if (options.threads != 0)
        sum["executedAgain"] = result.counters.executed_again;
    if (!lists_good)
        sum["why"] = "the access lists are not those of the execution";
    if (common.json)
        print(sum);
    else
        for (const auto& [key, value] : sum.items())
            std::printf(
                "%-14s %s\n", key.c_str(),
                value.is_string() ? value.get<std::string>().c_str() : value.dump().c_str());
    return lists_good ? good : answer_no;
}
}  // namespace mote::evm_tool
