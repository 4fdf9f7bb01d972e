// What the tests of the store share: a store beside the slow model, driven by the same blocks.
#pragma once

#include "qmdb/memory_disk.hpp"
#include "qmdb/prover.hpp"
#include "qmdb/store.hpp"
#include "sdk/state/state_support.hpp"
#include "tools/effort.hpp"

namespace qmdb_test
{
using mote::qmdb::MemoryDisk;
using mote::qmdb::OpenOptions;
using mote::qmdb::Store;
using mote::test::Blocks;
using mote::test::SplitMix;
using state_test::hex;
using state_test::Octets;
using state_test::Op;
using state_test::operations;
namespace model = mote::test::model;

inline OpenOptions with_workers(unsigned workers)
{
    OpenOptions options;
    options.workers = workers;
    options.memory_bytes = workers % 2 == 0 ? 0 : 256 << 20;
    return options;
}

/// Small segments, so that entries and blocks cross them.
inline void create(mote::qmdb::Disk& disk, std::uint64_t segment_bytes = 4096, std::uint8_t id = 7)
{
    mote::qmdb::CreateOptions options;
    options.segment_bytes = segment_bytes;
    options.id.fill(id);
    Store::create(disk, options);
}

inline mote::state::Digest apply(Store& store, std::uint64_t height, const std::vector<Op>& ops)
{
    return store.apply(height, operations(ops));
}

struct RandomBlocks
{
    SplitMix random;
    std::uint64_t keys = 60, ops_max = 12, delete_percent = 30, value_max = 30;
    int shard = -1;  // -1: all
    std::vector<Octets> all{};

    std::vector<Op> next()
    {
        for (std::uint64_t n = 0; all.size() < keys; ++n)
        {
            const Octets key = mote::test::key_of_number(n, 1 + n % 70);
            if (shard < 0 || static_cast<int>(model::State::shard_of(key)) == shard)
                all.push_back(key);
        }
        std::vector<Op> ops;
        for (std::uint64_t i = random.below(ops_max + 1); i > 0; --i)
        {
            Op op = {all[random.below(all.size())], std::nullopt};
            if (random.below(100) >= delete_percent)
                op.value = random.bytes(random.below(value_max + 1));
            ops.push_back(op);
        }
        return ops;
    }
};

inline void check_equal(Store& store, const model::State& state)
{
    REQUIRE(hex(store.head().root) == hex(state.root()));
    for (unsigned s = 0; s < 16; ++s)
    {
        const auto& numbers = store.head().shards[s];
        REQUIRE(numbers.next_sn == state.shards[s].next_sn());
        REQUIRE(numbers.floor == state.shards[s].floor);
        REQUIRE(numbers.active_count == state.shards[s].list.size());
        REQUIRE(store.shard(s).twigs().active_count() == numbers.active_count);
        REQUIRE(store.shard(s).index().size() == numbers.active_count);
    }
}

inline void check_values(Store& store, const model::State& state, const std::vector<Octets>& keys)
{
    for (const Octets& key : keys)
        REQUIRE(store.get(key) == state.get(key));
}
}  // namespace qmdb_test
