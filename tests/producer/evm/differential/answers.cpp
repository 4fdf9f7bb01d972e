// What the machine makes of calls, for another machine to be compared with: a case a line on standard input, an
// answer a line on standard output.
//
//   {"fork", "env", "pre", as state tests have them; "from", "to", "value", "gas", "input",
//    "warm": [ADDRESS..], optional "trace": true}
//   {"status": "success", "revert" or "halt", "why", "gasLeft", "refund", "output",
//    "logs": [{"address", "topics", "data"}], "accounts": {ADDRESS: {"nonce", "balance", "code", "storage"}}}
//
// The call is a message and no transaction: nothing is charged before it and the sender's nonce stays. With
// "trace" the lines of EIP-3155 come before the answer.
//
// Exit status: 0 all answered, 2 a line is no case.
#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "evm/hosted_memory.hpp"
#include "json_values.hpp"
#include "map_state.hpp"
#include "state_test.hpp"
#include "trace_writer.hpp"

using namespace mote;
using evm_tool::hex_of;
using evm_tool::Json;

namespace
{
class Answers
{
  public:
    [[nodiscard]] Json of(const Json& one)
    {
        const auto fork = evm_tool::fork_of(one.at("fork").get<std::string>());
        if (!fork)
            throw std::runtime_error("no such fork");
        const bool traced = one.value("trace", false);
        if (!machine_ || machine_->fork() != *fork || traced || was_traced_)
            machine_ = std::make_unique<evm::Machine>(memory_.get(), *fork, 0,
                                                      traced ? &writer_ : nullptr);
        was_traced_ = traced;
        evm_tool::MapState state = evm_tool::state_of(one.at("pre"));
        evm::Journal& journal = machine_->journal();
        machine_->block = evm_tool::block_of(one.at("env"), Json::object(), *fork);
        journal.clear(state);
        journal.begin_transaction();
        machine_->codes().make_room(std::size_t{4} << 20);
        for (const Json& address : one.at("warm"))
            journal.warm_account(journal.account(evm_tool::address_of(address)));
        const std::vector<std::uint8_t> input =
            evm_tool::bytes_of(one.at("input").get<std::string>());
        evm::Message message;
        message.gas = static_cast<std::int64_t>(evm_tool::u64_of(one.at("gas")));
        message.sender = evm_tool::address_of(one.at("from"));
        message.recipient = message.code_address = evm_tool::address_of(one.at("to"));
        message.value = evm_tool::word_of(one.at("value"));
        message.input = input;
        machine_->transaction = {message.sender, machine_->block.base_fee, {}};
        const evm::Outcome outcome = machine_->run(message);
        if (journal.fault() != evm::Fault::none)
            throw std::runtime_error("the machine ran out of memory");
        return answer(outcome, journal, state);
    }

  private:
    [[nodiscard]] static Json answer(const evm::Outcome& outcome, evm::Journal& journal,
                                     evm_tool::MapState& state)
    {
        Json out;
        out["status"] = outcome.halt == evm::Halt::success  ? "success"
                        : outcome.halt == evm::Halt::revert ? "revert"
                                                            : "halt";
        out["why"] = evm::name_of(outcome.halt);
        out["gasLeft"] = outcome.gas_left;
        out["refund"] = journal.refund();
        out["output"] = hex_of(outcome.output);
        Json& logs = out["logs"] = Json::array();
        for (std::size_t i = 0; i < journal.logs().size(); ++i)
        {
            const evm::Log& log = journal.logs()[static_cast<std::uint32_t>(i)];
            Json topics = Json::array();
            for (std::uint32_t topic = 0; topic < log.topic_count; ++topic)
                topics.push_back(hex_of(log.topics[topic]));
            logs.push_back({{"address", hex_of(log.address.bytes)},
                            {"topics", std::move(topics)},
                            {"data", hex_of(log.data)}});
        }
        journal.end_transaction(true);
        state.apply(journal);
        Json& accounts = out["accounts"] = Json::object();
        for (const auto& [address, account] : state.accounts)
        {
            Json storage = Json::object();
            for (const auto& [key, value] : account.slots)
                storage[hex_of(key)] = hex_of(value);
            accounts[hex_of(address.bytes)] = {{"nonce", account.nonce},
                                               {"balance", hex_of(account.balance)},
                                               {"code", hex_of(Bytes(account.code))},
                                               {"storage", std::move(storage)}};
        }
        return out;
    }

    evm::HostedMemory memory_;
    evm_tool::TraceWriter writer_{stdout};
    std::unique_ptr<evm::Machine> machine_;
    bool was_traced_ = false;
};
}  // namespace

int main()
{
    try
    {
        Answers answers;
        std::string line;
        while (std::getline(std::cin, line))
        {
            std::printf("%s\n", answers.of(Json::parse(line)).dump().c_str());
            static_cast<void>(std::fflush(stdout));
        }
    }
    catch (const std::exception& error)
    {
        std::fprintf(stderr, "evm_answers: %s\n", error.what());
        return 2;
    }
    return 0;
}
