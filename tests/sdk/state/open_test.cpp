#include "state/open.hpp"

#include <catch2/catch.hpp>

#include "sdk/state/state_support.hpp"
#include "tools/effort.hpp"

using namespace mote::state;
using namespace state_test;
namespace model = mote::test::model;

namespace
{
// A few hundred keys in all shards, several blocks.
const model::State& sample()
{
    static const model::State state = []
    {
        model::State made;
        mote::test::SplitMix random(11);
        for (std::uint64_t height = 1; height <= 6; ++height)
        {
            std::vector<Op> ops;
            for (int i = 0; i < 150; ++i)
                ops.push_back({mote::test::key_of_number(random.below(300), 20), random.bytes(14)});
            made.apply(height, ops);
        }
        return made;
    }();
    return state;
}

std::size_t log2_chunks(std::uint64_t next_sn)
{
    std::size_t bits = 0;
    for (; next_sn >> 8 >> bits != 0;)
        ++bits;
    return bits;
}
}  // namespace

TEST_CASE("any entries of any shards open together")
{
    const model::State& state = sample();
    mote::test::SplitMix random(5);
    for (int round = 0; round < (mote::test::emulated ? 5 : 60); ++round)
    {
        model::Selection selection;
        const std::uint64_t count = 1 + random.below(40);
        for (std::uint64_t i = 0; i < count; ++i)
        {
            const unsigned s = static_cast<unsigned>(random.below(round % 2 == 0 ? 16 : 2));
            selection.sns[s].insert(random.below(state.shards[s].next_sn()));
        }
        const Holder proof(state.prove(selection), state.root());
        REQUIRE(proof.status == Status::ok);
        REQUIRE(proof.arena.used() <= open_memory_bytes(proof.bytes.size()));
        REQUIRE(proof.opened.section_count == selection.sns.size());
        for (const auto& [s, sns] : selection.sns)
        {
            const Section* section = proof.opened.of_shard(s);
            REQUIRE(section != nullptr);
            REQUIRE(section->entries.size() == sns.size());
            REQUIRE(section->root == state.shards[s].root());
            for (const std::uint64_t sn : sns)
            {
                const OpenedEntry* entry = section->entry(sn);
                REQUIRE(entry != nullptr);
                REQUIRE(entry->active == state.shards[s].log[sn].active);
                REQUIRE(mote::equal_vartime(entry->entry.bytes, state.shards[s].log[sn].bytes));
            }
            REQUIRE(section->entry(state.shards[s].next_sn()) == nullptr);
        }
    }
}

TEST_CASE("a single proof has the size of the formula")
{
    const model::State& state = sample();
    for (const model::Shard& shard : state.shards)
    {
        const std::uint64_t sn = shard.next_sn() / 3;
        const Octets proof = state.prove({{{shard.number(), {sn}}}, {}});
        std::size_t nulls = 0;
        for (unsigned level = 0; level < shard.height(); ++level)
            nulls += (sn >> level ^ 1) << level >= shard.next_sn();
        const std::size_t entry = round_up(shard.log[sn].bytes.size(), 8);
        CHECK(proof.size() == 168 + 32 * (9 + log2_chunks(shard.next_sn())) + entry - 32 * nulls);
    }
}

TEST_CASE("less memory than the size function says is an answer of its own")
{
    const model::State& state = sample();
    const Octets bytes = state.prove({{{3, {0, 1, 5}}, {9, {2}}}, {}});
    const std::size_t all = open_memory_bytes(bytes.size());
    bool seen_ok = false;
    for (std::size_t given = 0; given <= all; given += 16)
    {
        Memory memory(given);
        mote::Arena arena = memory.arena();
        Opened opened;
        Defect defect;
        const Status status = open_proof(bytes, state.root(), arena, opened, defect);
        REQUIRE((status == Status::ok || status == Status::memory_too_small));
        REQUIRE((status == Status::ok || opened.section_count == 0));
        if (seen_ok)
            REQUIRE(status == Status::ok);
        seen_ok = status == Status::ok;
    }
    CHECK(seen_ok);
}

TEST_CASE("a proof is no witness, a witness is no proof")
{
    const model::State& state = sample();
    const model::Selection selection = {{{3, {1}}}, {}};
    CHECK(Holder(state.prove(selection), state.root(), true).defect.fault == Fault::magic);
    CHECK(Holder(state.prove(selection, true), state.root()).defect.fault == Fault::magic);
}

TEST_CASE("extra chunks are ascending, begin below next SN and are not in the row")
{
    // One shard with several chunks.
    model::State state;
    std::vector<Op> ops;
    for (std::uint64_t n = 0; n < 20000; ++n)
        if (const Octets key = mote::test::key_of_number(n, 20); model::State::shard_of(key) == 7)
            ops.push_back({key, Octets{1}});
    state.apply(1, ops);
    const std::uint64_t last = state.shards[7].next_sn() >> 8;
    REQUIRE(last >= 4);
    REQUIRE(state.shards[7].next_sn() % 256 != 0);
    const auto opens = [&](std::set<std::uint64_t> chunks)
    {
        const Holder holder(state.prove({{{7, {300}}}, {{7, chunks}}}, true), state.root(), true);
        return std::pair(holder.status, holder.defect.fault);
    };
    CHECK(opens({0, 2, 3}) == std::pair(Status::ok, Fault::none));
    CHECK(opens({1}) == std::pair(Status::malformed, Fault::chunk_order));  // holds entry 300
    CHECK(opens({last}) == std::pair(Status::malformed, Fault::chunk_order));
    CHECK(opens({last + 1}) == std::pair(Status::malformed, Fault::chunk_order));
    // Descending: exchange two of the numbers.
    Octets bytes = state.prove({{{7, {300}}}, {{7, {0, 2}}}}, true);
    const std::size_t at = 8 + 32 + mote::state::round_up(state.shards[7].log[300].bytes.size(), 8);
    REQUIRE(mote::load_le64(bytes.data() + at + 8) == 2);
    bytes[at] = 3;
    const Holder holder(bytes, state.root(), true);
    CHECK(holder.defect.fault == Fault::chunk_order);
    CHECK(holder.defect.offset == at + 8);
}
