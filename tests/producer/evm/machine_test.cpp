#include "evm/machine.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "evm/execute.hpp"
#include "evm/hosted_memory.hpp"
#include "json_values.hpp"
#include "map_state.hpp"

using namespace mote;
using namespace mote::evm;
using mote::evm_tool::bytes_of;
using mote::evm_tool::MapState;

namespace
{
Address address_of(std::uint8_t n)
{
    Address a;
    a.bytes[19] = n;
    return a;
}

/// A machine over a state in which account 0xcc has code.
struct Fixture
{
    HostedMemory memory;
    MapState state;
    std::unique_ptr<Machine> machine;

    explicit Fixture(const std::string& code, Fork fork = newest_fork, Tracer* tracer = nullptr,
                     const MemoryLimits& limits = {})
        : memory(limits), machine(std::make_unique<Machine>(memory.get(), fork, 1, tracer))
    {
        state.set_code(state.accounts[address_of(0xcc)], bytes_of(code));
        state.accounts[address_of(0xaa)].balance = Word(1'000'000'000);
        machine->journal().clear(state);
        machine->journal().begin_transaction();
    }

    Outcome call(std::int64_t gas, std::uint8_t to = 0xcc, Bytes input = {})
    {
        Message m;
        m.gas = gas;
        m.sender = address_of(0xaa);
        m.recipient = m.code_address = address_of(to);
        m.input = input;
        return machine->run(m);
    }
};

Word word_of(Bytes bytes) { return word_from(bytes); }
}  // namespace

TEST_CASE("a program returns what it computed and pays what it used")
{
    Fixture f("0x600160010160005260206000f3");
    const Outcome o = f.call(100);
    REQUIRE(o.halt == Halt::success);
    REQUIRE(word_of(o.output) == Word(2));
    REQUIRE(o.gas_left == 100 - 24);
    REQUIRE(f.call(24).halt == Halt::success);
    REQUIRE(f.call(23).halt == Halt::out_of_gas);
    REQUIRE(f.call(23).gas_left == 0);
}

TEST_CASE("each way to halt is named")
{
    const std::pair<const char*, Halt> programs[] = {
        {"00", Halt::success},
        {"60006000fd", Halt::revert},
        {"01", Halt::stack_underflow_or_overflow},
        {"600256", Halt::bad_jump},
        {"6001600057600260065700", Halt::bad_jump},
        {"36600256", Halt::bad_jump},
        {"fe", Halt::invalid_instruction},
        {"0c", Halt::invalid_instruction},
        {"21", Halt::invalid_instruction},
        {"6020600060003e", Halt::return_data_out_of_bounds},
        {"5b600056", Halt::out_of_gas},
        {"63ffffffff51", Halt::out_of_gas},
        {"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff51", Halt::out_of_gas},
        {"600160ff1b600052", Halt::success},
        {"5b5a600056", Halt::stack_underflow_or_overflow},
    };
    for (const auto& [code, halt] : programs)
    {
        INFO(code);
        Fixture f(code);
        const Outcome o = f.call(100'000);
        REQUIRE(name_of(o.halt) == std::string(name_of(halt)));
        if (halt != Halt::success && halt != Halt::revert)
            REQUIRE(o.gas_left == 0);
    }
}

TEST_CASE("GAS tells the gas after itself, whatever comes later in the code")
{
    Fixture f("0x5a60005260206000f3");
    REQUIRE(word_of(f.call(1000).output) == Word(998));
}

TEST_CASE("recursion stops at the depth limit, not at the native stack")
{
    // sload(0) + 1 -> sstore(0); delegatecall(gas - 21000, address, 0, 0, 0, 0): slot 0 counts frames.
    // In homestead a call may pass on everything it asks for and has.
    Fixture h("0x6001600054016000556000600060006000305a6152089003f400", Fork::homestead);
    static_cast<void>(h.call(4'000'000'000));
    const Word frames =
        h.machine->journal().slot(h.machine->journal().account(address_of(0xcc)), 0).value;
    REQUIRE(frames == Word(depth_max + 1));
}

TEST_CASE("a failed call returns its gas only when it was not made")
{
    // CALL to 0xdd with value 1, which account 0xcc does not have: no new account is made.
    Fixture f(
        "0x600060006000600060016"
        "0dd61fffff15a60005260206000f3",
        Fork::shanghai);
    const Outcome o = f.call(100'000);
    REQUIRE(o.halt == Halt::success);
    // 9000 and 25,000 are paid, the stipend and what was passed on come back.
    REQUIRE(word_of(o.output) > Word(100'000 - 9000 - 25000 - 2600 - 100));
    REQUIRE_FALSE(f.machine->journal().account(address_of(0xdd)).exists);
}

TEST_CASE("memory that gas paid for but the host does not have is a fault, no halt")
{
    MemoryLimits limits;
    limits.memories = 1 << 20;
    Fixture g(
        "0x600062200000"
        "5200",
        newest_fork, nullptr, limits);
    static_cast<void>(g.call(std::int64_t{1} << 50));
    REQUIRE(g.machine->journal().fault() == Fault::memory);
}

TEST_CASE("a machine without memory says so")
{
    MapState state;
    Machine machine({}, newest_fork, 0);
    machine.journal().clear(state);
    static_cast<void>(machine.run({}));
    REQUIRE(machine.journal().fault() == Fault::memory);
}

TEST_CASE("random programs run alike with and without tracing, and never beyond their gas")
{
    struct Counter final : Tracer
    {
        void instruction(Machine&, const Frame& frame, std::uint32_t) override
        {
            REQUIRE(frame.gas >= 0);
            REQUIRE(frame.top + 1 - frame.items <= stack_items_max);
            ++instructions;
        }
        void enter(const Frame&) override {}
        void leave(const Frame&) override {}
        std::uint64_t instructions = 0;
    } counter;
    std::mt19937_64 random(17);
    const HostedMemory plain_memory, traced_memory;
    // Mostly instructions that succeed, with small operands, so that programs go far.
    const std::uint8_t likely[] = {
        0x60, 0x60, 0x60, 0x01, 0x02, 0x03, 0x04, 0x16, 0x80, 0x81, 0x90, 0x51, 0x52, 0x53, 0x54,
        0x55, 0x56, 0x57, 0x5b, 0x5b, 0x5a, 0x58, 0x20, 0x37, 0x39, 0x3c, 0x5e, 0x5c, 0x5d, 0xa1,
        0xf1, 0xf4, 0xfa, 0xf0, 0xf5, 0x30, 0x33, 0x3d, 0x3e, 0x47, 0x15, 0x19, 0x0a, 0x1b};
    std::uint64_t successes = 0;
    for (int round = 0; round < 3000; ++round)
    {
        const auto fork = static_cast<Fork>(random() % fork_count);
        // Something to work on, or most programs end for want of items.
        std::vector<std::uint8_t> code(60 + random() % 200);
        for (std::size_t i = 0; i < 60; i += 2)
        {
            code[i] = 0x60;
            code[i + 1] = static_cast<std::uint8_t>(random() % 3 == 0 ? 0xcc : random() % 64);
        }
        for (std::size_t i = 60; i < code.size(); ++i)
        {
            code[i] = random() % 16 == 0 ? static_cast<std::uint8_t>(random())
                                         : likely[random() % sizeof likely];
            if (code[i] == 0x60 && i + 1 < code.size())
                code[++i] = static_cast<std::uint8_t>(random() % 3 == 0 ? 0xcc : random() % 64);
        }
        MapState state;
        state.set_code(state.accounts[address_of(0xcc)], code);
        state.accounts[address_of(0xcc)].balance = Word(1000);
        Outcome outcomes[2];
        std::vector<std::uint8_t> outputs[2];
        Hash roots[2];
        const std::int64_t gas = static_cast<std::int64_t>(random() % 300'000);
        for (int traced = 0; traced < 2; ++traced)
        {
            MapState after = state;
            Machine machine((traced != 0 ? traced_memory : plain_memory).get(), fork, 3,
                            traced != 0 ? &counter : nullptr);
            machine.journal().clear(after);
            machine.journal().begin_transaction();
            Message m;
            m.gas = gas;
            m.sender = address_of(0xaa);
            m.recipient = m.code_address = address_of(0xcc);
            m.input = code;
            outcomes[traced] = machine.run(m);
            REQUIRE(machine.journal().fault() == Fault::none);
            outputs[traced].assign(outcomes[traced].output.begin(), outcomes[traced].output.end());
            machine.journal().end_transaction(true);
            after.apply(machine.journal());
            roots[traced] = after.root();
        }
        successes += outcomes[0].halt == Halt::success ? 1 : 0;
        const auto failed = [](Halt h) { return h != Halt::success && h != Halt::revert; };
        // A block may find out a later instruction's failure first, but not another outcome.
        REQUIRE(failed(outcomes[0].halt) == failed(outcomes[1].halt));
        if (!failed(outcomes[0].halt))
            REQUIRE(outcomes[0].halt == outcomes[1].halt);
        REQUIRE(outcomes[0].gas_left == outcomes[1].gas_left);
        REQUIRE(outcomes[0].gas_left >= 0);
        REQUIRE(outcomes[0].gas_left <= gas);
        REQUIRE(outputs[0] == outputs[1]);
        REQUIRE(roots[0] == roots[1]);
    }
    REQUIRE(successes > 20);
    REQUIRE(counter.instructions > 10'000);
}

TEST_CASE("addresses of created contracts are those of the papers")
{
    // EIP-1014's examples, and the first contract of an account.
    Address zero;
    const std::vector<std::uint8_t> init = {0x00};
    REQUIRE(evm_tool::hex_of(Machine::create2_address(zero, Word(0), init).bytes) ==
            "0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38");
    Address sender;
    const auto bytes = bytes_of("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0");
    std::copy(bytes.begin(), bytes.end(), sender.bytes.begin());
    REQUIRE(evm_tool::hex_of(Machine::create_address(sender, 0).bytes) ==
            "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
    REQUIRE(evm_tool::hex_of(Machine::create_address(sender, 1).bytes) ==
            "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8");
}
