// Any bytes as a shard's part of a run of changes or an image: refused, or taken without harm.
#include <cstdint>

#include "qmdb/memory_disk.hpp"
#include "qmdb/shard.hpp"

namespace
{
// Where the shard is said to be afterwards.
constexpr mote::qmdb::ShardNumbers later = {700, 0, 300, 6000, 0};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    mote::qmdb::MemoryDisk disk;
    mote::qmdb::Shard shard(disk, 3, 1 << 16, 0);
    const std::span<const std::uint8_t> part(data + 1, size - 1);
    if ((data[0] & 1) != 0)
    {
        static_cast<void>(shard.load(part, later));
        return 0;
    }
    shard.create();
    const mote::qmdb::Shard::NextRun run = {part, later};
    if (shard.apply_runs(std::span(&run, 1)))
        shard.finish_load();
    return 0;
}
