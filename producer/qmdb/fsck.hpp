// fsck: reads every byte that a store has and says which of them are not what was written.
#pragma once

#include <string>
#include <vector>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
struct Finding
{
    std::string file;
    std::uint64_t offset;
    std::string what;
    bool repaired;
};

struct FsckReport
{
    std::vector<Finding> findings;
    std::uint64_t entries = 0, blocks = 0;  ///< that were checked
    bool opens = false;                     ///< the state is intact
    Digest root{};
    std::uint64_t height = no_height;
};

/// Checks superblocks, block records, images, runs of changes and each entry of the logs by their
/// checksums, and opens the store, which replays what of the log they leave up to the root.
///
/// With `repair` what can be made again is: a superblock from the other one, images and runs
/// from the log, the last block record. Throws IoError; NotHere where no store is.
[[nodiscard]] FsckReport fsck(Disk& disk, bool repair);
}  // namespace mote::qmdb
