#include "state/apply_witness.hpp"

#include <catch2/catch.hpp>

#include "sdk/state/state_support.hpp"
#include "tools/effort.hpp"

using namespace mote::state;
using namespace state_test;
using mote::test::Blocks;
namespace model = mote::test::model;

namespace
{
struct Shape
{
    std::uint64_t keys, ops_max, delete_percent, blocks, seed;
    int shard;  // -1: all
};

Blocks random_blocks(const Shape& shape)
{
    mote::test::SplitMix random(shape.seed);
    std::vector<Octets> keys;
    for (std::uint64_t n = 0; keys.size() < shape.keys; ++n)
    {
        const Octets key = mote::test::key_of_number(n, 1 + n % 70);
        if (shape.shard < 0 || static_cast<int>(model::State::shard_of(key)) == shape.shard)
            keys.push_back(key);
    }
    Blocks blocks(shape.blocks);
    for (auto& ops : blocks)
        for (std::uint64_t i = 1 + random.below(shape.ops_max); i > 0; --i)
        {
            Op op = {keys[random.below(keys.size())], std::nullopt};
            if (random.below(100) >= shape.delete_percent)
                op.value = random.bytes(random.below(30));
            ops.push_back(op);
        }
    return blocks;
}

// Keys of the model's blocks repeat at lengths below 8: two numbers may be one key. That is meant.
void check_history(const Blocks& blocks, std::size_t every)
{
    model::State state;
    model::Hash root = state.root();
    for (std::size_t b = 0; b < blocks.size(); ++b)
    {
        Octets witness;
        if (b % every == 0)
            witness = state.witness(b + 1, blocks[b], {});
        const model::Hash old_root = root;
        root = state.apply(b + 1, blocks[b]);
        if (b % every != 0)
            continue;
        const Replay replay(witness, old_root, b + 1, blocks[b]);
        INFO("block " << b + 1);
        REQUIRE(replay.status == Status::ok);
        REQUIRE(hex(replay.root) == hex(root));
    }
}
}  // namespace

TEST_CASE("every block of random histories, from its minimal witness")
{
    const std::size_t less = mote::test::emulated ? 10 : mote::test::sanitized ? 4 : 1;
    check_history(random_blocks({60, 12, 30, 200 / less, 1, -1}), 1);
    check_history(random_blocks({12, 8, 60, 300 / less, 2, 4}), 1);
    check_history(random_blocks({700, 400, 20, 24 / less, 3, 9}), 1);
}

TEST_CASE("compaction from a witness")
{
    if (mote::test::emulated)
        return;
    // A short list that is written over and over: the floor moves from 4,096 entries on.
    check_history(random_blocks({200, 300, 2, 45, 4, 2}), mote::test::sanitized ? 7 : 1);
}

TEST_CASE("one block fills chunks and twigs")
{
    if (mote::test::emulated)
        return;
    check_history(random_blocks({3000, 5000, 0, 2, 5, 6}), 1);
}

TEST_CASE("a witness may open more, and never leads elsewhere when it opens less")
{
    const Blocks blocks = random_blocks({60, 12, 30, 40, 6, 5});
    model::State state;
    std::size_t missing = 0;
    for (std::size_t b = 0; b < blocks.size(); ++b)
    {
        const model::Hash old_root = state.root();
        const model::State before = state;
        const model::Hash root = state.apply(b + 1, blocks[b]);
        const std::uint64_t count = before.shards[5].next_sn();
        std::set<std::uint64_t> all;
        for (std::uint64_t sn = 0; sn < count; ++sn)
            all.insert(sn);
        const Replay superset(before.prove({{{5, all}, {6, {0}}}, {}}, true), old_root, b + 1,
                              blocks[b]);
        REQUIRE(superset.status == Status::ok);
        REQUIRE(superset.root == root);
        if (b % 4 != 0)
            continue;
        for (std::uint64_t gone = 0; gone < count; ++gone)
        {
            std::set<std::uint64_t> most = all;
            most.erase(gone);
            if (most.empty())
                continue;
            const Replay replay(before.prove({{{5, most}}, {}}, true), old_root, b + 1, blocks[b]);
            if (replay.status == Status::ok)
                REQUIRE(replay.root == root);
            else
            {
                REQUIRE(replay.status == Status::rejected);
                REQUIRE(replay.defect.fault == Fault::missing);
                ++missing;
            }
        }
    }
    CHECK(missing > 10);
}

TEST_CASE("a shard that the block touches and the witness does not is missing")
{
    const model::State state;
    const Octets key = {1, 2};
    const unsigned shard = model::State::shard_of(key);
    const unsigned other = (shard + 1) % 16;
    const Replay replay(state.prove({{{other, {0}}}, {}}, true), state.root(), 1,
                        {{key, Octets{1}}});
    CHECK(replay.status == Status::rejected);
    CHECK(replay.defect.fault == Fault::missing);
}

TEST_CASE("a void batch says which operation is to blame")
{
    const model::State state;
    const Octets witness = state.prove({{{1, {0}}}, {}}, true);
    const Octets good = {1};
    const auto fault_of = [&](const Op& bad)
    {
        const Replay replay(witness, state.root(), 1, {{good, good}, bad});
        CHECK(replay.status == Status::malformed);
        CHECK(replay.defect.offset == 1);
        return replay.defect.fault;
    };
    CHECK(fault_of({{}, good}) == Fault::batch_key);
    CHECK(fault_of({Octets(256), good}) == Fault::batch_key);
    CHECK(fault_of({good, Octets(65536)}) == Fault::batch_value);
}

TEST_CASE("an empty block leaves the root, whatever the witness opens")
{
    model::State state;
    const Octets key = {7};
    state.apply(1, {{key, key}});
    const Replay replay(state.prove({{{0, {0}}, {5, {0}}}, {}}, true), state.root(), 2, {});
    REQUIRE(replay.status == Status::ok);
    CHECK(replay.root == state.root());
}

TEST_CASE("a proof that was opened is not applied; a witness only with memory enough")
{
    const model::State state;
    Holder proof(state.prove({{{1, {0}}}, {}}), state.root());
    REQUIRE(proof.status == Status::ok);
    const Octets key = {1}, witness = state.witness(1, {{key, key}}, {});
    const std::size_t all = apply_memory_bytes(witness.size(), 1);
    bool seen_ok = false;
    for (std::size_t given = 0; given <= all; given += 64)
    {
        Holder holder(witness, state.root(), true);
        Memory memory(given);
        mote::Arena arena = memory.arena();
        Digest root;
        Defect defect;
        const Status status =
            apply_witness(holder.opened, 1, operations({{key, key}}), arena, root, defect);
        REQUIRE((status == Status::memory_too_small || status == Status::ok));
        seen_ok = seen_ok || status == Status::ok;
    }
    CHECK(seen_ok);
}
