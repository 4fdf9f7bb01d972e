#include "trace_writer.hpp"

namespace mote::evm_tool
{
namespace
{
std::string hex_of_number(std::uint64_t number) { return hex_of(evm::Word(number)); }
}  // namespace

void TraceWriter::flush(std::int64_t gas_now, const char* error)
{
    if (!pending_)
        return;
    (*pending_)["gasCost"] = hex_of_number(static_cast<std::uint64_t>(gas_before_ - gas_now));
    if (error != nullptr)
        (*pending_)["error"] = error;
    std::fprintf(file_, "%s\n", pending_->dump().c_str());
    pending_.reset();
}

void TraceWriter::instruction(evm::Machine& machine, const evm::Frame& frame,
                              std::uint32_t position)
{
    flush(frame.gas, nullptr);
    const Bytes code = frame.code.raw;
    const std::uint8_t op = position < code.size() ? code[position] : 0;
    nlohmann::ordered_json line;
    line["pc"] = position;
    line["op"] = op;
    line["gas"] = hex_of_number(static_cast<std::uint64_t>(frame.gas));
    line["gasCost"] = "";
    line["memSize"] = frame.memory_bytes;
    if (with_memory_)
        line["memory"] = hex_of({frame.memory, static_cast<std::size_t>(frame.memory_bytes)});
    auto stack = nlohmann::ordered_json::array();
    for (const evm::Word* item = frame.items; item <= frame.top; ++item)
        stack.push_back(hex_of(*item));
    line["stack"] = std::move(stack);
    line["depth"] = frame.message.depth + 1;
    line["returnData"] = hex_of(machine.return_data());
    line["refund"] = hex_of_number(
        static_cast<std::uint64_t>(std::max<std::int64_t>(machine.journal().refund(), 0)));
    line["opName"] = evm::defined(op, machine.fork()) ? evm::opcodes[op].name : "INVALID";
    pending_ = std::move(line);
    gas_before_ = frame.gas;
}

void TraceWriter::enter(const evm::Frame& caller) { flush(caller.gas, nullptr); }

void TraceWriter::leave(const evm::Frame& frame)
{
    const bool good = frame.halt == evm::Halt::success || frame.halt == evm::Halt::revert;
    flush(good ? frame.gas : 0, good ? nullptr : evm::name_of(frame.halt));
}
}  // namespace mote::evm_tool
