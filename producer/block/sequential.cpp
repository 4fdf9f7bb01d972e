#include "block/sequential.hpp"

namespace mote::block
{
namespace
{
void take_logs(const evm::Journal& journal, Outcome& out)
{
    for (std::uint32_t i = 0; i < journal.logs().size(); ++i)
    {
        const evm::Log& log = journal.logs()[i];
        out.logs.push_back({log.address, log.topic_count, log.topics,
                            static_cast<std::uint32_t>(out.log_data.size()),
                            static_cast<std::uint32_t>(log.data.size())});
        out.log_data.insert(out.log_data.end(), log.data.begin(), log.data.end());
    }
}
}  // namespace

void execute_one(evm::Machine& machine, const Prepared& transaction, std::uint64_t gas_before,
                 Outcome& out)
{
    out = {};
    out.type = transaction.transaction.type;
    out.sender = transaction.sender;
    out.cumulative_gas = gas_before;
    out.refusal = transaction.refusal;
    if (!out.executed())
        return;
    if (transaction.transaction.gas_limit > machine.block.gas_limit - gas_before)
    {
        out.refusal = evm::Refusal::gas_limit_above_block;
        return;
    }
    evm::Receipt receipt;
    out.refusal = evm::execute(machine, transaction.transaction, transaction.sender, receipt);
    if (!out.executed() || machine.journal().fault() != evm::Fault::none)
        return;
    out.halt = receipt.halt;
    out.gas_used = receipt.gas_used;
    out.cumulative_gas += receipt.gas_used;
    out.creates = transaction.transaction.creates;
    if (out.halt == evm::Halt::success)
        out.created = receipt.created;
    take_logs(machine.journal(), out);
}

SequentialExecutor::SequentialExecutor(const evm::MemoryLimits& limits, std::uint64_t seed)
    : memory_(limits), seed_(seed)
{
}
SequentialExecutor::~SequentialExecutor() = default;

evm::Fault SequentialExecutor::execute(const Header& header, std::span<const Prepared> transactions,
                                       evm::StateView& view, std::vector<Outcome>& outcomes,
                                       StateChanges& changes, evm::Tracer* tracer)
{
    if (machine_ == nullptr || machine_->fork() != header.fork || machine_->tracer() != tracer)
        machine_ = std::make_unique<evm::Machine>(memory_.get(), header.fork, seed_, tracer);
    evm::Machine& machine = *machine_;
    machine.block = context_of(header);
    machine.journal().clear(view);
    outcomes.resize(transactions.size());
    std::uint64_t gas = 0;
    for (std::size_t i = 0; i < transactions.size(); ++i)
    {
        execute_one(machine, transactions[i], gas, outcomes[i]);
        if (machine.journal().fault() != evm::Fault::none)
            return machine.journal().fault();
        gas = outcomes[i].cumulative_gas;
    }
    return take_changes(machine.journal(), changes) ? evm::Fault::none : evm::Fault::unavailable;
}
}  // namespace mote::block
