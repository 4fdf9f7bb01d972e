#include "evm/code.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "evm/opcodes.hpp"

using namespace mote;
using namespace mote::evm;

namespace
{
/// Memory for an analysis, which it may take no more of than the header says.
struct Analysed
{
    std::vector<Word> memory;
    std::vector<std::uint8_t> raw;
    Code code;
    std::size_t used = 0;
    bool good = false;

    Analysed(std::vector<std::uint8_t> bytes, Fork fork = newest_fork, bool traced = false)
        : memory((50 * bytes.size() + 192) / sizeof(Word) + 2), raw(std::move(bytes))
    {
        auto start = reinterpret_cast<std::uintptr_t>(memory.data());
        start = (start + 15) / 16 * 16;
        Arena arena(reinterpret_cast<void*>(start), 50 * raw.size() + 192);
        good = analyse(raw, fork, traced, arena, code);
        used = arena.used();
    }
};
}  // namespace

TEST_CASE("a block carries the gas and the stack of its instructions")
{
    const Analysed a({0x60, 0x01, 0x60, 0x01, 0x01, 0x00});
    REQUIRE(a.good);
    const Instruction* i = a.code.instructions;
    REQUIRE(i[0].op() == op::block);
    REQUIRE(i[0].argument == 9);
    REQUIRE(i[0].needs() == 0);
    REQUIRE(i[0].grows() == 2);
    REQUIRE(i[1].op() == op::push1);
    REQUIRE(i[1].argument == 1);
    REQUIRE(i[3].op() == 0x01);
    REQUIRE(i[4].op() == op::stop);
}

TEST_CASE("GAS, SSTORE and calls end a block, so that they see exact gas")
{
    for (const std::uint8_t ends :
         std::initializer_list<std::uint8_t>{0x5a, 0x55, 0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa})
    {
        const Analysed a({0x58, ends, 0x58, 0x00});
        REQUIRE(a.code.instructions[0].op() == op::block);
        REQUIRE(a.code.instructions[2].op() == ends);
        REQUIRE(a.code.instructions[3].op() == op::block);
        REQUIRE(a.code.instructions[0].argument == 2U + static_gas(newest_fork)[ends]);
    }
}

TEST_CASE("only a JUMPDEST that is no push data is a destination")
{
    // JUMPDEST; PUSH1 JUMPDEST; STOP; unreachable ADD; JUMPDEST
    const Analysed a({0x5b, 0x60, 0x5b, 0x00, 0x01, 0x5b});
    REQUIRE(a.code.destination(0) == a.code.instructions);
    REQUIRE(a.code.destination(2) == nullptr);
    REQUIRE(a.code.destination(4) == nullptr);
    REQUIRE(a.code.destination(5) != nullptr);
    REQUIRE(a.code.destination(5)->op() == op::block);
    REQUIRE(a.code.destination(6) == nullptr);
    REQUIRE(a.code.destination(UINT64_MAX) == nullptr);
    REQUIRE(a.code.instructions[3].op() == op::block);  // nothing of ADD is left
}

TEST_CASE("a jump to a constant is resolved, or known to be bad")
{
    const Analysed good({0x60, 0x04, 0x56, 0x00, 0x5b, 0x00});
    REQUIRE(good.code.instructions[1].op() == op::push_jump);
    REQUIRE(good.code.instructions + good.code.instructions[1].argument ==
            good.code.destination(4));
    const Analysed bad({0x60, 0x03, 0x56});
    REQUIRE(bad.code.instructions[1].op() == op::bad_jump);
    const Analysed conditional({0x60, 0x01, 0x60, 0x06, 0x57, 0x00, 0x5b});
    REQUIRE(conditional.code.instructions[2].op() == op::push_jumpi);
    // What was pushed before a destination is not known after it.
    const Analysed apart({0x60, 0x02, 0x5b, 0x56});
    REQUIRE(apart.code.instructions[3].op() == op::jump);
}

TEST_CASE("push data that ends with the code goes on with zeros")
{
    const Analysed a({0x63, 0x12, 0x34});
    REQUIRE(a.code.instructions[1].op() == op::push1);
    REQUIRE(a.code.instructions[1].argument == 0x12340000);
    const Analysed b({0x7f, 0xff});
    REQUIRE(b.code.instructions[1].op() == op::push_word);
    REQUIRE(b.code.words[0] == Word(0xff) << 248);
}

TEST_CASE("instructions of later forks are invalid before")
{
    for (std::uint32_t code = 0; code < 256; ++code)
        for (std::uint32_t f = 0; f < fork_count; ++f)
        {
            const auto fork = static_cast<Fork>(f);
            const auto byte = static_cast<std::uint8_t>(code);
            const Analysed a({byte}, fork);
            REQUIRE(a.good);
            if (byte == op::jumpdest)
                continue;
            REQUIRE((a.code.instructions[1].op() == op::invalid) == !defined(byte, fork));
        }
    REQUIRE_FALSE(defined(0x5f, Fork::paris));
    REQUIRE(defined(0x5f, Fork::shanghai));
    REQUIRE_FALSE(defined(op::block, newest_fork));
}

TEST_CASE("any bytes are analysed within the memory the header promises")
{
    std::mt19937_64 random(11);
    const std::uint8_t dense[] = {0x5b, 0x5a, 0x58, 0x57, 0x64, 0x55, 0x00, 0x60};
    for (int round = 0; round < 400; ++round)
    {
        std::vector<std::uint8_t> bytes(random() % 600);
        for (std::uint8_t& byte : bytes)
            byte = round % 2 == 0 ? static_cast<std::uint8_t>(random())
                                  : dense[random() % sizeof dense];
        const Analysed a(bytes);
        REQUIRE(a.good);
        REQUIRE(a.used <= 25 * bytes.size() + 96);
        const Analysed traced(bytes, newest_fork, true);
        REQUIRE(traced.good);
        REQUIRE(traced.used <= 50 * bytes.size() + 192);
    }
}

TEST_CASE("the cache gives the same code again and forgets when it is full")
{
    std::vector<Word> memory(1024);
    CodeCache cache({reinterpret_cast<std::uint8_t*>(memory.data()), memory.size() * sizeof(Word)},
                    newest_fork, false);
    const std::vector<std::uint8_t> raw(500, 0x5b);
    Hash hash{};
    const Code* const first = cache.find(hash, raw);
    REQUIRE(first != nullptr);
    REQUIRE(cache.find(hash, raw) == first);
    REQUIRE(first->raw.data() != raw.data());
    const std::uint64_t before = cache.generation();
    while (cache.find(hash, raw) != nullptr)
    {
        ++hash[0];
        REQUIRE(hash[0] < 100);
    }
    cache.make_room(16384);
    REQUIRE(cache.generation() != before);
    REQUIRE(cache.find(hash, raw) != nullptr);
}
