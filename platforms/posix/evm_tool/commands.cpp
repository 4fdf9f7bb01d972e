#include "commands.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "block_test.hpp"
#include "hash/keccak.hpp"
#include "state_test.hpp"
#include "trace_writer.hpp"

namespace mote::evm_tool
{
namespace
{
using Ordered = nlohmann::ordered_json;

constexpr int good = 0, answer_no = 1, malformed = 2;

void print(const Ordered& object)
{
    std::printf("%s\n", object.dump(-1, ' ', false, Ordered::error_handler_t::replace).c_str());
}

[[nodiscard]] evm::Fork fork_or_throw(const std::string& name)
{
    if (name.empty())
        return evm::newest_fork;
    const std::optional<evm::Fork> fork = fork_of(name);
    if (!fork)
        throw std::runtime_error("no fork is called " + name);
    return *fork;
}

[[nodiscard]] Json read_json(const std::string& name)
{
    std::ifstream file(name);
    if (!file)
        throw std::runtime_error(name + ": cannot be opened");
    try
    {
        return Json::parse(file);
    }
    catch (const Json::exception& error)
    {
        throw std::runtime_error(name + ": " + error.what());
    }
}

[[nodiscard]] std::vector<std::string> files_of(const StateTests& tests)
{
    std::vector<std::string> files;
    for (const std::string& name : tests.names)
    {
        if (!std::filesystem::is_directory(name))
        {
            files.push_back(name);
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(name))
            if (entry.is_regular_file() && entry.path().extension() == ".json")
                files.push_back(entry.path().string());
    }
    for (const std::string& skipped : tests.skip)
        std::erase_if(files, [&](const std::string& file)
                      { return file.find(skipped) != std::string::npos; });
    std::sort(files.begin(), files.end());
    return files;
}

void print_case(const Common& common, const std::string& file, const CaseResult& result)
{
    if (common.json)
    {
        Ordered line = {{"file", file},
                        {"test", result.test},
                        {"fork", result.fork},
                        {"index", result.index},
                        {"pass", result.passed},
                        {"stateRoot", hex_of(result.root)},
                        {"gasUsed", result.receipt.gas_used},
                        {"result", evm::name_of(result.receipt.halt)}};
        if (result.refusal != evm::Refusal::none)
            line["refused"] = evm::name_of(result.refusal);
        if (!result.passed)
            line["why"] = result.why;
        print(line);
        return;
    }
    std::printf("%s  %s %s[%zu]%s%s\n", result.passed ? "ok  " : "FAIL", result.test.c_str(),
                result.fork.c_str(), result.index, result.passed ? "" : ": ", result.why.c_str());
}

void print_outcome(const Common& common, const Ordered& fields)
{
    if (common.json)
        return print(fields);
    for (const auto& [key, value] : fields.items())
        std::printf("%-12s %s\n", key.c_str(),
                    value.is_string() ? value.get<std::string>().c_str() : value.dump().c_str());
}
}  // namespace

int run_state_tests(const Common& common, const StateTests& tests)
{
    TraceWriter writer(stdout, common.memory);
    StateTestOptions options;
    options.only_test = tests.only;
    if (!common.fork.empty())
        options.only_fork = name_of(fork_or_throw(common.fork));
    if (common.trace)
        options.tracer = &writer;
    StateTestRunner runner(options);
    std::size_t passed = 0, failed = 0, unreadable = 0;
    for (const std::string& file : files_of(tests))
    {
        try
        {
            for (const CaseResult& result : runner.run(read_json(file)))
            {
                ++(result.passed ? passed : failed);
                if (!tests.quiet || !result.passed)
                    print_case(common, file, result);
            }
        }
        catch (const std::exception& error)
        {
            ++unreadable;
            std::fprintf(stderr, "mote-evm: %s: %s\n", file.c_str(), error.what());
        }
    }
    if (common.json)
        print({{"passed", passed},
               {"failed", failed},
               {"unreadable", unreadable},
               {"skipped", runner.skipped()}});
    else
        std::printf("%zu passed, %zu failed, %zu of unknown forks, %zu files unreadable\n", passed,
                    failed, runner.skipped(), unreadable);
    if (unreadable != 0 || passed + failed == 0)
        return malformed;
    return failed == 0 ? good : answer_no;
}

int run_block_test_files(const Common& common, const StateTests& tests)
{
    if (common.trace || !common.fork.empty())
        throw std::runtime_error("block tests say under which rules they run, and are not traced");
    std::size_t passed = 0, failed = 0, unreadable = 0, blocks = 0, refused = 0;
    for (const std::string& file : files_of(tests))
    {
        try
        {
            for (const BlockCaseResult& result : run_block_tests(read_json(file), tests.only))
            {
                ++(result.passed ? passed : failed);
                blocks += result.blocks;
                refused += result.refused;
                if (tests.quiet && result.passed)
                    continue;
                if (common.json)
                    print({{"file", file},
                           {"test", result.test},
                           {"network", result.network},
                           {"pass", result.passed},
                           {"blocks", result.blocks},
                           {"refused", result.refused},
                           {"why", result.why}});
                else
                    std::printf("%s  %s%s%s\n", result.passed ? "ok  " : "FAIL",
                                result.test.c_str(), result.passed ? "" : ": ", result.why.c_str());
            }
        }
        catch (const std::exception& error)
        {
            ++unreadable;
            std::fprintf(stderr, "mote-evm: %s: %s\n", file.c_str(), error.what());
        }
    }
    if (common.json)
        print({{"passed", passed},
               {"failed", failed},
               {"unreadable", unreadable},
               {"blocks", blocks},
               {"refused", refused}});
    else
        std::printf("%zu passed, %zu failed, %zu files unreadable; %zu blocks taken, %zu refused\n",
                    passed, failed, unreadable, blocks, refused);
    if (unreadable != 0 || passed + failed == 0)
        return malformed;
    return failed == 0 ? good : answer_no;
}

int run_program(const Common& common, const Program& program)
{
    const evm::Fork fork = fork_or_throw(common.fork);
    const std::vector<std::uint8_t> input = bytes_of(program.input);
    MapState state;
    evm::Address to;
    to.bytes[19] = 0xcc;
    evm::Address from;
    from.bytes[19] = 0xaa;
    state.set_code(state.accounts[to], bytes_of(program.code));
    const evm::Word value = word_of(program.value);
    state.accounts[from].balance = value;

    TraceWriter writer(stdout, common.memory);
    const evm::HostedMemory memory;
    const auto machine =
        std::make_unique<evm::Machine>(memory.get(), fork, 0, common.trace ? &writer : nullptr);
    machine->journal().clear(state);
    machine->journal().begin_transaction();
    machine->block.number = 1;
    machine->block.gas_limit = program.gas;
    machine->transaction.origin = from;
    evm::Message message;
    message.gas = static_cast<std::int64_t>(program.gas);
    message.sender = from;
    message.recipient = message.code_address = to;
    message.value = value;
    message.input = input;
    const evm::Outcome outcome = machine->run(message);
    if (machine->journal().fault() != evm::Fault::none)
        throw std::runtime_error("the program needs more memory than the machine has");
    print_outcome(common, {{"result", evm::name_of(outcome.halt)},
                           {"gasUsed", program.gas - static_cast<std::uint64_t>(outcome.gas_left)},
                           {"output", hex_of(outcome.output)}});
    return outcome.halt == evm::Halt::success ? good : answer_no;
}

int run_transaction(const Common& common, const std::string& name)
{
    const Json file = read_json(name);
    const evm::Fork fork = fork_or_throw(common.fork.empty() && file.contains("fork")
                                             ? file.at("fork").get<std::string>()
                                             : common.fork);
    const std::vector<std::uint8_t> bytes = bytes_of(file.at("tx").get<std::string>());
    std::vector<evm::Word> memory(bytes.size() / 4 + 64);  // aligned, four times the input
    // A vector of words is aligned to 8; an arena wants 16.
    void* start = memory.data();
    std::size_t room = memory.size() * sizeof(evm::Word);
    std::align(Arena::alignment, 1, start, room);
    Arena arena(start, room);
    evm::Transaction transaction;
    evm::Address sender;
    evm::Refusal refusal = evm::decode(bytes, arena, transaction);
    if (refusal == evm::Refusal::none)
        refusal = evm::recover_sender(transaction, fork, sender);
    Ordered out = {{"hash", hex_of(hash::keccak_256(bytes))}};
    const auto refuse = [&]
    {
        out["refused"] = evm::name_of(refusal);
        out["why"] = evm::text_of(refusal);
        print_outcome(common, out);
        return answer_no;
    };
    if (refusal != evm::Refusal::none)
        return refuse();
    out["sender"] = hex_of(sender.bytes);
    out["type"] = static_cast<int>(transaction.type);
    out["nonce"] = transaction.nonce;
    out["gasLimit"] = transaction.gas_limit;
    out["intrinsicGas"] = evm::intrinsic_gas(transaction, fork).gas;
    if (!file.contains("pre") || !file.contains("env"))
    {
        print_outcome(common, out);
        return good;
    }

    MapState state = state_of(file.at("pre"));
    TraceWriter writer(stdout, common.memory);
    const evm::HostedMemory machine_memory;
    const auto machine = std::make_unique<evm::Machine>(machine_memory.get(), fork, 0,
                                                        common.trace ? &writer : nullptr);
    machine->block = block_of(file.at("env"), file.value("config", Json::object()), fork);
    machine->journal().clear(state);
    evm::Receipt receipt;
    refusal = evm::execute(*machine, transaction, sender, receipt);
    if (machine->journal().fault() != evm::Fault::none)
        throw std::runtime_error("the transaction needs more memory than the machine has");
    if (refusal != evm::Refusal::none)
        return refuse();
    state.apply(machine->journal());
    out["result"] = evm::name_of(receipt.halt);
    out["gasUsed"] = receipt.gas_used;
    out["output"] = hex_of(receipt.output);
    if (transaction.creates && receipt.halt == evm::Halt::success)
        out["created"] = hex_of(receipt.created.bytes);
    out["logsHash"] = hex_of(logs_hash(machine->journal()));
    out["stateRoot"] = hex_of(state.root());
    print_outcome(common, out);
    return receipt.halt == evm::Halt::success ? good : answer_no;
}
}  // namespace mote::evm_tool
