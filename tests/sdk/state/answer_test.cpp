#include "state/answer.hpp"

#include <catch2/catch.hpp>

#include "sdk/state/state_support.hpp"
#include "tools/effort.hpp"

using namespace mote::state;
using namespace state_test;
namespace model = mote::test::model;

namespace
{
// A history with all its states, small enough that every question can be asked.
struct History
{
    std::vector<model::State> after;  // after[h]: the state after block h
    std::vector<Octets> keys;

    History()
    {
        mote::test::SplitMix random(21);
        for (std::uint64_t n = 0; n < 40; ++n)
            keys.push_back(mote::test::key_of_number(n, 20));
        model::State state;
        after.push_back(state);
        for (std::uint64_t height = 1; height <= 12; ++height)
        {
            std::vector<Op> ops;
            for (std::uint64_t i = 0; i < 12; ++i)
            {
                Op op = {keys[random.below(30)], std::nullopt};
                if (random.below(3) != 0)
                    op.value = random.bytes(random.below(4));
                ops.push_back(op);
            }
            state.apply(height, ops);
            after.push_back(state);
        }
    }
};
const History& history()
{
    static const History made;
    return made;
}

std::string truth(const model::State& state, const Octets& key, Octets& value)
{
    const auto found = state.get(key);
    value = found.value_or(Octets{});
    return found ? "present" : "absent";
}
}  // namespace

TEST_CASE("the entry of a key, or the one that covers it, answers")
{
    const model::State& state = history().after.back();
    for (const Octets& key : history().keys)
    {
        const model::Hash hash = model::hash_of_key(key);
        const unsigned s = hash[0] >> 4;
        const Holder proof(state.prove({{{s, {state.shards[s].find(hash).sn}}}, {}}), state.root());
        REQUIRE(proof.status == Status::ok);
        Octets value, expected;
        CHECK(answer_text(proof.opened, key, nullptr, value) == truth(state, key, expected));
        CHECK(value == expected);
    }
}

TEST_CASE("one entry never makes a wrong answer, whichever it is, now and for every height")
{
    const model::State& state = history().after.back();
    mote::test::Thinned thinned;
    std::size_t proven = 0;
    for (const model::Shard& shard : state.shards)
        for (std::uint64_t a = 0; a < shard.next_sn(); ++a)
            for (std::uint64_t b = a; b < shard.next_sn(); ++b)
            {
                if (!thinned.next())
                    continue;
                const Holder proof(state.prove({{{shard.number(), {a, b}}}, {}}), state.root());
                REQUIRE(proof.status == Status::ok);
                for (const Octets& key : history().keys)
                {
                    Octets value, expected;
                    std::string said = answer_text(proof.opened, key, nullptr, value);
                    if (said != "unproven")
                    {
                        REQUIRE(said == truth(state, key, expected));
                        REQUIRE(value == expected);
                    }
                    for (std::size_t h = 0; h < history().after.size(); h += 3)
                    {
                        said = answer_text(proof.opened, key, h, value);
                        if (said == "unproven")
                            continue;
                        ++proven;
                        REQUIRE(said == truth(history().after[h], key, expected));
                        REQUIRE(value == expected);
                    }
                }
            }
    CHECK(proven > 100);
}

TEST_CASE("the past of every key is proven by its entry and the one that names it")
{
    const model::State& state = history().after.back();
    for (std::size_t h = 0; h < history().after.size(); ++h)
        for (const Octets& key : history().keys)
        {
            const model::Hash hash = model::hash_of_key(key);
            const unsigned s = hash[0] >> 4;
            const model::Shard& then = history().after[h].shards[s];
            const std::uint64_t sn = then.find(hash).sn;
            std::set<std::uint64_t> sns = {sn};
            const auto& log = state.shards[s].log;
            for (std::uint64_t other = sn + 1; other < log.size(); ++other)
            {
                Entry entry;
                Fault fault;
                REQUIRE(decode_entry(log[other].bytes, entry, fault) == Status::ok);
                if (entry.names(sn))
                    sns.insert(other);
            }
            REQUIRE(sns.size() == (log[sn].active ? 1 : 2));
            const Holder proof(state.prove({{{s, sns}}, {}}), state.root());
            Octets value, expected;
            REQUIRE(answer_text(proof.opened, key, h, value) ==
                    truth(history().after[h], key, expected));
            REQUIRE(value == expected);
        }
}

TEST_CASE("what cannot be a key, or lies in a shard that is not opened, is unproven")
{
    const model::State& state = history().after.back();
    const Holder proof(state.prove({{{3, {0}}}, {}}), state.root());
    Octets value;
    CHECK(answer_text(proof.opened, {}, nullptr, value) == "unproven");
    CHECK(answer_text(proof.opened, Octets(256), nullptr, value) == "unproven");
    CHECK(answer_text(Opened{}, {1}, nullptr, value) == "unproven");
    for (std::uint8_t i = 0; i < 100; ++i)
        if (model::State::shard_of({i}) != 3)
            CHECK(answer_text(proof.opened, {i}, nullptr, value) == "unproven");
}
